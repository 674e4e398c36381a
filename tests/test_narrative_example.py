"""The text of the example against what was read by hand."""

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from small_disclosures import example, issues

from converters import Conversion, conversion_to_records, convert_file
from converters.narrative.tokens import FIGURES, Lexicon, tokenize
from ontology.narrative_words import load_phrases
from ontology.numbers import decimal_to_text
from shapes import check


def by_hand(root: Path) -> Iterator[dict[str, str]]:
    text = (root / "tests" / "golden" / "example-narrative.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def converted(conversion: Conversion) -> list[dict[str, str]]:
    """The claims of the narrative as the golden file writes them: line, place among its figures, what it claims."""
    found = []
    counts: dict[str, int] = {}
    for record in conversion_to_records(conversion):
        if record["table"] != "n":
            continue
        line = record["place"].removeprefix("line=")
        if not record["observation"].endswith("-2"):
            counts[line] = counts.get(line, 0) + 1
        entry = re.sub(r"^s\d{3,}[.]\d+$", "entry", record["line"])
        found.append(record | {"line_no": line, "number": str(counts[line]), "line": entry})
    return found


def comparable(row: dict[str, str], columns: list[str]) -> tuple[str, ...]:
    return tuple(decimal_to_text(Decimal(row[c])) if c in ("amount", "precision") else row[c] for c in columns)


def test_the_example_claims_what_was_read_by_hand(root: Path) -> None:
    golden = list(by_hand(root))
    columns = [c for c in golden[0] if c != "line_no"]
    expected = [(row["line_no"], *comparable(row, columns)) for row in golden]
    assert [(row["line_no"], *comparable(row, columns)) for row in converted(example())] == expected


@pytest.fixture(scope="module")
def real(material: Path) -> Conversion:
    return convert_file(material / "disclosures" / "wuhan-qingshan-npc-2024.txt")


@pytest.mark.material
def test_the_real_disclosure_claims_the_same(root: Path, real: Conversion) -> None:
    columns = [c for c in next(by_hand(root)) if c not in ("line_no", "number")]
    assert sorted(comparable(row, columns) for row in converted(real)) == sorted(
        comparable(row, columns) for row in by_hand(root)
    )


def unplaced(conversion: Conversion) -> list[str]:
    keys = ("figure-not-placed", "subject-not-known", "project-not-found", "flow-not-told")
    return [issue.text("zh") for key in keys for issue in issues(conversion, key)]


def test_every_figure_of_the_example_is_placed() -> None:
    assert unplaced(example()) == []
    lexicon = Lexicon(load_phrases(example().vocabulary), example().vocabulary, 2024, {})
    for sentence in example().content.narrative.sentences:
        figures = [t for t in tokenize(sentence.text, lexicon) if t.sort in FIGURES]
        assert [(t.start, t.end) for t in figures] == [(start, end) for start, end, _ in sentence.figures]


@pytest.mark.material
def test_every_figure_of_the_real_disclosure_is_placed(real: Conversion) -> None:
    assert unplaced(real) == []


def findings_on_the_narrative(conversion: Conversion) -> list[tuple[str, str, str]]:
    """(severity, rule, printed figure of the narrative) for findings of the three laws with the narrative in them."""
    return [
        (finding.severity, finding.rule, operand.printed or "")
        for finding in check(conversion.graph, families={"same", "sum", "bound"}).findings
        for operand in (finding.left, finding.right, *finding.parts)
        if operand and operand.observation and "/n/s" in operand.observation
    ]


ROUNDINGS = [("information", "same-rounding", printed) for printed in ("104.08", "132.73", "254.76")]


def test_the_example_agrees_with_its_tables_but_for_three_roundings() -> None:
    assert sorted(findings_on_the_narrative(example())) == ROUNDINGS


@pytest.mark.material
def test_the_real_disclosure_agrees_with_its_tables_but_for_three_roundings(real: Conversion) -> None:
    assert sorted(findings_on_the_narrative(real)) == ROUNDINGS


def test_the_lists_of_the_example_add_up() -> None:
    found = [(node.total.printed, [part.printed for part in node.parts]) for node in example().content.narrative.sums]
    assert len(found) == 16
    assert ("59.5", ["10.5", "29", "20"]) in found
    assert ("14", ["1", "0", "13"]) in found


def test_the_glossary_of_the_example_names_what_is_out_of_date() -> None:
    entries = example().content.narrative.explanations
    assert [entry.concept for entry in entries] == [
        "code/header/general-public-revenue",
        "code/kind/basic",
        "code/kind/project",
        "code/function/2010101",
        "code/function/2010102",
        "code/function/2080501",
        "code/function/2101101",
        "code/function/2210201",
        "code/scope/three-public",
        "code/scope/operating-expense",
    ]
    names = {name for entry in entries for _, name in entry.names}
    assert {"行政事业单位离退休", "医疗卫生与计划生育支出", "归口管理的行政单位离退休"} <= names
