"""Backing up, restoring and verifying a store."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store
from small_disclosures import example_tables
from small_pages import MISPRINTED, PRINTED
from small_store import (
    AMOUNTS,
    PREFIXES,
    RULES,
    VOCABULARY,
    publish_into,
    publish_small,
    small_version,
)

from ontology.namespaces import DEFAULT_BASE
from server.errors import BackupError, StoreNotWrittenError
from server.store.current_graphs import PREF_LABEL
from server.store.digests import ATTESTED, FILE, write_digests
from server.store.generation_store import GenerationStore
from server.store.generations import Generations
from server.store.maintenance.backups import restore_backup, write_backup
from server.store.maintenance.verification import Problem, verify_store
from yusuan.api import check_disclosure
from yusuan.checked_document import Checked
from yusuan.commands.main import main
from yusuan.stores.publishing import version_graphs

NOW = datetime(2026, 1, 2, tzinfo=UTC)
A = NamedNode("http://example.org/a")


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return publish_small(tmp_path / "store")


def publish(store: GenerationStore, document: Checked) -> None:
    """Publish a document with a few terms and rules, so that little has to be verified."""
    store.publish([version_graphs(document)], VOCABULARY, RULES)


@cache
def checked_tables(printed: str = PRINTED) -> Checked:
    """Two tables of the example, checked; one figure as given."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "two-tables.txt"
        path.write_text(example_tables(4, 5).replace(PRINTED, printed, 1), encoding="utf-8")
        return check_disclosure(path)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> GenerationStore:
    """A store with two tables in it."""
    store = GenerationStore(tmp_path_factory.mktemp("care") / "store")
    publish(store, checked_tables())
    return store


@pytest.fixture
def copied(published: GenerationStore, tmp_path: Path) -> GenerationStore:
    """A copy of it, to be damaged."""
    return GenerationStore(shutil.copytree(published.path, tmp_path / "copy"))


def quads(store: GenerationStore) -> set[Quad]:
    return set(Store.read_only(str(store.current())))


def amounts(store: GenerationStore) -> list[str]:
    query = PREFIXES + "SELECT ?a { ?o :organisation id:org\\/108 ; :amount ?a } ORDER BY ?a"
    rows = Store.read_only(str(store.current())).query(query)
    assert isinstance(rows, QuerySolutions)
    return [term.value for row in rows if isinstance(term := row["a"], Literal)]


def yusuan(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


# ── Backing up and restoring ─────────────────────────────────────────────────────────────────────


def test_a_backup_restored_is_the_same_store(store: GenerationStore, tmp_path: Path) -> None:
    summary = write_backup(store, tmp_path / "backup.zip")
    assert (summary.quads, summary.documents) == (len(quads(store)), 1)
    other = GenerationStore(tmp_path / "other")
    restore_backup(other, tmp_path / "backup.zip")
    assert quads(other) == quads(store)
    assert [p.read_bytes() for p in (other.path / "documents").iterdir()] == [b'{"tables": []}']
    other.publish([small_version("108", 2024, AMOUNTS["2024"], "人大办")], VOCABULARY, RULES)
    assert quads(other) == quads(store)


def test_restoring_replaces_what_is_there_in_one_step(store: GenerationStore, tmp_path: Path) -> None:
    before = quads(store)
    write_backup(store, tmp_path / "backup.zip")
    store.publish([small_version("108", 2026, "9.00", "人大办")], VOCABULARY, RULES)
    restore_backup(store, tmp_path / "backup.zip")
    assert quads(store) == before
    assert store.current().name == "3"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def turn_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[300] ^= 1
    path.write_bytes(content)


def leave_out(name: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            kept = {each: archive.read(each) for each in archive.namelist() if not each.startswith(name)}
        with zipfile.ZipFile(path, "w") as archive:
            for each, content in kept.items():
                archive.writestr(each, content)

    return damage


def lose_a_line(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        kept = {each: archive.read(each) for each in archive.namelist()}
    kept["quads.nq"] = kept["quads.nq"].partition(b"\n")[2]
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in kept.items():
            archive.writestr(each, content)


@pytest.mark.parametrize(
    "damage",
    [cut, turn_a_bit, lose_a_line, *(pytest.param(leave_out(n), id=n) for n in ("quads", "summary", "documents"))],
)
def test_half_a_backup_restores_nothing(store: GenerationStore, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    before = quads(store)
    path = tmp_path / "backup.zip"
    write_backup(store, path)
    damage(path)
    with pytest.raises(BackupError):
        restore_backup(store, path)
    assert quads(store) == before
    assert [folder.name for folder in (store.path / "gen").iterdir()] == ["1"]


def test_a_backup_that_cannot_be_finished_leaves_the_old_one(
    store: GenerationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "backup.zip"
    path.write_bytes(b"old")

    def fail(_: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("server.store.maintenance.backups.sync", fail)
    with pytest.raises(OSError, match="No space"):
        write_backup(store, path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.glob("*.new")) == []


# ── Verifying ────────────────────────────────────────────────────────────────────────────────────


def version_of(store: GenerationStore) -> NamedNode:
    verified = next((store.path / "documents").glob("*.json")).stem
    return next(
        graph
        for graph in Store.read_only(str(store.current())).named_graphs()
        if isinstance(graph, NamedNode) and graph.value.endswith(verified)
    )


def lose_the_document(store: GenerationStore) -> None:
    next((store.path / "documents").glob("*.json")).unlink()


def change(edit: Callable[[Store, NamedNode], None]) -> Callable[[GenerationStore], None]:
    def damage(store: GenerationStore) -> None:
        version = version_of(store)
        edit(opened := Store(str(store.current())), version)
        opened.flush()
        del opened
        write_digests(store.current())

    return damage


def break_a_file(store: GenerationStore) -> None:
    (store.current() / "CURRENT").write_text("x")
    write_digests(store.current())


def a_triple(store: Store, graph: NamedNode | DefaultGraph) -> Quad:
    quads = store.quads_for_pattern(None, None, None, graph)
    return next(q for q in quads if q.predicate not in (PREF_LABEL,) and "year" in q.predicate.value)


def relabel(store: Store, _: NamedNode) -> None:
    label = next(store.quads_for_pattern(None, PREF_LABEL, None, DefaultGraph()))
    store.remove(label)


def dethrone(store: Store, version: NamedNode) -> None:
    for quad in store.quads_for_pattern(version, None, None, DefaultGraph()):
        store.remove(quad)


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize(
    ("damage", "keys"),
    [
        (lose_the_document, {"verify-document"}),
        (change(lambda store, version: store.remove(a_triple(store, version))), {"verify-digest", "verify-default"}),
        (change(lambda store, version: store.add(Quad(A, A, A, version))), {"verify-digest", "verify-default"}),
        (change(lambda store, _: store.remove(a_triple(store, DefaultGraph()))), {"verify-default"}),
        (change(lambda store, _: store.add(Quad(A, A, A))), {"verify-default"}),
        (change(relabel), {"verify-labels"}),
        (change(dethrone), {"verify-current", "verify-default"}),
        (break_a_file, {"verify-unreadable"}),
    ],
    ids=[
        "no-document",
        "a-triple-less",
        "a-triple-more",
        "less-in-the-default-graph",
        "more-in-the-default-graph",
        "another-label",
        "no-current-version",
        "a-broken-file",
    ],
)
def test_damage_is_found(copied: GenerationStore, damage: Callable[[GenerationStore], None], keys: set[str]) -> None:
    assert verify_store(copied).problems == ()
    damage(copied)
    assert keys <= {problem.key for problem in verify_store(copied).problems} <= keys | {"verify-labels"}
    code, printed, _ = yusuan("verify", "--store", copied.path, "--lang", "zh")
    assert code == 1
    assert "请" in printed


def test_what_was_read_once_without_a_problem_is_not_read_again(
    copied: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("statements were read")

    (copied.current() / ATTESTED).unlink()
    assert verify_store(copied, full=False).notes == ()
    monkeypatch.setattr("server.store.maintenance.verification.read_lines", fail)
    assert [note.key for note in verify_store(copied, full=False).notes] == ["verify-attested"]
    change(lambda store, _: store.add(Quad(A, A, A)))(copied)  # with digests of the files as they are then
    with pytest.raises(AssertionError):
        verify_store(copied, full=False)


def test_a_generation_of_an_earlier_release_is_verified_but_for_its_files(copied: GenerationStore) -> None:
    (copied.current() / FILE).unlink()
    for language, words in {"zh": ("因此无法检查", "完好"), "en": ("cannot be checked", "Intact")}.items():
        code, printed, _ = yusuan("verify", "--store", copied.path, "--lang", language)
        assert code == 0
        assert all(word in printed for word in words)


def interrupt_a_publication(store: GenerationStore) -> None:
    """Publish up to the moment at which the pointer would move."""

    def fail(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Generations, "finish", fail)
        with pytest.raises(StoreNotWrittenError):
            publish_into(store.path)


def test_documents_of_an_interrupted_publication_are_named_and_not_backed_up(
    copied: GenerationStore, tmp_path: Path
) -> None:
    summary = write_backup(copied, tmp_path / "before.zip")
    interrupt_a_publication(copied)
    orphan = copied.path / "documents" / "1111111111111111.json"
    assert not orphan.exists()  # a publication that is refused takes its documents back; one that is killed cannot
    orphan.write_bytes(b"{}")
    assert verify_store(copied).problems == (Problem("verify-orphan", {"path": orphan}),)
    for language, words in {"zh": "不属于任何版本", "en": "belongs to no version"}.items():
        code, printed, _ = yusuan("verify", "--store", copied.path, "--lang", language)
        assert code == 1
        assert f"{orphan} {words}" in printed
    assert write_backup(copied, tmp_path / "after.zip") == summary
    with zipfile.ZipFile(tmp_path / "after.zip") as archive:
        assert f"documents/{orphan.name}" not in archive.namelist()
    orphan.unlink()
    assert verify_store(copied).problems == ()


def test_documents_of_a_publication_that_goes_on_are_not_called_orphans(copied: GenerationStore) -> None:
    (copied.path / "documents" / "1111111111111111.json").write_bytes(b"{}")
    with copied.generations.publishing():
        assert verify_store(copied).problems == ()
    assert [problem.key for problem in verify_store(copied).problems] == ["verify-orphan"]


def test_after_everything_was_cleared_verify_says_what_is_missing_and_a_publication_mends_it(
    copied: GenerationStore,
) -> None:
    before = quads(copied)

    def clear(store: Store, _: Path) -> bool:
        store.update("CLEAR ALL")
        return True

    copied.write(clear)
    for language, words in {"zh": "请发布任一文件", "en": "Publish any file"}.items():
        code, printed, _ = yusuan("verify", "--store", copied.path, "--lang", language)
        assert code == 1
        assert all(f"{DEFAULT_BASE}{graph} " in printed for graph in ("def", "rules"))
        assert words in printed
    found = [problem.key for problem in verify_store(copied).problems]
    assert found == ["verify-empty", "verify-empty", "verify-orphan"]
    publish(copied, checked_tables())
    assert verify_store(copied).problems == ()
    assert {quad.graph_name for quad in quads(copied)} == {quad.graph_name for quad in before}


def test_a_store_after_everything_is_whole(copied: GenerationStore) -> None:
    publish(copied, checked_tables(MISPRINTED))
    verified = verify_store(copied)
    assert (verified.versions, verified.problems) == (2, ())
    publish(copied, checked_tables())
    assert verify_store(copied).problems == ()
    copied.retract(version_of(copied).value, NOW)
    verified = verify_store(copied)
    assert (verified.versions, verified.problems) == (1, ())


def test_the_commands_say_what_they_did(copied: GenerationStore, tmp_path: Path) -> None:
    store = ("--store", copied.path, "--lang", "en")
    assert "Intact: generation 1, 1 versions" in yusuan("verify", *store)[1]
    assert "1 documents" in yusuan("backup", tmp_path / "b.zip", *store)[1]
    version = version_of(copied).value
    assert yusuan("retract", version.removeprefix(DEFAULT_BASE), *store)[1] == f"Retracted {version}\n"
    code, _, error = yusuan("retract", version, *store)
    assert code == 2
    assert "no version" in error
    assert "(generation 3)" in yusuan("restore", tmp_path / "b.zip", *store)[1]
    assert "Intact: generation 3, 1 versions" in yusuan("verify", *store)[1]
    (tmp_path / "b.zip").write_bytes(b"no archive")
    code, _, error = yusuan("restore", tmp_path / "b.zip", *store)
    assert code == 2
    assert "not a complete backup" in error
    assert yusuan("verify", "--store", tmp_path / "nothing")[0] == 2
    assert yusuan("backup", tmp_path / "missing" / "b.zip", *store)[0] == 2
