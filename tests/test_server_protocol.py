"""The SPARQL Protocol as a client meets it: over HTTP, at a running service."""

import gzip
from collections.abc import Iterator

import httpx2
import pytest
import SPARQLWrapper
from pyoxigraph import NamedNode, RdfFormat, parse
from small_protocol import CONSTRUCT, FORM, JSON, QUERY, SELECT, SUM, protocol_client, rows
from small_store import AMOUNTS, BASE, PREFIXES, version_iri


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with protocol_client(tmp_path_factory.mktemp("protocol") / "store") as client:
        yield client


# ── The operation ───────────────────────────────────────────────────────────────────────────────


def test_get_query(client: httpx2.Client) -> None:
    response = client.get("/sparql", params={"query": SELECT})
    assert rows(response) == [{"s": f"{BASE}id/series/s"}]
    assert response.headers["content-type"] == JSON
    assert int(response.headers["content-length"]) == len(response.content)
    assert "Accept" in response.headers["vary"]


def test_post_query_direct(client: httpx2.Client) -> None:
    response = client.post("/sparql", content=SELECT, headers={"Content-Type": f"{QUERY}; charset=UTF-8"})
    assert len(rows(response)) == 1


def test_post_query_form(client: httpx2.Client) -> None:
    assert len(rows(client.post("/sparql", data={"query": SELECT}))) == 1


def test_post_form_with_the_dataset_in_the_address(client: httpx2.Client) -> None:
    response = client.post("/sparql?default-graph-uri=http%3A%2F%2Fexample.org%2F", data={"query": SELECT})
    assert rows(response) == []


def test_the_slash_at_the_end_leads_to_the_endpoint(client: httpx2.Client) -> None:
    response = client.get("/sparql/", params={"query": "ASK {}"}, follow_redirects=True)
    assert response.json()["boolean"] is True


def test_chinese_in_a_query(client: httpx2.Client) -> None:
    query = PREFIXES + 'SELECT ?c { ?c skos:prefLabel "一般公共服务支出"@zh }'
    assert rows(client.get("/sparql", params={"query": query})) == [{"c": f"{BASE}code/function/201"}]
    assert len(rows(client.post("/sparql", content=query, headers={"Content-Type": QUERY}))) == 1


def test_relative_iris_are_the_bases(client: httpx2.Client) -> None:
    response = client.get("/sparql", params={"query": "SELECT ?s { ?s a <def#Series> }"})
    assert len(rows(response)) == 1


@pytest.mark.parametrize("query", ["SELECT", "ASK {", "SELECT * { ?s foaf:name ?o }", ""])
def test_bad_query(client: httpx2.Client, query: str) -> None:
    for response in (
        client.get("/sparql", params={"query": query}),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", content=query, headers={"Content-Type": QUERY}),
    ):
        assert response.status_code == 400
        assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_errors_are_in_the_clients_language_with_line_and_column(client: httpx2.Client) -> None:
    params = {"query": "SELECT * {\n ?s }"}
    english = client.get("/sparql", params=params, headers={"Accept-Language": "en"})
    assert english.text == "SPARQL syntax error at line 2, column 5: ?s ▲}\n"
    assert english.headers["content-language"] == "en"
    chinese = client.get("/sparql", params=params, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert chinese.text == "SPARQL 语法错误，第 2 行第 5 列：?s ▲}\n"
    both = client.get("/sparql", params=params)
    assert both.text == chinese.text + english.text
    assert "Accept-Language" in both.headers["vary"]


def test_bad_multiple_queries(client: httpx2.Client) -> None:
    assert client.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D").status_code == 400
    headers = {"Content-Type": QUERY}
    assert client.post("/sparql?query=ASK%7B%7D", content="ASK {}", headers=headers).status_code == 400


def test_post_without_a_query(client: httpx2.Client) -> None:
    assert client.post("/sparql", data={"qeury": SELECT}).status_code == 400


@pytest.mark.parametrize("content_type", ["text/plain", "", f"{QUERY}; charset=UTF-16", "application/foo"])
def test_bad_media_type(client: httpx2.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.post("/sparql", content=b"ASK {}", headers=headers)
    assert response.status_code == 415
    assert QUERY in response.text


@pytest.mark.parametrize("content_type", [QUERY, FORM])
def test_bad_encoding(client: httpx2.Client, content_type: str) -> None:
    content = b"query=" + "SELECT * { ?s ?p '预算' }".encode("gb18030")
    response = client.post("/sparql", content=content, headers={"Content-Type": content_type})
    assert response.status_code == 400
    assert client.get("/sparql?query=%D4%A4").status_code == 400


def test_a_query_from_a_file_may_begin_with_a_byte_order_mark(client: httpx2.Client) -> None:
    response = client.post("/sparql", content="\ufeffASK {}".encode(), headers={"Content-Type": QUERY})
    assert response.json()["boolean"] is True


def test_a_compressed_query_is_refused(client: httpx2.Client) -> None:
    headers = {"Content-Type": QUERY, "Content-Encoding": "gzip"}
    response = client.post("/sparql", content=gzip.compress(b"ASK {}"), headers=headers)
    assert response.status_code == 415
    assert "gzip" in response.text
    headers["Content-Encoding"] = "identity"
    assert client.post("/sparql", content=b"ASK {}", headers=headers).status_code == 200


def test_tags_may_come_in_several_lines(client: httpx2.Client) -> None:
    tag = client.head("/sparql", params={"query": SELECT}).headers["etag"]
    for tags, status in (([tag], 304), (['"x"', tag], 304), ([f'"x", {tag}'], 304), (['"x"', '"y"'], 200)):
        headers = [("If-None-Match", value) for value in tags]
        assert client.get("/sparql", params={"query": SELECT}, headers=headers).status_code == status


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("address", ["/sparql?query=ASK+%7B%7D", "/graphs?default", "/graphs/def"])
def test_who_has_any_answer_is_told_so_where_there_is_one(client: httpx2.Client, address: str, method: str) -> None:
    response = client.request(method, address, headers={"If-None-Match": "*"})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"]
    assert client.request(method, "/graphs/none", headers={"If-None-Match": "*"}).status_code == 404
    broken = client.request(method, "/sparql?query=ASK", headers={"If-None-Match": "*"})
    assert broken.status_code == 400


def test_a_query_that_is_too_long(client: httpx2.Client) -> None:
    query = SELECT + 10_000 * " "
    assert client.post("/sparql", content=query, headers={"Content-Type": QUERY}).status_code == 413
    assert client.post("/sparql", data={"query": query}).status_code == 413


def test_an_unknown_function_is_the_clients_error(client: httpx2.Client) -> None:
    response = client.get("/sparql", params={"query": "SELECT (<http://x/f>(1) AS ?x) {}"})
    assert response.status_code in (200, 400)
    response = client.get("/sparql", params={"query": "ASK { FILTER(<http://x/f>(1)) }"})
    assert response.status_code == 400
    assert "http://x/f" in response.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_bad_method(client: httpx2.Client, method: str) -> None:
    response = client.request(method, "/sparql", params={"query": "ASK {}"})
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_head_says_what_get_would_answer_with(client: httpx2.Client) -> None:
    response = client.head("/sparql", params={"query": SELECT}, headers={"Accept": "text/csv"})
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "content-length" not in response.headers
    assert client.head("/sparql", params={"query": "SELECT"}).status_code == 400


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_head_says_the_length_and_the_encoding_of_an_answer_that_is_at_hand(
    client: httpx2.Client, encoding: str
) -> None:
    address, headers = "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D", {"Accept-Encoding": encoding}
    assert "content-encoding" not in client.head(address, headers=headers).headers  # nobody knows how long it will be
    get, head = client.get(address, headers=headers), client.head(address, headers=headers)
    assert get.headers.get("content-encoding") == (encoding if encoding == "gzip" else None)
    for volatile in ("x-request-id", "date"):
        del get.headers[volatile], head.headers[volatile]
    assert head.headers == get.headers
    assert "content-length" in head.headers


def test_options_and_cross_origin(client: httpx2.Client) -> None:
    response = client.options("/sparql")
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    origin = {"Origin": "https://example.org"}
    preflight = client.options("/sparql", headers={**origin, "Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    for status, query in ((200, "ASK {}"), (400, "ASK {")):
        answer = client.get("/sparql", params={"query": query}, headers=origin)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*")


# ── Refusals ────────────────────────────────────────────────────────────────────────────────────


def test_updates_are_refused(client: httpx2.Client) -> None:
    update = "DELETE WHERE { ?s ?p ?o }"
    refused = [
        client.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"}),
        client.post("/sparql", data={"update": update}),
        client.get("/sparql", params={"update": update}),
        client.get("/sparql", params={"query": update}),
        client.post("/sparql", data={"query": "LOAD <http://example.org/>"}),
    ]
    assert [response.status_code for response in refused] == [403] * 5
    assert len(rows(client.get("/sparql", params={"query": SELECT}))) == 1


def test_service_is_refused_and_the_word_is_not(client: httpx2.Client) -> None:
    refused = client.get("/sparql", params={"query": "SELECT * { sErViCe#c\n<http://x/> { ?s ?p ?o } }"})
    assert refused.status_code == 403
    assert "SERVICE" in refused.text
    legal = 'SELECT ?service { BIND("SERVICE" AS ?service) }'
    assert rows(client.get("/sparql", params={"query": legal})) == [{"service": "SERVICE"}]


# ── The service of itself ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("accept", "format"), [("*/*", RdfFormat.TURTLE), ("application/rdf+xml", RdfFormat.RDF_XML)])
def test_the_endpoint_describes_itself(client: httpx2.Client, accept: str, format: RdfFormat) -> None:
    response = client.get("/sparql", headers={"Accept": accept})
    endpoint = NamedNode(str(client.base_url).rstrip("/") + "/sparql")
    said = {(quad.subject, quad.predicate.value, quad.object) for quad in parse(response.content, format)}
    assert (endpoint, "http://www.w3.org/ns/sparql-service-description#endpoint", endpoint) in said
    assert client.get("/sparql", headers={"Accept": "application/pdf"}).status_code == 406


def test_health(client: httpx2.Client) -> None:
    assert client.get("/health").json() == {"status": "ok", "generation": "1"}


def test_an_unknown_address(client: httpx2.Client) -> None:
    response = client.get("/nowhere", headers={"Accept-Language": "zh"})
    assert response.status_code == 404
    assert "/nowhere" in response.text


# ── A client people use ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def wrapper(client: httpx2.Client) -> SPARQLWrapper.SPARQLWrapper:
    return SPARQLWrapper.SPARQLWrapper(str(client.base_url).rstrip("/") + "/sparql")


@pytest.mark.parametrize("method", [SPARQLWrapper.GET, SPARQLWrapper.POST])
@pytest.mark.parametrize("form", [SPARQLWrapper.URLENCODED, SPARQLWrapper.POSTDIRECTLY])
def test_sparqlwrapper_selects(wrapper: SPARQLWrapper.SPARQLWrapper, method: str, form: str) -> None:
    wrapper.setMethod(SPARQLWrapper.POST if form == SPARQLWrapper.POSTDIRECTLY else method)
    wrapper.setRequestMethod(form)
    wrapper.setReturnFormat(SPARQLWrapper.JSON)
    wrapper.setQuery(SUM.format(f"FROM <{version_iri('108', 2025)}>"))
    found = wrapper.queryAndConvert()
    assert isinstance(found, dict)
    assert float(found["results"]["bindings"][0]["sum"]["value"]) == float(AMOUNTS["2025"])


# SPARQLWrapper reads RDF with a class that rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("query", "name"),
    [(SELECT, name) for name in ("xml", "csv", "tsv", "json")]
    + [(CONSTRUCT, name) for name in ("turtle", "n3", "rdf+xml", "xml", "json-ld")],
)
def test_sparqlwrapper_reads_what_it_asks_for(wrapper: SPARQLWrapper.SPARQLWrapper, query: str, name: str) -> None:
    wrapper.setQuery(query)
    wrapper.setReturnFormat(name)
    result = wrapper.query()
    assert b"series/s" in result.response.read()
    assert wrapper.queryAndConvert() is not None
