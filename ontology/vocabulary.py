"""The words of the project as the converter needs them: concepts, dimensions, labels, kinds of table.

Everything is read from the Turtle files of this folder. A resource is known by its *key*, its IRI without the base:
`code/fund/total`, `def#fund`. Keys do not change when the base does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from ontology.namespaces import DEFAULT_BASE, QB, RDF, RDFS, SKOS
from ontology.text import clean_label

FOLDER = Path(__file__).parent
_LABELS = ("prefLabel", "altLabel", "hiddenLabel")
_MARKS = "code/list-mark"
_CUES = "code/cue"


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a code list; `parent` is None at the top, `names` its preferred label in each language."""

    key: str
    scheme: str
    notation: str
    parent: str | None
    labels: tuple[str, ...]
    names: Mapping[str, str]
    inside_scope: str | None
    parts_incomplete: bool

    def label(self, language: str) -> str:
        """The preferred label in a language, in Chinese if it has none, else the notation."""
        return self.names.get(language) or self.names.get("zh") or self.notation


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of the cube: its name is the local part of its property, `range` the IRI of its values' class."""

    name: str
    order: int
    scheme: str | None
    top: str | None
    range: str


@dataclass(frozen=True, slots=True)
class Block:
    """What a kind of table (or one of its side-by-side blocks) says of its cells."""

    key: str
    fixes: Mapping[str, str]
    row_dimensions: tuple[str, ...]
    column_dimensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableKind:
    """A kind of table: the titles it goes by and its blocks (itself, when it has only one)."""

    key: str
    titles: tuple[str, ...]
    blocks: tuple[Block, ...]
    required: bool

    @property
    def fixes(self) -> Mapping[str, str]:
        """The coordinates that every cell of the table has."""
        shared = set(self.blocks[0].fixes.items()).intersection(*(set(b.fixes.items()) for b in self.blocks))
        return dict(shared)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word may stand for: coordinates (dimension to concept key) or the role of a column.

    `code_dimensions` are those whose codes a code column may hold, empty where the word does not say.
    """

    source: str
    places: Mapping[str, str]
    role: str | None = None
    code_dimensions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Look-ups over the loaded Turtle; `triples` are those of the files, for the base asked for."""

    triples: tuple[ox.Triple, ...]
    concepts: Mapping[str, Concept]
    dimensions: Mapping[str, Dimension]
    table_kinds: Mapping[str, TableKind]
    meanings: Mapping[str, tuple[Meaning, ...]]
    units: Mapping[str, tuple[str, str]]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    list_marks: tuple[tuple[str, re.Pattern[str]], ...]
    cues: Mapping[str, tuple[str, ...]]
    implied: Mapping[str, Mapping[str, str]]
    comparable_measures: frozenset[str]
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def scheme_dimension(self, scheme: str) -> str | None:
        """The dimension whose code list is `scheme`."""
        return next((d.name for d in self.dimensions.values() if d.scheme == scheme), None)

    def notation(self, key: str) -> str:
        """The notation of a concept; the last part of the key for things the vocabulary does not hold."""
        concept = self.concepts.get(key)
        return concept.notation if concept else key.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class _Statements:
    """The Turtle as subject -> predicate -> objects, in keys and short predicate names."""

    of: dict[str, dict[str, list[str]]]

    def all(self, subject: str, predicate: str) -> list[str]:
        return self.of.get(subject, {}).get(predicate, [])

    def one(self, subject: str, predicate: str) -> str | None:
        return next(iter(self.all(subject, predicate)), None)

    def having(self, predicate: str, value: str) -> Iterator[str]:
        return (s for s, po in self.of.items() if value in po.get(predicate, ()))


def turtle_files() -> list[Path]:
    """The Turtle files of the vocabulary: terms, components, kinds of table and code lists (messages are apart)."""
    top = [path for path in sorted(FOLDER.glob("*.ttl")) if not path.name.startswith("messages")]
    return top + sorted((FOLDER / "codes").glob("*.ttl"))


def rebase(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, base: str) -> ox.NamedNode:
    """The IRI with the default base replaced by `base`; other terms come back unchanged."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(DEFAULT_BASE):
        return ox.NamedNode(base + term.value[len(DEFAULT_BASE) :])
    return term  # type: ignore[return-value]  # a literal stays what it is


@cache
def load_vocabulary(base: str = DEFAULT_BASE) -> Vocabulary:
    """The vocabulary of the Turtle files in this folder, its IRIs under `base`."""
    triples = [quad.triple for path in turtle_files() for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]
    statements = _index(triples)
    if base != DEFAULT_BASE:
        triples = [
            ox.Triple(rebase(t.subject, base), rebase(t.predicate, base), rebase(t.object, base)) for t in triples
        ]
    dimensions = _dimensions(statements)
    concepts = _concepts(statements, _names(triples))
    by_scheme = {d.scheme: d.name for d in dimensions.values() if d.scheme}
    children: dict[str, list[str]] = defaultdict(list)
    for concept in concepts.values():
        if concept.parent:
            children[concept.parent].append(concept.key)
    return Vocabulary(
        triples=tuple(triples),
        concepts=concepts,
        dimensions=dimensions,
        table_kinds=_table_kinds(statements, concepts, by_scheme),
        meanings=_meanings(statements, concepts, by_scheme),
        units=_units(statements, concepts),
        patterns=_patterns(statements, "code/"),
        list_marks=_patterns(statements, _MARKS + "/"),
        cues={
            c.notation: tuple(sorted(map(clean_label, c.labels), key=len, reverse=True))
            for c in concepts.values()
            if c.scheme == _CUES
        },
        implied={
            key: _coordinates(statements.all(key, "implies"), concepts, by_scheme)
            for key in concepts
            if statements.all(key, "implies")
        },
        comparable_measures=frozenset(k.removeprefix("def#") for k in statements.having("comparable", "true")),
        children={parent: tuple(keys) for parent, keys in children.items()},
    )


def _index(triples: Iterable[ox.Triple]) -> _Statements:
    of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    short = {SKOS: "", QB: "qb:", RDF: "rdf:", RDFS: "rdfs:", DEFAULT_BASE + "def#": ""}
    names: dict[str, str] = {}
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in names:
            prefix = next((p for p in short if predicate.startswith(p)), None)
            names[predicate] = predicate if prefix is None else short[prefix] + predicate[len(prefix) :]
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            of[triple.subject.value.removeprefix(DEFAULT_BASE)][names[predicate]].append(
                triple.object.value.removeprefix(DEFAULT_BASE)
            )
    return _Statements({s: dict(po) for s, po in of.items()})


def _dimensions(statements: _Statements) -> dict[str, Dimension]:
    found = []
    for component in statements.of:
        prop = statements.one(component, "qb:dimension")
        if prop is not None:
            values = statements.one(prop, "rdfs:range") or ""
            found.append(
                Dimension(
                    name=prop.removeprefix("def#"),
                    order=int(statements.one(component, "qb:order") or 0),
                    scheme=statements.one(prop, "qb:codeList"),
                    top=statements.one(prop, "topConcept"),
                    range=DEFAULT_BASE + values if values.startswith("def#") else values,
                )
            )
    return {d.name: d for d in sorted(found, key=lambda d: d.order)}


def _names(triples: Iterable[ox.Triple]) -> dict[str, dict[str, str]]:
    """Preferred labels by key and language."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in triples:
        subject, label = triple.subject, triple.object
        if triple.predicate.value == SKOS + "prefLabel" and isinstance(subject, ox.NamedNode):
            if isinstance(label, ox.Literal):
                names[subject.value.removeprefix(DEFAULT_BASE)][label.language or ""] = label.value
    return names


def _concepts(statements: _Statements, names: Mapping[str, Mapping[str, str]]) -> dict[str, Concept]:
    concepts = {}
    for key, po in statements.of.items():
        scheme = statements.one(key, "inScheme")
        if scheme is None:
            continue
        concepts[key] = Concept(
            key=key,
            scheme=scheme,
            notation=statements.one(key, "notation") or key.rsplit("/", 1)[-1],
            parent=statements.one(key, "broader"),
            labels=tuple(label for name in _LABELS for label in po.get(name, ())),
            names=names.get(key, {}),
            inside_scope=statements.one(key, "insideScope"),
            parts_incomplete=statements.one(key, "partsIncomplete") == "true",
        )
    return concepts


def _coordinates(keys: Iterable[str], concepts: Mapping[str, Concept], by_scheme: Mapping[str, str]) -> dict[str, str]:
    return {by_scheme[concepts[key].scheme]: key for key in keys}


def _local_names(statements: _Statements, key: str, predicate: str) -> tuple[str, ...]:
    return tuple(value.removeprefix("def#") for value in statements.all(key, predicate))


def _table_kinds(
    statements: _Statements, concepts: Mapping[str, Concept], by_scheme: Mapping[str, str]
) -> dict[str, TableKind]:
    kinds = {}
    for key in statements.having("rdf:type", "def#TableKind"):
        shared = statements.all(key, "fixes")
        blocks = tuple(
            Block(
                block,
                _coordinates([*shared, *(statements.all(block, "fixes") if block != key else ())], concepts, by_scheme),
                _local_names(statements, block, "rowDimension"),
                _local_names(statements, block, "columnDimension"),
            )
            for block in statements.all(key, "block") or [key]
        )
        titles = tuple(clean_label(label) for label in concepts[key].labels)
        kinds[key] = TableKind(key, titles, blocks, statements.one(key, "required") == "true")
    return kinds


def _meanings(
    statements: _Statements, concepts: Mapping[str, Concept], by_scheme: Mapping[str, str]
) -> dict[str, tuple[Meaning, ...]]:
    meanings: dict[str, list[Meaning]] = defaultdict(list)
    for concept in concepts.values():
        placed = statements.all(concept.key, "places")
        if placed:
            meaning = Meaning(concept.key, _coordinates(placed, concepts, by_scheme))
        elif concept.scheme == "code/role":
            of_codes = _local_names(statements, concept.key, "codeDimension")
            role = concepts[concept.parent].notation if of_codes and concept.parent else concept.notation
            meaning = Meaning(concept.key, {}, role, of_codes)
        elif concept.scheme in by_scheme:
            meaning = Meaning(concept.key, {by_scheme[concept.scheme]: concept.key})
        else:
            continue
        for label in dict.fromkeys(clean_label(label) for label in concept.labels):
            meanings[label].append(meaning)
    return {label: tuple(found) for label, found in meanings.items()}


def _units(statements: _Statements, concepts: Mapping[str, Concept]) -> dict[str, tuple[str, str]]:
    """Printed unit -> (key, yuan in one unit), the longest word first."""
    found = {
        clean_label(label): (concept.key, factor)
        for concept in concepts.values()
        if concept.scheme == "code/unit" and (factor := statements.one(concept.key, "factor")) is not None
        for label in concept.labels
    }
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def _patterns(statements: _Statements, prefix: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (key, re.compile(pattern))
        for key, po in sorted(statements.of.items())
        if key.startswith(prefix)
        for pattern in po.get("notationPattern", ())
    )
