"""Levels, shares and quantities are read with their sign and unit; anything else is words."""

from decimal import Decimal

import pytest
from claims import VOCABULARY
from hypothesis import given
from hypothesis import strategies as st

from converters.model.figures import Figure, parse_figure
from converters.model.precision import finest


def notations(text: str) -> tuple[str, str | None, str | None] | None:
    """(value, unit, operator) of a figure."""
    figure = parse_figure(text, VOCABULARY)
    if figure is None:
        return None
    unit, operator = (key.rsplit("/", 1)[-1] if key else None for key in (figure.unit, figure.operator))
    return str(figure.value), unit, operator


@pytest.mark.parametrize(
    ("text", "value", "unit", "operator"),
    [
        ("12", "12", None, None),
        ("100%", "100", "percent", None),
        ("95.99％", "95.99", "percent", None),
        ("≥90%", "90", "percent", "at-least"),
        (">=85%", "85", "percent", "at-least"),
        ("＞ 5", "5", None, "more-than"),
        ("≤3天", "3", "day", "at-most"),
        ("8 次", "8", "item", None),
        ("不少于12场", "12", "item", "at-least"),
        ("不低于 90 分", "90", "point", "at-least"),
        ("90%以上", "90", "percent", "at-least"),
        ("10个工作日以内", "10", "day", "at-most"),
        ("=0", "0", None, "equal"),
        ("20万元", "20", "ten-thousand", None),
        ("1,200人次", "1200", "item", None),
        ("≥ 5 公里", "5", "kilometre", "at-least"),
    ],
)
def test_a_figure_is_read_with_what_stands_around_it(
    text: str, value: str, unit: str | None, operator: str | None
) -> None:
    assert notations(text) == (value, unit, operator)


@pytest.mark.parametrize(
    "text",
    ["", "按期完成", "3-5次", "12月底前", "2024年", "优", "≥", "提高5个百分点", "第1季度", "10%和20%", "1/3", "5公分"],
)
def test_what_is_no_single_figure_is_words(text: str) -> None:
    assert notations(text) is None


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["", "%", "次", "个工作日"]))
def test_a_printed_figure_is_read_back_exactly(value: Decimal, unit: str) -> None:
    figure = parse_figure(f"{value}{unit}", VOCABULARY)
    assert figure is not None
    assert (figure.value, figure.decimals, figure.unit_text or "") == (value, 2, unit)


def test_the_precision_is_half_of_the_finest_digit_in_use() -> None:
    figures = [Figure(Decimal("4.01"), 2), Figure(Decimal("100"), 0), Figure(Decimal("0.000"), 3)]
    assert finest(figures) == Decimal("0.005")
    assert finest([]) == 0
