"""Standard words of provinces become claims: totals of both flows, codes in brackets, evaluated money."""

from __future__ import annotations

import pytest
from narrated import amounts, final, statements

from converters import Conversion


def scopes(text: str) -> list[tuple[str, str | None, bool]]:
    """Printed amounts of money with their scope, and whether tables are compared with them."""
    return [
        (s.observation.printed, s.observation.coordinates["scope"].rpartition("/")[2], s.compared)
        for s in statements(text)
        if s.observation.measure == "amount"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2024年财政拨款收入总计、支出总计均为 8 万元。",
        "2024年财政拨款收入、支出总计各 8 万元。",
        "2024年财政拨款收入支出总计 8 万元。",
    ],
)
def test_totals_of_both_flows(text: str) -> None:
    assert [claim.split()[1] for claim in amounts(text)] == ["flow=revenue", "flow=expenditure"]


def test_a_change_of_both_totals_is_that_of_revenue() -> None:
    text = "2024年财政拨款收入总计、支出总计均为 8 万元。与2023年相比，财政拨款收入总计、支出总计各增加 1 万元。"
    change = statements(text)[-1]
    assert change.observation.coordinates["flow"].endswith("revenue")
    assert not change.observation.coordinates["line"].startswith("code/line/s")


def test_words_for_both_flows_with_more_between_them_are_not_joined() -> None:
    assert [s.compared for s in statements("2024年财政拨款收入弥补的支出总计 8 万元。")] == [False]


def test_the_code_in_brackets_decides_between_classes_of_a_name() -> None:
    assert amounts("住房公积金（2210201）8 万元。") == ["80000 flow=expenditure function=2210201 kind=this-year"]


def test_what_was_appropriated_this_year_is_revenue_where_words_name_its_fund_only() -> None:
    assert amounts("2024年一般公共预算当年拨款 8 万元。") == ["80000 flow=revenue vintage=current fund=general-public"]
    [spent] = amounts("2024年一般公共预算当年拨款支出 8 万元。")
    assert "flow=expenditure" in spent


def test_of_two_amounts_in_turn_one_is_of_each_flow() -> None:
    assert amounts("2024年本年收入、支出分别为 9 万元、8 万元。") == [
        "90000 flow=revenue vintage=current",
        "80000 flow=expenditure kind=this-year",
    ]


@pytest.mark.parametrize("words", ["上年结转收入、结转下年支出", "本年收入、本年支出"])
def test_words_for_parts_of_both_flows_are_not_joined(words: str) -> None:
    assert {s.compared for s in statements(f"2024年{words}均为 8 万元。")} == {False}


@pytest.mark.parametrize(
    "text",
    [
        "我单位对2024年度4个项目开展绩效自评，共涉及资金 8 万元。",
        "根据预算绩效管理要求，已对4个项目开展绩效自评，涉及金额 8 万元，自评结果随部门决算公开。",
        "对4个项目 8 万元开展绩效自评。",
        "2024年度全面开展绩效自评，项目4个，共涉及资金 8 万元。",
        "对整体支出开展绩效评价，涉及资金 8 万元。",
    ],
)
def test_evaluated_money_is_a_claim_of_its_own_that_no_table_is_compared_with(text: str) -> None:
    assert scopes(text) == [("8", "evaluated", False)]


@pytest.mark.parametrize(
    "text",
    [
        "绩效自评发现问题3个，涉及资金 8 万元。",
        "对4个项目开展绩效自评；采购设备2台，涉及资金 8 万元。",
        "收回资金，涉及金额 8 万元。",
    ],
)
def test_other_money_in_a_sentence_about_an_evaluation_is_not_evaluated(text: str) -> None:
    assert "evaluated" not in {scope for _, scope, _ in scopes(text)}


def test_goals_and_evaluations_between_semicolons_are_told_apart() -> None:
    text = "编报绩效目标的2024年度项目3个，涉及预算金额 8 万元；绩效自评的2024年度项目2个，涉及预算金额 6 万元。"
    assert [(printed, scope) for printed, scope, _ in scopes(text)] == [("8", "performance"), ("6", "evaluated")]


def test_the_amount_behind_counted_projects_with_goals_is_theirs() -> None:
    assert scopes("2024年本部门2个项目纳入绩效目标管理，金额 8 万元。") == [("8", "performance", False)]
    other = "2024年本部门2个项目纳入绩效目标管理，采购设备3台，金额 8 万元。"
    assert "performance" not in {scope for _, scope, _ in scopes(other)}


def test_the_year_of_evaluated_money_is_that_of_its_sentence() -> None:
    [statement] = statements("对2023年度4个项目开展绩效自评，涉及资金 8 万元。")
    assert statement.observation.coordinates["year"] == "2023"


def test_money_of_counted_goals_and_its_parts_are_of_no_table() -> None:
    text = "2024年共设置4个项目绩效目标，涉及财政拨款资金 8 万元，其中一般公共预算 5 万元、政府性基金 3 万元。"
    assert scopes(text) == [("8", "performance", False), ("5", "performance", False), ("3", "performance", False)]


def test_the_budget_of_a_named_office_is_its_total_behind_a_sentence_not_understood() -> None:
    text = "目前我部门的收入主要来源于财政拨款。2024年，武汉市青山区园林局收入预算为 8 万元。"
    assert [s.compared for s in statements(text)] == [True]
    other = "目前我部门的款项主要来源于捐赠。2024年收入预算为 8 万元。"
    assert [s.compared for s in statements(other)] == [False]


def test_what_assets_are_worth_has_a_scope_of_its_own_that_no_table_is_compared_with() -> None:
    text = "截至2023年底，资产总额 9 万元，其中流动资产 5 万元，固定资产 4 万元。固定资产中，房屋 3 万元，车辆 1 万元。"
    assert scopes(text) == [(digits, "state-assets", False) for digits in "95431"]
    text = "与上年相比，资产总额增加 2 万元。处置车辆1辆，账面原值 3 万元。"
    assert [s.observation.coordinates["scope"].rpartition("/")[2] for s in statements(text)] == ["state-assets"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "本年度拟购置固定资产 9 万元。",
        "资产总额 8 万元，实现资产处置收入 9 万元。",
        "固定资产 8 万元。信息系统 9 万元。",
        "固定资产维修费 9 万元。",
        "固定资产 8 万元，物业管理费 9 万元。",
        "支付在建工程进度款 9 万元。",
    ],
)
def test_what_is_bought_spent_or_earned_with_assets_is_not_what_they_are_worth(text: str) -> None:
    assert ("9", "state-assets", False) not in scopes(text)


RESULTS = (
    "（四）预算绩效情况",
    "“干部教育”项目自评得分96分，全年预算数为 9 万元，执行数为 8 万元。“人才工作”项目自评得分93分。全年预算数 7 万元。",
    "信息化项目绩效自评综述：信息化项目绩效自评得分为98分。项目全年预算数为 6 万元，执行数为 5 万元。",
)


def named(conversion: Conversion) -> list[tuple[str, str, str, bool]]:
    """Printed amounts with scope, name of the line, and whether tables are compared with them."""
    names = {entity.key: entity.name for entity in conversion.entities}
    return [
        (o.printed, o.coordinates["scope"].rpartition("/")[2], names.get(o.coordinates["line"], ""), s.compared)
        for s in conversion.content.narrative.statements
        if (o := s.observation).measure == "amount"
    ]


def test_budget_and_outturn_of_an_evaluated_project_have_its_name() -> None:
    lines = ["干部教育项目"] * 2 + ["人才工作项目"] + ["信息化项目"] * 2
    expected = [(digit, "evaluated", name, False) for digit, name in zip("98765", lines, strict=True)]
    assert named(final("\n\n".join(RESULTS))) == expected


@pytest.mark.parametrize(
    "text", ["项目绩效自评结果。全年预算数为 9 万元。", "部门整体支出自评得分96分。全年预算数为 9 万元。"]
)
def test_without_the_name_of_a_project_evaluated_money_is_of_none(text: str) -> None:
    assert "evaluated" not in {scope for _, scope, _, _ in named(final(text))}


def test_what_guests_have_cost_has_its_scope_and_no_table_is_compared_with_it() -> None:
    text = "八、“三公”经费情况\n\n公务接待费支出 9 万元。\n\n国内公务接待支出 8 万元（含外宾接待支出 1 万元）。"
    found = [(printed, scope, compared) for printed, scope, _, compared in named(final(text))]
    assert found[1:3] == [("8", "reception-domestic", False), ("1", "reception-foreign-affairs", False)]
    [(_, scope, _, _)] = named(final("其他国内公务接待支出 7 万元。"))
    assert scope not in ("reception-domestic", "reception-foreign-affairs")


def test_an_item_that_is_an_economic_class_as_well_has_its_scope_and_is_not_compared() -> None:
    assert ("8", "meeting", False) in scopes("2024年本部门会议费预算 8 万元，拟召开5次会议。")
