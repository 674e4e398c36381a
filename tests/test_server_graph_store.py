"""The Graph Store Protocol: graphs read by anybody, written with a key."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from pyoxigraph import RdfFormat, parse
from small_store import BASE, version_iri
from small_writable import Instance, writable_instance

from server.serialization.media_types import GRAPH_TYPES, offered_types

TURTLE = {"Content-Type": "text/turtle"}
GRAPH = "http://example.org/graph"
TRIPLE = "<http://example.org/s> <http://example.org/p> {} ."


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with writable_instance(tmp_path_factory.mktemp("graphs")) as running:
        yield running


def says(instance: Instance, address: str) -> list[str]:
    """The objects of a graph, as it is read without a key."""
    response = httpx2.get(instance.address + address, headers={"Accept": "application/n-triples"})
    assert response.status_code == 200, response.text
    return sorted(str(quad.object) for quad in parse(response.content, RdfFormat.N_TRIPLES))


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("media_type", offered_types(GRAPH_TYPES))
def test_a_graph_is_read_and_written_in_every_format(instance: Instance, media_type: str) -> None:
    version = version_iri("109", 2024)
    response = httpx2.get(f"{instance.address}/graphs", params={"graph": version}, headers={"Accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    address = f"/graphs?graph={GRAPH}/{media_type.replace('+', '-')}"
    headers = {"Content-Type": media_type}
    assert instance.client.put(address, content=response.content, headers=headers).status_code == 201
    assert says(instance, address) == says(instance, f"/graphs?graph={version}")


def test_a_version_has_its_graph_at_its_own_address(instance: Instance) -> None:
    version = version_iri("109", 2024)
    path = version.removeprefix(BASE)
    assert says(instance, f"/graphs/{path}") == says(instance, f"/graphs?graph={version}")
    assert len(says(instance, f"/graphs/{path}")) > 10


def test_the_default_graph_is_read_whole(instance: Instance) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    counted = httpx2.get(f"{instance.address}/sparql", params={"query": query, "format": "csv"}).text.split()[1]
    assert len(says(instance, "/graphs?default")) == int(counted)


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [("Content-Encoding", "gzip", 415), ("Content-Range", "bytes 0-9/99", 400), ("Content-Encoding", "identity", 201)],
)
def test_what_is_no_whole_graph_in_plain_bytes_is_refused(
    instance: Instance, header: str, value: str, status: int
) -> None:
    address, headers = f"/graphs?graph={GRAPH}/{header}/{value[:4]}", {**TURTLE, header: value}
    assert instance.client.put(address, content=TRIPLE.format("'1'"), headers=headers).status_code == status
    assert httpx2.get(instance.address + address).status_code == (200 if status == 201 else 404)


def test_a_graph_is_replaced_added_to_and_removed(instance: Instance) -> None:
    address = f"/graphs?graph={GRAPH}/a"
    write = instance.client
    assert write.put(address, content=TRIPLE.format("'1'"), headers=TURTLE).status_code == 201
    assert write.post(address, content=TRIPLE.format("'2'"), headers=TURTLE).status_code == 204
    assert says(instance, address) == ['"1"', '"2"']
    assert write.put(address, content=TRIPLE.format("'3'"), headers=TURTLE).status_code == 204
    assert says(instance, address) == ['"3"']
    assert write.delete(address).status_code == 204
    assert httpx2.get(instance.address + address).status_code == 404
    assert write.delete(address).status_code == 404


def test_a_write_whose_precondition_does_not_hold_writes_nothing(instance: Instance) -> None:
    address = f"/graphs?graph={GRAPH}/conditional"
    write = instance.client

    def put(number: str, **conditions: str) -> int:
        headers = TURTLE | {name.replace("_", "-"): value for name, value in conditions.items()}
        return write.put(address, content=TRIPLE.format(number), headers=headers).status_code

    assert put("1", If_Match="*") == 412
    assert put("1", If_None_Match="*") == 201
    assert put("2", If_None_Match="*") == 412
    tag = httpx2.get(instance.address + address, headers={"Accept": "application/trig"}).headers["etag"]
    assert put("3", If_Match='W/"another"') == 412
    assert write.delete(address, headers={"If-Match": 'W/"another"'}).status_code == 412
    assert len(says(instance, address)) == 1
    assert put("4", If_Match=tag) == 204
    assert put("5", If_Match=tag) == 412
    assert [value[1:2] for value in says(instance, address)] == ["4"]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_tag_of_a_graph_is_strong_and_a_weak_one_matches_no_write(instance: Instance, encoding: str) -> None:
    address = f"/graphs?graph={GRAPH}/strong"
    assert instance.client.put(address, content=TRIPLE.format("1"), headers=TURTLE).status_code in (201, 204)
    tag = httpx2.get(instance.address + address, headers={"Accept-Encoding": encoding}).headers["etag"]
    assert tag.startswith('"')
    weak = TURTLE | {"If-Match": f"W/{tag}"}
    assert instance.client.put(address, content=TRIPLE.format("2"), headers=weak).status_code == 412
    strong = TURTLE | {"If-Match": f'"other", {tag}'}
    assert instance.client.put(address, content=TRIPLE.format("2"), headers=strong).status_code == 204


def test_of_two_who_write_at_once_what_they_read_one_is_told(instance: Instance) -> None:
    address = f"/graphs?graph={GRAPH}/raced"
    for conditions, statuses in (({"If-None-Match": "*"}, [201, 412, 412]), ({"If-Match": ""}, [204, 412, 412])):
        if "If-Match" in conditions:
            conditions = {"If-Match": httpx2.get(instance.address + address).headers["etag"]}
        headers = TURTLE | conditions

        def put(number: int, headers: dict[str, str] = headers) -> int:
            return instance.client.put(address, content=TRIPLE.format(number), headers=headers).status_code

        with ThreadPoolExecutor(3) as writers:
            assert sorted(writers.map(put, range(3))) == statuses


def test_a_graph_that_a_client_has_is_not_sent_again(instance: Instance) -> None:
    address = f"{instance.address}/graphs?graph={version_iri('109', 2024)}"
    tag = httpx2.get(address).headers["etag"]
    assert httpx2.get(address, headers={"If-None-Match": tag}).status_code == 304
    instance.client.put(f"/graphs?graph={GRAPH}/etag", content="", headers=TURTLE)
    assert httpx2.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_an_empty_graph_is_there(instance: Instance) -> None:
    address = f"/graphs?graph={GRAPH}/empty"
    assert instance.client.put(address, content="", headers=TURTLE).status_code == 201
    assert says(instance, address) == []


def test_relative_addresses_are_those_of_the_graph(instance: Instance) -> None:
    address = f"/graphs?graph={GRAPH}/base/"
    instance.client.put(address, content="<a> <b> <c> .", headers=TURTLE)
    assert says(instance, address) == [f"<{GRAPH}/base/c>"]


def test_a_graph_without_a_name_is_given_one(instance: Instance) -> None:
    response = instance.client.post("/graphs", content=TRIPLE.format("'new'"), headers=TURTLE)
    assert response.status_code == 201
    name = response.headers["location"]
    assert name.startswith(f"{BASE}id/graph/")
    assert says(instance, f"/graphs?graph={name}") == ['"new"']
    redirect = instance.client.get(f"/{name.removeprefix(BASE)}")
    assert redirect.status_code == 303
    assert says(instance, redirect.headers["location"]) == ['"new"']


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("GET", "/graphs", {}, 400),
        ("GET", "/graphs?default&graph=http://example.org/", {}, 400),
        ("GET", "/graphs?graph=http://example.org/a&graph=http://example.org/b", {}, 400),
        ("GET", "/graphs?graph=relative", {}, 400),
        ("GET", "/graphs?graph=%FF", {}, 400),
        ("GET", f"/graphs?graph={GRAPH}/nothing", {}, 404),
        ("HEAD", f"/graphs?graph={GRAPH}/nothing", {}, 404),
        ("GET", "/graphs/nothing", {}, 404),
        ("GET", "/graphs?default", {"Accept": "image/png"}, 406),
        ("HEAD", "/graphs?default", {}, 200),
        ("PATCH", "/graphs?default", {}, 405),
        ("PUT", "/graphs?default", {}, 415),
        ("PUT", "/graphs?default", {"Content-Type": "text/html"}, 415),
        ("PUT", "/graphs?default", {"Content-Type": "text/turtle; charset=utf-16"}, 415),
        ("PUT", "/graphs?default", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ("PUT", "/graphs", {"Content-Type": "text/turtle"}, 400),
        ("DELETE", "/graphs", {}, 400),
    ],
)
def test_what_cannot_be_answered_is_refused(
    instance: Instance, method: str, address: str, headers: dict[str, str], status: int
) -> None:
    before = instance.store.current()
    assert instance.client.request(method, address, headers=headers).status_code == status
    assert instance.store.current() == before


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/turtle", "<http://example.org/s> <http://example.org/p>\n  oops ."),
        ("application/rdf+xml", "<a>"),
        ("application/ld+json", "{"),
        ("application/n-quads", f"<{GRAPH}> <{GRAPH}> <{GRAPH}> <{GRAPH}> ."),
    ],
)
def test_a_body_that_is_no_graph_is_refused_with_its_place(instance: Instance, media_type: str, content: str) -> None:
    before = instance.store.current()
    headers = {"Content-Type": media_type, "Accept-Language": "en"}
    response = instance.client.put("/graphs?default", content=content, headers=headers)
    assert response.status_code == 400
    assert "ine " in response.text
    assert instance.store.current() == before


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nobody_writes_without_a_key(instance: Instance, method: str) -> None:
    before = instance.store.current()
    assert httpx2.request(method, f"{instance.address}/graphs?default", headers=TURTLE).status_code == 401
    assert instance.store.current() == before
