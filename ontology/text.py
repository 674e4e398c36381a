"""Normalisation of printed text for comparison."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ontology.caching import cached_for_short_texts

_IGNORED = re.compile(r"[\s\"'\u2018\u2019\u201c\u201d\u300c-\u300f\u200b\ufeff]+")

_QUOTED = re.compile(r"\u201c[^\u201c\u201d]*\u201d")
_LETTER = r"[^\W\da-zA-Z_]"
_SPACED_OUT = re.compile(rf"(?<![^\u201c\s])(?:{_LETTER}\s+)+{_LETTER}(?![^\u201d\s])")

_FORMULA = re.compile(r"[=+@\t\r]")
_NUMERAL = re.compile(r"\+?[\d.,\uff0c\uff0e%\uff05]+")


@cached_for_short_texts
def clean_label(text: str) -> str:
    """Return the text in NFKC without spaces and quotation marks: `（ 类 ）` and `(类)` become the same label."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text))


def close_up_quotes(text: str) -> str:
    """Return a text whose quotations have no spaces between single characters, with which tables fill a column.

    >>> close_up_quotes("“收 入 总 计”行“支 出 决算数”栏")
    '“收入总计”行“支出 决算数”栏'
    """
    return _QUOTED.sub(lambda quoted: _SPACED_OUT.sub(lambda words: "".join(words[0].split()), quoted[0]), text)


def narrow(text: str) -> str:
    """Return the text in narrow forms, one character for one, so that positions stay valid.

    A wide comma stays wide: between digits it separates two numbers, not thousands.
    """
    return "".join(map(_narrow_character, text))


@cache
def _narrow_character(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return character if len(plain) != 1 or (plain == "," and character != ",") else plain


@cache
def is_ignored(character: str) -> bool:
    """Return whether comparison of labels ignores the character: spaces and quotation marks."""
    return _IGNORED.fullmatch(character) is not None


def spreadsheet_safe(text: str) -> str:
    """Return a text cell with an apostrophe before it if a spreadsheet would take it for a formula.

    Numerals stay as they are.

    >>> spreadsheet_safe("=SUM(A1)"), spreadsheet_safe("+12.5%")
    ("'=SUM(A1)", '+12.5%')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMERAL.fullmatch(text) else text
