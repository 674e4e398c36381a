"""The vocabulary for conversion: concepts, dimensions, labels and kinds of table.

It is loaded from the Turtle files of this folder. A resource is identified by its *key*, its IRI without the base:
`code/fund/total`, `def#fund`. Keys do not depend on the base.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from ontology.attributes import printed_words
from ontology.caching import cached
from ontology.codelists.code_lists import CodeLists
from ontology.codelists.editions import Standing, read_editions
from ontology.concepts import Concept, read_concepts
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
_OTHER = "code/cue/other"
_MARKS = "code/list-mark"
_CUES = "code/cue"
_NUMERALS = "code/numeral"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of the cube: its name is the local name of its property, `range` the class of its values (an IRI)."""

    name: str
    order: int
    scheme: str | None
    top: str | None
    range: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A possible meaning of a label: coordinates (dimension to concept key), the role of a column, or a measure.

    `code_dimensions` are the dimensions of the codes in a code column, empty if the label does not determine them.
    `contrasts` are the coordinates of other figures of the same measure beside those under the label.
    """

    source: str
    places: Mapping[str, str]
    role: str | None = None
    code_dimensions: tuple[str, ...] = ()
    measure: str | None = None
    contrasts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Look-ups over the loaded Turtle; `concepts` and `statements` are those always loaded (see `concept`).

    A vocabulary equals only itself, so that values compiled from it can be cached by it.
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
    repeated: Mapping[str, str]
    comparable_measures: frozenset[str]
    dimension_words: Mapping[str, str]
    base_units: Mapping[str, str]
    worded_classes: Mapping[str, str]
    indivisible: frozenset[str]
    children: Mapping[str, tuple[str, ...]] = field(repr=False)
    lists: CodeLists = field(repr=False, compare=False)
    near_triples: tuple[ox.Triple, ...] = field(repr=False, compare=False)
    statements: Statements = field(repr=False, compare=False)

    @cached_property
    def triples(self) -> tuple[ox.Triple, ...]:
        """Return the vocabulary as published, with long lists and example queries, under the base of the vocabulary."""
        far = chain.from_iterable(map(far_triples, FAR_LISTS.values()))
        return (*rebase_triples((*self.near_triples, *far), self.base), *example_triples(self.base))

    @cached_property
    def words(self) -> tuple[ox.Triple, ...]:
        """Return the vocabulary without the long lists, under the base of the vocabulary."""
        return tuple(rebase_triples(self.near_triples, self.base))

    @cached_property
    def longest_label(self) -> int:
        """The length of the longest label that has a meaning in headers and titles."""
        return max(map(len, self.meanings), default=0)

    @cached_property
    def numerals(self) -> Mapping[str, int]:
        """The numbers that Chinese numerals stand for, by numeral."""
        return {label: int(c.notation) for c in self.concepts.values() if c.scheme == _NUMERALS for label in c.labels}

    def concept(self, key: str) -> Concept | None:
        """Return a concept of any list, including the long ones."""
        return self.concepts.get(key) or self.lists.whole(_scheme_of(key)).concepts.get(key)

    def notation(self, key: str) -> str:
        """Return the notation of a concept; the last segment of the key if the vocabulary does not hold the concept."""
        concept = self.concept(key)
        return concept.notation if concept else key.rsplit("/", 1)[-1]

    def knows_code(self, scheme: str, code: str) -> bool:
        """Return whether the loaded part of a list has the code, in any year."""
        return code in self.lists.near(scheme).by_notation

    def resolve(self, scheme: str, code: str, year: int, name: str | None = None) -> str | None:
        """Return the key of the meaning of a printed code in a budget year; None if unknown (`CodeList.resolve`)."""
        return self.lists.resolve(scheme, code, year, name)

    def in_year(self, key: str, year: int) -> str:
        """Return the key of a concept found by name, or of its predecessor before it began (住房公积金 before 2018)."""
        return self.lists.near(_scheme_of(key)).in_year(key, year)

    def mint_unlisted(self, scheme: str, code: str, year: int) -> str:
        """Return the key for a code unknown to `resolve`; it gets the year if the plain key has another meaning."""
        plain = f"{scheme}/{code}"
        return plain if self.concept(plain) is None else f"{plain}-{year}"

    def has_editions(self, key: str) -> bool:
        """Return whether the list of a concept is an official one, which has editions."""
        return bool(self.lists.whole(_scheme_of(key)).editions)

    def standing(self, key: str, year: int) -> Standing:
        """Return the standing of a concept in the editions of a year (see `ontology.codelists.editions`)."""
        return self.lists.standing(_scheme_of(key), key, year)


@cached
def load_vocabulary(base: str = DEFAULT_BASE, codes: tuple[Path, ...] = ()) -> Vocabulary:
    """Load the vocabulary from the Turtle files of this folder, with IRIs under `base`.

    `codes` are files of imported editions to add (see `ontology.codelists.edition_files`). Raise OSError or SyntaxError
    for a file that cannot be read.
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
        if concept.parent and not concept.unites:
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
        repeated={key: other for key in concepts if (other := statements.one(key, "repeats")) is not None},
        comparable_measures=frozenset(k.removeprefix("def#") for k in statements.having("comparable", "true")),
        dimension_words={label: name for name in dimensions for label in printed_words(f"def#{name}", statements)},
        base_units={key: unit for key in statements.of if (unit := statements.one(key, "baseUnit")) is not None},
        worded_classes={key: one for key in statements.of if (one := statements.one(key, "wordedClass")) is not None},
        indivisible=frozenset(statements.having("indivisible", "true")),
        children={parent: tuple(keys) for parent, keys in children.items()},
        lists=CodeLists(
            concepts,
            tuple(read_editions(statements)),
            {scheme: partial(read_far_list, name) for scheme, name in FAR_LISTS.items()},
        ),
        near_triples=(*shipped, *imported),
        statements=statements,
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
    """Return the concepts that a name alone may denote: current ones; of imported lists only the top level.

    Names on lower levels of an official list repeat (其他支出) and are ambiguous without their code.
    """
    tops = {d.top for d in dimensions.values() if d.top}
    uppermost = {key: concept for key, concept in all_.items() if concept.parent in tops}
    return [concept for concept in {**shipped, **uppermost}.values() if concept.valid_until is None]


def _meanings(
    statements: Statements, named: Iterable[Concept], by_scheme: Mapping[str, str]
) -> dict[str, tuple[Meaning, ...]]:
    concepts = {concept.key: concept for concept in named}
    # A current name takes precedence over a former or alternative name of another concept of the list.
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
    usual, *others = concepts[_OTHER].labels if _OTHER in concepts else ("",)
    for other in others:
        respelt = {label.replace(usual, other): found for label, found in meanings.items() if usual in label}
        meanings |= {label: found for label, found in respelt.items() if label not in meanings}
    return {label: tuple(found) for label, found in meanings.items()}


def _units(statements: Statements, concepts: Mapping[str, Concept]) -> dict[str, tuple[str, str]]:
    """Return printed unit -> (key, yuan per unit), the longest word first."""
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
