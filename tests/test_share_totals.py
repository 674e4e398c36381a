"""Shares of a total that the words name and only a table prints."""

import pytest
from narrated import statements
from small_disclosures import convert, table

from shapes import check

GENERAL = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | {0} | 480.20 | {1}
 | 合计 | {0} | 480.20 | {1}
"""
TABLES = (
    table(3, "支出总表", GENERAL.format("580.20", "100.00"), "单位：万元"),
    table(5, "一般公共预算支出表", GENERAL.format("560.20", "80.00"), "单位：万元"),
)


def told(sentence: str) -> list[str]:
    """What is found of shares in a disclosure with two tables and this sentence."""
    text = f"第三部分 情况说明\n五、一般公共预算支出情况\n{sentence}"
    return [
        f.message["zh"]
        for f in check(convert(*TABLES, text).graph, families={"change"}).findings
        if f.rule.startswith("change-share")
    ]


@pytest.mark.parametrize("whole", ["本年支出合计", "支出预算总额", "2024年支出总计", "总支出"])
@pytest.mark.parametrize(("share", "wrong"), [("96.55", 0), ("86.55", 1)])
def test_a_share_of_a_total_is_held_to_the_table_that_prints_it(whole: str, share: str, wrong: int) -> None:
    found = told(f"2024年一般公共预算支出560.20万元，占{whole}的{share}%。")
    assert len(found) == wrong
    assert all("560.20÷580.20" in message for message in found)


def test_a_share_that_follows_from_the_total_of_one_fund_is_not_wrong() -> None:
    assert told("2024年项目支出80.00万元，占支出合计的14.28%。") == []


def test_the_amount_of_one_kind_is_no_total() -> None:
    text = "五、支出情况\n基本支出1256.80万元，占总支出的53.33%；项目支出1100.00万元，占总支出的46.67%。"
    assert [s.share_in for s in statements(text) if s.observation.measure == "share"] == [None, None]


def test_a_share_of_a_year_whose_total_is_not_printed_is_not_compared() -> None:
    assert told("2024年一般公共预算支出560.20万元，占2023年支出合计的86.55%。") == []


def test_no_amount_is_its_own_whole() -> None:
    text = "五、一般公共预算支出情况\n一般公共预算支出560.20万元，占支出的96.55%。"
    [share] = [s for s in statements(text) if s.observation.measure == "share"]
    assert share.share_in is None


SPENT = """
项目 | 年初预算数 | 决算数
因公出国（境）费 | 0 | 0
公务接待费 | 2.00 | 1.50
公务用车购置及运行维护费 | 5.00 | 4.00
公务用车运行维护费 | 5.00 | 4.00
合计 | 7.00 | 5.50
"""
FINAL = f"某县水务局2024年度部门决算\n{table(8, '“三公”经费支出决算表', SPENT, '单位：万元', office='某县水务局')}"


def degrees(sentence: str, tables: str = FINAL) -> list[str]:
    """What is found of degrees of completion in a final account with a table and this sentence."""
    text = f"第三部分 2024年度部门决算情况说明\n八、“三公”经费财政拨款支出决算情况说明\n{sentence}"
    return [
        f.message["zh"]
        for f in check(convert(tables, text).graph, families={"change"}).findings
        if f.rule.startswith("change-share")
    ]


@pytest.mark.parametrize("plan", ["年初预算", "预算"])
@pytest.mark.parametrize(("share", "wrong"), [("75.00", 0), ("57.00", 1)])
def test_a_degree_of_completion_is_held_to_the_budget_that_a_table_prints(plan: str, share: str, wrong: int) -> None:
    found = degrees(f"公务接待费支出决算为1.50万元，完成{plan}的{share}%。")
    assert len(found) == wrong
    assert all("完成预算的 57.00%，按 1.50÷2.00 应为 75.00%" in message for message in found)


def test_a_degree_of_completion_is_not_held_to_a_budget_that_is_not_the_one_named() -> None:
    assert degrees("公务接待费支出决算为1.50万元，完成全年预算的57.00%。") == []
    revised = FINAL.replace("年初预算数 | ", "年初预算数 | 全年预算数 | ").replace("2.00 | 1.50", "2.00 | 1.50 | 1.50")
    assert degrees("公务接待费支出决算为1.50万元，完成预算的100.00%。", revised) == []


OFFICIAL = """
合计 | 因公出国（境）费 | 公务接待费 | 公务用车购置及运行费
16.00 | 0 | 1.00 | 15.00
"""


@pytest.mark.parametrize(("share", "wrong"), [("93.75", 0), ("83.75", 1)])
def test_a_share_of_a_scope_that_only_a_table_totals_is_held_to_it(share: str, wrong: int) -> None:
    tables = table(7, "一般公共预算“三公”经费支出表", OFFICIAL, "单位：万元")
    text = f"第三部分 情况说明\n七、“三公”经费情况\n公务用车购置及运行费支出15.00万元，占“三公”经费的{share}%。"
    found = [
        f.message["zh"]
        for f in check(convert(tables, text).graph, families={"change"}).findings
        if f.rule == "change-share"
    ]
    assert len(found) == wrong
    assert all("15.00÷16.00" in message for message in found)


def shares(text: str) -> list[str]:
    """The rules about shares that a text of final accounts breaks."""
    conversion = convert("武汉市青山区园林局2024年部门决算", "第三部分 情况说明", "一、绩效情况说明", text)
    return [f.rule for f in check(conversion.graph, families={"change"}).findings if f.rule.startswith("change-share")]


DEGREES = [
    "“校舍维修”项目全年预算数158.00万元，执行数150.10万元，完成预算的{}%。",
    "“校舍维修”项目自评得分96分，全年预算数为158.00万元，执行数为150.10万元，执行率{}%。",
    (
        "共2个项目，涉及资金189.72万元。其中“校舍维修”项目全年预算数158.00万元，执行数150.10万元，完成预算的{}%；"
        "“图书购置”项目全年预算数46.00万元，执行数39.62万元，完成预算的86.13%。"
    ),
    "小学教育支出决算为150.10万元，完成年初预算158.00万元的{}%，决算数小于预算数的主要原因是招标结余。",
    "货物支出150.10万元，占政府采购支出总额158.00万元的{}%。",
]


@pytest.mark.parametrize("text", DEGREES)
@pytest.mark.parametrize(("degree", "wrong"), [("95.00", []), ("85.00", ["change-share"])])
def test_a_degree_of_completion_is_held_to_the_budget_beside_it(text: str, degree: str, wrong: list[str]) -> None:
    assert shares(text.format(degree)) == wrong


def test_a_degree_beside_two_budgets_is_that_of_either() -> None:
    text = "“校舍维修”项目年初预算数120.00万元，全年预算数158.00万元，执行数150.10万元，完成预算的{}%。"
    assert shares(text.format("95.00")) == shares(text.format("125.08")) == []


@pytest.mark.parametrize(("share", "wrong"), [("87.46", 0), ("97.46", 1)])
def test_a_share_of_basic_expenditure_is_held_to_the_table_that_prints_it(share: str, wrong: int) -> None:
    found = told(f"人员经费420.00万元，占基本支出的{share}%。")
    assert len(found) == wrong
    assert all("420.00÷480.20" in message for message in found)


def test_a_share_of_a_kind_that_no_table_prints_is_not_held_to_the_total() -> None:
    assert told("工资福利支出20.00万元，占经营支出的50.00%。") == []


@pytest.mark.parametrize(("share", "wrong"), [("40", 0), ("50", 0), ("45", 1)])
def test_a_share_in_a_list_may_be_of_what_the_whole_is_a_share_of(share: str, wrong: int) -> None:
    text = f"中小企业采购金额80万元，占采购总额的80%，其中小微企业采购金额40万元，占{share}%。"
    assert len(told(text)) == wrong
