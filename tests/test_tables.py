"""Whole tables of other departments: what is clear is placed, what is not is an issue that names its place."""

from decimal import Decimal

import pytest
from claims import DEPARTMENT, VOCABULARY, context_of
from small_disclosures import BUREAU, KINDS, amounts, convert, expenditure, issues, met, placed, table

from converters.entities.disclosure_context import DisclosureContext
from converters.entities.organisations import Organisation, Organisations
from converters.tables.coordinates import place_cell


@pytest.fixture
def setting() -> DisclosureContext:
    """A department in its year."""
    root = Organisation(f"id/org/420107/{DEPARTMENT}", DEPARTMENT, "某局", None)
    organisations = Organisations("420107", root, {DEPARTMENT: root}, ("某局",))
    return DisclosureContext(VOCABULARY, context_of().hierarchy, organisations, 2024, "code/phase/budget")


# ── Blank, zero, empty ──────────────────────────────────────────────────────────────────────────


def test_a_blank_claims_nothing_and_a_zero_claims_zero() -> None:
    found = amounts(convert(expenditure("201 | 某类 | 0.00 | | —")), "t03")
    assert found == {("某类", "合计"): Decimal(0)}


EMPTY = table(8, "政府性基金预算支出表", "科目编码 | 科目名称 | 合计") + "\n本部门没有政府性基金，故此表无数据。\n"


def test_a_table_declared_empty_claims_zero_at_the_top_of_its_dimensions() -> None:
    [claim] = convert(EMPTY).observations
    assert claim.amount == claim.precision == 0
    assert claim.printed == "本部门没有政府性基金，故此表无数据。"
    assert claim.coordinates["fund"] == "code/fund/government-fund"
    assert claim.coordinates["function"] == "code/function/total"
    assert claim.locator.line == 8


def test_a_table_that_is_empty_without_saying_so_claims_nothing() -> None:
    note = EMPTY.replace("本部门没有政府性基金，故此表无数据", "请见说明")
    conversion = convert(note, expenditure("201 | 某类 | 5 | 5 | 0"))
    assert amounts(conversion, "t08") == {}
    assert not conversion.content.tables[0].declared_empty


def test_a_table_with_figures_is_not_declared_empty_by_a_note() -> None:
    conversion = convert(expenditure("201 | 某类 | 5 | 5 | 0"), "另有一表，本表无数据。")
    assert [table.declared_empty for table in conversion.content.tables] == [False]


# ── Units ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("unit", "factor"), [("元", 1), ("千元", 1000), ("万元", 10_000), ("人民币万元", 10_000), ("亿元", 100_000_000)]
)
def test_amounts_and_precision_are_in_yuan_whatever_the_unit(unit: str, factor: int) -> None:
    [claim] = convert(expenditure("201 | 某类 | 14.5 | | ", unit=f"单位：{unit}")).observations
    assert (claim.amount, claim.precision, claim.printed) == (
        Decimal("14.5") * factor,
        Decimal("0.05") * factor,
        "14.5",
    )


def test_tables_of_one_disclosure_may_have_different_units() -> None:
    revenue = table(2, "收入总表", "单位代码 | 单位名称 | 合计\n108 | 园林局 | 3", "单位：万元")
    conversion = convert(revenue, expenditure("201 | 某类 | 30000 | | "))
    assert {claim.amount for claim in conversion.observations} == {Decimal(30000)}


@pytest.mark.parametrize("unit", ["", "单位：两", "单位：%之类"])
def test_a_table_without_a_known_unit_is_an_issue_and_gives_no_figure(unit: str) -> None:
    known = table(2, "收入总表", "单位代码 | 单位名称 | 合计\n108 | 园林局 | 5")
    conversion = convert(known, expenditure("201 | 某类 | 5 | 5 | 0", unit=unit))
    assert [claim.table for claim in conversion.observations] == ["t02"]
    assert [issue.values["title"] for issue in issues(conversion, "unknown-unit")] == [
        f"表 3. {BUREAU} 2024 年支出总表"
    ]


# ── Words that are not known ────────────────────────────────────────────────────────────────────


def test_a_column_under_an_unknown_word_is_an_issue_and_the_rest_is_converted() -> None:
    conversion = convert(expenditure("201 | 某类 | 5 | 4 | 1", KINDS.replace("项目支出", "杂项支出")))
    [issue] = issues(conversion, "unknown-header")
    assert (issue.values["word"], issue.values["count"]) == ("杂项支出", 1)
    assert (issue.locator.line, issue.locator.field) == (6, 5)
    assert ("某类", "基本支出") in amounts(conversion, "t03")
    assert ("某类", "杂项支出") not in amounts(conversion, "t03")


def test_an_unknown_word_over_blank_cells_is_no_issue() -> None:
    assert (
        issues(convert(expenditure("201 | 某类 | 5 | 5 | ", KINDS.replace("项目支出", "备注"))), "unknown-header") == []
    )


def test_a_row_with_an_unknown_name_is_an_issue_that_counts_its_figures() -> None:
    summary = "收入 | | 支出 |\n项目 | 预算数 | 项目 | 预算数\n一、拍卖收入 | 5 | 一、教育支出 | 5"
    conversion = convert(table(1, "收支总表", summary))
    [issue] = issues(conversion, "unknown-row")
    assert (issue.values["word"], issue.values["count"], issue.locator.line) == ("拍卖收入", 1, 8)
    assert amounts(conversion, "t01") == {("一、教育支出", "支出 预算数"): Decimal(5)}


def test_an_unknown_name_beside_blank_cells_is_no_issue() -> None:
    summary = "收入 | | 支出 |\n项目 | 预算数 | 项目 | 预算数\n一、拍卖收入 | | 一、教育支出 | 5"
    assert met(convert(table(1, "收支总表", summary))) == []


def test_a_cell_that_is_no_number_is_an_issue_that_names_row_and_column() -> None:
    conversion = convert(expenditure("201 | 某类 | 5 | 约5 | 0"))
    [issue] = issues(conversion, "unreadable-amount")
    assert (issue.values["text"], issue.values["row"], issue.values["column"]) == ("约5", "某类", "基本支出")
    assert (issue.locator.line, issue.locator.field) == (7, 4)


def test_a_cell_beyond_the_header_is_an_issue_that_names_line_and_field() -> None:
    conversion = convert(expenditure("201 | 某类 | 5 | 5 | 0 | 7"))
    [issue] = issues(conversion, "cell-beyond-header")
    assert (issue.values["text"], issue.locator.line, issue.locator.field) == ("7", 7, 6)
    assert len(conversion.observations) == 3


def test_row_and_column_that_exclude_each_other_give_no_figure() -> None:
    rows = "项目 | 一般公共预算 | 政府性基金预算\n（一）一般公共预算拨款 | 5 | 6"
    summary = table(4, "财政拨款收支总表", "收入 | | \n" + rows)
    conversion = convert(summary)
    assert [claim.printed for claim in conversion.observations] == ["5"]
    [issue] = issues(conversion, "words-contradict")
    assert (issue.values["row"], issue.locator.field) == ("（一）一般公共预算拨款", 3)


def test_an_unknown_table_is_kept_as_a_grid_and_named() -> None:
    conversion = convert(expenditure("201 | 某类 | 5 | 5 | 0"), table(16, "树木总表", "树种 | 株数\n樟树 | 5"))
    [issue] = issues(conversion, "unknown-table")
    assert issue.values["title"] == f"表 16. {BUREAU} 2024 年树木总表"
    assert [(t.name, t.kind, len(t.observations)) for t in conversion.content.tables][1] == ("t16", None, 0)


# ── Placing ─────────────────────────────────────────────────────────────────────────────────────


def test_a_total_row_may_come_last() -> None:
    first = convert(expenditure(" | 合计 | 5 | 4 | 1\n201 | 某类 | 5 | 4 | 1"))
    last = convert(expenditure("201 | 某类 | 5 | 4 | 1\n | 合计 | 5 | 4 | 1"))
    assert placed(first, "t03") == placed(last, "t03")
    assert placed(last, "t03")["合计", "合计"] == {"flow": "expenditure", "kind": "this-year"}


@pytest.mark.parametrize(
    ("row", "column", "kind"),
    [("total", "personnel", "personnel"), ("public", "this-year", "public"), ("basic", "basic", "basic")],
)
def test_the_narrower_of_row_and_column_wins(setting: DisclosureContext, row: str, column: str, kind: str) -> None:
    placed, conflict = place_cell({"kind": f"code/kind/{column}"}, {"kind": f"code/kind/{row}"}, {}, setting)
    assert (placed["kind"], conflict) == (f"code/kind/{kind}", False)


def test_a_dimension_that_no_word_sets_is_at_its_total(setting: DisclosureContext) -> None:
    placed, _ = place_cell({}, {}, {"flow": "code/flow/revenue"}, setting)
    assert {d: placed[d] for d in ("fund", "function", "project")} == {
        "fund": "code/fund/total",
        "function": "code/function/total",
        "project": "code/project/total",
    }
    assert placed.keys() == VOCABULARY.dimensions.keys()


SUMMARY = """
收 入 | | 支 出 |
项目 | 预算数 | 项目 | 预算数
一、一般公共预算拨款收入 | 7 | 一、教育支出 | 9
二、事业收入 | 2 | |
本年收入合计 | 9 | 本年支出合计 | 9
上年结转结余 | 1 | 年终结转结余 | 1
收 入 总 计 | 10 | 支 出 总 计 | 10
"""


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("一、一般公共预算拨款收入", {"vintage": "current", "fund": "general-public"}),
        ("二、事业收入", {"vintage": "current", "fund": "business"}),
        ("本年收入合计", {"vintage": "current"}),
        ("上年结转结余", {"vintage": "carried-over"}),
        ("收 入 总 计", {}),
    ],
)
def test_revenue_is_of_this_year_unless_its_words_say_otherwise(label: str, place: dict[str, str]) -> None:
    assert placed(convert(table(1, "收支总表", SUMMARY)), "t01")[label, "收入 预算数"] == {"flow": "revenue"} | place


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("一、教育支出", {"function": "205", "kind": "this-year"}),
        ("本年支出合计", {"kind": "this-year"}),
        ("年终结转结余", {"kind": "carried-forward"}),
        ("支 出 总 计", {}),
    ],
)
def test_expenditure_is_of_this_year_unless_its_words_say_otherwise(label: str, place: dict[str, str]) -> None:
    assert (
        placed(convert(table(1, "收支总表", SUMMARY)), "t01")[label, "支出 预算数"] == {"flow": "expenditure"} | place
    )


TWO_UNITS = table(
    2,
    "收入总表",
    """
    部门(单位)代码 | 部门(单位)名称 | 合计 | 一般公共预算 | 事业收入
    | 合计 | 30 | 20 | 10
    201 | 武汉市青山区园林局 | 30 | 20 | 10
    201001 | 武汉市青山区园林局本级 | 25 | 20 | 5
    201002 | 武汉市青山区园林科研所 | 5 | 0 | 5
    """,
    "单位：万元",
)


def test_a_department_code_may_look_like_a_functional_class() -> None:
    conversion = convert(TWO_UNITS)
    assert conversion.content.disclosure == "id/disclosure/420107/2024/budget/201"
    assert placed(conversion, "t02")["武汉市青山区园林科研所", "事业收入"] == {
        "organisation": "201002",
        "flow": "revenue",
        "vintage": "current",
        "fund": "business",
    }


def test_projects_of_two_units_stand_under_their_unit() -> None:
    projects = """
    项目编码 | 项目名称 | 项目单位 | 合计 | 一般公共预算 | 单位资金
    | | | 9 | 5 | 4
    201 | 武汉市青山区园林局 | | 9 | 5 | 4
    201001 | 武汉市青山区园林局本级 | | 5 | 5 | 0
    42010724201T000000100 | 甲项目 | 武汉市青山区园林局本级 | 5 | 5 | 0
    201002 | 武汉市青山区园林科研所 | | 4 | 0 | 4
    42010724201T000000200 | 乙项目 | 武汉市青山区园林科研所 | 4 | 0 | 4
    """
    found = placed(convert(table(10, "项目支出表", projects)), "t10")
    assert found["甲项目", "合计"]["organisation"] == "201001"
    assert found["乙项目", "合计"]["organisation"] == "201002"
    assert found["乙项目", "合计"]["project"] == "42010724201T000000200"
    assert found["", "合计"] == {"flow": "expenditure", "kind": "project"}
