"""Records, their entries and levels in words as triples."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from converters.model.iris import Iris
from converters.model.observation import Entry, PropertyValue, Record, Table, WordedLevel
from ontology.locators import Locator
from ontology.namespaces import DCT, RDF, XSD

_A = ox.NamedNode(RDF + "type")
_YEAR = ox.NamedNode(XSD + "gYear")
_STRING = XSD + "string"
Node = Callable[[str], ox.NamedNode]
Terms = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]
"""Subject, predicate and object of a triple; making an `ox.Triple` takes many times as long."""
PlaceTriples = Callable[[ox.NamedNode, Locator], Iterator[Terms]]


def record_triples(table: Table, iris: Iris, node: Node, place: PlaceTriples) -> Iterator[Terms]:
    """Yield the triples of a table's records; `node` mints the IRI of a key, `place` yields those of a locator."""
    for record in table.records:
        subject = node(iris.record(table.name, record.row))
        yield from _record(subject, record, table, iris, node)
        yield from place(subject, record.locator)
        for entry in record.entries:
            cell = _cell(entry, table, iris, node)
            yield from _entry(cell, subject, entry, table, iris, node)
            yield from place(cell, entry.locator)
    unplaced = _unplaced_entries(table)
    for entry in (*table.row_headers, *table.beyond, *unplaced):
        cell = _cell(entry, table, iris, node)
        yield from _entry(cell, None, entry, table, iris, node)
        yield from place(cell, entry.locator)
    for entry in table.beyond:
        yield node(iris.table(table.name)), node("def#beyondHeader"), _cell(entry, table, iris, node)
    for entry in unplaced:
        yield node(iris.table(table.name)), node("def#unplacedFigure"), _cell(entry, table, iris, node)
    for worded in table.worded:
        cell = node(iris.observation(table.name, worded.row, worded.column))
        yield from _worded(cell, node(iris.record(table.name, worded.record)), worded, node)
        yield from place(cell, worded.locator)


def _unplaced_entries(table: Table) -> list[Entry]:
    """Return entries for the figures whose row or column is not known, except those that are entries already."""
    taken = {(e.row, e.column) for e in (*table.row_headers, *table.beyond)}
    taken |= {(entry.row, entry.column) for record in table.records for entry in record.entries}
    places = sorted(table.unplaced - taken)
    cells = (table.grid.covering[place] for place in places if place in table.grid.covering)
    return [Entry(c.row, c.col, None, c.text.strip(), None, "", None, c.locator) for c in cells]


def _record(subject: ox.NamedNode, record: Record, table: Table, iris: Iris, node: Node) -> Iterator[Terms]:
    yield subject, _A, node("def#Record")
    yield subject, _A, node(record.kind)
    yield subject, ox.NamedNode(DCT + "isPartOf"), node(iris.table(table.name))
    for key, value in record.values:
        yield subject, node(key), value_term(value, iris)
    for key, row in record.links:
        yield subject, node(key), node(iris.record(table.name, row))


def value_term(value: PropertyValue, iris: Iris) -> ox.NamedNode | ox.Literal:
    """A value as a term: the IRI of a thing, or a literal."""
    if value.datatype is None:
        return ox.NamedNode(iris.full(value.text))
    return ox.Literal(value.text, datatype=None if value.datatype == _STRING else ox.NamedNode(value.datatype))


def _cell(entry: Entry, table: Table, iris: Iris, node: Node) -> ox.NamedNode:
    return node(iris.observation(table.name, entry.row, entry.column))


def _entry(
    cell: ox.NamedNode, record: ox.NamedNode | None, entry: Entry, table: Table, iris: Iris, node: Node
) -> Iterator[Terms]:
    yield cell, _A, node("def#Entry")
    yield cell, ox.NamedNode(DCT + "isPartOf"), node(iris.table(table.name))
    if record is not None:
        yield cell, node("def#record"), record
    if entry.attribute is not None:
        yield cell, node("def#attribute"), node(entry.attribute)
    if entry.attribute is not None or entry.printed not in (entry.name, entry.code):
        yield cell, node("def#printed"), ox.Literal(entry.printed)
    if entry.value is not None:
        yield cell, node("def#value"), node(entry.value)
        yield cell, node("def#printedName"), ox.Literal(entry.name)
    if entry.code is not None:
        yield cell, node("def#printedCode"), ox.Literal(entry.code)
    if entry.code_cell is not None:
        yield cell, node("def#codeCell"), node(iris.observation(table.name, *entry.code_cell))


def _worded(cell: ox.NamedNode, record: ox.NamedNode, worded: WordedLevel, node: Node) -> Iterator[Terms]:
    yield cell, _A, node(worded.kind)
    yield cell, node("def#record"), record
    yield cell, node("def#year"), ox.Literal(worded.year, datatype=_YEAR)
    yield cell, node("def#printed"), ox.Literal(worded.text)
