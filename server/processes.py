"""Ending the processes that work for the service, so that nothing of them stays open."""

from asyncio.subprocess import Process
from contextlib import suppress


async def end(process: Process) -> None:
    """Kill a process unless it is gone, and read its output to the end: only then is the pipe closed on our side."""
    with suppress(ProcessLookupError):
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
    if process.stdout is not None:
        await process.stdout.read()
    await process.wait()
