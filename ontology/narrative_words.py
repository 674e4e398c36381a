"""Words and clause patterns for running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ontology.caching import cached_for_short_texts
from ontology.concepts import Concept
from ontology.statements import Statements
from ontology.text import is_ignored, narrow
from ontology.vocabulary import Vocabulary

WORD, NOUN, FILLER = "word", "noun", "filler"
_KEPT = 4
_SORTED = {"code/keyword": None, "code/separator": None, "code/filler": FILLER, "code/level": "level"}
_LEVELS, _FUNCTIONS, _EXPENDITURE = "code/level", "code/function", "code/flow/expenditure"
_PHRASES, _PATTERNS, _SLOTS, _SIGNS = "code/phrase", "code/frame", "code/slot", "code/sign"


@dataclass(frozen=True, slots=True)
class Word:
    """A word; `sort` is its name in clause patterns, `name` the notation of the concept it labels.

    `meanings` are the coordinates that it may set, `measure` is the measure of a number of such things. `level`, for a
    mark after the name of a class, is the pattern of the codes of that level.
    """

    sort: str
    name: str = ""
    meanings: tuple[Mapping[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    measure: str | None = None
    level: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class PatternDefinition:
    """A clause pattern as declared: its notation, its measure and its slots."""

    name: str
    yields: str | None
    slots: str


@dataclass(frozen=True, eq=False)
class Phrases:
    """Words by label, clause patterns in order, and the properties of units and scopes that running text uses.

    Two are equal if they are the same, so that what is computed from one can be kept.
    """

    words: Mapping[str, Word]
    patterns: tuple[PatternDefinition, ...]
    slots: Mapping[str, str]
    unit_measures: Mapping[str, str]
    indivisible: frozenset[str]
    itemised: frozenset[str]
    signs: Mapping[str, tuple[str, ...]]


@cached_for_short_texts
def bare(text: str) -> str:
    """Return the text in narrow forms without spaces and quotation marks, for comparison."""
    return "".join(map(_bare_character, text))


@cache
def _bare_character(character: str) -> str:
    plain = narrow(character)
    return "" if is_ignored(plain) else plain


@lru_cache(maxsize=_KEPT)
def load_phrases(vocabulary: Vocabulary) -> Phrases:
    """Return the words and clause patterns of a vocabulary, computed once for each vocabulary."""
    statements = vocabulary.statements
    concepts = vocabulary.concepts
    dimensions = {d.scheme: d.name for d in vocabulary.dimensions.values() if d.scheme}
    return Phrases(
        words=_words(statements, vocabulary, dimensions),
        patterns=_patterns(statements, concepts),
        slots={c.notation: statements.one(c.key, "slots") or "" for c in _in_scheme(concepts, _SLOTS)},
        unit_measures={
            c.key: measure for c in _in_scheme(concepts, "code/unit") if (measure := _measure(statements, c))
        },
        indivisible=frozenset(statements.having("indivisible", "true")),
        itemised=frozenset(statements.having("itemised", "true")),
        signs={
            c.notation: tuple(sorted(map(bare, c.labels), key=len, reverse=True)) for c in _in_scheme(concepts, _SIGNS)
        },
    )


def _in_scheme(concepts: Mapping[str, Concept], scheme: str) -> Iterable[Concept]:
    return (concept for concept in concepts.values() if concept.scheme == scheme)


def _measure(statements: Statements, concept: Concept) -> str | None:
    return statements.one(concept.key, "countedBy")


def _patterns(statements: Statements, concepts: Mapping[str, Concept]) -> tuple[PatternDefinition, ...]:
    ordered = sorted(_in_scheme(concepts, _PATTERNS), key=lambda c: int(statements.one(c.key, "ordering") or 0))
    return tuple(
        PatternDefinition(c.notation, statements.one(c.key, "yields"), statements.one(c.key, "slots") or "")
        for c in ordered
    )


def _words(statements: Statements, vocabulary: Vocabulary, dimensions: Mapping[str, str]) -> dict[str, Word]:
    """Return each label as one word; a label in `narrative.ttl` takes precedence over the same label elsewhere."""
    concepts = vocabulary.concepts
    words: dict[str, Word] = {}
    of_tables = frozenset(statements.having("inTablesOnly", "true"))
    for label, known in vocabulary.meanings.items():
        meanings = [m for m in known if m.source not in of_tables]
        placing = [m for m in meanings if m.places]
        measure = next((m for meaning in placing if (m := statements.one(meaning.source, "countedBy"))), None)
        sort = (NOUN if measure else WORD) if placing else FILLER
        sources = tuple(m.source for m in placing)
        if not meanings:
            continue
        words[bare(label)] = Word(sort, "", tuple(m.places for m in placing), sources, measure)
    for concept in concepts.values():
        if concept.scheme in _SORTED:
            level = _level(statements, concept)
            word = Word(_SORTED[concept.scheme] or concept.notation, concept.notation, level=level)
        elif concept.scheme == _PHRASES:
            means = {dimensions[concepts[key].scheme]: key for key in statements.all(concept.key, "means")}
            measure = _measure(statements, concept)
            word = Word(NOUN if measure else WORD, concept.notation, (means,), (concept.key,), measure)
        else:
            continue
        words.update(dict.fromkeys(map(bare, concept.labels), word))
    words.pop("", None)
    return _clipped_names(words, statements, concepts) | words


def _clipped_names(
    words: Mapping[str, Word], statements: Statements, concepts: Mapping[str, Concept]
) -> dict[str, Word]:
    """Return names of functional classes without the word for expenditure, each requiring a following level mark.

    Many disclosures write 教育（类）支出 for 教育支出（类）; without the mark the short name would be an ordinary word.
    """
    endings = [bare(label) for label in concepts[_EXPENDITURE].labels]
    meanings: dict[str, list[str]] = {}
    for level in _in_scheme(concepts, _LEVELS):
        pattern = _level(statements, level)
        for concept in _in_scheme(concepts, _FUNCTIONS) if pattern else ():
            if pattern is not None and pattern.match(concept.notation):
                for name in map(bare, concept.labels):
                    short = next((name.removesuffix(end) for end in endings if name.endswith(end)), "")
                    for mark in map(bare, level.labels) if short else ():
                        meanings.setdefault(short + mark, []).append(concept.key)
    return {
        text: Word(WORD, "", tuple({"function": key} for key in dict.fromkeys(keys)), tuple(dict.fromkeys(keys)))
        for text, keys in meanings.items()
        if text not in words
    }


def _level(statements: Statements, concept: Concept) -> re.Pattern[str] | None:
    """Return the pattern of the codes before a level mark, in any classification."""
    patterns = (statements.one(of_class, "notationPattern") for of_class in statements.all(concept.key, "markedClass"))
    found = [pattern for pattern in patterns if pattern]
    return re.compile("|".join(found)) if found else None
