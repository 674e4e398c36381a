"""The counts of a store: what is counted, that it is kept with its generation, and that nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import RdfFormat, Store
from small_service import running_service
from small_store import VOCABULARY, publish_small, small_version

from ontology.namespaces import DEFAULT_BASE, RDF, VOID
from server.dataset.count_process import count
from server.dataset.counts import FILE, Counts, read_counts
from server.dataset.statistics import Statistics
from server.settings import Settings
from server.store.generation_store import GenerationStore
from server.store.maintenance.backups import restore_backup, write_backup
from server.store.maintenance.verification import verify_store

NEVER = "server.dataset.statistics.count_in_process"


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return publish_small(tmp_path / "store")


def counted(path: Path) -> Counts:
    """The counts when counting is over."""

    async def ask() -> Counts:
        statistics = Statistics(Settings(path))
        statistics.known()
        if statistics.counting is not None:
            await statistics.counting
        return statistics.known()

    return asyncio.run(ask())


async def not_again(folder: Path) -> Counts:
    raise AssertionError(f"{folder} is counted")


async def slowly(folder: Path) -> Counts:
    await asyncio.sleep(3600)
    return Counts(folder.name)


def test_things_statements_and_both_together_are_counted() -> None:
    store = Store()
    turtle = "@prefix : <urn:> . :a a :X, :Y ; :p 1, 2 . :b a :X, [] ; :p 3 . :c :q 4 ."
    store.load(turtle, RdfFormat.TURTLE)
    assert count(store) == {
        "classes": {"urn:X": 2, "urn:Y": 1},
        "properties": {RDF + "type": 4, "urn:p": 3, "urn:q": 1},
        "within": {"urn:X": {RDF + "type": 4, "urn:p": 3}, "urn:Y": {RDF + "type": 2, "urn:p": 2}},
    }


def test_what_was_counted_is_not_counted_again_after_a_restart(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = counted(store.path)
    assert first.triples
    monkeypatch.setattr(NEVER, not_again)
    assert counted(store.path) == first


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


def alter(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'": 3', b'": 4', 1))


def empty(file: Path) -> None:
    file.write_bytes(b"")


def remove(file: Path) -> None:
    file.unlink()


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize("damage", [cut, alter, empty, remove])
def test_damaged_counts_are_made_anew(store: GenerationStore, damage: Callable[[Path], None]) -> None:
    first = counted(store.path)
    file, identity = store.current() / FILE, store.generations.identity()
    whole = file.read_bytes()
    damage(file)
    assert read_counts(store.current(), identity) is None
    assert counted(store.path) == first
    assert file.read_bytes() == whole


def test_counts_of_another_generation_or_store_are_not_taken(store: GenerationStore, tmp_path: Path) -> None:
    counted(store.path)
    folder, identity = store.current(), store.generations.identity()
    other = tmp_path / f"{folder.name}0"
    other.mkdir()
    (other / FILE).write_bytes((folder / FILE).read_bytes())
    assert read_counts(folder, identity) is not None
    assert read_counts(other, identity) is None
    assert read_counts(folder, identity[::-1]) is None


def test_the_next_generation_is_counted_for_itself(store: GenerationStore) -> None:
    first = counted(store.path)
    store.publish([small_version("110", 2024, "1", "Another")], VOCABULARY, ())
    assert not (store.current() / FILE).exists()
    second = counted(store.path)
    assert (second.generation, second.triples > first.triples) == (store.current().name, True)
    assert (store.current() / FILE).exists()


def test_a_store_with_counts_is_verified_and_backed_up_as_without(store: GenerationStore, tmp_path: Path) -> None:
    before, summary = verify_store(store), write_backup(store, tmp_path / "before.zip")
    counted(store.path)
    assert verify_store(store) == before
    assert write_backup(store, tmp_path / "after.zip") == summary
    restored = GenerationStore(tmp_path / "restored")
    restore_backup(restored, tmp_path / "after.zip")
    assert not (restored.current() / FILE).exists()
    assert counted(restored.path).triples == counted(store.path).triples


def test_where_nothing_can_be_written_the_counts_are_there_all_the_same(store: GenerationStore) -> None:
    in_the_way = store.current() / f"{FILE}.new"
    in_the_way.mkdir()
    assert counted(store.path).triples
    assert not (store.current() / FILE).exists()


def test_old_counts_are_given_while_new_ones_are_made(store: GenerationStore) -> None:
    async def ask() -> tuple[str, str]:
        statistics = Statistics(Settings(store.path))
        statistics.counts = Counts("0")
        before = (await statistics.current()).generation
        assert statistics.counting is not None
        await statistics.counting
        return before, (await statistics.current()).generation

    assert asyncio.run(ask()) == ("0", store.current().name)


def test_the_data_are_described_before_they_are_counted(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NEVER, slowly)
    monkeypatch.setattr("server.dataset.statistics.PATIENCE", 0.01)
    with running_service(Settings(store.path, workers=1)) as address:
        described = httpx2.get(f"{address}/.well-known/void", headers={"Accept": "text/turtle"}, follow_redirects=True)
        completions = httpx2.get(f"{address}/completions").json()
    assert described.status_code == 200
    assert "/sparql>" in described.text
    assert VOID + "entities" not in described.text
    assert "void:triples" not in described.text
    assert (completions["classes"], f"{DEFAULT_BASE}def#" in completions["prefixes"].values()) == ({}, True)
