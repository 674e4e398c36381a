"""Processes that are forked from a template: they are like those that are started, but need not load again."""

import asyncio
import json
import logging
import os
import signal
import time
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.processes.process_template import ProcessTemplate
from server.processes.runner import exchange, running_task
from server.processes.task import OUT_OF_MEMORY, Limits, Task

LOG = logging.getLogger("server.test")
MODULE = "preloaded_task"


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessTemplate]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    made = ProcessTemplate(MODULE)
    try:
        yield made
    finally:
        made.close()


def number_of(template: ProcessTemplate) -> int:
    assert template._process is not None
    return template._process.pid


def has_ended(number: int) -> bool:
    """Whether a process ends within some seconds."""
    for _ in range(500):
        if not Path(f"/proc/{number}").exists():
            return True
        time.sleep(0.02)
    return False


async def say(template: ProcessTemplate | None, end: str = "") -> tuple[dict[str, Any], int]:
    """What a task says of itself, and its status."""
    task = Task(MODULE, {"end": end})
    async with asyncio.timeout(60), running_task(task, LOG, template, stdin=PIPE, stdout=PIPE) as process:
        said, repeated = (await exchange(process, [b"a line\n"])).splitlines()
    assert repeated == b"a line"
    assert process.returncode is not None
    return json.loads(said) | {"client": process.pid}, process.returncode


def test_tasks_of_a_template_have_loaded_before_and_are_processes_of_their_own(
    template: ProcessTemplate, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> list[tuple[dict[str, Any], int]]:
        return await asyncio.gather(*(say(template) for _ in range(3)))

    said = asyncio.run(work())
    assert [status for _, status in said] == [0, 0, 0]
    assert {tuple(one["loaded"]) for one, _ in said} == {(number_of(template),)}
    assert len({one["number"] for one, _ in said} | {number_of(template)}) == 4
    assert all(one["session"] == one["number"] for one, _ in said)
    assert len({one["temporary"] for one, _ in said}) == 3
    assert [record.getMessage() for record in caplog.records] == ["said"] * 3


@pytest.mark.parametrize(
    ("end", "status"), [("status", 3), ("signal", -signal.SIGXCPU), ("memory", OUT_OF_MEMORY)], ids=lambda end: str(end)
)
def test_a_forked_task_ends_as_a_started_one_does(template: ProcessTemplate, end: str, status: int) -> None:
    assert asyncio.run(say(template, end))[1] == asyncio.run(say(None, end))[1] == status


def test_a_forked_task_has_its_limits(template: ProcessTemplate) -> None:
    async def work() -> int | None:
        task = Task("greedy_task", {"mebibytes": 300}, Limits(memory=64 * 2**20))
        async with asyncio.timeout(60), running_task(task, LOG, template, stdin=PIPE, stdout=PIPE) as process:
            await exchange(process, [])
        return process.returncode

    assert asyncio.run(work()) == OUT_OF_MEMORY


def test_a_forked_task_ends_when_it_is_no_longer_wanted(template: ProcessTemplate) -> None:
    async def work() -> int:
        task = Task(MODULE, {"end": "wait"})
        async with asyncio.timeout(60), running_task(task, LOG, template, stdin=PIPE, stdout=PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"\n")
            return int(json.loads(await process.stdout.readline())["number"])

    assert has_ended(asyncio.run(work()))
    assert Path(f"/proc/{number_of(template)}").exists()


def test_forked_tasks_end_with_their_template(template: ProcessTemplate) -> None:
    async def work() -> tuple[int, int | None]:
        task = Task(MODULE, {"end": "wait"})
        async with asyncio.timeout(60), running_task(task, LOG, template, stdin=PIPE, stdout=PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"\n")
            number = int(json.loads(await process.stdout.readline())["number"])
            os.kill(number_of(template), signal.SIGKILL)
            await process.wait()
        return number, process.returncode

    number, status = asyncio.run(work())
    assert has_ended(number)
    assert status == -signal.SIGKILL


def test_without_its_template_a_task_is_started_and_the_next_has_a_new_one(template: ProcessTemplate) -> None:
    async def work() -> None:
        await say(template)
        first = number_of(template)
        words = template.command(Task(MODULE, {"end": ""}))
        os.kill(first, signal.SIGKILL)
        template._process.wait()  # type: ignore[union-attr]
        process = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE)
        said = json.loads((await exchange(process, [b"a line\n"])).splitlines()[0])
        assert (said["loaded"], said["number"], process.returncode) == ([], process.pid, 0)
        said, _ = await say(template)
        assert said["loaded"] == [number_of(template)] != [first]

    asyncio.run(work())


def test_an_idle_template_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    template = ProcessTemplate(MODULE, idle=0.2)
    try:
        assert asyncio.run(say(template))[0]["loaded"] == [number_of(template)]
        assert template._process is not None
        assert template._process.wait(60) == 0
    finally:
        template.close()


def forbidden(_: int) -> int:
    raise PermissionError


@pytest.mark.parametrize("is_there", [True, False])
def test_where_processes_have_no_files_tasks_are_started(
    template: ProcessTemplate, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    if is_there:
        monkeypatch.setattr(os, "pidfd_open", forbidden)
    else:
        monkeypatch.delattr(os, "pidfd_open")
    assert asyncio.run(say(template))[0]["loaded"] == []
