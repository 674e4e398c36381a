"""The table of facts: one schema in every format, in the order that scripts rely on."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from small_disclosures import EXAMPLE, convert, example, expenditure, tabbed

from converters import conversion_to_fact_rows, conversion_to_records, records_to_csv
from ontology.messages import LANGUAGES
from ontology.tabular.published_columns import DATA_TABLES, DIMENSIONS, FACTS, Row, Value
from ontology.text import spreadsheet_safe
from server.exports.csv_table import value_to_text
from server.exports.table_files import table_to_bytes
from yusuan.commands.main import main


def rows_of_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def rows_of_xlsx(content: bytes) -> list[dict[str, Any]]:
    header, *rows = load_workbook(io.BytesIO(content))["facts"].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Value]]:
    return list(conversion_to_fact_rows(example()))


# ── Columns ─────────────────────────────────────────────────────────────────────────────────────


def test_the_columns_are_those_that_scripts_rely_on() -> None:
    first = (
        "fact disclosure division organisation organisation_name organisation_name_en level own year phase quoted "
        "basis breakdown adds fund_only source"
    )
    last = "measure amount currency precision claims agree page place file"
    spread = [f"{d}{suffix}" for d in DIMENSIONS for suffix in ("", "_name", "_name_en", "_depth")]
    assert list(FACTS.names) == [*first.split(), *spread, *last.split()]


def test_every_column_is_described_in_both_languages() -> None:
    for table in DATA_TABLES.values():
        assert table.key == table.names[0]
        for describe in (table.title, table.description, *(column.description for column in table.columns)):
            said = [describe(language) for language in LANGUAGES]
            assert all(said)
            assert said[0] != said[1]


def test_keys_are_full(rows: list[dict[str, Value]]) -> None:
    assert {row["organisation"] for row in rows} == {"420107/108", "420107/108001"}
    assert {row["disclosure"] for row in rows} == {"420107/2024/budget/108"}
    assert {row["function"] for row in rows} >= {"total", "201", "2010101"}
    assert len({row["fact"] for row in rows}) == len(rows) == len(example().facts)


# ── Formats ─────────────────────────────────────────────────────────────────────────────────────


def test_csv_writes_truth_values_in_words_and_amounts_in_full(rows: list[dict[str, Value]]) -> None:
    read = rows_of_csv(table_to_bytes(FACTS, rows, "csv"))
    assert {row["adds"] for row in read} == {row["own"] for row in read} == {"true", "false"}
    assert [Decimal(row["amount"]) for row in read] == [row["amount"] for row in rows]
    assert [int(row["claims"]) for row in read] == [row["claims"] for row in rows]


def test_parquet_has_exact_amounts_truth_values_and_whole_numbers(rows: list[dict[str, Value]]) -> None:
    table = pq.read_table(io.BytesIO(table_to_bytes(FACTS, rows, "parquet")))
    kinds = {"string": "string", "boolean": "bool", "integer": "int32", "decimal": "decimal128(38, 10)"}
    assert {f.name: str(f.type) for f in table.schema} == {c.name: kinds[c.type] for c in FACTS.columns}
    assert table.to_pylist() == rows


def test_a_workbook_has_numbers_and_truth_values_as_such(rows: list[dict[str, Value]]) -> None:
    content = table_to_bytes(FACTS, rows, "xlsx")
    read = rows_of_xlsx(content)
    for kept, row in zip(read, rows, strict=True):
        assert kept == {k: float(v) if isinstance(v, Decimal) else v for k, v in row.items()}
        assert {type(kept["own"]), type(kept["year"])} == {bool, int}
    described = load_workbook(io.BytesIO(content))["columns"].iter_rows(values_only=True)
    assert [row[0] for row in described] == list(FACTS.names)


def test_a_long_table_goes_on_to_further_sheets(rows: list[dict[str, Value]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.exports.xlsx_table.MOST_ROWS", 21)
    workbook = load_workbook(io.BytesIO(table_to_bytes(FACTS, rows[:45], "xlsx")))
    assert workbook.sheetnames == ["facts", "facts 2", "facts 3", "columns"]
    sizes = [sum(1 for _ in workbook[name].iter_rows()) for name in workbook.sheetnames[:3]]
    assert sizes == [21, 21, 6]


# ── Formulas ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)"])
def test_text_that_a_spreadsheet_would_take_for_a_formula_is_made_safe(text: str) -> None:
    assert spreadsheet_safe(text) == "'" + text
    row: Row = dict.fromkeys(FACTS.names) | {"organisation_name": text}
    [kept] = rows_of_csv(table_to_bytes(FACTS, [row], "csv"))
    assert kept["organisation_name"] == "'" + text
    [cells] = rows_of_xlsx(table_to_bytes(FACTS, [row], "xlsx"))
    assert cells["organisation_name"] == "'" + text


@pytest.mark.parametrize("text", ["+12.5", "+12.5%", "-7", "-", "2010101", "'=1", "+1,483.56"])
def test_numerals_and_other_text_stay_as_they_are(text: str) -> None:
    assert spreadsheet_safe(text) == text


def test_numbers_are_never_touched() -> None:
    assert [value_to_text(value) for value in (Decimal("-1.50"), -3, True, None)] == ["-1.5", "-3", "true", ""]


def test_the_table_of_figures_is_safe_too() -> None:
    conversion = convert(expenditure("| 合计 | 5 | 3 | 2\n201 | =公共服务 | 5 | 3 | 2"))
    read = rows_of_csv(records_to_csv(conversion_to_records(conversion)).encode())
    assert "'=公共服务" in {row["row_label"] for row in read}


# ── On the command line ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    file = tmp_path / "small.txt"
    file.write_text(tabbed(expenditure("| 合计 | 5 | 3 | 2\n201 | 公共服务 | 5 | 3 | 2")))
    return file


def test_convert_writes_facts_in_every_format(small_file: Path, tmp_path: Path) -> None:
    for form in ("csv", "parquet", "xlsx"):
        result = CliRunner().invoke(
            main, ["convert", str(small_file), "--facts", "-o", str(tmp_path / f"facts.{form}")]
        )
        assert result.exit_code == 0, result.output
    read = [
        [row["fact"] for row in rows_of_csv((tmp_path / "facts.csv").read_bytes())],
        pq.read_table(tmp_path / "facts.parquet")["fact"].to_pylist(),
        [row["fact"] for row in rows_of_xlsx((tmp_path / "facts.xlsx").read_bytes())],
    ]
    assert read[0] == read[1] == read[2]
    assert len(set(read[0])) == 6


def test_facts_of_many_files_have_a_table_each(small_file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["convert", str(small_file), "--facts", "-j", "1", "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    [file] = (tmp_path / "out").glob("*.facts.csv")
    assert file.read_text().startswith("fact,disclosure,")


def test_facts_have_no_rdf_and_figures_no_workbook(tmp_path: Path) -> None:
    for arguments in (
        ["--facts", "-o", "facts.ttl"],
        ["-o", "figures.xlsx"],
        ["-o", str(tmp_path), "--format", "xlsx"],
    ):
        result = CliRunner().invoke(main, ["convert", str(EXAMPLE), *arguments])
        assert result.exit_code == 2
        assert "unknown extension" in result.output
