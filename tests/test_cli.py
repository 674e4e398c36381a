"""The command line as its users meet it: what it writes, where, and with which exit code."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from small_disclosures import tabbed, table

from ontology.messages import load_messages
from yusuan.commands.main import main

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"
OPERAND = {"printed", "amount", "unit", "table", "row", "column", "observation", "place"}
FINDING = {
    *("id", "rule", "family", "severity", "message", "left", "right", "parts", "difference", "quote", "follows"),
    *("doubtfulReading", "fingerprint"),
}


def yusuan(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A text that is no disclosure."""
    path = tmp_path / "letter.txt"
    path.write_text("甲\t1\n乙\t2\n", encoding="utf-8")
    return path


def test_help_shows_every_command_with_an_example() -> None:
    text = yusuan("--help").output
    for command in ("convert", "validate", "publish", "serve", "query"):
        assert f"yusuan {command} " in text
        assert yusuan(command, "--help").exit_code == 0


@pytest.mark.parametrize("ending", ["nq", "trig", "ttl", "nt"])
def test_convert_writes_rdf_that_others_can_read(ending: str, two_tables: Path, tmp_path: Path) -> None:
    output = tmp_path / f"out.{ending}"
    assert yusuan("convert", two_tables, "-o", output).exit_code == 0
    quads = list(ox.parse(path=output))
    assert {isinstance(q.graph_name, ox.DefaultGraph) for q in quads} == {ending in ("ttl", "nt")}
    assert not any(isinstance(term, ox.BlankNode) for q in quads for term in (q.subject, q.object))


def test_convert_writes_a_csv_row_for_each_figure(ten_tables: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    assert yusuan("convert", ten_tables, "-o", output).exit_code == 0
    with output.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] in map(str, range(1, 11))]
    assert len(rows) == 382


def test_convert_writes_n_quads_to_standard_output_and_what_it_met_to_standard_error() -> None:
    result = yusuan("convert", EXAMPLE, "--lang", "zh")
    assert len(list(ox.parse(result.stdout, format=ox.RdfFormat.N_QUADS))) > 10_000
    assert "第 150 行第 20 格" in result.stderr


def test_an_unknown_ending_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    result = yusuan("convert", EXAMPLE, "-o", tmp_path / "out.doc")
    assert result.exit_code == 2
    assert ".csv" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("no_lists")
@pytest.mark.parametrize("command", ["convert", "validate", "publish"])
def test_a_bad_file_is_named_and_the_rest_goes_on(
    command: str, foreign: Path, two_tables: Path, tmp_path: Path
) -> None:
    store = ["--store", tmp_path / "store"] if command == "publish" else []
    result = yusuan(command, foreign, two_tables, "--lang", "zh", *store)
    assert result.exit_code == 2
    assert "letter.txt" in result.stderr
    assert "2024" in result.stdout


def test_validate_says_what_is_wrong_in_the_language_asked_for(ten_tables: Path) -> None:
    chinese, english = (yusuan("validate", ten_tables, "--lang", language) for language in ("zh", "en"))
    assert chinese.exit_code == english.exit_code == 1
    assert "错误  表9（第 309 行）的标题是" in chinese.stdout
    assert "violation  Table 9 (line 309) is titled" in english.stdout


def test_what_follows_from_a_mistake_stands_under_it_and_is_not_counted_again() -> None:
    lines = yusuan("validate", EXAMPLE, "--lang", "en").stdout.splitlines()
    assert "violations 5 (6 more follow from these)" in lines[1]
    assert sum(line.startswith("  violation  ") for line in lines) == 5
    misfiled = next(n for n, line in enumerate(lines) if "[project-form-misfiled" in line)
    assert [line.split()[0] for line in lines[misfiled + 2 : misfiled + 5]] == ["follows", "follows", "violation"]


def test_validate_json_has_one_shape_for_one_file_or_many(ten_tables: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(ten_tables, tmp_path))
    for files in ([ten_tables], [ten_tables, copy]):
        report = json.loads(yusuan("validate", *files, "--format", "json").stdout)
        assert report["yusuan"]
        assert len(report["documents"]) == len(files)
        for document in report["documents"]:
            assert (document["year"], document["phase"], document["conforms"]) == (2024, "budget", False)
            assert set(document["seconds"]) == {"read", "convert", "check"}
            assert all(set(tally) == {"passed", "failed", "notApplicable"} for tally in document["checked"].values())
            for finding in document["findings"]:
                assert set(finding) == FINDING
                operands = [finding["left"], finding["right"], *finding["parts"]]
                assert all(set(operand) == OPERAND for operand in operands if operand is not None)


def test_validate_turtle_is_a_shacl_report(ten_tables: Path) -> None:
    result = yusuan("validate", ten_tables, "--format", "ttl")
    store = ox.Store()
    store.load(result.stdout, format=ox.RdfFormat.TURTLE)
    ask = "ASK { ?r a <http://www.w3.org/ns/shacl#ValidationReport> ; <http://www.w3.org/ns/shacl#conforms> false }"
    assert bool(store.query(ask))


def test_a_document_without_violations_exits_with_0(ten_tables: Path, tmp_path: Path) -> None:
    mended = tmp_path / "mended.txt"
    heading = "本年政府性基金预算支出"
    lines = ten_tables.read_text(encoding="utf-8").splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if heading in line)
    lines[last] = lines[last].replace(heading, "本年国有资本经营预算支出")
    mended.write_text("".join(lines), encoding="utf-8")
    result = yusuan("validate", mended)
    assert result.exit_code == 0, result.stdout


def test_query_answers_from_the_store(example_store: Path) -> None:
    count = "SELECT (COUNT(?o) AS ?n) { ?o a <https://w3id.org/yusuan/def#Claim> }"
    assert int(yusuan("query", "--store", example_store, count).stdout.split()[1]) >= 382
    assert yusuan("query", "--store", example_store, "ASK { ?s ?p ?o }").stdout.strip() == "true"
    assert "@prefix" not in yusuan("query", "--store", example_store, "SELECT * {} LIMIT 1").stdout


def test_a_wrong_query_says_where(example_store: Path) -> None:
    result = yusuan("query", "--store", example_store, "SELECT * {", "--lang", "zh")
    assert result.exit_code == 2
    assert "第 1 行第 11 列" in result.stderr


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    result = yusuan("query", "--store", tmp_path, "ASK {}")
    assert result.exit_code == 2
    assert "publish" in result.stderr


@pytest.mark.parametrize(
    "query", ["SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "INSERT DATA { <a:a> <a:b> <a:c> }"]
)
def test_a_query_neither_asks_others_nor_changes_anything(example_store: Path, query: str) -> None:
    result = yusuan("query", "--store", example_store, query)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_a_folder_that_is_not_there_is_told_in_a_sentence(two_tables: Path, tmp_path: Path) -> None:
    result = yusuan("convert", two_tables, "-o", tmp_path / "missing" / "out.nq", "--lang", "zh")
    assert result.exit_code == 2
    assert "out.nq" in result.stderr


def test_a_likely_mistake_in_the_text_is_named_by_its_section(tmp_path: Path) -> None:
    changed = tmp_path / "changed.txt"
    text = EXAMPLE.read_text(encoding="utf-8")
    changed.write_text(text.replace("工勤人员 3 人", "工勤人员 4 人"), encoding="utf-8")
    assert changed.read_text(encoding="utf-8") != text
    printed = yusuan("validate", changed, "--lang", "zh").stdout
    assert "None" not in printed
    assert "应为 3 人" in printed


def test_the_command_line_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "yusuan", "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: yusuan ")


def test_only_verbose_output_names_files_of_the_vocabulary(tmp_path: Path) -> None:
    path = tmp_path / "budget.txt"
    rows = "科目编码 | 科目名称 | 合计 | 神秘支出\n201 | 某类 | 3 | 4"
    path.write_text(tabbed(table(3, "支出总表", rows)), encoding="utf-8")
    plain, verbose = (yusuan("convert", path, "--lang", "zh", *options).stderr for options in ((), ("-v",)))
    assert "无法识别表头“神秘支出”" in plain
    assert "ontology/" not in plain
    assert "ontology/tables.ttl" in verbose
    assert "ontology/tables.ttl" in yusuan("validate", path, "--lang", "zh", "--verbose").output


def test_messages_leave_files_of_the_vocabulary_to_hints() -> None:
    assert {key for (key, _), text in load_messages().items() if "ontology/" in text and "hint-" not in key} == set()
