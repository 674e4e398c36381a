"""Refusing by token: what calls other services and what is an update, however it is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QueryTriples, Store

from server.sparql.tokens import LONG, dataset_clause, has_service_clause, is_update, is_volatile, tokens

REMOTE = "http://127.0.0.1:1/"  # a port that the engine itself refuses to call

CALLING = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { sErViCe <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERVICE#c\n<http://x/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERVICE#c\rSILENT#d\n?x { ?s ?p ?o } }",
    "SELECT * { SERVICE?x{ ?s ?p ?o } }",
    "PREFIX x: <http://x/> SELECT * { SERVICE x:y { ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { SERVICE:y { ?s ?p ?o } }",
    "PREFIX x: <http://x/> SELECT * { SERVICEx:y { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE<http://x/>{ ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { ?s ?p ?service SERVICE:y{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 1.SERVICE<http://x/>{ ?s ?p ?o } }",
    "PREFIX x: <http://x/> SELECT * { ?s ?p x:.SERVICE<http://x/>{ ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { BIND(1 AS ?b) FILTER(0<?b&&'>'!='x')SERVICE <http://x/> { ?s ?p ?o } #' \n }",
    "SELECT * { BIND(1 AS ?b) VALUES ?x { <http://x/> } FILTER(0<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
    "SELECT * { ?graph SERVICE:x { ?s ?p ?o } }",
    "SELECT * { # GRAPH\nSERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o OPTIONAL { { SELECT * { SERVICE <http://x/> { ?s ?p ?o } } } } }",
]
HARMLESS = [
    "SELECT ?service { ?service ?p ?o }",
    'SELECT * { ?s ?p "SERVICE <http://x/> { ?s ?p ?o }" }',
    "SELECT * { ?s ?p '''SERVICE <http://x/> { ?s '' ?o }''' }",
    "PREFIX service: <http://x/> SELECT * { ?s service:x ?o . service:y ?p ?o }",
    "PREFIX service: <http://x/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "PREFIX x: <http://x/> SELECT * { ?s x:SERVICE ?o { ?s x:a\\#SERVICE ?o } }",
    "SELECT * { ?s ?p ?o # SERVICE <http://x/> { ?s ?p ?o }\n }",
    "SELECT * { ?s <http://x/SERVICE> ?o }",
    "SELECT * { GRAPH <http://x/SERVICE> { ?s ?p ?o } }",
    'SELECT * { ?s ?p "x"@en-service { ?s ?p ?o } }',
    "SELECT * { _:service ?p ?o { ?s ?p ?o } }",
]
UPDATES = [
    "INSERT DATA { <a> <b> <c> }",
    "PREFIX x: <http://x/> dElEtE WHERE { ?s ?p ?o }",
    "BASE <http://x/>\n# comment\nLOAD <y>",
    "WITH <http://x/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DROP ALL",
    "SELECT * { ?s ?p ?o } ; LOAD <http://x/>",
]
QUERIES = [
    "SELECT * { ?s ?load ?o }",
    "PREFIX load: <http://x/> ASK { load:x ?p 'LOAD' } # LOAD",
    "PREFIX insert: <http://x/> SELECT * { ?s insert:delete <LOAD> }",
]


@pytest.mark.parametrize("query", CALLING)
def test_a_service_clause_is_seen(query: str) -> None:
    assert has_service_clause(query)


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_service_elsewhere_is_legal(query: str) -> None:
    assert not has_service_clause(query)
    Store().query(query)


@pytest.mark.parametrize("text", UPDATES)
def test_an_update_is_seen(text: str) -> None:
    assert is_update(text)


@pytest.mark.parametrize("text", [*QUERIES, *HARMLESS])
def test_a_query_is_no_update(text: str) -> None:
    assert not is_update(text)


PIECES = st.sampled_from(
    [
        *("SERVICE", "sErViCe", "SERVICE:y", "SERVICEx:", "SILENT", f"<{REMOTE}>", "?x", "x:y", ":", "x:a."),
        *("{?s ?p ?o}", "{?s ?p ?o}", "{}", " ", "\n", "#", "'", '"', "'''", "<", ">", "#>\n", "'>'", ")", "1."),
        *("true", ".", ";", ",", "?s ?p", "?s ?p ?o.", "GRAPH", "_:b.", "@en", "\\'", "\\u0053", "&&", "!="),
        "FILTER(1<?b",
    ]
)


@settings(max_examples=1000)
@given(st.lists(PIECES, min_size=2, max_size=8), st.booleans())
def test_whatever_the_engine_would_call_is_refused(pieces: list[str], spaced: bool) -> None:
    body = (" " if spaced else "").join(pieces)
    query = f"PREFIX : <{REMOTE}> PREFIX x: <{REMOTE}> SELECT * {{ ?s ?p ?o {body} }}"
    store = Store()
    store.add(Quad(NamedNode(REMOTE), NamedNode(REMOTE), Literal(1)))
    called = False
    try:
        result = store.query(query)
        if not isinstance(result, QueryBoolean | QueryTriples):
            list(result)
    except SyntaxError:
        pass
    except OSError:
        called = True
    except RuntimeError as error:
        called = "service" in str(error)
    assert not called or has_service_clause(query)


def test_tokens_leave_out_space_and_comments() -> None:
    found = [(token.kind, token.text) for token in tokens("SELECT ?x # c\n{ x:y <z> 'a\\'b' 1.5 . }")]
    assert found == [
        ("word", "SELECT"),
        ("variable", "?x"),
        ("mark", "{"),
        ("prefixed", "x:y"),
        ("iri", "<z>"),
        ("string", "'a\\'b'"),
        ("number", "1.5"),
        ("mark", "."),
        ("mark", "}"),
    ]


def test_the_dataset_clause_is_read() -> None:
    query = "PREFIX x: <http://x/> SELECT * FROM <a> FROM NAMED x:b FROM x:c { ?from x:FROM 'FROM <d>' }"
    assert dataset_clause(query) == ("PREFIX x: <http://x/> ", ["<a>", "x:c"], ["x:b"])


def test_the_dataset_clause_is_read_however_it_is_written() -> None:
    assert dataset_clause("SELECT * FR\\u004fM <a> from#c\nnamed <b> {}")[1:] == (["<a>"], ["<b>"])
    assert dataset_clause("SELECT * {}") == ("SELECT * {}", [], [])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?n) {}",
        "SELECT (rAnD ( ) AS ?n) {}",
        "SELECT (UUID#c\n() AS ?n) {}",
        "SELECT * { BIND(STRUUID() AS ?n) }",
        "SELECT * { BIND(BNODE('x') AS ?n) }",
        "SELECT * { FILTER(true&&\\u004eOW() > 1) }",
        "SELECT * { ?s ?p ?o } # now" + LONG * " ",
    ],
)
def test_a_query_that_answers_anew_each_time_is_seen(query: str) -> None:
    assert is_volatile(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?now { ?now ?rand ?uuid }",
        "SELECT (1 AS ?now) { BIND ('NOW()' AS ?x) } # RAND()",
        "PREFIX now: <http://x/> SELECT * { ?s now:uuid ?bnode }",
        "SELECT * { ?s ?p ?o }" + LONG * " ",
    ],
)
def test_other_queries_may_be_kept(query: str) -> None:
    assert not is_volatile(query)
