"""What is left when whoever publishes is killed, or the disk is full: the old generation or the new one, whole."""

import asyncio
import os
import random
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Quad, Store
from small_store import RULES, SECOND, VOCABULARY, publish_small, small_version

from server.errors import ServiceError, StoreNotWrittenError
from server.settings import Settings
from server.store.client_writes import Write
from server.store.generation_store import GenerationStore
from server.store.writer import Writer
from yusuan.commands.main import main

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "qingshan-npc-office-2024-budget.txt"


def quads(store: GenerationStore) -> set[Quad]:
    return set(Store.read_only(str(store.current())))


def publish_the_new(store: GenerationStore) -> None:
    store.publish([small_version("108", 2024, "111.00", "new", SECOND)], VOCABULARY, RULES)


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return publish_small(tmp_path / "store")


@pytest.mark.parametrize(
    ("steps", "least"),
    [("sample", 20), pytest.param("every", 60, marks=pytest.mark.exhaustive)],
    ids=["sample", "every"],
)
def test_killed_at_any_step_the_store_serves_the_old_or_the_new(steps: str, least: int, tmp_path: Path) -> None:
    template = publish_small(tmp_path / "template")
    old = quads(template)
    folder = tmp_path / "crashed"
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    command = [sys.executable, str(HERE / "crash_publishing.py"), str(template.path), str(folder), steps]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    new = quads(GenerationStore(folder / "whole"))
    assert new != old
    served = []
    for line in done.stdout.splitlines():
        number, step = line.split(" ", 1)
        crashed = GenerationStore(folder / number)
        served.append(crashed.current().name)
        assert quads(crashed) == (old if served[-1] == "1" else new), step
        if len(served) % 4 == 0:
            publish_the_new(crashed)
            assert quads(crashed) == new, step
            assert [path.name for path in (crashed.path / "gen").iterdir()] == ["2"], step
    assert len(served) > least
    assert set(served) == {"1", "2"}


class Murderer(threading.Thread):
    """Kills some of the writing processes, each after a time that nobody knows."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.random = random.Random(1)
        self.seen: set[int] = set()
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.02):
            for child in set(self.children()) - self.seen:
                self.seen.add(child)
                if self.random.random() < 0.6:
                    self.over.wait(self.random.uniform(0, 0.5))
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)

    def children(self) -> Iterator[int]:
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if b"server.store.write_process" in (path / "cmdline").read_bytes():
                    fields = (path / "stat").read_text().rpartition(")")[2].split()
                    if int(fields[1]) == os.getpid():
                        yield int(path.name)


@pytest.mark.parametrize("writes", [10, pytest.param(40, marks=pytest.mark.exhaustive)])
def test_what_was_acknowledged_survives_the_killing_of_writers(store: GenerationStore, writes: int) -> None:
    def write(number: int) -> Write:
        triple = f"<http://example.org/{number}> <http://example.org/p> {number}"
        text = f"INSERT DATA {{ {triple} GRAPH <http://example.org/g> {{ {triple} }} }}"
        return Write("update", "http://example.org/", text)

    async def write_all() -> dict[int, bool]:
        writer = Writer(Settings(store.path))
        acknowledged: dict[int, bool] = {}
        # Which writes are killed depends on how busy the machine is: more are made until one was, and one was not.
        while len(acknowledged) < writes or len(set(acknowledged.values())) < 2:
            assert len(acknowledged) < 20 * writes
            number = len(acknowledged)
            try:
                await writer.write(write(number))
                acknowledged[number] = True
            except ServiceError:
                acknowledged[number] = False
        return acknowledged

    murderer = Murderer()
    murderer.start()
    try:
        acknowledged = asyncio.run(write_all())
    finally:
        murderer.over.set()
        murderer.join(60)
    written = [str(quad.subject) for quad in quads(store) if "example.org" in str(quad.subject)]
    for number, was in acknowledged.items():
        assert written.count(f"<http://example.org/{number}>") in ((2,) if was else (0, 2))


# ── A disk that is full ──────────────────────────────────────────────────────────────────────────


@contextmanager
def limited_files() -> Iterator[None]:
    """No file may grow beyond 20 kB, which the system tells as it tells of a full disk.

    Modules that are compiled meanwhile are not kept: Python would keep the beginning of one, and fail whenever it is
    imported again.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        patch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def full_disk() -> Iterator[None]:
    with limited_files():
        yield


def test_while_the_disk_is_full_no_part_of_a_compiled_module_is_kept(tmp_path: Path) -> None:
    (tmp_path / "long_module.py").write_text(f"TEXT = '{'x' * 40_000}'\n", encoding="utf-8")
    with limited_files():
        subprocess.run([sys.executable, "-c", "import long_module"], cwd=tmp_path, check=True)
    assert [path.name for path in tmp_path.rglob("*")] == ["long_module.py"]


def test_a_full_disk_is_told_and_the_old_generation_goes_on(store: GenerationStore, full_disk: None) -> None:
    assert full_disk is None
    before = quads(store)
    versions = [small_version(str(300 + n), 2024, "1.00", "单位" * 50) for n in range(200)]
    with pytest.raises(StoreNotWrittenError) as refused:
        store.publish(versions, VOCABULARY, RULES)
    assert "is still served" in refused.value.text("en")
    assert quads(store) == before
    assert [path.name for path in (store.path / "gen").iterdir()] == ["1"]


def test_the_command_line_tells_of_a_full_disk_in_a_sentence(store: GenerationStore, full_disk: None) -> None:
    assert full_disk is None
    before = quads(store)
    result = CliRunner().invoke(main, ["publish", str(EXAMPLE), "--store", str(store.path), "--lang", "zh"])
    assert result.exit_code == 2
    assert "无法写入" in result.stderr
    assert quads(store) == before


def test_once_there_is_room_again_publishing_goes_on(store: GenerationStore) -> None:
    with limited_files(), pytest.raises(StoreNotWrittenError):
        store.publish([small_version(str(n), 2024, "1.00", "单位" * 50) for n in range(200)], VOCABULARY, RULES)
    publish_the_new(store)
    assert store.current().name == "2"
