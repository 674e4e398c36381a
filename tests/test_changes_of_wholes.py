"""Changes of a whole that stand behind an amount of a part are not held to the part."""

from __future__ import annotations

import pytest
from narrated import narrated, statements

from shapes import check

RULES = ("change-rate", "change-base-zero", "change-share")


def told(text: str) -> list[str]:
    """The rules about rates and shares that a text breaks."""
    report = check(narrated(text).graph)
    return [f.rule for f in report.findings if f.severity in ("violation", "warning") and f.rule in RULES]


def of(text: str, printed: str) -> str | None:
    """The amount that a change of a text is of."""
    found = [s.change_of for s in statements(text) if s.observation.printed == printed]
    return found[0].printed if found and found[0] is not None else None


NOTHING = "2024年“三公”经费18.00万元。\n因公出国（境）费0.00万元，支出较上年增加0.00万元，增长0.0%。"
PART = "2024年项目支出200.00万元。"
WHOLE = "2024年支出预算1000.00万元：基本支出800.00万元，项目支出200.00万元。"
CHANGED = "增加100.00万元，增长11.11%。"


@pytest.mark.parametrize(
    "words",
    [
        "与上年相比，支出",
        "与上年相比，总支出",
        "与上年相比，预算",
        "总体比上年",
        "合计比上年",
        "总额比上年",
        "本年支出较上年",
    ],
)
def test_a_change_of_a_whole_is_not_that_of_the_part_before_it(words: str) -> None:
    text = f"{words}{CHANGED}"
    assert told(PART + text) == []
    assert of(PART + text, "100.00") is None
    assert told(WHOLE + text) == []
    assert of(WHOLE + text, "100.00") == "1000.00"


def test_a_change_that_suits_the_part_is_that_of_the_part() -> None:
    text = f"{PART}与上年相比，支出增加20.00万元，增长11.11%。"
    assert told(text) == []
    assert of(text, "20.00") == "200.00"


@pytest.mark.parametrize(
    "text",
    [
        f"{PART}与上年相比，项目支出{CHANGED}",
        f"{PART}与上年相比{CHANGED}",
        "2024年项目支出200.00万元，支出比上年增加100.00万元，增长11.11%。",
        f"2024年支出预算900.00万元。与上年相比，支出{CHANGED}",
    ],
)
def test_a_wrong_rate_of_the_amount_itself_is_told(text: str) -> None:
    assert told(text) == ["change-rate"]


def test_a_rate_that_suits_the_whole_of_a_share_is_not_that_of_the_part() -> None:
    text = "2024年项目支出200.00万元，占{}%。较2023年增加100.00万元，增长11.11%。"
    assert told(text.format("20.00")) == []
    assert told(text.format("30.00")) == ["change-rate"]


def test_a_new_item_before_a_change_of_all_has_no_base_of_nothing() -> None:
    text = "2024年住房保障支出100.00万元{}较上年增加100.00万元，增长11.11%。"
    assert told(text.format("。本年支出")) == []
    assert told(text.format("，")) == ["change-base-zero"]


def test_a_change_of_a_fund_behind_a_share_in_it_is_not_that_of_the_class() -> None:
    text = "2024年卫生健康支出1000.00万元，占财政拨款支出的79.65%；与上年相比，{}增加55.50万元，增长4.63%。"
    assert told(text.format("财政拨款支出")) == []
    assert told(text.format("卫生健康支出")) == ["change-rate"]


def test_a_change_of_nothing_is_that_of_its_own_amount() -> None:
    assert told(NOTHING) == []
    assert of(NOTHING, "0.0") == "0.00"
