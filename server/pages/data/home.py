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

PAGE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A disclosure in a list: its current version, whose, and how it fared (`counts` is None if nobody checked)."""

    version: str
    title: str
    organisation: str
    year: str
    phase: str
    figures: int
    counts: dict[str, int] | None


@dataclass(slots=True)
class Totals:
    """What the whole store holds, counted once for each generation, since counting takes a moment."""

    generation: str = ""
    counts: Row = field(default_factory=dict)


async def home_page(visit: PageContext, totals: Totals) -> Response:
    """What this is, and the disclosures in the store."""
    text = visit.request.query_params.get("q", "").strip()[:LONGEST_SEARCH]
    page = visit.page_number
    rows = await visit.ask(
        "which_disclosures_are_there",
        text=Literal("".join(text.lower().split())),
        limit=PAGE + 1,
        offset=(page - 1) * PAGE,
    )
    if page > 1 and not rows:
        raise NotFoundError(iri=str(visit.request.url))
    disclosures = await list_disclosures(visit, rows[:PAGE])
    return visit.page(
        "home.html",
        text=text,
        disclosures=disclosures,
        number=page,
        has_more=len(rows) > PAGE,
        totals=await count_all(visit, totals),
        examples=load_examples(visit.base),
    )


async def count_all(visit: PageContext, totals: Totals) -> Row:
    """Disclosures, offices and figures in the store; nothing if it is too large to be counted."""
    generation = Generations(visit.settings.store).current().name
    if totals.generation != generation:
        try:
            totals.counts = next(iter(await visit.ask("how_much_is_there")), {})
        except (QueryTimeoutError, QueryTooBigError):
            totals.counts = {}
        totals.generation = generation
    return totals.counts


async def list_disclosures(visit: PageContext, rows: Sequence[Row]) -> list[Listed]:
    """The disclosures of rows of (version, disclosure, title, organisation, year, phase)."""
    if not rows:
        return []
    versions = list(dict.fromkeys(row["version"] for row in rows))
    counted = await visit.ask("how_many_figures_has_each_version", named_graphs=versions)
    figures = {row["version"]: int(row["figures"]) for row in counted if "version" in row}
    reports = await visit.ask("how_many_findings_has_each_version", named_graphs=[f"{v}/findings" for v in versions])
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SEVERITY_ORDER, 0))
    for row in reports:
        if "report" in row:
            counts = found[row["report"].removesuffix("/findings")]
            if row.get("severity") in SEVERITIES:
                counts[SEVERITIES[row["severity"]]] = int(row["findings"])
    await visit.learn_names(iri for row in rows for iri in (row["organisation"], row.get("phase")))
    return [
        Listed(
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
