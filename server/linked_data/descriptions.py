"""Descriptions of resources in RDF: pages of the statements with the resource as subject or object, with labels.

A description takes a few kilobytes even for a class with a million figures: the statements about the class, and one
page of the figures. Pages follow the order of the indexes of the store, so that paging needs no sorting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import FOAF, RDF
from server.errors import NotFoundError
from server.execution.evaluator import Evaluator, select
from server.linked_data.labels import RULES, labelled, labels_of, texts_of
from server.sparql.query_templates import fill_query, nodes

HYDRA = "http://www.w3.org/ns/hydra/core#"
SAID_PAGE, NAMING_PAGE = 500, 50
VERSION = re.compile(r"(?P<version>.+/id/(?:disclosure|notice)/.+/v/[0-9a-f]{16})(?:/.*)?")
FILES, POINTS = "id/file/", "id/point/"
OF_A_VERSION = ("", "/catalogue", "/findings")

_Terms = dict[str, NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class Description:
    """One page of the statements about a resource, and whether another page follows."""

    triples: tuple[Triple, ...]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Source:
    """The graphs with the statements about a resource: the default graph, or the graphs of a version."""

    evaluator: Evaluator
    base: str
    graphs: tuple[NamedNode, ...]

    async def rows(self, question: str, version_query: str, **slots: object) -> list[_Terms]:
        """Return the rows of `question` on the default graph, or of `version_query` on the graphs of a version."""
        own = {"graphs": self.graphs} if self.graphs else {}
        query = fill_query(version_query if self.graphs else question, **own, **slots)
        return await select(self.evaluator, query, self.base)


async def describe_thing(evaluator: Evaluator, base: str, iri: str, page: int) -> Description:
    """Return a page (from 1) of the statements about the IRI of a resource. Raise NotFoundError if there are none."""
    thing = NamedNode(iri)
    source = _Source(evaluator, base, await graphs_about(evaluator, base, iri))
    said, naming = await _statements(source, thing, page)
    if not said and not naming and iri.startswith(base + POINTS):
        source = _Source(evaluator, base, await graphs_of_last_version(evaluator, base, iri))
        said, naming = await _statements(source, thing, page)
    if not said and not naming:
        raise NotFoundError(iri=iri)
    has_more = len(said) > SAID_PAGE or len(naming) > NAMING_PAGE
    triples = [_triple(thing, row["property"], row["value"]) for row in said[:SAID_PAGE]]
    triples += [_triple(row["subject"], row["property"], thing) for row in naming[:NAMING_PAGE]]
    others = nodes(row["subject"].value for row in naming[:NAMING_PAGE])
    if others:
        listed = await source.rows(
            "what_stands_in_a_list_of_things", "what_stands_in_a_list_of_parts_of_a_version", things=others
        )
        triples += [_triple(row["thing"], row["property"], row["value"]) for row in listed]
    triples += await labels_of(evaluator, base, triples, source.graphs)
    return Description(tuple(dict.fromkeys(triples)), page, has_more)


async def _statements(source: _Source, thing: NamedNode, page: int) -> tuple[list[_Terms], list[_Terms]]:
    """Return one page of the statements with a resource as subject, and one of those with the resource as object."""
    said = await source.rows(
        "which_statements_does_a_thing_have",
        "which_statements_does_a_part_of_a_version_have",
        thing=thing,
        **_window(page, SAID_PAGE),
    )
    naming = await source.rows(
        "which_statements_name_a_thing",
        "which_statements_name_a_part_of_a_version",
        thing=thing,
        **_window(page, NAMING_PAGE),
    )
    return said, naming


async def graphs_about(evaluator: Evaluator, base: str, iri: str) -> tuple[NamedNode, ...]:
    """Return the graphs with the statements about a resource; none if they are in the default graph.

    These are the graphs of its version, the catalogues that list a source file, or the graph of the rules. A file may
    be the source of superseded versions only, which are not in the default graph.
    """
    if match := VERSION.fullmatch(iri):
        return graphs_of(match["version"])
    if iri.startswith(f"{base}{RULES}/"):
        return (NamedNode(base + RULES),)
    if not iri.startswith(base + FILES):
        return ()
    rows = await select(evaluator, fill_query("which_versions_came_from_a_file", file=NamedNode(iri)), base)
    return tuple(NamedNode(f"{row['version'].value}/catalogue") for row in rows)


async def graphs_of_last_version(evaluator: Evaluator, base: str, point: str) -> tuple[NamedNode, ...]:
    """Return the graphs of the newest version that has figures at a point; none if no version has."""
    rows = await select(evaluator, fill_query("which_version_last_had_a_point", point=NamedNode(point)), base)
    return graphs_of(rows[0]["version"].value) if rows else ()


async def has_part(evaluator: Evaluator, base: str, version: str, iri: str) -> bool:
    """Return whether a version has statements about a resource."""
    source = _Source(evaluator, base, graphs_of(version))
    question = "which_statements_does_a_part_of_a_version_have"
    return bool(await source.rows(question, question, thing=NamedNode(iri), limit=1, offset=0))


def graphs_of(version: str) -> tuple[NamedNode, ...]:
    """Return the graphs of a version."""
    return tuple(NamedNode(version + graph) for graph in OF_A_VERSION)


def view_of(description: Description, iri: str, address: str) -> list[Triple]:
    """Return the links between the pages of a description in Hydra; none for a single page.

    `address` is the address of the description without parameters.
    """
    links = page_links(description)
    if not links:
        return []
    view, collection = NamedNode(f"{address}?page={description.page}"), NamedNode(address)
    labels = [
        label
        for number in {description.page, *links.values()}
        for label in labelled(f"{address}?page={number}", "label-page", number=number)
    ]
    if address != iri and (of := texts_of(description.triples).get(iri)):
        labels += labelled(address, "label-description", of)
    return [
        *labels,
        Triple(collection, NamedNode(RDF + "type"), NamedNode(HYDRA + "Collection")),
        Triple(collection, NamedNode(FOAF + "primaryTopic"), NamedNode(iri)),
        Triple(collection, NamedNode(HYDRA + "view"), view),
        Triple(view, NamedNode(RDF + "type"), NamedNode(HYDRA + "PartialCollectionView")),
        *(
            Triple(view, NamedNode(f"{HYDRA}{relation}"), NamedNode(f"{address}?page={number}"))
            for relation, number in links.items()
        ),
    ]


def page_links(description: Description) -> dict[str, int]:
    """Return the numbers of the pages `first`, `previous` and `next`, as far as they exist."""
    links = {"first": 1, "previous": description.page - 1} if description.page > 1 else {}
    return {**links, "next": description.page + 1} if description.has_more else links


def _window(page: int, size: int) -> dict[str, int]:
    return {"limit": size + 1, "offset": (page - 1) * size}


def _triple(subject: NamedNode | Literal, predicate: NamedNode | Literal, value: NamedNode | Literal) -> Triple:
    assert isinstance(subject, NamedNode)
    assert isinstance(predicate, NamedNode)
    return Triple(subject, predicate, value)
