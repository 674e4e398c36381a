"""The pages of codes, code lists, projects, files, terms, and of whatever else has an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastapi import Response

from ontology.namespaces import DCT, ORG, RDF, RDFS, SKOS
from server.errors import NotFoundError
from server.linked_data.descriptions import describe_thing
from server.pages.figures import FigureView, find_figures
from server.pages.page_context import PageContext, Row
from shapes.graph_reader import natural_order
from shapes.rules import load_families, load_rules

FIGURES_PAGE = 50
MOST_CONCEPTS = 700
HIERARCHY = {SKOS + name for name in ("broader", "narrower", "hasTopConcept", "topConceptOf", "inScheme")}
SHOWN_ELSEWHERE = HIERARCHY | {
    RDF + "type",
    SKOS + "prefLabel",
    SKOS + "notation",
    SKOS + "definition",
    SKOS + "hiddenLabel",
    RDFS + "isDefinedBy",
    RDFS + "label",
    DCT + "title",
    ORG + "subOrganizationOf",
}


@dataclass(frozen=True, slots=True)
class StatedValue:
    """Something said of a thing: an IRI, or words with their language."""

    text: str
    is_iri: bool
    language: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept in the tree of its code list."""

    iri: str
    depth: int


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A class or property in the list of terms."""

    iri: str
    label: str
    definition: str
    group: str
    code_list: str | None
    range: str | None


async def thing_page(visit: PageContext, iri: str) -> Response:
    """What is known of a thing, and the figures that name it; raises NotFoundError."""
    said = values_of(await visit.ask("what_is_said_of_a_thing", thing=iri))
    if not said:
        raise NotFoundError(iri=iri)
    above = [row["above"] for row in await visit.ask("what_stands_above_a_thing", thing=iri)]
    below = [row["below"] for row in await visit.ask("what_stands_below_a_thing", thing=iri)]
    figures, has_more = await figures_at(visit, iri)
    others = {p: v for p, v in said.items() if p not in SHOWN_ELSEWHERE}
    linked = [v.text for values in said.values() for v in values if v.is_iri]
    await visit.learn_names([iri, *above, *below, *linked, *others])
    return visit.page(
        "thing.html",
        iri=iri,
        said=said,
        above=list(reversed(above)),
        below=below,
        others=others,
        figures=figures,
        has_more=has_more,
        number=visit.page_number,
        schemes=[v.text for v in said.get(SKOS + "inScheme", ())],
        definitions=in_language(said.get(SKOS + "definition", ()), visit.language),
    )


async def scheme_page(visit: PageContext, iri: str) -> Response:
    """A code list with its concepts as a tree, or its top concepts only if there are very many."""
    said = values_of(await visit.ask("what_is_said_of_a_thing", thing=iri))
    if not said:
        raise NotFoundError(iri=iri)
    rows = await visit.ask("which_concepts_has_a_scheme", scheme=iri, limit=MOST_CONCEPTS + 1)
    is_whole = len(rows) <= MOST_CONCEPTS
    if not is_whole:
        rows = await visit.ask("which_concepts_head_a_scheme", scheme=iri, limit=MOST_CONCEPTS)
    tree = tree_of(rows)
    await visit.learn_names([iri, *(branch.iri for branch in tree)])
    return visit.page(
        "scheme.html",
        iri=iri,
        tree=tree,
        is_whole=is_whole,
        definitions=in_language(said.get(SKOS + "definition", ()), visit.language),
        notes=in_language(said.get(SKOS + "note", ()), visit.language),
    )


async def file_page(visit: PageContext, iri: str) -> Response:
    """A source file, by its digest, and the versions that were made from it."""
    rows = await visit.ask("which_versions_came_from_a_file", file=iri)
    if not rows:
        raise NotFoundError(iri=iri)
    await visit.learn_names(row["disclosure"] for row in rows)
    return visit.page("file.html", iri=iri, digest=iri.rsplit("/", 1)[-1], rows=rows)


async def terms_page(visit: PageContext) -> Response:
    """All classes and properties, and the code lists."""
    rows = await visit.ask("which_terms_are_there")
    entries: dict[str, TermEntry] = {}
    order: dict[str, tuple[int, str]] = {}
    for row in rows:
        if row["term"] in entries and row.get("language") != visit.language:
            continue
        group = "class" if row["isClass"] == "true" else "dimension" if row["isDimension"] == "true" else "property"
        entries[row["term"]] = TermEntry(
            row["term"], row["label"], row.get("definition", ""), group, row.get("codeList"), row.get("range")
        )
        order[row["term"]] = int(row.get("order", 0)), row["term"]
    groups: dict[str, list[TermEntry]] = {"class": [], "dimension": [], "property": []}
    for entry in sorted(entries.values(), key=lambda entry: order[entry.iri]):
        groups[entry.group].append(entry)
    schemes = [row["scheme"] for row in await visit.ask("which_code_lists_are_there")]
    linked = [iri for entry in entries.values() for iri in (entry.code_list, entry.range)]
    await visit.learn_names([*linked, *schemes])
    return visit.page("terms.html", groups=groups, schemes=schemes)


async def rules_page(visit: PageContext) -> Response:
    """All rules by family, each with what it asks and on what ground."""
    rules = load_rules(visit.base)
    return visit.page("rules.html", families=load_families(visit.base), rules=rules)


async def figures_at(visit: PageContext, iri: str) -> tuple[list[FigureView], bool]:
    """One page of the figures that name a thing as a coordinate, and whether there are more.

    Raises NotFoundError for a page that the description in RDF has not either.
    """
    offset = (visit.page_number - 1) * FIGURES_PAGE
    rows = await visit.ask("which_figures_carry_a_code", thing=iri, limit=FIGURES_PAGE + 1, offset=offset)
    if offset and not rows:
        await describe_thing(visit.evaluator, visit.base, iri, visit.page_number)
    found = await find_figures(visit, [row["figure"] for row in rows[:FIGURES_PAGE]])
    figures = sorted(found.values(), key=lambda f: ([-int(f.year or 0)], natural_order(f.iri)))
    await visit.learn_names(name for f in figures for name in (f.organisation, f.phase, f.unit, f.measure))
    return figures, len(rows) > FIGURES_PAGE


def values_of(rows: Iterable[Row]) -> Mapping[str, list[StatedValue]]:
    """Values by property, from rows of (property, value, language); a literal is one that has a language, even none."""
    said: dict[str, list[StatedValue]] = defaultdict(list)
    for row in rows:
        said[row["property"]].append(StatedValue(row["value"], "language" not in row, row.get("language", "")))
    return dict(said)


def in_language(values: Iterable[StatedValue], language: str) -> list[StatedValue]:
    """The values in a language, those in any if there are none."""
    values = list(values)
    return [value for value in values if value.language == language] or values


def tree_of(rows: Iterable[Row]) -> list[Branch]:
    """The concepts of rows of (concept, above) depth first; what stands under none of them is at the top."""
    rows = list({row["concept"]: row for row in rows}.values())
    there = {row["concept"] for row in rows}
    children: dict[str | None, list[str]] = defaultdict(list)
    for row in rows:
        above = row.get("above")
        children[above if above in there and above != row["concept"] else None].append(row["concept"])
    tree: list[Branch] = []
    pending = [Branch(iri, 0) for iri in reversed(children[None])]
    while pending:
        branch = pending.pop()
        tree.append(branch)
        pending += [Branch(iri, branch.depth + 1) for iri in reversed(children[branch.iri])]
    return tree


def is_scheme(iri: str, base: str) -> bool:
    """Whether the address is that of a code list: `code/fund`."""
    return iri.startswith(base + "code/") and "/" not in iri.removeprefix(base + "code/")
