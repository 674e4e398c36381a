"""The precision of printed figures: half of the finest digit in use."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from converters.model.figures import Figure


def half_of_last_digit(decimals: int) -> Decimal:
    """0.005 for two decimals."""
    return Decimal(5).scaleb(-decimals - 1)


def prints_zeros(figures: Iterable[Figure]) -> bool:
    """Whether those figures that have decimals all have as many, and zeros at the end are among them."""
    fine = [figure for figure in figures if figure.value and figure.decimals]
    alike = len({figure.decimals for figure in fine}) == 1
    return alike and any(figure.value == round(figure.value, figure.decimals - 1) for figure in fine)


def finest(figures: Iterable[Figure]) -> Decimal:
    """Half of the finest digit used among the figures that are not zero, in their unit; 0 without any."""
    decimals = [figure.decimals for figure in figures if figure.value]
    return half_of_last_digit(max(decimals)) if decimals else Decimal(0)
