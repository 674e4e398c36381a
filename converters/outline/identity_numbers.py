"""Identity card numbers, which no disclosure may print (GB 11643-1999)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ontology.text import narrow

_NUMBER = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{16}[\dXx])(?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_YOUNGEST = 2010
"""The last year of birth that is looked for: later dates in 18 digits are those of serial numbers."""


def find_identity_numbers(text: str) -> Iterator[str]:
    """Yield the numbers of identity cards in a text: 18 digits with a date of birth and the right check digit."""
    return (m[1] for m in _NUMBER.finditer(narrow(text)) if _is_identity_number(m[1]))


def _is_identity_number(number: str) -> bool:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return 1900 <= born.year <= _YOUNGEST and _CHECK_DIGITS[total % 11] == number[17].upper()
