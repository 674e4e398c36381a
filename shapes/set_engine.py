"""The set-based engine: each rule is evaluated once for all focus nodes, in an in-memory store."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

import pyoxigraph as ox

from ontology.namespaces import DEFAULT_BASE, RDF
from ontology.statements import NTriples, write_ntriples
from shapes.core_constraints import USAGE, CoreQuery, Usage, property_shape_to_queries
from shapes.graph_reader import GraphReader
from shapes.needed_statements import Needed, needed_statements
from shapes.report import Report
from shapes.report_building import SPARQL_COMPONENT, Count, Result, results_to_report
from shapes.rules import Constraint, PropertyShape, Rule, Term, load_rules
from shapes.vocabulary_subset import VocabularySubset

_THIS, _VALUE = ox.Variable("this"), ox.Variable("value")
_MOST_ASKED_ALONE = 8
"""How many failing values are asked one by one, which is faster than a query for all values."""
_MOST_THREADS = 4
_BLANK_NODE = b"_:"
_TYPE = ox.NamedNode(RDF + "type")
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


class _FocusNodes:
    """The focus nodes of classes in a store, the use of their properties, and what is stated, each asked once."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self._nodes: dict[str, frozenset[str]] = {}
        self._usage: dict[str, dict[str, Usage]] = {}
        self._stated: dict[Needed, bool] = {}

    def of(self, rule: Rule) -> frozenset[str]:
        """Return the focus nodes of a rule."""
        if not rule.targets_class:
            return frozenset({rule.target})
        if rule.target not in self._nodes:
            instances = self.store.quads_for_pattern(None, _TYPE, ox.NamedNode(rule.target), ox.DefaultGraph())
            self._nodes[rule.target] = frozenset(_text(quad.subject) for quad in instances)
        return self._nodes[rule.target]

    def usage(self, rule: Rule) -> dict[str, Usage]:
        """Return the use of each property by the focus nodes of a rule that targets a class."""
        if rule.target not in self._usage:
            focus_nodes = len(self.of(rule))
            self._usage[rule.target] = {
                _text(row["path"]): Usage(focus_nodes, int(_text(row["nodes"])), int(_text(row["values"])))
                for row in _rows(self.store, USAGE.format(target=rule.target))
            }
        return self._usage[rule.target]

    def have_all_for(self, select: str) -> bool:
        """Return whether the store has a statement of each kind that a solution of a SELECT needs.

        Planning a query takes longer than these look-ups, and most graphs lack what many rules are about.
        """
        return all(map(self._states, needed_statements(select)))

    def _states(self, needed: Needed) -> bool:
        if needed not in self._stated:
            found = self.store.quads_for_pattern(None, *needed, ox.DefaultGraph())
            self._stated[needed] = next(found, None) is not None
        return self._stated[needed]


def check(
    triples: Iterable[ox.Triple],
    *,
    vocabulary: Iterable[ox.Triple] = (),
    base: str = DEFAULT_BASE,
    families: Collection[str] | None = None,
) -> Report:
    """Check a version graph against every rule, or against the rules of some `families`.

    `vocabulary` holds what rules and messages need beside the graph (`select_vocabulary` selects it): required kinds of
    table, names of kinds and units, names and lists of codes. Without it no table is required, units are shown by their
    codes, and codes are not checked.
    """
    store = graph_to_store(triples, vocabulary)
    rules = [rule for rule in load_rules(base) if families is None or rule.family in families]
    nodes = _FocusNodes(store)
    refining = {rule.refines: rule for rule in rules if rule.refines is not None}
    counted = [rule for rule in rules if rule.refines is None]

    def evaluate(rule: Rule) -> tuple[Count, Mapping[str, Sequence[Result]]]:
        count = _count(nodes, rule)
        alike = (rule, refining[rule.identifier]) if rule.identifier in refining else (rule,)
        return count, {one.identifier: [*_rule_results(nodes, one, count.failing(one))] for one in alike}

    evaluated = list(zip(counted, _at_once(evaluate, counted), strict=True))
    counts = {rule.identifier: count for rule, (count, _) in evaluated}
    found = {identifier: results for _, (_, of_rules) in evaluated for identifier, results in of_rules.items()}
    results = [result for rule in rules for result in found[rule.identifier]]
    return results_to_report(results, counts, rules, GraphReader(store, base))


def _at_once(function: Callable[[_Item], _Made], items: Sequence[_Item]) -> list[_Made]:
    """Return what a function makes of each item, made in several threads if processors are free for them.

    The store lets other threads run while it evaluates a query. In a process of a pool, the other processes use the
    other processors.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = 1 if multiprocessing.parent_process() else min(processors, _MOST_THREADS)
    if threads == 1:
        return [function(item) for item in items]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(function, items))


def triples_to_store(*graphs: Iterable[ox.Triple]) -> ox.Store:
    """Return an in-memory store with all `graphs` in its default graph.

    A graph is loaded as text, which takes half the time of making a quad of each triple; only a graph with blank nodes,
    which loading would rename, is not.
    """
    store = ox.Store()
    for graph in (graph if isinstance(graph, NTriples) else tuple(graph) for graph in graphs):
        text = write_ntriples(graph)
        if _BLANK_NODE in text:
            store.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in graph)
        else:
            store.load(text, ox.RdfFormat.N_TRIPLES, lenient=True)
    return store


def graph_to_store(triples: Iterable[ox.Triple], vocabulary: Iterable[ox.Triple]) -> ox.Store:
    """Return an in-memory store with a graph and the vocabulary for it."""
    if not isinstance(vocabulary, VocabularySubset):
        return triples_to_store(triples, vocabulary)
    store = triples_to_store(triples, vocabulary.graph)
    store.extend([ox.Quad(t.subject, t.predicate, t.object) for t in vocabulary.about(store)])
    return store


def _rule_results(nodes: _FocusNodes, rule: Rule, failing: frozenset[str] | None) -> Iterator[Result]:
    """Yield the results of a rule; `failing` are the values known to fail it, None if unknown."""
    if failing is not None and not failing:
        return
    focus_nodes = nodes.of(rule)
    if rule.properties and focus_nodes:
        usage, unused = nodes.usage(rule), Usage(len(focus_nodes), 0, 0)
        for shape in rule.properties:
            for query in property_shape_to_queries(shape, rule.target, usage.get(shape.path, unused)):
                yield from _property_results(nodes.store, rule, shape, query)
    if rule.constraints and focus_nodes:
        for constraint in rule.constraints:
            if nodes.have_all_for(constraint.select):
                yield from _constraint_results(nodes.store, rule, constraint, focus_nodes, failing)


def _property_results(store: ox.Store, rule: Rule, shape: PropertyShape, query: CoreQuery) -> Iterator[Result]:
    for row in _rows(store, query.select):
        value = row.get("value")
        yield Result(
            rule=rule,
            shape=shape.iri,
            component=query.component,
            message=shape.message,
            focus=_text(row["this"]),
            value=None if value is None or isinstance(value, ox.Literal) else _text(value),
            literal=value.value if isinstance(value, ox.Literal) else None,
            path=shape.path,
        )


def _constraint_results(
    store: ox.Store,
    rule: Rule,
    constraint: Constraint,
    focus_nodes: frozenset[str],
    failing: frozenset[str] | None,
) -> Iterator[Result]:
    bound = None if rule.targets_class else ox.NamedNode(rule.target)
    only = failing if failing is not None and len(failing) <= _MOST_ASKED_ALONE else (None,)
    rows = [row for value in only for row in _rows(store, constraint.select, bound, value)]
    for row in rows:
        focus = _text(row.get("this", bound))
        if focus not in focus_nodes:
            continue
        yield Result(
            rule=rule,
            shape=rule.iri,
            component=SPARQL_COMPONENT,
            message=constraint.message,
            focus=focus,
            value=_text(row["value"]) if "value" in row else focus,
            bindings={name: _text(term) for name, term in row.items() if name not in ("this", "value")},
        )


def _count(nodes: _FocusNodes, rule: Rule) -> Count:
    if rule.count is None:
        return Count(len(nodes.of(rule)) * len(rule.properties), 0)
    if nodes.have_all_for(rule.count):
        return _told_count(_rows(nodes.store, rule.count))
    return _count_of_nothing(rule.count)


@lru_cache(maxsize=512)
def _count_of_nothing(select: str) -> Count:
    """Return what a counting query tells of an empty graph, as of any without the statements that it needs."""
    return _told_count(_rows(ox.Store(), select))


def _told_count(rows: list[dict[str, Term]]) -> Count:
    [row] = rows
    told = {name: _text(term) for name, term in row.items()}
    apart, beyond, rounded = (told.get(name) for name in ("apart", "beyond", "rounded"))
    return Count(
        compared=int(told["compared"]),
        not_applicable=int(told["notApplicable"]),
        apart=None if apart is None else int(apart),
        beyond=None if beyond is None else frozenset(beyond.split()),
        rounded=None if rounded is None else frozenset(rounded.split()),
    )


def _rows(
    store: ox.Store, select: str, this: ox.NamedNode | None = None, value: str | None = None
) -> list[dict[str, Term]]:
    """Return the solutions of a SELECT, bound variables only; `this` and `value` are bound in advance if given."""
    known = {_THIS: this, _VALUE: ox.NamedNode(value) if value else None}
    bound: dict[ox.Variable, Term] = {variable: term for variable, term in known.items() if term is not None}
    solutions = store.query(select, substitutions=bound or None)
    if not isinstance(solutions, ox.QuerySolutions):
        raise ValueError(f"a rule needs a SELECT: {select}")
    names = [variable.value for variable in solutions.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in solutions]


def _text(term: Term | None) -> str:
    """Return the text of an IRI or literal; a blank node as `_:label`."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
