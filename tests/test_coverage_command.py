"""`yusuan coverage`: what became of every number, how much of each table is converted, and what is left."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_disclosures import tabbed, table

from converters import Document, convert_document, coverage, read_document
from converters.reports.coverage_json import coverage_to_json
from yusuan.commands.main import main

ROWS = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 神秘支出\n | 合计 | 7 | 3 | 4 |\n201 | 某类 | 7 | 3 | 4 | 9"
UNKNOWN = table(4, "名单", "名称 | 号码 | 人数\n苗圃 | 13800000000 | 20")


def covered(path: Path, *options: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["coverage", str(path), *options])
    assert result.exit_code == code, result.output
    return result


def written(folder: Path, *texts: str) -> Path:
    path = folder / "disclosure.txt"
    path.write_text(tabbed("\n".join(texts)), encoding="utf-8")
    return path


def test_each_table_has_its_shares_and_what_is_left_its_words_and_place(tmp_path: Path) -> None:
    text = covered(written(tmp_path, table(3, "支出总表", ROWS)), "--lang", "en").output
    assert "2 rows, 7 figures, 6 converted (85.7%), 6 confirmed by sums (85.7%)" in text
    assert "line 8, field 6, table 3: 9 (“某类 · 神秘支出 · 9”)" in text


def test_a_sum_that_does_not_hold_confirms_none_of_its_figures(tmp_path: Path) -> None:
    wrong = written(tmp_path, table(3, "支出总表", ROWS.replace("| 7 |", "| 19 |", 1)))
    assert "7 个，已转换 6 个（85.7%），经合计验证 4 个" in covered(wrong, "--lang", "zh").output


def test_the_same_as_json(tmp_path: Path) -> None:
    path = written(tmp_path, table(3, "支出总表", ROWS), UNKNOWN)
    [found] = json.loads(covered(path, "--format", "json").output)["documents"]
    assert found["organisation"] == "武汉市青山区园林局"
    assert found["counts"]["not-converted"] == len(found["notConverted"]) == 3
    assert [t["kind"] for t in found["tables"]] == ["code/table/expenditure", None]
    assert [n["words"] for n in found["notConverted"]] == [
        "某类 · 神秘支出 · 9",
        "苗圃 · 号码 · 13800000000",
        "苗圃 · 人数 · 20",
    ]


def test_what_is_published_leaves_out_what_nobody_has_looked_through(tmp_path: Path) -> None:
    document = read_document(written(tmp_path, table(3, "支出总表", ROWS), UNKNOWN))
    found = coverage_to_json(coverage(document, convert_document(document)), public=True)["notConverted"]
    assert [(n["text"], n["words"]) for n in found] == [("9", "某类 · 神秘支出 · 9"), ("", ""), ("20", "")]


def test_wordings_that_are_not_known_are_a_census_and_no_message_of_validate(tmp_path: Path) -> None:
    path = written(tmp_path, table(3, "支出总表", ROWS), "一、支出情况\n\n图书采购支出 5 万元，购买花木 3 株。")
    [found] = json.loads(covered(path, "--format", "json").output)["documents"]
    assert [(w["figure"], w["claimed"]) for w in found["wordings"]] == [("5万元", True), ("3", False)]
    assert "图书采购支出5万元" in covered(path, "--lang", "zh").output
    document = read_document(path)
    conversion = convert_document(document)
    assert "wordings" not in coverage_to_json(coverage(document, conversion), public=True)
    assert not [issue for issue in conversion.issues if "图书采购" in issue.text("zh")]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "disclosure.pdf").write_bytes(b"")
    assert "disclosure.pdf" in covered(tmp_path / "disclosure.pdf", code=2).stderr


@pytest.mark.parametrize("command", ["coverage", "templates", "prove"])
def test_an_error_inside_one_file_is_the_message_of_that_file(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Document:
        raise ValueError("negative seek value")

    monkeypatch.setattr("converters.readers.join_continued_grids", fail)
    path = written(tmp_path, table(3, "支出总表", ROWS))
    result = CliRunner().invoke(main, [command, str(path), "--lang", "en"])
    assert result.exit_code == 2
    assert "disclosure.txt" in result.output
    assert "ValueError: negative seek value" in result.output
