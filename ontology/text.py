"""Cleaning of printed words, so that a label and a header compare as wholes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_IGNORED = re.compile(r"[\s\"'\u2018\u2019\u201c\u201d\u300c-\u300f\u200b\ufeff]+")


def clean_label(text: str) -> str:
    """The text without spaces and quotation marks, in narrow forms (NFKC): `（ 类 ）` and `(类)` are one label."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text))


def narrow(text: str) -> str:
    """The text in narrow forms, character by character, so that places in it stay what they were.

    A wide comma stays wide: between digits it divides two numbers and not the thousands of one.
    """
    return "".join(map(_narrow_character, text))


@cache
def _narrow_character(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return character if len(plain) != 1 or (plain == "," and character != ",") else plain


@cache
def is_ignored(character: str) -> bool:
    """Whether labels are compared without the character: spaces and quotation marks."""
    return _IGNORED.fullmatch(character) is not None
