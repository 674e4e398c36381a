"""The page of an observation: a printed figure, its coordinates, its place, and the figures that it must agree with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Response

from ontology import load_vocabulary
from ontology.namespaces import QB, RDF
from server.errors import NotFoundError
from server.pages.data.things import StatedValue, values_of
from server.pages.disclosure.findings import find_about, rules_by_id
from server.pages.figures import FigureView, find_figures
from server.pages.page_context import DisplayName, PageContext, Row
from shapes.graph_reader import natural_order

PLACES = {"fileNumber": "file", "page": "page", "textLine": "line", "textField": "field", "cellReference": "cell"}


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One of the fifteen: the dimension and its value, both IRIs (a year is its digits)."""

    dimension: str
    value: str
    is_total: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """A printed total beside the sum of its printed parts."""

    iri: str
    is_total: bool
    along: tuple[str, ...]
    total: FigureView
    parts: tuple[FigureView, ...]

    @property
    def anchor(self) -> str:
        """Where it stands on the page of a figure."""
        return self.iri.split("/v/", 1)[-1].split("/", 1)[-1].replace("/", "-")

    @property
    def sum(self) -> Decimal:
        """What the parts add up to."""
        return sum((part.amount for part in self.parts if part.amount is not None), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """The printed total less the sum."""
        return (self.total.amount or Decimal(0)) - self.sum

    @property
    def outcome(self) -> str:
        """Exact, within what rounding explains (tolerated), within twice that of one figure (rounding), or apart."""
        precisions = [figure.precision for figure in (self.total, *self.parts)]
        distance = abs(self.difference)
        if distance == 0:
            return "exact"
        if distance <= sum(precisions):
            return "tolerated"
        return "rounding" if distance <= 2 * max(precisions) else "apart"


async def part_page(visit: PageContext, version: str, iri: str) -> Response:
    """The page of a figure of a version, or of a record, sentence or whatever else is in it; raises NotFoundError."""
    said = await visit.ask("what_does_a_version_say", default_graphs=[version], thing=iri)
    if not said:
        raise NotFoundError(iri=iri)
    claimed = statements(said)
    if QB + "Observation" in claimed.get(RDF + "type", ()):
        return await observation_page(visit, version, iri, claimed)
    return await record_page(visit, version, iri, said)


async def record_page(visit: PageContext, version: str, iri: str, said: Sequence[Row]) -> Response:
    """What a version says of one of its records, cells or sentences, and of what belongs to it."""
    rows = await visit.ask("what_belongs_to_a_record", default_graphs=[version], record=iri)
    parts = list(dict.fromkeys(row["part"] for row in rows))
    values = values_of(said)
    linked = [v.text for same in values.values() for v in same if v.is_iri]
    within = {row["part"]: row for row in rows}
    shown = [value for row in rows for value in (row["type"], row.get("attribute"), row.get("value"))]
    await visit.learn_names([*linked, *values, *shown], f"{version}/catalogue")
    narrative = f"{version}/n"
    visit.labels[narrative] = DisplayName(
        narrative, visit.word("narrative"), visit.language, None, visit.href(narrative)
    )
    known = await visit.ask("what_is_known_of_a_version", version=version, catalogue=f"{version}/catalogue")
    return visit.page(
        "record.html",
        iri=iri,
        version=version,
        known=known[0] if known else {},
        types=kinds_of(values.get(RDF + "type", ()), visit.base),
        said={p: values[p] for p in sorted(values, key=lambda p: visit.name(p).text) if p != RDF + "type"},
        parts_of_it=[within[part] for part in sorted(parts, key=natural_order)],
    )


def kinds_of(types: Iterable[StatedValue], base: str) -> list[str]:
    """The classes of a thing; a record is called by its kind alone."""
    classes = [value.text for value in types]
    return [iri for iri in classes if iri != f"{base}def#Record"] or classes


async def observation_page(
    visit: PageContext, version: str, iri: str, claimed: Mapping[str, Sequence[str]]
) -> Response:
    """The page of an observation, about which its version states what is `claimed`."""
    sums = await visit.ask("which_sums_hold_a_figure", default_graphs=[version], figure=iri)
    bounds = await visit.ask("which_figures_bound_a_figure", default_graphs=[version], figure=iri)
    wholes = [row["whole"] for row in bounds if "whole" in row]
    parts = [row["part"] for row in bounds if "part" in row]
    own = visit.base + "def#"
    members = [row["member"] for row in sums if row["role"] != own + "along"]
    figures = await find_figures(visit, [iri, *members, *wholes, *parts], version)
    if iri not in figures:
        raise NotFoundError(iri=iri)
    figure = figures[iri]
    findings = await find_about(visit, version, [iri, *([figure.point] if figure.point else [])])
    coordinates = coordinates_of(claimed, visit.base)
    known = await visit.ask("what_is_known_of_a_version", version=version, catalogue=f"{version}/catalogue")
    named = [name for c in coordinates for name in (c.dimension, c.value)]
    additions = additions_of(sums, figures, iri, own)
    along = [dimension for addition in additions for dimension in addition.along]
    await visit.learn_names([*named, *along, figure.unit, figure.measure], f"{version}/catalogue")
    titles = await visit.ask("what_are_these_called", default_graphs=[version], things=figure.table)
    return visit.page(
        "observation.html",
        figure=figure,
        title=next((row["label"] for row in titles), ""),
        known=known[0] if known else {},
        version=version,
        coordinates=coordinates,
        places=[(key, claimed[own + name][0]) for name, key in PLACES.items() if own + name in claimed],
        additions=additions,
        wholes=[figures[whole] for whole in wholes if whole in figures],
        parts_within=[figures[part] for part in sorted(parts, key=natural_order) if part in figures],
        findings=findings,
        rules=rules_by_id(visit.base),
    )


def statements(rows: Iterable[Row]) -> dict[str, list[str]]:
    """Values by property, from rows of (property, value)."""
    values: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        values[row["property"]].append(row["value"])
    return dict(values)


def coordinates_of(claimed: Mapping[str, Sequence[str]], base: str) -> list[Coordinate]:
    """The coordinates that a figure's statements give, in the order of the dimensions."""
    return [
        Coordinate(f"{base}def#{name}", value, value == f"{base}{dimension.top}")
        for name, dimension in load_vocabulary(base).dimensions.items()
        for value in claimed.get(f"{base}def#{name}", ())[:1]
    ]


def additions_of(rows: Iterable[Row], figures: Mapping[str, FigureView], iri: str, own: str) -> list[Addition]:
    """The sums that hold the figure, those of which it is the total first."""
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
