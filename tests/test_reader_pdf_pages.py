"""Tables of PDF files that go on over several pages."""

import pytest
from read_pdfs import HEADER, ROWS, WIDTHS, issues, only_grid, read, texts, with_table
from small_pdfs import PdfPage


def test_a_table_goes_on_over_the_page_and_its_repeated_header_is_dropped() -> None:
    grid = only_grid(with_table(HEADER, ROWS[0]), with_table(HEADER, ROWS[1], y=30))
    assert texts(grid) == [list(HEADER), *(list(row) for row in ROWS)]
    assert grid.parts == 2
    assert [grid.covering[row, 1].locator.page for row in (1, 2, 3)] == [1, 1, 2]


def test_page_numbers_do_not_stand_between_the_parts_of_a_table() -> None:
    pages = [with_table(HEADER, ROWS[0]), with_table(ROWS[1], y=30)]
    for number, page in enumerate(pages, start=1):
        page.text(190, 290, f"- {number} -")
    assert only_grid(*pages).n_rows == 3


def test_running_titles_do_not_stand_between_the_parts_of_a_table() -> None:
    pages = [with_table(HEADER, ROWS[0]), *(with_table(ROWS[1], y=60) for _ in range(4))]
    for page in pages:
        page.text(150, 20, "办公室二〇二四年预算")
    assert only_grid(*pages).parts == 5


def test_text_between_keeps_tables_apart() -> None:
    second = with_table(HEADER, ROWS[1])
    second.text(50, 50, "另一情况表")
    assert [grid.n_rows for grid in read(with_table(HEADER, ROWS[0]), second).grids] == [2, 2]


def test_a_repeated_caption_with_its_header_is_no_other_table() -> None:
    pages = [with_table(HEADER, ROWS[0]), with_table(HEADER, ROWS[1])]
    for page in pages:
        page.text(50, 50, "其他情况表")
    assert only_grid(*pages).n_rows == 3


def test_a_repeated_caption_may_have_its_fields_in_one_line() -> None:
    pages = [with_table(HEADER, ROWS[0]), with_table(HEADER, ROWS[1])]
    for page in pages:
        page.text(50, 50, "部门：园林局")
        page.text(200, 50, "单位：万元")
    assert only_grid(*pages).n_rows == 3


def test_forms_of_one_title_are_tables_of_their_own() -> None:
    def form(name: str, amount: str) -> PdfPage:
        page = PdfPage()
        page.cell(50, 30, 310, 50, "情况填报表")
        page.table(50, 50, WIDTHS, [("名称", name, ""), ("编号", "总额", amount)])
        return page

    text = PdfPage()
    text.text(50, 270, "以下各表为附件。")
    assert [grid.n_rows for grid in read(text, form("甲", "5"), form("乙", "6")).grids] == [2, 2]


def test_a_table_printed_twice_is_two_tables() -> None:
    pages = [with_table(HEADER, *ROWS), with_table(HEADER, *ROWS)]
    for page in pages:
        page.text(50, 50, "其他情况表")
    assert len(read(*pages).grids) == 2


def test_other_columns_are_another_table() -> None:
    second = PdfPage()
    second.table(50, 30, (130, 130), [("名称", "金额"), ("合计", "5")])
    assert len(read(with_table(HEADER, *ROWS), second).grids) == 2


def test_a_header_of_its_own_begins_another_table() -> None:
    other = with_table(("序号", "单位名称", "人数"), ("1", "办公室", "20"), y=30)
    assert len(read(with_table(HEADER, *ROWS), other).grids) == 2


def test_a_page_may_hold_the_total_alone() -> None:
    second = PdfPage()
    second.cell(50, 30, 230, 50, "合计")
    second.cell(230, 30, 310, 50, "1,300.00")
    grid = only_grid(with_table(HEADER, *ROWS), second)
    assert [(cell.text, cell.col, cell.colspan) for cell in grid.row(4)] == [("合计", 1, 2), ("1,300.00", 3, 1)]


def test_columns_are_those_of_all_parts_together() -> None:
    first = PdfPage()
    first.cell(50, 60, 310, 80, "支出")
    first.cell(310, 60, 390, 80, "备注")
    grid = only_grid(first, with_table(HEADER, *ROWS, y=30, page=_with_remarks()))
    assert [(cell.text, cell.col, cell.colspan) for cell in grid.row(1)] == [("支出", 1, 3), ("备注", 4, 1)]


def test_a_page_may_have_further_columns_at_the_right() -> None:
    second = PdfPage()
    second.table(50, 30, (*WIDTHS, 60), [("221", "住房保障支出", "9.00", "见附件")])
    grid = only_grid(with_table(HEADER, *ROWS), second, with_table(("224", "灾害防治", "1.00"), y=30))
    assert texts(grid)[3:] == [["221", "住房保障支出", "9.00", "见附件"], ["224", "灾害防治", "1.00"]]
    assert [(cell.row, cell.col) for cell in grid.cells if cell.text in ("见附件", "1.00")] == [(4, 4), (5, 3)]


def _with_remarks() -> PdfPage:
    page = PdfPage()
    for number in range(3):
        page.cell(310, 30 + 16 * number, 390, 46 + 16 * number, "无")
    return page


def test_a_row_broken_by_the_page_is_joined_and_said_so() -> None:
    first = with_table(HEADER, ("208", "机关事业单位的基本养老", "65.50"))
    document = read(first, with_table(("", "保险缴费支出", ""), ("221", "住房保障支出", "7.00"), y=30))
    cell = document.grids[0].covering[2, 2]
    assert (cell.text, document.grids[0].n_rows) == ("机关事业单位的基本养老保险缴费支出", 3)
    assert cell.flags == {"joined-wrap", "joined-page"}
    assert issues(document) == ["row-joined"]


def test_words_that_begin_where_those_above_began_leave_the_same_room_at_the_end() -> None:
    def part(*rows: tuple[str, str, str]) -> PdfPage:
        page = PdfPage()
        for number, (code, name, amount) in enumerate(rows):
            top = 60 + 16 * number
            for left, right, text in ((50, 110, code), (110, 230, ""), (230, 310, amount)):
                page.cell(left, top, right, top + 16, text)
            page.text(116, top + 12, name)
        return page

    document = read(part(HEADER, ("208", "机关事业单位基本养老", "65.50")), part(("", "保险缴费支出", ""), ROWS[1]))
    assert document.grids[0].text(2, 2) == "机关事业单位基本养老保险缴费支出"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (("208", "机关事业单位的基本养老", "65.50"), ("", "保险缴费支出", "7.00")),
        (("208", "养老", "65.50"), ("", "保险缴费支出", "")),
        (("208", "机关事业单位基本的养老。", "65.50"), ("", "保险缴费支出", "")),
        (("208", "机关事业单位的基本养老", "65.50"), ("", "二、保险缴费支出", "")),
        (("", "机关事业单位的基本养老", ""), ("", "保险缴费支出", "")),
        (("", "机关事业单位的基本养老", ""), ("", "保险缴费支出", "7.00")),
    ],
    ids=["figures in both", "the line was not full", "sentence ended", "next item", "unnamed", "unnamed with figure"],
)
def test_rows_are_not_joined_where_that_is_not_safe(above: tuple[str, ...], below: tuple[str, ...]) -> None:
    document = read(with_table(HEADER, above), with_table(below, y=30))
    assert texts(document.grids[0])[1:] == [list(above), list(below)]
    assert issues(document) == []


def test_a_merged_cell_broken_by_the_page_covers_both_parts() -> None:
    first, second = PdfPage(), PdfPage()
    first.cell(50, 60, 110, 100, "其他资金")
    second.cell(50, 30, 110, 70)
    for page, top, names in ((first, 60, ("小计", "事业收入")), (second, 30, ("经营收入", "其他收入"))):
        for number, name in enumerate(names):
            page.cell(110, top + 20 * number, 230, top + 20 * (number + 1), name)
            page.cell(230, top + 20 * number, 310, top + 20 * (number + 1), f"{number + 1}.00")
    cell = only_grid(first, second).covering[4, 1]
    assert (cell.text, cell.rowspan, cell.flags) == ("其他资金", 4, frozenset({"joined-page"}))


def test_a_header_that_ends_with_its_page_leaves_the_first_row_alone() -> None:
    first = PdfPage()
    first.cell(50, 60, 110, 100, "编码")
    first.cell(110, 60, 310, 80, "本年支出")
    first.cell(110, 80, 230, 100, "基本支出")
    first.cell(230, 80, 310, 100, "项目支出")
    grid = only_grid(first, with_table(("", "60.00", "40.00"), ("201", "60.00", "40.00"), y=30))
    assert [cell.text for cell in grid.row(3)] == ["", "60.00", "40.00"]
    assert grid.covering[1, 1].rowspan == 2


def test_a_header_row_broken_by_the_page_is_one_row() -> None:
    first = with_table(("科目", "机关事业单位基本养老保", "项目支出"))
    grid = only_grid(first, with_table(("", "险缴费支出", ""), ("201", "60.00", "40.00"), y=30))
    assert texts(grid) == [["科目", "机关事业单位基本养老保险缴费支出", "项目支出"], ["201", "60.00", "40.00"]]


def test_a_row_whose_numbers_are_broken_by_the_page_is_one_row() -> None:
    def part(y: float, *rows: tuple[str, ...]) -> PdfPage:
        page = PdfPage()
        page.table(50, y, (80, 40, 40), rows)
        return page

    grid = only_grid(
        part(60, ("名称", "合计", "项目"), ("一般公共服务支", "595,000", "105,000")), part(30, ("出", ".00", ".50"))
    )
    assert texts(grid)[1:] == [["一般公共服务支出", "595,000.00", "105,000.50"]]


def test_a_single_character_below_a_full_line_is_no_row() -> None:
    first = with_table(HEADER, ("", "区级财政预算的资金的支", "20.00"))
    assert texts(only_grid(first, with_table(("", "出", ""), y=30)))[1:] == [["", "区级财政预算的资金的支出", "20.00"]]
