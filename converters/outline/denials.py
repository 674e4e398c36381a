"""Denials: what a text says there is none of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from converters.outline.wording import load_wording
from ontology.narrative_words import bare, load_phrases
from ontology.vocabulary import Vocabulary

_CLAUSE_END = re.compile(r"[，,。;；:：]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_YEAR_BETWEEN = r"(?:(?:19|20)\d\d[^\d\W]{0,2})?"
_SHORTEST_OTHER = 3
_FUND = "fund"
_OWN_OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Denial:
    """The fund or scope that a text says there is none of; `within` is the fund that the text limits this to."""

    concept: str
    within: str | None = None


@dataclass(frozen=True, eq=False)
class _Words:
    """The words of a vocabulary for denials, compiled once.

    `none` matches the words that deny before a name, `part` the next name, conjunction or neutral word, `phase` the
    word of a phase; the longest word matches. A clause with one of the words `unless` denies nothing, nor does one
    that ends with a word of `which`. Names of offices end with one of `offices`, and are the own if they are `own`.
    """

    places: dict[str, tuple[str, str]]
    none: re.Pattern[str]
    part: re.Pattern[str]
    conjunctions: frozenset[str]
    unless: tuple[str, ...]
    which: tuple[str, ...]
    phase: re.Pattern[str]
    phases: dict[str, str]
    offices: tuple[str, ...]
    own: tuple[str, ...]


@lru_cache(maxsize=4)
def _load_words(vocabulary: Vocabulary) -> _Words:
    signs = load_phrases(vocabulary).signs
    places = dict(load_wording(vocabulary).places)
    phases = {
        bare(label): meaning.places["phase"]
        for label, meanings in vocabulary.meanings.items()
        for meaning in meanings
        if meaning.places.keys() == {"phase"}
    }
    return _Words(
        places=places,
        none=re.compile(rf"(?:{_any(signs['none'])}){_YEAR_BETWEEN}(?P<of>{_any(places)}).*"),
        part=re.compile(_any([*places, *signs["none-beside"], *signs["none-and"]])),
        conjunctions=frozenset(signs["none-and"]),
        unless=signs["none-unless"],
        which=signs["none-which"],
        phase=re.compile(_any(phases)),
        phases=phases,
        offices=signs["office-ending"],
        own=tuple(label for label, word in load_phrases(vocabulary).words.items() if word.name == _OWN_OFFICE),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def find_denials(
    text: str, vocabulary: Vocabulary, year: int, phase: str, names: Sequence[str] = ()
) -> Iterator[Denial]:
    """Yield what a text says there is none of in a year and a phase, of an office with these names.

    An item that is named with a fund is denied within this fund, and the fund itself is not. Nothing is yielded where
    other words stand behind the name, which may narrow it down, or where the clause speaks of another year or phase,
    sets a condition, or names another item or another office before.

    >>> from ontology.vocabulary import load_vocabulary
    >>> vocabulary = load_vocabulary()
    >>> list(find_denials("本年度没有政府性基金预算财政拨款收入和支出。", vocabulary, 2024, "code/phase/final"))
    [Denial(concept='code/fund/government-fund', within=None)]
    >>> list(find_denials("本年度没有财政拨款结转。", vocabulary, 2024, "code/phase/final"))
    []
    """
    words = _load_words(vocabulary)
    for clause in _CLAUSE_END.split(bare(text)):
        match = words.none.search(clause)
        if match is None or not _is_plain(clause[: match.start()], words):
            continue
        if _is_of_other_office(clause[: match.start()], words, names):
            continue
        denied = _read_names(clause[match.start("of") :], words)
        if denied and _is_own(clause, denied, words, year, phase):
            yield from dict.fromkeys(_deny([words.places[name] for name in denied]))


def _is_plain(before: str, words: _Words) -> bool:
    """Whether the words before a denial name no other item and set no condition."""
    return not any(word in before for word in words.unless) and not any(
        place in before for place in words.places if len(place) >= _SHORTEST_OTHER
    )


def _is_of_other_office(before: str, words: _Words, names: Sequence[str]) -> bool:
    """Whether a denial is that of a unit, whose name stands right before it: 农村供水中心无公务接待费."""
    ends = [max((len(end) for end in known if before.endswith(end)), default=0) for known in (words.offices, words.own)]
    own = any(bare(name).endswith(before) or before.endswith(bare(name)) for name in names if name)
    return ends[0] > ends[1] and not own


def _read_names(text: str, words: _Words) -> list[str]:
    """Return the names that a text consists of, with neutral words between them; none if it has other words.

    Two names of one dimension side by side, without a conjunction, give none either: the first may narrow the second.
    """
    names: list[str] = []
    joined, at = True, 0
    while at < len(text):
        part = words.part.match(text, at)
        if part is None:
            return []
        if part[0] in words.places:
            if not joined and any(words.places[n][0] == words.places[part[0]][0] for n in names):
                return []
            names.append(part[0])
        joined = part[0] in words.conjunctions or (joined and part[0] not in words.places)
        at = part.end()
    return [] if text.endswith(words.which) else names


def _is_own(clause: str, names: Iterable[str], words: _Words, year: int, phase: str) -> bool:
    """Whether a clause names no other year and, outside the names of funds, no other phase."""
    for name in names:
        if words.places[name][0] == _FUND:
            clause = clause.replace(name, "")
    return all(int(named) == year for named in _YEAR.findall(clause)) and all(
        words.phases[word] == phase for word in words.phase.findall(clause)
    )


def _deny(places: list[tuple[str, str]]) -> Iterator[Denial]:
    """Yield the denials of names: funds, or items within the only fund that is named with them."""
    funds = [concept for dimension, concept in places if dimension == _FUND]
    items = [concept for dimension, concept in places if dimension != _FUND]
    if not items:
        yield from map(Denial, funds)
    elif len(funds) <= 1:
        yield from (Denial(item, *funds) for item in items)
