"""Retracting versions and disclosures from a store."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store
from small_service import running_service
from small_store import (
    AMOUNTS,
    BASE,
    PREFIXES,
    RULES,
    SECOND,
    VOCABULARY,
    disclosure_iri,
    publish_small,
    small_version,
    version_iri,
)

from server.errors import NotFoundError, NothingToRetractError, ServiceBusyError
from server.execution.evaluator import Answer, Question
from server.linked_data.retraction import gone_or_missing, replacing_path
from server.settings import Settings
from server.store.generation_store import GenerationStore

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
A = NamedNode("http://example.org/a")


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return publish_small(tmp_path / "store")


def amounts(store: GenerationStore) -> list[str]:
    query = PREFIXES + "SELECT ?a { ?o :organisation id:org\\/108 ; :amount ?a } ORDER BY ?a"
    rows = Store.read_only(str(store.current())).query(query)
    assert isinstance(rows, QuerySolutions)
    return [term.value for row in rows if isinstance(term := row["a"], Literal)]


def quads(store: GenerationStore) -> set[Quad]:
    return set(Store.read_only(str(store.current())))


def test_after_the_current_version_the_one_before_is_current(store: GenerationStore) -> None:
    before = quads(store)
    store.publish([small_version("108", 2024, "111.00", "新名", SECOND)], VOCABULARY, RULES)
    assert store.retract(version_iri("108", 2024, SECOND), NOW) == [version_iri("108", 2024, SECOND)]
    gone = f"{version_iri('108', 2024, SECOND)}/retraction"
    assert {quad for quad in quads(store) if quad.graph_name != NamedNode(gone)} == before
    assert not store.document_path(version_iri("108", 2024, SECOND)).exists()


def test_after_a_superseded_version_the_current_one_stays(store: GenerationStore) -> None:
    store.publish([small_version("108", 2024, "111.00", "人大办", SECOND)], VOCABULARY, RULES)
    before = amounts(store)
    store.retract(version_iri("108", 2024), NOW)
    assert amounts(store) == before
    graphs = {str(quad.graph_name) for quad in quads(store)}
    assert f"<{version_iri('108', 2024)}>" not in graphs
    assert f"<{version_iri('108', 2024)}/retraction>" in graphs


def test_a_disclosure_is_retracted_with_all_its_versions(store: GenerationStore) -> None:
    store.publish([small_version("108", 2024, "111.00", "人大办", SECOND)], VOCABULARY, RULES)
    assert len(store.retract(disclosure_iri("108", 2024), NOW)) == 2
    assert amounts(store) == ["200", "400"]
    assert AMOUNTS["2025"] == "200.00"


def test_what_was_retracted_can_be_published_again(store: GenerationStore) -> None:
    before = quads(store)
    store.retract(version_iri("108", 2024), NOW)
    store.publish([small_version("108", 2024, AMOUNTS["2024"], "人大办")], VOCABULARY, RULES)
    assert quads(store) == before


@pytest.mark.parametrize("iri", [f"{BASE}id/disclosure/x", f"{BASE}def", "nothing"])
def test_what_is_not_there_is_not_retracted(store: GenerationStore, iri: str) -> None:
    with pytest.raises(NothingToRetractError):
        store.retract(iri, NOW)
    assert store.current().name == "1"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service from which the disclosure of 2024 of department 108 was retracted."""
    store = publish_small(tmp_path_factory.mktemp("gone") / "store")
    store.retract(disclosure_iri("108", 2024), NOW)
    with running_service(Settings(store.path, workers=1)) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/id/disclosure/420107/2024/budget/108", 410),
        ("/doc/disclosure/420107/2024/budget/108/v/1111111111111111", 410),
        ("/doc/disclosure/420107/2024/budget/108/v/1111111111111111/t01/r1c2", 410),
        ("/graphs/id/disclosure/420107/2024/budget/108/v/1111111111111111", 410),
        ("/doc/disclosure/420107/2024/budget/108/v/2222222222222222", 404),
        ("/id/disclosure/420107/2023/budget/108", 404),
        ("/doc/disclosure/420107/2025/budget/108/v/1111111111111111", 200),
    ],
)
def test_a_retracted_address_is_gone(address: str, path: str, status: int) -> None:
    response = httpx2.get(address + path, headers={"Accept": "text/turtle"})
    assert response.status_code == status, response.text


class BusyEvaluator:
    """An evaluator all of whose places are taken."""

    async def evaluate(self, _: Question) -> Answer:
        raise ServiceBusyError

    def generation(self) -> str:
        return "1"

    async def is_ready(self) -> bool:
        return False

    async def close(self) -> None:
        """Nothing is open."""


def test_where_nothing_can_be_asked_what_is_missing_is_missing() -> None:
    error = NotFoundError(iri=f"{BASE}id/disclosure/420107/2024/budget/108/v/0123456789abcdef")
    assert asyncio.run(gone_or_missing(BusyEvaluator(), BASE, error)) is error
    assert asyncio.run(replacing_path(BusyEvaluator(), BASE, error, "/id/disclosure/420107/2024/budget/108")) is None
