"""Official lists in files of every kind: spreadsheets, text, word-processor documents, PDF."""

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from small_pdfs import PdfPage, write_pdf
from test_code_columns import EXPECTED, FUNCTION, WHOLE, rows

from ontology.codelists.entries import find_entries
from ontology.codelists.tables import CodeTableError, read_code_tables
from yusuan.commands.main import main


def test_a_comma_separated_file_may_be_in_either_encoding(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path = tmp_path / f"{encoding}.csv"
        path.write_text(WHOLE, encoding=encoding)
        assert find_entries(read_code_tables(path), FUNCTION.pattern).names == EXPECTED


def test_a_spreadsheet_may_keep_codes_as_numbers_and_have_several_sheets(tmp_path: Path) -> None:
    workbook = Workbook()
    first, second = workbook.active, workbook.create_sheet("续")
    assert first is not None
    first.append(["科目编码", "科目名称"])
    first.append([201, "一般公共服务支出"])
    first.append([20101.0, "人大事务"])
    second.append(["2010101", "行政运行"])
    path = tmp_path / "list.xlsx"
    workbook.save(path)
    assert find_entries(read_code_tables(path), FUNCTION.pattern).names == EXPECTED


def test_a_word_processor_document_gives_its_tables(tmp_path: Path) -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    lines = ["".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) for row in rows(WHOLE)]
    heading = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr><w:p><w:r><w:t>目录</w:t></w:r></w:p></w:tc></w:tr>'
    table = f"<w:tbl>{heading}{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"
    path = tmp_path / "list.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{table}</w:body></w:document>')
    [read] = read_code_tables(path)
    assert read[0] == ["目录", "", ""]
    assert find_entries([read], FUNCTION.pattern).names == EXPECTED


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_and_the_unicode_text_of_spreadsheets_are_read(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(WHOLE.replace(",", delimiter), encoding="utf-16")
    assert find_entries(read_code_tables(path), FUNCTION.pattern).names == EXPECTED


def test_merged_cells_and_a_wrong_size_do_not_disturb_a_spreadsheet(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["科目编码", "", "", "科目名称"], ["类", "款", "项", ""], [201, None, None, "一般公共服务支出"]):
        sheet.append(row)
    sheet.append([None, 1, None, "人大事务"])
    sheet.append([None, None, 1, "行政运行"])
    for cells in ("A1:C1", "D1:D2", "A3:A5", "B4:B5"):
        sheet.merge_cells(cells)
    path, wrong = tmp_path / "list.xlsx", tmp_path / "wrong.xlsx"
    workbook.save(path)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(wrong, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, archive.read(name).replace(b'ref="A1:D5"', b'ref="A1"'))
    for file in (path, wrong):
        assert find_entries(read_code_tables(file), FUNCTION.pattern).names == EXPECTED


def word_document(path: Path, body: str) -> Path:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>')
    return path


def word_line(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r>{run}</w:r>" for run in runs) + "</w:p>"


def test_lines_of_a_word_processor_document_are_read_as_well(tmp_path: Path) -> None:
    lines = [
        word_line(f"<w:t>{code}</w:t>", "<w:tab/>", f"<w:t>{name[:2]}</w:t>", f"<w:t>{name[2:]}</w:t>")
        for code, name in EXPECTED.items()
    ]
    path = word_document(tmp_path / "list.docx", "".join(lines))
    assert find_entries(read_code_tables(path), FUNCTION.pattern).names == EXPECTED


def test_rows_in_content_controls_count_and_deleted_text_does_not(tmp_path: Path) -> None:
    def row(code: str, name: str) -> str:
        cells = (word_line(f"<w:t>{code}</w:t>", "<w:delText>9</w:delText>"), word_line(f"<w:t>{name}</w:t>"))
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    first, *others = [row(code, name) for code, name in EXPECTED.items()]
    table = f"<w:tbl>{first}<w:sdt><w:sdtContent>{''.join(others)}</w:sdtContent></w:sdt></w:tbl>"
    assert (
        find_entries(read_code_tables(word_document(tmp_path / "list.docx", table)), FUNCTION.pattern).names == EXPECTED
    )


def test_a_pdf_is_read_over_its_pages_with_its_broken_names(tmp_path: Path) -> None:
    widths = (40, 40, 40, 110, 150)
    heading = ("类款", "", "", "科目名称", "说明")
    first, second = PdfPage(), PdfPage()
    first.table(
        10,
        40,
        widths,
        [
            heading,
            ("201", "", "", "一般公共服务支出", "反映政府提供一般\n公共服务的支出。"),
            ("", "01", "", "人大事务", "反映各级人大的支出。"),
            ("", "", "01", "行政运行", "反映行政单位的基本\n支出。"),
        ],
    )
    second.table(
        10,
        20,
        widths,
        [heading, ("", "", "99", "其他人大事务\n支出", ""), ("202", "", "", "外交支出", "反映外交的支出。")],
    )
    path = tmp_path / "list.pdf"
    path.write_bytes(write_pdf(first, second))
    arguments = ["codes", "import", str(path), "--scheme", "function", "--edition", "2025", "--into", str(tmp_path)]
    result = CliRunner().invoke(main, [*arguments, "--whole", "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert "5 codes" in result.output
    turtle = (tmp_path / "function-2025.ttl").read_text(encoding="utf-8")
    members = {"201", "20101", "2010101", "2010199", "202"}
    assert all(f"code/function/{code}>" in turtle for code in members)
    names = CliRunner().invoke(main, ["codes", "diff", str(path), str(tmp_path / "function-2025.ttl"), *arguments[3:5]])
    assert names.exit_code == 0
    assert names.output.splitlines()[0] in ("added 0, renamed 0, new meaning 0, ended 0",)


def test_a_broken_pdf_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    path.write_bytes(b"%PDF-1.7 no more")
    result = CliRunner().invoke(
        main, ["codes", "import", str(path), "--scheme", "function", "--edition", "2025", "--into", str(tmp_path)]
    )
    assert result.exit_code == 2
    assert str(path) in result.output


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"no workbook"), ("a.docx", b"PK"), ("a.csv", b"\xff\xff\xff")]
)
def test_a_broken_file_is_an_error_that_names_it(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CodeTableError) as error:
        read_code_tables(path)
    assert error.value.key == "codes-unreadable"


@pytest.mark.parametrize(("name", "key"), [("a.xls", "codes-unknown-format"), ("no.csv", "codes-unreadable")])
def test_an_unknown_or_missing_file_is_an_error(tmp_path: Path, name: str, key: str) -> None:
    with pytest.raises(CodeTableError) as error:
        read_code_tables(tmp_path / name)
    assert error.value.key == key
