"""Decimals: their one text form in RDF, CSV, JSON and messages, and the comparison of rounded amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import reduce

ZERO = Decimal(0)
_TEN = 10
Rounded = tuple[Decimal, Decimal]
"""An amount and its precision, half a unit of its last digit, in one unit."""


def decimal_to_text(number: Decimal) -> str:
    """Return a decimal without exponent and without trailing zeros.

    >>> decimal_to_text(Decimal("54667.20"))
    '54667.2'
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def numerals_to_number(text: str, numerals: Mapping[str, int]) -> int | None:
    """Return the number that digits, or numerals up to ten, write; None for other text.

    >>> numerals_to_number("十二", {"十": 10, "二": 2}), numerals_to_number("12", {}), numerals_to_number("甲", {})
    (12, 12, None)
    """
    if text.isdecimal():
        return int(text)
    if not text or any(numerals.get(character) not in range(1, _TEN + 1) for character in text):
        return None
    return reduce(_add_numeral, map(numerals.__getitem__, text), 0)


def _add_numeral(number: int, numeral: int) -> int:
    return max(number, 1) * _TEN if numeral == _TEN else number + numeral


def most_decimals(printed: Iterable[str]) -> int:
    """Return the largest number of decimals among printed numbers.

    >>> most_decimals(["57.8", "1,484.20", "3"])
    2
    """
    return max((len(text.strip().rpartition(".")[2]) for text in printed if "." in text), default=0)


def number_like(number: Decimal, printed: Iterable[str]) -> str:
    """Return a number with the decimals of printed numbers, more if needed, and grouped if one of them is.

    >>> number_like(Decimal(1845880), ["1,744,680.00"])
    '1,845,880.00'
    """
    printed = list(printed)
    exponent = number.normalize().as_tuple().exponent
    needed = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    grouped = "," if any("," in text for text in printed) else ""
    return f"{number:{grouped}.{max(most_decimals(printed), needed)}f}"


def sums_to(whole: Rounded, parts: Iterable[Rounded]) -> bool:
    """Return whether parts may add up to a whole: their distance is at most the sum of all precisions.

    >>> sums_to((Decimal(100), Decimal("0.5")), [(Decimal(60), Decimal(0)), (Decimal("39.5"), Decimal(0))])
    True
    """
    parts = list(parts)
    room = whole[1] + sum((precision for _, precision in parts), ZERO)
    return abs(whole[0] - sum((amount for amount, _ in parts), ZERO)) <= room


def agree(one: Rounded, other: Rounded) -> bool:
    """Return whether two printed amounts may be the same."""
    return sums_to(one, [other])
