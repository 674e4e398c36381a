"""Join text that wraps over lines inside a cell, and split codes from names."""

from __future__ import annotations

import re

from ontology.text import narrow

JOINED = "joined-wrap"
"""The flag of a cell with text joined across line breaks."""

_BREAK = re.compile(r"(?<=[^\x00-\x7f])[^\S\n]+|[^\S\n]+(?=[^\x00-\x7f])")
_BREAK_IN_NAME = re.compile(r"(?<=[^\W\x00-\x7f])[^\S\n]+(?=[^\W\x00-\x7f])")
_BRACKETED = re.compile(r"[\[\u3010(]\s*([A-Z]?[\d\s]+)[\]\u3011)](.*)", re.DOTALL)
_LEADING = re.compile(r"([A-Z]?\d{3,})[-_\s\u2014]*(\D.*)?", re.DOTALL)


def join_wraps(text: str) -> str:
    """Remove the spaces that line wrapping left beside Chinese characters."""
    return _BREAK.sub("", text.strip())


def join_name(text: str) -> str:
    """Remove the spaces that line wrapping left between two Chinese characters of a name.

    A name with a space after every character (`收 入 总 计`) is letter-spaced, not wrapped, and is returned unchanged.
    """
    if all(len(piece) == 1 for piece in text.split()):
        return text.strip()
    return _BREAK_IN_NAME.sub("", text.strip())


def is_wrapped(text: str) -> bool:
    """Return whether `join_wraps` changes the text."""
    return join_wraps(text) != text.strip()


def split_code(text: str) -> tuple[str | None, str]:
    """Split the text of a cell into (code, name): `[201010 1]行政 运行`, `30202-印刷费`; the code is None if absent."""
    joined = join_wraps(text)
    match = _BRACKETED.fullmatch(narrow(joined)) or _LEADING.fullmatch(narrow(joined))
    if match is None:
        return None, joined
    return "".join(match[1].split()), join_wraps(joined[match.start(2) :]) if match[2] else ""
