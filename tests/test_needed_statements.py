"""What a query needs of a graph, so that rules about what a graph lacks are not asked."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from ontology.namespaces import DEFAULT_BASE, RDF
from shapes.needed_statements import needed_statements
from shapes.rules import load_rules
from shapes.set_engine import graph_to_store
from yusuan.api import convert_disclosure
from yusuan.checked_document import rule_vocabulary

TYPE = ox.NamedNode(RDF + "type")
PREFIX = "PREFIX : <urn:>\n"


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"urn:{name}")


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("?s a :C ; :p ?o , ?q .", {(TYPE, iri("C")), (iri("p"), None)}),
        ("?s :p :o ; ?any 'x'@en ; :q \"a } b\"^^:t", {(iri("p"), iri("o")), (iri("q"), None)}),
        ("?s :p ?o OPTIONAL { ?s :q ?r } MINUS { ?s :r ?t } FILTER(?o > 1 || EXISTS { ?s :t ?u })", {(iri("p"), None)}),
        ("FILTER NOT EXISTS { ?s :q ?r } BIND(1 AS ?one) VALUES ?x { :q } ?s :p ?o", {(iri("p"), None)}),
        ("{ ?s :p ?o ; :q ?r } UNION { ?s :p ?o ; :r ?t }", {(iri("p"), None)}),
        ("{ { ?s :p ?o } } ?s :q/^:r ?t ; :t|:u ?v ; :v* ?w ; (:x|:y) ?z", {(iri(n), None) for n in "pqr"}),
        (
            "{ SELECT ?s (COUNT(?o) AS ?n) WHERE { ?s :p ?o } GROUP BY ?s } ?s :q ?r",
            {(iri("p"), None), (iri("q"), None)},
        ),
        ("{ SELECT (COUNT(?o) AS ?n) WHERE { ?s :p ?o } } ?s :q ?r", {(iri("q"), None)}),
        ("SELECT ?s WHERE { ?s :p ?o . } LIMIT 1", {(iri("p"), None)}),
    ],
)
def test_every_solution_needs_the_statements_of_its_pattern(
    pattern: str, needed: set[tuple[ox.NamedNode, ox.NamedNode | None]]
) -> None:
    assert needed_statements(f"{PREFIX}SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}") == needed


@pytest.mark.parametrize(
    "select",
    [
        "SELECT (EXISTS { ?a :q ?b } AS ?x) WHERE { ?s :p ?o }",
        "SELECT ?s WHERE { ?s :p ?o } GROUP BY ?s HAVING (EXISTS { ?s :q ?r })",
        "SELECT ?s WHERE { ?s :p ?o } }",
    ],
)
def test_nothing_is_told_of_queries_that_ask_the_graph_elsewhere_or_are_not_understood(select: str) -> None:
    assert needed_statements(PREFIX + select) == frozenset()


def test_rules_answer_as_for_an_empty_graph_where_what_they_need_is_missing(root: Path) -> None:
    graph = convert_disclosure(root / "examples" / "made" / "tushuguan-2022-final.txt").graph
    store, empty = graph_to_store(graph, rule_vocabulary(DEFAULT_BASE)), ox.Store()
    skipped = 0
    for rule in load_rules(DEFAULT_BASE):
        for select in (*(c.select for c in rule.constraints), *([rule.count] if rule.count else ())):
            needed = needed_statements(select)
            if any(next(store.quads_for_pattern(None, *one, ox.DefaultGraph()), None) is None for one in needed):
                assert answers(store, select) == answers(empty, select), rule.identifier
                skipped += 1
    assert skipped > 50


def answers(store: ox.Store, select: str) -> list[list[str]]:
    solutions = store.query(select)
    assert isinstance(solutions, ox.QuerySolutions)
    return [[str(term) for term in row] for row in solutions]
