"""Processes that are forked by a fork server: they are like those that are started, but need not load again."""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.processes.fork_client import LENGTH
from server.processes.fork_server import ForkServer
from server.processes.runner import exchange, running_task
from server.processes.task import OUT_OF_MEMORY, Limits, Task

LOG = logging.getLogger("server.test")
MODULE = "preloaded_task"


@pytest.fixture
def fork_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ForkServer]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    made = ForkServer(MODULE)
    try:
        yield made
    finally:
        made.close()


def number_of(fork_server: ForkServer) -> int:
    assert fork_server._process is not None
    return fork_server._process.pid


def has_ended(number: int) -> bool:
    """Whether a process ends within some seconds."""
    for _ in range(500):
        if not Path(f"/proc/{number}").exists():
            return True
        time.sleep(0.02)
    return False


async def say(fork_server: ForkServer | None, end: str = "") -> tuple[dict[str, Any], int]:
    """What a task says of itself, and its status."""
    task = Task(MODULE, {"end": end})
    async with asyncio.timeout(60), running_task(task, LOG, fork_server, stdin=PIPE, stdout=PIPE) as process:
        said, repeated = (await exchange(process, [b"a line\n"])).splitlines()
    assert repeated == b"a line"
    assert process.returncode is not None
    return json.loads(said) | {"client": process.pid}, process.returncode


def test_tasks_of_a_fork_server_have_loaded_before_and_are_processes_of_their_own(
    fork_server: ForkServer, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> list[tuple[dict[str, Any], int]]:
        return await asyncio.gather(*(say(fork_server) for _ in range(3)))

    said = asyncio.run(work())
    assert [status for _, status in said] == [0, 0, 0]
    assert {tuple(one["loaded"]) for one, _ in said} == {(number_of(fork_server),)}
    assert len({one["number"] for one, _ in said} | {number_of(fork_server)}) == 4
    assert all(one["session"] == one["number"] for one, _ in said)
    assert len({one["temporary"] for one, _ in said}) == 3
    assert [record.getMessage() for record in caplog.records] == ["said"] * 3


@pytest.mark.parametrize(
    ("end", "status"), [("status", 3), ("signal", -signal.SIGXCPU), ("memory", OUT_OF_MEMORY)], ids=lambda end: str(end)
)
def test_a_forked_task_ends_as_a_started_one_does(fork_server: ForkServer, end: str, status: int) -> None:
    assert asyncio.run(say(fork_server, end))[1] == asyncio.run(say(None, end))[1] == status


def test_a_forked_task_has_its_limits(fork_server: ForkServer) -> None:
    async def work() -> int | None:
        task = Task("greedy_task", {"mebibytes": 300}, Limits(memory=64 * 2**20))
        async with asyncio.timeout(60), running_task(task, LOG, fork_server, stdin=PIPE, stdout=PIPE) as process:
            await exchange(process, [])
        return process.returncode

    assert asyncio.run(work()) == OUT_OF_MEMORY


def test_a_forked_task_ends_when_it_is_no_longer_wanted(fork_server: ForkServer) -> None:
    async def work() -> int:
        task = Task(MODULE, {"end": "wait"})
        async with asyncio.timeout(60), running_task(task, LOG, fork_server, stdin=PIPE, stdout=PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"\n")
            return int(json.loads(await process.stdout.readline())["number"])

    assert has_ended(asyncio.run(work()))
    assert Path(f"/proc/{number_of(fork_server)}").exists()


def test_forked_tasks_end_with_their_fork_server(fork_server: ForkServer) -> None:
    async def work() -> tuple[int, int | None]:
        task = Task(MODULE, {"end": "wait"})
        async with asyncio.timeout(60), running_task(task, LOG, fork_server, stdin=PIPE, stdout=PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"\n")
            number = int(json.loads(await process.stdout.readline())["number"])
            os.kill(number_of(fork_server), signal.SIGKILL)
            await process.wait()
        return number, process.returncode

    number, status = asyncio.run(work())
    assert has_ended(number)
    assert status == -signal.SIGKILL


def test_without_its_fork_server_a_task_is_started_and_the_next_has_a_new_one(fork_server: ForkServer) -> None:
    async def work() -> None:
        await say(fork_server)
        first = number_of(fork_server)
        words = fork_server.command(Task(MODULE, {"end": ""}))
        os.kill(first, signal.SIGKILL)
        fork_server._process.wait()  # type: ignore[union-attr]
        process = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE)
        said = json.loads((await exchange(process, [b"a line\n"])).splitlines()[0])
        assert (said["loaded"], said["number"], process.returncode) == ([], process.pid, 0)
        said, _ = await say(fork_server)
        assert said["loaded"] == [number_of(fork_server)] != [first]

    asyncio.run(work())


def test_an_idle_fork_server_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    fork_server = ForkServer(MODULE, idle=0.2)
    try:
        assert asyncio.run(say(fork_server))[0]["loaded"] == [number_of(fork_server)]
        assert fork_server._process is not None
        assert fork_server._process.wait(60) == 0
    finally:
        fork_server.close()


def forbidden(_: int) -> int:
    raise PermissionError


def test_a_prepared_fork_server_stays_as_long_as_the_process_that_wants_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{Path(__file__).parent}:{Path(__file__).parent.parent}")
    program = tmp_path / "prepare.py"
    program.write_text(
        "from server.processes.fork_server import ForkServer\n"
        f"server = ForkServer({MODULE!r}, idle=0.2)\n"
        "server.prepare()\n"
        "print(server._process.pid, flush=True)\n"
        "input()\n"
        "import os; os._exit(0)\n"  # without `close`, as a process that is killed
    )
    with subprocess.Popen([sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as keeper:
        assert keeper.stdout is not None
        number = int(keeper.stdout.readline())
        time.sleep(1.5)  # idle for several times as long as a fork server that is not kept
        assert Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        keeper.communicate(b"\n", timeout=30)
    assert has_ended(number)


@pytest.mark.parametrize("is_there", [True, False])
def test_where_processes_have_no_files_tasks_are_started(
    fork_server: ForkServer, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    if is_there:
        monkeypatch.setattr(os, "pidfd_open", forbidden)
    else:
        monkeypatch.delattr(os, "pidfd_open")
    assert asyncio.run(say(fork_server))[0]["loaded"] == []


def test_a_client_that_breaks_off_does_not_end_the_fork_server(fork_server: ForkServer) -> None:
    async def work() -> None:
        await say(fork_server)
        first = number_of(fork_server)
        for sent in (b"", b"\0", LENGTH.pack(9), LENGTH.pack(2) + b"{}", LENGTH.pack(1) + b"1"):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(fork_server._address()))
                client.sendall(sent)
        assert (await say(fork_server))[0]["loaded"] == [first]

    asyncio.run(work())
