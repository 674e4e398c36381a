"""The formats of answers, and the datasets of queries, over the SPARQL Protocol."""

from collections.abc import Iterator
from xml.etree import ElementTree

import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from small_protocol import CONSTRUCT, JSON, SELECT, SUM, XML, protocol_client, rows
from small_service import rdf_text
from small_store import BASE, FIRST, PREFIXES, version_iri

from ontology.namespaces import RDF


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with protocol_client(tmp_path_factory.mktemp("protocol") / "store") as client:
        yield client


# ── Formats ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("accept", "content_type", "begins"),
    [
        ("*/*", JSON, b'{"head":{"vars":["s"]}'),
        (XML, XML, b"<?xml"),
        ("text/csv", "text/csv; charset=utf-8", b"s\r\nhttps:"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?s\n<https:"),
        ("application/json", "application/json", b'{"head"'),
        ("text/turtle;q=1, text/csv;q=0.1", "text/csv; charset=utf-8", b"s\r\n"),
    ],
)
def test_formats_of_select(client: httpx2.Client, accept: str, content_type: str, begins: bytes) -> None:
    response = client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    assert response.content.startswith(begins)


@pytest.mark.parametrize(
    ("accept", "content"),
    [(JSON, b'{"head":{},"boolean":true}'), (XML, b"<boolean>true</boolean>"), ("text/csv", b"true")],
)
def test_formats_of_ask(client: httpx2.Client, accept: str, content: bytes) -> None:
    response = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": accept})
    assert content in response.content


@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE <https://w3id.org/yusuan/id/series/s>"])
@pytest.mark.parametrize(
    ("accept", "content_type", "format"),
    [
        ("*/*", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        (JSON, "application/ld+json", RdfFormat.JSON_LD),  # for clients that name formats of results only
        ("image/png", None, None),
        ("application/n-triples", "application/n-triples", RdfFormat.N_TRIPLES),
        ("application/n-quads", "application/n-quads", RdfFormat.N_QUADS),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_formats_of_graphs(
    client: httpx2.Client, query: str, accept: str, content_type: str | None, format: RdfFormat | None
) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    if format is None:
        assert response.status_code == 406
        return
    assert response.headers["content-type"] == content_type
    found = parse(rdf_text(response, client), format)
    assert {quad.subject for quad in found} == {NamedNode(f"{BASE}id/series/s")}


def test_json_ld_points_to_our_context(client: httpx2.Client) -> None:
    response = client.get("/sparql", params={"query": CONSTRUCT, "format": "jsonld"})
    assert response.json() == {
        "@context": str(client.base_url).rstrip("/") + "/context.jsonld",
        "@graph": [{"@id": f"{BASE}id/series/s", "@type": "Series"}],
    }
    context = client.get(response.json()["@context"])
    assert context.headers["content-type"] == "application/ld+json"
    assert context.json()["@context"]["Series"] == f"{BASE}def#Series"


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("CONSTRUCT { <http://a> <http://b/1> 1 } {}", "<http://b/1>"),
        ("CONSTRUCT { <http://a> a <http://b/1> } {}", "<http://b/1>"),
        ("CONSTRUCT { <http://a> <http://b/c> <<( <http://a> <http://b/1> 1 )>> } {}", "<http://b/1>"),
        (f"CONSTRUCT {{ <http://a> <{RDF}li> 1 }} {{}}", f"<{RDF}li>"),
        ('CONSTRUCT { <http://a> <http://b/c> "a\\u0001" } {}', '"a\\u0001"'),
        ('SELECT ("a\\u0001\\u0008b" AS ?x) {}', '"a\\u0001\\u0008b"'),
        ('SELECT ("\\uFFFE" AS ?x) {}', '"\\uFFFE"'),
    ],
)
def test_what_xml_cannot_say_is_refused_and_told(client: httpx2.Client, query: str, term: str) -> None:
    response = client.get("/sparql", params={"query": query, "format": "xml"})
    assert response.status_code == 406
    assert term in response.text
    other = response.text.partition("Request one of ")[2].partition(",")[0]
    assert client.get("/sparql", params={"query": query}, headers={"Accept": other}).status_code == 200


def test_what_xml_cannot_say_breaks_off_an_answer_that_has_begun(client: httpx2.Client) -> None:
    query = f"""SELECT ?x {{ {{ VALUES ?d {{ {"0 " * 10} }} VALUES ?e {{ {"0 " * 10} }} VALUES ?f {{ {"0 " * 100} }}
        BIND("{"x" * 100}" AS ?x) }} UNION {{ BIND("\\u0001" AS ?x) }} }} ORDER BY DESC(?x)"""
    with pytest.raises(httpx2.RemoteProtocolError):
        client.get("/sparql", params={"query": query, "format": "xml"})


@pytest.mark.parametrize(
    "query",
    ['SELECT ("a\\rb" AS ?x) {}', 'CONSTRUCT { <http://a> a <http://b/c>, <http://b/1> ; <http://b/1x> "a\\rb" } {}'],
)
def test_xml_keeps_what_it_can_say(client: httpx2.Client, query: str) -> None:
    response = client.get("/sparql", params={"query": query, "format": "xml"})
    texts = [element.text for element in ElementTree.fromstring(response.content).iter()]
    assert "a\rb" in texts


def test_what_is_not_offered_is_answered_with_what_is(client: httpx2.Client) -> None:
    response = client.get("/sparql", params={"query": SELECT}, headers={"Accept": "application/pdf"})
    assert response.status_code == 406
    assert JSON in response.text
    assert "text/csv" in response.text
    assert client.get("/sparql", params={"query": SELECT, "format": "turtle"}).status_code == 406


@pytest.mark.parametrize("parameter", ["format", "output"])
def test_the_format_can_be_a_parameter(client: httpx2.Client, parameter: str) -> None:
    response = client.get("/sparql", params={"query": SELECT, parameter: "csv"}, headers={"Accept": JSON})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"


# ── Datasets ────────────────────────────────────────────────────────────────────────────────────


def total(client: httpx2.Client, clauses: str, graphs: tuple[str, ...] = ()) -> str:
    params = {"query": SUM.format(clauses), "default-graph-uri": graphs}
    return rows(client.get("/sparql", params=params))[0]["sum"]


def test_from_sees_one_version(client: httpx2.Client) -> None:
    assert total(client, "") == "307.5"
    assert total(client, f"FROM <{version_iri('108', 2025)}>") == "200"
    assert total(client, f"FROM <{version_iri('108', 2024)}>") == "100.5"


def test_graphs_named_together_are_merged(client: httpx2.Client) -> None:
    query = PREFIXES + "SELECT (COUNT(*) AS ?n) {} {{ ?c :series ?s }}"
    both = f"FROM <{version_iri('108', 2024)}> FROM <{version_iri('108', 2025)}>"
    assert rows(client.get("/sparql", params={"query": query.format(both)})) == [{"n": "1"}]
    iris = [version_iri("108", 2024), version_iri("108", 2025)]
    response = client.get("/sparql", params={"query": query.format(""), "default-graph-uri": iris})
    assert rows(response) == [{"n": "1"}]


def test_merged_graphs_are_read_as_the_prologue_says(client: httpx2.Client) -> None:
    path = f"id/disclosure/420107/2024/budget/108/v/{FIRST}"
    query = f"""PREFIX v: <{BASE}id/disclosure/420107/2024/budget/> PREFIX : <def#>
        SELECT (SUM(?a) AS ?sum) FROM <{path}> FROM v:108\\/v\\/{FIRST} FROM v:109\\/v\\/{FIRST} FROM NAMED <def>
        {{ ?o :amount ?a FILTER EXISTS {{ GRAPH <def> {{ :amount ?p ?q }} }} }}"""
    assert rows(client.get("/sparql", params={"query": query})) == [{"sum": "322.5"}]


def test_the_protocols_dataset_overrides_the_querys(client: httpx2.Client) -> None:
    assert total(client, f"FROM <{version_iri('108', 2024)}>", (version_iri("108", 2025),)) == "200"


def test_named_graphs_are_only_those_that_are_named(client: httpx2.Client) -> None:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    version = version_iri("108", 2024)
    assert len(rows(client.get("/sparql", params={"query": query}))) == 11
    assert rows(client.get("/sparql", params={"query": query, "named-graph-uri": version})) == [{"g": version}]
    assert rows(client.get("/sparql", params={"query": query, "default-graph-uri": version})) == []
    everything = {"query": "SELECT * { ?s ?p ?o }", "named-graph-uri": version}
    assert rows(client.get("/sparql", params=everything)) == []


def test_a_graph_that_is_no_iri(client: httpx2.Client) -> None:
    response = client.get("/sparql", params={"query": "ASK {}", "default-graph-uri": "not an IRI"})
    assert response.status_code == 400
    assert "not an IRI" in response.text
