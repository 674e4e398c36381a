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
    """Yield the triples of the numbered lines of observations: type, scheme, broader line, notation and labels.

    A line `2.1` adds the line `2`, its broader concept. A line of the narrative has an address within its version.
    """
    keys = {observation.coordinates["line"] for observation in observations}
    for ordinal in sorted(_ordinals(keys)):
        group = ordinal.rpartition(".")[0]
        above = f"{_LINES}/{group}" if group else _ALL_LINES
        yield from _line(f"{_LINES}/{ordinal}", ordinal, above, "line", iris)
    for key in sorted(keys):
        if iris.line(key) != key:
            yield from _line(iris.line(key), key.removeprefix(f"{_LINES}/"), _ALL_LINES, "text-line", iris)


def _line(key: str, ordinal: str, above: str, name: str, iris: Iris) -> Iterator[ox.Triple]:
    line = ox.NamedNode(iris.full(key))
    yield ox.Triple(line, ox.NamedNode(RDF + "type"), ox.NamedNode(iris.full("def#Line")))
    yield ox.Triple(line, ox.NamedNode(RDF + "type"), ox.NamedNode(SKOS + "Concept"))
    yield ox.Triple(line, ox.NamedNode(SKOS + "inScheme"), ox.NamedNode(iris.full(_LINES)))
    yield ox.Triple(line, ox.NamedNode(SKOS + "broader"), ox.NamedNode(iris.full(above)))
    yield ox.Triple(line, ox.NamedNode(SKOS + "notation"), ox.Literal(ordinal))
    sentence, _, number = ordinal.removeprefix("s").partition(".")
    said = {"ordinal": ordinal, "sentence": sentence.lstrip("0"), "number": number}
    for term, key in (("prefLabel", f"{name}-label"), ("definition", f"{name}-definition")):
        for language in LANGUAGES:
            text = ox.Literal(message(key, language, **said), language=language)
            yield ox.Triple(line, ox.NamedNode(SKOS + term), text)


def _ordinals(keys: Iterable[str]) -> set[str]:
    found = set[str]()
    for key in keys:
        ordinal = key.removeprefix(f"{_LINES}/")
        while ordinal[:1].isdigit() and ordinal not in found:
            found.add(ordinal)
            ordinal = ordinal.rpartition(".")[0]
    return found
