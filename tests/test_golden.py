"""Tables 1-10 of one disclosure, cell by cell, against a table made by hand from print and design."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from small_disclosures import example, issues

from converters import COLUMNS, Conversion, conversion_to_records, convert_file

IDENTIFIERS = {"disclosure", "page", "place", "observation", "point", "coordinates"}
COMPARED = [name for name in COLUMNS if name not in IDENTIFIERS]
TEN = [f"t{number:02d}" for number in range(1, 11)]
LAST_LINE = 330
BEYOND_THE_HEADER = [(line, field) for line in (150, 151, 152) for field in (20, 21)]

Cells = dict[str, dict[str, str | Decimal]]


def golden(root: Path) -> Cells:
    """Place -> what the cell claims, as stated by hand."""
    text = (root / "tests" / "golden" / "example-tables-1-10.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    places = [
        f"line={row['line_no']}" + (f";field={row['field']}" if row["table"] not in ("8", "9") else "") for row in rows
    ]
    return {place: comparable(row) for place, row in zip(places, rows, strict=True)}


def converted(conversion: Conversion) -> Cells:
    """Place -> what the cell claims, as converted."""
    records = conversion_to_records(conversion)
    ten = [record for record in records if record["table"].isdigit() and int(record["table"]) <= len(TEN)]
    return {record["place"]: comparable(record) for record in ten}


def comparable(row: dict[str, str]) -> dict[str, str | Decimal]:
    return {name: Decimal(row[name]) if name in ("amount", "precision") else row[name] for name in COMPARED}


@pytest.fixture(scope="module")
def real(material: Path) -> Conversion:
    return convert_file(material / "disclosures" / "wuhan-qingshan-npc-2024.txt")


def test_the_example_converts_to_the_table_made_by_hand(root: Path) -> None:
    assert converted(example()) == golden(root)


@pytest.mark.material
def test_the_real_disclosure_converts_to_the_table_made_by_hand(root: Path, real: Conversion) -> None:
    assert converted(real) == golden(root)


@pytest.mark.material
def test_the_real_disclosure_raises_the_issues_of_the_example(real: Conversion) -> None:
    def places(conversion: Conversion) -> list[tuple[str, str]]:
        return [(i.key, str(i.locator)) for i in conversion.issues if (i.locator.line or 0) <= LAST_LINE]

    assert places(real) == places(example())


def test_380_figures_and_two_sentences_are_claims() -> None:
    tables = [table for table in example().content.tables if table.name in TEN]
    assert sum(len(table.observations) for table in tables) == 380 + 2
    assert [table.number for table in tables if table.declared_empty] == ["8", "9"]


def test_the_cells_beyond_the_header_of_table_2_are_issues_that_name_line_and_field() -> None:
    found = [i for i in issues(example(), "cell-beyond-header") if (i.locator.line or 0) <= LAST_LINE]
    assert [(issue.locator.line, issue.locator.field) for issue in found] == BEYOND_THE_HEADER
    assert "line 150, field 20" in found[0].text("en")
    assert "第 150 行第 20 格" in found[0].text("zh")


def test_the_cells_beyond_the_header_of_table_2_are_no_claims() -> None:
    assert not {f"line={line};field={field}" for line, field in BEYOND_THE_HEADER} & converted(example()).keys()


def test_table_2_has_nineteen_labels_over_twenty_one_columns() -> None:
    [revenue] = [t for t in example().content.tables if t.number == "2"]
    assert (revenue.labelled_columns, revenue.printed_columns) == (19, 21)


def test_blank_zero_and_no_data_are_kept_apart() -> None:
    cells = converted(example())
    blank, zero, sentence = "line=163;field=6", "line=112;field=2", "line=299"
    assert blank not in cells
    assert cells[zero]["printed"] == "0.00"
    assert cells[zero]["amount"] == cells[sentence]["amount"] == 0
    assert "此表无数据" in str(cells[sentence]["printed"])


def test_table_9_keeps_the_heading_of_table_8_as_a_contradiction() -> None:
    [state_capital] = [t for t in example().content.tables if t.number == "9"]
    assert state_capital.kind == "code/table/state-capital"
    assert state_capital.contradiction is not None
    assert state_capital.contradiction.kind == "code/table/government-fund"


def test_two_names_of_one_code_are_both_kept() -> None:
    names = {o.row_label for o in example().observations if o.row_code == "2080505"}
    assert names == {"机关事业单位基本养老保险", "机关事业单位基本养老保险缴费支出"}


def test_the_names_of_the_office_are_an_issue() -> None:
    [issue] = issues(example(), "several-names")
    assert "青山区人民代表大会常务委员会办公室" in str(issue.values["names"])


def test_each_observation_has_the_address_of_its_cell() -> None:
    version = example().version_iri
    for record in conversion_to_records(example()):
        if not record["table"].isdigit() or int(record["table"]) > len(TEN):
            continue
        field = record["place"].partition("field=")[2] or "1"
        assert record["observation"].startswith(f"{version}/t{int(record['table']):02d}/r")
        assert record["observation"].endswith(f"c{field}")
        assert record["disclosure"] == "420107/2024/budget/108"


def test_the_laws_have_all_of_it_to_ask() -> None:
    claims = example().content
    sums = [node for node in claims.sums if node.total.table in TEN]
    compared = [p for p in claims.points if sum(claim.table in TEN for claim in p.claims) > 1]
    bounds = [(part, whole) for part, whole in claims.bounds if part.table in TEN and whole.table in TEN]
    assert (len(sums), len(compared), len(bounds)) == (256, 81, 400)


def test_each_kind_of_own_revenue_is_compared_by_itself() -> None:
    rows = {"五、事业收入", "六、事业单位经营收入", "七、上级补助收入", "八、附属单位上缴收入", "九、其他收入"}
    compared = [p.claims for p in example().content.points if any(claim.row_label in rows for claim in p.claims)]
    tables = [Counter(claim.table for claim in claims if claim.table in TEN) for claims in compared]
    assert tables == [{"t01": 1, "t02": 2}] * 5
    bounded = {(part.row_label, whole.row_label) for part, whole in example().content.bounds if part.row_label in rows}
    assert bounded == {(row, "本年收入合计") for row in rows}


def test_economic_classes_of_table_6_are_bounded_by_the_scopes_of_table_7() -> None:
    bounded = {
        (part.row_code, whole.column_label)
        for part, whole in example().content.bounds
        if (part.table, whole.table) == ("t06", "t07")
    }
    assert bounded == {("30217", "公务接待费"), ("30231", "公务用车购置及运行费 公务用车运行费")}
