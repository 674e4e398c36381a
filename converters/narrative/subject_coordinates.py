"""Subjects of figures: the coordinates that the words of a clause settle."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from converters.entities.codes import CLASSIFIED
from converters.model.hierarchy import Hierarchy
from converters.narrative.tokens import CODED, UNKNOWN, YEAR, Lexicon, Token
from ontology.narrative_words import FILLER, NOUN, Phrases, Word, bare

BOTH, GRAND, ALL, LEVEL = "both", "grand", "all", "level"
TIMELESS = frozenset({"phase", "year", "period", "organisation"})
RESTATING = TIMELESS | {"flow"}
"""The dimensions by which words can state an amount again without naming it."""
NAMING = ("scope", "function", "economic", "project", "line")
"""The dimensions by which words name what money is for."""
_LINE, _SCOPE = "line", "scope"
_PUBLIC = "code/kind/public"
_JOINT = 1
"""How many characters may stand between words for the two flows."""


@dataclass(frozen=True, slots=True)
class SubjectMeaning:
    """The coordinates that the words of a subject settle, and the measure of a count of what they name.

    `both` is True for revenue and expenditure at once, `grand` for the total of all years and uses, `all` for words
    that mean the whole, not the scope of the heading; `unclear` is the first word without a single meaning.
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
    agrees with the context and with the codes among the words. A word that stays ambiguous, or that excludes a word
    before it, is unclear; the name of a class that has no class of the marked level is not, if a class of a lower level
    follows. The `line` dimension is settled only if `counted`.
    """
    tokens = _with_joined_flows(_without_coded_names(tokens), hierarchy)
    coordinates = _coded(tokens, hierarchy)
    measure: str | None = None
    unclear: Token | None = None
    above: Token | None = None
    for at, token in enumerate(tokens):
        if token.sort == YEAR and token.year is not None:
            coordinates["year"] = str(token.year)
        if token.sort == LEVEL and unclear is None and not _follows_name(tokens, at):
            unclear = token
        if token.word is None or not token.word.meanings:
            continue
        mark = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].sort == LEVEL else None
        meaning = _choose(token.word, mark, {**context, **coordinates}, lexicon, hierarchy)
        if meaning is None and mark is not None:
            above = above or token
            continue
        if meaning is None or not _add(meaning, coordinates, hierarchy, counted):
            unclear = unclear or token
        elif mark is not None:
            above = None
        if token.sort == NOUN:
            measure = token.word.measure
    sorts = {token.sort for token in tokens}
    if BOTH not in sorts and "flow" not in coordinates and "flow" not in context and "fund" in coordinates:
        coordinates |= _flow_of_names(tokens, lexicon)
    return SubjectMeaning(coordinates, measure, BOTH in sorts, GRAND in sorts, ALL in sorts, unclear or above)


def _with_joined_flows(tokens: Sequence[Token], hierarchy: Hierarchy) -> list[Token]:
    """Return the tokens with a word for one flow right behind one for the other as a word for both.

    In 财政拨款收入支出总计, the two are of revenue and expenditure of fiscal appropriation, in total; so they are with
    an enumeration comma or a conjunction between them: 财政拨款收入总计、支出总计.
    """
    joined = list(tokens)
    flows = [token for token in tokens if token.sort != GRAND]
    for before, token in pairwise(flows):
        one, other = _flows_of(before), _flows_of(token)
        if not one or not other or None in one | other or one & other:
            continue
        if before.end != token.start and not _are_totals(before, token, tokens, hierarchy):
            continue
        at, behind = joined.index(before), joined.index(token)
        grand = joined[at + 1 : behind]
        joined[at : behind + 1] = [_without_flow(before), *grand, _without_flow(token)]
        joined.append(replace(token, sort=BOTH, word=None))
        meanings = token.word.meanings if token.word is not None else ()
        if any(d != "flow" and hierarchy.parent(c) is None for m in meanings for d, c in m.items()):
            joined.append(replace(token, sort=GRAND, word=None))
        return joined
    return joined


def _are_totals(before: Token, token: Token, tokens: Sequence[Token], hierarchy: Hierarchy) -> bool:
    """Whether words with no more than a word for a total and a joint between them name totals of their flows.

    What is carried over, and outlay of one kind, are of one flow each: 上年结转收入、结转下年支出, 拨款收入、项目支出.
    """
    between = sum(t.end - t.start for t in tokens if before.end <= t.start and t.end <= token.start)
    words = [t.word for t in (before, token) if t.word is not None]
    parts = (c for word in words for m in word.meanings for d, c in m.items() if d not in ("flow", "fund"))
    near = token.start - before.end - between <= _JOINT
    return near and all(hierarchy.parent(concept) is None for concept in parts)


def _flows_of(token: Token) -> set[str | None]:
    """The flows that the meanings of a word name, None for a meaning without one."""
    return {meaning.get("flow") for meaning in token.word.meanings} if token.word is not None else set()


def _without_flow(token: Token) -> Token:
    if token.word is None:
        return token
    meanings = ({d: c for d, c in meaning.items() if d != "flow"} for meaning in token.word.meanings)
    return replace(token, word=replace(token.word, meanings=tuple(meanings)))


def _flow_of_names(tokens: Sequence[Token], lexicon: Lexicon) -> dict[str, str]:
    """The flow that the ending of the name of a fund tells: 其他收入 is revenue."""
    names = [token.text for token in tokens if token.word is not None and any("fund" in m for m in token.word.meanings)]
    found = {key for name in names for ending, key in lexicon.flow_endings if name.endswith(ending)}
    return {"flow": found.pop()} if len(found) == 1 else {}


def _without_coded_names(tokens: Sequence[Token]) -> list[Token]:
    """Leave out the names beside codes, which say the same: 2210201住房公积金, 住房公积金（2210201）."""
    kept: list[Token] = []
    for token in tokens:
        before = kept[-1] if kept and kept[-1].text[:1].isdigit() else None
        if before is not None and _is_named_by(token, before):
            continue
        if kept and not token.text[:1].isdigit() and _is_named_by(kept[-1], token):
            kept.pop()
        kept.append(token)
    return kept


def _is_named_by(name: Token, code: Token) -> bool:
    """Whether a word can be the name of a class whose code is printed."""
    told = code.word.meanings[0].keys() if code.word is not None and code.word.name == CODED else ()
    return name.word is not None and any(d in m for m in name.word.meanings for d in told)


def _coded(tokens: Sequence[Token], hierarchy: Hierarchy) -> dict[str, str]:
    """The coordinates that the codes among the words settle."""
    coordinates: dict[str, str] = {}
    for token in tokens:
        if token.word is not None and token.word.name == CODED:
            _add(token.word.meanings[0], coordinates, hierarchy, counted=False)
    return coordinates


def join_names(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with fillers before the mark of a level as unknown words: they are the end of a name."""
    following = [*(token.sort for token in tokens[1:]), ""]
    return [
        replace(token, sort=UNKNOWN) if token.sort == FILLER and after == LEVEL else token
        for token, after in zip(tokens, following, strict=True)
    ]


def _follows_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether the mark of a level stands right after a name: in 归口管理（项）, words between them are unknown."""
    before = tokens[at - 1] if at else None
    return before is not None and before.word is not None and bool(before.word.meanings)


def _choose(
    word: Word, mark: Token | None, context: Mapping[str, str], lexicon: Lexicon, hierarchy: Hierarchy
) -> Mapping[str, str] | None:
    meanings = list(word.meanings)
    level = mark.word.level if mark and mark.word else None
    if level is not None:
        meanings = _of_level(meanings, level, lexicon)
    agreeing = [m for m in meanings if all(_comparable(context.get(d), c, hierarchy) for d, c in m.items())]
    narrowing = [m for m in agreeing if any(d in context and _narrows(c, context[d], hierarchy) for d, c in m.items())]
    if not narrowing and _SCOPE in context:
        narrowing = [m for m in meanings if _SCOPE in m and _is_told_beside(m[_SCOPE], context[_SCOPE], hierarchy)]
    candidates = _distinct(narrowing) or _distinct(agreeing) or _distinct(meanings)
    if len(candidates) > 1 and _is_by_item(context, hierarchy):
        candidates = [m for m in candidates if m.keys() == {"economic"}] or candidates
    if len(candidates) > 1 and (chain := _widest(candidates, hierarchy)) is not None:
        return chain
    return candidates[0] if len(candidates) == 1 else None


def _is_by_item(context: Mapping[str, str], hierarchy: Hierarchy) -> bool:
    """Whether the context is outlay divided by economic items: 公用经费 and 商品和服务支出, with their 会议费."""
    return "economic" in context or hierarchy.is_within(context.get("kind", ""), _PUBLIC)


def _of_level(
    meanings: Sequence[Mapping[str, str]], level: re.Pattern[str], lexicon: Lexicon
) -> list[Mapping[str, str]]:
    """The classes of the level that a mark tells; else the only class of the name, if it is of a lower level.

    A class of a higher level is not meant: an unknown item may have the name of its group.
    """
    classes = [(m, next((m[d] for d in CLASSIFIED if d in m), None)) for m in meanings]
    coded = [(m, lexicon.vocabulary.notation(key)) for m, key in classes if key is not None]
    marked = [m for m, code in coded if level.match(code)]
    if marked or len(meanings) != 1 or not coded:
        return marked
    [(meaning, code)] = coded
    lower = any(level.match(code[:length]) for length in range(len(code)))
    return [meaning] if lower else []


def _comparable(settled: str | None, concept: str, hierarchy: Hierarchy) -> bool:
    return settled is None or hierarchy.comparable(settled, concept)


def _is_told_beside(scope: str, settled: str, hierarchy: Hierarchy) -> bool:
    """Whether a scope is beside the one of a heading, both in a wider one: 会议费 under “三公”经费等情况."""
    common = hierarchy.lowest_common_ancestor([scope, settled])
    return common is not None and hierarchy.parent(common) is not None


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


def of_money(coordinates: Mapping[str, str]) -> dict[str, str]:
    """Return coordinates without year, phase, period and organisation."""
    return {d: c for d, c in coordinates.items() if d not in TIMELESS}


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
