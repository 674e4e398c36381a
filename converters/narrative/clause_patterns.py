"""Clause patterns: sequences of slots that are matched against the sorts of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from converters.narrative.tokens import Token
from ontology.narrative_words import Phrases

_ITEM = re.compile(r"([\w-]+(?:/[\w-]+)*)([?+*]?)")


@dataclass(frozen=True, slots=True)
class ClausePattern:
    """A compiled pattern; `slots` are the names of its slots, one for each group of `regex`."""

    name: str
    yields: str | None
    slots: tuple[str, ...]
    regex: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A match of a clause: the pattern, and the tokens that fill each slot, in order."""

    pattern: ClausePattern
    filled: tuple[tuple[str, tuple[Token, ...]], ...]

    def all(self, *slots: str) -> tuple[Token, ...]:
        """Return the tokens of these slots, in the order of the clause."""
        return tuple(token for slot, tokens in self.filled if slot in slots for token in tokens)

    def first(self, slot: str) -> tuple[Token, ...]:
        """Return the tokens of the first filled slot of this name."""
        return next((tokens for name, tokens in self.filled if name == slot and tokens), ())


@lru_cache(maxsize=8)
def compile_patterns(phrases: Phrases) -> tuple[ClausePattern, ...]:
    """Compile the patterns of the vocabulary in their order; raise ValueError for slots that cannot be parsed."""
    return tuple(
        ClausePattern(
            f.name,
            f.yields,
            tuple(names for names, _ in _items(f.slots)),
            re.compile(_sequence(f.slots, phrases, keep=True)),
        )
        for f in phrases.patterns
    )


def match_pattern(tokens: Sequence[Token], patterns: Sequence[ClausePattern]) -> Match | None:
    """Return the match of the first pattern that covers the whole clause."""
    sorts = "".join(token.sort + " " for token in tokens)
    for pattern in patterns:
        found = pattern.regex.fullmatch(sorts)
        if found is not None:
            spans = (found.span(group) for group in range(1, len(pattern.slots) + 1))
            filled = (tuple(tokens[sorts.count(" ", 0, a) : sorts.count(" ", 0, b)]) for a, b in spans)
            return Match(pattern, tuple(zip(pattern.slots, filled, strict=True)))
    return None


def _items(slots: str) -> Iterator[tuple[str, str]]:
    """Yield (names of a slot, quantifier) for each slot."""
    for part in slots.split():
        item = _ITEM.fullmatch(part)
        if item is None:
            raise ValueError(f"{part!r} is no slot")
        yield item[1], item[2]


def _sequence(slots: str, phrases: Phrases, keep: bool = False) -> str:
    """Slots as a regular expression over sorts of tokens, each followed by a space."""
    pieces = []
    for names, often in _items(slots):
        choice = "|".join(_atom(name, phrases) for name in names.split("/"))
        piece = f"(?:{choice}){often}"
        pieces.append(f"({piece})" if keep else piece)
    return "".join(pieces)


def _atom(name: str, phrases: Phrases) -> str:
    inner = phrases.slots.get(name)
    return re.escape(name) + " " if inner is None else f"(?:{_sequence(inner, phrases)})"
