"""Decimals as text in the one form used in RDF, CSV, JSON and messages."""

from __future__ import annotations

from decimal import Decimal


def decimal_to_text(number: Decimal) -> str:
    """Return a decimal without exponent and without trailing zeros.

    >>> decimal_to_text(Decimal("54667.20"))
    '54667.2'
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
