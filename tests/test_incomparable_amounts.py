"""Amounts of the text that no table is compared with, since they are less than their words say, or other money."""

from __future__ import annotations

import pytest
from narrated import claims, narrated, statements
from small_disclosures import convert, table

from converters import Conversion
from shapes import check

BASIC = "科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费\n301 | 工资福利支出 | 60.00 | 60.00 |\n"
BASIC += (
    "302 | 商品和服务支出 | 20.00 | | 20.00\n303 | 对个人和家庭的补助 | 5.00 | 5.00 |\n | 合计 | 85.00 | 65.00 | 20.00"
)
SPENT = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n201 | 一般公共服务支出 | 90.00 | 85.00 | 5.00\n"
SPENT += " | 合计 | 90.00 | 85.00 | 5.00"


def violations(conversion: Conversion) -> list[str]:
    """The rules that a document breaks, apart from missing tables."""
    return [f.rule for f in check(conversion.graph).findings if f.severity == "violation" and "required" not in f.rule]


def compared(text: str) -> list[str]:
    """The amounts of a text that are compared with tables, as printed."""
    measured = [s for s in statements(text) if s.observation.measure == "amount"]
    return [s.observation.printed for s in measured if s.compared]


def beside_tables(*text: str) -> Conversion:
    tables = (
        table(3, "支出总表", SPENT, "单位：万元"),
        table(6, "一般公共预算基本支出表", BASIC, "单位：万元"),
    )
    return convert(*tables, "第三部分 情况说明", "一、支出情况说明", *text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "支出90.00万元，其中：人员支出{}万元、公用支出20.00万元、对个人和家庭的补助支出5.00万元、项目支出5.00万元。",
            [],
        ),
        ("支出90.00万元，其中：人员支出{}万元、公用支出20.00万元、项目支出5.00万元。", ["sum", "bound"]),
    ],
    ids=["assistance apart", "assistance included"],
)
def test_personnel_beside_assistance_to_persons_are_wages_only(text: str, told: list[str]) -> None:
    assert violations(beside_tables(text.format("60.00"))) == told


def test_wages_are_called_personnel_wherever_the_text_tells_of_them_again() -> None:
    listed = (
        "支出90.00万元，包括人员支出60.00万元、公用支出20.00万元、对个人和家庭的补助支出5.00万元、项目支出5.00万元。"
    )
    assert violations(beside_tables(listed, "（一）人员支出60.00万元，主要是工资。")) == []
    assert violations(beside_tables(listed, "（一）人员支出62.00万元，主要是工资。")) == ["bound"]


def test_personnel_funds_may_be_told_with_their_classes() -> None:
    told = "人员支出{}万元，工资福利支出60万元，对个人和家庭的补助支出5万元。"
    assert compared(told.format(65)) == ["65", "60", "5"]
    assert compared(told.format(66)) == ["60", "5"]


LEFT_OUT = "本年收入9.00万元，该资金由主管部门核算，{}。"


@pytest.mark.parametrize(
    "said",
    ["未纳入本部门决算报表", "未纳入部门决算", "不属于财政拨款收支，未纳入决算", "单独核算", "不在本部门决算反映"],
)
def test_money_that_is_in_no_table_is_compared_with_none(said: str) -> None:
    assert compared(LEFT_OUT.format(said)) == []
    assert compared(LEFT_OUT.format("已全部拨付")) == ["9.00"]


def test_a_reason_may_say_that_other_money_was_in_no_table() -> None:
    text = "本年支出9.00万元，比上年增加2.00万元，主要原因是上年的代管资金未纳入部门决算。"
    assert compared(text) == ["9.00"]


CARRIED = "2024年当年拨款{}万元，上年结转5万元，比上年增加8万元{}。"


@pytest.mark.parametrize(("given", "told"), [("90", []), ("7", ["change-beyond"])])
def test_what_is_carried_over_has_no_change_that_only_the_amount_before_it_can_have(
    given: str, told: list[str]
) -> None:
    text = CARRIED.format(given, "")
    assert violations(narrated(text)) == told
    assert next(s.change_of for s in statements(text) if s.observation.measure == "change") is None or told


@pytest.mark.parametrize("heading", ["一、“三公”经费等情况", "一、“三公”经费、会议费、培训费情况", "一、其他情况"])
def test_meetings_and_training_are_none_of_the_three_public_expenses(heading: str) -> None:
    text = f"{heading}\n培训费预算3万元，比上年增加0.6万元。"
    assert not any("three-public" in claim.split("scope=")[-1].split() for claim in claims(text))
    assert "three-public-rise" not in [f.rule for f in check(narrated(text).graph, families={"identities"}).findings]


def test_a_percentage_in_brackets_behind_a_change_is_its_rate() -> None:
    text = "“三公”经费预算3万元，比上年增加0.6万元（{}），增加的主要原因是任务增多。"
    [_, change, rate] = statements(text.format("25%"))
    assert (rate.observation.measure, rate.change_of, rate.reason) == ("changeRate", change.change_of, "任务增多")
    assert [violations(narrated(text.format(printed))) for printed in ("25%", "20%")] == [[], ["change-rate"]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("减少0.6万元（-16.67%）", []),
        ("减少0.6万元（16.67%）", []),
        ("减少0.6万元（-20%）", ["change-rate"]),
        ("增加0.6万元（-25%）", ["change-direction"]),
    ],
)
def test_a_sign_before_a_percentage_in_brackets_is_its_direction(change: str, told: list[str]) -> None:
    assert violations(narrated(f"公务接待费预算3万元，比上年{change}。")) == told


def test_a_list_that_goes_on_behind_a_full_stop_gives_no_reasons() -> None:
    listed = "（一）因公出国（境）费0万元，与上年持平{}（二）公务接待费2万元，比上年减少1万元。"
    whole = "“三公”经费2万元，比上年减少1万元。其中："
    found = {dot: [len(s.reasons) for s in statements(whole + listed.format(dot)) if s.reasons] for dot in "。；"}
    assert found == {"。": [], "；": [2]}


def test_money_of_some_offices_is_not_that_of_all() -> None:
    text = "机关运行经费支出12万元。{}公用经费25万元。"
    assert compared(text.format("事业单位")) == ["12"]
    assert compared(text.format("")) == ["12", "25"]
    assert compared("2024年部门本级机关1家行政单位机关运行经费12万元。") == ["12"]


FUNDS = "一、一般公共预算\n政府性基金预算财政拨款年初结转1万元，本年收入8万元，本年支出{}万元，年末结转2万元。"


def test_the_fund_of_the_first_amount_may_be_that_of_all() -> None:
    assert compared(FUNDS.format("7")) == []
    assert compared(FUNDS.format("7").replace("政府性基金", "一般公共")) == ["8", "7", "2"]


LISTED = "采购预算168万元。按方式分：集中采购102万元、分散采购66万元。其中面向中小企业采购{}万元，占{}。"


def test_parts_that_exceed_the_last_amount_are_parts_of_another() -> None:
    assert violations(narrated(LISTED.format(120, "71.43%"))) == []
    assert violations(narrated("采购预算66万元。其中面向中小企业采购120万元，占71.43%。")) != []
    assert violations(narrated(LISTED.format(33, "60%"))) == ["change-share"]


def test_a_number_of_purchases_from_some_suppliers_is_not_that_of_all() -> None:
    text = "政府采购项目6个。{}项目4个。"
    rules = [
        [f.rule for f in check(narrated(text.format(words)).graph).findings]
        for words in ("面向中小企业采购的", "政府采购的")
    ]
    assert rules == [[], ["same-text"]]


REVENUE = "收入 | | 支出 |\n项目 | 预算数 | 项目 | 预算数\n一般公共预算拨款收入 | 90.00 | 基本支出 | 85.00\n"
REVENUE += "| | 项目支出 | 5.00\n收入总计 | 90.00 | 支出总计 | 90.00"


@pytest.mark.parametrize(("amount", "told"), [("90.00", []), ("5.00", []), ("60.00", ["bound"])])
def test_all_appropriations_may_have_performance_goals(amount: str, told: list[str]) -> None:
    text = f"绩效目标管理全覆盖，涉及当年一般公共预算拨款{amount}万元。"
    tables = (table(1, "收支总表", REVENUE, "单位：万元"), table(3, "支出总表", SPENT, "单位：万元"))
    assert violations(convert(*tables, "第三部分 情况说明", "一、绩效目标情况", text)) == told


@pytest.mark.parametrize(("phase", "told"), [("决算", []), ("预算", ["bound"])])
def test_goals_of_a_final_account_are_of_planned_money(phase: str, told: list[str]) -> None:
    cover = f"武汉市青山区园林局2024年度部门{phase}"
    spent = table(3, f"支出{phase}表", SPENT, "单位：万元")
    text = "全过程绩效管理实施情况：编报绩效目标的2024年度项目3个，涉及预算金额6.50万元。"
    assert violations(convert(cover, spent, "第三部分 情况说明", "一、预算绩效管理情况", text)) == told


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("水库管理所支出90.00万元，人员经费60.00万元，公用经费30.00万元；项目支出5.00万元。", ["5.00"]),
        ("局机关85.00万元：人员经费60.00万元、公用经费25.00万元。", []),
        ("所属事业单位基本支出60.00万元，项目支出30.00万元。", []),
        ("支出90.00万元，其中：水库管理所支出60.00万元，人员经费40.00万元；项目支出5.00万元。", ["90.00", "5.00"]),
        ("青山区园林局支出90.00万元，基本支出85.00万元。", ["85.00"]),
    ],
    ids=["a unit", "the office itself", "subordinate units", "in a list", "the own name"],
)
def test_amounts_behind_one_of_a_unit_are_those_of_the_unit(text: str, printed: list[str]) -> None:
    assert compared(text) == printed


def test_money_of_this_year_beside_money_carried_over_is_less_than_both() -> None:
    text = "支出90.00万元，其中使用上年结转资金20.00万元、当年预算资金70.00万元。"
    assert violations(beside_tables(text)) == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("支出90.00万元；若剔除政府性基金10.00万元，支出为80.00万元。", ["90.00"]),
        ("支出90.00万元，其中当年拨款安排70.00万元、上年结转安排20.00万元。", ["90.00"]),
        ("支出90.00万元（含上年结转20.00万元），基本支出85.00万元。", ["90.00", "85.00"]),
        ("收入90.00万元，其中当年拨款70.00万元、上年结转20.00万元。", ["90.00", "20.00"]),
    ],
    ids=["what is left", "what an expenditure is paid from", "in brackets", "revenue"],
)
def test_amounts_that_are_other_than_their_words_say_are_not_compared(text: str, printed: list[str]) -> None:
    assert compared(text) == printed


def test_what_is_carried_forward_by_fund_is_no_expenditure_of_this_year() -> None:
    text = "年初结转和结余20.00万元；年末结转和结余15.00万元，其中一般公共预算{}万元、事业收入3.00万元。"
    parts = [s for s in statements(text.format("12.00")) if s.observation.printed in ("12.00", "3.00")]
    assert [s.observation.coordinates["kind"] for s in parts] == ["code/kind/carried-forward"] * 2
    assert violations(beside_tables(text.format("12.00"))) == []


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("全年用款计划80.00万元，其中一季度30.00万元、二季度20.00万元、三季度20.00万元、四季度10.00万元。", []),
        ("2024年资金使用计划80.00万元。", []),
        ("2024年支出计划80.00万元。", ["same"]),
    ],
)
def test_a_plan_of_payments_is_of_some_money_only(text: str, rules: list[str]) -> None:
    assert violations(beside_tables(text)) == rules
