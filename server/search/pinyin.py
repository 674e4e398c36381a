"""Pinyin of Han text, and syllables of pinyin that is written without spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import cache

MOST_SEGMENTATIONS = 4
MOST_LETTERS = 60
_LONGEST_SYLLABLE = 6
_SYLLABLE = re.compile(r"[a-z]+")


@cache
def text_to_syllables(text: str) -> tuple[str, ...]:
    """Return the syllables of the Han characters of a text, without tones; `v` stands for `ü`.

    Characters with several readings are read as in the words they belong to.

    >>> text_to_syllables("重庆市会计 2024")
    ('chong', 'qing', 'shi', 'kuai', 'ji')
    """
    from pypinyin import lazy_pinyin  # here, because its dictionaries take long to load and only building needs them

    return tuple(syllable for syllable in lazy_pinyin(text, errors="ignore") if _SYLLABLE.fullmatch(syllable))


def syllables_to_tokens(syllables: Sequence[str]) -> str:
    """Return the tokens that make pinyin findable: the syllables, and their initials as one word."""
    if not syllables:
        return ""
    return f"{' '.join(syllables)} {''.join(syllable[0] for syllable in syllables)}"


def segment_pinyin(text: str, syllables: Set[str]) -> list[tuple[str, ...]]:
    """Return the ways to divide letters into syllables, fewest syllables first; the last may be incomplete.

    There are at least two parts: one alone is found as a word. The list is empty for letters that are no pinyin.

    >>> segment_pinyin("xianf", {"xi", "an", "xian", "fang"})
    [('xian', 'f'), ('xi', 'an', 'f')]
    """
    if len(text) > MOST_LETTERS:
        return []
    beginnings = {syllable[:length] for syllable in syllables for length in range(1, len(syllable) + 1)}
    ways = _shortest_ways(text, syllables, beginnings)
    fewest = len(ways[0]) if ways else 0
    return [way for way in ways if 1 < len(way) <= fewest + 1][:MOST_SEGMENTATIONS]


def _shortest_ways(text: str, syllables: Set[str], beginnings: Set[str]) -> list[tuple[str, ...]]:
    """Return the ways to divide a text that have the fewest parts.

    Only so many ways are kept for the rest of the text from each position: the number of all grows exponentially.
    """
    ways: list[list[tuple[str, ...]]] = [[] for _ in text] + [[()]]
    for start in range(len(text) - 1, -1, -1):
        found = []
        for end in range(start + 1, min(len(text), start + _LONGEST_SYLLABLE) + 1):
            part = text[start:end]
            if part in (beginnings if end == len(text) else syllables):
                found += [(part, *rest) for rest in ways[end]]
        ways[start] = sorted(found, key=len)[: MOST_SEGMENTATIONS + 1]
    return ways[0]
