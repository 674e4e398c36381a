"""Numbers are written as Babel writes them in Chinese and in English (decision 81)."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from server.charts.yuan_and_wan import WAN, amount_to_text, growth_to_text, share_to_text
from server.pages.figures import money, number

AMOUNTS = st.decimals(min_value=-(10**13), max_value=10**13, places=2)
FRACTIONS = st.decimals(min_value=-50, max_value=50, places=6)


@pytest.mark.parametrize("language", ["zh", "en"])
@given(amount=AMOUNTS)
def test_amounts(language: str, amount: Decimal) -> None:
    written = format_decimal(amount, "#,##0.00", locale=language)
    assert money(amount) == written
    assert amount_to_text(amount, "yuan") == written
    assert amount_to_text(amount, "wan") == format_decimal(amount / WAN, "#,##0.00", locale=language)
    assert number(amount) == format_decimal(amount, "#,##0.##", locale=language)


@pytest.mark.parametrize("language", ["zh", "en"])
@given(fraction=FRACTIONS)
def test_shares_and_growth(language: str, fraction: Decimal) -> None:
    written = format_percent(fraction, "#,##0.0%", locale=language)
    assert share_to_text(fraction) == written
    assert growth_to_text(fraction).lstrip("+") in (written, written.removeprefix("-"))
    assert growth_to_text(fraction).startswith("+") is (fraction >= Decimal("0.0005") and written != "0.0%")
