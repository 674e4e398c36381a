"""Word documents: paragraphs with their list numbers, tables from the raw cells, changes as accepted."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from small_disclosures import BUREAU
from small_workbooks import ROWS, TITLE

from converters import Document, DocumentError, convert_document
from converters.model.document import Grid
from converters.readers import read_content
from converters.readers.word.numbering import chinese_numeral
from ontology.locators import locator_to_text

SPACES = nsdecls("w", "wp", "a", "r") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def read_word(*body: str, numbering: str = "") -> Document:
    """The document whose body is this WordprocessingML."""
    document = docx.Document()
    for xml in reversed(body):
        document.element.body.insert(0, parse_xml(xml.replace(">", f" {SPACES}>", 1)))
    if numbering:
        root = document.part.numbering_part.element
        for child in list(root):
            root.remove(child)
        for child in parse_xml(f"<w:numbering {SPACES}>{numbering}</w:numbering>"):
            root.append(child)
    out = io.BytesIO()
    document.save(out)
    return read_content(Path("budget.docx"), out.getvalue())


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, span: int = 1, merge: str = "", inner: str = "") -> str:
    properties = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}{p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def tbl(*rows: str, widths: Iterable[object] = ()) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


PLAIN = tbl(*(tr(*(tc(str(text)) for text in row)) for row in ROWS))


def only(document: Document) -> Grid:
    [grid] = document.grids
    return grid


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


# ── Tables ──────────────────────────────────────────────────────────────────────────────────────


def test_paragraphs_and_cells_know_their_places() -> None:
    document = read_word(p("第一部分"), p(""), p(TITLE), PLAIN, p("注：完。"))
    grid = only(document)
    assert [str(block.locator) for block in document.blocks] == ["paragraph=1", "paragraph=2", "paragraph=3"]
    cell = grid.covering[2, 3]
    assert str(cell.locator) == "table=1;row=2;cell=3"
    assert locator_to_text(cell.locator, "zh") == "文件中第 1 个表格第 2 行第 3 格"
    assert locator_to_text(cell.locator, "en") == "table 1 of the file, row 2, field 3"
    assert [note.text for note in grid.notes] == ["注：完。"]


def test_spans_are_those_of_the_raw_cells() -> None:
    rows = (
        tr(tc("科目", 2), tc("合计", merge="restart"), tc("其中", 2)),
        tr(tc("编码"), tc("名称"), tc("", merge="continue"), tc("基本支出"), tc("项目支出")),
        tr(tc("201"), tc("某类"), tc("5"), tc("3"), tc("2")),
    )
    grid = only(read_word(p(TITLE), tbl(*rows)))
    spans = {cell.text: (cell.row, cell.col, cell.rowspan, cell.colspan) for cell in grid.cells}
    assert spans["科目"] == (1, 1, 1, 2)
    assert spans["合计"] == (1, 3, 2, 1)
    assert spans["其中"] == (1, 4, 1, 2)
    assert spans["项目支出"] == (2, 5, 1, 1)


def test_a_row_that_begins_further_right_keeps_its_columns() -> None:
    before = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    rows = (tr(tc("编码"), tc("名称"), tc("合计")), tr(tc("合计"), tc("5"), properties=before))
    grid = only(read_word(p(TITLE), tbl(*rows)))
    assert (grid.text(2, 2), grid.text(2, 3)) == ("合计", "5")


CAPTION = f"表3. {BUREAU}2024年支出总表"
HEADER = tr(tc("科目编码"), tc("科目名称"), tc("合计"), tc("基本支出"), tc("项目支出", span=2))


@pytest.mark.parametrize("widths", [(900, 1400, 900, 900, 2, 900), (900, 1400, 900, 900, 99, 900)])
def test_a_column_too_narrow_for_a_character_is_none(widths: tuple[int, ...]) -> None:
    body = tr(tc("201"), tc("某类"), tc("5"), tc("3", span=2), tc("2"))
    document = read_word(p(CAPTION), p("单位：万元"), tbl(HEADER, body, widths=widths))
    assert only(document).n_cols == 5
    found = convert_document(document).observations
    assert [(o.printed, o.column_label) for o in found] == [("5", "合计"), ("3", "基本支出"), ("2", "项目支出")]


@pytest.mark.parametrize("widths", [(), (900, 1400, 900, 900, 300, 900), (900, 1400, 900, 900, 0, 900), (1, "x")])
def test_a_figure_below_two_columns_is_said_and_not_converted(widths: tuple[object, ...]) -> None:
    body = tr(tc("201"), tc("某类"), tc("5"), tc("3", span=2), tc("2"))
    conversion = convert_document(read_word(p(CAPTION), p("单位：万元"), tbl(HEADER, body, widths=widths)))
    assert [o.printed for o in conversion.observations] == ["5", "2"]
    [issue] = [issue for issue in conversion.issues if issue.key == "figure-over-columns"]
    assert (issue.values, issue.locator.field) == ({"text": "3", "columns": ("基本支出", "项目支出")}, 4)
    assert "“基本支出、项目支出”" in issue.text("zh")
    assert "(基本支出, 项目支出)" in issue.text("en")


def test_a_caption_inside_the_table_stands_above_it() -> None:
    rows = [
        tr(tc(TITLE, 3)),
        tr(tc(f"部门：{BUREAU}", 2), tc("单位：元")),
        *(tr(*(tc(str(t)) for t in r)) for r in ROWS),
    ]
    grid = only(read_word(tbl(*rows)))
    assert [block.text for block in grid.heading] == [TITLE, f"部门：{BUREAU}", "单位：元"]
    assert grid.n_rows == 3


def test_a_table_that_a_page_break_divided_is_one() -> None:
    again = tbl(tr(*map(tc, ROWS[0])), tr(tc("210"), tc("卫生健康支出"), tc("7")))
    grid = only(read_word(p(TITLE), PLAIN, p(""), again))
    assert (grid.n_rows, grid.parts, grid.text(4, 3)) == (4, 2, "7")


def test_a_table_inside_a_cell_follows_the_table_around_it() -> None:
    outer = tbl(tr(tc("编码"), tc("合计")), tr(tc("201"), tc("5", inner=PLAIN)))
    document = read_word(p(TITLE), outer)
    assert [grid.n_rows for grid in document.grids] == [2, 3]
    assert document.grids[0].text(2, 2) == "5"


def test_a_table_of_one_cell_is_text() -> None:
    document = read_word(tbl(tr(tc("部门预算说明"))), p("完。"))
    assert (texts(document), document.grids) == (["部门预算说明", "完。"], ())


# ── Paragraphs ──────────────────────────────────────────────────────────────────────────────────


def test_changes_read_as_accepted() -> None:
    changed = (
        "<w:p><w:r><w:t>收入</w:t></w:r><w:ins w:id='1' w:author='x'><w:r><w:t>预算</w:t></w:r></w:ins>"
        "<w:del w:id='2' w:author='x'><w:r><w:delText>决算</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>5</w:t><w:tab/><w:t>元</w:t></w:r></w:p>"
    )
    deleted = tr(tc("201"), tc("旧"), tc("9"), properties="<w:trPr><w:del w:id='3' w:author='x'/></w:trPr>")
    rows = [*(tr(*(tc(str(text)) for text in row)) for row in ROWS), deleted]
    document = read_word(changed, p(TITLE), tbl(*rows))
    assert texts(document)[0] == "收入预算5\t元"
    assert only(document).n_rows == 3


def test_content_controls_and_links_are_read_through() -> None:
    control = f"<w:sdt><w:sdtContent>{p('第一部分')}</w:sdtContent></w:sdt>"
    link = "<w:p><w:hyperlink><w:r><w:t>见附件</w:t></w:r></w:hyperlink></w:p>"
    assert texts(read_word(control, link)) == ["第一部分", "见附件"]


def test_a_text_box_follows_its_paragraph_once() -> None:
    box = f"<w:txbxContent>{p('单位：万元')}</w:txbxContent>"
    anchored = (
        f"<w:p><w:r><w:t>支出总表</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'>"
        f"<w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert texts(read_word(anchored)) == ["支出总表", "单位：万元"]


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="japaneseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%3"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>'
)


def item(text: str, depth: int = 0, number: int = 1) -> str:
    return p(text, f'<w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>')


def test_list_numbers_are_those_that_word_shows() -> None:
    items = (
        item("收入"),
        item("财政", 1),
        item("其他", 1),
        item("支出"),
        item("基本", 1),
        item("细目", 2),
        item("另起", 0, 2),
    )
    shown = ["一、收入", "（一）财政", "（二）其他", "二、支出", "（一）基本", "二.1细目", "四、另起"]
    assert texts(read_word(*items, numbering=NUMBERING)) == shown


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (21, "二十一"), (30, "三十"), (105, "一百〇五"), (110, "一百一十")]
)
def test_chinese_numerals(number: int, text: str) -> None:
    assert chinese_numeral(number) == text


# ── As a disclosure ─────────────────────────────────────────────────────────────────────────────


def test_observations_and_their_triples_name_table_row_and_cell() -> None:
    conversion = convert_document(read_word(p(f"{BUREAU}2024年支出总表"), p("单位：元"), PLAIN))
    assert {str(o.locator) for o in conversion.observations} == {"table=1;row=2;cell=3", "table=1;row=3;cell=3"}
    assert any("tableOfFile" in str(triple.predicate) for triple in conversion.triples)


def test_a_document_without_its_body_is_damaged() -> None:
    out = io.BytesIO()
    whole = io.BytesIO()
    docx.Document().save(whole)
    with zipfile.ZipFile(whole) as package, zipfile.ZipFile(out, "w") as changed:
        for name in package.namelist():
            changed.writestr(name, package.read(name)[:100] if name == "word/document.xml" else package.read(name))
    with pytest.raises(DocumentError) as caught:
        read_content(Path("budget.docx"), out.getvalue())
    assert caught.value.key == "word-damaged"


def test_a_header_over_the_whole_width_below_a_title_stays_in_the_table() -> None:
    rows = (tr(tc("支出", 3)), *(tr(*(tc(str(text)) for text in row)) for row in ROWS))
    assert only(read_word(p(TITLE), tbl(*rows))).header_rows == 2


def test_a_table_that_only_arranges_the_page_holds_titles_and_tables_in_order() -> None:
    second = tbl(tr(tc("科目名称"), tc("金额")), tr(tc("教育支出"), tc("8.00")))
    cell = f"<w:tc><w:tcPr/>{p(TITLE)}{PLAIN}{p('第二张表')}{second}{p('')}</w:tc>"
    document = read_word(tbl(f"<w:tr>{cell}</w:tr>"))
    plain = read_word(p(TITLE), PLAIN, p("第二张表"), second)
    assert [(g.n_rows, g.n_cols) for g in document.grids] == [(g.n_rows, g.n_cols) for g in plain.grids]
    assert [block.text for block in document.blocks] == [block.text for block in plain.blocks]
