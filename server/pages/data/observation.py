"""The page of an observation: the printed figure, its coordinates, its place, and the figures compared with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Response

from ontology import load_vocabulary
from ontology.namespaces import RDF
from server.errors import NotFoundError
from server.pages.data.resource import StatedValue, values_of
from server.pages.disclosure.findings import findings_about, rules_by_id
from server.pages.figures import FigureView, find_figures
from server.pages.page_context import DisplayName, PageContext, QueryRow
from shapes.graph_reader import natural_order

PLACES = {
    "fileNumber": "file",
    "page": "page",
    "paragraph": "paragraph",
    "tableOfFile": "table",
    "textLine": "line",
    "textField": "field",
    "cellReference": "cell",
}


@dataclass(frozen=True, slots=True)
class Coordinate:
    """A dimension and its value, both IRIs (a year is its digits); `is_total` for the top of the code list."""

    dimension: str
    value: str
    is_total: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """A printed total and its printed parts."""

    iri: str
    is_total: bool
    along: tuple[str, ...]
    total: FigureView
    parts: tuple[FigureView, ...]

    @property
    def anchor(self) -> str:
        """The HTML id on the page of a figure."""
        return self.iri.split("/v/", 1)[-1].split("/", 1)[-1].replace("/", "-")

    @property
    def sum(self) -> Decimal:
        """The sum of the parts."""
        return sum((part.amount for part in self.parts if part.amount is not None), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """The printed total minus the sum."""
        return (self.total.amount or Decimal(0)) - self.sum

    @property
    def outcome(self) -> str:
        """The outcome of the comparison: exact, tolerated, rounding or apart (decision 2)."""
        precisions = [figure.precision for figure in (self.total, *self.parts)]
        distance = abs(self.difference)
        if distance == 0:
            return "exact"
        if distance <= sum(precisions):
            return "tolerated"
        return "rounding" if distance <= 2 * max(precisions) else "apart"


async def part_page(context: PageContext, version: str, iri: str) -> Response:
    """Return the page of a figure, record or sentence of a version. Raise NotFoundError if there is none."""
    graphs = (version, f"{version}/catalogue")  # the lines of figures in the text are described in the catalogue
    rows = [
        row
        for graph in graphs
        for row in await context.select("what_does_a_version_say", default_graphs=[graph], thing=iri)
    ]
    if not rows:
        raise NotFoundError(iri=iri)
    values = values_by_property(rows)
    if context.base + "def#Claim" in values.get(RDF + "type", ()):
        return await observation_page(context, version, iri, values)
    return await record_page(context, version, iri, rows)


async def record_page(context: PageContext, version: str, iri: str, statements: Sequence[QueryRow]) -> Response:
    """Return the page of a record, cell or sentence of a version, with its parts."""
    rows = await context.select("what_belongs_to_a_record", default_graphs=[version], record=iri)
    parts = list(dict.fromkeys(row["part"] for row in rows))
    values = values_of(statements)
    linked = [v.text for same in values.values() for v in same if v.is_iri]
    within = {row["part"]: row for row in rows}
    shown = [value for row in rows for value in (row["type"], row.get("attribute"), row.get("value"))]
    await context.load_names([*linked, *values, *shown], f"{version}/catalogue")
    narrative = f"{version}/n"
    context.labels[narrative] = DisplayName(
        narrative, context.message("narrative"), context.language, None, context.href(narrative)
    )
    catalogued = await context.select("what_is_known_of_a_version", version=version, catalogue=f"{version}/catalogue")
    return context.page(
        "record.html",
        iri=iri,
        version=version,
        catalogued=catalogued[0] if catalogued else {},
        types=record_classes(values.get(RDF + "type", ()), context.base),
        properties={p: values[p] for p in sorted(values, key=lambda p: context.name(p).text) if p != RDF + "type"},
        parts_of_it=[within[part] for part in sorted(parts, key=natural_order)],
    )


def record_classes(types: Iterable[StatedValue], base: str) -> list[str]:
    """Return the classes of a resource; the general class Record only if there is no other."""
    classes = [value.text for value in types]
    return [iri for iri in classes if iri != f"{base}def#Record"] or classes


async def fact_values(context: PageContext, version: str, figure: FigureView) -> Mapping[str, Sequence[str]]:
    """Return the values of the fact of a figure by property, none for a figure without a fact."""
    if figure.point is None:
        return {}
    return values_by_property(
        await context.select("what_does_a_version_say", default_graphs=[version], thing=figure.point)
    )


async def observation_page(
    context: PageContext, version: str, iri: str, values: Mapping[str, Sequence[str]]
) -> Response:
    """Return the page of an observation; `values` are its values by property."""
    sums = await context.select("which_sums_hold_a_figure", default_graphs=[version], figure=iri)
    bounds = await context.select("which_figures_bound_a_figure", default_graphs=[version], figure=iri)
    wholes = [row["whole"] for row in bounds if "whole" in row]
    parts = [row["part"] for row in bounds if "part" in row]
    own = context.base + "def#"
    members = [row["member"] for row in sums if row["role"] != own + "along"]
    figures = await find_figures(context, [iri, *members, *wholes, *parts], version)
    if iri not in figures:
        raise NotFoundError(iri=iri)
    figure = figures[iri]
    findings = await findings_about(context, version, [iri, *([figure.point] if figure.point else [])])
    coordinates = coordinates_of({**await fact_values(context, version, figure), **values}, context.base)
    catalogued = await context.select("what_is_known_of_a_version", version=version, catalogue=f"{version}/catalogue")
    named = [name for c in coordinates for name in (c.dimension, c.value)]
    additions = additions_of(sums, figures, iri, own)
    along = [dimension for addition in additions for dimension in addition.along]
    await context.load_names([*named, *along, figure.unit, figure.measure], f"{version}/catalogue")
    titles = await context.select("what_are_these_called", default_graphs=[version], things=figure.table)
    return context.page(
        "observation.html",
        figure=figure,
        title=next((row["label"] for row in titles), ""),
        catalogued=catalogued[0] if catalogued else {},
        version=version,
        coordinates=coordinates,
        published_at=file_address(catalogued, values, own),
        places=[(key, values[own + name][0]) for name, key in PLACES.items() if own + name in values],
        additions=additions,
        wholes=[figures[whole] for whole in wholes if whole in figures],
        parts_within=[figures[part] for part in sorted(parts, key=natural_order) if part in figures],
        findings=findings,
        rules=rules_by_id(context.base),
    )


def file_address(catalogued: Sequence[QueryRow], values: Mapping[str, Sequence[str]], own: str) -> str | None:
    """Return the address of the government's file at the page of a figure, None if it was not stated.

    `catalogued` are rows of what is known of the version, `values` those of the figure, `own` begins our terms.
    """
    [number] = values.get(own + "fileNumber", ["1"])[:1]
    source = next((row["source"] for row in catalogued if "source" in row and row.get("number", "1") == number), None)
    page = next(iter(values.get(own + "page", ())), None)
    return source if source is None or page is None or "#" in source else f"{source}#page={page}"


def values_by_property(rows: Iterable[QueryRow]) -> dict[str, list[str]]:
    """Return the values by property, from rows of (property, value)."""
    values: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        values[row["property"]].append(row["value"])
    return dict(values)


def coordinates_of(values: Mapping[str, Sequence[str]], base: str) -> list[Coordinate]:
    """Return the coordinates of a figure from its values by property, in the order of the dimensions.

    A dimension of which nothing is stated is at its total.
    """
    return [
        Coordinate(f"{base}def#{name}", value, value == f"{base}{dimension.top}")
        for name, dimension in load_vocabulary(base).dimensions.items()
        for value in (values.get(f"{base}def#{name}") or ([f"{base}{dimension.top}"] if dimension.top else []))[:1]
    ]


def additions_of(rows: Iterable[QueryRow], figures: Mapping[str, FigureView], iri: str, own: str) -> list[Addition]:
    """Return the sums that contain the figure, those in which it is the total first."""
    sums: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        sums[row["sum"]][row["role"].removeprefix(own)].append(row["member"])
    additions = []
    for node, members in sums.items():
        total = next((figures[member] for member in members["total"] if member in figures), None)
        parts = tuple(figures[part] for part in sorted(members["part"], key=natural_order) if part in figures)
        if total is not None and parts:
            additions.append(Addition(node, total.iri == iri, tuple(sorted(members["along"])), total, parts))
    return sorted(additions, key=lambda addition: (not addition.is_total, natural_order(addition.iri)))
