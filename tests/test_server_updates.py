"""Updates of a writable instance, over HTTP and as texts."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import NamedNode, Quad, Store
from small_store import PREFIXES, RUNAWAY, publish_into, publish_small
from small_writable import Instance, writable_instance

from server.errors import DatasetConflictError, FederationRefusedError, LoadRefusedError, QueryTimeoutError
from server.settings import Settings
from server.store.client_writes import Write
from server.store.updates import refuse_calls, with_dataset
from server.store.writer import Writer

INSERT = "INSERT DATA { <http://example.org/s> <http://example.org/p> %s }"
ASK = "ASK { <http://example.org/s> <http://example.org/p> %s }"
A, B = NamedNode("http://example.org/a"), NamedNode("http://example.org/b")
UPDATE = {"Content-Type": "application/sparql-update"}


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with writable_instance(tmp_path_factory.mktemp("writable")) as running:
        yield running


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_acknowledged_is_seen_by_the_next_query_and_is_a_generation(instance: Instance, number: int) -> None:
    before = int(instance.store.current().name)
    response = instance.client.post("/sparql", content=INSERT % number, headers=UPDATE)
    assert (response.status_code, response.content) == (204, b"")
    assert instance.asks(ASK % number)
    assert int(instance.store.current().name) == before + 1


def test_both_forms_of_post_are_taken(instance: Instance) -> None:
    assert instance.client.post("/sparql", data={"update": INSERT % 3}).status_code == 204
    assert instance.asks(ASK % 3)


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic eDp5"])
def test_nobody_writes_without_a_key(instance: Instance, authorization: str) -> None:
    before = instance.store.current()
    headers = {"Authorization": authorization}
    for response in (
        httpx2.post(f"{instance.address}/sparql", headers=headers, data={"update": INSERT % 4}),
        httpx2.post(f"{instance.address}/sparql", headers={**headers, **UPDATE}, content=INSERT % 4),
    ):
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
    assert instance.store.current() == before


def test_where_there_are_no_keys_every_update_is_forbidden(pages_address: str) -> None:
    headers = {"Authorization": "Bearer yusuan_x"}
    for response in (
        httpx2.post(f"{pages_address}/sparql", content="DROP ALL", headers={**UPDATE, **headers}),
        httpx2.post(f"{pages_address}/sparql", data={"update": "DROP ALL"}, headers=headers),
        httpx2.get(f"{pages_address}/sparql", params={"update": "DROP ALL"}, headers=headers),
        httpx2.put(f"{pages_address}/graphs?default", content="", headers={"Content-Type": "text/turtle", **headers}),
        httpx2.delete(f"{pages_address}/graphs?default", headers=headers),
    ):
        assert response.status_code == 403


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize(
    ("update", "status"),
    [
        ("INSERT DATA { <a> <b> }", 400),
        ("DROP GRAPH <http://example.org/nothing>", 400),
        ("LOAD <http://127.0.0.1:9/>", 403),
        ("load#c\n<http://127.0.0.1:9/> into graph <http://example.org/x>", 403),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ("SELECT * { ?s ?p ?o }", 400),
    ],
)
def test_what_cannot_be_done_changes_nothing(instance: Instance, update: str, status: int) -> None:
    before = instance.store.current()
    response = instance.client.post("/sparql", content=update, headers=UPDATE)
    assert response.status_code == status
    assert instance.store.current() == before


@pytest.mark.parametrize(("depth", "status"), [(5_000, 204), (100_000, 400)])
def test_an_update_may_be_nested_deep(instance: Instance, depth: int, status: int) -> None:
    nested = f"{(depth - 1) * '{'}{(depth - 1) * '}'}"
    update = f"INSERT {{ <urn:deep> <urn:deep> {depth} }} WHERE {{{nested}}}"
    assert instance.client.post("/sparql", content=update, headers=UPDATE).status_code == status
    assert instance.asks(f"ASK {{ <urn:deep> <urn:deep> {depth} }}") is (status == 204)


def test_a_wrong_update_says_where(instance: Instance) -> None:
    response = instance.client.post("/sparql", content="CLEAR ALL ;\n  CLEAR XYZ", headers=UPDATE)
    assert response.status_code == 400
    assert "2" in response.text
    assert "▲XYZ" in response.text


def test_an_update_with_half_of_it_wrong_does_nothing(instance: Instance) -> None:
    text = INSERT % 5 + " ; DROP GRAPH <http://example.org/nothing>"
    assert instance.client.post("/sparql", content=text, headers=UPDATE).status_code == 400
    assert not instance.asks(ASK % 5)


def test_the_service_says_whether_it_takes_updates(instance: Instance, pages_address: str) -> None:
    for address, takes in ((instance.address, True), (pages_address, False)):
        description = httpx2.get(f"{address}/sparql", headers={"Accept": "application/n-triples"}).text
        assert ("SPARQL11Update" in description) is takes


def test_updates_are_not_made_by_get_nor_two_at_once(instance: Instance) -> None:
    assert instance.client.get("/sparql", params={"update": "DROP ALL"}).status_code == 400
    both = {"update": ["CLEAR DEFAULT", "CLEAR NAMED"]}
    assert instance.client.post("/sparql", data=both).status_code == 400
    assert instance.client.post("/sparql", data={"update": "CLEAR ALL", "query": "ASK {}"}).status_code == 400


def test_a_runaway_update_is_stopped_and_queries_are_answered_meanwhile(instance: Instance) -> None:
    runaway = f"INSERT {{ ?n ?n ?n }} WHERE {{ {{ {RUNAWAY} }} }}"
    answers: list[httpx2.Response] = []
    thread = threading.Thread(
        target=lambda: answers.append(instance.client.post("/sparql", content=runaway, headers=UPDATE)),
        daemon=True,
    )
    start = time.monotonic()
    thread.start()
    while thread.is_alive() and time.monotonic() - start < 60:
        assert instance.asks("ASK {}")
        time.sleep(0.1)
    assert answers[0].status_code == 503
    assert time.monotonic() - start < 60
    assert instance.client.post("/sparql", content=INSERT % 6, headers=UPDATE).status_code == 204


def test_a_write_while_another_process_publishes_is_asked_to_come_again(instance: Instance) -> None:
    with instance.store.generations.publishing():
        response = instance.client.post("/sparql", content=INSERT % 7, headers=UPDATE)
    assert response.status_code == 503
    assert response.headers["retry-after"]


def test_writes_that_come_together_are_all_done(instance: Instance) -> None:
    async def write_all() -> None:
        writer = Writer(Settings(instance.store.path, write_timeout=60))
        writes = [Write("update", "http://example.org/", INSERT % number) for number in range(100, 104)]
        assert len({written.generation for written in await asyncio.gather(*map(writer.write, writes))}) == len(writes)

    asyncio.run(write_all())
    assert all(instance.asks(ASK % number) for number in range(100, 104))


def test_a_write_that_is_late_leaves_no_half(instance: Instance) -> None:
    before = instance.store.current()
    writer = Writer(Settings(instance.store.path, write_timeout=0.05))
    with pytest.raises(QueryTimeoutError):
        asyncio.run(writer.write(Write("update", "http://example.org/", INSERT % 8)))
    assert instance.store.current() == before


def test_publishing_after_an_update_compares_the_vocabulary_again(tmp_path: Path) -> None:
    store = publish_small(tmp_path / "store")
    whole = set(Store.read_only(str(store.current())))
    asyncio.run(Writer(Settings(store.path)).write(Write("update", "http://example.org/", "DROP ALL")))
    publish_into(tmp_path / "store")
    assert set(Store.read_only(str(store.current()))) == whole


# ── Texts ────────────────────────────────────────────────────────────────────────────────────────


def updated(update: str, default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    """(graph, object) of what an update says of <http://example.org/result>.

    The default graph has one triple, graph A one, graph B two of which A has one.
    """
    store = Store()
    store.extend(Quad(A, A, object_, graph) for graph in (A, B) for object_ in (A, graph))
    store.add(Quad(B, A, B))
    for text in with_dataset(PREFIXES + update, default, named):
        store.update(text)
    result = NamedNode("http://example.org/result")
    left = {graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)}
    assert left <= {A.value, B.value, "http://example.org/new"}
    return {(str(quad.graph_name), str(quad.object)) for quad in store.quads_for_pattern(result, None, None, None)}


@pytest.mark.parametrize(
    ("default", "named", "count"),
    [((), (), 1), ((A.value,), (), 1), ((A.value, B.value), (), 2), ((), (A.value,), 0), ((B.value, B.value), (), 2)],
)
def test_the_default_graph_is_the_merge_of_those_used(
    default: tuple[str, ...], named: tuple[str, ...], count: int
) -> None:
    text = """INSERT { <http://example.org/result> :n ?n } WHERE { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"""
    expected = {("DEFAULT", f'"{count}"^^<http://www.w3.org/2001/XMLSchema#integer>')}
    assert updated(text, default, named) == expected
    if default and not named:
        using = " ".join(f"USING <{graph}>" for graph in default)
        assert updated(text.replace(" WHERE", f" {using} WHERE", 1)) == expected


def test_named_graphs_are_those_used() -> None:
    text = """INSERT { GRAPH <http://example.org/new> { <http://example.org/result> :g ?g } }
        WHERE { GRAPH ?g { ?s ?p ?o } }"""
    assert {row[1] for row in updated(text)} == {str(A), str(B)}
    assert updated(text, named=(A.value,)) == {("<http://example.org/new>", str(A))}
    assert updated(text, default=(A.value, B.value)) == set()


def test_every_operation_of_a_request_has_the_dataset() -> None:
    text = """INSERT DATA { <http://example.org/result> :p 1 } ;
        PREFIX ex: <http://example.org/> DELETE WHERE { ex:b ex:a ex:b } ;
        INSERT { <http://example.org/result> :left ?o } WHERE { ?s ?p ?o } ;
        INSERT { <http://example.org/result> :kept ?s } USING <http://example.org/x> WHERE { ?s ?p ?o }"""
    assert {row[1] for row in updated(text)} == {'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    without_using = text.rpartition(";")[0]
    objects = {row[1] for row in updated(without_using, default=(B.value,))}
    assert {str(A), str(B)} < objects


def test_each_operation_may_have_a_prologue() -> None:
    text = "CLEAR ALL ; BASE <http://example.org/>\nPREFIX ex: <x/> INSERT DATA { ex:a ex:a <b> } ;\n"
    *_, first, second = with_dataset(text + "PREFIX ex: <y/> INSERT DATA { ex:a ex:a <b> }", [], [])
    store = Store()
    store.update(first)
    store.update(second)
    subjects = {quad.subject.value for quad in store if isinstance(quad.subject, NamedNode)}
    assert subjects == {"http://example.org/x/a", "http://example.org/y/a"}
    assert second.splitlines()[2].startswith("PREFIX ex: <y/> INSERT")


@pytest.mark.parametrize(
    "update",
    [
        "WITH <http://example.org/a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } USING <http://example.org/a> WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } USING NAMED <http://example.org/a> WHERE { ?s ?p ?o }",
    ],
)
def test_a_dataset_is_named_once(update: str) -> None:
    assert with_dataset(update, [], []) == [update]
    with pytest.raises(DatasetConflictError):
        with_dataset(update, [A.value], [])


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://x/>",
        "lOaD SILENT <http://x/>",
        "CLEAR ALL;LOAD<http://x/>",
        "PREFIX x: <http://x/> LOAD x:y INTO GRAPH x:z",
        "INSERT { ?a ?b ?c } WHERE { FILTER(0<?b&&'>'!='x') } ; LOAD <http://x/> #'",
        "\\u004cOAD <http://x/>",
    ],
)
def test_an_update_that_loads_is_refused(update: str) -> None:
    with pytest.raises(LoadRefusedError):
        refuse_calls(update)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> 'LOAD <http://x/>' }",
        "PREFIX load: <http://x/> INSERT DATA { load:x load:y load:z } ; CLEAR GRAPH load:g",
        "INSERT { ?load <a:b> ?c } WHERE { ?load <a:b> ?c } # LOAD <http://x/>",
    ],
)
def test_an_update_that_only_speaks_of_loading_is_let_through(update: str) -> None:
    refuse_calls(update)


def test_an_update_that_asks_others_is_refused() -> None:
    with pytest.raises(FederationRefusedError):
        refuse_calls("INSERT { ?s ?p ?o } WHERE { sErViCe#c\n<http://x/> { ?s ?p ?o } }")
