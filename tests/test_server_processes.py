"""Processes that work for the service end without leaving anything open."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop
from small_store import publish_small

from server.execution.answer_stream import ReadAheadBudget
from server.execution.worker import start_worker
from server.execution.worker_pool import open_pool
from server.processes.runner import end, log_stderr, running_task, start
from server.processes.task import Task
from server.settings import Settings

TALKS = "import sys, time; sys.stdout.write('x' * 200_000); sys.stdout.flush(); time.sleep(60)"
LOG = logging.getLogger("server.test")
IS_GONE = "print('x'); raise SystemExit(3)"
SECONDS_TO_END = 10


@pytest.mark.parametrize(("code", "status"), [(TALKS, -9), (IS_GONE, 3)], ids=["it still talks", "it is gone"])
def test_a_process_that_has_ended_leaves_no_pipe_open(code: str, status: int) -> None:
    async def work() -> None:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=PIPE, stdout=PIPE)
        assert process.stdout is not None
        assert await process.stdout.readexactly(1) == b"x"
        if code == IS_GONE:
            await process.wait()
        await end(process)
        assert process.returncode == status
        assert process.stdout.at_eof()

    asyncio.run(work())


def test_a_task_ends_with_what_it_started_and_its_temporary_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work() -> tuple[int, Path]:
        async with running_task(Task("starting_task"), LOG, stdout=PIPE) as process:
            assert process.stdout is not None
            started, temporary = (await process.stdout.readline()).decode().split()
            assert Path(temporary).exists()
        return int(started), Path(temporary)

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    started, temporary = asyncio.run(work())
    assert not temporary.exists()
    deadline = time.monotonic() + SECONDS_TO_END
    while runs(started):
        assert time.monotonic() < deadline, "it was not killed"
        time.sleep(0.05)


def runs(process: int) -> bool:
    """Whether a process is there and has not ended; one that was killed may take a moment."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_standard_error_of_a_process_is_logged_line_by_line(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        code = "import sys; sys.stderr.write('first\\nsecond')"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stderr=PIPE)
        await log_stderr(process, logging.getLogger("server.test"))
        await process.wait()

    asyncio.run(work())
    assert [record.getMessage() for record in caplog.records] == ["first", "second"]


# ── Stopping while a process starts ─────────────────────────────────────────────────────────────


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """Every process that is started; none is known before a quarter of a second has passed."""
    started: list[Process] = []
    create = asyncio.create_subprocess_exec

    async def create_slowly(*words: str, **options: Any) -> Process:
        started.append(await create(*words, **options))
        await asyncio.sleep(0.25)
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", create_slowly)
    return started


def assert_leaves_nothing_open(work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run the work in the event loop of the service, which cannot close over what is open, and compare open files."""
    uvloop.new_event_loop().close()  # the first one keeps two files for good
    before = open_files()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())
    assert open_files() <= before


def open_files() -> set[tuple[str, str]]:
    """Numbers and names of the open files of this process; a server that other tests share may close some."""
    files = set[tuple[str, str]]()
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the listing itself
            files.add((link.name, str(link.readlink())))
    return files


def is_gone(process: Process) -> bool:
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_process_whose_start_is_cancelled_has_ended(processes: list[Process]) -> None:
    async def work() -> None:
        starting = asyncio.create_task(start(sys.executable, "-c", TALKS, stdin=PIPE, stdout=PIPE, stderr=PIPE))
        while not processes:
            await asyncio.sleep(0.01)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        assert is_gone(processes[0])

    assert_leaves_nothing_open(work)


def test_a_program_that_cannot_be_started_is_told_unless_nobody_waits() -> None:
    async def work() -> None:
        with pytest.raises(FileNotFoundError):
            await start("no-such-program")
        starting = asyncio.create_task(start("no-such-program"))
        await asyncio.sleep(0)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting

    assert_leaves_nothing_open(work)


@pytest.mark.parametrize("steps", range(4))
def test_a_worker_whose_start_is_cancelled_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """The steps of the event loop after the start of the process lie before, in and after that of its connection."""
    settings = Settings(tmp_path, workers=1)
    create = asyncio.create_subprocess_exec
    started: list[Process] = []

    async def create_noted(*words: str, **options: Any) -> Process:
        started.append(await create(*words, **options))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", create_noted)

    async def work() -> None:
        starting = asyncio.create_task(start_worker(settings, ReadAheadBudget(1), print, print))
        while not started:
            await asyncio.sleep(0)
        for _ in range(steps):
            await asyncio.sleep(0)
        starting.cancel()
        await asyncio.wait([starting], timeout=20)
        assert starting.cancelled()
        assert is_gone(started[0])

    assert_leaves_nothing_open(work)


def test_a_pool_that_closes_while_it_replaces_a_worker_awaits_the_new_one(
    tmp_path: Path, processes: list[Process]
) -> None:
    settings = Settings(publish_small(tmp_path / "store").path, workers=1)

    async def work() -> None:
        pool = await open_pool(settings)
        [worker] = pool.workers
        os.kill(worker.process.pid, signal.SIGTERM)
        while len(processes) < 2:
            await asyncio.sleep(0.01)
        await pool.close()
        assert all(map(is_gone, processes))

    assert_leaves_nothing_open(work)


def test_a_pool_that_closes_awaits_workers_that_end_meanwhile(tmp_path: Path, processes: list[Process]) -> None:
    settings = Settings(publish_small(tmp_path / "store").path, workers=2)

    async def work() -> None:
        pool = await open_pool(settings)
        first, second = pool.workers
        first.kill("late")
        closing = asyncio.create_task(pool.close())
        await asyncio.sleep(0)
        second.kill("late")
        await closing
        assert all(map(is_gone, processes))
        assert not pool.workers.endings

    assert_leaves_nothing_open(work)


def test_a_worker_that_is_gone_already_is_closed_when_its_socket_is(tmp_path: Path) -> None:
    settings = Settings(publish_small(tmp_path / "store").path, workers=1)

    async def work() -> None:
        pool = await open_pool(settings)
        [worker] = pool.workers
        worker.pause()  # so that nobody sees the end of the socket
        os.kill(worker.process.pid, signal.SIGTERM)
        await worker.process.wait()
        await asyncio.shield(worker.stderr_log)
        await worker.close()
        assert worker.transport is None
        await pool.close()

    assert_leaves_nothing_open(work)


def test_processes_that_answer_write_and_dump_load_neither_rules_nor_the_vocabulary() -> None:
    """Many are started, and loading both takes longer than the rest of their start."""
    modules = ("server.execution.worker_main", "server.store.write_process", "server.dataset.dump_process")
    program = (
        f"import sys; sys.modules.update({{'shapes': None, 'ontology.vocabulary': None}}); import {','.join(modules)}"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
