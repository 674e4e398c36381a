"""Writes in a child process: one at a time, each a new generation, acknowledged when it is durable."""

import asyncio
import json
import logging
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from server.errors import (
    BY_KEY,
    EngineFailedError,
    QueryTimeoutError,
    QueryTooBigError,
    QueryTooDeepError,
    ServiceBusyError,
)
from server.processes.runner import running_task
from server.processes.task import Limits, Task
from server.processes.wire_protocol import BEGIN, FAILURE, HEADER
from server.settings import MEBIBYTE, Settings
from server.store.client_writes import Write
from server.store.remote.addresses import is_service

THREADS = 4  # that the engine may use to load

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Written:
    """The result of a write: the generation that holds it, and whether a graph was created."""

    generation: str
    created: bool


class Writer:
    """Applies the writes of one service, one after the other."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.turn = asyncio.Lock()

    async def write(self, write: Write) -> Written:
        """Apply a write; raises what `write_when_free` raises."""
        return await self.write_when_free(lambda: write)

    async def write_when_free(self, make: Callable[[], Write]) -> Written:
        """Make a write once no other is at work, so that only one is in memory, and apply it.

        Raises ServiceError: QueryTimeoutError when it takes too long, ServiceBusyError when its turn does not come,
        else what the process, or `make`, reports. Nothing has then been written.
        """
        try:
            async with asyncio.timeout(self.settings.write_timeout):
                await self.turn.acquire()
        except TimeoutError as error:
            raise ServiceBusyError from error
        try:
            return await self._write(make())
        finally:
            self.turn.release()

    async def _write(self, write: Write) -> Written:
        settings = self.settings
        is_remote = is_service(settings.store)
        limits = Limits(seconds=settings.write_timeout * THREADS, deep_stack=True, network=is_remote)
        arguments = {"store": str(settings.store), "base": settings.base, "memory": settings.query_memory}
        task = Task("server.store.write_process", arguments, limits)
        async with running_task(task, log, stdin=PIPE, stdout=PIPE) as process:
            try:
                async with asyncio.timeout(settings.write_timeout):
                    await _send(process, write)
                    kind, body = await self._receive(process)
            except TimeoutError as error:
                raise QueryTimeoutError(seconds=f"{settings.write_timeout:g}") from error
            if kind == BEGIN:  # the generation is written; killing the process now would leave open which one is served
                _, body = await self._receive(process)
            return Written(**json.loads(body))

    async def _receive(self, process: Process) -> tuple[bytes, bytes]:
        """Return the next frame; raises what the process reports, or what became of it."""
        assert process.stdout is not None
        try:
            kind, length = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
            body = await process.stdout.readexactly(length)
        except asyncio.IncompleteReadError as error:
            status = await process.wait()
            if status in (-signal.SIGABRT, -signal.SIGKILL):
                raise QueryTooBigError(mebibytes=self.settings.query_memory // MEBIBYTE) from error
            if status == -signal.SIGXCPU:
                raise QueryTimeoutError(seconds=f"{self.settings.write_timeout:g}") from error
            log.error("a writing process ended with status %s", status)
            if status == -signal.SIGSEGV:
                raise QueryTooDeepError from error
            raise EngineFailedError from error
        if kind == FAILURE:
            failure = json.loads(body)
            raise BY_KEY[failure["key"]](**failure["values"])
        return kind, body


async def _send(process: Process, write: Write) -> None:
    assert process.stdin is not None
    with suppress(ConnectionError):  # the other end of the pipe tells what happened
        for frame in write.to_frames():
            process.stdin.write(frame)
            await process.stdin.drain()
        process.stdin.close()
