"""Remove leftover HTML mark-up from text; paragraphs become lines, check boxes become characters."""

from __future__ import annotations

import re

TICKED, EMPTY = "\u2611", "\u2610"
"""A ticked and an empty check box."""
MARKUP = "markup"
"""The flag of a cell from which mark-up was removed."""

_ATTRIBUTES = r"""(?:\s+[A-Za-z:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*\s*/?"""
_BOX = re.compile(rf"<input(?={_ATTRIBUTES}>)[^>]*\bcheckbox\b[^>]*>", re.IGNORECASE)
_BREAK = re.compile(rf"\s*(?:</p>\s*<p{_ATTRIBUTES}>|</p>|<p{_ATTRIBUTES}>|<br{_ATTRIBUTES}>)\s*", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:u|b|i|s|em|strong|span|font|div|sup|sub|a|input){_ATTRIBUTES}>", re.IGNORECASE)
_TICK = re.compile(r"\bchecked\b", re.IGNORECASE)


def strip_markup(text: str) -> str:
    """Return the text as a browser displays it; text without tags is returned unchanged."""
    if "<" not in text:
        return text
    boxed = _BOX.sub(lambda match: TICKED if _TICK.search(match[0]) else EMPTY, text)
    return _TAG.sub("", _BREAK.sub("\n", boxed)).strip("\n")
