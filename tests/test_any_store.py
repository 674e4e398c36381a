"""A store in a folder and one in a SPARQL service are the same to whoever publishes and asks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import DefaultGraph, Literal, NamedNode, QueryBoolean, QuerySolutions
from small_sparql_service import SparqlServer, sparql_service
from small_store import (
    AMOUNTS,
    BASE,
    PREFIXES,
    RULES,
    SECOND,
    VOCABULARY,
    disclosure_iri,
    small_version,
    triples,
    version_iri,
)

from ontology.namespaces import XSD
from server.errors import NothingToRetractError, QueryAmbiguousError, StoreBaseError, StoreNotEmptyError
from server.store.generation_store import GenerationStore, VersionGraphs, open_store
from server.store.maintenance.verification import verify_store
from server.store.published_store import PublishedStore
from server.store.remote.migration import copy_store
from server.store.remote.names import STORE
from server.store.triple_lines import as_lines
from yusuan.commands.main import main

NOW = datetime(2026, 1, 2, tzinfo=UTC)
FIRST_108 = version_iri("108", 2024)
QUERIES = {
    "star": "SELECT * { ?s a ?class } ORDER BY ?s ?class",
    "star of graphs": "SELECT * { GRAPH ?g { ?s a :DisclosureVersion } } ORDER BY ?g",
    "graphs": "SELECT ?g { GRAPH ?g {} } ORDER BY ?g",
    "count of all": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "count by graph": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "current and graphs": "SELECT ?s ?g { ?s a :DisclosureVersion . GRAPH ?g { ?s a :DisclosureVersion } } ORDER BY ?g",
    "a graph": f"SELECT ?s {{ GRAPH <{FIRST_108}> {{ ?s a :Claim }} }} ORDER BY ?s",
    "a graph by prefix": "SELECT (COUNT(*) AS ?n) { GRAPH <def> { ?s ?p ?o } }",
    "no such graph": "SELECT ?s { GRAPH <urn:none> { ?s ?p ?o } }",
    "own graphs stay hidden": f"SELECT ?s {{ GRAPH <{STORE}:state> {{ ?s ?p ?o }} }}",
    "from": f"SELECT ?s FROM <{FIRST_108}> {{ ?s a :Claim }} ORDER BY ?s",
    "from named": f"SELECT ?g ?s FROM NAMED <{FIRST_108}> {{ GRAPH ?g {{ ?s a :Claim }} }} ORDER BY ?s",
    "from named, default": f"SELECT ?s FROM NAMED <{FIRST_108}> {{ ?s a :Claim }}",
    "from hides graphs": f"SELECT ?g FROM <{FIRST_108}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "ask": "ASK { ?s :amount 100.5 }",
    "ask in vain": "ASK { ?s :amount 1 }",
    "path": "SELECT DISTINCT ?f { ?c :point/^:claim* ?f } ORDER BY ?f",
    "exists": "SELECT ?s { ?s a :Claim FILTER EXISTS { GRAPH ?g { ?s :amount 100.5 } } }",
    "having": "SELECT ?t (COUNT(?s) AS ?n) { ?s :printedIn ?t } GROUP BY ?t HAVING (COUNT(?s) > 1) ORDER BY ?t",
    "minus": "SELECT ?s { ?s a :Claim MINUS { GRAPH ?g { ?s :amount 100.5 } } } ORDER BY ?s",
    "optional": "SELECT ?s ?g { ?s a :Table OPTIONAL { GRAPH ?g { ?s a :Table } } } ORDER BY ?s",
    "inner select": "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s a :Claim } } }",
    "values behind": 'SELECT ?s ?y { ?s a :Claim ; :year ?y } ORDER BY ?s VALUES ?y { "2025"^^xsd:gYear }',
    "exists in the head": "SELECT (EXISTS { ?s a :Claim } AS ?b) {}",
    "marks": "SELECT ?s { ?s a <def#Claim> FILTER(?s!=<def#a>&&'# {'!='GRAPH :x {') } ORDER BY ?s",
    "comment": "SELECT ?s { ?s a :Table # } GRAPH ?g {\n } ORDER BY ?s # }",
    "chinese": 'SELECT ?s { ?s skos:prefLabel "人大常委会办公室"@zh }',
    "nothing": "SELECT * {}",
    "any name of a variable": "SELECT ?g ?yusuan0 { GRAPH ?g { ?s :amount ?yusuan0 } } ORDER BY ?g ?yusuan0",
}
GRAPHS = {
    "construct": "CONSTRUCT { ?s :is ?c } { ?s a ?c }",
    "construct where": "CONSTRUCT WHERE { ?s a ?c }",
    "construct of a graph": "CONSTRUCT { ?s ?p ?o } { GRAPH <def> { ?s ?p ?o } }",
    "describe": f"DESCRIBE <{disclosure_iri('108', 2024)}>",
    "describe what is found": "DESCRIBE ?t { ?t a :Table }",
    "describe with comments": "DESCRIBE ?t # {\n{ ?t a :Table } # the end",
    "describe from a graph": f"DESCRIBE ?s FROM <{FIRST_108}> {{ ?s a :Claim }} LIMIT 100",
    "describe by any name": "DESCRIBE ?yusuans { ?yusuans a :Table ; ?yusuanp ?yusuano }",
}


def three_versions() -> list[VersionGraphs]:
    return [
        small_version("108", 2024, AMOUNTS["2024"], "人大办"),
        small_version("108", 2025, AMOUNTS["2025"], "人大常委会办公室"),
        small_version("109", 2024, "7.00", "政协办"),
    ]


MORE_TERMS = VOCABULARY + triples("<x> a <y> .")
Steps = list[Callable[[GenerationStore], object]]
STEPS: Steps = [
    lambda store: store.publish(three_versions(), VOCABULARY, RULES),
    lambda store: store.publish(three_versions(), VOCABULARY, RULES),
    lambda store: store.publish([small_version("108", 2024, "111.00", "人大", SECOND)], VOCABULARY, RULES),
    lambda store: store.publish([small_version("108", 2024, "111.00", "人大", SECOND, "another")], VOCABULARY, RULES),
    lambda store: store.publish([small_version("109", 2024, "7.00", "政协")], MORE_TERMS, RULES),
    lambda store: store.retract(version_iri("108", 2024, SECOND), NOW),
    lambda store: store.publish([small_version("108", 2024, "111.00", "人大", SECOND)], VOCABULARY, RULES),
    lambda store: store.retract(disclosure_iri("109", 2024), NOW),
]


def graphs_of(store: GenerationStore) -> dict[str, set[bytes]]:
    """What each graph says, blank nodes by what is said of them."""
    with store.open() as opened:
        names: list[NamedNode | DefaultGraph] = [DefaultGraph()]
        names += [name for name in opened.named_graphs() if isinstance(name, NamedNode)]
        return {
            str(name): as_lines(quad.triple for quad in opened.quads_for_pattern(None, None, None, name))
            for name in names
        }


def rows(store: PublishedStore, query: str) -> list[list[str]] | bool:
    answer = store.query(PREFIXES + query, base_iri=BASE)
    if isinstance(answer, QueryBoolean):
        return bool(answer)
    assert isinstance(answer, QuerySolutions)
    return [[v.value for v in answer.variables], *([str(term) for term in row] for row in answer)]


@pytest.fixture(scope="module")
def service() -> Iterator[SparqlServer]:
    with sparql_service() as server:
        yield server


@pytest.fixture(scope="module")
def pair(service: SparqlServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[GenerationStore, GenerationStore]:
    """A folder and a service with the same history."""
    folder = tmp_path_factory.mktemp("pair")
    stores = GenerationStore(folder / "store"), open_store(service.write_settings(folder))
    for store in stores:
        for step in STEPS[:4]:
            step(store)
    return stores


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[GenerationStore]:
    with sparql_service() as server:
        yield open_store(server.write_settings(tmp_path))


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_rows_are_equal(pair: tuple[GenerationStore, GenerationStore], query: str) -> None:
    with pair[0].open() as one, pair[1].open() as other:
        assert rows(other, query) == rows(one, query)


@pytest.mark.parametrize("query", GRAPHS.values(), ids=GRAPHS)
def test_graphs_are_equal(pair: tuple[GenerationStore, GenerationStore], query: str) -> None:
    with pair[0].open() as one, pair[1].open() as other:
        answers = [as_lines(store.query(PREFIXES + query, base_iri=BASE)) for store in (one, other)]  # type: ignore[arg-type] # they are triples
    assert answers[0]
    assert answers[1] == answers[0]


def test_malformed_queries_are_told_alike(pair: tuple[GenerationStore, GenerationStore]) -> None:
    messages = []
    for store in pair:
        with store.open() as opened, pytest.raises(SyntaxError) as error:
            opened.query("SELECT ?s { ?s ?p }")
        messages.append(str(error.value))
    assert messages[0] == messages[1]


@pytest.mark.parametrize(
    "query",
    [
        f"PREFIX own: <{STORE}:> SELECT ?s {{ ?s ?p trueGRAPHown:state {{ ?s ?q ?o }} }}",
        f"PREFIX graph: <{STORE}:> SELECT ?s {{ GRAPHgraph:state {{ ?s ?p ?o }} }}",
        f"SELECT ?s {{ ?s ?p trueGRAPH <{STORE}:state> {{ ?s ?q ?o }} }}",
        f"SELECT ?x {{ ?s ?p ?o FILTER(?s<?p&&'>'='x') GRAPH <{STORE}:state> {{ ?x ?y ?z }} FILTER('a'='a') # '\n }}",
        f"SELECT ?x {{ ?s ?p ?o FILTER(?s<?p#>)}} {{\n) GRAPH <{STORE}:state> {{ ?x ?y ?z }} }}",
        f"SELECT ?x {{ ?s ?p 'x\\u0027 . GRAPH <{STORE}:state> {{ ?x ?y ?z }} FILTER(\\u0027\\u0027=\\u0027' }}",
        "CONSTRUCTWHERE{ ?s ?p ?o }",
        "DESCRIBE:Table",
    ],
)
def test_what_a_service_may_read_in_another_way_is_refused(
    pair: tuple[GenerationStore, GenerationStore], query: str
) -> None:
    with pair[1].open() as opened, pytest.raises(QueryAmbiguousError):
        opened.query(PREFIXES + query, base_iri=BASE)


def test_each_step_of_a_history_leaves_equal_stores(empty: GenerationStore, tmp_path: Path) -> None:
    folder = GenerationStore(tmp_path / "store")
    for step in STEPS:
        step(folder)
        step(empty)
        assert graphs_of(empty) == graphs_of(folder)
        assert empty.current().name == folder.current().name
        kept = [store.document_path(version_iri("108", 2024, SECOND)).is_file() for store in (folder, empty)]
        assert kept[0] == kept[1]


def test_matches_of_patterns_are_equal(pair: tuple[GenerationStore, GenerationStore]) -> None:
    claim, amount = NamedNode(f"{FIRST_108}/t01/r1c2"), NamedNode(BASE + "def#amount")
    graphs = (None, DefaultGraph(), NamedNode(FIRST_108), NamedNode("urn:none"))
    found_in = dict.fromkeys(graphs, 0)
    for subject, predicate in ((None, amount), (claim, amount), (claim, None)):
        for graph in graphs:
            with pair[0].open() as one, pair[1].open() as other:
                found = [
                    sorted(map(str, store.quads_for_pattern(subject, predicate, None, graph))) for store in (one, other)
                ]
            assert found[0] == found[1]
            found_in[graph] += len(found[0])
    assert [count > 0 for count in found_in.values()] == [True, True, True, False]


def test_size_is_that_of_all_graphs(pair: tuple[GenerationStore, GenerationStore]) -> None:
    with pair[0].open() as one, pair[1].open() as other:
        assert len(other) == len(one) == sum(1 for _ in one.quads_for_pattern(None, None, None, None))


def test_documents_come_from_the_service(
    pair: tuple[GenerationStore, GenerationStore], service: SparqlServer, tmp_path: Path
) -> None:
    another_machine = open_store(service.write_settings(tmp_path))
    assert another_machine.path != pair[1].path
    assert another_machine.document_path(FIRST_108).read_bytes() == b'{"tables": []}'
    assert not another_machine.document_path(version_iri("999", 2024, "9999999999999999")).exists()


def test_retracted_data_leave_the_service(tmp_path: Path) -> None:
    with sparql_service() as server:
        store = open_store(server.write_settings(tmp_path))
        store.publish(three_versions(), VOCABULARY, RULES)
        store.retract(disclosure_iri("109", 2024), NOW)
        amount, seven = NamedNode(BASE + "def#amount"), Literal("7.0", datatype=NamedNode(XSD + "decimal"))
        assert [*server.store.quads_for_pattern(None, amount, None, None)]
        assert [*server.store.quads_for_pattern(None, amount, seven, None)] == []
        documents = [graph for graph in server.store.named_graphs() if graph.value.endswith("/document")]
        assert len(documents) == 2


def test_nothing_to_retract(empty: GenerationStore) -> None:
    empty.publish(three_versions(), VOCABULARY, RULES)
    with pytest.raises(NothingToRetractError):
        empty.retract(disclosure_iri("999", 2024), NOW)
    assert empty.current().name == "1"


def test_another_base_is_refused(empty: GenerationStore) -> None:
    empty.publish(three_versions(), VOCABULARY, RULES)
    with pytest.raises(StoreBaseError):
        open_store(empty.addresses.file, "https://example.org/").publish([], (), ())  # type: ignore[attr-defined]


def test_a_store_is_moved_there_and_back(
    pair: tuple[GenerationStore, GenerationStore], empty: GenerationStore, tmp_path: Path
) -> None:
    moved = copy_store(pair[0], empty)
    assert graphs_of(empty) == graphs_of(pair[0])
    assert moved.documents == 2
    back = GenerationStore(tmp_path / "back")
    assert copy_store(empty, back).triples == moved.triples
    assert graphs_of(back) == graphs_of(pair[0])
    assert {p.key for p in verify_store(back).problems} == {p.key for p in verify_store(pair[0]).problems}
    STEPS[5](empty)
    with pytest.raises(StoreNotEmptyError):
        copy_store(back, empty)


def test_commands_take_a_settings_file_for_a_store(
    pair: tuple[GenerationStore, GenerationStore], service: SparqlServer, tmp_path: Path
) -> None:
    file = str(service.write_settings(tmp_path))
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    asked = [CliRunner().invoke(main, ["query", "--store", store, query]) for store in (file, str(pair[0].path))]
    assert asked[0].output == asked[1].output
    assert asked[0].exit_code == 0
    verified = CliRunner().invoke(main, ["verify", "--full", "--store", file, "--lang", "en"])
    expected = CliRunner().invoke(main, ["verify", "--full", "--store", str(pair[0].path), "--lang", "en"])
    assert verified.output == expected.output
    moved = CliRunner().invoke(main, ["migrate", file, str(tmp_path / "folder"), "--lang", "en"])
    assert moved.output.startswith("Migrated: ")
    backed_up = CliRunner().invoke(main, ["backup", "--store", file, str(tmp_path / "backup.zip")])
    assert backed_up.exit_code == 0, backed_up.output
    folder = str(tmp_path / "restored")
    restored = CliRunner().invoke(main, ["restore", str(tmp_path / "backup.zip"), "--store", folder])
    assert restored.exit_code == 0, restored.output
    assert CliRunner().invoke(main, ["query", "--store", folder, query]).output == asked[0].output
