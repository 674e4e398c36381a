"""Cleaning of printed words, so that a label and a header compare as wholes."""

from __future__ import annotations

import re
import unicodedata

_IGNORED = re.compile(r"[\s\"'\u2018\u2019\u201c\u201d\u300c-\u300f\u200b\ufeff]+")


def clean_label(text: str) -> str:
    """The text without spaces and quotation marks, in narrow forms (NFKC): `（ 类 ）` and `(类)` are one label."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text))
