"""Editions of code lists: the codes valid in a range of years, and whether the list is complete.

An edition is a `skos:Collection` in Turtle (`code/function/edition/2017`) of its member concepts. A *complete* edition
is an official list that a user imported: a code missing from it did not exist in those years. A *partial* edition
contains codes with evidence: absence proves nothing. A code used in a year therefore has one of three standings
(`Standing`).

`standing_triples` states the standing as triples, so that rules can tell violations from information: a version of a
disclosure has one of the properties `def#listedCode`, `def#missingCode` and `def#unlistedCode` for each concept it
uses. The triples are stored in the catalogue graph of the version and not in its own graph, so that a version does not
change when an edition is imported. A rule over

    ?version :missingCode ?concept

is a violation (a complete edition of that year lacks the code), one over `:unlistedCode` information (no edition of
that year lists it, and none is complete). The names of a concept, with the years in which they were found, are SKOS-XL
labels; the name of a concept whose `:evidence` is `code/evidence/doubtful` contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyoxigraph as ox

from ontology.statements import Statements


class Standing(StrEnum):
    """The standing of a code in the editions of a year: listed, missing from a complete edition, or unlisted."""

    LISTED = "listed"
    MISSING = "missing"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True)
class Edition:
    """A list of codes for the years `first` to `last` inclusive, None if open; `members` are concept keys."""

    key: str
    scheme: str
    first: int | None
    last: int | None
    complete: bool
    members: frozenset[str]

    def covers(self, year: int) -> bool:
        """Return whether the edition was in force in `year`."""
        return (self.first or year) <= year <= (self.last or year)


def read_editions(statements: Statements) -> list[Edition]:
    """Return the editions among the statements, oldest first."""
    found = [
        Edition(
            key=key,
            scheme=scheme,
            first=statements.year(key, "validFrom"),
            last=statements.year(key, "validUntil"),
            complete=statements.one(key, "complete") == "true",
            members=frozenset(statements.all(key, "member")),
        )
        for key in statements.having("rdf:type", "def#Edition")
        if (scheme := statements.one(key, "editionOf")) is not None
    ]
    return sorted(found, key=lambda edition: (edition.first or 0, edition.key))


def attested(editions: Iterable[Edition], key: str, year: int) -> bool:
    """Return whether an edition of `year` lists the concept, or editions both before and after it do."""
    having = [edition for edition in editions if key in edition.members]
    if any(edition.covers(year) for edition in having):
        return True
    before = any(edition.last is not None and edition.last < year for edition in having)
    return before and any(edition.first is not None and edition.first > year for edition in having)


def standing(editions: Iterable[Edition], key: str, year: int) -> Standing:
    """Return the standing of a concept in the editions of a year; complete editions take precedence."""
    covering = [edition for edition in editions if edition.covers(year)]
    deciding = [edition for edition in covering if edition.complete] or covering
    if any(key in edition.members for edition in deciding):
        return Standing.LISTED
    return Standing.MISSING if any(edition.complete for edition in deciding) else Standing.UNLISTED


def standing_triples(version: str, standings: Sequence[tuple[str, Standing]], base: str) -> Iterator[ox.Triple]:
    """Yield a triple with `listedCode`, `missingCode` or `unlistedCode` from the IRI `version` to each concept."""
    for key, found in standings:
        yield ox.Triple(ox.NamedNode(version), ox.NamedNode(f"{base}def#{found}Code"), ox.NamedNode(base + key))
