"""Tables that go on below a repeated caption, a word that says so, or a page number."""

from pathlib import Path

import pytest
from small_disclosures import BUREAU, KINDS, read
from small_pdfs import PdfPage, write_pdf

from converters.model.document import Document
from converters.readers import read_content

CAPTION = "表 3. 2024 年支出总表\n单位：元"
FIRST = f"{KINDS}\n | 合计 | 9 | 7 | 2\n201 | 一般公共服务支出 | 5 | 5 |\n20101 | 人大事务 | 5 | 5 |"
MORE = "212 | 城乡社区支出 | 4 | 2 | 2\n21205 | 城乡社区环境卫生 | 4 | 2 | 2"
SECOND = f"{KINDS}\n{MORE}"


def parts(*texts: str) -> list[tuple[int, int]]:
    """The rows and parts of each table of a file."""
    return [(grid.n_rows, grid.parts) for grid in read("\n".join(texts)).grids]


@pytest.mark.parametrize(
    "between",
    [
        CAPTION,
        "表 3（续）. 2024 年支出总表\n单位：元",
        "表 3. 2024 年支出总表（续）",
        "2024 年支出总表",
        "续表",
        "（续上表）\n单位：元",
        "单位：元",
        "— 5 —\n续表",
    ],
)
def test_a_table_goes_on_below_what_only_repeats_its_caption(between: str) -> None:
    assert parts(CAPTION, FIRST, between, SECOND) == [(6, 2)]


@pytest.mark.parametrize("between", ["金额单位：元", "（单位：元）", "（元）", "— 5 —\n计量单位：人民币元"])
@pytest.mark.parametrize(
    "caption", [CAPTION, "表 3. 2024 年支出总表（单位：元）", "2024 年支出总表 公开03表 金额单位：元"]
)
def test_a_table_goes_on_below_a_unit_line_in_other_words(caption: str, between: str) -> None:
    assert parts(caption, FIRST, between, SECOND) == [(6, 2)]
    assert parts(caption, FIRST, between, MORE) == [(6, 2)]


@pytest.mark.parametrize("caption", [f"{BUREAU}2024年支出总表\n单位：元", f"2024年支出总表\n部门：{BUREAU} 单位：元"])
def test_a_table_goes_on_below_a_line_with_the_same_office(caption: str) -> None:
    assert parts(caption, FIRST, f"编制单位：{BUREAU}　金额单位：元", SECOND) == [(6, 2)]
    assert len(parts(caption, FIRST, "编制单位：林场　金额单位：元", SECOND)) == 2


@pytest.mark.parametrize("between", ["金额单位：元", "单位：元"])
def test_a_unit_line_alone_joins_parts_without_a_total(between: str) -> None:
    rows = FIRST.replace(" | 合计 | 9 | 7 | 2\n", "")
    assert parts(CAPTION, rows, between, SECOND) == [(5, 2)]
    assert parts(CAPTION, rows, between, MORE) == [(5, 2)]
    unnamed = "城乡社区支出 | | 4 | 2 | 2"
    assert len(parts(CAPTION, rows, between, unnamed)) == 2
    total = "\n | 合计 | 5 | 5 |"
    assert len(parts(CAPTION, rows + total, between, SECOND)) == 2


@pytest.mark.parametrize("caption", ["单位：元", "（单位：元）", "金额单位：元"])
@pytest.mark.parametrize("rows", [SECOND, MORE])
def test_tables_of_pdf_files_go_on_below_a_unit_line(caption: str, rows: str) -> None:
    pages = []
    for lines, body in ((CAPTION.splitlines(), FIRST), ([caption], rows)):
        page = PdfPage(width=500)
        for number, line in enumerate(lines):
            page.text(200, 20 + 20 * number, line)
        page.table(
            50, 60, (60, 160, 80, 80, 80), [[cell.strip() for cell in row.split("|")] for row in body.split("\n")]
        )
        pages.append(page)
    [grid] = read_content(Path("budget.pdf"), write_pdf(*pages)).grids
    assert (grid.n_rows, grid.n_cols, grid.parts) == (6, 5, 2)


@pytest.mark.parametrize("between", ["续表", CAPTION])
def test_numbers_of_columns_may_be_repeated_with_the_header(between: str) -> None:
    kinds = f"{KINDS}\n栏次 | | 1 | 2 | 3"
    assert parts(CAPTION, FIRST.replace(KINDS, kinds), between, SECOND.replace(KINDS, kinds)) == [(7, 2)]


def test_the_header_need_not_be_repeated() -> None:
    assert parts(CAPTION, FIRST, "续表", MORE) == [(6, 2)]


def test_a_table_may_go_on_more_than_once() -> None:
    third = f"{KINDS}\n213 | 农林水支出 | 0 | 0 | 0"
    assert parts(CAPTION, FIRST, CAPTION, SECOND, "续表", third) == [(7, 3)]


def test_the_total_may_be_in_the_last_row() -> None:
    rows = f"{KINDS}\n201 | 一般公共服务支出 | 5 | 5 |"
    assert parts(CAPTION, rows, CAPTION, f"{SECOND}\n | 合计 | 9 | 7 | 2") == [(5, 2)]


def test_the_text_between_is_no_running_text_and_the_notes_are_those_of_the_last_part() -> None:
    document = read(CAPTION, FIRST, "续表", CAPTION, SECOND, "注：以上含追加。")
    [grid] = document.grids
    assert [block.text for block in document.blocks] == [*CAPTION.splitlines(), "注：以上含追加。"]
    assert [note.text for note in grid.notes] == ["注：以上含追加。"]
    assert [grid.covering[row, 1].locator.line for row in (4, 5, 6)] == [6, 11, 12]


@pytest.mark.parametrize(
    "second",
    [
        f"{KINDS}\n | 合计 | 4 | 2 | 2\n{MORE}",
        f"{KINDS}\n201 | 一般公共服务支出 | 4 | 2 | 2",
        f"科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费\n{MORE}",
        "科目编码 | 科目名称 | 合计 | 基本支出\n212 | 城乡社区支出 | 4 | 2",
    ],
    ids=["total", "row named again", "other header", "other columns"],
)
@pytest.mark.parametrize("between", [CAPTION, f"续表\n{CAPTION}"])
def test_a_table_with_rows_or_columns_of_its_own_stays_apart(second: str, between: str) -> None:
    assert len(parts(CAPTION, FIRST, between, second)) == 2


@pytest.mark.parametrize(
    "between",
    [
        "表 3. 2023 年支出总表\n单位：元",
        "表 3. 2024 年支出总表\n单位：万元",
        "城乡社区支出如下。\n单位：元",
        "部门：林场\n单位：元",
    ],
)
def test_text_of_its_own_begins_another_table(between: str) -> None:
    assert len(parts(CAPTION, FIRST, between, SECOND)) == 2


def test_a_total_below_its_rows_ends_the_table() -> None:
    rows = f"{KINDS}\n201 | 一般公共服务支出 | 5 | 5 |\n | 合计 | 5 | 5 |"
    assert len(parts(CAPTION, rows, CAPTION, SECOND)) == 2


def test_tables_of_one_title_without_totals_stay_apart_unless_a_word_joins_them() -> None:
    rows = f"{KINDS}\n201 | 一般公共服务支出 | 5 | 5 |"
    assert len(parts(CAPTION, rows, CAPTION, SECOND)) == 2
    assert parts(CAPTION, rows, "续表", SECOND) == [(4, 2)]


def web_page(*tables: str, between: str = "- 5 -") -> Document:
    """The document of a web page with a caption above the tables and a line between them, by default a page number."""

    def rows(text: str) -> str:
        lines = (line.split("|") for line in text.splitlines())
        return "".join(f"<tr>{''.join(f'<td>{cell.strip()}</td>' for cell in line)}</tr>" for line in lines)

    written = f"<p>{between}</p>".join(f"<table>{rows(table)}</table>" for table in tables)
    page = f"<html><body><p>2024 年支出总表</p><p>单位：元</p>{written}</body></html>"
    return read_content(Path("page.html"), page.encode())


def test_tables_of_web_pages_go_on_below_a_page_number() -> None:
    [grid] = web_page(FIRST, SECOND).grids
    assert (grid.n_rows, grid.parts) == (6, 2)


def test_tables_of_web_pages_go_on_below_a_unit_line() -> None:
    [grid] = web_page(FIRST, SECOND, between="金额单位：元").grids
    assert (grid.n_rows, grid.parts) == (6, 2)


def test_empty_last_columns_may_be_absent_below_a_page_number() -> None:
    [grid] = web_page(FIRST, "212 | 城乡社区支出 | 4 | 4\n21205 | 城乡社区环境卫生 | 4 | 4").grids
    assert (grid.n_rows, grid.n_cols) == (6, 5)
