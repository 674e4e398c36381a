"""Disclosures of a few rows, written as they would be printed; `|` stands for the tab between two cells."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from converters import Conversion, Document, Issue, convert_document, convert_file
from converters.model.document import Grid
from converters.readers import read_content
from ontology import DEFAULT_BASE
from yusuan.api import check_disclosure
from yusuan.checked_document import Checked

BUREAU = "武汉市青山区园林局"
KINDS = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"


def tabbed(text: str) -> str:
    """The text with cells between `|` put between tabs, other lines as they are."""
    return "\n".join("\t".join(map(str.strip, line.split("|"))) if "|" in line else line for line in text.splitlines())


def table(number: int, title: str, rows: str, unit: str = "单位：元", office: str = BUREAU, year: int = 2024) -> str:
    """A table with its caption."""
    return f"\n表 {number}. {office} {year} 年{title}\n\n{unit}\n\n{rows.strip()}\n"


def expenditure(rows: str, header: str = KINDS, unit: str = "单位：元") -> str:
    """Table 3 with these rows."""
    return table(3, "支出总表", f"{header}\n{rows.strip()}", unit)


def read(*texts: str) -> Document:
    """The document that a file with these texts gives."""
    return read_content(Path("disclosure.txt"), tabbed("\n".join(texts)).encode())


def convert(*texts: str, base: str = DEFAULT_BASE) -> Conversion:
    """The conversion of a file with these texts."""
    return convert_document(read(*texts), base)


def only_grid(*texts: str) -> Grid:
    """The one grid of a file with these texts."""
    [grid] = read(*texts).grids
    return grid


def amounts(conversion: Conversion, name: str) -> dict[tuple[str, str], Decimal | None]:
    """Row label and column label -> amount, for one table."""
    return {(o.row_label, o.column_label): o.amount for o in conversion.observations if o.table == name}


def placed(conversion: Conversion, name: str) -> dict[tuple[str, str], dict[str, str]]:
    """Row label and column label -> the coordinates that are not total, as notations, for one table."""
    shown = ("flow", "vintage", "fund", "function", "economic", "kind", "project", "scope", "organisation")
    notation = conversion.vocabulary.notation
    root = conversion.content.organisation
    return {
        (o.row_label, o.column_label): {
            d: notation(o.coordinates[d])
            for d in shown
            if notation(o.coordinates[d]) != "total" and o.coordinates[d] != root
        }
        for o in conversion.observations
        if o.table == name
    }


def issues(conversion: Conversion, key: str) -> list[Issue]:
    """The issues of one kind."""
    found = (*conversion.issues, *conversion.content.narrative.wordings)
    return [issue for issue in found if issue.key == key]


def met(conversion: Conversion) -> list[Issue]:
    """Every issue but that tables stand there without a text."""
    return [issue for issue in conversion.issues if issue.key != "text-elsewhere"]


EXAMPLE = Path(__file__).parent.parent / "examples" / "qingshan-npc-office-2024-budget.txt"


@cache
def example() -> Conversion:
    """The shipped example, converted once for all tests that only look at it."""
    return convert_file(EXAMPLE)


@cache
def checked_example() -> Checked:
    """The shipped example, converted and checked once for all tests that only look at it or publish it."""
    return check_disclosure(EXAMPLE)


@cache
def example_tables(first: int, last: int) -> str:
    """Some tables of the shipped example behind its cover, as a disclosure of their own."""
    cover, *tables = re.split(r"(?m)^(?=表 \d+\.)", EXAMPLE.read_text(encoding="utf-8"))
    return cover + "".join(tables[first - 1 : last])
