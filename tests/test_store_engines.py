"""A store in the Oxigraph server and in Virtuoso is the same as one in a folder; what an engine cannot do is known."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions
from running_engines import Engine, engines, oxigraph_server, virtuoso_server
from small_sparql_service import FEW
from small_store import BASE, PREFIXES
from test_any_store import GRAPHS, QUERIES, STEPS, graphs_of, rows
from test_service_store import HERE, WRITER, publish_second

from ontology.example_queries import read_example
from server.errors import BackupError, PathUnsupportedError
from server.sparql.query_templates import fill_query, nodes
from server.store.generation_store import GenerationStore, open_store
from server.store.published_store import PublishedStore
from server.store.remote.maintenance import backup_any, restore_any, verify_any
from server.store.remote.migration import copy_store
from server.store.remote.service_store import ServiceStore
from server.store.triple_lines import as_lines

EXAMPLES = Path(__file__).parents[1] / "ontology" / "examples"
NO_QUERIES = ("parameters", "prefixes")
FLAWS: dict[object, list[str]] = {
    oxigraph_server: [],
    virtuoso_server: ["computed-booleans", "division", "division-by-zero", "empty-text", "paths"],
}
CLASS = f"{BASE}code/function/2010101"
DIFFERING: dict[object, set[str]] = {oxigraph_server: set[str](), virtuoso_server: {"exists in the head", "nothing"}}
"""Queries with other rows: computed booleans are numbers in Virtuoso, and a star without variables is one column."""
TEMPLATES: dict[str, dict[str, object]] = {
    "what_did_codes_hold": {"things": nodes([CLASS])},
    "which_codes_replaced_these": {"things": nodes([CLASS])},
    "what_stands_above_a_thing": {"thing": CLASS},
    "what_stands_directly_above_these": {"things": nodes([CLASS, f"{BASE}code/function/208"])},
    "which_concepts_do_facts_name": {"dimensions": nodes([f"{BASE}def#function"])},
}


@pytest.fixture(scope="module")
def file(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with engine(tmp_path_factory.mktemp("engine")) as file:
        yield file


def sorted_rows(store: PublishedStore, query: str) -> list[list[str]] | bool:
    """The rows in an order of their own: where they are sorted by addresses, engines differ."""
    found = rows(store, query)
    return found if isinstance(found, bool) else sorted(found)


@engines
def test_histories_and_answers_are_those_of_a_folder(engine: Engine, file: Path, tmp_path: Path) -> None:
    folder, store = GenerationStore(tmp_path / "store"), open_store(file)
    assert isinstance(store, ServiceStore)
    for step in STEPS:
        step(folder)
        step(store)
        found, expected = graphs_of(store), graphs_of(folder)
        assert found.keys() == expected.keys()
        assert {name: found[name] ^ expected[name] for name in found if found[name] != expected[name]} == {}
    assert store.flaws == FLAWS[engine]
    differing = set()
    with folder.open() as one, store.open() as other:
        for name, query in QUERIES.items():
            answers = [sorted_rows(opened, query) for opened in (one, other)]
            if answers[0] != answers[1]:
                differing.add(name)
        for query in GRAPHS.values():
            graphs = [opened.query(PREFIXES + query, base_iri=BASE) for opened in (one, other)]
            assert as_lines(graphs[0]) == as_lines(graphs[1])  # type: ignore[arg-type] # they are triples
    assert differing == DIFFERING[engine]


@pytest.fixture(scope="module")
def moved(engine: Engine, example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GenerationStore]:
    """The store of the example in an engine."""
    with engine(tmp_path_factory.mktemp("moved")) as file:
        store = open_store(file)
        copy_store(GenerationStore(example_store), store)
        yield store


@engines
def test_example_queries_give_equal_rows(moved: GenerationStore, example_store: Path) -> None:
    queries = {path.stem: read_example(path) for path in EXAMPLES.glob("*.ttl") if path.stem not in NO_QUERIES}
    queries |= {name: fill_query(name, **slots) for name, slots in TEMPLATES.items()}
    with GenerationStore(example_store).open() as one, moved.open() as other:
        for name, query in queries.items():
            answers = [opened.query(query, base_iri=BASE) for opened in (one, other)]
            found = [sorted(map(str, answer)) for answer in answers if isinstance(answer, QuerySolutions)]
            assert found[0] == found[1], name
    assert len(queries) > len(TEMPLATES) + 15


@engines
def test_the_example_is_verified(moved: GenerationStore) -> None:
    verified = verify_any(moved)
    assert verified.problems == ()
    assert verified.versions == 1


@engines
def test_a_backup_is_restored_in_place_of_everything(engine: Engine, tmp_path: Path) -> None:
    with engine(tmp_path) as file:
        store = open_store(file)
        STEPS[0](store)
        before = graphs_of(store)
        backed_up = backup_any(store, tmp_path / "backup.zip")
        assert backed_up.generation == "1"
        assert backed_up.documents == 1
        publish_second(store)
        changed = graphs_of(store)
        assert changed != before
        (tmp_path / "damaged.zip").write_bytes(b"PK")
        with pytest.raises(BackupError):
            restore_any(store, tmp_path / "damaged.zip")
        assert graphs_of(store) == changed
        assert restore_any(store, tmp_path / "backup.zip") == backed_up
        assert graphs_of(store) == before
        assert graphs_of(open_store(file)) == before
        publish_second(store)
        folder = GenerationStore(tmp_path / "folder")
        for step in (STEPS[0], publish_second):
            step(folder)
        assert graphs_of(store) == graphs_of(folder)


@engines
def test_a_killed_publication_leaves_no_trace(engine: Engine, tmp_path: Path) -> None:
    with engine(tmp_path) as file:
        STEPS[0](open_store(file))
        before = graphs_of(open_store(file))
        killed = subprocess.run([sys.executable, "-c", WRITER, str(file), "60", str(FEW)], cwd=HERE, check=False)
        assert killed.returncode == -signal.SIGKILL
        assert graphs_of(open_store(file)) == before
        publish_second(open_store(file))
        folder = GenerationStore(tmp_path / "folder")
        for step in (STEPS[0], publish_second):
            step(folder)
        assert graphs_of(open_store(file)) == graphs_of(folder)


@pytest.mark.virtuoso
def test_a_path_that_virtuoso_joins_wrongly_is_refused(tmp_path: Path) -> None:
    with virtuoso_server(tmp_path) as file:
        STEPS[0](open_store(file))
        with open_store(file).open() as opened, pytest.raises(PathUnsupportedError):
            rows(opened, "SELECT ?t { VALUES ?s { <x> } ?t :point/:claim+ ?s . ?t a :Claim }")
