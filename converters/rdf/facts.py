"""Facts as observations of RDF Data Cube data sets, one data set for each measure of a version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pyoxigraph as ox

from converters.cube.facts import Fact
from converters.entities.organisations import UNIT
from converters.model.iris import Iris, mint_level, mint_series
from converters.rdf.records import Node, Terms
from ontology.namespaces import QB, RDF, XSD
from ontology.numbers import decimal_to_text
from ontology.vocabulary import Vocabulary

CURRENCY = "http://publications.europa.eu/resource/authority/currency/CNY"
"""The currency of all amounts of money."""

_A = ox.NamedNode(RDF + "type")
_DECIMAL, _YEAR, _BOOLEAN = (ox.NamedNode(XSD + name) for name in ("decimal", "gYear", "boolean"))


def fact_triples(
    facts: Sequence[Fact], disclosure: ox.NamedNode, level: str, vocabulary: Vocabulary, iris: Iris, node: Node
) -> Iterator[Terms]:
    """Return the data sets of a version and their facts.

    `level` is that of the disclosure, `department` or `unit`; `node` makes the IRI of a key.
    """
    for measure in dict.fromkeys(fact.coordinates["measure"] for fact in facts):
        name = measure.removeprefix("def#")
        data_set = node(iris.facts(name))
        yield data_set, _A, ox.NamedNode(QB + "DataSet")
        structure = "structure" if name == "amount" else f"{name}Structure"
        yield data_set, ox.NamedNode(QB + "structure"), node(f"def#{structure}")
        yield data_set, node("def#disclosure"), disclosure
        if name == "amount":
            yield data_set, node("def#currency"), ox.NamedNode(CURRENCY)
            yield data_set, node("def#unit"), node(vocabulary.base_units[measure])
    for fact in facts:
        yield from _fact(fact, level, vocabulary, iris, node)


def _fact(fact: Fact, level: str, vocabulary: Vocabulary, iris: Iris, node: Node) -> Iterator[Terms]:
    subject, measure = node(fact.key), fact.coordinates["measure"]
    yield subject, _A, node("def#Fact")
    yield subject, _A, ox.NamedNode(QB + "Observation")
    yield subject, ox.NamedNode(QB + "dataSet"), node(iris.facts(measure.removeprefix("def#")))
    for dimension, value in fact.coordinates.items():
        if dimension != "measure":
            yield subject, node(f"def#{dimension}"), coordinate_term(dimension, value, iris, node)
    yield subject, node(measure), _decimal(fact.amount)
    yield subject, node("def#precision"), _decimal(fact.precision)
    yield subject, node("def#level"), node(mint_level(level))
    if measure != "def#amount":
        yield subject, node("def#unit"), node(vocabulary.base_units.get(measure, fact.claim.unit))
    else:
        yield subject, node("def#basis"), ox.Literal(fact.basis)
        yield subject, node("def#fundOnly"), node(fact.fund_only)
        yield subject, node("def#adds"), _boolean(fact.adds)
    claim = fact.claim
    yield (subject, node("def#claim"), node(iris.observation(claim.table, claim.row, claim.column, claim.ordinal)))
    for series in dict.fromkeys(mint_series(c.coordinates, level == UNIT) for c in fact.claims):
        yield subject, node("def#series"), node(series)
    for name, text in (("breakdown", fact.breakdown_name), ("source", fact.source)):
        yield subject, node(f"def#{name}"), ox.Literal(text)
    for name, holds in (("own", fact.own), ("quoted", fact.quoted)):
        yield subject, node(f"def#{name}"), _boolean(holds)
    if len(fact.claims) > 1:
        yield subject, node("def#agree"), _boolean(fact.agree)


def coordinate_term(dimension: str, value: str, iris: Iris, node: Node) -> ox.NamedNode | ox.Literal:
    """Return the term for the value of a dimension: a literal for years, the IRI of a concept or thing for others."""
    if dimension == "year":
        return ox.Literal(value, datatype=_YEAR)
    return node(iris.line(value) if dimension == "line" else value)


def _decimal(value: Decimal) -> ox.Literal:
    return ox.Literal(decimal_to_text(value), datatype=_DECIMAL)


def _boolean(value: bool) -> ox.Literal:
    return ox.Literal("true" if value else "false", datatype=_BOOLEAN)
