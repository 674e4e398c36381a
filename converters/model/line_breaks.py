"""Cells whose text is broken over lines: the breaks closed, a code taken apart from its name."""

from __future__ import annotations

import re

from ontology.text import narrow

JOINED = "joined-wrap"
"""The flag of a cell whose text was read across line breaks."""

_BREAK = re.compile(r"(?<=[^\x00-\x7f])[^\S\n]+|[^\S\n]+(?=[^\x00-\x7f])")
_BREAK_IN_NAME = re.compile(r"(?<=[^\W\x00-\x7f])[^\S\n]+(?=[^\W\x00-\x7f])")
_BRACKETED = re.compile(r"[\[\u3010(]\s*([A-Z]?[\d\s]+)[\]\u3011)](.*)", re.DOTALL)
_LEADING = re.compile(r"([A-Z]?\d{3,})[-_\s\u2014]*(\D.*)?", re.DOTALL)


def join_wraps(text: str) -> str:
    """The text without the spaces that breaking it into lines left beside Chinese characters."""
    return _BREAK.sub("", text.strip())


def join_name(text: str) -> str:
    """A name without the spaces that a break left inside it, between two Chinese characters.

    Where every character stands apart (`收 入 总 计`) the name was set wide and not broken; it stays as it is.
    """
    if all(len(piece) == 1 for piece in text.split()):
        return text.strip()
    return _BREAK_IN_NAME.sub("", text.strip())


def is_wrapped(text: str) -> bool:
    """Whether joining changes the text."""
    return join_wraps(text) != text.strip()


def split_code(text: str) -> tuple[str | None, str]:
    """A cell as (code, name): `[201010 1]行政 运行`, `30202-印刷费`, `2010101`; (None, name) without a code."""
    joined = join_wraps(text)
    match = _BRACKETED.fullmatch(narrow(joined)) or _LEADING.fullmatch(narrow(joined))
    if match is None:
        return None, joined
    return "".join(match[1].split()), join_wraps(joined[match.start(2) :]) if match[2] else ""
