"""Clause patterns: sequences of slots that are matched against the sorts of tokens without fillers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from converters.narrative.subject_coordinates import BOTH, GRAND, join_names
from converters.narrative.tokens import CODED, FIGURES, REFERENCE, UNCHANGED, UNKNOWN, YEAR, Lexicon, Token
from ontology.narrative_words import FILLER, Phrases

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


def prepare_tokens(tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Return the tokens of a sentence without fillers.

    Brackets without figures are dropped, or one unknown word if unclear. A printed code beats the name behind it, which
    may be unknown. A conjunction behind a figure divides as an enumeration comma does. The start of the own year is no
    year. A word for a total right behind revenue and expenditure means all of them: 收支预算总数.
    """
    signs = lexicon.phrases.signs
    kept: list[Token] = []
    opened: list[int] = []
    for token in join_names(tokens):
        if token.sort == FILLER and kept and kept[-1].sort in FIGURES and token.text in signs["conjunction"]:
            kept.append(replace(token, sort="enumeration"))
        if token.text in signs["year-start"] and kept and kept[-1].sort == YEAR and kept[-1].year == lexicon.year:
            kept[-1] = replace(kept[-1], year=None)
        if token.sort == FILLER and kept and kept[-1].sort == BOTH and token.text in signs["in-all"]:
            kept.append(replace(token, sort=GRAND, word=None))
        if token.sort in (FILLER, REFERENCE):
            continue
        if token.sort == UNKNOWN and kept and kept[-1].end == token.start and _is_code(kept[-1]):
            continue
        kept.append(token)
        if token.sort == "open":
            opened.append(len(kept) - 1)
        elif token.sort == "close" and opened:
            begin = opened.pop()
            inside = kept[begin + 1 : -1]
            if not any(t.sort in FIGURES or t.sort == UNCHANGED for t in inside):
                unknown = any(t.sort == UNKNOWN for t in inside)
                bracket = replace(token, sort=UNKNOWN, text="", start=kept[begin].start)
                kept[begin:] = [bracket] if unknown else []
    return kept


def _is_code(token: Token) -> bool:
    return token.word is not None and token.word.name == CODED
