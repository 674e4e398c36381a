"""Versions as releases before facts published them: each figure an observation with all of its coordinates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pyoxigraph as ox

from converters import Conversion, Observation
from converters.model.iris import Iris, mint_coordinates, mint_point, mint_series
from ontology import DEFAULT_BASE
from ontology.namespaces import QB, RDF, XSD
from server.store.generation_store import VersionGraphs
from server.store.maintenance.verification import recomputed_digest
from server.store.triple_lines import Lines, as_lines, lines_to_triples

A = ox.NamedNode(RDF + "type")
LINE_OF_TEXT = re.compile(rb"<[^<>]+/n/(s\d+\.\d+)/line>")


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{DEFAULT_BASE}def#{name}")


def former_triples(conversion: Conversion) -> Iterator[ox.Triple]:
    """The graph of a conversion in the former model, under the address of the present one."""
    iris, claims = conversion.iris, conversion.content
    facts = {ox.NamedNode(iris.full(fact.key)) for fact in claims.facts}
    figures = {address(iris, o): o for o in claims.observations}
    dimensions = {term(name) for name in conversion.vocabulary.dimensions}
    for triple in conversion.triples:
        of_facts = triple.subject in facts or str(triple.subject).startswith(f"<{iris.full(iris.version_key)}/facts")
        if not of_facts and (triple.subject not in figures or triple.predicate not in dimensions):
            yield from former_triple(triple)
    for node, figure in figures.items():
        for dimension, value in figure.coordinates.items():
            year = ox.Literal(value, datatype=ox.NamedNode(XSD + "gYear"))
            place = year if dimension == "year" else ox.NamedNode(iris.full(value))
            yield ox.Triple(node, term(dimension), place)
    for fact in claims.facts:
        point = ox.NamedNode(iris.full(fact.key))
        yield ox.Triple(point, A, term("Point"))
        yield ox.Triple(point, term("claim"), address(iris, fact.claim))


def unlevelled_triples(conversion: Conversion) -> Iterator[ox.Triple]:
    """The graph of a conversion whose facts have no level but a unit, and whose series departments and units share."""
    iris, unit = conversion.iris, conversion.content.level == "unit"
    shared = {
        ox.NamedNode(iris.full(mint(o.coordinates, unit))): ox.NamedNode(iris.full(mint(o.coordinates)))
        for o in conversion.observations
        for mint in (mint_coordinates, mint_series)
    }
    facts = {ox.NamedNode(iris.full(fact.key)): fact for fact in conversion.facts}
    yuan = ox.NamedNode(iris.full("code/unit/yuan"))
    for triple in conversion.triples:
        if triple.predicate not in (term("level"), term("unit")):
            assert isinstance(triple.subject, ox.NamedNode)
            object = (
                shared.get(triple.object, triple.object) if isinstance(triple.object, ox.NamedNode) else triple.object
            )
            yield ox.Triple(shared.get(triple.subject, triple.subject), triple.predicate, object)
        elif triple.predicate == term("unit") and triple.subject in facts:
            yield triple
    for node, fact in facts.items():
        if fact.coordinates["measure"] == "def#amount":
            yield ox.Triple(node, term("unit"), yuan)


def former_triple(triple: ox.Triple) -> Iterator[ox.Triple]:
    """What the former model said instead of a triple that is about no fact."""
    if triple.object == term("Claim"):
        yield ox.Triple(triple.subject, A, ox.NamedNode(QB + "Observation"))
    elif triple.object == term("PrintedPart"):
        yield ox.Triple(triple.subject, A, ox.NamedNode(QB + "DataSet"))
        yield ox.Triple(triple.subject, ox.NamedNode(QB + "structure"), term("structure"))
    elif triple.predicate == term("printedIn"):
        yield ox.Triple(triple.subject, ox.NamedNode(QB + "dataSet"), triple.object)
    else:
        yield triple
    if triple.predicate == term("series"):
        yield ox.Triple(triple.subject, A, term("Coordinates"))
        yield ox.Triple(triple.object, A, term("Series"))  # type: ignore[arg-type]  # a series is a node


def address(iris: Iris, figure: Observation) -> ox.NamedNode:
    """The address of a figure."""
    return ox.NamedNode(iris.full(iris.observation(figure.table, figure.row, figure.column, figure.ordinal)))


def former_version(conversion: Conversion, made: datetime) -> VersionGraphs:
    """A version in the former model: lines of the text shared by all, units at the address of their department."""
    now, disclosure = conversion.version_iri, conversion.disclosure_iri.removesuffix("/unit")
    kept = f"{disclosure}/v/{now.rpartition('/')[2]}"
    names = {conversion.disclosure_iri: disclosure} | {
        f"{DEFAULT_BASE}{p.key}": DEFAULT_BASE + mint_point(disclosure.removeprefix(DEFAULT_BASE), p.coordinates)
        for p in conversion.content.points
    }

    def renamed(lines: Lines, before: str, after: str) -> Lines:
        text = b"\n".join(lines)
        for name, other in names.items():
            text = text.replace(f"<{name}>".encode(), f"<{other}>".encode())
        text = re.sub(rb"<" + before.encode() + rb"(?=[>/])", f"<{after}".encode(), text)
        return Lines(LINE_OF_TEXT.sub(rb"<" + DEFAULT_BASE.encode() + rb"code/line/\1>", text).split(b"\n"))

    stated = renamed(as_lines(former_triples(conversion)), now, kept)
    version = f"{disclosure}/v/{recomputed_digest(ox.NamedNode(kept), stated, DEFAULT_BASE)}"
    return VersionGraphs(
        disclosure=disclosure,
        version=version,
        year=conversion.content.year,
        triples=tuple(lines_to_triples(renamed(stated, kept, version))),
        catalogue=tuple(lines_to_triples(renamed(as_lines(conversion.catalogue(made)), now, version))),
        findings=(ox.Triple(ox.NamedNode(f"{version}/findings/1"), A, term("Finding")),),
        document_json=b"{}",
    )
