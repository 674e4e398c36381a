"""The page of any resource without a page of its own kind (codes, projects ...), and of source files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from fastapi import Response

from ontology.namespaces import DCT, ORG, RDF, RDFS, SKOS, SKOSXL
from server.errors import NotFoundError
from server.linked_data.descriptions import describe_thing
from server.pages.figures import FigureView, find_figures, money, to_decimal
from server.pages.page_context import PageContext, QueryRow
from shapes.graph_reader import natural_order

FIGURES_PAGE_SIZE = 50
HIERARCHY = {SKOS + name for name in ("broader", "narrower", "hasTopConcept", "topConceptOf", "inScheme")}
SHOWN_ELSEWHERE = HIERARCHY | {
    RDF + "type",
    SKOS + "prefLabel",
    SKOS + "notation",
    SKOS + "definition",
    SKOS + "hiddenLabel",
    SKOSXL + "prefLabel",
    SKOSXL + "altLabel",
    RDFS + "isDefinedBy",
    RDFS + "label",
    DCT + "title",
    ORG + "subOrganizationOf",
}


@dataclass(frozen=True, slots=True)
class StatedValue:
    """The object of a statement: an IRI, or text with its language."""

    text: str
    is_iri: bool
    language: str


async def resource_page(
    context: PageContext,
    iri: str,
    template: str = "resource.html",
    further: Mapping[str, object] | None = None,
    shown: Set[str] = frozenset(),
    amounts: Set[str] = frozenset(),
) -> Response:
    """Return the page of a resource: properties, place in the hierarchy, figures that refer to it.

    `template` extends that of resources and shows the `further` values, and by them the properties `shown`; the
    properties `amounts` are in yuan. Raise NotFoundError if nothing is known.
    """
    values = values_of(await context.select("what_is_said_of_a_thing", thing=iri))
    if not values:
        raise NotFoundError(iri=iri)
    above = [row["above"] for row in await context.select("what_stands_above_a_thing", thing=iri)]
    below = [row["below"] for row in await context.select("what_stands_below_a_thing", thing=iri)]
    figures, has_more = await figures_at(context, iri)
    others = {p: v for p, v in sorted(values.items()) if p not in SHOWN_ELSEWHERE and p not in shown}
    yuan = context.message("unit-yuan")
    others |= {p: [amount_in_yuan(value, yuan) for value in others[p]] for p in amounts & others.keys()}
    linked = [v.text for objects in values.values() for v in objects if v.is_iri]
    await context.load_names([iri, *above, *below, *linked, *others])
    return context.page(
        template,
        further=further or {},
        iri=iri,
        values=values,
        above=list(reversed(above)),
        below=below,
        others=others,
        figures=figures,
        has_more=has_more,
        number=context.page_number,
        schemes=[v.text for v in values.get(SKOS + "inScheme", ())],
        definitions=in_language(values.get(SKOS + "definition", ()), context.language),
    )


async def file_page(context: PageContext, iri: str) -> Response:
    """Return the page of a source file with the versions converted from it. Raise NotFoundError."""
    rows = await context.select("which_versions_came_from_a_file", file=iri)
    if not rows:
        raise NotFoundError(iri=iri)
    await context.load_names(row["disclosure"] for row in rows)
    return context.page("file.html", iri=iri, digest=iri.rsplit("/", 1)[-1], rows=rows)


async def figures_at(context: PageContext, iri: str) -> tuple[list[FigureView], bool]:
    """Return one page of the figures that have a resource as a coordinate, and whether there are more.

    Raise NotFoundError for a page number that the RDF description of the resource does not have either.
    """
    offset = (context.page_number - 1) * FIGURES_PAGE_SIZE
    rows = await context.select("which_figures_carry_a_code", thing=iri, limit=FIGURES_PAGE_SIZE + 1, offset=offset)
    if offset and not rows:
        await describe_thing(context.evaluator, context.base, iri, context.page_number)
    found = await find_figures(context, [row["figure"] for row in rows[:FIGURES_PAGE_SIZE]])
    figures = sorted(found.values(), key=lambda f: ([-int(f.year or 0)], natural_order(f.iri)))
    await context.load_names(name for f in figures for name in (f.organisation, f.phase, f.unit, f.measure))
    return figures, len(rows) > FIGURES_PAGE_SIZE


def values_of(rows: Iterable[QueryRow]) -> Mapping[str, list[StatedValue]]:
    """Return the values by property, from rows of (property, value, language); IRIs have no language."""
    values: dict[str, list[StatedValue]] = defaultdict(list)
    for row in rows:
        values[row["property"]].append(StatedValue(row["value"], "language" not in row, row.get("language", "")))
    return dict(values)


def amount_in_yuan(value: StatedValue, unit: str) -> StatedValue:
    """Return an amount as pages write it, with its unit; a value that is no amount stays as it is."""
    amount = to_decimal(value.text)
    return value if amount is None else StatedValue(f"{money(amount)} {unit}", False, "")


def in_language(values: Iterable[StatedValue], language: str) -> list[StatedValue]:
    """Return the values in a language, or all values if there are none."""
    values = list(values)
    return [value for value in values if value.language == language] or values
