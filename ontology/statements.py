"""Turtle as statements about keys; a key is an IRI without the base: `code/fund/total`, `def#fund`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ontology.namespaces import DCT, DEFAULT_BASE, ORG, QB, RDF, RDFS, SKOS, SKOSXL

_SHORT = {
    SKOS: "",
    QB: "qb:",
    RDF: "rdf:",
    RDFS: "rdfs:",
    DCT: "dct:",
    ORG: "org:",
    SKOSXL: "xl:",
    DEFAULT_BASE + "def#": "",
}
_PROSE = frozenset({"definition", "note", "rdfs:isDefinedBy", "dct:title", "dct:description"})
_PRINTED = "zh"


@dataclass(frozen=True)
class Statements:
    """Statements as subject -> predicate -> objects; `names` are preferred labels by language.

    Labels in `of` are the Chinese ones, since only those are printed. Prose (definitions, notes) is left out.
    """

    of: Mapping[str, Mapping[str, list[str]]]
    names: Mapping[str, Mapping[str, str]]

    def all(self, subject: str, predicate: str) -> list[str]:
        """Return every object of a predicate, in file order."""
        return self.of.get(subject, {}).get(predicate, [])

    def one(self, subject: str, predicate: str) -> str | None:
        """Return the first object of a predicate, None if there is none."""
        return next(iter(self.all(subject, predicate)), None)

    def year(self, subject: str, predicate: str) -> int | None:
        """Return the first object of a predicate as a year."""
        value = self.one(subject, predicate)
        return int(value) if value else None

    def having(self, predicate: str, value: str) -> Iterator[str]:
        """Return the subjects with this object."""
        return (s for s, po in self.of.items() if value in po.get(predicate, ()))


@dataclass(frozen=True, slots=True)
class NTriples:
    """A graph in N-Triples; iterating yields its triples.

    Lines are many times cheaper to write, send and load than terms are to make, so that a graph is kept as its text.
    """

    text: bytes

    def __iter__(self) -> Iterator[ox.Triple]:
        return (quad.triple for quad in ox.parse(self.text, format=ox.RdfFormat.N_TRIPLES))


def write_ntriples(triples: Iterable[ox.Triple]) -> bytes:
    """Return triples in N-Triples."""
    return (
        triples.text if isinstance(triples, NTriples) else ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    )


def read_turtle(paths: Iterable[Path]) -> list[ox.Triple]:
    """Return the triples of Turtle files in order."""
    return [quad.triple for path in paths for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]


def index_triples(triples: Iterable[ox.Triple]) -> Statements:
    """Return the triples as statements; triples with blank nodes are skipped."""
    of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    names: dict[str, dict[str, str]] = defaultdict(dict)
    short: dict[str, str] = {}
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in short:
            prefix = next((p for p in _SHORT if predicate.startswith(p)), None)
            short[predicate] = predicate if prefix is None else _SHORT[prefix] + predicate[len(prefix) :]
        name = short[predicate]
        if name in _PROSE:
            continue
        subject, value = triple.subject, triple.object
        if not isinstance(subject, ox.NamedNode):
            continue
        key = subject.value.removeprefix(DEFAULT_BASE)
        if isinstance(value, ox.Literal):
            if name == "prefLabel":
                names[key][value.language or ""] = value.value
            if value.language in (None, _PRINTED):
                of[key][name].append(value.value)
        elif isinstance(value, ox.NamedNode):
            of[key][name].append(value.value.removeprefix(DEFAULT_BASE))
    return Statements({s: dict(po) for s, po in of.items()}, dict(names))


def rebase_triples(triples: Iterable[ox.Triple], base: str) -> Iterator[ox.Triple]:
    """Yield the triples with the default base replaced by `base` in every IRI."""
    if base == DEFAULT_BASE:
        yield from triples
        return
    for triple in triples:
        yield ox.Triple(_rebase(triple.subject, base), _rebase(triple.predicate, base), _rebase(triple.object, base))


def _rebase(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, base: str) -> ox.NamedNode:
    if isinstance(term, ox.NamedNode) and term.value.startswith(DEFAULT_BASE):
        return ox.NamedNode(base + term.value[len(DEFAULT_BASE) :])
    return term  # type: ignore[return-value]  # a literal is unchanged
