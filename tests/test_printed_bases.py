"""Amounts that a change is counted from: in brackets behind it, before a word for what was reached, or undated."""

import pytest
from narrated import final, told


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("年末结转和结余20.15万元，较年初35.82万元减少18.67万元。", "change-base"),
        ("年末结转和结余20.15万元，较年初35.82万元增加15.67万元。", "change-base"),
        ("印刷费24.38万元，同比下降6.00%（上年26.16万元）。", "change-base-rate"),
        ("印刷费24.38万元，同比增长6.80%（上年26.16万元）。", "change-base-rate"),
        ("会议、培训、差旅支出由73.64万元压减至68.28万元，压减7.36万元。", "change-base"),
        ("花农补助41.20万元，比上年36.02万元多安排5.38万元。", "change-base"),
        ("公务接待费预算2.62万元，支出决算1.98万元，完成预算的75.57%，决算数较预算数减少0.84万元。", "change-base"),
        ("公务接待费预算2.62万元，支出决算1.98万元，完成预算的75.57%，决算数较预算数增加0.64万元。", "change-base"),
    ],
)
def test_a_change_is_counted_from_the_amount_that_the_sentence_prints(text: str, rule: str) -> None:
    assert rule in told(final(text))


@pytest.mark.parametrize(
    "text",
    [
        "年末结转和结余20.15万元，较年初35.82万元减少15.67万元。",
        "印刷费24.38万元，同比下降6.80%（上年26.16万元）。",
        "会议、培训、差旅支出由73.64万元压减至66.28万元，压减7.36万元。",
        "花农补助41.20万元，比上年36.02万元多安排5.18万元。",
        "公务接待费预算2.62万元，支出决算1.98万元，完成预算的75.57%，决算数较预算数减少0.64万元。",
        "公务接待费预算2.62万元，支出决算1.98万元，完成预算的75.57%，决算数较上年预算数减少0.84万元。",
        "公务接待费全年预算2.62万元，决算1.98万元，完成全年预算的75.57%，决算数较年初预算数减少0.84万元。",
        "印刷费6.00万元，其中彩印2.00万元，较年初9.00万元减少3.00万元。",
        "印刷费24.38万元，同比下降6.80%（上年预算26.16万元，决算25.00万元）。",
        "印刷费24.38万元，同比下降6.00%（上年补助26.16万元）。",
    ],
)
def test_a_change_that_suits_or_is_of_something_else_is_not_accused(text: str) -> None:
    assert told(final(text)) == []
