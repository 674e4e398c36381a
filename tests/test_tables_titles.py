"""Titles, copies and years of tables, and tables of any lines."""

from dataclasses import replace
from decimal import Decimal

import pytest
from claims import VOCABULARY
from hypothesis import given, settings
from hypothesis import strategies as st
from small_disclosures import BUREAU, convert, expenditure, issues, read, table

from converters import DocumentError, convert_document

# ── Titles, copies, years ───────────────────────────────────────────────────────────────────────


def test_a_header_of_another_kind_is_kept_and_the_title_wins() -> None:
    rows = "科目编码 | 科目名称 | 本年政府性基金预算支出 |\n | | 合计 | 基本支出\n223 | 某类 | 5 | 5"
    [found] = convert(table(9, "国有资本经营预算支出表", rows)).content.tables
    assert found.kind == "code/table/state-capital"
    assert found.contradiction is not None
    assert (found.contradiction.text, found.contradiction.kind) == (
        "本年政府性基金预算支出",
        "code/table/government-fund",
    )
    assert {o.coordinates["fund"] for o in found.observations} == {"code/fund/state-capital"}


@pytest.mark.parametrize(
    ("header", "flows"),
    [
        ("本年支出合计 | 基本支出 | 项目支出", ["expenditure"] * 3),
        ("本年收入 | 本年支出合计 | 项目支出", ["revenue", "expenditure", "expenditure"]),
    ],
)
def test_a_kind_of_outlay_over_a_column_is_spent_where_the_table_has_both_flows(header: str, flows: list[str]) -> None:
    rows = f"科目编码 | 科目名称 | {header}\n223 | 国有资本经营预算支出 | 1 | 2 | 3"
    conversion = convert(table(9, "国有资本经营预算财政拨款收入支出决算表", rows))
    [found] = conversion.content.tables
    assert not issues(conversion, "coordinates-incomplete")
    assert [o.coordinates["flow"] for o in found.observations] == [f"code/flow/{flow}" for flow in flows]


def test_a_second_copy_of_a_table_has_its_own_address() -> None:
    conversion = convert(*[expenditure("201 | 某类 | 5 | 5 | 0")] * 3)
    assert [(t.name, t.number) for t in conversion.content.tables] == [("t03", "3"), ("t03-2", "3"), ("t03-3", "3")]


def test_a_table_without_number_is_counted() -> None:
    first = expenditure("201 | 某类 | 5 | 5 | 0").replace("表 3. ", "")
    assert [t.name for t in convert(first, first).content.tables] == ["t01", "t02"]


def test_the_year_is_the_one_that_most_titles_name() -> None:
    rows = "科目编码 | 科目名称 | 合计\n201 | 某类 | 5"
    years = [table(1, "支出总表", rows, year=2023), *[table(n, "支出总表", rows) for n in (2, 3)]]
    assert convert(*years).content.year == 2024


def test_titles_without_year_take_it_from_the_cover() -> None:
    assert (
        convert(
            "武汉市青山区园林局 2024 年部门预算", expenditure("201 | 某类 | 5 | |").replace(" 2024 年", "")
        ).content.year
        == 2024
    )


def test_a_disclosure_without_any_year_is_refused() -> None:
    with pytest.raises(DocumentError, match="year") as caught:
        convert(expenditure("201 | 某类 | 5 | 5 | 0").replace(" 2024 年", ""))
    assert caught.value.key == "year-unknown"


@pytest.mark.parametrize(
    ("cover", "phase"), [("部门预算公开", "budget"), ("部门决算", "final"), ("公开材料", "budget")]
)
def test_the_cover_says_whether_it_is_a_budget_or_a_final_account(cover: str, phase: str) -> None:
    conversion = convert(f"{BUREAU} 2024 年{cover}", expenditure("201 | 某类 | 5 | 5 | 0"))
    assert f"/2024/{phase}/" in conversion.disclosure_iri


# ── Whatever is written ─────────────────────────────────────────────────────────────────────────

LINES = [
    *(
        "表 3. 2024 年支出总表",
        "表 10. 2024 年项目支出表",
        "收支总表",
        "单位：元",
        "部门/单位：",
        "2024 年",
        "此表无数据",
        "",
    ),
    *(
        "收入 | | 支出 | ",
        "项目 | 预算数 | 项目 | 预算数",
        "一、本年收入 | 5 | （一）教育支出 | 5",
        "科目编码 | 科目名称 | 合计",
    ),
    *(
        " | 合计 | 5",
        "201 | 某类 | 5",
        "108001 | 某站 | 3",
        "31 | 某类项目 | | 5",
        "42010724108T000000100 | 甲 | | (5)",
    ),
    *(" | | | ", "合计 | 小计 | 总计", "20101 | 某款 | 无 | 5 | 5"),
]


@given(st.lists(st.sampled_from(LINES), max_size=20))
@settings(max_examples=200)
def test_any_lines_are_converted_completely_or_refused(lines: list[str]) -> None:
    try:
        conversion = convert("\n".join(lines))
    except DocumentError:
        return
    assert all(issue.text("zh") and issue.text("en") for issue in conversion.issues)
    assert all(claim.coordinates.keys() == VOCABULARY.dimensions.keys() for claim in conversion.observations)
    assert len({(c.table, c.row, c.column) for c in conversion.observations}) == len(conversion.observations)


def test_a_figure_over_two_rows_is_claimed_once() -> None:
    document = read(table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 某类 | 5\n205 | 他类 | "))
    [grid] = document.grids
    merged = [replace(c, rowspan=2) if c.text == "5" else c for c in grid.cells if (c.row, c.col) != (3, 3)]
    found = convert_document(replace(document, grids=(replace(grid, cells=tuple(merged)),))).observations
    assert [(o.row, o.column, o.row_code) for o in found] == [(2, 3, "201")]


FEN = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | {} | 100.34 | 60.00
208 | 社会保障和就业支出 | {} | 50.20 | 40.00
 | 合计 | {} | 150.54 | 100.00
"""


@pytest.mark.parametrize(
    ("unit", "totals", "precision"),
    [
        ("元", ("160.34", "90.20", "251"), "0.5"),
        ("元", ("160.34", "90.24", "251"), "0.005"),
        ("元", ("160.34", "90.2", "251"), "0.005"),
        ("万元", ("160.34", "90.20", "251"), "50"),
    ],
    ids=["fen everywhere else", "no zero at the end", "zeros dropped", "in ten thousands"],
)
def test_a_sum_in_whole_yuan_among_sums_with_their_fen_is_rounded(
    unit: str, totals: tuple[str, ...], precision: str
) -> None:
    conversion = convert(table(3, "部门支出总表", FEN.format(*totals), unit=f"单位：{unit}"))
    [total] = [o for o in conversion.observations if o.printed == "251"]
    assert total.precision == Decimal(precision)
    fine = {o.precision for o in conversion.observations if "." in o.printed}
    assert fine == {Decimal("0.005") * (10_000 if unit == "万元" else 1)}


@pytest.mark.parametrize(
    ("totals", "precision"),
    [(("1601", "903", "250.46", "2755"), "0.5"), (("1600.5", "900.5", "250", "2751"), "0.05")],
    ids=["one sum with its fen", "one sum without"],
)
def test_sums_in_whole_yuan_are_rounded_where_few_print_their_fen(totals: tuple[str, ...], precision: str) -> None:
    rows = "201 | 一般公共服务支出 | {}\n208 | 社会保障和就业支出 | {}\n210 | 卫生健康支出 | {}\n | 合计 | {}"
    conversion = convert(table(3, "部门支出总表", f"科目编码 | 科目名称 | 合计\n{rows.format(*totals)}"))
    assert {o.precision for o in conversion.observations if "." not in o.printed} == {Decimal(precision)}


def test_a_note_that_a_table_is_empty_does_not_make_its_figures_go() -> None:
    note = "注：本部门无“三公”经费预算，故本表为空表。"
    conversion = convert(table(7, "“三公”经费支出表", "公务接待费 | 会议费\n1.35 | 2.00", unit="单位：万元"), note)
    assert [o.printed for o in conversion.observations] == ["1.35", "2.00"]
    assert not conversion.content.tables[0].declared_empty
    assert [issue.values["text"] for issue in issues(conversion, "filled-though-empty")] == [note]
    empty = convert(table(7, "“三公”经费支出表", "公务接待费 | 会议费\n0.00 | 0.00", unit="单位：万元"), note)
    assert not issues(empty, "filled-though-empty")
