"""Tables whose titles say that they leave out what is carried over, beside tables that hold it."""

import pytest
from small_disclosures import BUREAU, convert, issues, met, placed, table

from shapes import check

COVER = f"{BUREAU}2024年度部门预算"
SUMMARY = """
收入 | | 支出 |
项目 | 预算数 | 项目 | 预算数
一、本年收入 | 900 | 一、本年支出 | 1000
（一）一般公共预算拨款 | 900 | （一）城乡社区支出 | 1000
二、上年结转 | 100 | 二、结转下年 | 0
收入总计 | 1000 | 支出总计 | 1000
"""
CLASSES = "科目编码 | 科目名称 | 合计 | 人员经费支出 | 公用经费支出 | 专项业务经费支出 | 备注"
BY_FUNCTION = f"""
{CLASSES}
| 合计 | 900 | 500 | 100 | 300 |
212 | 城乡社区支出 | 900 | 500 | 100 | 300 |
"""
BY_ECONOMIC = """
部门经济科目编码 | 部门经济科目名称 | 政府经济科目编码 | 政府经济科目名称 | 合计 | 人员经费支出 | 公用经费支出
| 合计 | | | 600 | 500 | 100
301 | 工资福利支出 | 501 | 机关工资福利支出 | 500 | 500 | 0
302 | 商品和服务支出 | 502 | 机关商品和服务支出 | 100 | 0 | 100
"""
OF_ONE_FUND = """
收入 | | 支出 |
项目 | 预算数 | 项目 | 预算数
本年收入 | 8 | 一、城乡社区支出 | 8
收入总计 | 8 | 支出总计 | 8
"""
FUNCTIONS = "一般公共预算支出明细表（按支出功能分类科目-不含上年结转）"
BASIC = "一般公共预算基本支出明细表（按支出经济分类科目-不含上年结转）"
TABLES = (table(4, "财政拨款收支总表", SUMMARY), table(5, FUNCTIONS, BY_FUNCTION), table(6, BASIC, BY_ECONOMIC))


def test_figures_of_such_a_table_are_of_the_money_of_this_year() -> None:
    figures = placed(convert(COVER, *TABLES), "t05")
    assert figures["合计", "合计"] == {
        "flow": "expenditure",
        "vintage": "current",
        "fund": "general-public",
        "kind": "this-year",
    }
    assert figures["城乡社区支出", "专项业务经费支出"]["kind"] == "project"
    assert {each["vintage"] for each in figures.values()} == {"current"}


def test_classes_of_the_government_beside_those_of_the_department_set_no_coordinate() -> None:
    conversion = convert(COVER, *TABLES)
    figures = placed(conversion, "t06")
    assert len(figures) == 9
    assert figures["工资福利支出", "合计"]["economic"] == "301"
    assert not issues(conversion, "unknown-column")


def test_tables_with_and_without_what_is_carried_over_are_not_equated() -> None:
    found = check(convert(COVER, *TABLES).graph).findings
    assert not [f.rule for f in found if f.severity == "violation" and "required" not in f.rule]


@pytest.mark.parametrize("title", ["政府性基金收支表（不含上年结转）", "国有资本经营预算收支表"])
def test_a_fund_may_have_a_summary_of_its_own(title: str) -> None:
    conversion = convert(COVER, table(7, title, OF_ONE_FUND))
    figures = placed(conversion, "t07")
    assert figures["本年收入", "收入 预算数"]["flow"] == "revenue"
    assert figures["一、城乡社区支出", "支出 预算数"]["function"] == "212"
    assert not met(conversion)


@pytest.mark.parametrize(("current", "told"), [(900, []), (800, ["same"])])
def test_the_text_may_tell_of_the_money_of_this_year_alone(current: int, told: list[str]) -> None:
    text = (
        "第三部分 情况说明",
        "一、收支情况",
        "2024年本部门财政拨款支出1000元，其中一般公共预算拨款支出1000元。",
        "二、一般公共预算拨款支出明细情况",
        f"2024年本部门当年一般公共预算拨款支出{current}元。",
    )
    found = check(convert(COVER, *TABLES, *text).graph).findings
    assert [f.rule for f in found if f.severity == "violation" and "required" not in f.rule] == told


@pytest.mark.parametrize(("section", "told"), [("一般公共预算当年拨款", []), ("一般公共预算支出", ["same"])])
def test_a_section_about_what_was_appropriated_this_year_leaves_out_what_was_carried_over(
    section: str, told: list[str]
) -> None:
    text = ("第三部分 情况说明", f"一、{section}情况", f"（一）{section}结构情况", "城乡社区支出（类）支出900元。")
    found = check(convert(COVER, TABLES[0], *text).graph).findings
    assert [f.rule for f in found if f.severity == "violation" and "required" not in f.rule] == told


# ── Where no title says so ──────────────────────────────────────────────────────────────────────

COMPARED = """
科目编码 | 科目名称 | 2023年执行数 | 2024年预算数 | | | 2024年预算数比2023年执行数 |
 | | | 合计 | 基本支出 | 项目支出 | 增减额 | 增减%
212 | 城乡社区支出 | 800 | 900 | 600 | 300 | 100 | 12.5
 | 合计 | 800 | 900 | 600 | 300 | 100 | 12.5
"""
OF_EACH_FUND = SUMMARY.replace(
    "二、上年结转 | 100", "（二）政府性基金预算拨款 | 0 | | \n（三）国有资本经营预算拨款 | 0 | | \n二、上年结转 | 100"
)
BASIC_ONLY = "科目编码 | 科目名称 | 合计\n301 | 工资福利支出 | 600\n | 合计 | 600"


def unsaid(compared: str) -> tuple[str, ...]:
    return (
        table(4, "财政拨款收支总表", OF_EACH_FUND),
        table(5, "一般公共预算支出表", compared),
        table(6, "一般公共预算基本支出表", BASIC_ONLY),
    )


def test_a_table_that_spends_what_comes_in_this_year_leaves_out_what_is_carried_over() -> None:
    conversion = convert(COVER, *unsaid(COMPARED))
    for name in ("t05", "t06"):
        assert {places["vintage"] for places in placed(conversion, name).values()} == {"current"}
    assert len(conversion.content.changes) == 4
    found = check(conversion.graph).findings
    assert not [f.rule for f in found if f.severity == "violation" and "required" not in f.rule]


def test_a_table_that_spends_neither_is_held_to_the_others() -> None:
    conversion = convert(
        COVER, *unsaid(COMPARED.replace("| 900 | 600 | 300 | 100 | 12.5", "| 890 | 600 | 290 | 90 | 11.25"))
    )
    assert all("vintage" not in places for places in placed(conversion, "t05").values())
    assert "same" in {f.rule for f in check(conversion.graph).findings if f.severity == "violation"}
