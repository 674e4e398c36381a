"""Example queries: SHACL SPARQL executables, one Turtle file each, and their shared prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from ontology.namespaces import DCT, DEFAULT_BASE, RDFS, SH

FOLDER = Path(__file__).parent / "examples"
_PREFIXED = re.compile(r"(?<![\w?$:<])([A-Za-z][\w-]*)?:(?=[A-Za-z\d_])")
_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"|<[^<>\s]*>')


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """An example query: its name and IRI, its question (`title`) and explanation (`comment`) in zh and en.

    `select` is the query without prologue, `query` the query with the prefixes it uses; `audience` holds IRIs.
    """

    name: str
    iri: str
    title: Mapping[str, str]
    comment: Mapping[str, str]
    audience: tuple[str, ...]
    select: str
    query: str


@cache
def example_triples(base: str = DEFAULT_BASE) -> tuple[ox.Triple, ...]:
    """Return all statements about examples and prefixes with IRIs under `base`, including those inside queries."""
    return tuple(
        quad.triple
        for path in sorted(FOLDER.glob("*.ttl"))
        for quad in ox.parse(path.read_text(encoding="utf-8").replace(DEFAULT_BASE, base), ox.RdfFormat.TURTLE)
    )


@cache
def load_prefixes(base: str = DEFAULT_BASE) -> Mapping[str, str]:
    """Return the declared prefixes with their namespaces, sorted; the project's own prefix is empty."""
    names, namespaces = (_values(example_triples(base), SH + name) for name in ("prefix", "namespace"))
    return dict(sorted((names[iri], namespaces[iri]) for iri in names))


@cache
def load_examples(base: str = DEFAULT_BASE) -> tuple[ExampleQuery, ...]:
    """Return the example queries in reading order."""
    triples = example_triples(base)
    kind = ox.NamedNode(SH + "SPARQLExecutable")
    found = {t.subject.value for t in triples if t.object == kind and isinstance(t.subject, ox.NamedNode)}
    select, order = _values(triples, SH + "select"), _values(triples, SH + "order")
    titles, comments = _texts(triples, RDFS + "label"), _texts(triples, RDFS + "comment")
    prefixes = load_prefixes(base)
    return tuple(
        ExampleQuery(
            name=iri.rsplit("/", 1)[-1],
            iri=iri,
            title=titles[iri],
            comment=comments[iri],
            audience=tuple(_objects(triples, iri, DCT + "audience")),
            select=select[iri].strip() + "\n",
            query=with_prologue(select[iri].strip() + "\n", prefixes),
        )
        for iri in sorted(found, key=lambda iri: int(order[iri]))
    )


def with_prologue(query: str, prefixes: Mapping[str, str]) -> str:
    """Return the query after a PREFIX line for each prefix it uses."""
    used = {match[1] or "" for match in _PREFIXED.finditer(_STRING.sub("", query))}
    lines = [f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items() if prefix in used]
    return "".join(lines) + "\n" + query


def read_example(path: Path, base: str = DEFAULT_BASE) -> str:
    """Return the query of an example file with its prologue. Raise ValueError if the file has none."""
    text = path.read_text(encoding="utf-8").replace(DEFAULT_BASE, base)
    for quad in ox.parse(text, ox.RdfFormat.TURTLE):
        if quad.predicate.value == SH + "select" and isinstance(quad.object, ox.Literal):
            return with_prologue(quad.object.value.strip() + "\n", load_prefixes(base))
    raise ValueError(f"{path} holds no sh:select")


def _values(triples: Iterable[ox.Triple], predicate: str) -> dict[str, str]:
    return {
        t.subject.value: t.object.value
        for t in triples
        if t.predicate.value == predicate
        and isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.NamedNode | ox.Literal)
    }


def _texts(triples: Iterable[ox.Triple], predicate: str) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for t in triples:
        if t.predicate.value == predicate and isinstance(t.object, ox.Literal) and isinstance(t.subject, ox.NamedNode):
            texts.setdefault(t.subject.value, {})[t.object.language or ""] = t.object.value
    return texts


def _objects(triples: Iterable[ox.Triple], subject: str, predicate: str) -> list[str]:
    return [
        t.object.value
        for t in triples
        if t.subject == ox.NamedNode(subject) and t.predicate.value == predicate and isinstance(t.object, ox.NamedNode)
    ]
