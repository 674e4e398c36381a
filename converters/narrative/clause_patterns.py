"""Frames: what clauses that state figures look like, as sequences of slots, compared with the sorts of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from converters.narrative.tokens import Token
from ontology.phrases import Phrases

_ITEM = re.compile(r"([\w-]+(?:/[\w-]+)*)([?+*]?)")


@dataclass(frozen=True, slots=True)
class ClausePattern:
    """A frame ready for comparing: `slots` are the names of its slots in order, one a group of `pattern`."""

    name: str
    yields: str | None
    slots: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A clause that fits a frame, and which tokens fill its slots (several times the same slot: in order)."""

    frame: ClausePattern
    filled: tuple[tuple[str, tuple[Token, ...]], ...]

    def all(self, *slots: str) -> tuple[Token, ...]:
        """The tokens of these slots, in the order of the clause."""
        return tuple(token for slot, tokens in self.filled if slot in slots for token in tokens)

    def first(self, slot: str) -> tuple[Token, ...]:
        """The tokens of the first of these slots that is filled."""
        return next((tokens for name, tokens in self.filled if name == slot and tokens), ())


def compile_patterns(phrases: Phrases) -> tuple[ClausePattern, ...]:
    """The frames of the vocabulary in their order; ValueError for one whose slots cannot be read."""
    return tuple(
        ClausePattern(
            f.name,
            f.yields,
            tuple(names for names, _ in _items(f.slots)),
            re.compile(_sequence(f.slots, phrases, keep=True)),
        )
        for f in phrases.frames
    )


def match_pattern(tokens: Sequence[Token], frames: Sequence[ClausePattern]) -> Match | None:
    """The first frame that the whole clause fits."""
    sorts = "".join(token.sort + " " for token in tokens)
    for frame in frames:
        found = frame.pattern.fullmatch(sorts)
        if found is not None:
            spans = (found.span(group) for group in range(1, len(frame.slots) + 1))
            filled = (tuple(tokens[sorts.count(" ", 0, a) : sorts.count(" ", 0, b)]) for a, b in spans)
            return Match(frame, tuple(zip(frame.slots, filled, strict=True)))
    return None


def _items(slots: str) -> Iterator[tuple[str, str]]:
    """(names of a slot, how often it may be filled) for each slot in turn."""
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
