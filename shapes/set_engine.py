"""The set-based engine: each rule is evaluated once for all focus nodes, in an in-memory store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from ontology.namespaces import DEFAULT_BASE, RDF
from shapes.core_constraints import USAGE, CoreQuery, Usage, property_shape_to_queries
from shapes.graph_reader import GraphReader
from shapes.report import Report
from shapes.report_building import SPARQL_COMPONENT, Count, Result, results_to_report
from shapes.rules import Constraint, PropertyShape, Rule, Term, load_rules
from shapes.vocabulary_subset import VocabularySubset

_THIS = ox.Variable("this")


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
    counts = {rule.identifier: _count(store, rule) for rule in rules if rule.refines is None}
    results = [
        result
        for rule in rules
        if not counts[rule.refines or rule.identifier].settled
        for result in _rule_results(store, rule)
    ]
    return results_to_report(results, counts, rules, GraphReader(store, base))


def triples_to_store(*graphs: Iterable[ox.Triple]) -> ox.Store:
    """Return an in-memory store with all `graphs` in its default graph."""
    store = ox.Store()
    store.bulk_extend(
        ox.Quad(triple.subject, triple.predicate, triple.object) for triples in graphs for triple in triples
    )
    return store


def graph_to_store(triples: Iterable[ox.Triple], vocabulary: Iterable[ox.Triple]) -> ox.Store:
    """Return an in-memory store with a graph and the vocabulary for it."""
    store = triples_to_store(triples, vocabulary)
    if isinstance(vocabulary, VocabularySubset):
        store.extend([ox.Quad(t.subject, t.predicate, t.object) for t in vocabulary.about(store)])
    return store


def _rule_results(store: ox.Store, rule: Rule) -> Iterator[Result]:
    if rule.properties:
        usage = _usage(store, rule.target)
        unused = Usage(len(_focus_nodes(store, rule)), 0, 0)
        for shape in rule.properties:
            for query in property_shape_to_queries(shape, rule.target, usage.get(shape.path, unused)):
                yield from _property_results(store, rule, shape, query)
    if rule.constraints and (focus_nodes := _focus_nodes(store, rule)):
        for constraint in rule.constraints:
            yield from _constraint_results(store, rule, constraint, focus_nodes)


def _usage(store: ox.Store, target: str) -> dict[str, Usage]:
    """Return the use of each property by the instances of a class; `rdf:type` gives the number of instances."""
    rows = {
        _text(row["path"]): (int(_text(row["nodes"])), int(_text(row["values"])))
        for row in _rows(store, USAGE.format(target=target))
    }
    focus_nodes, _ = rows.get(RDF + "type", (0, 0))
    return {path: Usage(focus_nodes, nodes, values) for path, (nodes, values) in rows.items()}


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
    store: ox.Store, rule: Rule, constraint: Constraint, focus_nodes: frozenset[str]
) -> Iterator[Result]:
    bound = None if rule.targets_class else ox.NamedNode(rule.target)
    for row in _rows(store, constraint.select, bound):
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


def _focus_nodes(store: ox.Store, rule: Rule) -> frozenset[str]:
    if not rule.targets_class:
        return frozenset({rule.target})
    return frozenset(_text(row["this"]) for row in _rows(store, f"SELECT ?this WHERE {{ ?this a <{rule.target}> }}"))


def _count(store: ox.Store, rule: Rule) -> Count:
    if rule.count is None:
        return Count(len(_focus_nodes(store, rule)) * len(rule.properties), 0)
    [row] = _rows(store, rule.count)
    apart = int(_text(row["apart"])) if "apart" in row else None
    return Count(int(_text(row["compared"])), int(_text(row["notApplicable"])), apart)


def _rows(store: ox.Store, select: str, this: ox.NamedNode | None = None) -> list[dict[str, Term]]:
    """Yield the solutions of a SELECT, bound variables only; `this` is bound in advance if given."""
    solutions = store.query(select, substitutions={_THIS: this} if this else None)
    if not isinstance(solutions, ox.QuerySolutions):
        raise ValueError(f"a rule needs a SELECT: {select}")
    names = [variable.value for variable in solutions.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in solutions]


def _text(term: Term | None) -> str:
    """Return the text of an IRI or literal; a blank node as `_:label`."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
