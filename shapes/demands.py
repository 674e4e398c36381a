"""What law and practice demand of a disclosure, with the rules that ask for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.namespaces import DEFAULT_BASE, SKOS
from shapes.rules import RULES, Text, load_rule_triples

_DEMANDS = DEFAULT_BASE + "rules/demand/"


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand: its number, its label, the law or practice that it comes from, and the identifiers of its rules.

    `note` says in each language how far the rules go; it is empty where there is nothing to say.
    """

    number: int
    label: Text
    basis: str
    rules: tuple[str, ...]
    note: Text


def load_demands() -> tuple[Demand, ...]:
    """Return all demands of `shapes/demands.ttl` by number."""
    said: dict[str, dict[str, list[ox.Literal | ox.NamedNode]]] = defaultdict(lambda: defaultdict(list))
    for triple in load_rule_triples():
        value, subject = triple.object, triple.subject
        if isinstance(value, ox.Literal | ox.NamedNode) and isinstance(subject, ox.NamedNode):
            said[subject.value][triple.predicate.value].append(value)
    demands = [
        Demand(
            number=int(of[SKOS + "notation"][0].value),
            label=_texts(of[SKOS + "prefLabel"]),
            basis=of[RULES + "basis"][0].value,
            rules=tuple(rule.value.removeprefix(RULES) for rule in of[RULES + "checkedBy"]),
            note=_texts(of[SKOS + "scopeNote"]),
        )
        for iri, of in said.items()
        if iri.startswith(_DEMANDS) and iri != _DEMANDS
    ]
    return tuple(sorted(demands, key=lambda demand: demand.number))


def _texts(values: list[ox.Literal | ox.NamedNode]) -> Text:
    return {value.language: value.value for value in values if isinstance(value, ox.Literal) and value.language}
