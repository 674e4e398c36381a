"""JSON-LD in the words of our context: properties and classes by their names, what is not ours by a prefix.

The context is made from the vocabulary and served at `/context.jsonld`, to which every document points.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from ontology import namespaces
from server.serialization.xml_output import XmlOutput, check_names

CONTEXT_PATH = "/context.jsonld"
TYPE = namespaces.RDF + "type"
XSD_STRING = namespaces.XSD + "string"
IRI = "@id"
OURS = "yusuan"
PREFIXES = ("DCAT", "DCT", "FOAF", "ORG", "OWL", "PROV", "QB", "RDF", "RDFS", "SH", "SKOS", "XSD")

JsonLdValue = str | Mapping[str, str]


@dataclass(frozen=True)
class Context:
    """The names of our terms and the datatypes of properties (IRI: what it points to), and prefixes by namespace."""

    names: Mapping[str, str]
    datatypes: Mapping[str, str]
    prefixes: Mapping[str, str]

    def to_json(self) -> bytes:
        """Return the document at `/context.jsonld`."""
        terms: dict[str, JsonLdValue] = {prefix: namespace for namespace, prefix in self.prefixes.items()}
        for iri, name in sorted(self.names.items()):
            of = self.datatypes.get(iri)
            terms[name] = iri if of is None else {"@id": iri, "@type": of}
        return json.dumps({"@context": terms}, ensure_ascii=False, indent=1).encode()

    def key(self, iri: str) -> str:
        """Return the name of a property or class: ours, with a prefix, or the IRI."""
        if iri in self.names:
            return self.names[iri]
        for namespace, prefix in self.prefixes.items():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri


@cache
def load_context(base: str) -> Context:
    """Return the context for addresses under `base`, from the shipped vocabulary."""
    from ontology.vocabulary import turtle_files  # here, because few workers ever need it

    ours = base + "def#"
    names: dict[str, str] = {}
    ranges: dict[str, str] = {}
    objects: set[str] = set()
    for path in turtle_files():
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
                continue
            name = subject.value.removeprefix(namespaces.DEFAULT_BASE + "def#")
            if name == subject.value:
                continue
            iri = ours + name
            if quad.predicate.value == TYPE and is_term(value.value):
                names[iri] = name
                if value.value == namespaces.OWL + "ObjectProperty":
                    objects.add(iri)
            elif quad.predicate.value == namespaces.RDFS + "range" and value.value.startswith(namespaces.XSD):
                ranges[iri] = value.value
    prefixes = {getattr(namespaces, name): name.lower() for name in PREFIXES}
    return Context(names, {**dict.fromkeys(objects, IRI), **ranges}, {**prefixes, ours: OURS})


def is_term(kind: str) -> bool:
    """Return whether a thing of this class is a word of ours: a class or a property."""
    return kind.startswith((namespaces.OWL, namespaces.QB)) and kind.endswith(("Class", "Property"))


def write_jsonld(triples: Iterable[Triple | Quad], base: str, context_iri: str, output: BinaryIO) -> None:
    """Write triples as one JSON-LD document that points to the context; ValueError for what JSON-LD cannot say."""
    context = load_context(base)
    nodes: dict[str, dict[str, dict[str, None]]] = {}
    for triple in triples:
        key, value = ("@type", context.key(name_of(triple.object))) if is_class(triple) else statement(triple, context)
        values = nodes.setdefault(name_of(triple.subject), {}).setdefault(key, {})
        values[json.dumps(value, ensure_ascii=False)] = None  # a set that keeps its order
    output.write(f'{{"@context":{json.dumps(context_iri)},"@graph":['.encode())
    for number, text in enumerate(written_nodes(nodes)):
        output.write(f"{',' if number else ''}\n{text}".encode())
    output.write(b"\n]}\n")


def graph_to_bytes(
    triples: Iterable[Triple], kind: RdfFormat, prefixes: Mapping[str, str], base: str, context_iri: str
) -> bytes:
    """Triples in a format: with these prefixes, or in JSON-LD by our context."""
    output = io.BytesIO()
    if kind == RdfFormat.JSON_LD:
        write_jsonld(triples, base, context_iri, output)
    elif kind == RdfFormat.RDF_XML:
        xml = cast("BinaryIO", XmlOutput(output, kind))
        serialize(check_names(triples), xml, kind, prefixes=dict(prefixes))
    else:
        serialize(triples, output, kind, prefixes=dict(prefixes))
    return output.getvalue()


def written_nodes(nodes: Mapping[str, Mapping[str, Mapping[str, None]]]) -> Iterator[str]:
    """Yield each node as JSON; a list of one value is that value."""
    for name, statements in nodes.items():
        node = [f'"@id":{json.dumps(name)}']
        for key, values in statements.items():
            node.append(f"{json.dumps(key)}:{listed(values)}")
        yield f"{{{','.join(node)}}}"


def listed(values: Mapping[str, None]) -> str:
    """Values as JSON."""
    return next(iter(values)) if len(values) == 1 else f"[{','.join(values)}]"


def is_class(triple: Triple | Quad) -> bool:
    """Return whether the triple says of which class a thing is."""
    return triple.predicate.value == TYPE and not isinstance(triple.object, Literal | Triple)


def statement(triple: Triple | Quad, context: Context) -> tuple[str, JsonLdValue]:
    """Return a property and its value, as short as the context allows."""
    datatype = context.datatypes.get(triple.predicate.value)
    key, value = context.key(triple.predicate.value), triple.object
    if not isinstance(value, Literal):
        name = name_of(value)
        return key, name if datatype == IRI else {"@id": name}
    if value.language:
        return key, {"@value": value.value, "@language": value.language}
    if value.datatype.value == (datatype or XSD_STRING):
        return key, value.value
    if value.datatype.value == XSD_STRING:
        return key, {"@value": value.value}
    return key, {"@value": value.value, "@type": context.key(value.datatype.value)}


def name_of(term: object) -> str:
    """Return the IRI of a thing, or its blank label; ValueError for a term that JSON-LD has no place for."""
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    raise ValueError(f"JSON-LD cannot say {term}")
