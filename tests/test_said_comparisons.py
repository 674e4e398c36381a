"""Words for an outturn above or below its budget, held to the figures beside them."""

from __future__ import annotations

import pytest
from narrated import final

from shapes import check

RULES, FAMILIES = ("outturn-said", "change-reason"), {"sentence", "change"}
BESIDE = "公务接待费全年预算10.00万元，支出决算为{}万元，完成全年预算的{}%，决算数{}预算数的主要原因是厉行节约。"
DEGREE = "公务接待费支出决算为8.00万元，完成预算的{}%。决算数{}预算数的主要原因是来访变化。"
TWO = (
    "公务接待费年初预算10.00万元，支出决算为8.00万元，完成年初预算的80.00%，完成全年预算的110.00%，"
    "决算数{}预算数的主要原因是来访变化。"
)


def told(text: str) -> list[str]:
    return [f.rule for f in check(final(text).graph, families=FAMILIES).findings if f.rule in RULES]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (BESIDE.format("8.00", "80", "小于"), []),
        (BESIDE.format("8.00", "80", "大于"), ["outturn-said"]),
        (BESIDE.format("12.00", "120", "大于"), []),
        (BESIDE.format("12.00", "120", "小于"), ["outturn-said"]),
        (BESIDE.format("10.00", "100", "小于"), []),
        (DEGREE.format("80", "小于"), []),
        (DEGREE.format("80", "高于"), ["outturn-said"]),
        (DEGREE.format("120", "低于"), ["outturn-said"]),
        (TWO.format("小于"), []),
        (TWO.format("大于"), []),
    ],
)
def test_words_for_more_and_less_are_held_to_the_figures(text: str, rules: list[str]) -> None:
    assert told(text) == rules


def test_the_reason_of_such_words_explains_no_change_before_them() -> None:
    text = "公务接待费支出决算为8.00万元，完成预算的80%，比上年增加1.00万元。决算数小于预算数的主要原因是压减接待。"
    assert told(text) == []
    assert told(text.replace("决算数小于预算数的", "")) == ["change-reason"]


@pytest.mark.parametrize(("joined", "rules"), [("综合影响", []), ("增减相抵", []), ("影响", ["change-reason"])])
def test_reasons_that_make_up_for_each_other_leave_the_direction_open(joined: str, rules: list[str]) -> None:
    assert told(f"支出决算为8.00万元，比上年增加1.00万元，主要原因是压减差旅与房屋维修的{joined}。") == rules


@pytest.mark.parametrize(
    ("reason", "rules"),
    [
        ("线上培训增加", []),
        ("视频会议增多", []),
        ("新能源车辆增加", []),
        ("退休人员增加", []),
        ("培训班次增加", ["change-reason"]),
    ],
)
def test_what_costs_less_the_more_there_is_of_it_explains_a_decrease(reason: str, rules: list[str]) -> None:
    assert told(f"培训费支出6.40万元，较上年减少1.60万元，下降20.0%，主要原因是{reason}。") == rules
