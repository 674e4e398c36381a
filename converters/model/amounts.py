"""Parse printed numbers into exact values."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from ontology.caching import cached_for_short_texts

_NUMBER = re.compile(r"([-+]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_DIGIT = re.compile(r"\d")
_GAP = re.compile(r"(?<=[\d.])\s+(?=[\d.])")
_SPACED_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:\s\d{3})+(?![\d\s])")
_LETTER_SPACED = re.compile(r"(?<![\d.])[\d.](?:\s+[\d.])+(?![\d.])")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2012": "-"})
_MOST_DIGITS = 18
_CURRENCY = frozenset("\u00a5\uffe5")
_DASHES = frozenset("-\u2012\u2013\u2014\u2015\u2212_/.")


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number: its exact value and its number of decimal places."""

    value: Decimal
    decimals: int


@cached_for_short_texts
def parse_amount(text: str) -> Amount | None:
    """Parse a text that is one number; return None for any other text.

    Thousands separators, full-width digits, a leading sign, a currency sign and accounting brackets `(1,000.00)` are
    accepted. None is returned for more than 18 digits (sums would not be exact), for several lines, for raised or
    circled digits, which mark notes, and for digits with white space between them that may be two numbers.
    """
    if (
        not _DIGIT.search(text)
        or "\n" in text.strip()
        or any(unicodedata.category(character) == "No" for character in text)
        or may_be_two_numbers(text)
    ):
        return None
    cleaned = "".join(unicodedata.normalize("NFKC", text).translate(_MINUS).split())
    cleaned = _without_currency(cleaned)
    bracketed = cleaned.startswith("(") and cleaned.endswith(")")
    match = _NUMBER.fullmatch(cleaned[1:-1] if bracketed else cleaned)
    if match is None or (bracketed and match[1]) or sum(map(str.isdigit, cleaned)) > _MOST_DIGITS:
        return None
    decimals = match[3] or ""
    number = Decimal(f"{match[2].replace(',', '')}.{decimals or '0'}")
    if not decimals:
        number = number.to_integral_value()
    return Amount(-number if bracketed or match[1] == "-" else number, len(decimals))


def may_be_two_numbers(text: str) -> bool:
    """Return whether white space stands between digits where neither separators nor even spacing tell that they belong
    together: `12 34`, but not `1 234.50`, `1 2 3 . 4` or `1,2 34.50`, whose separators stand right once it is dropped.
    """
    if len(text.split()) < 2:
        return False
    plain = unicodedata.normalize("NFKC", text)
    return (
        _GAP.search(plain) is not None
        and "," not in plain
        and _SPACED_THOUSANDS.search(plain) is None
        and _LETTER_SPACED.search(plain) is None
    )


def _without_currency(text: str) -> str:
    """The text without a yuan sign before or after the minus sign: `￥-1,000.00`, `-¥1000`."""
    sign = text[:1] if text[:1] in ("-", "+") and text[1:2] in _CURRENCY else ""
    rest = text.removeprefix(sign)
    return sign + rest[1:] if rest[:1] in _CURRENCY and len(rest) > 1 else text


def is_blank(text: str) -> bool:
    """Return whether a cell has no content: it is empty or contains only dashes or dots."""
    return set("".join(unicodedata.normalize("NFKC", text).split())) <= _DASHES
