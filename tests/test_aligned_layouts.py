"""Tables without ruling lines in the layouts of word processors: narrow cells, wide headers, page breaks, lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pdfs import EM, PdfPage, write_pdf
from test_aligned_tables import COLUMNS, ROWS, body, caption, centred, convert, figures, header, right

from converters import Conversion, find_unread
from converters.model.document import ALIGNED, Grid
from converters.readers import read_content
from converters.readers.pdf.alignment.rows import assign_lines, find_anchors
from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary


def stacked(page: PdfPage, left: float, base: float, lines: str) -> None:
    """Write lines below one another, as a narrow cell breaks them; `/` divides the lines."""
    for number, line in enumerate(lines.split("/")):
        page.text(left, base + number * 1.3 * EM, line)


def spans(grid: Grid) -> dict[str, tuple[int, int, int, int]]:
    return {cell.text: (cell.row, cell.col, cell.rowspan, cell.colspan) for cell in grid.cells if cell.row <= 2}


def test_figures_broken_over_several_lines_are_whole() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    lefts = (40.0, 90.0, 180.0, 230.0, 280.0)
    for left, text in zip(lefts, ("编码", "科目名称", "合计", "基本支出", "项目支出"), strict=True):
        stacked(page, left, 70, text)
    for base, row in (
        (90.0, ("", "合计", "1483/5573./24", "1424/0573./24", "59500/0.00")),
        (130.0, ("201", "一般公共服务支出", "1170/0557./44", "1110/5557./44", "59500/0.00")),
        (170.0, ("205", "教育支出", "31350/15.80", "31350/15.80", "0.00")),
    ):
        for left, text in zip(lefts, row, strict=True):
            stacked(page, left, base, text)
    printed = [(code, column, text) for code, column, text in figures(convert(page)) if code != "205"]
    assert (None, "合计", "14835573.24") in printed
    assert ("201", "基本支出", "11105557.44") in printed
    assert ("201", "项目支出", "595000.00") in printed


def test_header_centred_over_three_columns_spans_them_though_it_is_as_wide_as_the_middle_label() -> None:
    page = PdfPage(width=600)
    caption(page, "一般公共预算支出表")
    centres = (60.0, 150.0, 250.0, 330.0, 410.0, 490.0, 570.0)
    for base, labels in (
        (70.0, ("编码", "科目名称", "合计", "", "基本支出", "", "项目支出")),
        (85.0, ("", "", "", "小计", "人员经费", "公用经费", "")),
    ):
        for centre, text in zip(centres, labels, strict=True):
            centred(page, centre, centre, base, text)
    for base, row in (
        (110.0, ("", "合计", "9.00", "7.00", "4.00", "3.00", "2.00")),
        (134.0, ("201", "一般公共服务", "9.00", "7.00", "4.00", "3.00", "2.00")),
    ):
        page.text(45, base, row[0])
        page.text(110, base, row[1])
        for centre, text in zip(centres[2:], row[2:], strict=True):
            right(page, centre + 25, base, text)
    [grid] = convert(page).documents[0].grids
    assert spans(grid)["基本支出"] == (1, 4, 1, 3)
    assert spans(grid)["项目支出"] == (1, 7, 2, 1)


def test_two_labels_below_one_another_are_two_where_the_column_has_room_for_both() -> None:
    page = PdfPage()
    caption(page, "部门收支总表")
    for base, labels in ((70.0, ("收入", "", "支出", "")), (84.0, ("项目", "预算数", "项目", "预算数"))):
        for left, text in zip((40, 150, 210, 320), labels, strict=True):
            page.text(left, base, text)
    for base, row in (
        (108.0, ("一、一般公共预算收入", "90.00", "一、教育支出", "90.00")),
        (132.0, ("收入总计", "90.00", "支出总计", "90.00")),
    ):
        for left, text in zip((40, 150, 210, 320), row, strict=True):
            page.text(left, base, text)
    [grid] = convert(page).documents[0].grids
    assert spans(grid)["收入"] == (1, 1, 1, 2)
    assert spans(grid)["支出"] == (1, 3, 1, 2)


def test_a_name_goes_on_over_the_page() -> None:
    first, second = PdfPage(), PdfPage()
    caption(first, "部门支出总表")
    base = body(first, header(first, 70), ROWS[:3])
    first.text(COLUMNS[0], base, "205")
    first.text(COLUMNS[1], base, "教育支出以及其他")
    for edge, figure in zip(COLUMNS[2:], ("30.00", "10.00", "20.00"), strict=True):
        right(first, edge, base, figure)
    second.text(COLUMNS[1], 40, "支出")
    body(second, 64, (("210", "卫生健康支出", "0.00", "0.00", "0.00"),))
    labels = {o.row_label for o in convert(first, second).content.tables[0].observations if o.row_code == "205"}
    assert labels == {"教育支出以及其他支出"}


def purchases(chair: str, *, by_row: bool) -> Conversion:
    """A list whose second item costs `chair` for two chairs of 300, drawn row by row or column by column."""
    page = PdfPage(width=500)
    caption(page, "政府采购预算表")
    lefts = (40.0, 140.0, 240.0, 300.0, 370.0)
    cells = [
        (base, left, text)
        for base, row in (
            (70.0, ("项目", "采购品目", "采购数量", "单价(元)", "采购金额")),
            (94.0, ("合计", "", "3", "", "700")),
            (118.0, ("办公", "复印纸", "1", "100", "100")),
            (142.0, ("办公", "办公椅", "2", "300", chair)),
        )
        for left, text in zip(lefts, row, strict=True)
    ]
    for base, left, text in cells if by_row else sorted(cells, key=lambda cell: cell[1]):
        page.text(left, base, text)
    return convert(page)


@pytest.mark.parametrize(
    ("chair", "by_row", "read", "told"),
    [
        ("600", True, {"700", "100", "600"}, False),
        ("600", False, {"700", "100", "600"}, False),
        ("900", False, set(), False),
        ("900", True, {"700", "100", "900"}, True),
    ],
    ids=["holds", "holds-drawn-by-column", "contradicts-drawn-by-column", "contradicts"],
)
def test_a_contradiction_in_a_list_is_told_where_drawing_order_makes_its_rows_certain(
    chair: str, by_row: bool, read: set[str], told: bool
) -> None:
    conversion = purchases(chair, by_row=by_row)
    [table] = conversion.content.tables
    assert {o.printed for o in table.observations if o.measure == "amount"} == read
    assert bool(table.observations) == bool(read), "prices too are withheld of a table that was not understood"
    report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    assert any(f.rule == "product" for f in report.findings) == told


def test_drawing_order_tells_rows_apart_whose_words_stand_at_other_heights() -> None:
    """The words of an item are on more lines than its figures have, in the middle of which these stand."""
    page = PdfPage(width=500)
    caption(page, "政府采购预算表")
    for base, row in (
        (70.0, ("项目", "采购品目", "采购数量", "采购金额")),
        (110.0, ("办公用品采购", "复印纸/订书机/和笔", "1", "100")),
        (155.0, ("办公家具", "办公椅", "2", "600")),
        (180.0, ("印刷", "其他印刷/服务", "1", "50")),
    ):
        for left, text in zip((40.0, 140.0, 240.0, 330.0), row, strict=True):
            stacked(page, left, base - 0.65 * EM * text.count("/"), text)
    grid = read_content(Path("budget.pdf"), write_pdf(page)).grids[0]
    assert [[cell.text for cell in grid.row(number)] for number in range(2, 5)] == [
        ["办公用品采购", "复印纸订书机和笔", "1", "100"],
        ["办公家具", "办公椅", "2", "600"],
        ["印刷", "其他印刷服务", "1", "50"],
    ]


def test_a_table_whose_title_alone_was_read_is_not_missing() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    base = body(page, header(page, 70))
    caption(page, "部门收入总表", base + 20)
    conversion = convert(page)
    report = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    assert "required-table" not in {finding.rule for finding in report.findings}
    assert [region.issue.key for region in find_unread(conversion)] == ["unread-title"]


def test_a_numbered_item_begins_a_row_of_its_own() -> None:
    bases = {0: [100.0, 112.0, 124.0]}
    together, apart = {0: [0.0, 0.0, 0.0]}, {0: [2.0, 2.0, 2.0]}
    assert assign_lines(bases, [100.0], EM, ["top"], together)[1] == {0: [100.0, 100.0, 100.0]}
    assert assign_lines(bases, [100.0], EM, ["top"], apart)[1] == {0: [100.0, 112.0, 124.0]}


@pytest.mark.parametrize(
    ("figures_of_rows", "alignment"),
    [
        (([100.0], [100.0, 112.0], [150.0], [150.0, 162.0, 174.0]), "top"),
        (([106.0], [100.0, 112.0], [162.0], [150.0, 162.0, 174.0]), "middle"),
        (([112.0], [100.0, 112.0], [174.0], [150.0, 162.0, 174.0]), "bottom"),
    ],
)
def test_broken_figures_tell_how_cells_are_aligned(figures_of_rows: tuple[list[float], ...], alignment: str) -> None:
    anchors, alignments = find_anchors(figures_of_rows, EM)
    assert alignments == [alignment]
    assert len(anchors) == 2


def test_the_number_of_a_table_below_its_unit_is_no_part_of_it() -> None:
    page = PdfPage()
    caption(page, "部门支出总表")
    page.text(40, 54, "预算11表")
    body(page, header(page, 66))
    grid = convert(page).documents[0].grids[0]
    assert [cell.text for cell in grid.row(1)][:3] == ["编码", "科目名称", "合计"]
    assert ("201", "基本支出", "50.00") in figures(convert(page))


def test_a_figure_drawn_by_itself_close_behind_another_is_in_a_cell_of_its_own() -> None:
    """A figure aligned to the right ends where one aligned to the left begins, as in a workbook fitted to a page."""
    page = PdfPage(width=500)
    caption(page, "政府采购预算表")
    for base, row in (
        (70.0, ("项目", "采购数量", "单价(元)", "采购金额")),
        (94.0, ("复印纸", "12", "100", "1200")),
        (118.0, ("办公椅", "2", "300", "600")),
    ):
        name, count, price, amount = row
        page.text(40, base, name)
        if base == 70.0:
            page.text(150, base, count)
            page.text(202, base, price)
        else:
            right(page, 200, base, count)
            page.text(201.5, base, price)
        page.text(300, base, amount)
    grid = read_content(Path("budget.pdf"), write_pdf(page)).grids[0]
    assert [cell.text for cell in grid.row(2)] == ["复印纸", "12", "100", "1200"]


@pytest.mark.parametrize(("below", "told"), [("900", True), ("600", False)])
def test_rows_on_both_sides_of_a_page_break_are_certain_where_the_number_above_is_whole(below: str, told: bool) -> None:
    first, second = PdfPage(width=500), PdfPage(width=500)
    caption(first, "政府采购预算表")
    lefts = (40.0, 140.0, 240.0, 300.0, 370.0)
    for page, base, row in (
        (first, 70.0, ("项目", "采购品目", "采购数量", "单价(元)", "采购金额")),
        (first, 94.0, ("办公", "复印纸", "1", "100", "100")),
        (second, 40.0, ("办公", "办公椅", "2", "300", below)),
    ):
        for left, text in zip(lefts, row, strict=True):
            page.text(left, base, text)
    report = check(convert(first, second).graph, vocabulary=rule_vocabulary(DEFAULT_BASE))
    assert any(f.rule == "product" for f in report.findings) == told


def test_figures_that_a_page_break_divides_are_whole() -> None:
    first, second = PdfPage(), PdfPage()
    caption(first, "部门支出总表")
    lefts = (40.0, 90.0, 180.0, 230.0, 280.0)
    for left, text in zip(lefts, ("编码", "科目名称", "合计", "基本支出", "项目支出"), strict=True):
        first.text(left, 70, text)
    for page, base, row in (
        (first, 94.0, ("", "合计", "1483557/3.24", "1424057/3.24", "595000/.00")),
        (first, 130.0, ("201", "一般公共", "117005/57.", "111055/57.", "595000")),
        (second, 40.0, ("", "服务支出", "44", "44", ".00")),
        (second, 64.0, ("205", "教育支出", "3135015/.80", "3135015/.80", "0.00")),
    ):
        for left, text in zip(lefts, row, strict=True):
            stacked(page, left, base, text)
    printed = [text for code, _, text in figures(convert(first, second)) if code == "201"]
    assert printed == ["11700557.44", "11105557.44", "595000.00"]


@pytest.mark.parametrize(("levels", "certain"), [(2, True), (3, False)])
def test_figures_below_a_header_of_three_levels_are_not_certain(levels: int, certain: bool) -> None:
    page = PdfPage(width=500)
    caption(page, "一般公共预算支出表")
    lefts = (40.0, 100.0, 200.0, 260.0, 330.0, 410.0)
    header = (
        ("编码", "科目名称", "合计", "基本支出", "", "项目支出"),
        ("", "", "", "小计", "人员经费", ""),
        ("", "", "", "", "工资", ""),
    )
    rows = (("", "合计", "9.00", "7.00", "4.00", "2.00"), ("201", "一般公共服务", "9.00", "7.00", "4.00", "2.00"))
    for number, row in enumerate((*header[:levels], *rows)):
        for left, text in zip(lefts, row, strict=True):
            page.text(left, 80 + number * 24, text)
    [grid] = convert(page).documents[0].grids
    figure = next(cell for cell in grid.cells if cell.text == "9.00")
    assert (ALIGNED not in figure.flags) == certain
