"""Figures that are compared a second time, with another year or phase, and amounts of several years told together."""

from __future__ import annotations

import pytest
from narrated import final, narrated, statements, told
from small_disclosures import convert

from shapes import check

TWICE = (
    "2024年度机关运行经费支出64.39万元，比2023年度增加2.39万元，增长3.85%，比年初预算数59.36万元增加{}万元，增长{}%。"
)


@pytest.mark.parametrize(
    ("change", "rate", "rules"),
    [
        ("5.03", "8.47", []),
        ("5.30", "8.93", ["change-again", "change-again-rate"]),
        ("5.03", "7.47", ["change-again-rate"]),
    ],
)
def test_a_second_comparison_is_checked_by_itself(change: str, rate: str, rules: list[str]) -> None:
    assert told(final(TWICE.format(change, rate))) == rules


def test_a_second_comparison_whose_amount_is_not_printed_is_held_to_its_rate() -> None:
    text = "2024年度“三公”经费支出18.00万元，较年初预算数减少6.00万元，下降25.0%。较上年支出数减少2.00万元，下降{}%。"
    assert told(final(text.format("10.0"))) == []
    assert told(final(text.format("20.0"))) == ["change-again-rate"]


TOGETHER = (
    "2022年、2023年和2024年，本部门收入预算分别为{}万元、{}万元和688.22万元，2024年比2023年增加28.40万元，增长4.30%，"
    "2023年比2022年增加19.82万元，增长{}%。"
)


@pytest.mark.parametrize(
    ("first", "second", "rate", "rules"),
    [
        ("640.00", "659.82", "3.10", []),
        ("640.00", "659.82", "3.01", ["change-rate"]),
        ("659.82", "640.00", "3.10", ["change-earlier", "change-rate"]),
    ],
)
def test_amounts_of_years_told_together_belong_to_their_years(
    first: str, second: str, rate: str, rules: list[str]
) -> None:
    text = TOGETHER.format(first, second, rate)
    years = [s.observation.coordinates["year"] for s in statements(text) if s.observation.measure == "amount"]
    assert years == ["2022", "2023", "2024"]
    assert sorted(set(told(narrated(text)))) == rules


@pytest.mark.parametrize(
    "text", ["2023年和2024年收入预算分别为640.00万元。", "2024年收入预算、支出预算分别为5.00万元、6.00万元。"]
)
def test_amounts_without_a_year_for_each_are_not_distributed(text: str) -> None:
    assert not any(s.compared for s in statements(text))


BEHIND_PARTS = (
    "“三公”经费支出18.00万元，其中：公务用车运行维护费14.40万元，公务接待费3.60万元，"
    "比上年增加2.00万元，增长12.50%，比年初预算增加1.00万元，增长{}%。"
)
BEHIND_COLON = (
    "一般公共预算支出18.00万元：基本支出14.40万元，项目支出3.60万元。"
    "比上年增加2.00万元，增长12.50%，比年初预算增加1.00万元，增长{}%。"
)


@pytest.mark.parametrize("text", [BEHIND_PARTS, BEHIND_COLON])
def test_second_comparisons_behind_parts_are_those_of_the_whole(text: str) -> None:
    assert told(final(text.format("5.88"))) == []
    assert told(final(text.format("9.88"))) == ["change-again-rate"]


def test_changes_on_a_comparable_basis_are_not_those_of_the_printed_amounts() -> None:
    text = (
        "2024年度机关运行经费支出115.00万元，比上年减少5.00万元，下降4.17%，剔除一次性因素10.00万元后，"
        "比上年增加5.00万元，增长4.55%。"
    )
    assert told(final(text)) == []
    assert told(final(text.replace("4.17", "7.14"))) == ["change-rate"]


def test_a_part_whose_words_do_not_tell_it_from_the_whole_is_compared_with_nothing() -> None:
    text = "项目支出520.00万元，其中：上年结转安排支出60.00万元，当年预算安排460.00万元。"
    found = final(text).content.narrative.statements
    assert [s.compared for s in found if s.observation.measure == "amount"] == [True, True, False]
    assert [f.rule for f in check(final(text).graph, families={"same"}).findings if f.rule == "same"] == []


def test_the_year_before_is_compared_with_the_outturn_and_not_with_the_plan_beside_it() -> None:
    text = "公务接待费支出50.00万元，预算60.00万元，完成预算83.33%；上年同期40.00万元，同比增长{}。"
    rules = {rate: [f.rule for f in check(final(text.format(rate)).graph).findings] for rate in ("25.00%", "50.00%")}
    assert "change-base-rate" not in rules["25.00%"]
    assert "change-base-rate" in rules["50.00%"]


@pytest.mark.parametrize("heading", ["（一）支出预算执行情况分析", "（一）支出决算情况"])
def test_what_was_carried_out_is_an_outturn(heading: str) -> None:
    text = "支出50.00万元。与年初预算40.00万元相比，增加10.00万元，完成年初预算的{}。"
    found = {
        rate: [
            f.rule
            for f in check(final(f"{heading}\n{text.format(rate)}").graph, families={"change"}).findings
            if f.rule == "change-share"
        ]
        for rate in ("125.00%", "80.00%")
    }
    assert found == {"125.00%": [], "80.00%": ["change-share"]}


def test_planned_purchases_are_a_budget() -> None:
    text = "政府采购计划金额30.00万元，实际采购金额20.00万元。"
    phases = [s.observation.coordinates["phase"] for s in final(text).content.narrative.statements]
    assert phases == ["code/phase/budget", "code/phase/final"]


@pytest.mark.parametrize(
    ("heading", "rules"),
    [("四、2023年预算执行情况", []), ("四、2023年部门预算情况", ["heading-year"])],
)
def test_a_budget_may_tell_how_the_one_before_was_carried_out(heading: str, rules: list[str]) -> None:
    found = check(narrated(f"{heading}\n支出50.00万元。").graph, families={"words"}).findings
    assert [f.rule for f in found if f.rule == "heading-year"] == rules
    final_account = convert("武汉市青山区园林局2024年部门决算", heading, "支出50.00万元。")
    found = check(final_account.graph, families={"words"}).findings
    assert "heading-year" in [f.rule for f in found]
