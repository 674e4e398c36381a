"""Habits of clients that the protocols leave open: each was met in a client that is in use."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx2
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from small_service import running_service
from small_store import RUNAWAY, publish_small
from small_writable import Instance, writable_instance

from server.pages import HtmlPages
from server.settings import Settings

RESULTS = "{http://www.w3.org/2005/sparql-results#}"
ROQET = ", ".join(
    f"{media_type}; q={quality}"
    for media_type, quality in (
        ("application/sparql-results+xml", "1.0"),
        ("application/sparql-results+json", "0.8"),
        ("text/csv", "0.6"),
        ("text/tab-separated-values", "0.4"),
    )
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CONSTRUCT = "CONSTRUCT { ?s a ?o } { ?s a ?o } LIMIT 1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    store = publish_small(tmp_path_factory.mktemp("courtesy") / "store").path
    with (
        running_service(Settings(store, workers=1), HtmlPages()) as address,
        httpx2.Client(base_url=address, timeout=60) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with writable_instance(tmp_path_factory.mktemp("courtesy")) as instance:
        yield instance


def ask(client: httpx2.Client, query: str, accept: str = "*/*", **parameters: str) -> httpx2.Response:
    return client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": accept})


# ── Formats ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("profile", ["compacted", "expanded", "flattened", "expanded compacted"])
def test_json_ld_of_any_profile_is_given(client: httpx2.Client, profile: str) -> None:
    named = " ".join(f"http://www.w3.org/ns/json-ld#{name}" for name in profile.split())
    response = ask(client, CONSTRUCT, f'application/ld+json;profile="{named}"')
    assert (response.status_code, response.headers["content-type"]) == (200, "application/ld+json")


def test_a_client_that_names_types_of_rows_only_is_given_triples_in_a_related_type(client: httpx2.Client) -> None:
    response = ask(client, CONSTRUCT, ROQET)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/rdf+xml")
    assert ask(client, CONSTRUCT, "text/csv").headers["content-type"].startswith("text/turtle")
    assert ask(client, CONSTRUCT, "image/png").status_code == 406
    assert ask(client, CONSTRUCT, ROQET, format="csv").status_code == 406


def test_a_browser_at_the_address_of_a_query_sees_its_results(client: httpx2.Client) -> None:
    response = ask(client, "SELECT (1234567 AS ?n) {}", BROWSER)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert "1234567" in response.text
    data = ask(client, "SELECT (1 AS ?n) {}", "application/sparql-results+json, text/html;q=0.5")
    assert data.json()["results"]["bindings"]
    assert ask(client, "SELECT (1 AS ?n) {}", BROWSER, format="json").json()["results"]["bindings"]


# ── Queries ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?z ?a ?m } LIMIT 1", "z,a,m"),
        ("select distinct * where { ?z ?a ?m } limit 1", "z,a,m"),
        ("PREFIX x: <http://x/> SELECT REDUCED * { ?b a ?a . BIND(2 * 3 AS ?c) } LIMIT 1", "b,a,c"),
        ("SELECT * { { SELECT ?q { ?q ?r ?s } } ?q ?c ?b } LIMIT 1", "q,c,b"),
        ("SELECT ?m ?z { ?z ?a ?m } LIMIT 1", "m,z"),
    ],
)
def test_all_variables_are_selected_in_the_order_of_the_query(client: httpx2.Client, query: str, columns: str) -> None:
    assert ask(client, query, "text/csv").text.splitlines()[0] == columns
    tabs = ask(client, query, "text/tab-separated-values").text.splitlines()[0]
    assert tabs == "\t".join(f"?{name}" for name in columns.split(","))
    found = ask(client, query, "application/sparql-results+json").json()
    assert found["head"]["vars"] == columns.split(",")
    xml = ElementTree.fromstring(ask(client, query, "application/sparql-results+xml").content)
    assert [element.attrib["name"] for element in xml.iter(f"{RESULTS}variable")] == columns.split(",")


def test_a_client_may_ask_for_an_earlier_deadline(client: httpx2.Client) -> None:
    started = time.monotonic()
    response = ask(client, RUNAWAY, timeout="0.5")
    assert (response.status_code, time.monotonic() - started < 15) == (503, True)
    for timeout in ("0", "-1", "soon", "inf", "30000"):
        assert ask(client, "ASK {}", timeout=timeout).status_code == 200


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────


def test_a_key_may_be_sent_as_a_password(instance: Instance) -> None:
    secret = instance.client.headers["authorization"].removeprefix("Bearer ")
    address = f"{instance.address}/sparql"
    graph = Graph(SPARQLUpdateStore(address, address, context_aware=False, auth=("any", secret)))
    graph.add((URIRef("http://example.org/a"), URIRef("http://example.org/p"), Literal("b")))
    assert instance.asks("ASK { <http://example.org/a> <http://example.org/p> 'b' }")


@pytest.mark.parametrize(("site", "status"), [("cross-site", 401), ("same-site", 401), ("same-origin", 204)])
def test_a_password_that_a_browser_remembers_is_worth_nothing_on_forms_of_other_sites(
    instance: Instance, site: str, status: int
) -> None:
    secret = instance.client.headers["authorization"].removeprefix("Bearer ")
    response = httpx2.post(
        f"{instance.address}/sparql",
        data={"update": "INSERT DATA { <http://x/a> <http://x/b> 1 }"},
        headers={"Sec-Fetch-Site": site},
        auth=("any", secret),
    )
    assert response.status_code == status


@pytest.mark.parametrize("credentials", ["any:wrong", "none"])
def test_a_wrong_password_is_refused(instance: Instance, credentials: str) -> None:
    encoded = base64.b64encode(credentials.encode()).decode()
    for sent in (f"Basic {encoded}", "Basic !", "Basic", "Digest x"):
        response = httpx2.post(
            f"{instance.address}/sparql",
            content="INSERT DATA { <http://x/a> <http://x/b> 1 }",
            headers={"Content-Type": "application/sparql-update", "Authorization": sent},
        )
        assert response.status_code == 401
        assert 'Basic realm="Yusuan"' in response.headers["www-authenticate"]


def test_a_store_without_a_key_of_the_client_is_untouched(tmp_path: Path) -> None:
    store = publish_small(tmp_path / "store")
    with running_service(Settings(store.path, workers=1)) as address:
        response = httpx2.post(f"{address}/sparql", data={"update": "CLEAR ALL"}, auth=("any", "any"))
        assert response.status_code == 403
    assert store.current().name == "1"
