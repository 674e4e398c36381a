"""The reference engine: pySHACL validates a graph against the shipped rules.

It is slow, since it evaluates every rule for every focus node. Tests compare the set-based engine with its results.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as QueryResult
from rdflib.query import ResultRow
from rdflib.term import Node

from ontology.namespaces import DEFAULT_BASE, RDF, SH
from shapes.graph_reader import GraphReader
from shapes.report import Report
from shapes.report_building import SPARQL_COMPONENT, Count, Result, results_to_report
from shapes.rules import Constraint, PropertyShape, Rule, load_rule_triples, load_rules
from shapes.set_engine import graph_to_store

# pySHACL returns bindings only in messages, so each constraint gets one more message that contains all of them.
_SEPARATOR = "\u001f"
_PROJECTED = re.compile(r"\bSELECT\b(.*?)\bWHERE\b", re.DOTALL)
_VARIABLE = re.compile(r"[?$](\w+)(?=\s*\)|\s|$)")


class _Graph(rdflib.Graph):
    """A graph that caches parsed queries for the process: rdflib takes longer to parse a rule than to evaluate it."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> QueryResult:
        prepared = _prepare(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


@cache
def _prepare(text: str) -> Query:
    return prepareQuery(text)


def check_with_pyshacl(
    triples: Iterable[ox.Triple],
    *,
    vocabulary: Iterable[ox.Triple] = (),
    base: str = DEFAULT_BASE,
    families: Collection[str] | None = None,
) -> Report:
    """Return the report of `shapes.check` with the results of pySHACL; same arguments."""
    store = graph_to_store(triples, vocabulary)
    data = triples_to_rdflib(quad.triple for quad in store)
    chosen = None if families is None else frozenset(families)
    rules = [rule for rule in load_rules(base) if chosen is None or rule.family in chosen]
    _, report, _ = pyshacl.validate(data, shacl_graph=_shapes(base, chosen), inference="none", advanced=False)
    if not isinstance(report, rdflib.Graph):
        raise ValueError(f"pySHACL gave no report: {report!r}")
    counts = {rule.identifier: _count(data, rule) for rule in rules if rule.refines is None}
    return results_to_report(_results(report, rules), counts, rules, GraphReader(store, base))


@cache
def _shapes(base: str, families: frozenset[str] | None) -> rdflib.Graph:
    """Return the shapes, each constraint with a message that carries its bindings; pySHACL does not modify them.

    Rules outside `families` are deactivated.
    """
    shapes = triples_to_rdflib(load_rule_triples(base))
    for rule in load_rules(base):
        if families is not None and rule.family not in families:
            shapes.add((rdflib.URIRef(rule.iri), rdflib.URIRef(SH + "deactivated"), rdflib.Literal(True)))
        for constraint in rule.constraints:
            carrier = _SEPARATOR.join(f"{name}={{?{name}}}" for name in _projected(constraint))
            message = rdflib.Literal(_SEPARATOR + carrier + _SEPARATOR)
            shapes.add((rdflib.URIRef(constraint.iri), rdflib.URIRef(SH + "message"), message))
    return shapes


def _projected(constraint: Constraint) -> list[str]:
    """Return the variables that a SELECT projects: plain ones, and those named by AS."""
    match = _PROJECTED.search(constraint.select)
    if match is None:
        raise ValueError(f"{constraint.iri} is no SELECT")
    clause = match[1]
    named = re.findall(r"\bAS\s+[?$](\w+)\s*\)", clause)
    depth, plain = 0, ""
    for character in clause:
        depth += (character == "(") - (character == ")")
        plain += character if depth == 0 else ""
    return [name for name in [*_VARIABLE.findall(plain), *named] if name not in ("this", "value")]


def _results(report: rdflib.Graph, rules: Iterable[Rule]) -> Iterator[Result]:
    shapes: dict[str, tuple[Rule, PropertyShape | None]] = {}
    for rule in rules:
        shapes[rule.iri] = (rule, None)
        shapes.update({shape.iri: (rule, shape) for shape in rule.properties})
    constraints = {c.iri: c for rule, _ in shapes.values() for c in rule.constraints}
    for node in report.subjects(rdflib.URIRef(RDF + "type"), rdflib.URIRef(SH + "ValidationResult")):
        said = {
            name: report.value(node, rdflib.URIRef(SH + name))
            for name in ("sourceShape", "focusNode", "value", "resultPath", "sourceConstraint")
        }
        component = str(report.value(node, rdflib.URIRef(SH + "sourceConstraintComponent")))
        messages = [str(message) for message in report.objects(node, rdflib.URIRef(SH + "resultMessage"))]
        rule, shape = shapes[str(said["sourceShape"])]
        value = said["value"]
        is_literal = isinstance(value, rdflib.Literal)
        by_sparql = component == SPARQL_COMPONENT
        yield Result(
            rule=rule,
            shape=str(said["sourceShape"]),
            component=component,
            message=constraints[str(said["sourceConstraint"])].message if shape is None else shape.message,
            focus=_text(said["focusNode"]),
            value=None if value is None or (is_literal and not by_sparql) else _text(value),
            literal=str(value) if is_literal and not by_sparql else None,
            path=None if said["resultPath"] is None else str(said["resultPath"]),
            bindings=_bindings(messages) if by_sparql else {},
        )


def _bindings(messages: Iterable[str]) -> Mapping[str, str]:
    carrier = next(message for message in messages if message.startswith(_SEPARATOR))
    pairs = (pair.split("=", 1) for pair in carrier.strip(_SEPARATOR).split(_SEPARATOR) if pair)
    return {name: text for name, text in pairs if text != f"{{?{name}}}"}


def _count(data: rdflib.Graph, rule: Rule) -> Count:
    if rule.count is None:
        kind, target = rdflib.URIRef(RDF + "type"), rdflib.URIRef(rule.target)
        return Count(len(set(data.subjects(kind, target))) * len(rule.properties), 0)
    [row] = [solution.asdict() for solution in data.query(rule.count) if isinstance(solution, ResultRow)]
    return Count(int(row["compared"]), int(row["notApplicable"]))


def triples_to_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Convert triples to a graph of rdflib."""
    graph = _Graph()
    for triple in triples:
        graph.add((_to_rdflib(triple.subject), _to_rdflib(triple.predicate), _to_rdflib(triple.object)))
    return graph


def _to_rdflib(term: object) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal() if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        case ox.Literal():
            return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))
    raise ValueError(f"no term of RDF 1.1: {term}")


def _text(term: Node | None) -> str:
    return f"_:{term}" if isinstance(term, rdflib.BNode) else str(term)
