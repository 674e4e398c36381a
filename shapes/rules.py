"""Rules loaded from Turtle: SHACL shapes with an identifier, a family, a severity, messages and a counting query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from ontology.caching import cached
from ontology.messages import Templates, triples_to_templates
from ontology.namespaces import DCT, DEFAULT_BASE, RDF, RDFS, SEVERITIES, SH, SKOS
from shapes.versions import turtle_files, version_triples

LANGUAGES = ("zh", "en")
SENTENCE_FAMILIES = ("change", "sentence")
"""The families of rules about what a sentence says of a figure and its change."""
RULES = DEFAULT_BASE + "rules#"
_PREFIXES = DEFAULT_BASE + "rules"
_STRUCTURE = "structure"
"""The family of rules about graphs, not about what they say."""

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

Text = Mapping[str, str]
"""The same words in each of `LANGUAGES`."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A `sh:sparql` constraint: its SELECT with prefixes, and its message templates."""

    iri: str
    select: str
    message: Text


@dataclass(frozen=True, slots=True)
class PropertyShape:
    """A property shape of SHACL Core: `parameters` are (constraint parameter, value) pairs without `sh:path`."""

    iri: str
    path: str
    parameters: tuple[tuple[str, Term], ...]
    message: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `target` is a class if `targets_class`, else the only focus node; `count` yields the comparisons.

    `basis_note` is for the register only: what of the basis was not verified. `since` is the number of the version of
    the rules that had it first, `example` what a finding says. A rule that `refines` another makes the same comparisons
    with a lower severity: those that fail the other are not applicable.
    """

    identifier: str
    iri: str
    family: str
    severity: str
    title: Text
    explanation: Text
    basis: Text
    basis_note: Text | None
    since: str
    example: Text | None
    target: str
    targets_class: bool
    constraints: tuple[Constraint, ...]
    properties: tuple[PropertyShape, ...]
    count: str | None
    refines: str | None


class _Statements:
    """Triples by subject and predicate, in the order of the files."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._of: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self._of[_value(triple.subject)][triple.predicate.value].append(triple.object)

    def of(self, subject: str) -> Mapping[str, list[Term]]:
        return self._of[subject]

    def having(self, predicate: str, value: str) -> list[str]:
        return [s for s, po in self._of.items() if any(_value(o) == value for o in po.get(predicate, ()))]

    def all(self, subject: str, predicate: str) -> list[str]:
        return [_value(o) for o in self._of[subject].get(predicate, ())]

    def maybe(self, subject: str, predicate: str) -> str | None:
        return next(iter(self.all(subject, predicate)), None)

    def one(self, subject: str, predicate: str) -> str:
        values = self.all(subject, predicate)
        if len(values) != 1:
            raise ValueError(f"{subject} has {len(values)} values of {predicate}; a rule needs exactly one")
        return values[0]

    def text(self, subject: str, predicate: str) -> Text:
        words = {o.language: o.value for o in self._of[subject].get(predicate, ()) if isinstance(o, ox.Literal)}
        if set(words) != set(LANGUAGES):
            raise ValueError(f"{subject} needs {predicate} once in each of {', '.join(LANGUAGES)}")
        return {language: words[language] for language in LANGUAGES}

    def maybe_text(self, subject: str, predicate: str) -> Text | None:
        return self.text(subject, predicate) if self.all(subject, predicate) else None


def _value(term: object) -> str:
    if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode):
        return term.value
    raise ValueError(f"the rules hold a term that is neither IRI nor literal: {term}")


@cached
def load_rule_triples(base: str = DEFAULT_BASE) -> tuple[ox.Triple, ...]:
    """Return all triples of the shapes graph with IRIs under `base`, including those inside queries."""
    return (
        *version_triples(base),
        *(
            quad.triple
            for path in turtle_files()
            for quad in ox.parse(path.read_text(encoding="utf-8").replace(DEFAULT_BASE, base), ox.RdfFormat.TURTLE)
        ),
    )


@cached
def load_rules(base: str = DEFAULT_BASE) -> tuple[Rule, ...]:
    """Return all rules by family. Raise ValueError if a rule lacks a part or a language."""
    return triples_to_rules(load_rule_triples(base), base)


def triples_to_rules(triples: Iterable[ox.Triple], base: str = DEFAULT_BASE) -> tuple[Rule, ...]:
    """Return the rules in a shapes graph by family. Raise ValueError if a rule lacks a part or a language."""
    statements = _Statements(triples)
    namespace = RULES.replace(DEFAULT_BASE, base)
    prefixes = _prefixes(statements, _PREFIXES.replace(DEFAULT_BASE, base))
    families = {
        iri: (float(statements.one(iri, SH + "order")), statements.one(iri, SKOS + "notation"))
        for iri in statements.having(SKOS + "inScheme", namespace + "families")
    }
    rules = [
        _rule(statements, iri, namespace, prefixes, families)
        for iri in statements.having(RDF + "type", namespace + "Rule")
        if statements.maybe(iri, RDFS + "subClassOf") is None
    ]
    order = {name: position for position, name in families.values()}
    return tuple(sorted(rules, key=lambda rule: order[rule.family]))


@cache
def load_finding_phrases() -> Templates:
    """Load the templates for cells, tables and figures in findings (`shapes/names-in-messages.ttl`)."""
    scheme = DEFAULT_BASE + "rules/phrase/"
    return triples_to_templates(
        triple
        for triple in load_rule_triples()
        if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(scheme)
    )


def content_families(base: str = DEFAULT_BASE) -> frozenset[str]:
    """Return the families about what a disclosure says: all but the structure of graphs.

    A graph that is converted here has its structure by construction, which the tests prove; a graph that is sent has
    to be asked.
    """
    return frozenset(load_families(base)) - {_STRUCTURE}


@cache
def load_families(base: str = DEFAULT_BASE) -> Mapping[str, Text]:
    """Return the labels of each family, in the order of evaluation."""
    return triples_to_families(load_rule_triples(base), base)


def triples_to_families(triples: Iterable[ox.Triple], base: str = DEFAULT_BASE) -> Mapping[str, Text]:
    """Return the labels of each family in a shapes graph, in the order of evaluation."""
    statements = _Statements(triples)
    schemes = statements.having(SKOS + "inScheme", RULES.replace(DEFAULT_BASE, base) + "families")
    ordered = sorted(schemes, key=lambda iri: float(statements.one(iri, SH + "order")))
    return {statements.one(iri, SKOS + "notation"): statements.text(iri, SKOS + "prefLabel") for iri in ordered}


def _prefixes(statements: _Statements, ontology: str) -> str:
    declared = statements.all(ontology, SH + "declare")
    return "".join(
        f"PREFIX {statements.one(iri, SH + 'prefix')}: <{statements.one(iri, SH + 'namespace')}>\n"
        for iri in sorted(declared)
    )


def _rule(
    statements: _Statements,
    iri: str,
    namespace: str,
    prefixes: str,
    families: Mapping[str, tuple[float, str]],
) -> Rule:
    target_class = statements.maybe(iri, SH + "targetClass")
    count = statements.maybe(iri, namespace + "count")
    refines = statements.maybe(iri, namespace + "refines")
    return Rule(
        identifier=statements.one(iri, DCT + "identifier"),
        iri=iri,
        family=families[statements.one(iri, namespace + "family")][1],
        severity=SEVERITIES[statements.one(iri, SH + "severity")],
        title=statements.text(iri, DCT + "title"),
        explanation=statements.text(iri, DCT + "description"),
        basis=statements.text(iri, namespace + "basis"),
        basis_note=statements.maybe_text(iri, SKOS + "editorialNote"),
        since=statements.one(iri, namespace + "since"),
        example=statements.maybe_text(iri, namespace + "example"),
        target=target_class or statements.one(iri, SH + "targetNode"),
        targets_class=target_class is not None,
        constraints=tuple(
            Constraint(node, prefixes + statements.one(node, SH + "select"), statements.text(node, SH + "message"))
            for node in statements.all(iri, SH + "sparql")
        ),
        properties=tuple(_property_shape(statements, node) for node in statements.all(iri, SH + "property")),
        count=prefixes + count if count else None,
        refines=statements.one(refines, DCT + "identifier") if refines else None,
    )


def _property_shape(statements: _Statements, iri: str) -> PropertyShape:
    said_elsewhere = {SH + "path", SH + "message", SH + "severity"}
    return PropertyShape(
        iri=iri,
        path=statements.one(iri, SH + "path"),
        parameters=tuple(
            (predicate, value)
            for predicate, values in statements.of(iri).items()
            if predicate.startswith(SH) and predicate not in said_elsewhere
            for value in values
        ),
        message=statements.text(iri, SH + "message"),
    )
