"""Comparison of code lists: differences, and whether a code kept its meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ontology.codelists.code_lists import CodeList
from ontology.codelists.decisions import Decisions
from ontology.codelists.editions import attested
from ontology.concepts import Concept
from ontology.text import clean_label

_GENERIC = 50
_UNDECIDED: Mapping[str, bool] = {}


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences of a list of codes from an earlier one.

    `added` and `ended` map codes to names, `renamed` and `reused` map codes to (old name, new name): a renamed code
    keeps its meaning, a reused code does not. `moved` maps names to (old code, new code).
    """

    added: Mapping[str, str]
    ended: Mapping[str, str]
    renamed: Mapping[str, tuple[str, str]]
    reused: Mapping[str, tuple[str, str]]
    moved: Mapping[str, tuple[str, str]]

    def to_json(self) -> dict[str, dict[str, object]]:
        """Return the changes as JSON data; pairs are lists of old and new."""
        return {
            "added": dict(self.added),
            "ended": dict(self.ended),
            "renamed": {code: list(names) for code, names in self.renamed.items()},
            "reused": {code: list(names) for code, names in self.reused.items()},
            "moved": {name: list(codes) for name, codes in self.moved.items()},
        }


def compare_lists(
    before: Mapping[str, Sequence[str]],
    now: Mapping[str, str],
    common: frozenset[str] = frozenset(),
    same: Mapping[str, bool] = _UNDECIDED,
) -> Changes:
    """Return the changes from `before` (code to its names, the current one first) to `now` (code to name).

    A changed name that shares a word with a former name, apart from `common` words, is a new name of the same meaning,
    unless `same` decides otherwise for the code. A name that disappears from one code and appears at only one other has
    moved with its meaning.
    """
    gone = {code: names[0] for code, names in before.items() if code not in now}
    new = {code: name for code, name in now.items() if code not in before}
    changed = [
        code
        for code, name in now.items()
        if code in before and (clean_label(name) not in map(clean_label, before[code]) or not same.get(code, True))
    ]
    akin = {
        code for code in changed if same.get(code, any(share_a_word(old, now[code], common) for old in before[code]))
    }
    pairs = {code: (before[code][0], now[code]) for code in changed}
    return Changes(
        added=new,
        ended=gone,
        renamed={code: names for code, names in pairs.items() if code in akin},
        reused={code: names for code, names in pairs.items() if code not in akin},
        moved=dict(_moves(gone, new)),
    )


def _moves(gone: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    left, come = (_by_name(codes) for codes in (gone, new))
    for name, codes in left.items():
        if len(codes) == 1 and len(come.get(name, ())) == 1:
            yield gone[codes[0]], (codes[0], come[name][0])


def _by_name(codes: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, name in codes.items():
        found.setdefault(clean_label(name), []).append(code)
    return found


def share_a_word(one: str, other: str, common: frozenset[str] = frozenset()) -> bool:
    """Return whether two names share two adjacent characters, the shortest Chinese word.

    Words in `common` do not count (see `generic_words`).
    """
    return bool((_words(one) & _words(other)) - common)


def generic_words(names: Iterable[str]) -> frozenset[str]:
    """Return the words in more than one of fifty names of a list (支出, 管理, 其他)."""
    listed = [_words(name) for name in names]
    counts = Counter(word for words in listed for word in words)
    return frozenset(word for word, times in counts.items() if _GENERIC * times > max(len(listed), _GENERIC))


def _words(name: str) -> set[str]:
    return {a + b for a, b in pairwise(clean_label(name)) if a.isalpha() and b.isalpha()}


def in_force(codes: CodeList, year: int) -> dict[str, Concept]:
    """Return the concepts in the editions of `year` by code; every concept if the list has no editions."""
    return {
        concept.notation: concept
        for concept in codes.concepts.values()
        if concept.labels
        and concept.may_hold_in(year)
        and (not codes.editions or attested(codes.editions, concept.key, year))
    }


def same_meaning(
    codes: CodeList, code: str, name: str, year: int, common: frozenset[str], decisions: Decisions
) -> Concept | None:
    """Return the concept that a code with this name denotes in an imported edition; None for a new meaning.

    The order of precedence: `decisions`, a concept with that name, the newest concept of the code that may hold in
    `year` and shares a word with the name.
    """
    if code in decisions.kept:
        return codes.concepts.get(decisions.kept[code])
    meanings = [c for c in codes.by_notation.get(code, ()) if c.may_hold_in(year) and c.key not in decisions.changed]
    named = [c for c in meanings if clean_label(name) in map(clean_label, c.labels)]
    akin = [c for c in meanings if any(share_a_word(label, name, common) for label in c.labels)]
    return max(named or akin, key=codes.last_listed, default=None)
