"""Tables without ruling lines as browsers print them: narrow gaps between cells, rows as close as lines, breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pdfs import EM, PdfPage, write_pdf
from test_aligned_forms import FIELDS, GOALS, LEFTS, READ, printed, titled
from test_aligned_forms import convert as convert_form
from test_aligned_layouts import spans
from test_aligned_tables import caption, convert

from converters.model.document import ALIGNED, Grid
from converters.readers import read_content
from converters.readers.pdf.alignment.columns import run_text, split_at_gaps
from converters.readers.pdf.alignment.drawing_order import DrawnCell
from converters.readers.pdf.alignment.header_tree import read_tree
from converters.readers.pdf.lines import TextRun, draw_runs, group_lines
from converters.readers.pdf.pages import Glyph, read_pages
from converters.readers.pdf.settings import PdfSettings

LINE = 1.2 * EM
LIST = ("项目", "采购品目", "采购数量", "采购金额")
ITEMS = (
    ("办公用品采购", "复印纸/订书机/和笔", "1", "100"),
    ("家具", "椅子", "2", "600"),
    ("印刷", "其他/服务", "1", "50"),
)


def draw_row(
    page: PdfPage, base: float, lefts: tuple[float, ...], row: tuple[str, ...], *, centred: bool = True
) -> float:
    """A row drawn cell by cell, each on the lines that `/` divides; returns the baseline of the next row."""
    most = max(text.count("/") for text in row)
    for left, text in zip(lefts, row, strict=True):
        top = base + (most - text.count("/")) * LINE / 2 if centred else base
        for number, line in enumerate(text.split("/")):
            if line:
                page.text(left, top + number * LINE, line)
    return base + (most + 1) * LINE


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.row(number)] for number in range(1, grid.n_rows + 1)]


def grid_of(*pages: PdfPage) -> Grid:
    return read_content(Path("budget.pdf"), write_pdf(*pages)).grids[0]


def test_rows_as_close_as_the_lines_of_a_cell_are_told_apart_where_their_cells_are_level() -> None:
    page = PdfPage(width=500)
    caption(page, "政府采购预算表")
    base = 70.0
    for row in (LIST, *ITEMS):
        base = draw_row(page, base, (40.0, 140.0, 240.0, 330.0), row)
    grid = grid_of(page)
    assert texts(grid)[1:] == [[text.replace("/", "") for text in row] for row in ITEMS]
    assert not any(ALIGNED in cell.flags for cell in grid.cells)


def test_cells_with_hardly_a_gap_between_them_are_cells() -> None:
    """Each line of the table looks like one word: in the header, below it, and in the total over all columns."""
    page = PdfPage(width=500)
    caption(page, "部门支出总表")
    for base, row in (
        (70.0, ("科目编码", "科目名称", "合计", "基本支出", "项目支出")),
        (84.0, ("", "", "100.00", "100.00", "0.00")),
        (98.0, ("201", "其他支出", "100.00", "100.00", "0.00")),
    ):
        for left, text in zip((40.0, 83.0, 126.0, 159.0, 202.0), row, strict=True):
            page.text(left, base, text)
    assert texts(grid_of(page))[1:] == [
        ["", "", "100.00", "100.00", "0.00"],
        ["201", "其他支出", "100.00", "100.00", "0.00"],
    ]


def test_a_header_that_a_page_break_divides_has_the_spans_and_labels_of_both_pages() -> None:
    """The upper labels stand on the first page, with the beginning of a label that goes on below the break."""
    first, second = PdfPage(width=500, height=120), PdfPage(width=500)
    caption(first, "政府采购预算表")
    lefts = (40.0, 120.0, 200.0, 280.0, 360.0)
    draw_row(first, 90, lefts, ("项目", "采购", "采购数量", "采购金额", ""), centred=False)
    base = draw_row(second, 30, lefts, ("", "品目", "", "合计", "面向中小企业"))
    for row in (("办公", "复印纸", "1", "100", "100"), ("家具", "椅子/桌子", "2", "600", "0")):
        base = draw_row(second, base + 6, lefts, row)
    grid = grid_of(first, second)
    labels = {text: (row, col, colspan) for text, (row, col, _, colspan) in spans(grid).items()}
    assert labels["采购金额"] == (1, 4, 2)
    assert labels["面向中小企业"] == (2, 5, 1)
    assert labels["采购品目"] == (1, 2, 1)
    assert not any(ALIGNED in cell.flags for cell in grid.cells)


def test_a_label_above_another_one_aligned_to_the_left_spans_the_labels_below_it() -> None:
    """The first of three labels stands right below the label over all of them."""
    page = PdfPage(width=500)
    caption(page, "国有资本经营预算支出表")
    for left, base, text in (
        (40, 77, "科目编码"),
        (90, 77, "科目名称"),
        (140, 70, "本年国有资本经营预算支出"),
        (140, 84, "合计"),
        (170, 84, "基本支出"),
        (220, 84, "项目支出"),
    ):
        page.text(left, base, text)
    page.text(40, 120, "本部门2024年度无国有资本经营预算支出，故此表无数据。")
    labels = spans(convert(page).documents[0].grids[0])
    assert labels["本年国有资本经营预算支出"] == (1, 3, 1, 3)
    assert labels["合计"] == (2, 3, 1, 1)


def test_one_wrapped_cell_tells_lines_from_rows_of_a_single_cell() -> None:
    """The rows of the sources of money have one cell each, and look like lines of one."""
    page = PdfPage(width=520, height=500)
    titled(page)
    base = 80.0
    for row in (*FIELDS[:4], ("项目概况", "用于储备粮食"), *FIELDS[5:], *GOALS):
        base = draw_row(page, base, LEFTS[: len(row)], row) + 4
    assert printed(convert_form(page)) == READ


def test_a_number_in_the_next_cell_of_a_form_is_no_part_of_its_words() -> None:
    """The digits stand close behind the words, a little higher: they are of another font."""
    page = PdfPage(width=520, height=500)
    titled(page)
    base = 80.0
    for row in (*FIELDS, GOALS[0]):
        base = draw_row(page, base, LEFTS[: len(row)], row) + 4
    for number, (*words, figure) in enumerate(((*GOALS[1][:3], "2"), (*GOALS[2][:3], "95%"))):
        draw_row(page, base + number * 22, LEFTS[:3], tuple(words))
        page.text(LEFTS[2] + 4 * EM + 2.4, base + number * 22 - 0.7, figure)
    assert [row[1] for row in printed(convert_form(page))] == ["20", "20", "2", "95%"]


def test_glyphs_keep_the_order_of_drawing_at_almost_one_height() -> None:
    page = PdfPage()
    for x, y, text in ((200, 50, "甲乙"), (200, 64, "丙"), (40, 60, "丁戊")):
        page.text(x, y, text)
    [read] = read_pages(Path("budget.pdf"), write_pdf(page), PdfSettings())
    ordered = sorted(read.glyphs, key=lambda glyph: glyph.order)
    assert "".join(glyph.text for glyph in ordered) == "甲乙丙丁戊"


@pytest.mark.parametrize(("character", "pieces"), [("目", ["项目支出"]), ("）", ["项）", "支出"])])
def test_a_narrow_character_in_a_box_of_its_ink_divides_no_word(character: str, pieces: list[str]) -> None:
    """The box of a Chinese character lacks the room on both sides, that of a bracket does not."""
    glyphs = [Glyph("项", 0, 0, 10, 10, 10), Glyph(character, 12, 0, 18, 10, 10)]
    glyphs += [Glyph("支", 20.3, 0, 30, 10, 10), Glyph("出", 30, 0, 40, 10, 10)]
    [line] = group_lines(draw_runs(glyphs, PdfSettings()), 1, PdfSettings())
    assert [run_text(run) for run in split_at_gaps(line).runs][-len(pieces) :] == pieces[-len(pieces) :]


LEVELS = (40.0, 90.0, 115.0, 140.0, 250.0, 320.0, 390.0)
"""The left edges of three columns of codes, one of names and three of figures."""
HEADER = (
    {0: ("项目", 4), 4: ("支出预算", 3)},
    {0: ("功能分类科目编码", 3), 3: ("功能分类科目名称", 1), 4: ("合计", 1), 5: ("基本支出", 1), 6: ("项目支出", 1)},
    {0: ("类", 1), 1: ("款", 1), 2: ("项", 1)},
)


@pytest.mark.parametrize("centred", [True, False])
def test_a_header_of_three_levels_drawn_by_row_spans_what_stands_below(centred: bool) -> None:
    """The characters of the third level look like a word that is set wide."""
    page = PdfPage(width=500)
    caption(page, "部门支出总表")
    edges = (*LEVELS, 460.0)
    for number, row in enumerate(HEADER):
        for col, (text, span) in row.items():
            room = edges[col + span] - edges[col] - len(text) * EM if centred else 4.0
            page.text(edges[col] + room / 2, 70 + number * 20, text)
    for number, cells in enumerate(
        (
            ("204", "", "", "公共安全支出", "30.00", "10.00", "20.00"),
            ("204", "06", "", "司法", "30.00", "10.00", "20.00"),
            ("204", "06", "01", "行政运行", "30.00", "10.00", "20.00"),
        )
    ):
        for left, text in zip(LEVELS, cells, strict=True):
            page.text(left + 2, 130 + number * 20, text)
    conversion = convert(page)
    assert [(o.row_code, o.printed) for o in conversion.content.tables[0].observations if o.printed == "20.00"] == [
        ("204", "20.00"),
        ("20406", "20.00"),
        ("2040601", "20.00"),
    ]
    labels = {cell.text: cell.colspan for cell in conversion.documents[0].grids[0].cells if cell.row <= len(HEADER)}
    assert {text: labels[text] for row in HEADER for text, _ in row.values()} == {
        text: span for row in HEADER for text, span in row.values()
    }


def test_labels_that_may_stand_below_either_of_two_have_no_clear_division() -> None:
    def cell(x0: float, x1: float, base: float) -> DrawnCell:
        glyphs = (
            Glyph("甲", x0, base - EM, (x0 + x1) / 2, base, base),
            Glyph("乙", (x0 + x1) / 2, base - EM, x1, base, base),
        )
        return DrawnCell((TextRun(glyphs, EM),))

    rows = [[cell(50, 70, 10), cell(130, 150, 10)], [cell(20, 40, 30), cell(90, 110, 30), cell(160, 180, 30)]]
    columns = [(20.0, 40.0), (90.0, 110.0), (160.0, 180.0)]
    assert read_tree(rows, columns) is None
    rows[0][0] = cell(20, 40, 10)
    tree = read_tree(rows, columns)
    assert tree is not None
    assert [len(branch.leaves) for branch in tree] == [1, 2]
