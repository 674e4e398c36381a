"""Example queries: SHACL SPARQL executables, one Turtle file each, their parameters and their shared prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from ontology.caching import cached
from ontology.namespaces import DCT, DEFAULT_BASE, RDFS, SH, VOID, XSD

FOLDER = Path(__file__).parent / "examples"
_PREFIXED = re.compile(r"(?<![\w?$:<])([A-Za-z][\w-]*)?:(?=[A-Za-z\d_])")
_VALUES = r"VALUES \?{name} \{{ (?P<term>[^{{}}]*) \}}"
_TEXT_VALUE = re.compile(r'\n *VALUES \?(?P<name>\w+) \{ (?P<term>"(?:[^"\\]|\\.)*") \}(?=\n)')
_STRING_OR_VARIABLE = re.compile(r'"(?:[^"\\]|\\.)*"|\?(?P<name>\w+)')
_ANY = "UNDEF"
_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"|<[^<>\s]*>')


class ParameterError(ValueError):
    """Raised for a value that a parameter of an example query cannot take."""

    def __init__(self, parameter: QueryParameter, value: str) -> None:
        super().__init__(f"{parameter.name} is not {parameter.pattern}: {value!r}")
        self.parameter, self.value = parameter, value


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A parameter of an example query: a term that stands in a line `VALUES ?name { ... }` of its text.

    `pattern` is the regular expression of values. A value is the lexical form of a literal of `datatype`, or what
    follows `space` in an IRI. Of an `optional` parameter the empty value stands for all values. `default` is the value
    in the text of the query.
    """

    name: str
    label: Mapping[str, str]
    hint: Mapping[str, str]
    pattern: str
    space: str | None
    datatype: str | None
    optional: bool
    default: str = ""

    def to_term(self, value: str) -> str:
        """Return a value as it is written in a query. Raise ParameterError if it does not match the pattern."""
        if not value and self.optional:
            return _ANY
        if not re.fullmatch(self.pattern, value):
            raise ParameterError(self, value)
        if self.space is not None:
            return str(ox.NamedNode(self.space + value))
        datatype = None if self.datatype in (None, XSD + "string") else ox.NamedNode(self.datatype)
        return str(ox.Literal(value, datatype=datatype))


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """An example query: its name and IRI, its question (`title`) and explanation (`comment`) in zh and en.

    `select` is the query without prologue as it is published, `query` the query to be asked: with the prefixes it uses
    and with texts in the places of their variables. `audience` holds IRIs, `prologue` the lines before the query.
    """

    name: str
    iri: str
    title: Mapping[str, str]
    comment: Mapping[str, str]
    audience: tuple[str, ...]
    select: str
    prologue: str
    parameters: tuple[QueryParameter, ...] = ()

    @property
    def query(self) -> str:
        """The query with the values of its text."""
        return self.fill({})

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the query with values of some parameters, by name. Raise ParameterError for a value that does not fit.

        >>> example.fill({"year": "2023", "office": ""})  # doctest: +SKIP
        """
        query = self.select
        for parameter in self.parameters:
            if parameter.name in values:
                term = parameter.to_term(values[parameter.name])
                line = f"VALUES ?{parameter.name} {{ {term} }}"
                query = re.sub(_VALUES.format(name=parameter.name), line.replace("\\", r"\\"), query)
        return self.prologue + with_texts_in_place(query)


@cached
def example_triples(base: str = DEFAULT_BASE) -> tuple[ox.Triple, ...]:
    """Return all statements about examples and prefixes with IRIs under `base`, including those inside queries."""
    return tuple(
        quad.triple
        for path in sorted(FOLDER.glob("*.ttl"))
        for quad in ox.parse(path.read_text(encoding="utf-8").replace(DEFAULT_BASE, base), ox.RdfFormat.TURTLE)
    )


@cached
def load_prefixes(base: str = DEFAULT_BASE) -> Mapping[str, str]:
    """Return the declared prefixes with their namespaces, sorted; the project's own prefix is empty."""
    names, namespaces = (_values(example_triples(base), SH + name) for name in ("prefix", "namespace"))
    return dict(sorted((names[iri], namespaces[iri]) for iri in names))


@cached
def load_examples(base: str = DEFAULT_BASE) -> tuple[ExampleQuery, ...]:
    """Return the example queries in reading order."""
    triples = example_triples(base)
    kind = ox.NamedNode(SH + "SPARQLExecutable")
    found = {t.subject.value for t in triples if t.object == kind and isinstance(t.subject, ox.NamedNode)}
    select, order = _values(triples, SH + "select"), _values(triples, SH + "order")
    titles, comments = _texts(triples, RDFS + "label"), _texts(triples, RDFS + "comment")
    prefixes, parameters = load_prefixes(base), load_parameters(base)
    return tuple(
        ExampleQuery(
            name=iri.rsplit("/", 1)[-1],
            iri=iri,
            title=titles[iri],
            comment=comments[iri],
            audience=tuple(_objects(triples, iri, DCT + "audience")),
            select=select[iri].strip() + "\n",
            prologue=prologue(select[iri], prefixes),
            parameters=tuple(
                replace(parameter, default=_default(parameter, select[iri], prefixes))
                for name, parameter in parameters.items()
                if name in _objects(triples, iri, SH + "parameter")
            ),
        )
        for iri in sorted(found, key=lambda iri: int(order[iri]))
    )


@cached
def load_parameters(base: str = DEFAULT_BASE) -> Mapping[str, QueryParameter]:
    """Return the parameters by IRI, in the order of forms."""
    triples = example_triples(base)
    kind = ox.NamedNode(SH + "Parameter")
    found = {t.subject.value for t in triples if t.object == kind and isinstance(t.subject, ox.NamedNode)}
    order, pattern = _values(triples, SH + "order"), _values(triples, SH + "pattern")
    labels, hints = _texts(triples, SH + "name"), _texts(triples, SH + "description")
    spaces, datatypes = _values(triples, VOID + "uriSpace"), _values(triples, SH + "datatype")
    optional = _values(triples, SH + "optional")
    return {
        iri: QueryParameter(
            name=iri.rsplit("/", 1)[-1],
            label=labels[iri],
            hint=hints[iri],
            pattern=pattern[iri],
            space=spaces.get(iri),
            datatype=datatypes.get(iri),
            optional=optional.get(iri) == "true",
        )
        for iri in sorted(found, key=lambda iri: (int(order[iri]), iri))
    }


def _default(parameter: QueryParameter, select: str, prefixes: Mapping[str, str]) -> str:
    """The value of a parameter in the text of a query. Raise ValueError if the text does not have it."""
    match = re.search(_VALUES.format(name=parameter.name), select)
    if match is None:
        raise ValueError(f"no VALUES ?{parameter.name} in {select}")
    term = match["term"]
    if term == _ANY:
        return ""
    if parameter.space is None:
        return term.split('"')[1]
    prefix, _, name = term.partition(":")
    iri = term.strip("<>") if term.startswith("<") else prefixes[prefix] + name
    return iri.removeprefix(parameter.space)


def prologue(query: str, prefixes: Mapping[str, str]) -> str:
    """Return a PREFIX line for each prefix that a query uses, and an empty line."""
    used = {match[1] or "" for match in _PREFIXED.finditer(_STRING.sub("", query))}
    lines = [f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items() if prefix in used]
    return "".join(lines) + "\n"


def with_prologue(query: str, prefixes: Mapping[str, str]) -> str:
    """Return the query after a PREFIX line for each prefix it uses."""
    return prologue(query, prefixes) + query


def with_texts_in_place(query: str) -> str:
    """Return a query with each text of a line `VALUES ?name { "text" }` in the places of its variable.

    The engine tests what it finds against a text at once, and against a variable only in the end.
    """
    terms = {line["name"]: line["term"] for line in _TEXT_VALUE.finditer(query)}

    def in_place(match: re.Match[str]) -> str:
        return terms.get(match["name"] or "", match[0])

    return _STRING_OR_VARIABLE.sub(in_place, _TEXT_VALUE.sub("", query))


def read_example(path: Path, base: str = DEFAULT_BASE) -> str:
    """Return the query of an example file with its prologue. Raise ValueError if the file has none."""
    text = path.read_text(encoding="utf-8").replace(DEFAULT_BASE, base)
    for quad in ox.parse(text, ox.RdfFormat.TURTLE):
        if quad.predicate.value == SH + "select" and isinstance(quad.object, ox.Literal):
            select = quad.object.value.strip() + "\n"
            return prologue(select, load_prefixes(base)) + with_texts_in_place(select)
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
