"""Identity card numbers, which no disclosure may print (GB 11643-1999)."""

from __future__ import annotations

import re
from datetime import date

from ontology.text import narrow

_NUMBER = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})[ -]?(\d{8})[ -]?(\d{3}[\dXx])(?![0-9A-Za-z])")
"""Place, date of birth, and serial number with check digit; some print a space or a hyphen between them."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_YOUNGEST = 2010
"""The last year of birth that is looked for: later dates in 18 digits are those of serial numbers."""


def mask_identity_numbers(text: str) -> str:
    """Return the text with an asterisk for each character of a number of an identity card.

    Such a number has 18 digits with a date of birth and the right check digit. Digits may be full width.
    """
    masked = text
    for match in _NUMBER.finditer(narrow(text)):  # positions in it are those in the text
        if _is_identity_number("".join(match.groups())):
            masked = masked[: match.start()] + "*" * len(match[0]) + masked[match.end() :]
    return masked


def _is_identity_number(number: str) -> bool:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return 1900 <= born.year <= _YOUNGEST and _CHECK_DIGITS[total % 11] == number[17].upper()
