"""Lists of disclosures: filters with counts (facets), sorting, and pages, from the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.search.disclosures import IndexedDisclosure
from server.search.index.index_reader import SearchIndex
from server.search.text_tokens import fold

FACETS = ("division", "year", "phase", "verdict")
VERDICTS = ("violation", "warning", "information", "clean", "unchecked")
CONDITIONS: Mapping[str, str] = {
    "division": "division IN (SELECT division FROM division_within WHERE above = ?)",
    "year": "year = ?",
    "phase": "phase = ?",
    "verdict": "verdict = ?",
    "text": "instr(searched, ?) > 0",
}
SORTED: Mapping[str, str] = {
    "organisation": "organisation_key {0}, organisation, year DESC",
    "year": "year {0}, organisation_key, organisation",
    "phase": "phase {0}, year DESC, organisation_key",
    "title": "title {0}, year DESC",
    "figures": "figures {0}, year DESC, organisation_key",
    "verdict": "violations IS NULL, violations {0}, warnings {0}, information {0}, organisation_key",
}
"""The order of rows for each column that can be sorted; `{0}` is the direction."""
DEFAULT_SORT = "-year"
_COLUMNS = "version, disclosure, title, organisation, year, phase, figures, violations, warnings, information"


@dataclass(frozen=True, slots=True)
class BrowseRequest:
    """Filters (empty for none) and sort order (`-` in front for descending) of a list of disclosures."""

    division: str = ""
    year: str = ""
    phase: str = ""
    verdict: str = ""
    text: str = ""
    sort: str = DEFAULT_SORT

    @property
    def column(self) -> str:
        """The column by which rows are sorted."""
        return self.sort.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether the greatest come first."""
        return self.sort.startswith("-")

    def conditions(self, without: str = "") -> tuple[str, list[str]]:
        """Return the condition in SQL, of all filters but one, and its values."""
        values = {name: getattr(self, name) for name in CONDITIONS if name != without and getattr(self, name)}
        if "text" in values:
            values["text"] = "".join(fold(values["text"]).split())
        return " AND ".join(CONDITIONS[name] for name in values) or "1", list(values.values())


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to filter by: its number of disclosures under the other filters, and its depth in a tree."""

    value: str
    number: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class BrowseAnswer:
    """A page of disclosures, their number on all pages, and the facets."""

    disclosures: tuple[IndexedDisclosure, ...]
    number: int
    facets: Mapping[str, Sequence[FacetValue]]


@dataclass(frozen=True, slots=True)
class IndexTotals:
    """The numbers of disclosures, offices and figures in an index."""

    disclosures: int
    offices: int
    figures: int


def browse(index: SearchIndex, wanted: BrowseRequest, limit: int, offset: int) -> BrowseAnswer:
    """Return a slice of the disclosures that meet a request, with the facets. Raise QueryTimeoutError."""
    with index.open() as database:
        where, values = wanted.conditions()
        [[number]] = database.execute(f"SELECT COUNT(*) FROM disclosure WHERE {where}", values)
        order = SORTED[wanted.column].format("DESC" if wanted.is_descending else "ASC")
        rows = database.execute(
            f"SELECT {_COLUMNS} FROM disclosure WHERE {where} ORDER BY {order}, version LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        facets = {name: _facet(database, wanted, name) for name in FACETS}
        return BrowseAnswer(tuple(map(_to_disclosure, rows)), number, facets)


def disclosures_of(index: SearchIndex, organisation: str, limit: int) -> list[IndexedDisclosure]:
    """Return the disclosures of an organisation, the newest first. Raise QueryTimeoutError."""
    with index.open() as database:
        query = (
            f"SELECT {_COLUMNS} FROM disclosure WHERE organisation = ? ORDER BY year DESC, phase, disclosure LIMIT ?"
        )
        return [_to_disclosure(row) for row in database.execute(query, [organisation, limit])]


def count_everything(index: SearchIndex) -> IndexTotals:
    """Return the totals of an index."""
    with index.open() as database:
        query = "SELECT COUNT(*), COUNT(DISTINCT organisation), COALESCE(SUM(figures), 0) FROM disclosure"
        [row] = database.execute(query)
        return IndexTotals(*row)


def _facet(database: sqlite3.Connection, wanted: BrowseRequest, name: str) -> Sequence[FacetValue]:
    where, values = wanted.conditions(without=name)
    if name == "division":
        return [
            FacetValue(*row)
            for row in database.execute(
                f"""SELECT iri, COUNT(*), depth FROM disclosure
                JOIN division_within USING (division) JOIN division ON iri = above
                WHERE {where} GROUP BY iri ORDER BY place""",
                values,
            )
        ]
    query = f"SELECT {name}, COUNT(*) FROM disclosure WHERE {where} AND {name} <> '' GROUP BY 1 ORDER BY 1"
    found = [FacetValue(*row) for row in database.execute(query, values)]
    if name == "verdict":
        return sorted(found, key=lambda each: VERDICTS.index(each.value))
    return found[::-1] if name == "year" else found


def _to_disclosure(row: tuple[object, ...]) -> IndexedDisclosure:
    version, disclosure, title, organisation, year, phase, figures, *counts = row
    return IndexedDisclosure(
        version=str(version),
        disclosure=str(disclosure),
        title=str(title),
        organisation=str(organisation),
        year=str(year),
        phase=str(phase),
        figures=int(str(figures)),
        counts=None
        if counts[0] is None
        else dict(zip(("violation", "warning", "information"), (int(str(n)) for n in counts), strict=True)),
    )
