"""The amount of a sentence that a change or a rate is counted from, whatever it is called."""

from __future__ import annotations

import pytest
from narrated import final, narrated, statements, told

from shapes import check

ITEM = "教育支出（205类）"
BASES = [
    "2023年当年预算执行数为1500万元，2024年预算安排1200万元，比2023年预算执行数{}。",
    "2024年预算1200万元，2023年完成数为1500万元，比2023年完成数{}。",
    "2023年调整预算数1500万元，2024年预算数1200万元，比2023年调整预算数{}。",
    "上年决算数1500万元，2024年预算1200万元，比上年决算数{}。",
    "2024年预算1200万元，上年同期1500万元，比上年同期{}。",
    "2023年预算数1400万元，执行数1500万元，2024年预算1200万元，比2023年执行数{}。",
]


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize("text", BASES)
def test_a_rate_follows_from_the_amount_that_its_words_name(text: str) -> None:
    [rate] = [s for s in statements(ITEM + text.format("减少20.00%")) if s.observation.measure == "changeRate"]
    assert rate.change_of is not None
    assert rate.change_from is not None
    assert (rate.change_of.printed, rate.change_from.printed) == ("1200", "1500")
    assert told(narrated(ITEM + text.format("减少20.00%"))) == []


@pytest.mark.parametrize("rate", ["减少2.00%", "增加20.00%", "增加17.62%"])
def test_a_wrong_rate_or_direction_is_told(rate: str) -> None:
    assert told(narrated(ITEM + BASES[0].format(rate))) == ["change-base-rate"]


def test_rounding_of_small_amounts_explains_a_rate() -> None:
    text = "教育支出（205类）2023年执行数为0.50万元，2024年预算0.62万元，比2023年执行数增加22.22%。"
    assert told(narrated(text)) == []


def test_comparisons_with_two_phases_do_not_contradict_each_other() -> None:
    text = "2023年预算数为1500万元，执行数为1600万元，2024年预算1500万元，比2023年预算数持平，比2023年执行数减少6.25%。"
    assert told(narrated(ITEM + text)) == []
    text = "2023年执行数为1600万元，2024年预算1500万元，比2023年预算增加50万元。"
    assert told(narrated(ITEM + text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "2024年度“三公”经费预算数为10万元，决算数为8万元，完成预算的80%。",
        "2024年度“三公”经费决算数为8万元，预算数为10万元，比预算数减少2万元，下降20%。",
        "2024年度机关运行经费预算10万元，机关运行经费支出8万元，完成预算的80%。",
    ],
)
def test_the_budget_of_an_item_is_not_its_outturn(text: str) -> None:
    findings = check(final(text).graph).findings
    assert [f.rule for f in findings if f.severity == "violation" and not f.rule.startswith("required")] == []


def test_a_fall_below_the_budget_is_that_of_the_outturn() -> None:
    text = "2024年度“三公”经费决算数为8万元，预算数为10万元，比预算数减少2万元，下降30%。"
    assert told(final(text)) == ["change-rate"]


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize(
    "text",
    [
        "2024年预算400.00万元，与上年400.03万元基本持平。",
        "2024年预算70.00万元，上年71.00万元，下降1.41%，基本持平。",
        "2024年预算70.00万元，与2023年预算71.00万元大致相当。",
        "2024年预算70.00万元，比上年减少1.00万元，下降1.41%，大体持平。",
        "2024年预算70.00万元，较上年90.00万元基本保持不变。",
    ],
)
def test_words_for_about_the_same_amount_state_no_change_of_zero(text: str) -> None:
    assert not [s for s in statements(ITEM + text) if s.direction == "level"]
    assert told(narrated(ITEM + text)) == []


def test_words_for_about_the_same_amount_leave_the_figures_beside_them_checked() -> None:
    text = "2024年预算70.00万元，比上年71.00万元减少2.00万元，基本持平。"
    assert told(narrated(ITEM + text)) == ["change-base"]
    assert told(narrated(ITEM + "2024年预算70.00万元，与上年71.00万元持平。")) == ["change-base"]


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize(
    "text",
    [
        "2024年预算从2023年的550.00万元增加至580.20万元，增长5.49%。",
        "2024年预算由上年的550.00万元增至580.20万元，增加30.20万元。",
        "2024年预算从2023年的580.20万元下降到550.00万元，下降5.21%。",
        "由2023年580.20万元降至550.00万元，减少30.20万元，下降5.21%。",
        "公务接待费由17.77万元减少为16.92万元，减少0.85万元，下降4.78%。",
        "公务接待费由16.92万元扩大到17.77万元，增加0.85万元，增长5.02%。",
        "2024年预算增长至580.20万元。",
    ],
)
def test_the_amount_that_a_change_ends_at_is_no_change(text: str) -> None:
    assert not [s for s in statements(ITEM + text) if s.observation.printed in ("580.20", "550.00") and s.direction]
    assert told(narrated(ITEM + text)) == []


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize(
    "text",
    [
        "2024年收入预算与上年550.00万元相比，增加30.20万元，增长5.49%。",
        "2024年收入预算同2023年预算550.00万元相比，增加30.20万元，增长5.49%。",
        "收入预算与上年550.00万元相比增加30.20万元，增长5.49%。",
        "2024年公务接待费较上年2.50万元，减少0.50万元，下降20.00%。",
        "2024年支出预算700.00万元。2024年公务接待费与上年2.50万元相比，减少0.50万元，下降20.00%。",
        "2024年支出预算700.00万元。2024年公务接待费较上年2.50万元减少0.50万元，下降20.00%。",
    ],
)
def test_an_amount_behind_a_comparison_is_not_the_present_one(text: str) -> None:
    assert not [s for s in statements(text) if s.change_of is not None]
    assert told(narrated(text)) == []


def test_a_subject_that_is_named_again_is_compared_with_the_amount_behind_it() -> None:
    text = "教育支出（205类）2.00万元，2024年教育支出与上年2.50万元相比，减少{}万元。"
    assert told(narrated(text.format("0.50"))) == []
    assert told(narrated(text.format("0.60"))) == ["change-base"]


THREE_YEARS = "2024年预算3.00万元，2023年3.00万元，2022年3.75万元，"
TWO_PHASES = "2024年预算70.00万元，2023年预算68.00万元、决算67.00万元，"


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize(
    "text",
    [
        THREE_YEARS + "比2023年持平，比2022年下降20.00%。",
        THREE_YEARS + "比2022年下降20.00%，比2023年持平。",
        "2024年预算2.00万元，2023年2.50万元，2022年3.00万元，比2023年减少0.50万元，比2022年减少1.00万元。",
        TWO_PHASES + "比2023年预算增加2.00万元，增长2.94%；比2023年决算增加3.00万元，增长4.48%。",
        TWO_PHASES + "比2023年决算增加3.00万元，增长4.48%；比2023年预算增加2.00万元，增长2.94%。",
        "2024年预算70.00万元，2023年预算68.00万元、执行数67.00万元，比2023年预算增加2.00万元。",
        "2024年预算70.00万元，2023年执行数67.00万元，2023年预算68.00万元，比2023年执行数增加4.48%，比2023年预算增加2.94%。",
        "2024年预算70.00万元，2023年预算68.00万元、执行数67.00万元，增加2.00万元。",
        "2024年预算70.00万元，2023年预算68.00万元，比2021年增加4.00万元。",
    ],
)
def test_the_base_is_the_amount_of_the_year_and_phase_named(text: str) -> None:
    assert told(narrated(ITEM + text)) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (THREE_YEARS + "比2022年下降2.00%。", "change-base-rate"),
        (THREE_YEARS + "比2022年减少0.85万元。", "change-base"),
        (TWO_PHASES + "比2023年决算增加2.00万元。", "change-base"),
        (TWO_PHASES + "比2023年预算增加3.00万元；比2023年决算增加3.00万元。", "change-base"),
    ],
)
def test_a_wrong_change_is_told_beside_amounts_of_several_years(text: str, rule: str) -> None:
    assert told(narrated(ITEM + text)) == [rule]


def test_a_year_before_a_comparison_names_an_amount_of_its_own_sentence() -> None:
    text = """
一、教育支出（205类）2024年预算6.00万元，比2023年执行数5.00万元增加1.00万元，增长20.00%。其中：
1.教育支出（205类）普通教育（02款）2024年预算2.00万元，2023年执行数为1.50万元，2024年预算比2023年执行数增加33.33%。
"""
    assert told(narrated(text)) == []


DEGREES = [
    "完成预算的",
    "完成年初预算的",
    "完成全年预算的",
    "完成调整预算的",
    "预算完成率为",
    "占年初预算的",
    "占预算的",
]


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize("degree", DEGREES)
def test_the_degree_of_completion_of_a_part_is_of_its_own_budget(degree: str) -> None:
    text = "项目支出预算为400.00万元，支出决算为150.00万元，完成预算的37.50%，其中：{}。"
    without = f"印刷费支出决算为90.00万元，{degree}60.00%；差旅费支出决算为60.00万元，{degree}24.00%"
    assert told(final(text.format(without))) == []
    stated = f"印刷费预算为150.00万元，支出决算为90.00万元，{degree}22.50%；差旅费支出决算为60.00万元"
    wrong = ["change-share"] if degree not in ("完成全年预算的", "完成调整预算的") else []
    assert told(final(text.format(stated))) == wrong


def test_a_degree_of_completion_behind_the_budget_is_of_the_outturn() -> None:
    text = "机关运行经费支出决算为90.00万元，预算为150.00万元，完成预算的{}%。"
    assert told(final(text.format("60.00"))) == []
    assert told(final(text.format("66.00"))) == ["change-share"]
    assert told(final("机关运行经费预算为150.00万元。支出决算为90.00万元，完成预算的66.00%。")) == ["change-share"]


def test_a_share_of_the_budget_is_of_the_whole_budget() -> None:
    text = "2024年支出预算400.00万元，其中：基本支出150.00万元，占预算的{}%；项目支出250.00万元，占预算的62.50%。"
    assert told(narrated(text.format("37.50"))) == []
    assert told(narrated(text.format("38.50"))) == ["change-share"]


@pytest.mark.parametrize(
    "text",
    [
        "培训费支出决算60.00万元，比2024年初增加10.00万元，增长20.00%。",
        "项目支出60.00万元，与2024年年初相比，增加10.00万元，增长20.00%。",
        "2024年收入合计60.00万元，比2024年支出合计50.00万元增加10.00万元，增长20.00%。",
        "2024年项目支出60.00万元，与2024年控制数相比增加10.00万元，增长20.00%。",
        "2024年支出决算60.00万元，比2024年“二上”预算数增加10.00万元，增长20.00%。",
    ],
)
def test_another_time_or_measure_of_the_own_year_is_no_slip_for_the_year_before(text: str) -> None:
    assert told(final(text)) == []


def test_a_comparison_with_the_same_figure_of_the_own_year_is_a_slip() -> None:
    text = "2024年支出决算60.00万元，比2024年支出决算增加10.00万元，增长20.00%。"
    assert told(final(text)) == ["change-year"]


@pytest.mark.parametrize("bracket", ["即300000元", "合300000元", "标准为每人每天100元，3.00元/人次为饮水"])
def test_an_amount_in_brackets_is_a_base_only_behind_a_word_of_comparison(bracket: str) -> None:
    text = f"培训费50.00万元，与上年持平；印刷费30.00万元（{bracket}），比上年减少20.00万元，下降40.00%。"
    assert told(narrated(text)) == []
    text = "培训费50.00万元，与上年持平；印刷费30.00万元，较上年（45.00万元）减少20.00万元。"
    assert told(narrated(text)) == ["change-base"]


def test_the_amount_of_last_year_is_not_the_whole_of_the_parts_that_follow() -> None:
    text = "2024年支出预算90.00万元，比上年的45.00万元翻了一番。其中：基本支出60.00万元，项目支出30.00万元。"
    assert [f.rule for f in check(narrated(text).graph, families={"sum"}).findings if f.rule == "sum"] == []
    assert [(node.total.printed, len(node.parts)) for node in narrated(text).content.narrative.sums] == [("90.00", 2)]


@pytest.mark.parametrize("year", ["上年", "去年", "2022年"])
def test_the_year_before_an_amount_of_an_earlier_year_is_that_before_its_own(year: str) -> None:
    text = f"2023年项目支出预算数110.00万元，比{year}增加20.00万元，增长22.22%。"
    assert [s.compared_year for s in statements(text)[1:]] == [2022, 2022]
    assert told(narrated(text)) == []


def test_the_own_year_of_an_earlier_amount_is_no_year_before() -> None:
    assert told(narrated("2023年项目支出预算数110.00万元，比2023年预算数增加20.00万元。")) == ["change-year"]


def broken(text: str) -> list[str]:
    """The rules that a text breaks, without those about missing parts of a disclosure."""
    found = check(narrated(text).graph).findings
    return [f.rule for f in found if f.severity == "violation" and not f.rule.startswith("required")]


EARLIER_BESIDE = "2024年政府采购预算12.0万元，上年10.0万元，其中：货物{}万元、服务{}万元。"


@pytest.mark.parametrize(
    ("parts", "year"), [(("9.0", "3.0"), "2024"), (("7.0", "3.0"), "2023"), (("9.5", "2.5"), "2024")]
)
def test_parts_behind_two_years_belong_to_the_amount_that_they_add_up_to(parts: tuple[str, str], year: str) -> None:
    text = EARLIER_BESIDE.format(*parts)
    assert [s.observation.coordinates["year"] for s in statements(text)[2:]] == [year, year]
    assert [node.total.coordinates["year"] for node in narrated(text).content.narrative.sums] == [year]
    assert broken(text) == []


def test_parts_that_add_up_to_neither_of_two_years_are_compared_with_nothing() -> None:
    text = EARLIER_BESIDE.format("7.0", "2.0")
    assert [s.compared for s in statements(text)] == [True, True, False, False]
    assert broken(text) == []


def test_parts_behind_a_change_from_last_year_are_held_to_this_year() -> None:
    text = "2024年基本支出12.0万元，上年10.0万元，增加2.0万元，其中：人员经费7.0万元、公用经费3.0万元。"
    assert broken(text) == ["sum"]


def test_parts_behind_a_budget_beside_the_outturn_may_be_those_of_the_outturn() -> None:
    text = "2024年度政府采购支出12.0万元，预算数10.0万元，其中：货物9.0万元，服务3.0万元。"
    found = final(text).content.narrative
    assert {s.observation.coordinates["phase"] for s in found.statements[2:]} == {"code/phase/final"}
    assert [(node.total.printed, len(node.parts)) for node in found.sums] == [("12.0", 2)]


OF_PARTS = "2024年收入预算3145.67万元，比上年减少154.33万元，下降4.68%，其中财政拨款减少{}万元，其他收入增加50.00万元。"


def test_a_change_of_a_fund_is_not_that_of_the_amount_of_all_funds() -> None:
    changes = [s for s in statements(OF_PARTS.format("204.33")) if s.observation.measure == "change"]
    assert [s.change_of.printed if s.change_of else None for s in changes] == ["3145.67", None, None]
    assert [s.observation.coordinates["flow"] for s in changes] == ["code/flow/revenue"] * 3
    assert broken(OF_PARTS.format("204.33")) == []


def test_the_unit_itself_is_named_by_what_it_is() -> None:
    for office in ("本院", "我校", "本镇", "我街道", "本中心"):
        assert [s.compared for s in statements(f"{office}2024年支出预算120万元。")] == [True]


THREE_PUBLIC = (
    "2024年“三公”经费预算86.00万元，其中：公务用车购置及运行费81.00万元，公务接待费5.00万元，与2023年预算{}万元相比减少4.00万元，"
    "下降4.44%。"
)


def test_a_base_behind_a_list_is_that_of_the_whole_where_only_that_adds_up() -> None:
    found = statements(THREE_PUBLIC.format("90.00"))
    [base] = [s for s in found if s.observation.printed == "90.00"]
    [change] = [s for s in found if s.observation.measure == "change"]
    assert change.change_of is not None
    assert (change.change_of.printed, base.observation.coordinates["scope"]) == ("86.00", "code/scope/three-public")
    assert change.observation.row_label == "“三公”经费预算"
    assert broken(THREE_PUBLIC.format("90.00")) == []


CARRIED = (
    "财政拨款收入预算3190.00万元，包括当年财政拨款3070.00万元、上年结转财政拨款120.00万元。"
    "较2023年预算减少110.00万元，其中：当年财政拨款减少{}万元，上年结转增加40.00万元。"
)


def test_changes_of_parts_with_names_of_their_own_are_those_of_the_parts() -> None:
    changes = [s for s in statements(CARRIED.format("150.00")) if s.observation.measure == "change"]
    assert [s.change_of.printed if s.change_of else None for s in changes] == ["3190.00", "3070.00", None]
    assert changes[0].observation.coordinates["vintage"] == "code/vintage/total"
    assert broken(CARRIED.format("150.00")) == []


@pytest.mark.parametrize("average", ["人均1.56万元", "平均每人15600元", "每人每年1.56万元"])
def test_an_amount_for_each_person_is_no_amount_that_changes(average: str) -> None:
    text = f"2024年机关运行经费96.50万元，{average}，与上年100.00万元相比，减少3.50万元。"
    assert [s.observation.measure for s in statements(text)] == ["amount", "unitPrice", "amount", "change"]
    assert broken(text) == []
    assert broken(text.replace("减少3.50", "减少4.50")) == ["change-base"]


def test_a_change_behind_an_average_that_begins_its_sentence_is_of_no_amount_before_it() -> None:
    text = "公务接待费6.00万元。车均运行维护费3.00万元（21.00万元÷7辆），较上年3.20万元下降6.25%。"
    assert broken(text) == []
    assert [s.change_of for s in statements(text) if s.observation.measure == "changeRate"] == [None]
    told = "公务接待费6.00万元，较上年3.20万元下降6.25%。"
    assert broken(told) == ["change-base-rate"]


@pytest.mark.parametrize(
    "text",
    [
        "2024年公务用车运行维护费16.92万元，年末公务用车保有量3辆。较上年减少1.20万元，下降6.62%。",
        "2024年办理建议86件，办理经费6.00万元。比上年增加7件，增长8.86%。",
        "2024年公务接待费1.88万元，人均49.21元，比上年人均49.58元减少0.37元，下降0.75%。",
        "2024年办理经费129.43万元，比2021年96.00万元增加33.43万元，年均增长10.47%。",
    ],
)
def test_changes_of_money_people_and_averages_are_those_of_their_kind(text: str) -> None:
    assert broken(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2024年基本支出85.00万元，其中人员经费78.00万元、公用经费7.00万元，占本年支出100.00万元的85.00%。", []),
        ("2024年工资福利支出78.00万元、商品和服务支出7.00万元，占基本支出100.00万元的85.00%。", []),
        ("2024年基本支出85.00万元，占本年支出100.00万元的86.00%。", ["change-share"]),
        (
            "2024年基本支出85.00万元，其中人员经费78.00万元，占91.76%；公用经费7.00万元，占9.24%。",
            ["change-share"],
        ),
    ],
)
def test_a_share_behind_a_list_may_be_that_of_all_its_entries(text: str, told: list[str]) -> None:
    assert broken(text) == told
