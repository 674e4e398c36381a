"""What makes published PDFs hard to read, drawn small: from the page to the figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from small_disclosures import issues
from small_pdfs import PdfPage, write_pdf

from converters import Conversion, DocumentError, convert_document
from converters.readers import read_content

WIDTHS = (60.0, 160.0, 80.0)
HEADER = ("科目编码", "科目名称", "合计")
TOTAL = ("", "合计", "350.00")


def convert(*pages: PdfPage) -> Conversion:
    return convert_document(read_content(Path("budget.pdf"), write_pdf(*pages)))


def titled(*rows: tuple[str, ...], widths: tuple[float, ...] = WIDTHS, title: str = "支出总表") -> PdfPage:
    """A page with a table and what stands above it."""
    page = PdfPage()
    page.text(60, 20, f"武汉市青山区园林局2024年部门{title}")
    page.text(260, 40, "单位：元")
    page.table(50, 50, widths, rows)
    return page


def figures(conversion: Conversion) -> list[tuple[str, str, str]]:
    """(printed, function, kind) of the figures of the tables."""
    notation = conversion.vocabulary.notation
    return [
        (o.printed, notation(o.coordinates["function"]), notation(o.coordinates["kind"]))
        for o in conversion.observations
        if o.table != "n"
    ]


def test_the_first_row_behind_a_page_break_may_lack_its_upper_line() -> None:
    below = PdfPage()
    for x in (50, 110, 270, 350):
        below.line(x, 30, x, 70)
    for y in (48, 70):
        below.line(50, y, 350, y)
    for y, row in ((42, ("20101", "人大事务", "300.00")), (62, ("208", "社会保障和就业支出", "50.00"))):
        for x, text in zip((52, 112, 272), row, strict=True):
            below.text(x, y, text)
    conversion = convert(titled(HEADER, ("201", "一般公共服务支出", "300.00")), below)
    assert figures(conversion) == [
        ("300.00", "201", "this-year"),
        ("300.00", "20101", "this-year"),
        ("50.00", "208", "this-year"),
    ]


GLUED = ("201一般公共服务支出", "20101 人大事务", "合计")


@pytest.mark.parametrize(
    ("widths", "header", "column"),
    [
        ((220.0, 80.0), ("科目", "合计"), 0),
        (WIDTHS, HEADER, 1),
        ((160.0, 60.0, 80.0), HEADER, 0),
    ],
    ids=["in one column", "in the names", "in the codes"],
)
def test_a_code_and_the_name_glued_to_it_are_told_apart(
    widths: tuple[float, ...], header: tuple[str, ...], column: int
) -> None:
    rows = [("",) * column + (text,) + ("",) * (len(header) - column - 2) + ("300.00",) for text in GLUED]
    conversion = convert(titled(header, *rows, widths=widths))
    assert [(o.row_code, o.row_label) for o in conversion.observations] == [
        ("201", "一般公共服务支出"),
        ("20101", "人大事务"),
        (None, "合计"),
    ]


def test_digits_before_a_name_that_are_no_code_are_part_of_the_name() -> None:
    conversion = convert(titled(HEADER, ("", "2024年结余", "300.00"), ("", "合计", "300.00")))
    assert [issue.values["word"] for issue in issues(conversion, "unknown-row")] == ["2024年结余"]


def test_codes_need_no_order() -> None:
    rows = [
        ("20101", "人大事务", "300.00"),
        ("208", "社会保障支出", "50.00"),
        ("201", "一般公共服务支出", "300.00"),
        TOTAL,
    ]
    conversion = convert(titled(HEADER, *rows))
    assert [function for _, function, _ in figures(conversion)] == ["20101", "208", "201", "total"]
    assert {tuple(p.printed for p in s.parts) for s in conversion.content.sums} >= {("50.00", "300.00")}


def test_a_first_or_last_row_under_an_unknown_word_is_no_total() -> None:
    rows = [("神秘栏", "合计"), ("某事", "300.00"), ("某另一事", "50.00")]
    with pytest.raises(DocumentError) as error:
        convert(titled(*rows, widths=(220.0, 80.0)))
    assert error.value.key == "no-figures"


def test_the_legend_of_a_chart_is_no_claim() -> None:
    chart = PdfPage()
    chart.text(50, 40, "一、支出预算情况说明")
    chart.text(50, 60, "2024年支出预算350元，其中：基本支出200元，项目支出150元。")
    for x, y, text in ((60, 120, "基本支出"), (60, 135, "57.14%"), (200, 160, "项目支出"), (200, 175, "42.86%")):
        chart.text(x, y, text)
    for x, text in ((100, "基本支出"), (160, "项目支出")):
        chart.rectangle(x - 12, 212, x - 4, 220, grey=0.5)
        chart.text(x, 220, text)
    conversion = convert(titled(HEADER, TOTAL), chart)
    assert [o.printed for o in conversion.observations if o.table == "n"] == ["350", "200", "150"]
    assert [table.kind is not None for table in conversion.content.tables] == [True]
    assert len(issues(conversion, "figure-not-placed")) == 2


def test_a_page_of_contents_is_no_table_of_figures() -> None:
    titles = ("部门收支总表", "部门收入总表", "部门支出总表")
    dotted, ruled = PdfPage(), PdfPage()
    for page in (dotted, ruled):
        page.text(170, 20, "目 录")
    for number, title in enumerate(titles):
        dotted.text(60, 50 + 16 * number, f"{title}…………………………{number + 3}")
    entries = [(str(number), title, str(number + 2)) for number, title in enumerate(titles, start=1)]
    ruled.table(50, 40, (60.0, 160.0, 60.0), [("序号", "名称", "页码"), *entries])
    for contents in (dotted, ruled):
        conversion = convert(contents, titled(HEADER, TOTAL))
        assert [o.printed for o in conversion.observations] == ["350.00"]


def test_two_tables_of_a_page_are_converted_apart() -> None:
    page = titled(HEADER, TOTAL)
    page.text(60, 150, "武汉市青山区园林局2024年部门收入总表")
    page.text(260, 170, "单位：万元")
    page.table(50, 180, WIDTHS, [("科目编码", "科目名称", "事业收入"), ("", "合计", "2")])
    conversion = convert(page)
    assert [o.amount for o in conversion.observations] == [Decimal(350), Decimal(20_000)]


def test_a_title_may_name_the_step_of_the_year() -> None:
    assert convert(titled(HEADER, TOTAL, title="预算支出总表")).content.tables[0].kind == "code/table/expenditure"
