"""The processes that work for the service: starting them, logging their complaints, ending them with closed pipes."""

import asyncio
import logging
from asyncio.subprocess import Process
from contextlib import suppress
from typing import Any

AT_ONCE = 64 * 1024
OUT_OF_MEMORY = 75
"""The status with which a process says that it may not have the memory that it needs."""


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


async def log_complaints(process: Process, log: logging.Logger) -> None:
    """Log each line that a process writes to standard error, until it has ended: in the log, lines have a form."""
    assert process.stderr is not None
    while text := await process.stderr.read(AT_ONCE):
        for line in text.decode(errors="replace").splitlines():
            log.error("%s", line)


async def end(process: Process) -> None:
    """Kill a process unless it is gone, and wait until its pipes are closed; standard error is left to its reader."""
    with suppress(ProcessLookupError):
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
        with suppress(ConnectionError):
            await process.stdin.wait_closed()
    if process.stdout is not None:
        await process.stdout.read()
    await process.wait()
