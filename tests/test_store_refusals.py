"""A store keeps its base, and what it refuses or cannot write leaves nothing behind and is told in words."""

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Triple
from small_disclosures import expenditure, tabbed
from small_store import BASE, RULES, VOCABULARY, publish_small, small_version

from ontology.namespaces import DEFAULT_BASE
from server.errors import StoreBaseError
from server.store.generation_store import GenerationStore, VersionGraphs
from server.store.maintenance.backups import restore_backup, write_backup
from server.store.maintenance.verification import verify_store
from yusuan.api import check_disclosure
from yusuan.commands.main import main
from yusuan.stores.publishing import publish_versions, version_graphs

EXAMPLE = Path(__file__).parents[1] / "examples" / "qingshan-npc-office-2024-budget.txt"
OTHER = "https://example.org/other/"
LIMITED = """
import resource, sys
from yusuan.commands.main import main
sys.dont_write_bytecode = True  # Python would keep the beginning of a compiled module
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
main(sys.argv[2:])
"""


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return publish_small(tmp_path / "store")


# ── The base ────────────────────────────────────────────────────────────────────────────────────


def test_a_store_is_neither_written_nor_read_with_another_base(store: GenerationStore, tmp_path: Path) -> None:
    other = GenerationStore(store.path, OTHER)
    with pytest.raises(StoreBaseError, match=f"{BASE}.*{OTHER}"):
        other.publish([], VOCABULARY, RULES)
    with pytest.raises(StoreBaseError), other.open():
        pass
    with pytest.raises(StoreBaseError):
        verify_store(other)
    write_backup(store, tmp_path / "b.zip")
    with pytest.raises(StoreBaseError):
        restore_backup(GenerationStore(tmp_path / "new", OTHER), tmp_path / "b.zip")


def test_serving_with_another_base_is_refused_and_both_are_named(store: GenerationStore) -> None:
    asked = ["serve", "--store", str(store.path), "--base", OTHER, "--port", "0", "--lang", "en"]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 2
    assert BASE in result.output
    assert OTHER in result.output


def test_a_store_of_an_earlier_release_takes_the_base_of_the_next_publication(store: GenerationStore) -> None:
    store.generations.base_file.unlink()
    store.publish([small_version("110", 2024, "3.00", "法院")], VOCABULARY, RULES)
    assert store.generations.base() == BASE


# ── Publishing again ────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("no_lists")
def test_an_unchanged_file_published_again_makes_no_generation(tmp_path: Path) -> None:
    (tmp_path / "small.txt").write_text(tabbed(expenditure("201 | 一般公共服务支出 | 3 | 3 | 0")), encoding="utf-8")
    checked = check_disclosure(tmp_path / "small.txt")
    first = version_graphs(checked)
    later = datetime.now(UTC) + timedelta(days=1)
    again = dataclasses.replace(first, catalogue=checked.conversion.catalogue(later))
    assert set(again.catalogue) != set(first.catalogue)
    store = tmp_path / "store"
    folder = publish_versions([first], store, DEFAULT_BASE)
    assert publish_versions([again], store, DEFAULT_BASE) == folder
    title = checked.conversion.catalogue(later)[1]
    renamed = [*again.catalogue, Triple(title.subject, title.predicate, checked.conversion.triples[0].predicate)]
    assert publish_versions([dataclasses.replace(first, catalogue=renamed)], store, DEFAULT_BASE) != folder


# ── Refusals ────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_publication_leaves_no_document_behind(store: GenerationStore) -> None:
    wrong = dataclasses.replace(small_version("111", 2024, "4.00", "检察院"), year=2023)
    with pytest.raises(ValueError, match="not declared"):
        store.publish([small_version("110", 2024, "3.00", "法院", "3" * 16), wrong], VOCABULARY, RULES)

    def interrupted() -> Iterator[VersionGraphs]:
        yield small_version("110", 2024, "3.00", "法院", "3" * 16)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.publish(interrupted(), VOCABULARY, RULES)
    assert len(list((store.path / "documents").iterdir())) == 1
    assert "verify-orphan" not in {problem.key for problem in verify_store(store).problems}


def run_limited(size: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a process whose files may not grow beyond so many bytes, as on a full disk."""
    command = [sys.executable, "-c", LIMITED, str(size), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_backup_without_room_is_told_in_words(store: GenerationStore, tmp_path: Path) -> None:
    done = run_limited(1000, "backup", "--store", store.path, tmp_path / "b.zip", "--lang", "en")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert f"{tmp_path / 'b.zip'}: cannot be written (File too large)" in done.stderr
    assert not list(tmp_path.glob("b.zip*"))


def test_a_key_without_room_is_told_in_words_and_the_others_stay(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    assert run_limited(10_000, "keys", "add", "first", "--file", keys).returncode == 0
    before = keys.read_text()
    done = run_limited(50, "keys", "add", "second", "--file", keys, "--lang", "en")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert f"{keys}: cannot be written (File too large)" in done.stderr
    assert keys.read_text() == before
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]
