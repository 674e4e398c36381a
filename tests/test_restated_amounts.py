"""Amounts behind a list that restate its whole in another phase or flow, and amounts that only adjust a budget."""

from __future__ import annotations

import pytest
from narrated import final, narrated, statements
from small_disclosures import convert, table

from converters import Conversion
from shapes import check

PHASES = (
    "三公经费年初预算10.00万元，其中：公务接待费4.00万元，公务用车运行维护费6.00万元{mark}"
    "决算8.00万元，其中：公务接待费3.00万元，公务用车运行维护费5.00万元。"
)


def violations(conversion: Conversion) -> list[str]:
    return [f.rule for f in check(conversion.graph).findings if f.severity == "violation"]


def places(conversion: Conversion, dimension: str) -> list[str]:
    """The printed amounts with their concepts of a dimension."""
    stated = (s.observation for s in conversion.content.narrative.statements)
    return [f"{o.printed} {o.coordinates[dimension].rsplit('/', 1)[-1]}" for o in stated]


@pytest.mark.parametrize("mark", ["；", "，"])
def test_another_phase_behind_a_list_restates_the_whole(mark: str) -> None:
    stated = final(PHASES.format(mark=mark))
    assert places(stated, "scope")[3:] == ["8.00 three-public", "3.00 reception", "5.00 running"]
    assert [place.split()[1] for place in places(stated, "phase")] == ["initial"] * 3 + ["final"] * 3
    assert violations(stated) == []
    assert "sum" in violations(final(PHASES.format(mark=mark).replace("费3.00万元", "费4.00万元")))


def test_another_flow_behind_a_list_restates_the_whole() -> None:
    text = (
        "2024年收入预算90万元，其中：财政拨款收入70万元，其他收入20万元；"
        "支出预算90万元，其中：基本支出60万元，项目支出30万元。"
    )
    assert places(narrated(text), "fund")[3:] == ["90 total", "60 total", "30 total"]
    assert [s.observation.row_label for s in statements(text)][3] == "支出预算"


def test_parts_of_amounts_of_three_phases_are_of_their_own_phase() -> None:
    text = (
        "一般公共预算支出年初预算100万元，其中：基本支出70万元，项目支出30万元；调整预算113万元，其中：基本支出78万元，"
        "项目支出35万元；决算112万元，其中：基本支出78万元，项目支出34万元。"
    )
    stated = final(text)
    assert [place.split()[1] for place in places(stated, "phase")[3:]] == ["adjusted"] * 3 + ["final"] * 3
    assert violations(stated) == []
    nameless = final(text.removeprefix("一般公共预算支出"))
    assert violations(nameless) == []
    assert [s.observation.row_label for s in nameless.content.narrative.statements][3] == "调整预算"


def test_an_entry_that_names_a_phase_is_restated_itself() -> None:
    text = "三公经费年初预算10万元，其中：公务接待费年初预算4万元；决算3万元。"
    assert places(final(text), "scope") == ["10 three-public", "4 reception", "3 reception"]


def test_an_amount_that_may_restate_an_entry_or_its_whole_is_compared_with_nothing() -> None:
    text = "2024年收入预算90万元，其中：财政拨款收入85万元，其他收入5万元；支出预算5万元。"
    assert not statements(text)[-1].compared


def test_a_reason_in_brackets_ends_with_the_brackets() -> None:
    text = (
        "三公经费预算8.52万元。其中：公务用车购置及运行费7.69万元（公务用车购置费0万元，公务用车运行费7.69万元，比上年"
        "增加0.92万元，主要原因是维修增加）；公务接待费0.83万元，比上年减少0.08万元。"
    )
    assert places(narrated(text), "scope")[-2:] == ["0.83 reception", "0.08 reception"]
    assert violations(narrated(text)) == []


@pytest.mark.parametrize("word", ["追加", "年中追加", "调增"])
def test_what_is_added_to_a_budget_is_no_amount_of_it(word: str) -> None:
    text = f"花坛改造经费年初预算174.09万元，调整预算188.60万元（{word}14.51万元），决算186.95万元。"
    found = final(text).content.narrative.statements
    assert [s.observation.row_label for s in found][-1] == "花坛改造经费 决算"
    assert not found[2].compared
    assert violations(final(text)) == []


def test_the_line_of_the_cover_is_no_name_of_an_amount() -> None:
    text = "一般公共预算支出年初预算100万元，决算112万元。"
    conversion = final(text)
    assert "决算" not in conversion.content.narrative.statements[0].observation.row_label.replace("预算", "")


BOTH = "2024年收支预算{}1236.15万元，其中：本年收入1198.69万元、上年结转37.46万元。"


@pytest.mark.parametrize("word", ["总数", "总额"])
def test_revenue_and_expenditure_in_all_hold_what_is_carried_over(word: str) -> None:
    vintages = places(narrated(BOTH.format(word)), "vintage")
    assert vintages[0] == "1236.15 total"


def test_another_flow_behind_a_semicolon_may_be_of_the_same_fund() -> None:
    text = """
2024年财政拨款本年收入3214.82万元；本年支出3214.82万元。具体情况如下：
1.一般公共预算财政拨款本年收入1251.93万元；本年支出1251.93万元。
2.政府性基金预算财政拨款本年收入1962.89万元；本年支出1962.89万元。
"""
    assert violations(narrated(text)) == []


def test_the_year_that_a_heading_compares_with_is_not_that_of_its_figures() -> None:
    text = "一、财政拨款收支与2023年度预算对比情况\n\n财政拨款本年收入3214.82万元，比2023年度减少10.00万元。"
    assert [s.observation.coordinates["year"] for s in narrated(text).content.narrative.statements] == ["2024"] * 2
    assert not [
        f
        for f in check(narrated(text).graph, families={"sentence", "words"}).findings
        if f.rule in ("change-year", "heading-year")
    ]


def test_a_change_that_repeats_the_name_of_the_whole_is_that_of_the_whole() -> None:
    text = (
        "2024年本部门预算收入90.00万元，其中一般公共预算拨款收入90.00万元、政府性基金拨款收入0万元，"
        "2024年本部门预算收入较上年增加10.00万元。"
    )
    change = statements(text)[-1]
    assert change.change_of is not None
    assert change.change_of.row_label.endswith("预算收入")
    assert violations(narrated(text)) == []
    before = "部门预算所有收支全部编入综合预算。"
    assert all(s.compared for s in statements(before + text))


SOURCES = "二、财政拨款收支情况\n\n2024年财政拨款收支预算9.00万元。收入{}；支出包括：教育支出9.00万元。"
BRACKETS = (
    "包括：一般公共预算拨款收入5.00万元（其中：本年收入4.00万元、上年结转1.00万元）、"
    "政府性基金预算拨款收入4.00万元（其中：本年收入1.50万元、上年结转2.50万元）"
)
BESIDE = "包括：一般公共预算拨款收入5.00万元、政府性基金预算拨款收入1.50万元、上年结转2.50万元"
TWICE = (
    "按资金来源分为：一般公共预算拨款5.00万元、政府性基金预算拨款4.00万元；"
    "按资金年度分为：当年财政拨款收入5.50万元，上年结转收入3.50万元"
)


@pytest.mark.parametrize(
    ("entries", "funds"),
    [
        (BRACKETS, ["1.00 general-public", "2.50 government-fund"]),
        (BESIDE, ["2.50 fiscal"]),
        (TWICE, ["3.50 fiscal"]),
    ],
)
def test_money_carried_over_is_that_of_its_own_fund(entries: str, funds: list[str]) -> None:
    stated = narrated(SOURCES.format(entries))
    vintages = places(stated, "vintage")
    found = [fund for fund, year in zip(places(stated, "fund"), vintages, strict=True) if year.endswith("carried-over")]
    assert found == funds


def test_a_list_that_another_one_divides_by_year_holds_more_than_this_year() -> None:
    first = statements(SOURCES.format(TWICE))[2:4]
    assert [s.observation.printed for s in first] == ["5.00", "4.00"]
    assert not any(s.compared for s in first)


def test_a_total_of_both_flows_has_nothing_of_the_sentence_before() -> None:
    text = "支出包括：教育支出6.00万元，国有资本经营预算支出3.00万元。2024年收支总预算9.00万元。"
    assert places(narrated(text), "fund")[-2:] == ["9.00 total", "9.00 total"]


def test_a_title_of_an_item_on_a_line_of_its_own_names_the_amounts_below() -> None:
    text = (
        "一般公共预算财政拨款支出年初预算100.00万元，支出决算110.00万元。\n\n1.教育支出（类）普通教育（款）小学教育（项）。\n\n"
        "年初预算为9.00万元，支出决算为8.00万元。"
    )
    assert violations(final(text)) == []
    assert [s.observation.printed for s in final(text).content.narrative.statements if s.compared] == [
        "100.00",
        "110.00",
    ]


CARS = "“三公”经费支出50.00万元。\n\n2.{}情况说明{}\n\n2024年度购置车辆1辆，预算36.00万元，比上年增加1.00万元。"


@pytest.mark.parametrize("stop", ["", "。"])
def test_a_title_with_a_full_stop_names_the_amounts_below(stop: str) -> None:
    told = CARS.format("公务用车购置费用支出", stop)
    assert places(narrated(told), "scope")[2:3] == ["36.00 purchase"]
    unknown = statements(CARS.format("某种新的费用支出", stop))
    assert [s.observation.printed for s in unknown if s.compared and s.observation.measure == "amount"] == ["50.00"]


def test_a_sentence_with_a_mark_and_no_figure_is_no_title() -> None:
    text = "1.本部门按规定压减公务接待。\n\n支出50.00万元。"
    assert [s.compared for s in statements(text)] == [True]


def test_what_stays_level_is_no_change_in_turn() -> None:
    text = (
        "公务用车购置和运行维护费2024年预算数9.00万元，其中：公务用车购置费2024年预算数0.00万元，比2023年预算数持平，"
        "增加0.00万元。"
    )
    assert [s.change_of.printed for s in statements(text) if s.change_of] == ["0.00", "0.00"]


def test_a_change_names_no_unknown_amount_of_the_paragraph_before() -> None:
    text = (
        "三公经费决算为31.01万元，具体是外宾接待支出决算0.00万元。\n\n"
        "2024年度三公经费支出决算数较上年增加6.14万元，增长24.69%。"
    )
    assert violations(final(text)) == []


def test_the_expense_of_running_an_office_is_not_that_of_its_cars() -> None:
    assert places(narrated("2024年部门机关运行费预算172.89万元。"), "scope") == ["172.89 operating-expense"]


def test_official_cars_are_official_vehicles() -> None:
    text = "2024年公务车购置费0.00万元，公务车运行维护费9.00万元。"
    assert places(narrated(text), "scope") == ["0.00 purchase", "9.00 running"]


YEARLY = "2024年收入总计100万元，其中本年收入90万元，年初结转和结余10万元。具体情况如下：\n\n"


@pytest.mark.parametrize(
    ("entries", "rules"),
    [
        ("1.财政拨款收入80万元。\n\n2.其他收入10万元。", []),
        ("1.财政拨款收入80万元。\n\n2.其他收入20万元。", []),
        ("1.财政拨款收入80万元。\n\n2.其他收入15万元。", ["sum"]),
        ("1.财政拨款收入80万元。\n\n2.其他收入10万元。\n\n3.年初结转和结余10万元。", []),
        ("1.财政拨款收入80万元。\n\n2.其他收入15万元。\n\n3.年初结转和结余10万元。", ["sum"]),
    ],
)
def test_a_list_behind_a_division_by_year_is_of_this_year_or_of_all(entries: str, rules: list[str]) -> None:
    assert violations(final(YEARLY + entries)) == rules


def test_a_topic_behind_an_amount_ends_with_a_semicolon() -> None:
    text = "按功能分类：教育支出11.65万元，为培训支出；社会保障和就业支出229.61万元，其中：职业年金缴费57.48万元。"
    assert violations(narrated(text)) == []
    assert len(narrated(text).content.narrative.statements) == 3


def test_a_topic_before_an_amount_goes_on_behind_a_semicolon() -> None:
    text = "收入9.00万元，政府性基金预算财政拨款支出情况，基本支出1.00万元；项目支出2.00万元。"
    assert places(narrated(text), "fund")[1:] == ["1.00 government-fund", "2.00 government-fund"]


WITH_CARRIED = """
收入 | | 支出 |
项目 | 预算数 | 项目 | 预算数
一、本年收入 | 80.00 | 一、本年支出 | 90.00
一般公共预算拨款 | 80.00 | 一般公共服务支出 | 90.00
二、上年结转 | 10.00 | |
收入总计 | 90.00 | 支出总计 | 90.00
"""


@pytest.mark.parametrize(("amount", "rules"), [("80.00", []), ("90.00", []), ("70.00", ["same"])])
def test_a_part_of_a_total_with_what_was_carried_over_may_be_without_it(amount: str, rules: list[str]) -> None:
    tables = table(4, "财政拨款收支预算总表", WITH_CARRIED, "单位：万元")
    text = f"收入总预算90.00万元，比上年增加1.00万元；其中财政拨款收入{amount}万元，比上年增加1.00万元。"
    found = convert(tables, "第三部分 情况说明", "一、收支预算情况", text)
    assert [rule for rule in violations(found) if "required" not in rule] == rules
