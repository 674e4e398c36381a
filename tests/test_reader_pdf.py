"""PDF files become documents: what is seen on a page is read, what is joined or left out is said."""

import subprocess
import sys
from pathlib import Path
from typing import Literal

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_pdfs import EM, PdfPage, write_pdf

from converters import Document, DocumentError, read_document
from converters.model.document import Grid
from converters.readers import read_content
from converters.readers.pdf.settings import PdfSettings

WIDTHS = (60.0, 120.0, 80.0)
HEADER = ("编码", "名称", "金额")
ROWS = (("201", "一般公共服务支出", "1,234.50"), ("208", "社会保障支出", "65.50"))


def read(*pages: PdfPage) -> Document:
    return read_content(Path("budget.pdf"), write_pdf(*pages))


def only_grid(*pages: PdfPage) -> Grid:
    [grid] = read(*pages).grids
    return grid


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.row(row)] for row in range(1, grid.n_rows + 1)]


def with_table(*rows: tuple[str, ...], x: float = 50, y: float = 60, page: PdfPage | None = None) -> PdfPage:
    page = page or PdfPage()
    page.table(x, y, WIDTHS, rows)
    return page


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def issues(document: Document) -> list[str]:
    return [issue.key for issue in document.issues]


# ── Tables ──────────────────────────────────────────────────────────────────────────────────────


def test_a_table_drawn_with_lines_is_a_grid() -> None:
    grid = only_grid(with_table(HEADER, *ROWS))
    assert texts(grid) == [list(HEADER), *(list(row) for row in ROWS)]
    assert (grid.n_rows, grid.n_cols, grid.header_rows, grid.parts, grid.method) == (3, 3, 1, 1, "lattice")


def test_a_cell_knows_its_page_and_box_from_the_top_left() -> None:
    cell = next(only_grid(with_table(HEADER)).row(1))
    assert (cell.locator.page, cell.locator.bbox) == (1, (50.0, 60.0, 110.0, 76.0))


def test_lines_may_be_thin_rectangles_and_white_areas_are_no_lines() -> None:
    page = PdfPage()
    for x in (50, 150, 250):
        page.rectangle(x, 50, x + 0.5, 90)
    for y in (50, 70, 90):
        page.rectangle(50, y, 250, y + 0.5)
    page.rectangle(80, 55, 130, 85, grey=1)
    for x, y, text in ((52, 63, "项目"), (152, 63, "金额"), (52, 83, "合计"), (152, 83, "8")):
        page.text(x, y, text)
    assert texts(only_grid(page)) == [["项目", "金额"], ["合计", "8"]]


def test_lines_drawn_twice_side_by_side_make_no_empty_columns() -> None:
    page = with_table(HEADER, *ROWS)
    page.line(112.5, 60, 112.5, 108)
    page.line(50, 110, 310, 110)
    assert only_grid(page).n_cols == 3
    assert only_grid(page).n_rows == 3


def test_a_table_open_at_its_sides_is_closed_where_its_lines_end() -> None:
    page = PdfPage()
    for y in (50, 70, 90):
        page.line(50, y, 250, y)
    page.line(150, 40, 150, 90)
    page.line(200, 40, 200, 90)
    for row, y in enumerate((48, 63, 83)):
        for column, x in enumerate((60, 160, 210)):
            page.text(x, y, f"{row}.{column}")
    assert texts(only_grid(page)) == [["0.0", "0.1", "0.2"], ["1.0", "1.1", "1.2"], ["2.0", "2.1", "2.2"]]


def test_two_tables_on_a_page_have_their_own_headings() -> None:
    page = PdfPage()
    page.text(50, 50, "其他情况表")
    with_table(HEADER, ROWS[0], page=page)
    page.text(50, 160, "另一情况表")
    with_table(HEADER, ROWS[1], y=170, page=page)
    first, second = read(page).grids
    assert [block.text for block in first.heading] == ["其他情况表"]
    assert [block.text for block in second.heading] == ["另一情况表"]


def test_a_frame_around_text_is_text() -> None:
    page = PdfPage()
    page.cell(50, 50, 350, 100, "说明")
    document = read(page)
    assert (document.grids, lines(document)) == ((), ["说明"])


def test_a_caption_is_divided_into_its_fields() -> None:
    page = PdfPage()
    page.text(120, 30, "其他情况表")
    page.text(50, 50, "部门：办公室")
    page.text(260, 50, "单位：元")
    assert [block.text for block in only_grid(with_table(HEADER, *ROWS, page=page)).heading] == [
        "其他情况表",
        "部门：办公室",
        "单位：元",
    ]


def test_a_field_that_wraps_is_one_field() -> None:
    page = PdfPage()
    page.text(50, 30, "部门：人民代表大会常")
    page.text(260, 36, "单位：元")
    page.text(80, 42, "务委员会")
    heading = [block.text for block in only_grid(with_table(HEADER, *ROWS, page=page)).heading]
    assert heading == ["部门：人民代表大会常务委员会", "单位：元"]


def test_a_row_of_one_cell_above_the_header_is_the_heading() -> None:
    page = PdfPage()
    page.cell(50, 40, 310, 60, "其他情况表")
    with_table(HEADER, *ROWS, page=page)
    grid = only_grid(page)
    assert ([block.text for block in grid.heading], grid.n_rows) == (["其他情况表"], 3)


def test_a_row_of_one_cell_is_a_header_where_a_caption_stands_above() -> None:
    page = PdfPage()
    page.text(50, 35, "其他情况表")
    page.cell(50, 40, 310, 60, "本年支出")
    with_table(HEADER, *ROWS, page=page)
    assert next(only_grid(page).row(1)).colspan == 3


def test_a_last_row_of_one_cell_is_a_note() -> None:
    page = PdfPage()
    below = page.table(50, 60, WIDTHS, [HEADER, *ROWS])
    page.cell(50, below, 310, below + 20, "注：没有其他支出。")
    grid = only_grid(page)
    assert ([block.text for block in grid.notes], grid.n_rows) == (["注：没有其他支出。"], 3)


@st.composite
def tilings(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, int, int, int]]]:
    """A grid of up to six by six places divided into rectangles, no row or column without an edge of its own."""
    n_rows, n_cols = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    taken: set[tuple[int, int]] = set()
    spans = []
    for row in range(n_rows):
        for col in range(n_cols):
            if (row, col) in taken:
                continue
            free = next((c for c in range(col, n_cols) if (row, c) in taken), n_cols) - col
            tall, wide = draw(st.integers(1, n_rows - row)), draw(st.integers(1, free))
            spans.append((row, col, tall, wide))
            taken |= {(r, c) for r in range(row, row + tall) for c in range(col, col + wide)}
    tops, lefts = {span[0] for span in spans}, {span[1] for span in spans}
    if len(tops) < n_rows or len(lefts) < n_cols or any(span[3] == n_cols for span in spans):
        return draw(st.just((1, 2, [(0, 0, 1, 1), (0, 1, 1, 1)])))
    return n_rows, n_cols, spans


@given(tilings())
@settings(max_examples=60)
def test_merged_cells_are_read_as_they_were_drawn(tiling: tuple[int, int, list[tuple[int, int, int, int]]]) -> None:
    n_rows, n_cols, spans = tiling
    page = PdfPage(height=400)
    for row, col, tall, wide in spans:
        page.cell(50 + 40 * col, 50 + 30 * row, 50 + 40 * (col + wide), 50 + 30 * (row + tall), f"{row}-{col}")
    grid = only_grid(page)
    read_back = [(c.row - 1, c.col - 1, c.rowspan, c.colspan, c.text) for c in grid.cells]
    assert read_back == [(*span, f"{span[0]}-{span[1]}") for span in spans]
    assert (grid.n_rows, grid.n_cols) == (n_rows, n_cols)


# ── The text of a cell ──────────────────────────────────────────────────────────────────────────


def cell_of(text: str, width: float = 60) -> tuple[str, frozenset[str], list[str]]:
    page = PdfPage()
    page.table(50, 50, (100, width), [("项目", "金额"), ("合计", text)])
    document = read(page)
    cell = document.grids[0].covering[2, 2]
    return cell.text, cell.flags, issues(document)


def test_wrapped_words_are_joined_without_a_space() -> None:
    assert cell_of("机关事业单\n位养老") == ("机关事业单位养老", frozenset({"joined-wrap"}), [])


def test_wrapped_latin_words_keep_their_space() -> None:
    assert cell_of("PC server\nand more")[0] == "PC server and more"


def test_a_number_wrapped_in_a_narrow_cell_is_joined_and_said_so() -> None:
    assert cell_of("1,249,536\n.00", 50) == (
        "1,249,536.00",
        frozenset({"joined-wrap", "joined-number"}),
        ["number-joined"],
    )


def test_numbers_below_each_other_are_no_number() -> None:
    text, flags, said = cell_of("120\n35", 100)
    assert (text, said) == ("120\n35", ["several-numbers"])
    assert "several-numbers" in flags


def test_numbers_beside_each_other_are_no_number() -> None:
    assert cell_of("12.5   30", 100) == ("12.5\n30", frozenset({"several-numbers"}), ["several-numbers"])


def test_text_that_runs_over_the_line_stays_in_its_cell() -> None:
    page = PdfPage()
    page.table(50, 50, (40, 60), [("项目", "金额"), ("一般公共服务", "")])
    document = read(page)
    cell = document.grids[0].covering[2, 1]
    assert (cell.text, cell.flags, issues(document)) == (
        "一般公共服务",
        frozenset({"overflow"}),
        ["text-overflows"],
    )


def test_words_that_touch_the_amount_in_the_next_cell_leave_it_there() -> None:
    page = PdfPage()
    page.table(50, 50, (40, 60), [("项目", "金额"), ("一般公服", "65.50")])
    assert texts(only_grid(page))[1] == ["一般公服", "65.50"]


def test_a_letter_drawn_twice_for_bold_type_counts_once() -> None:
    page = PdfPage()
    page.table(50, 50, (100, 60), [("项目", "金额"), ("合计", "88.0")])
    page.text(152.3, 78, "88.0")
    assert only_grid(page).text(2, 2) == "88.0"


def test_spaced_out_words_keep_one_space() -> None:
    page = PdfPage()
    page.table(50, 50, (100, 60), [("项目", "金额"), ("", "8")])
    page.text(60, 78, "支出")
    page.text(110, 78, "合计")
    assert only_grid(page).text(2, 1) == "支出 合计"


def test_a_number_off_its_baseline_belongs_to_its_cell() -> None:
    page = PdfPage()
    page.cell(50, 50, 150, 90, "合计")
    page.cell(150, 50, 250, 90)
    page.text(160, 85, "12.5")
    assert texts(only_grid(page)) == [["合计", "12.5"]]


# ── Tables over several pages ───────────────────────────────────────────────────────────────────


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


# ── Running text ────────────────────────────────────────────────────────────────────────────────


def paragraph(page: PdfPage, y: float, *parts: str, indent: float = 2 * EM) -> None:
    for number, part in enumerate(parts):
        page.text(50 + (indent if number == 0 else 0), y + 16 * number, part)


FULL = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"


def test_a_sentence_over_lines_is_one_block() -> None:
    page = PdfPage()
    paragraph(page, 60, FULL[2:], FULL, "支出5万元。")
    paragraph(page, 120, "另一段。")
    assert lines(read(page)) == [FULL[2:] + FULL + "支出5万元。", "另一段。"]


def test_a_sentence_over_a_page_number_is_one_block() -> None:
    first, second = PdfPage(), PdfPage()
    paragraph(first, 240, FULL[2:], FULL)
    first.text(190, 290, "3")
    paragraph(second, 60, "支出5万元。", indent=0)
    second.text(190, 290, "4")
    assert lines(read(first, second)) == [FULL[2:] + FULL + "支出5万元。"]


def test_a_new_paragraph_on_the_next_page_is_its_own_block() -> None:
    first, second = PdfPage(), PdfPage()
    paragraph(first, 240, FULL[2:], FULL)
    paragraph(second, 60, FULL[2:], "支出5万元。")
    assert len(lines(read(first, second))) == 2


def test_items_of_a_list_are_blocks_of_their_own() -> None:
    page = PdfPage()
    page.text(50, 60, "一、" + FULL[3:])
    page.text(50, 76, "二、支出总表")
    assert lines(read(page)) == ["一、" + FULL[3:], "二、支出总表"]


def test_the_number_of_a_table_is_no_page_number() -> None:
    pages = [PdfPage() for _ in range(3)]
    for number, page in enumerate(pages, start=1):
        page.text(50, 25, f"公开0{number}表")
        page.text(50, 150, "部门预算")
    assert lines(read(*pages)).count("部门预算") == 3
    assert "公开02表" in lines(read(*pages))


def test_a_hyphen_at_the_end_of_a_line_stays() -> None:
    page = PdfPage()
    paragraph(page, 60, FULL[2:-4] + " 2018-", "2020年")
    assert lines(read(page))[0].endswith("2018-2020年")


# ── What is not seen ────────────────────────────────────────────────────────────────────────────


def test_text_outside_the_page_is_left_out_and_said_so() -> None:
    page = PdfPage()
    page.text(50, 100, "支出5万元。")
    page.text(50, -40, "看不到")
    document = read(page)
    assert lines(document) == ["支出5万元。"]
    assert [(issue.key, issue.values["count"]) for issue in document.issues] == [("text-hidden", 3)]


def test_text_that_a_clip_cuts_off_is_left_out() -> None:
    page = PdfPage()
    page.operations.append("q 0 200 400 100 re W n")
    page.text(50, 50, "支出5万元。")
    page.text(50, 150, "看不到")
    page.operations.append("Q")
    assert lines(read(page)) == ["支出5万元。"]


def test_a_clip_ends_with_its_drawing() -> None:
    page = PdfPage()
    page.operations.append("q 0 200 400 100 re W n Q")
    page.text(50, 150, "看得到")
    assert lines(read(page)) == ["看得到"]


def test_a_page_of_other_origin_is_read_from_its_own_corner() -> None:
    page = with_table(HEADER, *ROWS)
    page.box = (20, 10, 420, 300)
    cell = next(only_grid(page).row(1))
    assert cell.locator.bbox == (30.0, 60.0, 90.0, 76.0)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_shown_turned_is_read_as_its_text_stands(rotate: int) -> None:
    page = PdfPage(width=400, height=400, rotate=rotate)
    turned = {90: "0 1 -1 0 400 0", 180: "-1 0 0 -1 400 400", 270: "0 -1 1 0 0 400"}[rotate]
    page.operations.append(f"q {turned} cm")
    with_table(HEADER, *ROWS, page=page)
    page.operations.append("Q")
    grid = only_grid(page)
    assert texts(grid) == [list(HEADER), *(list(row) for row in ROWS)]
    assert next(grid.row(1)).locator.bbox == (50.0, 60.0, 110.0, 76.0)


def test_a_table_printed_sideways_is_read_upright() -> None:
    page = PdfPage(width=400, height=400)
    page.operations.append("q 0 1 -1 0 400 0 cm")
    with_table(HEADER, *ROWS, page=page)
    page.operations.append("Q")
    grid = only_grid(page)
    assert texts(grid) == [list(HEADER), *(list(row) for row in ROWS)]
    assert next(grid.row(1)).locator.bbox == (60.0, 290.0, 76.0, 350.0)


def test_a_page_of_shapes_without_characters_is_said_so() -> None:
    page = PdfPage()
    page.text(50, 60, "支出\ue001\ue002")
    assert [(issue.key, issue.values) for issue in read(page).issues] == [("text-nameless", {"count": 2})]


@pytest.mark.parametrize(
    ("font", "text"),
    [("chinese", "年"), ("chinese", "7"), ("chinese", "。"), ("numbered", "年"), ("numbered", "7"), ("latin", "7")],
)
def test_a_single_character_is_read_though_its_font_is_not_in_the_file(
    font: Literal["chinese", "numbered", "latin"], text: str
) -> None:
    page = PdfPage(font=font)
    page.text(50, 60, text)
    assert lines(read(page)) == [text]


@pytest.mark.parametrize("font", ["chinese", "numbered"])
def test_a_blank_in_a_font_that_is_not_in_the_file_stays_a_blank(font: Literal["chinese", "numbered"]) -> None:
    page = PdfPage(font=font)
    page.text(50, 60, "合计")
    page.text(90, 60, " ")
    page.text(110, 60, "\u3000")
    page.text(130, 60, "5")
    assert lines(read(page)) == ["合计 5"]


_WITHOUT_FONTS = """
import ctypes, sys
from pathlib import Path
import pypdfium2.raw as pdfium
from converters.readers import read_content

if len(sys.argv) > 1:
    pdfium.FPDF_DestroyLibrary()
    folders = (ctypes.c_char_p * 2)(sys.argv[1].encode(), None)
    pointer = ctypes.cast(folders, type(pdfium.FPDF_LIBRARY_CONFIG().m_pUserFontPaths))
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=pointer))
print(read_content(Path("a.pdf"), sys.stdin.buffer.read()))
"""


def test_a_machine_without_fonts_reads_the_same(tmp_path: Path) -> None:
    pages = [with_table(HEADER, *ROWS, page=PdfPage(font=font)) for font in ("chinese", "numbered")]
    for page in pages:
        page.text(50, 40, "年")
        page.text(90, 40, "7")
    content = write_pdf(*pages)
    command = sys.executable, "-c", _WITHOUT_FONTS
    with_fonts, without = (
        subprocess.run([*command, *folder], input=content, capture_output=True, check=True).stdout.decode()
        for folder in ([], [str(tmp_path)])
    )
    assert with_fonts == without
    assert all(row[1] in without for row in ROWS)


def test_pdfium_draws_with_the_fonts_of_the_machine_when_nothing_is_read() -> None:
    page = PdfPage()
    page.text(50, 60, "年")
    content = write_pdf(page)

    def ink() -> tuple[float, ...]:
        with pypdfium2.PdfDocument(content) as document:
            textpage = document[0].get_textpage()
            return textpage.get_charbox(0) if textpage.count_chars() else ()

    before = ink()
    read(page)
    assert ink() == before


# ── Files that cannot be read ───────────────────────────────────────────────────────────────────

LOCKED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}> /U <{'00' * 32}> >> /ID [<00> <00>]"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (write_pdf(with_table(HEADER), trailer=LOCKED), "pdf-encrypted"),
        (b"", "pdf-damaged"),
        (b"%PDF-1.7\nnothing more", "pdf-damaged"),
        (write_pdf(PdfPage()), "pdf-without-text"),
    ],
    ids=["locked", "empty", "cut off", "scanned"],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, key: str, language: str) -> None:
    path = tmp_path / "budget.PDF"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert caught.value.key == key
    assert path.name in caught.value.text(language)


def test_every_issue_has_words_in_both_languages() -> None:
    first = with_table(HEADER, ("208", "机关事业单位的基本养老", "1\n2"), ("208", "机关事业单位的基本养老", "65"))
    first.text(50, -40, "看不到")
    first.text(240, 55, "超出了所在的格子")
    document = read(first, with_table(("", "保险缴费支出", ""), ("一般公共服务支出", "", "1"), y=30))
    assert set(issues(document)) >= {"text-hidden", "several-numbers", "row-joined", "text-overflows"}
    assert all(issue.text(language) for issue in document.issues for language in ("zh", "en"))


@pytest.mark.parametrize("value", [0, -1.0, float("nan"), float("inf"), "wide"])
def test_settings_refuse_what_is_no_measure(value: float) -> None:
    with pytest.raises(ValueError, match="snap"):
        PdfSettings(snap=value)


def test_settings_refuse_a_share_of_more_than_all() -> None:
    with pytest.raises(ValueError, match="coverage"):
        PdfSettings(coverage=1.5)
