"""A converted disclosure as triples: the graph of a version, written the same way for the same content."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyoxigraph as ox

from converters.cube.changes import Change
from converters.cube.facts import Fact
from converters.cube.points import Point
from converters.cube.share_wholes import Share
from converters.cube.sums import Sum
from converters.entities.organisations import DEPARTMENT, UNIT
from converters.model.amounts import parse_amount
from converters.model.iris import (
    DIGEST_LENGTH,
    PENDING_BASE,
    PENDING_VERSION,
    Iris,
    mint_coordinates,
    mint_series,
)
from converters.model.observation import Observation, Table
from converters.narrative.narrative import Narrative
from converters.outline.outline import DocumentOutline
from converters.rdf.facts import coordinate_term, fact_triples
from converters.rdf.narrative import narrative_triples
from converters.rdf.outline import outline_triples
from converters.rdf.records import Terms, record_triples
from ontology.locators import Locator
from ontology.namespaces import DCT, RDF, XSD
from ontology.numbers import decimal_to_text
from ontology.statements import NTriples
from ontology.vocabulary import Vocabulary

_A = ox.NamedNode(RDF + "type")
_INTEGER, _DECIMAL, _YEAR, _BOOLEAN = (ox.NamedNode(XSD + n) for n in ("integer", "decimal", "gYear", "boolean"))


@dataclass(frozen=True, slots=True)
class GraphContent:
    """All that a version's graph is written from."""

    disclosure: str
    organisation: str
    year: int
    phase: str
    tables: tuple[Table, ...]
    points: tuple[Point, ...]
    sums: tuple[Sum, ...]
    bounds: tuple[tuple[Observation, Observation], ...]
    narrative: Narrative = field(default_factory=Narrative)
    shares: tuple[Share, ...] = ()
    changes: tuple[Change, ...] = ()
    facts: tuple[Fact, ...] = ()
    level: str = DEPARTMENT
    outline: DocumentOutline = field(default_factory=DocumentOutline)
    blank_totals: tuple[Sum, ...] = ()

    @property
    def observations(self) -> tuple[Observation, ...]:
        """The readable figures of all tables, in printed order, and then those of the narrative."""
        return (*(o for table in self.tables for o in table.observations), *self.narrative.observations)


@dataclass(frozen=True, slots=True)
class PendingGraph:
    """The terms of the triples of a version's graph, without blank nodes, under the address pending.

    The graph is written once: the digest of its lines gives the version its address, under which `at` puts it.
    """

    pending: Iris
    terms: tuple[Terms, ...]

    def digest(self) -> str:
        """SHA-256, first 16 hex digits, over the sorted lines of the graph in N-Triples."""
        ordered = "\n".join(sorted(self._lines(_TermTexts())))
        return hashlib.sha256(ordered.encode()).hexdigest()[:DIGEST_LENGTH]

    def at(self, iris: Iris) -> NTriples:
        """Return the graph of the version that has these IRIs, each triple once."""
        return NTriples("".join(f"{line}\n" for line in self._lines(_MovedTexts(self.pending, iris))).encode())

    def _lines(self, texts: _TermTexts) -> Iterable[str]:
        return dict.fromkeys(f"{texts[s]} {texts[p]} {texts[o]} ." for s, p, o in self.terms)


class _TermTexts(dict[ox.NamedNode | ox.Literal, str]):
    """Terms as written in N-Triples, each written once."""

    def __missing__(self, term: ox.NamedNode | ox.Literal) -> str:
        text = self[term] = self.write(term)
        return text

    def write(self, term: ox.NamedNode | ox.Literal) -> str:
        return str(term)


class _MovedTexts(_TermTexts):
    """Terms under a pending address, as written under that of a version."""

    def __init__(self, pending: Iris, iris: Iris) -> None:
        super().__init__()
        self._base, self._version = pending.base, pending.full(pending.version_key)
        self._new_base, self._new_version = iris.base, iris.full(iris.version_key)

    def write(self, term: ox.NamedNode | ox.Literal) -> str:
        if isinstance(term, ox.NamedNode):
            for old, new in ((self._version, self._new_version), (self._base, self._new_base)):
                if term.value.startswith(old):
                    return f"<{new}{term.value.removeprefix(old)}>"
        return str(term)


def write_graph(content: GraphContent, vocabulary: Vocabulary) -> PendingGraph:
    """Write the graph of a version whose address is not known yet."""
    pending = Iris(PENDING_BASE, content.disclosure, PENDING_VERSION)
    return PendingGraph(pending, tuple(_GraphWriter(pending, vocabulary).write(content)))


class _GraphWriter:
    """Writes keys as IRIs under one base, each term made once."""

    def __init__(self, iris: Iris, vocabulary: Vocabulary) -> None:
        self._iris, self._vocabulary = iris, vocabulary
        self._nodes: dict[str, ox.NamedNode] = {}
        self._tops = {name: dimension.top for name, dimension in vocabulary.dimensions.items()}

    def _node(self, key: str) -> ox.NamedNode:
        if key not in self._nodes:
            self._nodes[key] = ox.NamedNode(self._iris.full(key))
        return self._nodes[key]

    def _term(self, name: str) -> ox.NamedNode:
        return self._node("def#" + name)

    def _observation(self, o: Observation) -> ox.NamedNode:
        return self._node(self._iris.observation(o.table, o.row, o.column, o.ordinal))

    def write(self, content: GraphContent) -> Iterator[Terms]:
        placed = {id(claim): fact.coordinates for fact in content.facts for claim in fact.claims}
        version, disclosure = self._node(self._iris.version_key), self._node(content.disclosure)
        yield version, _A, self._term("DisclosureVersion")
        yield version, self._term("disclosure"), disclosure
        yield disclosure, _A, self._term("Disclosure")
        yield disclosure, self._term("organisation"), self._node(content.organisation)
        yield disclosure, self._term("year"), ox.Literal(str(content.year), datatype=_YEAR)
        yield disclosure, self._term("phase"), self._node(content.phase)
        for table in content.tables:
            yield from self._table(table, disclosure)
        for table in content.tables:
            for observation in table.observations:
                yield from self._claim(observation, placed.get(id(observation), {}), content.level)
            yield from record_triples(table, self._iris, self._node, self._place)
        yield from self._comparisons(content)
        for observation in content.narrative.observations:
            yield from self._claim(observation, placed.get(id(observation), {}), content.level)
        yield from narrative_triples(content.narrative, disclosure, self._iris, self._node, self._place)
        narrated = bool(content.narrative.sentences or content.narrative.explanations)
        yield from outline_triples(content.outline, disclosure, self._iris, self._node, self._place, narrated=narrated)
        yield from fact_triples(content.facts, disclosure, content.level, self._vocabulary, self._iris, self._node)
        for fact in content.facts:
            for claim in fact.claims:
                yield self._observation(claim), self._term("point"), self._node(fact.key)
        for part, whole in content.bounds:
            yield self._observation(part), self._term("boundedBy"), self._observation(whole)
        for node in content.sums:
            yield from self._sum(node)
        for node in content.blank_totals:
            yield from self._blank_total(node)

    def _comparisons(self, content: GraphContent) -> Iterator[Terms]:
        """Yield the base figures of printed shares and changes."""
        for share in content.shares:
            subject = self._observation(share.share)
            yield subject, self._term("shareOf"), self._observation(share.part)
            yield subject, self._term("shareIn"), self._observation(share.whole)
        for change in content.changes:
            subject = self._observation(change.change)
            yield subject, self._term("changeOf"), self._observation(change.of)
            if change.compared_year is not None:
                year = ox.Literal(str(change.compared_year), datatype=_YEAR)
                yield subject, self._term("comparedWithYear"), year

    def _table(self, table: Table, disclosure: ox.NamedNode) -> Iterator[Terms]:
        node = self._node(self._iris.table(table.name))
        yield node, _A, self._term("Table")
        yield node, _A, self._term("PrintedPart")
        yield node, self._term("disclosure"), disclosure
        yield node, self._term("tableNumber"), ox.Literal(table.number)
        yield node, ox.NamedNode(DCT + "title"), ox.Literal(table.title, language="zh")
        yield node, self._term("declaredEmpty"), _boolean(table.declared_empty)
        if table.dashed:
            yield node, self._term("dashesForFigures"), _boolean(True)
        if not table.observations and (printed := len(table.unplaced) or _counted(table)):
            yield node, self._term("figuresNotConverted"), _integer(printed)
        if table.kind is not None:
            yield node, self._term("labelledColumns"), _integer(table.labelled_columns)
            yield node, self._term("printedColumns"), _integer(table.printed_columns)
            yield node, self._term("tableKind"), self._node(table.kind)
        if table.unit is not None:
            yield node, self._term("printedUnit"), self._node(table.unit)
        place = table.title_locator
        if table.contradiction is not None:
            place = table.contradiction.locator
            yield node, self._term("headerText"), ox.Literal(table.contradiction.text)
            if table.contradiction.kind is not None:
                yield node, self._term("headerKind"), self._node(table.contradiction.kind)
        yield from self._place(node, place)

    def _claim(self, o: Observation, fact: Mapping[str, str], level: str) -> Iterator[Terms]:
        """Yield the triples of a claim.

        Coordinates that are those of the fact are left out; for a claim without a fact, those at the top of their
        dimensions.
        """
        node = self._observation(o)
        yield node, _A, self._term("Claim")
        yield node, self._term("printedIn"), self._node(self._iris.table(o.table))
        for dimension, value in o.coordinates.items():
            if dimension == "measure" or (fact or self._tops).get(dimension) != value:
                yield node, self._term(dimension), coordinate_term(dimension, value, self._iris, self._node)
        if o.amount is not None:
            yield node, self._node(o.coordinates["measure"]), _decimal(o.amount)
        yield node, self._term("precision"), _decimal(o.precision)
        yield node, self._term("printed"), ox.Literal(o.printed)
        yield node, self._term("printedUnit"), self._node(o.unit)
        yield from self._printed_beside(node, o)
        yield from self._place(node, o.locator)
        coordinates, series = (
            self._node(mint_coordinates(o.coordinates, level == UNIT)),
            self._node(mint_series(o.coordinates, level == UNIT)),
        )
        yield node, self._term("coordinates"), coordinates
        yield coordinates, self._term("series"), series

    def _printed_beside(self, node: ox.NamedNode, o: Observation) -> Iterator[Terms]:
        """What is printed around a figure, and the record that it belongs to."""
        if o.record is not None:
            yield node, self._term("record"), self._node(self._iris.record(o.table, o.record))
        if o.operator is not None:
            yield node, self._term("operator"), self._node(o.operator)
        if o.unit_text is not None:
            yield node, self._term("unitText"), ox.Literal(o.unit_text)
        if o.locator.recognised:
            yield node, self._term("recognised"), ox.Literal(True)
        if o.doubt is not None:
            yield node, self._term("doubtfulReading"), ox.Literal(o.doubt)
        yield from self._labels(node, o)

    def _labels(self, node: ox.NamedNode, o: Observation) -> Iterator[Terms]:
        """Yield the code of the row of a cell, if it has one, and the words of its row and column."""
        if o.row_code is not None:
            yield node, self._term("rowCode"), ox.Literal(o.row_code)
        for name, text in (("rowLabel", o.row_label), ("columnLabel", o.column_label)):
            if text:
                yield node, self._term(name), ox.Literal(text)

    def _place(self, node: ox.NamedNode, locator: Locator) -> Iterator[Terms]:
        for name, number in (
            ("fileNumber", locator.file),
            ("page", locator.page),
            ("paragraph", locator.paragraph),
            ("tableOfFile", locator.table),
            ("textLine", locator.line),
            ("textField", locator.field),
        ):
            if number is not None:
                yield node, self._term(name), _integer(number)
        if locator.box is not None:
            yield node, self._term("boundingBox"), ox.Literal(locator.box)
        if locator.reference is not None:
            yield node, self._term("cellReference"), ox.Literal(locator.reference)

    def _sum(self, node: Sum) -> Iterator[Terms]:
        total = node.total
        key = self._iris.observation(total.table, total.row, total.column, total.ordinal) + node.suffix
        subject = self._node(key)
        yield subject, _A, self._term("Sum")
        yield subject, self._term("total"), self._observation(total)
        for part in node.parts:
            yield subject, self._term("part"), self._observation(part)
        for dimension in node.along:
            yield subject, self._term("along"), self._term(dimension)

    def _blank_total(self, node: Sum) -> Iterator[Terms]:
        blank, subject = node.total, self._observation(node.total)
        yield subject, _A, self._term("BlankTotal")
        yield subject, ox.NamedNode(DCT + "isPartOf"), self._node(self._iris.table(blank.table))
        yield from self._labels(subject, blank)
        yield from self._place(subject, blank.locator)
        for part in node.parts:
            yield subject, self._term("blankPart"), self._observation(part)


def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=_INTEGER)


def _counted(table: Table) -> int:
    """The numbers that a table prints of things, such as vehicles, of which there are no observations.

    A column of 1, 2, 3 numbers the rows.
    """
    columns: dict[int, list[Decimal]] = defaultdict(list)
    for row, column in sorted(table.texts):
        amount = parse_amount(table.grid.text(row, column))
        if amount is not None:
            columns[column].append(amount.value)
    numbering = [[*map(Decimal, range(1, len(values) + 1))] for values in columns.values() if len(values) > 1]
    return sum(len(values) for values in columns.values() if values not in numbering)


def _boolean(value: bool) -> ox.Literal:
    return ox.Literal("true" if value else "false", datatype=_BOOLEAN)


def _decimal(value: Decimal) -> ox.Literal:
    return ox.Literal(decimal_to_text(value), datatype=_DECIMAL)


def write_rdf(quads: Iterable[ox.Quad], format: ox.RdfFormat, prefixes: dict[str, str]) -> bytes:
    """The quads in an RDF format; one that has no graphs gets the union of them."""
    if format.supports_datasets:
        return ox.serialize(quads, format=format, prefixes=prefixes) or b""
    triples = dict.fromkeys(quad.triple for quad in quads)
    return ox.serialize(triples, format=format, prefixes=prefixes) or b""
