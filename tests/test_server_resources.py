"""Dereferencing: every address says what it is about, under whatever host."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from small_service import rdf_text, running_service
from small_store import (
    BASE,
    RULES,
    SECOND,
    VOCABULARY,
    disclosure_iri,
    publish_small,
    small_version,
    triples,
    version_iri,
)

from ontology.namespaces import DCT, PROV, RDFS, SH, SKOS
from server.settings import Settings, settings_from_environment
from server.store.generation_store import GenerationStore

TURTLE, N_TRIPLES = "text/turtle; charset=utf-8", "application/n-triples"
DISCLOSURE = "/id/disclosure/420107/2024/budget/108"
OLD, CURRENT = version_iri("108", 2024), version_iri("108", 2024, SECOND)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    path = tmp_path_factory.mktemp("resources") / "store"
    store = publish_small(path)
    store.publish([small_version("108", 2024, "111.00", "人大办", SECOND)], VOCABULARY, RULES)
    with (
        running_service(Settings(path, workers=1)) as address,
        httpx2.Client(base_url=address) as client,
    ):
        yield client


def path(iri: str) -> str:
    return "/" + iri.removeprefix(BASE)


def document(iri: str) -> str:
    return path(iri).replace("/id/", "/doc/", 1)


def described(response: httpx2.Response) -> set[Triple]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == TURTLE
    return {quad.triple for quad in parse(response.content, RdfFormat.TURTLE)}


def values(triples: set[Triple], subject: str, predicate: str) -> set[str]:
    return {
        getattr(t.object, "value", "")
        for t in triples
        if t.subject == NamedNode(subject) and t.predicate == NamedNode(predicate)
    }


def test_a_disclosure_leads_to_its_current_version(client: httpx2.Client) -> None:
    response = client.get(f"{DISCLOSURE}?format=nt")
    assert (response.status_code, response.headers["location"]) == (303, f"{path(CURRENT)}?format=nt")
    assert client.get("/id/disclosure/420107/1999/budget/108").status_code == 404


def test_the_name_of_a_thing_leads_to_its_description(client: httpx2.Client) -> None:
    response = client.get(path(CURRENT))
    assert (response.status_code, response.headers["location"]) == (303, document(CURRENT))
    response = client.get("/id/org/108?format=nt", follow_redirects=True)
    assert (response.status_code, response.headers["content-type"]) == (200, N_TRIPLES)


def test_a_figure_is_described_with_the_labels_of_what_it_names(client: httpx2.Client) -> None:
    triples = described(client.get(f"{document(CURRENT)}/t01/r1c2"))
    assert values(triples, f"{CURRENT}/t01/r1c2", f"{BASE}def#amount") == {"111"}
    assert "一般公共服务支出" in values(triples, f"{BASE}code/function/201", SKOS + "prefLabel")


def test_what_only_a_superseded_version_has_is_described_with_its_labels(tmp_path: Path) -> None:
    first, then = small_version("108", 2024, "100.50", "人大办"), small_version("108", 2024, "1.00", "人大办", SECOND)
    file, point = f"{BASE}id/file/{'a' * 64}", f"{BASE}id/point/once"
    first = replace(
        first,
        triples=(*first.triples, *triples(f"<{point}> a :Fact ; :claim <{OLD}/t01/r1c2> .")),
        catalogue=(
            *first.catalogue,
            *triples(f"""
                <{OLD}> <{PROV}wasDerivedFrom> <{file}> ; <{DCT}isVersionOf> <{disclosure_iri("108", 2024)}> .
                <{file}> <{DCT}title> "预算.pdf" .
            """),
        ),
        findings=triples(f"<{OLD}/findings/1> <{SH}sourceShape> <{BASE}rules#same> ."),
    )
    store = GenerationStore(tmp_path / "store")
    for version in (first, then):
        store.publish([version], VOCABULARY, RULES)
    with running_service(Settings(store.path, workers=1)) as address, httpx2.Client(base_url=address) as client:
        said = described(client.get(document(file)))
        assert values(said, file, DCT + "title") == {"预算.pdf"}
        assert values(said, OLD, PROV + "wasDerivedFrom") == {file}
        assert values(described(client.get(document(point))), point, f"{BASE}def#claim") == {f"{OLD}/t01/r1c2"}
        finding = described(client.get(f"{document(OLD)}/findings/1"))
        assert values(finding, f"{BASE}rules#same", RDFS + "label") == {"SAME"}
        assert client.get("/doc/file/" + 64 * "b").status_code == 404
        assert client.get("/doc/point/never").status_code == 404


def test_a_superseded_version_still_has_its_addresses(client: httpx2.Client) -> None:
    triples = described(client.get(f"{document(OLD)}/t01/r1c2"))
    assert values(triples, f"{OLD}/t01/r1c2", f"{BASE}def#amount") == {"100.5"}


def test_a_finding_has_an_address(client: httpx2.Client) -> None:
    assert described(client.get(f"{document(CURRENT)}/findings/1"))


def test_a_point_is_described_by_its_claims(client: httpx2.Client) -> None:
    triples = described(client.get("/doc/point/108-2024"))
    point = f"{BASE}id/point/108-2024"
    claims = {t.subject for t in triples if t.predicate.value == f"{BASE}def#point"}
    assert claims == {NamedNode(f"{CURRENT}/t01/r{row}c2") for row in (1, 2)}
    assert values(triples, point, f"{BASE}def#claim") == {f"{CURRENT}/t01/r1c2"}
    assert values(triples, f"{CURRENT}/t01/r2c2", f"{BASE}def#amount") == {"222"}


def test_coordinates_meet_across_disclosures(client: httpx2.Client) -> None:
    triples = described(client.get("/doc/coordinates/a"))
    claims = {t.subject for t in triples if t.predicate.value == f"{BASE}def#coordinates"}
    assert len(claims) == 6


def test_a_code_answers_itself(client: httpx2.Client) -> None:
    triples = described(client.get("/code/function/208"))
    assert values(triples, f"{BASE}code/function/208", SKOS + "prefLabel") == {"社会保障和就业支出"}


def test_the_terms_answer_at_one_address(client: httpx2.Client) -> None:
    triples = described(client.get("/def"))
    assert {t.subject for t in triples} == {NamedNode(f"{BASE}def"), NamedNode(f"{BASE}def#amount")}


@pytest.mark.parametrize(
    ("accept", "content_type", "format"),
    [
        ("text/turtle", TURTLE, RdfFormat.TURTLE),
        ("application/n-triples", N_TRIPLES, RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
        ("text/html,application/xhtml+xml,*/*;q=0.8", TURTLE, RdfFormat.TURTLE),
    ],
)
def test_formats(client: httpx2.Client, accept: str, content_type: str, format: RdfFormat) -> None:
    response = client.get("/code/function/201", headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    assert "Accept" in response.headers["vary"]
    expected = described(client.get("/code/function/201.ttl"))
    assert {quad.triple for quad in parse(rdf_text(response, client), format)} == expected
    head = client.head("/code/function/201", headers={"Accept": accept})
    assert (head.status_code, head.content, head.headers["content-type"]) == (200, b"", content_type)


def test_turtle_declares_the_prefixes_it_uses(client: httpx2.Client) -> None:
    text = client.get("/code/function/201").text
    declared = dict(re.findall(r"@prefix (\w*): <([^>]+)> \.", text))
    assert declared["skos"] == SKOS
    assert "void" not in declared


@pytest.mark.parametrize("address", ["/doc/org/999", "/code/function/999", f"{document(OLD)}/t09", "/doc/a b%3E"])
def test_what_is_unknown_is_a_404_in_both_languages(client: httpx2.Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "没有关于" in response.text
    assert "There is no data about" in response.text


def test_what_is_not_offered(client: httpx2.Client) -> None:
    response = client.get("/code/function/201", headers={"Accept": "text/csv"})
    assert response.status_code == 406
    assert "text/turtle" in response.text


def test_without_pages_the_front_door_leads_to_the_endpoint(client: httpx2.Client) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["location"]) == (303, "/sparql")


def test_another_base_is_served_by_the_same_host(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("base")
    publish_small(path)
    settings = settings_from_environment(path, {"YUSUAN_BASE": "https://example.org/budget/", "YUSUAN_WORKERS": "1"})
    with running_service(settings) as address:
        response = httpx2.get(f"{address}/code/function/201", headers={"Accept-Language": "en"})
        assert (response.status_code, response.text) == (
            404,
            "There is no data about https://example.org/budget/code/function/201.\n",
        )


def test_disclosures_have_their_addresses_in_the_default_graph(client: httpx2.Client) -> None:
    triples = described(client.get(document(disclosure_iri("108", 2024))))
    assert values(triples, disclosure_iri("108", 2024), f"{BASE}def#year") == {"2024"}


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [
        ("ttl", TURTLE),
        ("nt", N_TRIPLES),
        ("rdf", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
        ("json", "application/ld+json"),
        ("trig", "application/trig"),
    ],
)
def test_an_address_may_end_in_a_format(client: httpx2.Client, suffix: str, content_type: str) -> None:
    for address in ("/code/function/201", document(OLD), "/doc/org/108"):
        response = client.get(f"{address}.{suffix}", headers={"Accept": "text/html"})
        assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    assert client.head(f"/code/function/201.{suffix}").headers["content-type"] == content_type


def test_a_label_stands_beside_every_iri_that_has_one(client: httpx2.Client) -> None:
    triples = described(client.get(f"{document(CURRENT)}/t01/r1c2"))
    assert values(triples, f"{BASE}id/org/108", SKOS + "prefLabel") == {"人大常委会办公室"}
    assert values(triples, f"{BASE}def#amount", RDFS + "label") == {"amount"}


@pytest.mark.parametrize("address", ["/def", "/rules", "/void", "/catalogue"])
def test_what_is_whole_may_end_in_a_format_too(client: httpx2.Client, address: str) -> None:
    for suffix, content_type in (("ttl", TURTLE), ("jsonld", "application/ld+json")):
        response = client.get(f"{address}.{suffix}", headers={"Accept": "text/html"})
        assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    assert client.get(f"{address}.pdf").status_code == 404


def test_what_names_a_thing_comes_in_pages(client: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.linked_data.descriptions.NAMING_PAGE", 2)
    address, seen = "/code/function/201", set()
    for number, beside in ((1, {"next"}), (2, {"first", "prev"})):
        response = client.get(address, params={"page": str(number)})
        triples = described(response)
        seen |= {t.subject for t in triples if t.predicate.value == f"{BASE}def#function"}
        assert set(re.findall(r'page=\d+>; rel="(\w+)"', response.headers["link"])) == beside
        view = f"{str(client.base_url).rstrip('/')}{address}?page={number}"
        hydra = "http://www.w3.org/ns/hydra/core#"
        assert bool(values(triples, view, f"{hydra}next")) == ("next" in beside)
        assert bool(values(triples, view, f"{hydra}previous")) == ("prev" in beside)
    assert seen == {NamedNode(f"{version_iri('108', 2025)}/t01/r1c2")} | {
        NamedNode(f"{iri}/t01/r1c2") for iri in (CURRENT, version_iri("109", 2024))
    }


@pytest.mark.parametrize("address", ["/code/function/201", "/def", "/rules", "/void", "/catalogue", "/prefixes"])
def test_a_page_that_is_not_there_is_not_found(client: httpx2.Client, address: str) -> None:
    asked = {page: client.get(address, params={"page": page}).status_code for page in ("0", "x", "-1", "99999", "7")}
    assert set(asked.values()) == {404}, asked


def test_rules_answer_at_one_address_in_rdf(client: httpx2.Client) -> None:
    triples = described(client.get("/rules"))
    assert values(triples, f"{BASE}rules#same", RDFS + "label") == {"SAME"}
    assert client.head("/rules").headers["content-type"] == TURTLE


def test_the_header_says_what_is_described_and_in_which_forms(client: httpx2.Client) -> None:
    link = client.get("/code/function/201").headers["link"]
    assert f'<{BASE}code/function/201>; rel="describes"' in link
    assert '/code/function/201.jsonld>; rel="alternate"; type="application/ld+json"' in link
