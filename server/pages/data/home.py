"""Lists of disclosures with their verdicts: the home page, and the disclosures of an organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from fastapi import Response
from pyoxigraph import Literal

from ontology.example_queries import load_examples
from server.errors import NotFoundError, TooManyRowsError
from server.pages.page_context import PageContext, QueryRow
from server.search.browsing import (
    DEFAULT_SORT,
    FACETS,
    SORTED,
    VERDICTS,
    BrowseAnswer,
    BrowseRequest,
    FacetValue,
    IndexTotals,
    browse,
    count_everything,
    disclosures_of,
)
from server.search.disclosures import IndexedDisclosure, count_by_severity
from server.search.index.index_files import get_indexes
from server.search.index.index_reader import SearchIndex

PAGE_SIZE = 50
_OF_A_LIST = (*FACETS, "q", "sort")
LONGEST_SEARCH = 100
MOST_OF_AN_OFFICE = 200
MOST_LISTED = 20_000
_DIGITS_OF_A_YEAR = 4
"""The disclosures of a list as a file."""


@dataclass(frozen=True, slots=True)
class DisclosureEntry:
    """A disclosure in a list; `counts` are findings by severity, None if it was not checked."""

    version: str
    title: str
    organisation: str
    year: str
    phase: str
    figures: int
    counts: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class DisclosureList:
    """A page of disclosures; number and facets are known where they come from the index."""

    disclosures: list[DisclosureEntry]
    has_more: bool
    number: int | None = None
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    totals: IndexTotals | None = None


async def home_page(context: PageContext) -> Response:
    """Return the home page: counts, the list of disclosures with its filters, and the examples.

    Until the disclosures of the current generation are indexed, which takes a moment after a publication, the list has
    no facets, and is filtered by text only.
    """
    wanted, page = read_browse_request(context), context.page_number
    indexes = get_indexes(context.request)
    index = indexes.of_current_disclosures()
    if index is not None:
        listed = await browse_index(context, index, wanted)
    else:
        listed = await browse_store(context, wanted)
    if page > 1 and not listed.disclosures:
        raise NotFoundError(iri=str(context.request.url))
    return context.page(
        "home.html",
        wanted=wanted,
        listed=listed,
        number=page,
        given=urlencode([(name, value) for name, value in context.request.query_params.items() if name in _OF_A_LIST]),
        is_filtered=any(getattr(wanted, name) for name in (*FACETS, "text")),
        examples=load_examples(context.base),
        columns=SORTED,
        reverse=reverse_sort,
    )


def read_browse_request(context: PageContext) -> BrowseRequest:
    """Return what the list is filtered and sorted by. Raise NotFoundError for an unknown verdict or column, or no year.

    Divisions and phases are given by their codes: `division=420107`, `phase=budget`.
    """
    given = context.request.query_params
    wanted = BrowseRequest(
        division=_iri(context, "division", given.get("division", "")),
        year=given.get("year", "")[:LONGEST_SEARCH],
        phase=_iri(context, "phase", given.get("phase", "")),
        verdict=given.get("verdict", ""),
        text=given.get("q", "").strip()[:LONGEST_SEARCH],
        sort=given.get("sort", DEFAULT_SORT),
    )
    dated = wanted.year == "" or (wanted.year.isdecimal() and len(wanted.year) == _DIGITS_OF_A_YEAR)
    if wanted.column not in SORTED or wanted.verdict not in ("", *VERDICTS) or not dated:
        raise NotFoundError(iri=str(context.request.url))
    return wanted


def reverse_sort(wanted: BrowseRequest, column: str) -> str:
    """Return the order that a click on the head of a column asks for: numbers and years begin with the greatest."""
    greatest_first = column in ("year", "figures", "verdict")
    descending = not wanted.is_descending if wanted.column == column else greatest_first
    return f"-{column}" if descending else column


async def browse_index(context: PageContext, index: SearchIndex, wanted: BrowseRequest) -> DisclosureList:
    """Return a page of the list from the index."""
    offset = (context.page_number - 1) * PAGE_SIZE

    def ask(opened: SearchIndex) -> tuple[BrowseAnswer, IndexTotals]:
        return browse(opened, wanted, PAGE_SIZE, offset), count_everything(opened)

    client = context.request.state.account
    answer, totals = await get_indexes(context.request).ask_index(index, client, ask)
    entries = [entry_of(disclosure) for disclosure in answer.disclosures]
    values = [each.value for name in ("division", "phase") for each in answer.facets[name]]
    shown = [iri for entry in entries for iri in (entry.organisation, entry.phase)]
    await context.load_made()
    await context.load_names([*shown, *values])
    has_more = offset + PAGE_SIZE < answer.number
    return DisclosureList(entries, has_more, answer.number, answer.facets, totals)


async def list_whole(context: PageContext, wanted: BrowseRequest) -> list[DisclosureEntry]:
    """Return all disclosures of a list. Raise TooManyRowsError for more than go into a file."""
    indexes = get_indexes(context.request)
    index = indexes.of_current_disclosures()
    if index is None:
        listed = await browse_store(context, wanted, MOST_LISTED)
        if listed.has_more:
            raise TooManyRowsError(limit=MOST_LISTED)
        return listed.disclosures
    found = await indexes.ask_index(
        index, context.request.state.account, lambda opened: browse(opened, wanted, MOST_LISTED + 1, 0)
    )
    if len(found.disclosures) > MOST_LISTED:
        raise TooManyRowsError(limit=MOST_LISTED)
    return [entry_of(disclosure) for disclosure in found.disclosures]


async def browse_store(context: PageContext, wanted: BrowseRequest, size: int = PAGE_SIZE) -> DisclosureList:
    """Return a page of the list from the store."""
    rows = await context.select(
        "which_disclosures_are_there",
        text=Literal("".join(wanted.text.lower().split())),
        limit=size + 1,
        offset=(context.page_number - 1) * size,
    )
    return DisclosureList(await list_disclosures(context, rows[:size]), len(rows) > size)


def entry_of(disclosure: IndexedDisclosure) -> DisclosureEntry:
    """Return the entry of a list for a disclosure in the index."""
    return DisclosureEntry(
        version=disclosure.version,
        title=disclosure.title,
        organisation=disclosure.organisation,
        year=disclosure.year,
        phase=disclosure.phase,
        figures=disclosure.figures,
        counts=disclosure.counts,
    )


def _iri(context: PageContext, scheme: str, notation: str) -> str:
    return f"{context.base}code/{scheme}/{notation}" if notation else ""


async def list_of_office(context: PageContext, organisation: str) -> list[DisclosureEntry]:
    """Return the disclosures of an organisation, the newest first: from the index, else from the store."""
    indexes = get_indexes(context.request)
    index = indexes.of_current_disclosures()
    if index is None:
        rows = await context.select("which_disclosures_does_an_office_have", organisation=organisation)
        return await list_disclosures(context, rows)
    found = await indexes.ask_index(
        index, context.request.state.account, lambda opened: disclosures_of(opened, organisation, MOST_OF_AN_OFFICE)
    )
    entries = [entry_of(disclosure) for disclosure in found]
    await context.load_made()
    await context.load_names(iri for entry in entries for iri in (entry.organisation, entry.phase))
    return entries


async def list_disclosures(context: PageContext, rows: Sequence[QueryRow]) -> list[DisclosureEntry]:
    """Return the entries for rows of (version, disclosure, title, organisation, year, phase)."""
    if not rows:
        return []
    versions = list(dict.fromkeys(row["version"] for row in rows))
    counted = await context.select("how_many_figures_does_each_version_have", named_graphs=versions)
    figures = {row["version"]: int(row["figures"]) for row in counted if "version" in row}
    reports = [f"{version}/findings" for version in versions]
    rated = await context.select("how_many_findings_does_each_version_have", named_graphs=reports)
    found = count_by_severity(rated)
    await context.load_made()
    await context.load_names(iri for row in rows for iri in (row["organisation"], row.get("phase")))
    return [
        DisclosureEntry(
            version=row["version"],
            title=row.get("title", ""),
            organisation=row["organisation"],
            year=row.get("year", ""),
            phase=row.get("phase", ""),
            figures=figures.get(row["version"], 0),
            counts=found.get(row["version"]),
        )
        for row in {row["version"]: row for row in rows}.values()
    ]
