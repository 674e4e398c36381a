"""The processes that work for the service: what they complain of, and ending them so that nothing stays open."""

import logging
from asyncio.subprocess import Process
from contextlib import suppress

AT_ONCE = 64 * 1024
OUT_OF_MEMORY = 75
"""The status with which a process says that it may not have the memory that it needs."""


async def log_complaints(process: Process, log: logging.Logger) -> None:
    """Log each line that a process writes to standard error, until it has ended: in the log, lines have a form."""
    assert process.stderr is not None
    while text := await process.stderr.read(AT_ONCE):
        for line in text.decode(errors="replace").splitlines():
            log.error("%s", line)


async def end(process: Process) -> None:
    """Kill a process unless it is gone, and read its output to the end: only then is the pipe closed on our side."""
    with suppress(ProcessLookupError):
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
    if process.stdout is not None:
        await process.stdout.read()
    await process.wait()
