"""What the words of a clause say its figure is about: coordinates, and whether they speak of both flows or of all."""

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
class Reading:
    """The coordinates that words settle, what a count of them is (a measure), and the first word that is unclear.

    `both` flows at once, the `grand` total of all years and uses, `all` without exception: as the words say.
    """

    places: Mapping[str, str] = field(default_factory=dict)
    measure: str | None = None
    both: bool = False
    grand: bool = False
    all: bool = False
    unclear: Token | None = None


def read_subject(
    tokens: Sequence[Token], context: Mapping[str, str], lexicon: Lexicon, hierarchy: Hierarchy, counted: bool = False
) -> Reading:
    """The words of a subject in their surroundings; what people and things stand in a list counts only if `counted`.

    A word with several meanings takes the one that is narrower than what is settled already (first by the words before
    it, then by the context); a name that one class alone has is that class, though the mark of another level stands
    behind it; two words that exclude each other are unclear, and so is a word that stays ambiguous.
    """
    places: dict[str, str] = {}
    measure, unclear = None, None
    for at, token in enumerate(tokens):
        if token.sort == YEAR:
            places["year"] = str(token.year)
        if token.word is None or not token.word.meanings:
            continue
        mark = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].sort == LEVEL else None
        meaning = _choose(token.word, mark, {**context, **places}, lexicon, hierarchy)
        if meaning is None or not _add(meaning, places, hierarchy, counted):
            unclear = unclear or token
        if token.sort == NOUN:
            measure = token.word.measure
    sorts = {token.sort for token in tokens}
    return Reading(places, measure, BOTH in sorts, GRAND in sorts, ALL in sorts, unclear)


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
    """Of meanings that stand one under the other (a class and its only group of the same name) the uppermost."""
    shared = {tuple(m) for m in meanings}
    if len(shared) != 1 or len(next(iter(shared))) != 1:
        return None
    [dimension] = next(iter(shared))
    keys = sorted((m[dimension] for m in meanings), key=lambda key: len(hierarchy.line(key)))
    stacked = all(hierarchy.is_within(low, high) for high, low in pairwise(keys))
    return {dimension: keys[0]} if stacked else None


def _add(meaning: Mapping[str, str], places: dict[str, str], hierarchy: Hierarchy, counted: bool) -> bool:
    """Add a meaning to the places of a subject, the narrower winning; False if one excludes the other."""
    agreeing = True
    for dimension, concept in meaning.items():
        if dimension == _LINE and not counted:
            continue
        present = places.get(dimension)
        if present is None or hierarchy.is_within(concept, present):
            places[dimension] = concept
        elif not hierarchy.is_within(present, concept):
            agreeing = False
    return agreeing


def merge(base: Mapping[str, str], own: Mapping[str, str], hierarchy: Hierarchy) -> dict[str, str]:
    """What surroundings and own words settle together: the narrower wins, and the own words where they exclude."""
    places = dict(base)
    for dimension, concept in own.items():
        present = places.get(dimension)
        if present is None or not hierarchy.is_within(present, concept):
            places[dimension] = concept
    return places


def agrees(whole: Mapping[str, str], part: Mapping[str, str], hierarchy: Hierarchy) -> bool:
    """Whether a part can be of a whole: nowhere do they exclude each other."""
    return all(_comparable(whole.get(dimension), concept, hierarchy) for dimension, concept in part.items())


def reason_direction(text: str, phrases: Phrases) -> str | None:
    """Whether a reason speaks only of more or only of less; None where it leaves that open."""
    said = bare(text)
    if any(sign in said for sign in phrases.signs["reason-open"]):
        return None
    signs = {"increase": phrases.signs["reason-more"], "decrease": phrases.signs["reason-less"]}
    found = [direction for direction, words in signs.items() if any(word in said for word in words)]
    return found[0] if len(found) == 1 else None
