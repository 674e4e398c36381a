"""The pages of a point, of coordinates and of a series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Response

from server.errors import NotFoundError
from server.pages.data.observation import Coordinate, coordinates_of, fact_values, values_by_property
from server.pages.disclosure.findings import findings_about, rules_by_id
from server.pages.figures import FigureView, find_figures
from server.pages.page_context import PageContext, QueryRow
from shapes.graph_reader import natural_order

CANVAS, MARGIN, LEAST_WIDTH = Decimal(240), Decimal(10), Decimal(3)


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """The interval of a figure in SVG units: left edge and width of the bar, position of the amount."""

    x: str
    width: str
    tick: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The comparison of the intervals of several claims: the common interval, if any, and a bar for each claim."""

    agrees: bool
    low: Decimal
    high: Decimal
    bars: dict[str, IntervalBar]
    common: IntervalBar


@dataclass(frozen=True, slots=True)
class SeriesStep:
    """A step of a series: the figure, the number of claims of that amount, and the length of the bar."""

    figure: FigureView
    claims: int
    bar: str


@dataclass(frozen=True)
class PointClaims:
    """The claims at a point with the rows about them; `graph` is the superseded version that last had the point."""

    rows: list[QueryRow]
    claims: dict[str, FigureView]
    graph: str | None


async def claims_at_point(context: PageContext, iri: str) -> PointClaims:
    """Return the claims at a point, of the current version or of the last that had it. Raise NotFoundError."""
    graph = None
    rows = await context.select("which_claims_stand_at_a_point", point=iri)
    if not rows:
        versions = await context.select("which_version_last_had_a_point", point=iri)
        graph = next((row["version"] for row in versions), None)
        if graph is None:
            raise NotFoundError(iri=iri)
        rows = await context.select("which_claims_stand_at_a_point", default_graphs=[graph], point=iri)
    claims = await find_figures(context, (row["claim"] for row in rows), graph)
    if not claims:
        raise NotFoundError(iri=iri)
    return PointClaims(rows, claims, graph)


async def point_page(context: PageContext, iri: str) -> Response:
    """Return the page of the claims at a point, in its disclosure and in others. Raise NotFoundError."""
    found = await claims_at_point(context, iri)
    rows, claims, graph = found.rows, found.claims, found.graph
    preferred = claims.get(rows[0].get("preferred", "")) or next(iter(claims.values()))
    coordinates = await coordinates_at(context, preferred)
    elsewhere = await claims_elsewhere(
        context, {row["coordinates"] for row in rows if "coordinates" in row}, rows[0].get("disclosure")
    )
    series = next((row["series"] for row in rows if row["claim"] == preferred.iri and "series" in row), None)
    steps = series_steps_of(await claims_of_series(context, series)) if series else []
    await load_figure_names(
        context, [*claims.values(), *elsewhere, *(step.figure for step in steps)], coordinates, graph
    )
    return context.page(
        "point.html",
        iri=iri,
        preferred=preferred,
        claims=list(claims.values()),
        agreement=agreement_of(claims.values()),
        coordinates=coordinates,
        elsewhere=elsewhere,
        series=series,
        steps=steps,
        superseded=graph,
        findings=await findings_about(context, preferred.version, [iri, *claims]),
        rules=rules_by_id(context.base),
    )


async def coordinates_page(context: PageContext, iri: str) -> Response:
    """Return the page of the figures with the same coordinates in all disclosures. Raise NotFoundError."""
    rows = await context.select("which_figures_have_coordinates", coordinates=iri)
    return await _claims_page(context, iri, [row["claim"] for row in rows], "coordinates")


async def series_page(context: PageContext, iri: str) -> Response:
    """Return the page of a series over years and phases. Raise NotFoundError."""
    claims = await claims_of_series(context, iri)
    return await _claims_page(context, iri, [claim.iri for claim in claims], "series")


async def _claims_page(context: PageContext, iri: str, claims: Sequence[str], kind: str) -> Response:
    figures = await find_figures(context, claims)
    if not figures:
        raise NotFoundError(iri=iri)
    first = next(iter(figures.values()))
    coordinates = await coordinates_at(context, first)
    if kind == "series":
        coordinates = [c for c in coordinates if not c.dimension.endswith(("#year", "#phase"))]
    await load_figure_names(context, figures.values(), coordinates, None)
    steps = series_steps_of(figures.values())
    return context.page(
        "claims.html", iri=iri, kind=kind, claims=list(figures.values()), coordinates=coordinates, steps=steps
    )


async def coordinates_at(context: PageContext, figure: FigureView) -> list[Coordinate]:
    """Load the coordinates of a figure: those of its fact, and where they differ, its own."""
    rows = await context.select("what_does_a_version_say", default_graphs=[figure.version], thing=figure.iri)
    values = {**await fact_values(context, figure.version, figure), **values_by_property(rows)}
    return coordinates_of(values, context.base)


async def claims_elsewhere(
    context: PageContext, coordinates: Iterable[str], disclosure: str | None
) -> list[FigureView]:
    """Return the figures of other disclosures with the same coordinates."""
    found = sorted(coordinates)
    if not found or disclosure is None:
        return []
    rows = await context.select("where_else_do_coordinates_occur", coordinates=found, disclosure=disclosure)
    return list((await find_figures(context, (row["claim"] for row in rows))).values())


async def claims_of_series(context: PageContext, series: str) -> list[FigureView]:
    """Return the figures of a series in current versions."""
    rows = await context.select("how_does_a_series_run", series=series)
    return list((await find_figures(context, (row["claim"] for row in rows))).values())


async def load_figure_names(
    context: PageContext, figures: Iterable[FigureView], coordinates: Iterable[Coordinate], graph: str | None
) -> None:
    """Load the labels that figures and coordinates are shown with."""
    figures = list(figures)
    named = [name for f in figures for name in (f.organisation, f.phase, f.unit, f.measure)]
    named += [name for c in coordinates for name in (c.dimension, c.value)]
    await context.load_names(named, f"{graph}/catalogue" if graph else None)


def series_steps_of(figures: Iterable[FigureView]) -> list[SeriesStep]:
    """Return the steps by year, phase and version, each amount once, with bar lengths in proportion."""
    steps: dict[tuple[str, str, str, Decimal | None], list[FigureView]] = {}
    for figure in sorted(figures, key=lambda f: (f.year, f.phase, f.precision, natural_order(f.iri))):
        steps.setdefault((figure.year, figure.phase, figure.version, figure.amount), []).append(figure)
    sizes = [abs(same[0].amount or Decimal(0)) for same in steps.values()]
    most = max(sizes, default=Decimal(0)) or Decimal(1)
    return [
        SeriesStep(same[0], len(same), _text(CANVAS * size / most))
        for same, size in zip(steps.values(), sizes, strict=True)
    ]


def agreement_of(claims: Iterable[FigureView]) -> Agreement | None:
    """Compare the intervals of claims; None if no claim has an amount."""
    bounds = {c.iri: (c.low, c.amount, c.high) for c in claims}
    lows = [low for low, _, _ in bounds.values() if low is not None]
    highs = [high for _, _, high in bounds.values() if high is not None]
    if not lows:
        return None
    start, end = min(lows), max(highs)
    scale = (CANVAS - 2 * MARGIN) / (end - start) if end > start else Decimal(0)
    origin = MARGIN if scale else CANVAS / 2

    def bar(low: Decimal, amount: Decimal, high: Decimal) -> IntervalBar:
        width = max((high - low) * scale, LEAST_WIDTH)
        return IntervalBar(
            _text(origin + (low - start) * scale), _text(width), _text(origin + (amount - start) * scale)
        )

    bars = {
        iri: bar(low, amount, high)
        for iri, (low, amount, high) in bounds.items()
        if low is not None and amount is not None and high is not None
    }
    low, high = max(lows), min(highs)
    common = bar(min(low, high), low, max(low, high))
    return Agreement(low <= high, low, high, bars, common)


def _text(length: Decimal) -> str:
    return f"{length:.1f}"
