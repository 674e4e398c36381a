"""Texts of a disclosure, and what is claimed in them in short."""

from decimal import Decimal
from functools import cache

from small_disclosures import convert, issues, table

from converters import Conversion
from converters.narrative.narrative import Statement
from ontology.numbers import decimal_to_text
from shapes import check

TABLE = table(
    10,
    "项目支出表",
    """
    项目编码 | 项目名称 | 合计
    | | 59.5
    31 | 本级支出项目 | 59.5
    42010724108T000000100 | 工作性其他-花坛养护及花木更新经 | 20
    42010724108T000000101 | 工作性其他-园艺培训 | 10.5
    42010724108T000000102 | 工作性其他-苗圃、温室改造 | 29
    """,
    "单位：万元",
)
SHOWN = ("year", "phase", "flow", "vintage", "fund", "function", "economic", "kind", "project", "scope", "line")
USUAL = {"year": "2024", "phase": "budget"}


@cache
def narrated(text: str) -> Conversion:
    """A disclosure with one table and this text."""
    return convert(TABLE, "\n第三部分 部门预算情况说明\n\n" + "\n\n".join(text.strip().splitlines()) + "\n")


def statements(text: str) -> list[Statement]:
    return list(narrated(text).content.narrative.statements)


def said(statement: Statement) -> str:
    """A claim in short: measure, value, and the coordinates that are neither total nor usual."""
    o = statement.observation
    notation = narrated("一、总体情况").vocabulary.notation
    notations = {d: notation(o.coordinates[d]) for d in SHOWN}
    places = " ".join(f"{d}={n}" for d, n in notations.items() if n != "total" and USUAL.get(d) != n)
    return f"{o.measure} {decimal_to_text(o.amount or Decimal(0))} {places}".strip()


def claims(text: str) -> list[str]:
    return [said(statement) for statement in statements(text)]


def amounts(text: str) -> list[str]:
    """The amounts of a text in short, without the word for the measure."""
    return [claim.removeprefix("amount ") for claim in claims(text) if claim.startswith("amount ")]


def sums(text: str) -> list[tuple[str, list[str]]]:
    """Printed totals and parts of the sums that a text states."""
    found = narrated(text).content.narrative.sums
    return [(node.total.printed, [part.printed for part in node.parts]) for node in found]


def refused(text: str) -> list[str]:
    """The figures that were not placed."""
    keys = ("figure-not-placed", "subject-not-known")
    return [str(issue.values["figure"]) for key in keys for issue in issues(narrated(text), key)]


def final(text: str) -> Conversion:
    """A final account without tables, with this text."""
    return convert("武汉市青山区园林局2024年部门决算", "第三部分 情况说明", "一、支出情况说明", text)


def told(conversion: Conversion) -> list[str]:
    """The rules about changes that a text breaks."""
    return [
        f.rule
        for f in check(conversion.graph, families={"change", "sentence"}).findings
        if f.rule.startswith("change-")
    ]
