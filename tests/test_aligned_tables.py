"""PDFs as office suites print them: tables without ruling lines are read by alignment where their kind is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_disclosures import BUREAU
from small_pdfs import EM, PdfPage, write_pdf

from converters import Conversion, convert_document, find_unread
from converters.readers import read_content
from converters.readers.pdf.alignment.rows import assign_lines
from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

PITCH = 24.0
COLUMNS = (40.0, 90.0, 210.0, 280.0, 350.0)
"""The left edges of two columns of words, and the right edges of three columns of figures."""
ROWS = (
    ("", "合计", "100.00", "60.00", "40.00"),
    ("201", "一般公共服务支出", "70.00", "50.00", "20.00"),
    ("20101", "人大事务", "70.00", "50.00", "20.00"),
    ("205", "教育支出", "30.00", "10.00", "20.00"),
)


def right(page: PdfPage, edge: float, base: float, text: str) -> None:
    page.text(edge - len(text) * EM / 2, base, text)


def centred(page: PdfPage, left: float, end: float, base: float, text: str) -> None:
    page.text((left + end) / 2 - len(text) * EM / 2, base, text)


def caption(page: PdfPage, title: str, base: float = 20.0) -> None:
    page.text(40, base, f"{BUREAU}2024年{title}")
    page.text(300, base + 20, "单位：元")


def body(page: PdfPage, base: float, rows: tuple[tuple[str, ...], ...] = ROWS) -> float:
    for code, name, *figures in rows:
        page.text(COLUMNS[0], base, code)
        page.text(COLUMNS[1], base, name)
        for edge, figure in zip(COLUMNS[2:], figures, strict=True):
            right(page, edge, base, figure)
        base += PITCH
    return base


def header(page: PdfPage, base: float) -> float:
    """A header on two levels; 合计 and 科目名称 stand in the middle of both."""
    centred(page, 220, 350, base, "支出")
    for left, end, text in ((40, 80, "编码"), (90, 160, "科目名称"), (175, 210, "合计")):
        centred(page, left, end, base + PITCH / 2, text)
    centred(page, 230, 280, base + PITCH, "基本支出")
    centred(page, 300, 350, base + PITCH, "项目支出")
    return base + 2 * PITCH


def convert(*pages: PdfPage) -> Conversion:
    return convert_document(read_content(Path("budget.pdf"), write_pdf(*pages)))


def figures(conversion: Conversion) -> list[tuple[str | None, str, str]]:
    return [(o.row_code, o.column_label.split()[-1], o.printed) for o in conversion.content.tables[0].observations]


def test_table_without_lines_is_read_whole() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    body(page, header(page, 70))
    conversion = convert(page)
    assert len(figures(conversion)) == 12
    assert ("201", "基本支出", "50.00") in figures(conversion)
    assert (None, "合计", "100.00") in figures(conversion)
    assert find_unread(conversion) == ()
    report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    assert {f.rule for f in report.findings if f.severity == "violation"} <= {"required-table"}
    assert report.checked["sum"].passed > 0
    assert all(o.doubt == "aligned" for o in conversion.content.tables[0].observations)


def test_figures_read_by_alignment_that_contradict_others_are_withheld() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    total, _, *others = ROWS
    body(page, header(page, 70), (total, ("201", "一般公共服务支出", "70.00", "50.00", "30.00"), *others))
    conversion = convert(page)
    report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    assert {f.rule for f in report.findings if f.severity == "violation"} <= {"required-table"}
    assert ("201", "项目支出", "30.00") not in figures(conversion)
    assert sum(issue.key == "alignment-contradicted" for issue in conversion.issues) == 1
    assert find_unread(conversion) != ()


def test_last_digit_on_a_line_of_its_own_belongs_to_the_figure_above() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    base = body(page, header(page, 70), ROWS[:3])
    page.text(COLUMNS[0], base, "205")
    page.text(COLUMNS[1], base, "教育支出")
    for edge, figure in zip(COLUMNS[2:], ("30.0", "10.00", "20.00"), strict=True):
        right(page, edge, base, figure)
    right(page, COLUMNS[2], base + EM * 1.2, "0")
    assert ("205", "合计", "30.00") in figures(convert(page))


def test_table_without_lines_goes_on_over_a_page() -> None:
    first, second = PdfPage(), PdfPage()
    caption(first, "部门支出总表")
    body(first, header(first, 70), ROWS[:2])
    body(second, 40, ROWS[2:])
    assert len(figures(convert(first, second))) == 12


def over_two_pages(unit: str, *, again: bool) -> Conversion:
    """A table whose second page begins with a unit line, with or without its header."""
    first, second = PdfPage(), PdfPage()
    caption(first, "部门支出总表")
    body(first, header(first, 70), ROWS[:2])
    second.text(280, 40, unit)
    body(second, header(second, 70) if again else 70, ROWS[2:])
    return convert(first, second)


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("unit", ["单位：元", "（金额单位：元）"])
def test_table_without_lines_goes_on_below_a_repeated_unit_line(unit: str, again: bool) -> None:
    conversion = over_two_pages(unit, again=again)
    assert len(conversion.documents[0].grids) == 1
    assert len(figures(conversion)) == 12
    assert ("205", "项目支出", "20.00") in figures(conversion)
    assert find_unread(conversion) == ()


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("line", ["单位：万元", "部门：某林场 单位：元"])
def test_figures_below_another_unit_or_office_are_told_as_unread(line: str, again: bool) -> None:
    regions = find_unread(over_two_pages(line, again=again))
    assert [region.figures for region in regions if region.locator.page == 2] == [6]


def test_rows_of_figures_are_no_lines_of_a_paragraph() -> None:
    page = PdfPage(width=500)
    header = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
    rows = (("212", "城乡社区支出", "4.00", "2.00", "2.00"), ("21205", "城乡社区环境卫生", "4.00", "2.00", "2.00"))
    for base, texts in zip((60, 78, 96), (header, *rows), strict=True):
        for x, text in zip((50, 110, 270, 350, 430), texts, strict=True):
            page.text(x, base, text)
    document = read_content(Path("budget.pdf"), write_pdf(page))
    assert [block.text.split()[0] for block in document.blocks] == ["科目编码", "212", "21205"]


def test_words_on_several_lines_belong_to_the_row_in_whose_middle_they_stand() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    base = body(page, header(page, 70), ROWS[:3])
    page.text(COLUMNS[0], base, "205")
    page.text(COLUMNS[1], base - EM * 0.6, "教育")
    page.text(COLUMNS[1], base + EM * 0.6, "支出")
    for edge, figure in zip(COLUMNS[2:], ("30.00", "10.00", "20.00"), strict=True):
        right(page, edge, base, figure)
    conversion = convert(page)
    assert len(figures(conversion)) == 12
    assert {o.row_label for o in conversion.observations if o.row_code == "205"} == {"教育支出"}


def test_empty_table_without_lines_claims_zero() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    base = body(page, header(page, 70), ROWS[:2])
    caption(page, "政府性基金预算支出表", base + 10)
    for left, text in ((40, "编码"), (90, "科目名称"), (180, "合计"), (240, "基本支出"), (310, "项目支出")):
        page.text(left, base + 55, text)
    page.text(40, base + 80, "注：本表无数据")
    conversion = convert(page)
    assert [table.declared_empty for table in conversion.content.tables] == [False, True]


def test_sentences_under_a_title_are_no_table() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    base = body(page, header(page, 70))
    page.text(40, base + 20, "二、支出总表的说明：支出预算100.00元，其中基本支出60.00元，项目支出40.00元。")
    assert len(figures(convert(page))) == 12


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ((94.0, 106.0, 130.0), [100.0, 100.0, 130.0]),
        ((100.0, 112.0, 130.0), [100.0, 100.0, 130.0]),
        ((88.0, 100.0, 118.0, 130.0), [100.0, 100.0, 130.0, 130.0]),
    ],
    ids=["middle", "top", "bottom"],
)
def test_lines_are_assigned_by_the_alignment_of_the_whole_column(lines: tuple[float, ...], rows: list[float]) -> None:
    assert assign_lines({0: lines}, (100.0, 130.0), 10.0)[1] == {0: rows}


def test_header_aligned_to_the_left_spans_from_its_beginning_to_the_next_label() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    lefts = (40, 90, 180, 225, 275, 330)
    page.text(225, 76, "本年支出")
    rows = (
        (76, ("编码", "科目名称", "合计", "", "", "")),
        (88, ("", "", "", "小计", "基本支出", "项目支出")),
        (112, ("", "合计", "19.00", "19.00", "16.00", "3.00")),
        (136, ("201", "一般公共服务", "9.00", "9.00", "6.00", "3.00")),
    )
    for base, row in rows:
        for left, text in zip(lefts, row, strict=True):
            page.text(left, base, text)
    [grid] = convert(page).documents[0].grids
    spans = {cell.text: (cell.row, cell.col, cell.rowspan, cell.colspan) for cell in grid.cells if cell.row <= 2}
    assert spans["本年支出"] == (1, 4, 1, 3)
    assert spans["合计"] == (1, 3, 2, 1)
    assert [spans[text] for text in ("小计", "基本支出", "项目支出")] == [(2, 4, 1, 1), (2, 5, 1, 1), (2, 6, 1, 1)]
