"""Lists of disclosures with their verdicts: the home page, and the disclosures of an organisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import Response
from pyoxigraph import Literal

from ontology.example_queries import load_examples
from server.errors import NotFoundError, QueryTimeoutError, QueryTooBigError
from server.pages.disclosure.findings import SEVERITY_ORDER
from server.pages.page_context import PageContext, Row
from server.store.generations import Generations
from shapes.rules import SEVERITIES

PAGE_SIZE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class DisclosureEntry:
    """A disclosure in a list; `counts` are findings by severity, None if it was not checked."""

    version: str
    title: str
    organisation: str
    year: str
    phase: str
    figures: int
    counts: dict[str, int] | None


@dataclass(slots=True)
class StoreTotals:
    """Counts over the whole store, cached for one generation."""

    generation: str = ""
    counts: Row = field(default_factory=dict)


async def home_page(context: PageContext, totals: StoreTotals) -> Response:
    """Return the home page: counts, the list of disclosures, and the examples."""
    text = context.request.query_params.get("q", "").strip()[:LONGEST_SEARCH]
    page = context.page_number
    rows = await context.select(
        "which_disclosures_are_there",
        text=Literal("".join(text.lower().split())),
        limit=PAGE_SIZE + 1,
        offset=(page - 1) * PAGE_SIZE,
    )
    if page > 1 and not rows:
        raise NotFoundError(iri=str(context.request.url))
    disclosures = await list_disclosures(context, rows[:PAGE_SIZE])
    return context.page(
        "home.html",
        text=text,
        disclosures=disclosures,
        number=page,
        has_more=len(rows) > PAGE_SIZE,
        totals=await count_all(context, totals),
        examples=load_examples(context.base),
    )


async def count_all(context: PageContext, totals: StoreTotals) -> Row:
    """Count disclosures, organisations and figures; empty if the query exceeds its limits."""
    generation = Generations(context.settings.store).current().name
    if totals.generation != generation:
        try:
            totals.counts = next(iter(await context.select("how_much_is_there")), {})
        except (QueryTimeoutError, QueryTooBigError):
            totals.counts = {}
        totals.generation = generation
    return totals.counts


async def list_disclosures(context: PageContext, rows: Sequence[Row]) -> list[DisclosureEntry]:
    """Return the entries for rows of (version, disclosure, title, organisation, year, phase)."""
    if not rows:
        return []
    versions = list(dict.fromkeys(row["version"] for row in rows))
    counted = await context.select("how_many_figures_has_each_version", named_graphs=versions)
    figures = {row["version"]: int(row["figures"]) for row in counted if "version" in row}
    reports = [f"{version}/findings" for version in versions]
    rated = await context.select("how_many_findings_has_each_version", named_graphs=reports)
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SEVERITY_ORDER, 0))
    for row in rated:
        if "report" in row:
            counts = found[row["report"].removesuffix("/findings")]
            if row.get("severity") in SEVERITIES:
                counts[SEVERITIES[row["severity"]]] = int(row["findings"])
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
