"""Decisions of a user on codes whose names do not show whether they kept their meaning.

A decision is a statement about an edition: it `keepsMeaning` of a concept, whatever the name of its code, or it
`changesMeaning` of a concept, whose code means something else from then on. Decisions stand in any Turtle file beside
the editions, and in the edition itself after its import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from ontology.codelists.code_lists import CodeList
from ontology.codelists.tables import CodeTableError
from ontology.namespaces import DEF, DEFAULT_BASE
from ontology.statements import index_triples, read_turtle

_KEEPS, _CHANGES = "keepsMeaning", "changesMeaning"


@dataclass(frozen=True, slots=True)
class Decisions:
    """Codes with kept meanings and the keys of their concepts, and concepts that their codes no longer denote."""

    kept: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()

    def by_code(self, codes: CodeList) -> dict[str, bool]:
        """Return whether each decided code kept its meaning."""
        return {codes.concepts[key].notation: False for key in self.changed} | dict.fromkeys(self.kept, True)

    def triples(self, edition: str) -> Iterator[ox.Triple]:
        """Return the decisions as triples about an edition (a key)."""
        for predicate, keys in ((_KEEPS, self.kept.values()), (_CHANGES, self.changed)):
            for key in sorted(keys):
                yield ox.Triple(
                    ox.NamedNode(DEFAULT_BASE + edition),
                    ox.NamedNode(DEF + predicate),
                    ox.NamedNode(DEFAULT_BASE + key),
                )


def read_decisions(files: Iterable[Path], edition: str, codes: CodeList) -> Decisions:
    """Return the decisions in files about an edition (a key). Raise CodeTableError if a concept is unknown."""
    statements = index_triples(read_turtle(files))
    kept, changed = (statements.all(edition, predicate) for predicate in (_KEEPS, _CHANGES))
    for key in (*kept, *changed):
        if key not in codes.concepts:
            raise CodeTableError("codes-not-met", code=key)
    return Decisions({codes.concepts[key].notation: key for key in kept}, frozenset(changed))


def decide(before: Decisions, same: Iterable[str], other: Iterable[str], codes: CodeList, year: int) -> Decisions:
    """Return the decisions with those on `same` and `other` codes added, which take precedence.

    Raise CodeTableError for a code that is in both, or has no known meaning in or before the year.
    """
    same, other = frozenset(same), frozenset(other)
    meanings = {code: codes.newest_meaning(code, year) for code in same | other}
    for code, concept in meanings.items():
        if concept is None or code in same & other:
            raise CodeTableError("codes-undecided" if concept else "codes-not-met", code=code)
    keys = {code: concept.key for code, concept in meanings.items() if concept}
    kept = {code: key for code, key in before.kept.items() if code not in other}
    changed = {key for key in before.changed if codes.concepts[key].notation not in same}
    return Decisions(kept | {code: keys[code] for code in same}, frozenset(changed | {keys[code] for code in other}))
