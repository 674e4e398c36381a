"""Tables of PDF files: their lines, their merged cells and the text of their cells."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from read_pdfs import HEADER, ROWS, WIDTHS, issues, lines, only_grid, read, texts, with_table
from small_pdfs import EM, PdfPage

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


def test_a_short_field_does_not_wrap() -> None:
    page = PdfPage()
    page.text(50, 30, "其他情况表")
    page.text(50, 42, "单位：元")
    page.text(50, 54, "预算12表")
    assert [block.text for block in only_grid(with_table(HEADER, *ROWS, page=page)).heading][1:] == [
        "单位：元",
        "预算12表",
    ]


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


@pytest.mark.parametrize("unit", [("单位：万元", "", ""), ("部门：园林局", "", "单位：万元")])
def test_rows_of_title_and_unit_are_the_heading_below_other_text_too(unit: tuple[str, ...]) -> None:
    page = PdfPage()
    page.text(50, 20, "第二部分 预算表")
    page.cell(50, 30, 310, 50, "收入总表")
    page.table(50, 50, WIDTHS, [unit, HEADER, *ROWS])
    grid = only_grid(page)
    assert texts(grid) == [list(HEADER), *(list(row) for row in ROWS)]
    assert [block.text for block in grid.heading] == ["收入总表", *filter(None, unit)]


def test_a_unit_in_a_row_with_figures_stays_there() -> None:
    grid = only_grid(with_table(("单位：万元", "", "12.00"), *ROWS))
    assert texts(grid)[0] == ["单位：万元", "", "12.00"]


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


@pytest.mark.parametrize("align", ["left", "right", "centre"])
def test_a_number_wraps_where_the_padding_of_its_cell_leaves_no_room(align: str) -> None:
    """Office suites pad a cell by more than a character and break a number where its last digit does not fit."""
    page = PdfPage()
    page.table(50, 50, (100, 60), [("项目", "金额"), ("合计", "\n")])
    for base, text in ((78, "595,000.0"), (90, "0")):
        room = 60 - 2 * 6 - len(text) * EM / 2
        page.text(156 + {"left": 0, "right": room, "centre": room / 2}[align], base, text)
    grid = only_grid(page)
    assert grid.text(2, 2) == "595,000.00"


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
