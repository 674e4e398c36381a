"""Subjects of figures: the coordinates that the words of a clause settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from converters.model.hierarchy import Hierarchy
from converters.narrative.tokens import YEAR, Lexicon, Token
from ontology.phrases import NOUN, Phrases, Word, bare

BOTH, GRAND, ALL, LEVEL = "both", "grand", "all", "level"
_LINE = "line"


@dataclass(frozen=True, slots=True)
class SubjectMeaning:
    """The coordinates that the words of a subject settle, and the measure of a count of what they name.

    `both` is True for revenue and expenditure at once, `grand` for the total of all years and uses, `all` for words
    that lift the scope of the context; `unclear` is the first word without a single meaning.
    """

    coordinates: Mapping[str, str] = field(default_factory=dict)
    measure: str | None = None
    both: bool = False
    grand: bool = False
    all: bool = False
    unclear: Token | None = None


def interpret_subject(
    tokens: Sequence[Token], context: Mapping[str, str], lexicon: Lexicon, hierarchy: Hierarchy, counted: bool = False
) -> SubjectMeaning:
    """Interpret the words of a subject in their context.

    Of several meanings of a word, the one narrower than the coordinates settled before it is taken, else the one that
    agrees with the context. A word that stays ambiguous, or that excludes a word before it, is unclear. The `line`
    dimension is settled only if `counted`.
    """
    coordinates: dict[str, str] = {}
    measure, unclear = None, None
    for at, token in enumerate(tokens):
        if token.sort == YEAR:
            coordinates["year"] = str(token.year)
        if token.word is None or not token.word.meanings:
            continue
        mark = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].sort == LEVEL else None
        meaning = _choose(token.word, mark, {**context, **coordinates}, lexicon, hierarchy)
        if meaning is None or not _add(meaning, coordinates, hierarchy, counted):
            unclear = unclear or token
        if token.sort == NOUN:
            measure = token.word.measure
    sorts = {token.sort for token in tokens}
    return SubjectMeaning(coordinates, measure, BOTH in sorts, GRAND in sorts, ALL in sorts, unclear)


def _choose(
    word: Word, mark: Token | None, context: Mapping[str, str], lexicon: Lexicon, hierarchy: Hierarchy
) -> Mapping[str, str] | None:
    meanings = list(word.meanings)
    level = mark.word.level if mark and mark.word else None
    if level is not None:
        marked = [m for m in meanings if "function" in m and level.match(lexicon.vocabulary.notation(m["function"]))]
        only = len(meanings) == 1 and "function" in meanings[0]
        meanings = marked or (meanings if only else [])
    agreeing = [m for m in meanings if all(_comparable(context.get(d), c, hierarchy) for d, c in m.items())]
    narrowing = [m for m in agreeing if any(d in context and _narrows(c, context[d], hierarchy) for d, c in m.items())]
    candidates = _distinct(narrowing) or _distinct(agreeing) or _distinct(meanings)
    if len(candidates) > 1 and (chain := _widest(candidates, hierarchy)) is not None:
        return chain
    return candidates[0] if len(candidates) == 1 else None


def _comparable(settled: str | None, concept: str, hierarchy: Hierarchy) -> bool:
    return settled is None or hierarchy.comparable(settled, concept)


def _narrows(concept: str, settled: str, hierarchy: Hierarchy) -> bool:
    return concept != settled and hierarchy.is_within(concept, settled)


def _distinct(meanings: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return list({tuple(sorted(m.items())): m for m in meanings}.values())


def _widest(meanings: Sequence[Mapping[str, str]], hierarchy: Hierarchy) -> Mapping[str, str] | None:
    """The widest of meanings that are nested (a class and its only group of the same name)."""
    shared = {tuple(m) for m in meanings}
    if len(shared) != 1 or len(next(iter(shared))) != 1:
        return None
    [dimension] = next(iter(shared))
    keys = sorted((m[dimension] for m in meanings), key=lambda key: len(hierarchy.line(key)))
    stacked = all(hierarchy.is_within(low, high) for high, low in pairwise(keys))
    return {dimension: keys[0]} if stacked else None


def _add(meaning: Mapping[str, str], coordinates: dict[str, str], hierarchy: Hierarchy, counted: bool) -> bool:
    """Add a meaning to coordinates, the narrower concept winning; False if one excludes the other."""
    agreeing = True
    for dimension, concept in meaning.items():
        if dimension == _LINE and not counted:
            continue
        present = coordinates.get(dimension)
        if present is None or hierarchy.is_within(concept, present):
            coordinates[dimension] = concept
        elif not hierarchy.is_within(present, concept):
            agreeing = False
    return agreeing


def merge(base: Mapping[str, str], own: Mapping[str, str], hierarchy: Hierarchy) -> dict[str, str]:
    """Combine the coordinates of a context with those of own words: the narrower wins, own words where they exclude."""
    coordinates = dict(base)
    for dimension, concept in own.items():
        present = coordinates.get(dimension)
        if present is None or not hierarchy.is_within(present, concept):
            coordinates[dimension] = concept
    return coordinates


def agrees(whole: Mapping[str, str], part: Mapping[str, str], hierarchy: Hierarchy) -> bool:
    """Whether the coordinates of a part and a whole exclude each other in no dimension."""
    return all(_comparable(whole.get(dimension), concept, hierarchy) for dimension, concept in part.items())


def reason_direction(text: str, phrases: Phrases) -> str | None:
    """The direction of a reason that speaks only of increases or only of decreases, else None."""
    said = bare(text)
    if any(sign in said for sign in phrases.signs["reason-open"]):
        return None
    signs = {"increase": phrases.signs["reason-more"], "decrease": phrases.signs["reason-less"]}
    found = [direction for direction, words in signs.items() if any(word in said for word in words)]
    return found[0] if len(found) == 1 else None
