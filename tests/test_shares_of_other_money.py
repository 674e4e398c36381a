"""Shares right behind money that is no statement are not those of an amount before it."""

from __future__ import annotations

import pytest
from narrated import narrated, statements

from shapes import check


def told(text: str) -> list[str]:
    """The rules about shares that a text breaks."""
    return [f.rule for f in check(narrated(text).graph).findings if f.rule == "change-share"]


def of(text: str, printed: str) -> str | None:
    """The amount that a share of a text is of."""
    found = [s.share_of for s in statements(text) if s.observation.printed == printed]
    return found[0].printed if found and found[0] is not None else None


TOTAL = "2024年支出预算1000.00万元，其中：基本支出800.00万元，占80.00%；项目支出200.00万元，占20.00%。"


@pytest.mark.parametrize(
    "text",
    [
        "主要用于教育支出600.00万元、社会保障和就业支出300.00万元，两项合计900.00万元，占支出预算的90.00%。",
        "主要用于教育和社会保障，两项合计900.00万元，占支出预算的90.00%。",
        "基本支出800.00万元，用于甲项目120.00万元、乙项目60.00万元，合计180.00万元，占支出预算的18.00%。",
        "用于人员的支出700.00万元，占基本支出的87.50%。",
    ],
)
def test_a_share_of_money_right_before_it_is_not_that_of_an_earlier_amount(text: str) -> None:
    assert told(TOTAL + text) == []
    share = text.rpartition("的")[2].removesuffix("%。")
    assert of(TOTAL + text, share) is None


def test_a_share_behind_a_purpose_is_that_of_the_amount_where_it_suits() -> None:
    text = f"{TOTAL}基本支出800.00万元，主要用于培训100.00万元，占支出预算的80.00%。"
    assert told(text) == []
    assert of(text, "80.00") == "800.00"


@pytest.mark.parametrize(
    "text",
    [
        "2024年支出预算1000.00万元，其中：项目支出200.00万元，比上年150.00万元增加50.00万元，占{}%。",
        "2024年支出预算1000.00万元，其中：项目支出200.00万元，占{}%。",
    ],
)
def test_a_wrong_share_of_the_amount_itself_is_told(text: str) -> None:
    assert told(text.format("20.00")) == []
    assert told(text.format("25.00")) == ["change-share"]
