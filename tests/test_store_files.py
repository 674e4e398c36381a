"""The files of a generation: damage to any of them is found before the database is read."""

import hashlib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Store
from small_store import BASE, RULES, SECOND, VOCABULARY, publish_small, small_version, version_iri

from server.processes.task import Task
from server.processes.wire_protocol import END
from server.store import digests
from server.store.client_writes import Write
from server.store.digests import FILE, DamagedFile, damaged_files, read_digests
from server.store.documents import DIGESTS
from server.store.generation_store import GenerationStore
from server.store.maintenance.backups import restore_backup, write_backup
from server.store.maintenance.verification import verify_store
from yusuan.commands.main import main

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return publish_small(tmp_path / "store")


def publish_another(store: GenerationStore) -> None:
    store.publish([small_version("108", 2024, "111.00", "new", SECOND)], VOCABULARY, RULES)


def retract(store: GenerationStore) -> None:
    store.retract(version_iri("108", 2024), NOW)


def back_up_and_restore(store: GenerationStore) -> None:
    write_backup(store, store.path / "b.zip")
    restore_backup(store, store.path / "b.zip")


def write(store: GenerationStore) -> None:
    text = "INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/a> <http://example.org/p> 1 } }"
    asked = b"".join(Write("update", "http://example.org/", text).to_frames())
    task = Task("server.store.write_process", {"store": str(store.path), "base": store.base, "memory": 2**30})
    assert END in subprocess.run(task.command(), input=asked, capture_output=True, check=True).stdout


def overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\0" * 64)


def problems(store: GenerationStore) -> dict[str, str]:
    """What is wrong with the files, by their names."""
    found = verify_store(store).problems
    return {Path(str(p.values["path"])).name: p.key for p in found if p.key.startswith("verify-file")}


def say_verify(store: GenerationStore, language: str) -> tuple[int, str]:
    asked = ["verify", "--store", str(store.path), "--base", BASE, "--lang", language]
    result = CliRunner().invoke(main, asked)
    return result.exit_code, result.stdout


# ── Damage ───────────────────────────────────────────────────────────────────────────────────────


def test_bytes_overwritten_in_any_file_are_noticed(store: GenerationStore) -> None:
    names = read_digests(store.current())
    assert names is not None
    assert {Path(name).suffix for name in names} >= {".sst"}
    assert {"CURRENT", *(p.name for p in store.current().glob("MANIFEST-*"))} <= names.keys()
    for name in names:
        path = store.current() / name
        whole = path.read_bytes()
        overwrite(path)
        assert problems(store) == ({name: "verify-file-damaged"} if whole else {})
        path.write_bytes(whole)
    assert verify_store(store).notes == ()


def test_the_logs_of_what_was_written_last_are_among_the_files(store: GenerationStore) -> None:
    logs = [path for path in store.current().glob("*.log") if path.stat().st_size]
    assert logs
    overwrite(logs[0])
    assert problems(store) == {logs[0].name: "verify-file-damaged"}


def test_a_missing_and_a_surplus_file_are_named(store: GenerationStore) -> None:
    table = next(store.current().glob("*.sst"))
    table.unlink()
    (store.current() / "999999.sst").write_bytes(b"")
    assert problems(store) == {table.name: "verify-file-missing", "999999.sst": "verify-file-surplus"}


@pytest.mark.parametrize(("language", "words"), [("zh", ("已损坏", "没有读取")), ("en", ("is damaged", "not read"))])
def test_a_damaged_database_is_not_read(
    store: GenerationStore, language: str, words: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Store, __: str) -> Store:
        raise AssertionError("the database was read")

    table = next(store.current().glob("*.sst"))
    overwrite(table)
    monkeypatch.setattr("server.store.maintenance.verification.CurrentGraphs", fail)
    code, said = say_verify(store, language)
    assert code == 1
    assert str(table) in said
    assert all(word in said for word in words)


def test_reading_changes_no_file_and_notes_of_the_engine_do_not_count(store: GenerationStore) -> None:
    assert len(Store.read_only(str(store.current()))) > 0
    (store.current() / "LOG").write_text("more")
    (store.current() / "LOG.old.1").write_text("old")
    assert problems(store) == {}


def test_other_programs_can_check_the_files(store: GenerationStore) -> None:
    done = subprocess.run(["sha256sum", "--check", "--strict", FILE], cwd=store.current(), capture_output=True)
    assert done.returncode == 0


# ── Taking the digests ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", [publish_another, retract, back_up_and_restore, write])
def test_whatever_makes_a_generation_its_files_have_digests(
    store: GenerationStore, way: Callable[[GenerationStore], None]
) -> None:
    way(store)
    assert store.current().name == "2"
    assert read_digests(store.current())
    assert problems(store) == {}
    assert verify_store(store).notes == ()


@pytest.mark.parametrize("way", [publish_another, retract, back_up_and_restore])
def test_the_database_is_closed_when_digests_are_taken(
    store: GenerationStore, way: Callable[[GenerationStore], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    still_open: list[str] = []

    def look(folder: Path, previous: Path | None) -> None:
        targets = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        still_open.extend(target for target in targets if target.startswith(f"{folder}/"))
        digests.write_digests(folder, previous)

    monkeypatch.setattr("server.store.generations.write_digests", look)
    way(store)
    assert store.current().name == "2"
    assert still_open == []


def test_files_of_the_previous_generation_are_not_read_again(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    digest_of = hashlib.file_digest

    def count(file: object, name: str) -> object:
        read.append(Path(getattr(file, "name", "")).name)
        return digest_of(file, name)  # type: ignore[arg-type]

    before = {path.name for path in store.current().glob("*.sst")}
    monkeypatch.setattr(hashlib, "file_digest", count)
    publish_another(store)
    after = {path.name for path in store.current().glob("*.sst")}
    assert before & after
    assert not before & after & set(read)
    assert after - before <= set(read)


def test_what_was_damaged_before_a_publication_is_not_taken_for_whole(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    one.mkdir()
    two.mkdir()
    (one / "000001.sst").write_bytes(b"table" * 100)
    digests.write_digests(one)
    (two / "000001.sst").hardlink_to(one / "000001.sst")
    overwrite(one / "000001.sst")
    digests.write_digests(two, previous=one)
    assert list(damaged_files(two, read_digests(two) or {})) == [
        DamagedFile("verify-file-damaged", two / "000001.sst"),
    ]


# ── Attested content ─────────────────────────────────────────────────────────────────────────────


def fail_to_read(*_: object) -> None:
    raise AssertionError("statements were read")


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.store.maintenance.verification.read_lines", fail_to_read)


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("way", [lambda _: None, publish_another, retract], ids=["published", "another", "retracted"])
def test_what_publishing_wrote_is_not_read_again(
    store: GenerationStore, way: Callable[[GenerationStore], None]
) -> None:
    way(store)
    verified = verify_store(store, full=False)
    assert [note.key for note in verified.notes] == ["verify-attested"]
    assert {problem.key for problem in verified.problems} <= {"verify-document"}  # all documents here have one name
    assert "--full" in say_verify(store, "en")[1]
    with pytest.raises(AssertionError):
        verify_store(store)


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("way", [write, back_up_and_restore])
def test_what_others_wrote_is_read(store: GenerationStore, way: Callable[[GenerationStore], None]) -> None:
    way(store)
    for _ in range(2):
        with pytest.raises(AssertionError):
            verify_store(store, full=False)
        publish_another(store)


def test_a_document_that_has_changed_is_noticed(store: GenerationStore) -> None:
    document = next((store.path / "documents").iterdir())
    whole = document.read_bytes()
    document.write_bytes(whole + b" ")
    damaged = {p.values["path"] for p in verify_store(store, full=False).problems if p.key == "verify-document-damaged"}
    assert damaged == {document}
    document.write_bytes(whole)
    assert verify_store(store, full=False).problems == ()
    (store.path / DIGESTS).unlink()
    [_, note] = verify_store(store, full=False).notes
    assert (note.key, note.values["count"]) == ("verify-documents-unchecked", verify_store(store).versions)
