"""Sentences, what they say beside their figures, and the entries of a glossary as triples."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from converters.model.iris import NARRATIVE, Iris
from converters.narrative.arithmetic.calculations import ExpectedFigure
from converters.narrative.narrative import Narrative, Statement
from converters.rdf.records import Node, PlaceTriples, Terms
from ontology.namespaces import DCT, RDF, XSD
from ontology.numbers import decimal_to_text

_A = ox.NamedNode(RDF + "type")
_PART_OF = ox.NamedNode(DCT + "isPartOf")
_YEAR, _DATE = ox.NamedNode(XSD + "gYear"), ox.NamedNode(XSD + "date")
_DECIMAL = ox.NamedNode(XSD + "decimal")
_BOOLEAN = ox.NamedNode(XSD + "boolean")


def narrative_triples(
    narrative: Narrative, disclosure: ox.NamedNode, iris: Iris, node: Node, place: PlaceTriples
) -> Iterator[Terms]:
    """Yield the triples of the text without claims; `node` mints the IRI of a key, `place` yields those of a place."""
    if not narrative.sentences and not narrative.explanations:
        return
    dataset = node(iris.table(NARRATIVE))
    yield dataset, _A, node("def#Narrative")
    yield dataset, _A, node("def#PrintedPart")
    yield dataset, node("def#disclosure"), disclosure
    for sentence in narrative.sentences:
        subject = node(iris.sentence(sentence.number))
        yield subject, _A, node("def#Sentence")
        if sentence.duty:
            yield subject, _A, node("def#Duty")
        yield subject, _PART_OF, dataset
        yield subject, node("def#text"), ox.Literal(sentence.text)
        if sentence.heading:
            yield subject, node("def#heading"), ox.Literal(sentence.heading)
        yield from place(subject, sentence.locator)
    for statement in narrative.statements:
        yield from _statement(statement, iris, node)
    for entry in narrative.explanations:
        subject = node(iris.explanation(entry.number))
        yield subject, _A, node("def#Explanation")
        yield subject, _PART_OF, dataset
        yield subject, node("def#explainedName"), ox.Literal(entry.name)
        yield subject, node("def#text"), ox.Literal(entry.text)
        if entry.concept is not None:
            yield subject, node("def#explains"), node(entry.concept)
        for level, name in entry.names:
            yield subject, node(f"def#uses{level.capitalize()}Name"), ox.Literal(name)
        yield from place(subject, entry.locator)


def _statement(statement: Statement, iris: Iris, node: Node) -> Iterator[Terms]:
    """Yield the triples of a figure's sentence, except those of the claim."""
    o = statement.observation
    subject = node(iris.observation(o.table, o.row, o.column, o.ordinal))
    yield subject, node("def#sentence"), node(iris.sentence(o.row))
    for name, other in (
        ("changeOf", statement.change_of),
        ("shareOf", statement.share_of),
        ("shareIn", statement.share_in),
        ("changeFrom", statement.change_from),
        ("alsoChangeOf", statement.also_change_of),
        ("rateOf", statement.rate_of),
        ("saidAgainst", statement.said_against),
        *(("reasonAmount", reason) for reason in statement.reasons),
    ):
        if other is not None:
            address = iris.observation(other.table, other.row, other.column, other.ordinal)
            yield subject, node("def#" + name), node(address)
    if statement.direction is not None:
        yield subject, node("def#direction"), node(f"code/direction/{statement.direction}")
    if statement.said_direction is not None:
        yield subject, node("def#saidDirection"), node(f"code/direction/{statement.said_direction}")
    if statement.compared_phase is not None:
        yield subject, node("def#comparedWithPhase"), node(statement.compared_phase)
    if statement.reason_direction is not None:
        yield subject, node("def#reasonDirection"), node(f"code/direction/{statement.reason_direction}")
    for name, value, datatype in (
        ("comparedWithYear", statement.compared_year, _YEAR),
        ("asOf", statement.as_of, _DATE),
        ("reason", statement.reason, None),
        ("purpose", statement.purpose, None),
        ("said", statement.said, None),
        ("reasonComplete", str(statement.explained).lower() if statement.reasons else None, _BOOLEAN),
    ):
        if value is not None:
            yield subject, node("def#" + name), ox.Literal(str(value), datatype=datatype)
    if statement.expected is not None:
        yield from _expected(subject, statement.expected, node)


def _expected(subject: ox.NamedNode, expected: ExpectedFigure, node: Node) -> Iterator[Terms]:
    """Yield what other figures of the text make of a figure."""
    for name, number in (("expected", expected.amount), ("expectedWithin", expected.margin)):
        yield subject, node("def#" + name), ox.Literal(decimal_to_text(number), datatype=_DECIMAL)
    yield subject, node("def#calculation"), ox.Literal(expected.formula)
