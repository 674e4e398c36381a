"""Where a query fails, and what is said of it."""

import pytest
from pyoxigraph import Store

from server.errors import MalformedQueryError, UndeclaredPrefixError
from server.execution.engine import evaluate
from server.execution.evaluator import Question


@pytest.mark.parametrize(
    ("query", "line", "column", "excerpt"),
    [
        ("", 1, 1, "▲"),
        ("SELCT ?s { ?s a ?o }", 1, 1, "▲SELCT ?s"),
        ("SELECT * WHERE { ?s ?p }", 1, 24, "?p ▲}"),
        ("SELECT * {\n ?s ?p ?o .\n  FILTR(?o > 3)\n}", 3, 3, "▲FILTR(?o > 3)"),
        ("SELECT * { ?s ?p ?o FILTER( } LIMIT 10", 1, 29, "FILTER( ▲}"),
        ("SELECT ?s, ?o { ?s ?p ?o }", 1, 10, "SELECT ?s▲, ?o"),
        ("SELECT * { ?s ?p ?o } LIMIT x", 1, 29, "LIMIT ▲x"),
        ("SELECT * { ?s ?p ?o", 1, 20, "?o▲"),
        ("ASK {} ASK {}", 1, 8, "ASK {} ▲ASK {}"),
        ("SELECT * {\n 预算 ?p ?o }", 2, 2, "▲预算 ?p"),
        ("SELECT ?n { ?s ?p ?o } GROUP BY ?s", 1, 35, "contains a variable that is unbound"),
    ],
)
def test_the_place_is_the_first_word_that_cannot_stand_there(query: str, line: int, column: int, excerpt: str) -> None:
    with pytest.raises(MalformedQueryError) as caught:
        evaluate(Store(), Question(query, base="http://example.org/"))
    values = caught.value.values
    assert (values["line"], values["column"]) == (line, column)
    assert excerpt in str(values["detail"])
    assert f"line {line}, column {column}" in caught.value.text("en")


@pytest.mark.parametrize("query", ["SELECT * {\n ?s foaf:name ?o }", "ASK {\n ?s foaf:name 1 }"])
def test_a_prefix_that_is_not_declared_is_named_with_where_prefixes_are_listed(query: str) -> None:
    with pytest.raises(UndeclaredPrefixError) as caught:
        evaluate(Store(), Question(query, base="http://example.org/"))
    assert "第 2 行" in caught.value.text("zh")
    assert "▲foaf:name" in caught.value.text("zh")
    assert "/prefixes" in caught.value.text("zh")
    assert "not declared at line 2" in caught.value.text("en")
