"""Graphs of facts that do not say whether a department or a unit published them, and their conversion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from converters.entities.organisations import UNIT
from converters.model.iris import Iris, mint_level
from converters.rdf.former_model import ConvertedGraph, keys_of_unit
from ontology.namespaces import RDF
from ontology.vocabulary import Vocabulary

_A = ox.NamedNode(RDF + "type")


def with_levels(triples: Sequence[ox.Triple], iris: Iris, vocabulary: Vocabulary, level: str) -> ConvertedGraph:
    """Say of each fact of a version that its disclosure has a level, `department` or `unit`.

    The unit of money moves from the facts to their data set. Coordinates and series of a unit become its own.
    """
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            said[triple.subject.value][triple.predicate.value] = triple.object.value
    moved = keys_of_unit(_coordinates_of_claims(said, iris, vocabulary)) if level == UNIT else {}
    return ConvertedGraph(tuple(_levelled(triples, said, iris, vocabulary, level)), moved)


def _levelled(
    triples: Sequence[ox.Triple], said: Mapping[str, Mapping[str, str]], iris: Iris, vocabulary: Vocabulary, level: str
) -> Iterator[ox.Triple]:
    unit, amount, currency = (ox.NamedNode(iris.full(f"def#{name}")) for name in ("unit", "amount", "currency"))
    fact, at_level = (ox.NamedNode(iris.full(f"def#{name}")) for name in ("Fact", "level"))
    yuan = ox.NamedNode(iris.full(vocabulary.base_units["def#amount"]))
    for triple in triples:
        assert isinstance(triple.subject, ox.NamedNode)
        if triple.predicate != unit or amount.value not in said[triple.subject.value]:
            yield triple
        if triple.predicate == _A and triple.object == fact:
            yield ox.Triple(triple.subject, at_level, ox.NamedNode(iris.full(mint_level(level))))
        elif triple.predicate == currency:
            yield ox.Triple(triple.subject, unit, yuan)


def _coordinates_of_claims(
    said: Mapping[str, Mapping[str, str]], iris: Iris, vocabulary: Vocabulary
) -> Iterator[Mapping[str, str]]:
    """The coordinates of each claim: its own, else those of its fact, else the total."""
    tops = {name: dimension.top for name, dimension in vocabulary.dimensions.items()}
    for own in said.values():
        if iris.full("def#coordinates") in own:
            fact = said.get(own.get(iris.full("def#point"), ""), {})
            found = {
                d: own.get(iris.full(f"def#{d}")) or fact.get(iris.full(f"def#{d}")) for d in vocabulary.dimensions
            }
            yield {d: tops[d] or "" if value is None else _key(value, iris) for d, value in found.items()}


def _key(value: str, iris: Iris) -> str:
    """The key of a coordinate; a line of the text is known by its number there."""
    parts = value.removeprefix(iris.base).split("/")
    return f"code/line/{parts[-2]}" if parts[-1] == "line" else "/".join(parts)
