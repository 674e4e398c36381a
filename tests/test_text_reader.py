"""Text files become documents: every cell knows its line and field, and no file fails without saying why."""

import hashlib
from pathlib import Path

import pytest
from small_disclosures import only_grid, read, tabbed, table

from converters import DocumentError, convert_file, read_document

EXPENDITURE = table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 5")


def saved(folder: Path, content: bytes, name: str = "disclosure.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        convert_file(path)
    return caught.value


# ── Files ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "told"), [("budget.pdf", "PDF"), ("budget.XLSX", "XLSX"), ("budget.docx", "DOCX")])
@pytest.mark.parametrize("content", [b"\x07\x00\x9c\xff", b"\xff\xfe\xfd"])
def test_bytes_under_a_name_of_another_format_are_not_called_text(
    tmp_path: Path, name: str, told: str, content: bytes
) -> None:
    error = refused(saved(tmp_path, content, name))
    assert error.key == "not-its-format"
    assert f"不是 {told} 文件" in error.text("zh")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_utf_8_and_gb_18030_give_the_same_grids(tmp_path: Path, encoding: str) -> None:
    text = "部门预算\n" + EXPENDITURE
    document = read_document(saved(tmp_path, tabbed(text).encode(encoding)))
    assert (document.blocks, document.grids) == (read(text).blocks, read(text).grids)


def test_a_rare_character_of_gb_18030_is_read(tmp_path: Path) -> None:
    document = read_document(saved(tmp_path, "㐂𠮷办公室".encode("gb18030")))
    assert document.blocks[0].text == "㐂𠮷办公室"


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    path = saved(tmp_path, tabbed(EXPENDITURE).replace("\n", "\r\n").encode())
    assert read_document(path).grids == read(EXPENDITURE).grids


@pytest.mark.parametrize("name", ["budget.txt", "budget.TXT", "budget.tsv"])
def test_the_ending_of_the_file_chooses_the_reader(tmp_path: Path, name: str) -> None:
    assert read_document(saved(tmp_path, tabbed(EXPENDITURE).encode(), name)).format == "text"


def test_a_document_knows_the_hash_of_its_file(tmp_path: Path) -> None:
    content = tabbed(EXPENDITURE).encode()
    assert read_document(saved(tmp_path, content)).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "unread-empty"),
        (b"\n\n \n", "unread-empty"),
        ("没有表格的一页".encode(), "nothing-recognised"),
        (tabbed(table(1, "树木总表", "树种 | 株数\n樟树 | 5")).encode(), "nothing-recognised"),
        (tabbed(EXPENDITURE).replace("2024 年", "").encode(), "year-unknown"),
        (b"201\t\x00\t5", "not-text"),
        (tabbed(EXPENDITURE).encode("utf-16"), "not-text"),
        (b"\xff\xff\xff", "not-text"),
    ],
    ids=["empty", "blank", "no-table", "unknown-table", "no-year", "nul", "utf-16", "no-encoding"],
)
def test_a_file_that_gives_nothing_is_refused(tmp_path: Path, content: bytes, key: str) -> None:
    assert refused(saved(tmp_path, content)).key == key


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.txt").key == "file-missing"


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    assert refused(folder).key == "folder-empty"


@pytest.mark.parametrize("name", ["budget.docx", "budget"])
def test_text_is_read_whatever_its_name_ends_with(tmp_path: Path, name: str) -> None:
    assert read_document(saved(tmp_path, tabbed(EXPENDITURE).encode(), name)).format == "text"


@pytest.mark.parametrize("name", ["missing.txt", "unknown.xyz", "nul.txt", "empty.txt"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_names_the_file_in_both_languages(tmp_path: Path, name: str, language: str) -> None:
    if name != "missing.txt":
        saved(tmp_path, b"\0" if name == "nul.txt" else b"", name)
    error = refused(tmp_path / name)
    assert str(tmp_path / name) in error.text(language)
    assert error.text("zh") != error.text("en")


# ── Lines and grids ─────────────────────────────────────────────────────────────────────────────


def test_each_cell_knows_its_line_and_field() -> None:
    grid = only_grid("支出总表", "", "科目编码 | 科目名称 | 合计", "201 | 某类 | 5")
    assert [(cell.text, cell.locator.line, cell.locator.field) for cell in grid.row(2)] == [
        ("201", 4, 1),
        ("某类", 4, 2),
        ("5", 4, 3),
    ]


def test_blank_lines_of_a_page_break_do_not_end_a_table() -> None:
    grid = only_grid("支出总表", "编码 | 合计", "201 | 5", "", "", "205 | 0")
    assert (grid.n_rows, grid.parts, grid.text(3, 1)) == (3, 2, "205")
    assert [cell.locator.line for cell in grid.row(3)] == [6, 6]


def test_running_text_ends_a_table() -> None:
    assert len(read("编码 | 合计", "201 | 5", "支出总表", "编码 | 合计", "201 | 5").grids) == 2


def test_text_after_the_last_table_is_its_notes() -> None:
    grid = only_grid("支出总表", "编码 | 合计", "201 | 5", "注：第一句。", "注：第二句。")
    assert [note.text for note in grid.notes] == ["注：第一句。", "注：第二句。"]


def test_rows_may_be_ragged() -> None:
    grid = only_grid("编码 | 合计", "201 | 5 | 6", "205 | ")
    assert (grid.n_cols, grid.text(2, 3), grid.text(3, 3), grid.text(1, 3)) == (3, "6", "", "")


def test_running_text_is_kept_with_its_line() -> None:
    first, second = read("第一句。", "", "第二句。").blocks
    assert (first.text, first.locator.line, second.locator.line) == ("第一句。", 1, 3)
