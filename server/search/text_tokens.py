"""Tokens of texts, and match expressions of SQLite FTS5 for what a user types.

Han text is indexed as overlapping pairs of characters, since Chinese is written without spaces and most of its words
have two characters: a run of n characters gives n - 1 pairs, and its last character alone, so that every character
begins a token. A query of several characters is then a phrase of pairs, a single character a prefix.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Set
from dataclasses import dataclass

from server.search.pinyin import segment_pinyin

LONGEST_QUERY = 100
"""Characters of a query that are read."""
MOST_WORDS = 12
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+")
_SPACE_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_LATIN = re.compile(r"[a-z]+")
_SHORTEST_JOINED = 2
_SHORTEST_INFLECTED = 4


@dataclass(frozen=True, slots=True)
class Run:
    """A run of Han characters, or a word of letters and digits, in lower case."""

    text: str
    is_han: bool


def fold(text: str) -> str:
    """Return the text as it is compared: NFKC, lower case, spaces run together."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def split_runs(text: str) -> Iterator[Run]:
    """Yield the runs of a text from left to right; punctuation separates them."""
    for found in _RUN.finditer(fold(text)):
        yield Run(found[0], found["han"] is not None)


def join_han(text: str) -> str:
    """Return a text without the spaces that set Han characters apart: `培 训 费` becomes `培训费`."""
    return _SPACE_IN_HAN.sub("", text.strip())


def text_to_tokens(text: str) -> str:
    """Return the tokens of a text, separated by spaces. Spaces that set Han characters apart are ignored.

    >>> text_to_tokens("培 训 费 30216")
    '培训 训费 费 30216'
    """
    return " ".join(token for run in split_runs(join_han(fold(text))) for token in _tokens(run))


def query_to_match(query: str, syllables: Set[str]) -> str:
    """Return the match expression for entries that contain everything in a query; empty if there is nothing in it.

    Words of letters match as prefixes, and as pinyin written with or without spaces; `syllables` are the syllables that
    the index contains.
    """
    runs = list(split_runs(query[:LONGEST_QUERY]))[:MOST_WORDS]
    return " AND ".join(f"({_condition(run, syllables)})" for run in runs)


def query_to_split_match(query: str) -> str:
    """Return the match expression for entries that contain a query in two parts: 青山区培训费 as 青山区 and 培训费.

    Empty for a query without a run of Han characters that can be divided.
    """
    runs = list(split_runs(query[:LONGEST_QUERY]))[:MOST_WORDS]
    if not any(_splits(run) for run in runs):
        return ""
    conditions = (_splits(run) or [_condition(run, frozenset())] for run in runs)
    return " AND ".join(f"({' OR '.join(condition)})" for condition in conditions)


def query_to_loose_match(query: str) -> str:
    """Return the match expression for entries that contain any pair of characters or any word of a query."""
    tokens = (token for run in split_runs(query[:LONGEST_QUERY]) for token in _pairs_or_word(run))
    return " OR ".join(f'"{token}"' for token in dict.fromkeys(tokens))


def _tokens(run: Run) -> Iterator[str]:
    if not run.is_han:
        yield run.text
        return
    yield from map("".join, zip(run.text, run.text[1:], strict=False))
    yield run.text[-1]


def _pairs_or_word(run: Run) -> Iterator[str]:
    if run.is_han and len(run.text) > 1:
        yield from map("".join, zip(run.text, run.text[1:], strict=False))
    else:
        yield run.text


def _splits(run: Run) -> list[str]:
    if not run.is_han:
        return []
    places = range(2, len(run.text) - 1)
    return [f"({_phrase(run.text[:place])} AND {_phrase(run.text[place:])})" for place in places]


def _phrase(text: str) -> str:
    return f'"{" ".join(_pairs_or_word(Run(text, True)))}"'


def _forms(word: str) -> Iterator[str]:
    """The word, and what it is in English when there is one of it or many: library and libraries, fee and fees."""
    yield word
    if len(word) < _SHORTEST_INFLECTED:
        return
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    elif word.endswith("y"):
        yield f"{word[:-1]}ies"
    elif word.endswith("s") and word.isalpha():
        yield word[:-1]


def _condition(run: Run, syllables: Set[str]) -> str:
    if run.is_han and len(run.text) > 1:
        return _phrase(run.text)
    condition = " OR ".join(f'"{form}" *' for form in _forms(run.text))
    if len(run.text) < _SHORTEST_JOINED or not _LATIN.fullmatch(run.text):
        return condition
    segmentations = segment_pinyin(run.text, syllables)
    return " OR ".join([condition, *(f'pinyin : "{" ".join(parts)}" *' for parts in segmentations)])
