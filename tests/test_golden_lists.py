"""Tables 11-15 of one disclosure, figure by figure, against a table made by hand from print and design."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from small_disclosures import example

from converters import Conversion, Observation, convert_file

Cell = tuple[int, int]
Claim = dict[str, str | Decimal]
# In the example the names of indicators are retold.
RETOLD = "row_label"


def stated(root: Path) -> dict[Cell, Claim]:
    """Place -> what the figure claims, as stated by hand."""
    text = (root / "tests" / "golden" / "example-tables-11-15.csv").read_text(encoding="utf-8")
    return {
        (int(row["line_no"]), int(row["field"])): {
            name: Decimal(value) if name in ("amount", "precision") else value
            for name, value in row.items()
            if name not in ("line_no", "field")
        }
        for row in csv.DictReader(text.splitlines())
    }


def converted(conversion: Conversion) -> dict[Cell, Claim]:
    """Place -> what the figure claims, as converted."""
    tables = {table.name: table for table in conversion.content.tables if table.name >= "t11"}
    return {
        (o.locator.line or 0, o.locator.field or 0): claim(o, tables[o.table].number, conversion)
        for o in conversion.observations
        if o.table in tables
    }


def claim(o: Observation, table: str, conversion: Conversion) -> Claim:
    notation = conversion.vocabulary.notation
    [records] = [t.records for t in conversion.content.tables if t.name == o.table]
    lines = [str(r.locator.line) for r in records if r.row == o.record]
    return {
        "table": table,
        "row_code": o.row_code or "",
        "row_label": o.row_label,
        "column": o.column_label,
        **{d: o.measure if d == "measure" else notation(c) for d, c in o.coordinates.items()},
        "amount": o.amount if o.amount is not None else "",
        "printed": o.printed,
        "unit": notation(o.unit),
        "precision": o.precision,
        "operator": notation(o.operator) if o.operator else "",
        "unit_text": o.unit_text or "",
        "record_line": lines[0] if lines else "",
    }


@pytest.fixture(scope="module")
def real(material: Path) -> Conversion:
    return convert_file(material / "disclosures" / "wuhan-qingshan-npc-2024.txt")


def test_the_example_converts_to_the_table_made_by_hand(root: Path) -> None:
    assert converted(example()) == stated(root)


@pytest.mark.material
def test_the_real_disclosure_makes_the_same_claims(root: Path, real: Conversion) -> None:
    def without_names(claims: dict[Cell, Claim]) -> dict[Cell, Claim]:
        return {place: {k: v for k, v in claim.items() if k != RETOLD} for place, claim in claims.items()}

    assert without_names(converted(real)) == without_names(stated(root))


def test_levels_in_words_are_kept_as_words() -> None:
    worded = [(t.name, w.row, w.year, w.text) for t in example().content.tables for w in t.worded]
    years = ("2022", "2023", "2024")
    first = [("t15", 24, year, "各项任务完成") for year in years]
    assert worded == first + [("t15-3", 24, year, "如期完成") for year in years]


def test_records_are_counted() -> None:
    counted = Counter(r.kind.removeprefix("def#") for t in example().content.tables for r in t.records)
    assert counted == {
        "ProcurementLine": 4,
        "ServiceLine": 1,
        "AssetLine": 1,
        "PerformanceForm": 4,
        "Goal": 6,
        "Indicator": 29,
        "FundingLine": 3,
    }
