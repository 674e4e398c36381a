"""The numbered lines that figures stand on, described by rule: no code list can hold them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from converters.model.iris import Iris
from converters.model.observation import Observation
from ontology.messages import LANGUAGES, message
from ontology.namespaces import RDF, SKOS

_LINES = "code/line"
_ALL_LINES = "code/line/total"


def numbered_line_triples(observations: Iterable[Observation], iris: Iris) -> Iterator[ox.Triple]:
    """What each numbered line of the observations is called and means; `2.1` brings `2`, under which it stands."""
    for ordinal in sorted(_ordinals(observations)):
        line, group = ox.NamedNode(iris.full(f"{_LINES}/{ordinal}")), ordinal.rpartition(".")[0]
        above = f"{_LINES}/{group}" if group else _ALL_LINES
        yield ox.Triple(line, ox.NamedNode(RDF + "type"), ox.NamedNode(iris.full("def#Line")))
        yield ox.Triple(line, ox.NamedNode(SKOS + "inScheme"), ox.NamedNode(iris.full(_LINES)))
        yield ox.Triple(line, ox.NamedNode(SKOS + "broader"), ox.NamedNode(iris.full(above)))
        yield ox.Triple(line, ox.NamedNode(SKOS + "notation"), ox.Literal(ordinal))
        for name, key in (("prefLabel", "line-label"), ("definition", "line-definition")):
            for language in LANGUAGES:
                text = ox.Literal(message(key, language, ordinal=ordinal), language=language)
                yield ox.Triple(line, ox.NamedNode(SKOS + name), text)


def _ordinals(observations: Iterable[Observation]) -> set[str]:
    found = set[str]()
    for key in {observation.coordinates["line"] for observation in observations}:
        ordinal = key.removeprefix(f"{_LINES}/")
        while ordinal[:1].isdigit() and ordinal not in found:
            found.add(ordinal)
            ordinal = ordinal.rpartition(".")[0]
    return found
