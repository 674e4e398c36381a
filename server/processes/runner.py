"""Start a task of the project as a child process with limits, log what it writes to standard error, and end it."""

import asyncio
import logging
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from server.processes.fork_server import ForkServer
from server.processes.sessions import kill_session
from server.processes.task import Task

READ_SIZE = 64 * 1024

T = TypeVar("T")


@asynccontextmanager
async def running_task(
    task: Task, log: logging.Logger, fork_server: ForkServer | None = None, **options: Any
) -> AsyncIterator[Process]:
    """Run a task while the block lasts; `options` are those of `asyncio.create_subprocess_exec`.

    With a fork server, the process is forked from it, where that is possible.

    What the process writes to standard error is logged. At the end of the block the process is killed unless it has
    ended, with all that it started, and its temporary files are removed.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = task.command() if fork_server is None else fork_server.command(task)
        process = await start_command(command, env={**os.environ, "TMPDIR": folder}, **options)
        logging_stderr = asyncio.create_task(log_stderr(process, log))
        try:
            yield process
        finally:
            if process.returncode is None:
                kill_session(process.pid)
            await end(process)
            await logging_stderr


async def start_task(task: Task, **options: Any) -> Process:
    """Start a task in a session of its own, with standard error on a pipe."""
    return await start_command(task.command(), **options)


async def start_command(command: Sequence[str], **options: Any) -> Process:
    """Start a command in a session of its own, with standard error on a pipe."""
    return await start(*command, stderr=PIPE, start_new_session=True, **options)


async def start(*words: str, **options: Any) -> Process:
    """Start a process; arguments and errors are those of `asyncio.create_subprocess_exec`.

    When the caller is cancelled meanwhile, the process is ended before CancelledError is raised.
    """
    starting = asyncio.ensure_future(asyncio.create_subprocess_exec(*words, **options))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(OSError):  # a program that cannot be started leaves nothing to end
            process = await starting
            await end(process)
            if process.stderr is not None:
                await process.stderr.read()
        raise


async def complete(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of what must not stop halfway: CancelledError is raised only after it has ended."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def exchange(process: Process, content: Iterable[bytes], on_line: Callable[[str], bool] | None = None) -> bytes:
    """Write to standard input of a process, return its standard output, and wait until it ends.

    With `on_line`, the output begins with short lines that are no part of it: `on_line` is called with each, and
    returns whether another follows.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    reading = asyncio.create_task(_read_output(process.stdout, on_line))
    try:
        with suppress(ConnectionError):  # a process that needs no more input ends before it has read everything
            for part in content:
                process.stdin.write(part)
                await process.stdin.drain()
        process.stdin.close()
        output = await reading
    finally:
        reading.cancel()
    await process.wait()
    return output


async def _read_output(stream: asyncio.StreamReader, on_line: Callable[[str], bool] | None) -> bytes:
    while on_line is not None and (line := await stream.readline()):
        if not on_line(line.decode().strip()):
            break
    return await stream.read()


async def log_stderr(process: Process, log: logging.Logger) -> None:
    """Log each line that a process writes to standard error, until it ends."""
    assert process.stderr is not None
    while text := await process.stderr.read(READ_SIZE):
        for line in text.decode(errors="replace").splitlines():
            log.error("%s", line)


async def end(process: Process) -> None:
    """Kill a process unless it has ended, and wait until its pipes are closed; standard error is left to its reader."""
    with suppress(ProcessLookupError):
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
        with suppress(ConnectionError):
            await process.stdin.wait_closed()
    if process.stdout is not None:
        await process.stdout.read()
    await process.wait()
