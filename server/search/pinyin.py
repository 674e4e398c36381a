"""Pinyin of Han text, and syllables of pinyin that is written without spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
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
    fewest = _fewest_parts(text, syllables, beginnings)
    ways = _Ways(text, syllables, beginnings, fewest).from_position(0, fewest.get(0, 0) + 1)
    return sorted((way for way in ways if len(way) > 1), key=len)[:MOST_SEGMENTATIONS]


def _fewest_parts(text: str, syllables: Set[str], beginnings: Set[str]) -> dict[int, int]:
    """Return, for each position from which the rest can be divided, the fewest parts of the rest."""
    fewest = {len(text): 0}
    for start in range(len(text) - 1, -1, -1):
        ends = range(start + 1, min(len(text), start + _LONGEST_SYLLABLE) + 1)
        parts = [
            1 + fewest[end]
            for end in ends
            if end in fewest and text[start:end] in (beginnings if end == len(text) else syllables)
        ]
        if parts:
            fewest[start] = min(parts)
    return fewest


@dataclass(frozen=True, slots=True)
class _Ways:
    text: str
    syllables: Set[str]
    beginnings: Set[str]
    fewest: Mapping[int, int]

    def from_position(self, start: int, most: int) -> Iterator[tuple[str, ...]]:
        """Yield the ways to divide the rest of the text into at most so many parts."""
        if start == len(self.text):
            yield ()
            return
        for end in range(start + 1, min(len(self.text), start + _LONGEST_SYLLABLE) + 1):
            known = self.beginnings if end == len(self.text) else self.syllables
            part = self.text[start:end]
            if part in known and end in self.fewest and self.fewest[end] < most:
                yield from ((part, *rest) for rest in self.from_position(end, most - 1))
