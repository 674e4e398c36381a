"""Printed numbers to exact values."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = re.compile(r"([-+]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2012": "-"})
_MOST_DIGITS = 18
_DASHES = frozenset("-\u2012\u2013\u2014\u2015\u2212_/.")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as printed: its exact value and how many decimal places it shows."""

    value: Decimal
    decimals: int


def parse_amount(text: str) -> Amount | None:
    """The number that is the whole of `text`, or None. More than 18 digits are no amount: sums would not be exact.

    Thousands commas, full-width digits, a leading sign and accounting brackets `(1,000.00)` are understood; several
    lines are several numbers, and raised or circled digits are marks.
    """
    if "\n" in text.strip() or any(unicodedata.category(character) == "No" for character in text):
        return None
    cleaned = "".join(unicodedata.normalize("NFKC", text).translate(_MINUS).split())
    bracketed = cleaned.startswith("(") and cleaned.endswith(")")
    match = _NUMBER.fullmatch(cleaned[1:-1] if bracketed else cleaned)
    if match is None or (bracketed and match[1]) or sum(map(str.isdigit, cleaned)) > _MOST_DIGITS:
        return None
    decimals = match[3] or ""
    number = Decimal(f"{match[2].replace(',', '')}.{decimals or '0'}")
    if not decimals:
        number = number.to_integral_value()
    return Amount(-number if bracketed or match[1] == "-" else number, len(decimals))


def is_blank(text: str) -> bool:
    """Whether a cell claims nothing: empty, or only dashes or dots."""
    return set("".join(unicodedata.normalize("NFKC", text).split())) <= _DASHES


def plain(value: Decimal) -> str:
    """The number without exponent and superfluous zeros: `1249536`, `0.005`."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
