"""The words of the project as the converter needs them: concepts, dimensions, labels, kinds of table.

Everything is read from the Turtle files of this folder. A resource is known by its *key*, its IRI without the base:
`code/fund/total`, `def#fund`. Keys do not change when the base does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from ontology.attributes import printed_words
from ontology.code_lists import CodeLists
from ontology.concepts import Concept, read_concepts
from ontology.editions import Standing, read_editions
from ontology.example_queries import example_triples
from ontology.namespaces import DEFAULT_BASE, QB
from ontology.shipped import FAR_LISTS, far_triples, near_files, read_far_list, turtle_files
from ontology.statements import Statements, index_triples, read_turtle, rebase_triples
from ontology.table_kinds import TableBlock, TableKind, read_table_kinds
from ontology.text import clean_label

__all__ = [
    "Concept",
    "Dimension",
    "Meaning",
    "TableBlock",
    "TableKind",
    "Vocabulary",
    "load_vocabulary",
    "turtle_files",
]

_HEADERS = "code/header"
_MARKS = "code/list-mark"
_CUES = "code/cue"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of the cube: its name is the local part of its property, `range` the IRI of its values' class."""

    name: str
    order: int
    scheme: str | None
    top: str | None
    range: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word may stand for: coordinates (dimension to concept key), the role of a column, or a measure.

    `code_dimensions` are those whose codes a code column may hold, empty where the word does not say; `contrasts` are
    coordinates of the figures of the same measure beside those under the word.
    """

    source: str
    places: Mapping[str, str]
    role: str | None = None
    code_dimensions: tuple[str, ...] = ()
    measure: str | None = None
    contrasts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Look-ups over the loaded Turtle; `concepts` are those that are always at hand (see `concept`).

    A vocabulary equals only itself, so that what is compiled from one can be cached by it.
    """

    base: str
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
    dimension_words: Mapping[str, str]
    base_units: Mapping[str, str]
    indivisible: frozenset[str]
    children: Mapping[str, tuple[str, ...]] = field(repr=False)
    lists: CodeLists = field(repr=False, compare=False)
    near_triples: tuple[ox.Triple, ...] = field(repr=False, compare=False)

    @cached_property
    def triples(self) -> tuple[ox.Triple, ...]:
        """The vocabulary as it is published, with the long lists and the example queries, for the base asked for."""
        far = chain.from_iterable(map(far_triples, FAR_LISTS.values()))
        return (*rebase_triples((*self.near_triples, *far), self.base), *example_triples(self.base))

    @cached_property
    def words(self) -> tuple[ox.Triple, ...]:
        """The vocabulary without the long lists, for the base asked for."""
        return tuple(rebase_triples(self.near_triples, self.base))

    def concept(self, key: str) -> Concept | None:
        """A concept of any list, the long ones included."""
        return self.concepts.get(key) or self.lists.whole(_scheme_of(key)).concepts.get(key)

    def notation(self, key: str) -> str:
        """The notation of a concept; the last part of the key for things the vocabulary does not hold."""
        concept = self.concept(key)
        return concept.notation if concept else key.rsplit("/", 1)[-1]

    def knows_code(self, scheme: str, code: str) -> bool:
        """Whether the part of a list that is at hand has the code, in whatever year."""
        return code in self.lists.near(scheme).by_notation

    def resolve(self, scheme: str, code: str, year: int, name: str | None = None) -> str | None:
        """The key of what a printed code means in a budget year, None if unknown (see `CodeList.resolve`)."""
        return self.lists.resolve(scheme, code, year, name)

    def in_year(self, key: str, year: int) -> str:
        """A concept found by name, or what it was before it began (住房公积金 before 2018 is another code)."""
        return self.lists.near(_scheme_of(key)).in_year(key, year)

    def mint_unlisted(self, scheme: str, code: str, year: int) -> str:
        """The key for a code that `resolve` does not know: plain, unless the plain one means something else."""
        plain = f"{scheme}/{code}"
        return plain if self.concept(plain) is None else f"{plain}-{year}"

    def has_editions(self, key: str) -> bool:
        """Whether the list of a concept is an official one, which has editions."""
        return bool(self.lists.whole(_scheme_of(key)).editions)

    def standing(self, key: str, year: int) -> Standing:
        """Whether an edition of the year lists the concept (see `ontology.editions`)."""
        return self.lists.standing(_scheme_of(key), key, year)


@cache
def load_vocabulary(base: str = DEFAULT_BASE, codes: tuple[Path, ...] = ()) -> Vocabulary:
    """The vocabulary of the Turtle files in this folder, its IRIs under `base`.

    `codes` are files of imported editions to add (see `ontology.codelists.edition_files`). Raise OSError or
    SyntaxError for a file that cannot be read.
    """
    shipped = read_turtle(near_files())
    imported = read_turtle(codes)
    statements = index_triples([*shipped, *imported])
    words = index_triples(shipped) if imported else statements
    dimensions = _dimensions(statements)
    concepts = read_concepts(statements)
    by_scheme = {d.scheme: d.name for d in dimensions.values() if d.scheme}
    children: dict[str, list[str]] = defaultdict(list)
    for concept in concepts.values():
        if concept.parent:
            children[concept.parent].append(concept.key)
    return Vocabulary(
        base=base,
        concepts=concepts,
        dimensions=dimensions,
        table_kinds=read_table_kinds(statements, concepts, lambda keys: _coordinates(keys, concepts, by_scheme)),
        meanings=_meanings(statements, _named_alone(read_concepts(words), concepts, dimensions), by_scheme),
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
        dimension_words={label: name for name in dimensions for label in printed_words(f"def#{name}", statements)},
        base_units={key: unit for key in statements.of if (unit := statements.one(key, "baseUnit")) is not None},
        indivisible=frozenset(statements.having("indivisible", "true")),
        children={parent: tuple(keys) for parent, keys in children.items()},
        lists=CodeLists(
            concepts,
            tuple(read_editions(statements)),
            {scheme: partial(read_far_list, name) for scheme, name in FAR_LISTS.items()},
        ),
        near_triples=(*shipped, *imported),
    )


def _scheme_of(key: str) -> str:
    return key.rsplit("/", 1)[0]


def _dimensions(statements: Statements) -> dict[str, Dimension]:
    found = []
    for component in statements.of:
        prop = statements.one(component, "qb:dimension")
        if prop is not None:
            values = statements.one(prop, "rdfs:range") or ""
            found.append(
                Dimension(
                    name=prop.removeprefix("def#"),
                    order=int(statements.one(component, "qb:order") or 0),
                    scheme=statements.one(prop, "qb:codeList") or statements.one(prop, "notationScheme"),
                    top=statements.one(prop, "topConcept"),
                    range=DEFAULT_BASE + values if values.startswith("def#") else values,
                )
            )
    return {d.name: d for d in sorted(found, key=lambda d: d.order)}


def _coordinates(keys: Iterable[str], concepts: Mapping[str, Concept], by_scheme: Mapping[str, str]) -> dict[str, str]:
    return {by_scheme[concepts[key].scheme]: key for key in keys}


def _local_names(statements: Statements, key: str, predicate: str) -> tuple[str, ...]:
    return tuple(value.removeprefix("def#") for value in statements.all(key, predicate))


def _named_alone(
    shipped: Mapping[str, Concept], all_: Mapping[str, Concept], dimensions: Mapping[str, Dimension]
) -> list[Concept]:
    """The concepts that a name alone may stand for: not those that have ended, of imported ones only the uppermost.

    Names of the lower levels of an official list repeat (其他支出) and mean something only beside their code.
    """
    tops = {d.top for d in dimensions.values() if d.top}
    uppermost = {key: concept for key, concept in all_.items() if concept.parent in tops}
    return [concept for concept in {**shipped, **uppermost}.values() if concept.valid_until is None]


def _meanings(
    statements: Statements, named: Iterable[Concept], by_scheme: Mapping[str, str]
) -> dict[str, tuple[Meaning, ...]]:
    concepts = {concept.key: concept for concept in named}
    # A name in force goes before a former or lesser name of another concept of the list.
    in_force = {(concept.scheme, concept.preferred) for concept in concepts.values()}
    meanings: dict[str, list[Meaning]] = defaultdict(list)
    for concept in concepts.values():
        if concept.scheme == _HEADERS:
            placed, contrasted = (
                _coordinates(statements.all(concept.key, name), concepts, by_scheme) for name in ("places", "contrasts")
            )
            measure = statements.one(concept.key, "measures")
            meaning = Meaning(concept.key, placed, measure=measure, contrasts=contrasted)
        elif concept.scheme == "code/role":
            of_codes = _local_names(statements, concept.key, "codeDimension")
            role = concepts[concept.parent].notation if of_codes and concept.parent else concept.notation
            meaning = Meaning(concept.key, {}, role, of_codes)
        elif concept.scheme in by_scheme:
            meaning = Meaning(concept.key, {by_scheme[concept.scheme]: concept.key})
        else:
            continue
        for label in dict.fromkeys(clean_label(label) for label in concept.labels):
            if label == concept.preferred or (concept.scheme, label) not in in_force:
                meanings[label].append(meaning)
    for measure in statements.having("rdf:type", QB + "MeasureProperty"):
        for label in printed_words(measure, statements):
            meanings[label].append(Meaning(measure, {}, measure=measure))
    return {label: tuple(found) for label, found in meanings.items()}


def _units(statements: Statements, concepts: Mapping[str, Concept]) -> dict[str, tuple[str, str]]:
    """Printed unit -> (key, yuan in one unit), the longest word first."""
    found = {
        clean_label(label): (concept.key, factor)
        for concept in concepts.values()
        if concept.scheme == "code/unit" and (factor := statements.one(concept.key, "factor")) is not None
        for label in concept.labels
    }
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def _patterns(statements: Statements, prefix: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (key, re.compile(pattern))
        for key, po in sorted(statements.of.items())
        if key.startswith(prefix)
        for pattern in po.get("notationPattern", ())
    )
