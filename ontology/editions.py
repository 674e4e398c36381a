"""Editions of code lists: which codes stood in a list in which years, and whether that list was the whole.

An edition is a `skos:Collection` in Turtle (`code/function/edition/2017`) that names its members. A *complete* one is
an official list that a user imported: a code that is not in it did not exist in those years. A *partial* one is what
we can show evidence for: absence proves nothing. So a code used in a year has one of three standings (`Standing`).

What a rule needs to tell a violation from mere information, `standing_triples` says as triples: for every code that a
version of a disclosure uses, the version has one of the properties `def#listedCode`, `def#missingCode` and
`def#unlistedCode` with the concept as its value. Converting puts them into the version's catalogue graph and not into
its own graph, so that a version stays the same when an edition is imported. A rule over

    ?version :missingCode ?concept

is a violation (a complete edition of that year lacks the code), `:unlistedCode` information (no list of that year has
it, and none is complete). The names a concept goes by, with the years in which they were met, are SKOS-XL labels; a
concept whose `:evidence` is `code/evidence/doubtful` has a name that contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyoxigraph as ox

from ontology.statements import Statements


class Standing(StrEnum):
    """How a code stands to the editions of a year: in one of them, absent from a complete one, or in none known."""

    LISTED = "listed"
    MISSING = "missing"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True)
class Edition:
    """A list of codes for the years `first` to `last`, both included, None where open; `members` are concept keys."""

    key: str
    scheme: str
    first: int | None
    last: int | None
    complete: bool
    members: frozenset[str]

    def covers(self, year: int) -> bool:
        """Whether the edition was in force in `year`."""
        return (self.first or year) <= year <= (self.last or year)


def read_editions(statements: Statements) -> list[Edition]:
    """The editions among the statements, oldest first."""
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
    """Whether an edition of `year` has the concept, or editions both before and after it have."""
    having = [edition for edition in editions if key in edition.members]
    if any(edition.covers(year) for edition in having):
        return True
    before = any(edition.last is not None and edition.last < year for edition in having)
    return before and any(edition.first is not None and edition.first > year for edition in having)


def standing(editions: Iterable[Edition], key: str, year: int) -> Standing:
    """How the concept stands to the editions of a year; a complete edition decides over partial ones."""
    covering = [edition for edition in editions if edition.covers(year)]
    deciding = [edition for edition in covering if edition.complete] or covering
    if any(key in edition.members for edition in deciding):
        return Standing.LISTED
    return Standing.MISSING if any(edition.complete for edition in deciding) else Standing.UNLISTED


def standing_triples(version: str, standings: Sequence[tuple[str, Standing]], base: str) -> Iterator[ox.Triple]:
    """`version` (an IRI) has `listedCode`, `missingCode` or `unlistedCode` for each concept key."""
    for key, found in standings:
        yield ox.Triple(ox.NamedNode(version), ox.NamedNode(f"{base}def#{found}Code"), ox.NamedNode(base + key))
