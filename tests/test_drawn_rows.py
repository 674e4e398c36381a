"""Tables without ruling lines that are drawn in two passes, as spreadsheet programs print them.

The first pass has the cells of one line, row by row; the second pass has all others, from the top again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pdfs import EM, PdfPage, write_pdf
from test_aligned_forms import FIELDS, GOALS, LEFTS, READ, Drawn, Row, convert, printed, titled
from test_aligned_tables import caption

from converters import convert_document, find_unread
from converters.readers import read_content
from ontology import DEFAULT_BASE
from shapes import check
from yusuan.checked_document import rule_vocabulary

LINE = 1.2 * EM
PLACES = {"middle": 0.5, "top": 0.0, "bottom": 1.0}
"""Where the cells of a row are level: the share of their lines above it."""


def cells_of(rows: list[Row], lefts: tuple[float, ...], place: str = "middle", base: float = 80.0) -> list[Drawn]:
    """The cells of rows, each as high as its lines need; `/` divides the lines of a cell."""
    found = []
    for row in rows:
        most = max(text.count("/") for text in row)
        level = base + PLACES[place] * most * LINE
        found += [
            (level - PLACES[place] * text.count("/") * LINE, left, text)
            for left, text in zip(lefts, row, strict=False)
            if text
        ]
        base += (most + 1) * LINE + 4
    return found


def draw_twice(page: PdfPage, cells: list[Drawn]) -> None:
    for wrapped in (False, True):
        for base, left, text in cells:
            if ("/" in text) == wrapped:
                for number, line in enumerate(text.split("/")):
                    page.text(left, base + number * LINE, line)


@pytest.mark.parametrize("place", PLACES)
def test_cells_of_both_passes_at_one_height_are_a_row(place: str) -> None:
    page = PdfPage(width=520, height=500)
    titled(page)
    draw_twice(page, cells_of([*FIELDS, *GOALS], LEFTS, place))
    assert printed(convert(page)) == READ


def test_wrapped_cells_close_below_one_another_are_two_where_the_first_pass_has_two_rows() -> None:
    page = PdfPage(width=520, height=500)
    titled(page)
    purposes = [("项目概况", "用于储备粮食/的轮换和保管"), ("立项依据", "用于储备粮食/的轮换")]
    draw_twice(page, cells_of([*FIELDS[:4], *purposes, *FIELDS[5:], *GOALS], LEFTS))
    conversion = convert(page)
    assert printed(conversion) == READ
    texts = [cell.text for grid in conversion.documents[0].grids for cell in grid.cells]
    assert {"用于储备粮食的轮换和保管", "用于储备粮食的轮换"} <= set(texts)


@pytest.mark.parametrize(("caption_", "read"), [("产出指标", True), ("产出/指标", False)])
def test_a_cell_merged_downwards_belongs_to_the_row_that_its_pass_leaves_for_it(caption_: str, read: bool) -> None:
    """A caption of one line is drawn with its first row; one of two lines alone may belong to either."""
    page = PdfPage(width=520, height=500)
    titled(page)
    cells = cells_of([*FIELDS, GOALS[0], ("产出指标", *GOALS[1][1:]), *GOALS[2:]], LEFTS)
    place = next(n for n, cell in enumerate(cells) if cell[2] == "产出指标")
    cells[place] = (cells[place][0] + (LINE + 4) / 2 - caption_.count("/") * LINE / 2, LEFTS[0], caption_)
    draw_twice(page, cells)
    conversion = convert(page)
    assert printed(conversion) == (READ if read else [])
    assert ("form-unread" in [region.issue.key for region in find_unread(conversion)]) != read


@pytest.mark.parametrize("paid", ["600", "900"])
def test_rows_of_a_list_drawn_in_two_passes_are_certain(paid: str) -> None:
    """A code in brackets stands close behind the cell before; two chairs of 300 that cost 900 contradict."""
    page = PdfPage(width=560)
    caption(page, "政府采购预算表")
    lefts = (40.0, 100.0, 148.0, 240.0, 320.0, 400.0)
    rows: list[Row] = [
        ("项目", "品目", "功能科目", "采购数量", "单价(元)", "采购金额"),
        ("合计", "", "", "3", "", "700"),
        ("办公/用品", "[A05]复印", "[20101]人大", "1", "100", "100"),
        ("办公/家具", "[A06]椅子", "[20101]人大", "2", "300", paid),
    ]
    draw_twice(page, cells_of(rows, lefts))
    conversion = convert_document(read_content(Path("budget.pdf"), write_pdf(page)))
    [table] = conversion.content.tables
    assert [o.printed for o in table.observations if o.measure == "amount"] == ["700", "100", paid]
    told = check(conversion.graph, vocabulary=rule_vocabulary(DEFAULT_BASE)).findings
    assert any(finding.rule == "product" for finding in told) == (paid == "900")
