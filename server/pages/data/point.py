"""The pages of a point, of coordinates and of a series: every claim about the same money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Response

from server.errors import NotFoundError
from server.pages.data.observation import Coordinate, coordinates_of, statements
from server.pages.disclosure.findings import find_about, rules_by_id
from server.pages.figures import FigureView, find_figures
from server.pages.page_context import PageContext
from shapes.graph_reader import natural_order

CANVAS, MARGIN, LEAST_WIDTH = Decimal(240), Decimal(10), Decimal(3)


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """A figure's interval drawn: left edge and width of the bar, place of the amount, as numbers of an SVG."""

    x: str
    width: str
    tick: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether the intervals of several claims have an amount in common, and how they lie to one another."""

    agrees: bool
    low: Decimal
    high: Decimal
    spans: dict[str, IntervalBar]
    common: IntervalBar


@dataclass(frozen=True, slots=True)
class SeriesStep:
    """One step of a series: the figure, how many claims say so, and how long its bar is."""

    figure: FigureView
    claims: int
    bar: str


async def point_page(visit: PageContext, iri: str) -> Response:
    """Every claim at a point, in its disclosure and elsewhere; raises NotFoundError."""
    graph = None
    rows = await visit.ask("which_claims_stand_at_a_point", point=iri)
    if not rows:
        versions = await visit.ask("which_version_last_had_a_point", point=iri)
        graph = next((row["version"] for row in versions), None)
        if graph is None:
            raise NotFoundError(iri=iri)
        rows = await visit.ask("which_claims_stand_at_a_point", default_graphs=[graph], point=iri)
    claims = await find_figures(visit, (row["claim"] for row in rows), graph)
    if not claims:
        raise NotFoundError(iri=iri)
    preferred = claims.get(rows[0].get("preferred", "")) or next(iter(claims.values()))
    coordinates = await coordinates_at(visit, preferred)
    elsewhere = await claims_elsewhere(
        visit, {row["coordinates"] for row in rows if "coordinates" in row}, rows[0].get("disclosure")
    )
    series = next((row["series"] for row in rows if row["claim"] == preferred.iri and "series" in row), None)
    runs = runs_of(await claims_of_series(visit, series)) if series else []
    await learn_figures(visit, [*claims.values(), *elsewhere, *(run.figure for run in runs)], coordinates, graph)
    return visit.page(
        "point.html",
        iri=iri,
        preferred=preferred,
        claims=list(claims.values()),
        agreement=agreement_of(claims.values()),
        coordinates=coordinates,
        elsewhere=elsewhere,
        series=series,
        runs=runs,
        superseded=graph,
        findings=await find_about(visit, preferred.version, [iri, *claims]),
        rules=rules_by_id(visit.base),
    )


async def coordinates_page(visit: PageContext, iri: str) -> Response:
    """Every figure with the same coordinates, whatever disclosure prints it; raises NotFoundError."""
    rows = await visit.ask("which_figures_have_coordinates", coordinates=iri)
    return await _claims_page(visit, iri, [row["claim"] for row in rows], "coordinates")


async def series_page(visit: PageContext, iri: str) -> Response:
    """The same line over years and phases; raises NotFoundError."""
    claims = await claims_of_series(visit, iri)
    return await _claims_page(visit, iri, [claim.iri for claim in claims], "series")


async def _claims_page(visit: PageContext, iri: str, claims: Sequence[str], kind: str) -> Response:
    figures = await find_figures(visit, claims)
    if not figures:
        raise NotFoundError(iri=iri)
    first = next(iter(figures.values()))
    coordinates = await coordinates_at(visit, first)
    if kind == "series":
        coordinates = [c for c in coordinates if not c.dimension.endswith(("#year", "#phase"))]
    await learn_figures(visit, figures.values(), coordinates, None)
    runs = runs_of(figures.values())
    return visit.page(
        "claims.html", iri=iri, kind=kind, claims=list(figures.values()), coordinates=coordinates, runs=runs
    )


async def coordinates_at(visit: PageContext, figure: FigureView) -> list[Coordinate]:
    """The coordinates of a figure."""
    rows = await visit.ask("what_does_a_version_say", default_graphs=[figure.version], thing=figure.iri)
    return coordinates_of(statements(rows), visit.base)


async def claims_elsewhere(visit: PageContext, coordinates: Iterable[str], disclosure: str | None) -> list[FigureView]:
    """The figures of other disclosures with the same coordinates."""
    found = sorted(coordinates)
    if not found or disclosure is None:
        return []
    rows = await visit.ask("where_else_do_coordinates_occur", coordinates=found, disclosure=disclosure)
    return list((await find_figures(visit, (row["claim"] for row in rows))).values())


async def claims_of_series(visit: PageContext, series: str) -> list[FigureView]:
    """The figures of a series in current versions."""
    rows = await visit.ask("how_does_a_series_run", series=series)
    return list((await find_figures(visit, (row["claim"] for row in rows))).values())


async def learn_figures(
    visit: PageContext, figures: Iterable[FigureView], coordinates: Iterable[Coordinate], graph: str | None
) -> None:
    """Learn the names that figures and coordinates are shown with."""
    figures = list(figures)
    named = [name for f in figures for name in (f.organisation, f.phase, f.unit, f.measure)]
    named += [name for c in coordinates for name in (c.dimension, c.value)]
    await visit.learn_names(named, f"{graph}/catalogue" if graph else None)


def runs_of(figures: Iterable[FigureView]) -> list[SeriesStep]:
    """The figures by year, phase and version, each amount once, with bars in proportion."""
    runs: dict[tuple[str, str, str, Decimal | None], list[FigureView]] = {}
    for figure in sorted(figures, key=lambda f: (f.year, f.phase, f.precision, natural_order(f.iri))):
        runs.setdefault((figure.year, figure.phase, figure.version, figure.amount), []).append(figure)
    sizes = [abs(same[0].amount or Decimal(0)) for same in runs.values()]
    most = max(sizes, default=Decimal(0)) or Decimal(1)
    return [
        SeriesStep(same[0], len(same), _text(CANVAS * size / most))
        for same, size in zip(runs.values(), sizes, strict=True)
    ]


def agreement_of(claims: Iterable[FigureView]) -> Agreement | None:
    """How the intervals of the claims lie to one another; None where no claim has an amount."""
    bounds = {c.iri: (c.low, c.amount, c.high) for c in claims}
    lows = [low for low, _, _ in bounds.values() if low is not None]
    highs = [high for _, _, high in bounds.values() if high is not None]
    if not lows:
        return None
    start, end = min(lows), max(highs)
    scale = (CANVAS - 2 * MARGIN) / (end - start) if end > start else Decimal(0)
    origin = MARGIN if scale else CANVAS / 2

    def span(low: Decimal, amount: Decimal, high: Decimal) -> IntervalBar:
        width = max((high - low) * scale, LEAST_WIDTH)
        return IntervalBar(
            _text(origin + (low - start) * scale), _text(width), _text(origin + (amount - start) * scale)
        )

    spans = {
        iri: span(low, amount, high)
        for iri, (low, amount, high) in bounds.items()
        if low is not None and amount is not None and high is not None
    }
    low, high = max(lows), min(highs)
    common = span(min(low, high), low, max(low, high))
    return Agreement(low <= high, low, high, spans, common)


def _text(length: Decimal) -> str:
    return f"{length:.1f}"
