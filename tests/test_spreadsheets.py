"""Sheets become text and tables: captions in cells, several tables on a sheet, merged cells, what is hidden."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from small_disclosures import BUREAU
from small_workbooks import ROWS, TITLE, read_book, saved, workbook

from converters import DocumentError, convert_document
from converters.model.document import Document, Grid
from converters.readers import read_content
from ontology.locators import locator_to_text


def only(document: Document) -> Grid:
    [grid] = document.grids
    return grid


def headings(grid: Grid) -> list[str]:
    return [block.text for block in grid.heading]


def test_a_cell_is_placed_by_sheet_and_address() -> None:
    grid = only(read_book(workbook({"支出": [(TITLE,), *ROWS]})))
    cell = grid.covering[2, 3]
    assert str(cell.locator) == "支出!C3"
    assert locator_to_text(cell.locator, "zh") == "单元格 支出!C3"


def test_captions_in_cells_stand_above_the_table() -> None:
    rows = [("公开03表",), (TITLE,), (f"部门：{BUREAU}", None, "单位：元"), *ROWS]
    grid = only(read_book(workbook({"Sheet1": rows})))
    assert headings(grid) == ["公开03表", TITLE, f"部门：{BUREAU}", "单位：元"]
    assert (grid.n_rows, grid.n_cols, grid.header_rows) == (3, 3, 1)


def test_figures_are_as_displayed() -> None:
    book = workbook({"Sheet1": [(TITLE,), *ROWS]})
    book["Sheet1"]["C3"].number_format = "#,##0.00"
    book["Sheet1"]["C4"].number_format = "0.00%"
    grid = only(read_book(book))
    assert (grid.text(2, 3), grid.text(3, 3)) == ("5.50", "123400.00%")


def test_merged_cells_are_spans() -> None:
    rows = [("2024年支出总表", None, None), ("科目", None, "合计"), ("编码", "名称", None), ("201", "某类", 5.5)]
    book = workbook({"Sheet1": rows})
    for area in ("A1:C1", "A2:B2", "C2:C3"):
        book["Sheet1"].merge_cells(area)
    grid = only(read_book(book))
    spans = {cell.text: (cell.rowspan, cell.colspan) for cell in grid.cells}
    assert (spans["科目"], spans["合计"], spans["编码"]) == ((1, 2), (2, 1), (1, 1))


def test_a_header_without_merged_cells_gets_the_spans_that_it_shows() -> None:
    rows = [(TITLE,), ("科目", None, "合计"), ("编码", "名称", None), ("201", "某类", 5.5)]
    spans = {cell.text: (cell.rowspan, cell.colspan) for cell in only(read_book(workbook({"S": rows}))).cells}
    assert (spans["科目"], spans["合计"]) == ((1, 2), (2, 1))


def test_several_tables_stand_on_one_sheet_with_text_between_them() -> None:
    rows = [(TITLE,), *ROWS, (), ("上表没有其他内容。",), (), ("2024年收入总表",), *ROWS]
    document = read_book(workbook({"Sheet1": rows}))
    assert [headings(grid) for grid in document.grids] == [[TITLE], ["2024年收入总表"]]
    assert [block.text for block in document.grids[0].notes] == ["上表没有其他内容。"]


def test_a_blank_row_inside_a_table_does_not_end_it() -> None:
    grid = only(read_book(workbook({"Sheet1": [(TITLE,), *ROWS, (), ("210", "卫生健康支出", 7.5)]})))
    assert (grid.n_rows, grid.text(4, 3)) == (4, "7.5")


def test_the_last_rows_with_a_label_only_stay_rows() -> None:
    grid = only(read_book(workbook({"Sheet1": [(TITLE,), *ROWS, (None, "其他支出", None)]})))
    assert (grid.n_rows, grid.notes) == (4, ())


def test_a_sentence_below_a_table_is_its_note() -> None:
    grid = only(read_book(workbook({"Sheet1": [(TITLE,), *ROWS, ("注：本表不含涉密支出。",)]})))
    assert [note.text for note in grid.notes] == ["注：本表不含涉密支出。"]


def test_the_name_of_a_sheet_is_the_title_of_a_table_that_prints_none() -> None:
    assert headings(only(read_book(workbook({"3.支出总表": ROWS})))) == ["3.支出总表"]


def test_a_sheet_of_text_is_text() -> None:
    document = read_book(workbook({"说明": [("第一部分 概况",), ("一、主要职能",), ("负责园林管理。",)]}))
    assert [block.text for block in document.blocks] == ["第一部分 概况", "一、主要职能", "负责园林管理。"]
    assert document.grids == ()


def test_hidden_sheets_rows_and_columns_are_left_out_and_named() -> None:
    book = workbook({"Sheet1": [(TITLE,), *ROWS], "旧稿": [(TITLE,), *ROWS]})
    book["旧稿"].sheet_state = "hidden"
    book["Sheet1"].row_dimensions[4].hidden = True
    book["Sheet1"].column_dimensions["B"].hidden = True
    document = read_book(book)
    grid = only(document)
    assert (grid.n_rows, grid.n_cols, str(grid.covering[2, 2].locator)) == (2, 2, "Sheet1!C3")
    assert [issue.key for issue in document.issues] == ["rows-hidden", "columns-hidden", "sheet-hidden"]
    assert "隐藏的第 4 行" in document.issues[0].text("zh")
    assert "The hidden columns B of" in document.issues[1].text("en")
    assert "旧稿" in document.issues[2].text("zh")


def test_a_formula_without_a_stored_result_is_reported_with_its_place() -> None:
    book = workbook({"Sheet1": [(TITLE,), *ROWS, (None, "合计", "=C3+C4")]})
    document = read_book(book)
    [issue] = document.issues
    assert (issue.key, str(issue.locator), issue.values["formula"]) == ("formula-without-value", "Sheet1!C5", "=C3+C4")
    assert "C5" in issue.text("en")


def test_findings_and_observations_name_the_cell() -> None:
    rows = [(f"{BUREAU}2024年支出总表",), ("单位：元",), *ROWS, (None, "合计", 6.0)]
    conversion = convert_document(read_book(workbook({"支出": rows})))
    assert {str(o.locator) for o in conversion.observations} == {"支出!C4", "支出!C5", "支出!C6"}
    triples = "\n".join(map(str, conversion.triples))
    assert "cellReference" in triples


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_truncated_workbook_is_damaged(cut: float) -> None:
    content = saved(workbook({"Sheet1": [(TITLE,), *ROWS]}))
    with pytest.raises(DocumentError) as caught:
        read_content(Path("book.xlsx"), content[: int(cut * len(content))])
    assert caught.value.key == "unread-damaged"


def test_a_workbook_without_its_parts_is_damaged() -> None:
    whole = zipfile.ZipFile(io.BytesIO(saved(openpyxl.Workbook())))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in whole.namelist():
            if "sheet1" not in name:
                package.writestr(name, whole.read(name))
    with pytest.raises(DocumentError) as caught:
        read_content(Path("book.xlsx"), out.getvalue())
    assert caught.value.key == "workbook-damaged"


# ── Other formats of workbooks ──────────────────────────────────────────────────────────────────


def xls(*, hidden: bool = False) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    book.add_sheet("旧稿").write(0, 0, "x")
    book.get_sheet(1).visibility = 1
    sheet.write_merge(0, 0, 0, 2, TITLE)
    for row, texts in enumerate(ROWS, start=1):
        for col, value in enumerate(texts):
            style = xlwt.easyxf(num_format_str="#,##0.00" if isinstance(value, float) else "@")
            sheet.write(row, col, value, style)
    sheet.row(3).hidden = hidden
    return saved(book)


def test_a_workbook_of_excel_97_shows_its_figures() -> None:
    document = read_content(Path("book.et"), xls())
    grid = only(document)
    assert (document.format, headings(grid), grid.text(3, 3)) == ("xls", [TITLE], "1,234.00")
    assert str(grid.covering[3, 3].locator) == "Sheet1!C4"
    assert [issue.key for issue in document.issues] == ["sheet-hidden"]


def test_hidden_rows_of_a_workbook_of_excel_97_are_left_out() -> None:
    document = read_content(Path("book.xls"), xls(hidden=True))
    assert only(document).n_rows == 2
    assert {issue.key for issue in document.issues} == {"sheet-hidden", "rows-hidden"}


def test_a_truncated_workbook_of_excel_97_is_damaged() -> None:
    with pytest.raises(DocumentError) as caught:
        read_content(Path("book.xls"), xls()[:2600])
    assert caught.value.key in ("workbook-damaged", "unread-damaged")


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:automatic-styles><style:style style:name="ta2">
<style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>
{tables}</office:spreadsheet></office:body></office:document-content>"""


def ods(rows: str, *more: str, manifest: str = "") -> bytes:
    tables = [f'<table:table table:name="Sheet1">{rows}</table:table>', *more]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", ODS.format(tables="".join(tables)))
        package.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def ods_row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def ods_cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


HEAD = ods_row(ods_cell(TITLE, 'table:number-columns-spanned="3"'), "<table:covered-table-cell/>" * 2) + ods_row(
    *map(ods_cell, ("科目编码", "科目名称", "合计"))
)


def test_an_open_document_spreadsheet_gives_the_displayed_text() -> None:
    figure = ods_cell("1,234.00", 'office:value-type="float" office:value="1234"')
    remark = "<office:annotation><text:p>请核对</text:p></office:annotation>"
    name = f"<table:table-cell>{remark}<text:p>一般<text:s text:c='2'/>公共<text:line-break/>服务</text:p>"
    name += "</table:table-cell>"
    grid = only(read_content(Path("a.ods"), ods(HEAD + ods_row(ods_cell("201"), name, figure))))
    assert (grid.text(2, 2), grid.text(2, 3)) == ("一般  公共\n服务", "1,234.00")
    assert str(grid.covering[2, 3].locator) == "Sheet1!C3"


def test_repeated_rows_and_cells_of_an_open_document_spreadsheet_stand_at_their_places() -> None:
    empty = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    zeros = ods_cell("0.00", 'table:number-columns-repeated="2"')
    grid = only(read_content(Path("a.ods"), ods(HEAD + empty + ods_row(ods_cell("201"), zeros))))
    assert [str(cell.locator) for cell in grid.row(2)] == ["Sheet1!A5", "Sheet1!B5", "Sheet1!C5"]
    assert grid.text(2, 3) == "0.00"


def test_hidden_parts_of_an_open_document_spreadsheet_are_named() -> None:
    hidden = f'<table:table table:name="旧稿" table:style-name="ta2">{HEAD}</table:table>'
    row = ods_row(*map(ods_cell, ("201", "某类", "5.5"))).replace("row>", 'row table:visibility="collapse">', 1)
    document = read_content(Path("a.ods"), ods(HEAD + row, hidden))
    assert [issue.key for issue in document.issues] == ["rows-hidden", "sheet-hidden"]


def test_a_formula_of_an_open_document_spreadsheet_without_result_is_reported() -> None:
    cell = '<table:table-cell table:formula="of:=[.C3]"/>'
    document = read_content(Path("a.ods"), ods(HEAD + ods_row(ods_cell("201"), ods_cell("某类"), cell)))
    assert [(issue.key, str(issue.locator)) for issue in document.issues] == [("formula-without-value", "Sheet1!C3")]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (ods(HEAD, manifest="<manifest:encryption-data/>"), "unread-encrypted"),
        (ods("<unclosed>"), "workbook-damaged"),
        (
            ods(f'<table:table-row table:number-rows-repeated="99999999">{ods_cell("x") * 9}</table:table-row>'),
            "sheet-too-large",
        ),
    ],
    ids=["encrypted", "damaged", "bomb"],
)
def test_an_open_document_spreadsheet_that_cannot_be_read_says_why(content: bytes, key: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_content(Path("a.ods"), content)
    assert caught.value.key == key
