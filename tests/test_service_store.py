"""A store in a SPARQL service: readers never meet half a publication, and what dies midway leaves nothing behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store
from small_service import running_service
from small_sparql_service import FEW, SHIPPED, SparqlServer, sparql_service
from small_store import AMOUNTS, BASE, RULES, SECOND, VOCABULARY, small_version, triples, version_iri
from test_any_store import graphs_of

from server.errors import (
    AnswerCutError,
    PathUnsupportedError,
    ServiceAddressError,
    StoreChangedError,
    StoreLockedError,
    StoreUnreachableError,
    UpdateUnsupportedError,
)
from server.http.client_keys import add_key
from server.pages import HtmlPages
from server.settings import Settings, read_settings
from server.store.current_graphs import PREF_LABEL
from server.store.generation_store import GenerationStore, open_store
from server.store.published_store import PublishedStore
from server.store.remote import editing, lock, publication
from server.store.remote.addresses import read_addresses
from server.store.remote.connection import ServiceConnection
from server.store.remote.names import COPIES, CURRENT, SETTLED, copy_of
from server.store.remote.queries import self_test
from server.store.remote.queries.self_test import GRAPH, find_flaws, write_test_data
from server.store.remote.queries.workarounds import DIVISION, PATHS, work_around
from server.store.remote.service_store import ServiceStore
from server.store.remote.state import RemoteState, read_state, say

HERE = Path(__file__).parent
ADDRESSES = {name: f"http://127.0.0.1:9/{name}" for name in ("query", "update", "graphs")}
WRITER = """
import os, signal, sys
from pathlib import Path
from small_store import *
from server.store.remote.queries import self_test
from server.store.generation_store import open_store
from server.store.remote.connection import ServiceConnection

sent, last, send = 0, int(sys.argv[2]), ServiceConnection._send

def count(connection, request):
    global sent
    sent += 1
    if sent == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return send(connection, request)

ServiceConnection._send, self_test.MANY = count, int(sys.argv[3])
open_store(Path(sys.argv[1])).publish([small_version("108", 2024, "111.00", "new", SECOND)], VOCABULARY, RULES)
"""


class DiedError(BaseException):
    """A publication that can do nothing any more."""


@pytest.fixture
def service() -> Iterator[SparqlServer]:
    with sparql_service() as server:
        yield server


@pytest.fixture
def file(service: SparqlServer, tmp_path: Path) -> Path:
    """The settings file of a store with two versions."""
    file = service.write_settings(tmp_path)
    versions = [small_version("108", 2024, AMOUNTS["2024"], "人大办"), small_version("109", 2024, "7.00", "政协办")]
    open_store(file).publish(versions, VOCABULARY, RULES)
    return file


def publish_second(store: GenerationStore) -> None:
    store.publish([small_version("108", 2024, "111.00", "new", SECOND)], VOCABULARY, RULES)


def state_of(file: Path) -> RemoteState:
    with ServiceConnection(read_addresses(file)) as connection:
        return read_state(connection)


def write_toml(folder: Path, **values: str) -> Path:
    file = folder / "store.toml"
    file.write_text("\n".join(["[store]", *(f'{name} = "{value}"' for name, value in values.items())]))
    return file


class DyingConnection:
    """Stands in for sending requests: from the request `last` on, all raise DiedError."""

    def __init__(self, last: int) -> None:
        self.last, self.sent, self.send = last, 0, ServiceConnection._send

    def __call__(self, connection: ServiceConnection, request: httpx2.Request) -> httpx2.Response:
        self.sent += 1
        if self.sent >= self.last:
            raise DiedError
        return self.send(connection, request)


def dies_at(step: int, file: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Publish, and die before a request; return whether there were so many."""
    store = open_store(file)
    dying = DyingConnection(step)
    with monkeypatch.context() as patch:
        patch.setattr(ServiceConnection, "_send", lambda connection, request: dying(connection, request))
        try:
            publish_second(store)
        except DiedError:
            return True
    return False


def assert_copies_agree(file: Path, service: SparqlServer) -> None:
    """Both copies of the current data are equal after what a publication does first."""
    store = open_store(file)
    assert isinstance(store, ServiceStore)
    with ServiceConnection(store.addresses) as connection:
        store._settle(connection, read_state(connection))
    graphs = [NamedNode(copy_of(CURRENT, number)) for number in range(COPIES)]
    one, other = ({q.triple for q in service.store.quads_for_pattern(None, None, None, graph)} for graph in graphs)
    assert one == other


@pytest.mark.parametrize(
    ("stride", "portion"), [(29, 30), pytest.param(1, editing.PORTION, marks=pytest.mark.exhaustive)]
)
def test_what_dies_midway_is_as_if_it_had_not_begun(
    stride: int, portion: int, file: Path, service: SparqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the request before which a publication dies, readers see it whole or not, and the next one succeeds."""
    monkeypatch.setattr(publication, "PORTION", portion)
    quads, before = [*service.store], graphs_of(open_store(file))
    publish_second(open_store(file))
    after = graphs_of(open_store(file))
    monkeypatch.setattr(lock, "_is_held", lambda _: False)
    seen = list[bool]()
    for step in range(5, 1000, stride):
        service.store = Store()
        service.store.extend(quads)
        if not dies_at(step, file, monkeypatch):
            break
        content = graphs_of(open_store(file))
        assert content in (before, after)
        seen.append(content == after)
        if len(seen) % 2:  # else the next publication itself finds what the other has left
            assert_copies_agree(file, service)
        publish_second(open_store(file))
        assert graphs_of(open_store(file)) == after
        assert_copies_agree(file, service)
        names = {graph.value for graph in service.store.named_graphs() if graph.value.startswith(BASE)}
        assert {name.rpartition("?")[0] or name for name in names} == {
            *(name.strip("<>") for name in after if name.startswith("<")),
            *(f"{version}/document" for version in (version_iri("109", 2024), version_iri("108", 2024))),
            f"{version_iri('108', 2024, SECOND)}/document",
        }
    assert seen == sorted(seen)
    assert len(seen) > 3


def test_a_killed_publication_does_not_keep_others_out(file: Path) -> None:
    before = graphs_of(open_store(file))
    killed = subprocess.run([sys.executable, "-c", WRITER, str(file), "40", str(FEW)], cwd=HERE, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(state_of(file).holders) == 1
    assert graphs_of(open_store(file)) == before
    publish_second(open_store(file))
    assert state_of(file).holders == ()
    assert open_store(file).current().name == "2"


def test_one_publication_at_a_time(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = Path(elsewhere / file.name)
    other.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    with (
        ServiceConnection(read_addresses(file)) as connection,
        lock.locked(connection),
        pytest.raises(StoreLockedError),
    ):
        publish_second(open_store(other))
    publish_second(open_store(other))
    assert open_store(file).current().name == open_store(other).current().name == "2"


def test_an_answer_from_given_up_graphs_is_no_answer(file: Path) -> None:
    query = "SELECT ?s { ?s ?p ?o }"

    def ask(opened: PublishedStore) -> int:
        rows = opened.query(query)
        assert isinstance(rows, QuerySolutions)
        return len([*rows])

    with open_store(file).open() as opened, ServiceConnection(read_addresses(file)) as connection:
        publish_second(open_store(file))
        assert ask(opened) > 0
        say(connection, SETTLED, 2)
        with pytest.raises(StoreChangedError):
            ask(opened)


def test_many_labels_are_chosen_by_few_requests(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publication of sixty names sends hardly more requests than one of two."""
    sent, send = list[int](), ServiceConnection._send

    def count(connection: ServiceConnection, request: httpx2.Request) -> httpx2.Response:
        sent[-1] += 1
        return send(connection, request)

    monkeypatch.setattr(ServiceConnection, "_send", count)
    for department, number in (("110", 2), ("111", 60)):
        names = "".join(f'<{BASE}id/{department}/{n}> skos:prefLabel "名{n}"@zh .' for n in range(number))
        version = small_version(department, 2024, "7.00", "某局")
        sent.append(0)
        named = replace(version, catalogue=[*version.catalogue, *triples(names)])
        open_store(file).publish([named], VOCABULARY, RULES)
        last = NamedNode(f"{BASE}id/{department}/{number - 1}")
        with open_store(file).open() as store:
            labels = [quad.object for quad in store.quads_for_pattern(last, PREF_LABEL, None, DefaultGraph())]
        assert labels == [Literal(f"名{number - 1}", language="zh")]
    assert sent[1] < sent[0] + 20


def test_updates_are_refused(file: Path) -> None:
    def edit(store: Store, _: Path) -> bool:
        store.update("CLEAR ALL")
        return True

    with pytest.raises(UpdateUnsupportedError):
        open_store(file).write(edit)


def test_rows_that_are_left_out_are_an_error(file: Path, service: SparqlServer) -> None:
    with open_store(file).open() as opened:
        service.cut = "10000"
        with pytest.raises(AnswerCutError, match="10000"):
            opened.query("SELECT ?s { ?s ?p ?o }")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {**ADDRESSES, "update": "file:///etc/passwd"},
        {**ADDRESSES, "another": "x"},
        {**ADDRESSES, "authentication": "trust"},
        {**ADDRESSES, "user": "a", "password_file": "missing"},
    ],
)
def test_settings_without_addresses_are_refused(tmp_path: Path, values: dict[str, str]) -> None:
    with pytest.raises(ServiceAddressError):
        open_store(write_toml(tmp_path, **values))


def test_a_service_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachableError, match=r"127\.0\.0\.1:9"):
        open_store(write_toml(tmp_path, **ADDRESSES))


def test_the_settings_file_of_the_service_may_hold_the_addresses(tmp_path: Path) -> None:
    file = write_toml(tmp_path, **ADDRESSES)
    file.write_text("port = 8001\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    settings = read_settings(file, {})
    assert (settings.store, settings.port) == (file, 8001)


def test_pages_queries_and_writes_over_a_service(file: Path, tmp_path: Path) -> None:
    settings = Settings(file, workers=1, keys=tmp_path / "keys")
    secret = add_key(tmp_path / "keys", "tests", date(2024, 1, 1))
    headers = {"Authorization": f"Bearer {secret}"}
    with running_service(settings, HtmlPages()) as address, httpx2.Client(base_url=address, timeout=60) as client:
        counted = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s a ?c }", "format": "csv"})
        assert int(counted.text.splitlines()[1]) > 10
        thing = client.get("/doc/disclosure/420107/2024/budget/108", headers={"Accept": "text/turtle"})
        assert "人大办" in client.get(thing.url, follow_redirects=True, headers={"Accept": "text/turtle"}).text
        path = version_iri("109", 2024).removeprefix(BASE.rstrip("/"))
        page = client.get(path, follow_redirects=True, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "<html" in page.text
        graph = {"graph": "urn:own"}
        turtle = {**headers, "Content-Type": "text/turtle"}
        put = client.put("/graphs", params=graph, content="<urn:a> <urn:b> 7 .", headers=turtle)
        assert put.status_code == 201
        assert "7" in client.get("/graphs", params=graph, headers={"Accept": "application/n-triples"}).text
        update = client.post("/sparql", data={"update": "CLEAR ALL"}, headers=headers)
        assert update.status_code == 501
        assert client.get("/health").json()["generation"] == "2"
        publish_second(open_store(file))
        assert client.get("/health").json()["generation"] == "3"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (10/4 AS ?x) {}", "SELECT (10* 1.0 /4 AS ?x) {}"),
        ("SELECT ?o { ?s <p>/<q> ?o }", "SELECT ?o { ?s <p>/<q> ?o }"),
        (
            "SELECT ?i { ?i <p> ?w . ?i <up>+ <top> }",
            "SELECT ?i { ?i <p> ?w .  { SELECT DISTINCT ?i { ?i <up> + <top> } LIMIT 1000000 } }",
        ),
        (
            "SELECT ?i { ?i <up>* <top> ; <p> ?w . }",
            "SELECT ?i { ?i <p> ?w { SELECT DISTINCT ?i { ?i <up> * <top> } LIMIT 1000000 } . }",
        ),
        ("SELECT ?i { <x> <p> ?i . ?i <up>* ?top }", "SELECT ?i { <x> <p> ?i . ?i <up>* ?top }"),
        ("SELECT ?i { ?i <p> ?x FILTER(?x * 2 > 1) }", "SELECT ?i { ?i <p> ?x FILTER(?x * 2 > 1) }"),
    ],
)
def test_what_a_service_evaluates_wrongly_is_written_anew(query: str, expected: str) -> None:
    assert work_around(query, {PATHS, DIVISION}) == expected
    assert work_around(query, ()) == query


@pytest.mark.parametrize(
    "query",
    ["SELECT ?i { VALUES ?top { <t> } ?i <up>+ ?top . ?i <p> ?w }", "SELECT ?i { ?i <up>+ <a> , <b> }"],
)
def test_a_path_that_cannot_be_written_anew_is_refused(query: str) -> None:
    with pytest.raises(PathUnsupportedError):
        work_around(query, {PATHS})


def test_the_self_test_finds_what_a_service_cannot_do(file: Path, service: SparqlServer) -> None:
    assert open_store(file).flaws == []
    with ServiceConnection(read_addresses(file)) as connection:
        service.store.update(f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s <{GRAPH}:counts> ?b }} }}")
        assert find_flaws(connection) == ["booleans"]
        service.cut = "10000"
        with pytest.raises(AnswerCutError):
            find_flaws(connection)


def test_a_large_answer_that_is_not_whole_is_found(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "MANY", SHIPPED)
    with ServiceConnection(read_addresses(file)) as connection:
        assert find_flaws(connection) == ["large-answers"]
        write_test_data(connection)
        assert find_flaws(connection) == []
