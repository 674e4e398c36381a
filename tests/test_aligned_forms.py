"""Performance forms without ruling lines and tags: their cells are those in which the text was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_pdfs import EM, PdfPage, write_pdf
from test_aligned_tables import caption, right

from converters import Conversion, conversion_to_records, convert_document, find_unread
from converters.readers import read_content

LEFTS = (40.0, 130.0, 230.0, 320.0, 410.0)
"""The left edges of the columns of a form."""
PITCH = 22.0
FIELDS = (
    ("部门名称", "某市财政局"),
    ("项目名称", "粮食储备"),
    ("项目负责人", "甲某", "联系人", "乙某"),
    ("项目起止日期", "2024.01.01", "至", "2024.12.31"),
    ("项目概况", "用于储备粮食的轮换/和保管"),
    ("项目资金情况/(万元)", "项目总投入", "", "20"),
    ("", "资金构成", "中央财政"),
    ("", "", "省级财政"),
    ("", "", "市级财政"),
    ("", "", "区级财政", "20"),
)
GOALS = (
    ("一级指标", "二级指标", "指标名称", "指标值", "绩效标准"),
    ("产出指标", "数量指标", "轮换次数", "2次", "工作实际"),
    ("", "质量指标", "合格率", "≥95%", "工作实际"),
)
Row = Sequence[str]
Drawn = tuple[float, float, str]


def cells_of(base: float, rows: Sequence[Row], lefts: Sequence[float] = LEFTS) -> list[Drawn]:
    """The place and text of each cell, row by row; `/` divides the lines of a cell."""
    found = []
    for row in rows:
        for left, text in zip(lefts, row, strict=False):
            if text:
                found.append((base, left, text))
        base += PITCH + max(text.count("/") for text in row) * 1.2 * EM
    return found


def draw(page: PdfPage, cells: Sequence[Drawn]) -> None:
    for base, left, text in cells:
        for number, line in enumerate(text.split("/")):
            page.text(left, base + number * 1.2 * EM, line)


def titled(page: PdfPage) -> None:
    page.text(40, 30, "项目支出绩效目标申报表")
    page.text(40, 50, "填报日期：2024年2月5日")


def a_table(page: PdfPage) -> None:
    """A table with lines, which says whose disclosure it is and of which year."""
    caption(page, "项目支出表")
    page.table(
        40, 60, (100.0, 120.0, 60.0), [["项目代码", "项目名称", "合计"], ["24108T000000101", "粮食储备", "200000.00"]]
    )


def convert(*pages: PdfPage) -> Conversion:
    first = PdfPage(width=520)
    a_table(first)
    return convert_document(read_content(Path("budget.pdf"), write_pdf(first, *pages)))


def printed(conversion: Conversion) -> list[tuple[str, str, str | None]]:
    """The figures of the forms: row, text and line."""
    forms = [table for table in conversion.content.tables if (table.kind or "").endswith("project-performance")]
    return [
        (o.row_label, o.printed, o.coordinates["line"].rpartition("/")[2])
        for table in forms
        for o in table.observations
    ]


READ = [
    ("项目总投入", "20", "total"),
    ("资金构成 区级财政", "20", "4"),
    ("轮换次数", "2次", "1"),
    ("合格率", "≥95%", "2"),
]


def test_a_form_drawn_cell_by_cell_gives_its_figures_with_their_rows() -> None:
    page = PdfPage(width=520, height=500)
    titled(page)
    draw(page, cells_of(80, (*FIELDS, *GOALS)))
    assert printed(convert(page)) == READ


@pytest.mark.parametrize("rows", range(4, len(FIELDS) + 2))
def test_a_form_goes_on_over_the_page_wherever_it_is_divided(rows: int) -> None:
    first, second = PdfPage(width=520, height=500), PdfPage(width=520, height=500)
    titled(first)
    form = (*FIELDS, *GOALS)
    draw(first, cells_of(80, form[:rows]))
    draw(second, cells_of(40, form[rows:]))
    assert printed(convert(first, second)) == READ


def test_columns_of_a_form_are_those_of_each_section() -> None:
    """The list of goals is divided elsewhere than the fields, and its figures are aligned to the right."""
    page = PdfPage(width=520, height=500)
    titled(page)
    draw(page, cells_of(80, FIELDS))
    base = cells_of(80, (*FIELDS, GOALS[0]))[-1][0]
    lefts = (40.0, 110.0, 180.0, 290.0, 430.0)
    for number, (*words, figure, standard) in enumerate(GOALS):
        draw(page, cells_of(base + number * PITCH, [words], lefts))
        right(page, 340, base + number * PITCH, figure)
        page.text(lefts[-1], base + number * PITCH, standard)
    assert printed(convert(page)) == READ


def test_text_behind_a_form_is_no_part_of_it() -> None:
    page = PdfPage(width=520, height=600)
    titled(page)
    cells = cells_of(80, (*FIELDS, *GOALS))
    draw(page, cells)
    sentence = "第三部分 2024年部门预算情况说明，一般公共预算支出20万元。"
    page.text(40, cells[-1][0] + 2 * PITCH, sentence)
    conversion = convert(page)
    assert printed(conversion) == READ
    assert sentence in [block.text for block in conversion.documents[0].blocks]


def test_a_form_drawn_by_columns_is_told_as_unread_and_none_of_its_figures_is_taken_for_text() -> None:
    page = PdfPage(width=520, height=500)
    titled(page)
    draw(page, sorted(cells_of(80, (*FIELDS, *GOALS)), key=lambda cell: cell[1]))
    conversion = convert(page)
    assert printed(conversion) == []
    assert [row for row in conversion_to_records(conversion) if row["table"] == "n"] == []
    assert "form-unread" in [region.issue.key for region in find_unread(conversion)]


def test_a_title_in_the_contents_begins_no_form() -> None:
    page = PdfPage(width=520)
    page.text(40, 30, "十五、项目支出绩效目标表")
    page.text(40, 50, "第三部分 部门预算情况说明")
    page.text(40, 70, "项目概况 见附件")
    assert not any(region.issue.key == "form-unread" for region in find_unread(convert(page)))


def test_labels_centred_over_narrow_figures_belong_to_their_column_only() -> None:
    """The label of the years before is wider than its figures, and nothing stands beside it."""
    page = PdfPage(width=520, height=500)
    titled(page)
    draw(page, cells_of(80, FIELDS))
    base = cells_of(80, (*FIELDS, GOALS[0]))[-1][0]
    centres = (65.0, 135.0, 205.0, 285.0, 365.0, 445.0)
    for number, row in enumerate(
        (
            ("一级指标", "二级指标", "指标名称", "指标值", "", "绩效标准"),
            ("", "", "", "近两年值", "当年", ""),
            ("", "", "", "23年", "", ""),
            ("产出指标", "数量指标", "轮换次数", "1次", "2次", "实际"),
            ("", "质量指标", "合格粮食的比例", "90%", "95%", "实际"),
        )
    ):
        for centre, text in zip(centres, row, strict=True):
            page.text(centre - len(text) * EM / 2, base + number * PITCH, text)
    forms = [table for table in convert(page).content.tables if (table.kind or "").endswith("project-performance")]
    found = {(o.row_label, o.printed): o.column for table in forms for o in table.observations}
    columns = [found[row, text] for row, text in (("轮换次数", "1次"), ("合格粮食的比例", "90%"))]
    assert len(set(columns)) == 1
    [grid] = [table.grid for table in forms]
    header = next(cell for cell in grid.cells if cell.text == "近两年值")
    assert (header.col, header.colspan) == (columns[0], 1)
