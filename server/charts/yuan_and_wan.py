"""Amounts as pages and pictures print them: yuan or 万元, shares and growth in per cent with one decimal."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

WAN = Decimal(10_000)
_HUNDREDTH, _TENTH = Decimal("0.01"), Decimal("0.1")


def amount_to_text(amount: Decimal, unit: str) -> str:
    """Return an amount in yuan with two decimals, in the unit `yuan` or `wan` (ten thousand yuan).

    >>> amount_to_text(Decimal("14835573.24"), "wan"), amount_to_text(Decimal("14835573.24"), "yuan")
    ('1,483.56', '14,835,573.24')
    """
    scaled = amount / WAN if unit == "wan" else amount
    return f"{scaled.quantize(_HUNDREDTH, ROUND_HALF_EVEN):,f}"


def share_to_text(share: Decimal) -> str:
    """Return a share as a percentage: `12.5%`."""
    return f"{(share * 100).quantize(_TENTH, ROUND_HALF_EVEN):,f}%"


def growth_to_text(growth: Decimal) -> str:
    """Return a growth as a percentage with its sign: `+12.5%`, `-3.0%`, `0.0%`."""
    percent = (growth * 100).quantize(_TENTH, ROUND_HALF_EVEN)
    return f"+{percent:,f}%" if percent > 0 else f"{percent or abs(percent):,f}%"
