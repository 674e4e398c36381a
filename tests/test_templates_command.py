"""`yusuan templates`: what was recognised as what, and which words were not known."""

from pathlib import Path

from click.testing import CliRunner
from small_disclosures import tabbed, table

from yusuan.commands.main import main


def shown(path: Path, code: int, language: str = "en") -> str:
    """What the command prints about a file, when it ends with this exit code."""
    result = CliRunner().invoke(main, ["templates", str(path), "--lang", language])
    assert result.exit_code == code, result.output
    return result.output


def written(folder: Path, *texts: str) -> Path:
    path = folder / "disclosure.txt"
    path.write_text(tabbed("\n".join(texts)), encoding="utf-8")
    return path


def test_kinds_columns_and_unknown_words_are_shown(tmp_path: Path) -> None:
    rows = "科目编码 | 科目名称 | 基本支出 | 神秘支出\n201 | 某类 | 3 | 4"
    text = shown(written(tmp_path, table(3, "支出总表", rows)), 0)
    assert "年支出总表: Expenditure by function" in text
    assert "基本支出: kind of expenditure basic expenditure" in text
    assert "unknown: 神秘支出" in text


def test_it_is_said_by_which_words_where_and_how_many_rows_are_known(tmp_path: Path) -> None:
    rows = "科目编码 | 科目名称 | 基本支出\n201 | 某类 | 3\n | 合计 | 4\n999888 | 谜 | 5"
    text = shown(written(tmp_path, table(3, "支出总表", rows)), 0)
    assert "1 of 1 tables recognised" in text
    assert "line 6; recognised by “支出总表”; unit: 元; the same for every cell: flow expenditure" in text
    assert "rows: 2 of 3 recognised (某类 … 合计)" in text
    assert "unknown: 999888" in text


def test_an_unknown_title_is_named(tmp_path: Path) -> None:
    text = shown(written(tmp_path, table(3, "神秘表", "甲 | 乙\n丙 | 4")), 2, "zh")
    assert "神秘表：没有识别，标题不属于已知的任何一种表" in text


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "disclosure.pdf").write_bytes(b"")
    shown(tmp_path / "disclosure.pdf", 2)
