"""Graphs of the model before facts: each printed figure was an observation with all of its coordinates.

Facts are found in such a graph from its claims and points alone; the document is not read again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import pyoxigraph as ox

from converters.cube.facts import Fact, find_facts
from converters.cube.points import Point
from converters.entities.organisations import UNIT
from converters.model.document_context import DocumentContext, open_context
from converters.model.iris import NARRATIVE, Iris, mint_coordinates, mint_point, mint_series
from converters.model.observation import Observation
from converters.rdf.facts import coordinate_term, fact_triples
from ontology.locators import Locator
from ontology.namespaces import ORG, QB, RDF, SKOS
from ontology.vocabulary import Vocabulary

_A = ox.NamedNode(RDF + "type")
_OBSERVATION, _DATA_SET = QB + "Observation", QB + "DataSet"
_CELL = re.compile(r"(?P<table>[^/]+)/r(?P<row>\d+)c(?P<column>\d+)(?:\.(?P<ordinal>\d+))?")
_FIGURE_OF_TEXT = re.compile(rf"(?P<table>{NARRATIVE})/s(?P<row>\d+)\.(?P<ordinal>\d+)(?:-(?P<column>\d+))?")
_CLIMBING = ("fund", "vintage", "kind")
_UNTYPED = frozenset(("Coordinates", "Series", "Point"))


class FormerModelError(ValueError):
    """A graph that is not of the former model, although it is said to be."""


@dataclass(frozen=True, slots=True)
class ConvertedGraph:
    """A graph in the present model; `moved` maps keys in it to those that replace them in all graphs of the version."""

    triples: tuple[ox.Triple, ...]
    moved: Mapping[str, str]


def to_facts(
    triples: Sequence[ox.Triple],
    catalogue: Iterable[ox.Triple],
    iris: Iris,
    vocabulary: Vocabulary,
    level: str,
    disclosure: str,
) -> ConvertedGraph:
    """Convert the graph of a version from the former model; claims keep their addresses.

    `catalogue` tells which organisations and projects lie within which. `iris` are those of the graph as it stands.
    `level` is that of the disclosure, `disclosure` the key that it has in the present model; points move with it.
    Coordinates and series of a unit become its own.
    Raise FormerModelError if a claim, a point or the disclosure is not described as it used to be.
    """
    graph = _FormerGraph(triples, catalogue, iris, vocabulary)
    points = list(graph.points())
    moved = {p.key: mint_point(disclosure, p.coordinates) for p in points if disclosure != iris.disclosure}
    if level == UNIT:
        moved |= keys_of_unit(claim.coordinates for claim in graph.claims.values())
    return ConvertedGraph(tuple(dict.fromkeys(graph.converted(points, level))), moved)


def keys_of_unit(claims: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the keys of coordinates and series of a unit by those that units once shared with their departments."""
    return {
        mint(coordinates): mint(coordinates, unit=True)
        for coordinates in claims
        for mint in (mint_coordinates, mint_series)
    }


class _FormerGraph:
    def __init__(
        self, triples: Sequence[ox.Triple], catalogue: Iterable[ox.Triple], iris: Iris, vocabulary: Vocabulary
    ) -> None:
        self.triples, self.iris, self.vocabulary = triples, iris, vocabulary
        self.context = _context(catalogue, iris, vocabulary)
        self.tops = {name: dimension.top for name, dimension in vocabulary.dimensions.items()}
        self.of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self.of[_text(triple.subject)][triple.predicate.value].append(_text(triple.object))
        self.claims = {s: self._claim(s) for s, said in self.of.items() if _OBSERVATION in said[_A.value]}

    def node(self, key: str) -> ox.NamedNode:
        return ox.NamedNode(self.iris.full(key))

    def one(self, subject: str, name: str) -> str:
        values = self.of[subject][self.iris.full(f"def#{name}")]
        if len(values) != 1:
            raise FormerModelError(f"{subject} has {len(values)} values of {name}")
        return values[0]

    def _claim(self, subject: str) -> Observation:
        path = subject.removeprefix(self.iris.full(self.iris.version_key) + "/")
        match = _CELL.fullmatch(path) or _FIGURE_OF_TEXT.fullmatch(path)
        if match is None:
            raise FormerModelError(f"{subject} is the address of no figure")
        coordinates = {d: self.one(subject, d).removeprefix(self.iris.base) for d in self.vocabulary.dimensions}
        amounts = self.of[subject][self.iris.full(coordinates["measure"])]
        return Observation(
            table=match["table"],
            row=int(match["row"]),
            column=int(match["column"] or 1),
            ordinal=int(match["ordinal"] or 1),
            coordinates=coordinates,
            amount=Decimal(amounts[0]) if amounts else None,
            precision=Decimal(self.one(subject, "precision")),
            printed=self.one(subject, "printed"),
            unit=self.one(subject, "printedUnit").removeprefix(self.iris.base),
            row_code=None,
            row_label="",
            column_label="",
            locator=Locator(),
        )

    def points(self) -> Iterator[Point]:
        groups: dict[str, list[Observation]] = defaultdict(list)
        for subject in sorted(self.claims):
            for point in self.of[subject][self.iris.full("def#point")]:
                groups[point.removeprefix(self.iris.base)].append(self.claims[subject])
        for key, claims in groups.items():
            preferred = self.claims[self.one(self.iris.full(key), "claim")]
            yield Point(key, self._effective(key, claims), tuple(claims), preferred)

    def _effective(self, key: str, claims: Sequence[Observation]) -> Mapping[str, str]:
        """The effective coordinates of a point: those of a claim, or of wholes of it, that the address is made of."""
        for claim in claims:
            lines = [self.context.hierarchy.line(claim.coordinates[d]) for d in _CLIMBING]
            for places in product(*lines):
                coordinates = {**claim.coordinates, **dict(zip(_CLIMBING, places, strict=True))}
                if mint_point(self.iris.disclosure, coordinates) == key:
                    return coordinates
        raise FormerModelError(f"{key} is the address of no place of its claims")

    def facts(self, points: Sequence[Point]) -> list[Fact]:
        disclosure = self.iris.full(self.iris.disclosure)
        organisation, phase = (self.one(disclosure, name) for name in ("organisation", "phase"))
        return find_facts(
            points,
            organisation.removeprefix(self.iris.base),
            int(self.one(disclosure, "year")),
            phase.removeprefix(self.iris.base),
            self.context,
        )

    def converted(self, points: Sequence[Point], level: str) -> Iterator[ox.Triple]:
        facts = self.facts(points)
        placed = {id(claim): fact.coordinates for fact in facts for claim in fact.claims}
        dimensions = {self.iris.full(f"def#{d}"): d for d in self.vocabulary.dimensions}
        places = {self.iris.full(fact.key) for fact in facts}
        for triple in self.triples:
            subject, predicate, object = _text(triple.subject), triple.predicate.value, _text(triple.object)
            claim = self.claims.get(subject)
            if claim is not None and predicate in dimensions:
                yield from self._coordinate(triple, claim, dimensions[predicate], placed.get(id(claim), {}))
            elif predicate == _A.value:
                yield from self._type(triple, object)
            elif predicate == QB + "dataSet" and claim is not None:
                yield ox.Triple(triple.subject, self.node("def#printedIn"), triple.object)
            elif predicate != QB + "structure" and subject not in places:
                yield triple
        disclosure = self.node(self.iris.disclosure)
        for terms in fact_triples(facts, disclosure, level, self.vocabulary, self.iris, self.node):
            yield ox.Triple(*terms)

    def _coordinate(
        self, triple: ox.Triple, claim: Observation, dimension: str, fact: Mapping[str, str]
    ) -> Iterator[ox.Triple]:
        """Yield the triple of a coordinate unless the fact has it, or without a fact unless it is the total."""
        value = claim.coordinates[dimension]
        if dimension == "measure":
            yield triple
        elif (fact or self.tops).get(dimension) != value:
            yield ox.Triple(triple.subject, triple.predicate, coordinate_term(dimension, value, self.iris, self.node))

    def _type(self, triple: ox.Triple, kind: str) -> Iterator[ox.Triple]:
        if kind == _OBSERVATION:
            yield ox.Triple(triple.subject, _A, self.node("def#Claim"))
        elif kind == _DATA_SET:
            yield ox.Triple(triple.subject, _A, self.node("def#PrintedPart"))
        elif kind.removeprefix(self.iris.full("def#")) not in _UNTYPED:
            yield triple


def _context(catalogue: Iterable[ox.Triple], iris: Iris, vocabulary: Vocabulary) -> DocumentContext:
    """The hierarchy of the code lists with the organisations and projects of a catalogue."""
    context = open_context(vocabulary)
    within = (ORG + "subOrganizationOf", SKOS + "broader")
    for triple in catalogue:
        if triple.predicate.value in within:
            part, whole = (_text(term).removeprefix(iris.base) for term in (triple.subject, triple.object))
            context.hierarchy.add(part, whole)
    return context


def _text(term: object) -> str:
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    raise FormerModelError(f"a term of no published graph: {term}")
