"""A worker process as seen from the web process: a socket for questions and answers."""

import asyncio
import json
import logging
import math
import os
import signal
import socket
import time
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from server.errors import (
    BY_KEY,
    EngineFailedError,
    QueryTooBigError,
    QueryTooDeepError,
    ReaderStalledError,
    ServiceError,
)
from server.execution.answer_stream import PIECE, AnswerStream, ReadAheadBudget
from server.execution.evaluator import Question
from server.processes.runner import complete, log_stderr, start_task
from server.processes.task import Limits, Task
from server.processes.wire_protocol import BEGIN, DATA, END, FAILURE, HEADER, QUESTION, READY, frame
from server.settings import MEBIBYTE, Settings
from server.store.remote.addresses import is_service

OPENING_SECONDS = 60.0
CLOSING_SECONDS = 2.0
READ_AHEAD_WHEN_SHORT = 256 * 1024

# The engine takes and gives back blocks of some kilobytes all the time. An allocator that keeps more of them at hand,
# in large pages, spares up to a seventh of the time of a query. Only that of the GNU C library reads this.
ALLOCATOR = {
    "glibc.malloc.tcache_max": 16384,
    "glibc.malloc.tcache_count": 1000,
    "glibc.malloc.hugetlb": 1,
    "glibc.malloc.mxfast": 0,
}

# Why a worker was killed.
LATE, STALLED, GIVEN_UP, CLOSED = "late", "stalled", "given-up", "closed"
OVERRAN, DISPLACED = "overran", "displaced"
LOW_PRIORITY = 10

log = logging.getLogger(__name__)


class Worker(asyncio.Protocol):
    """A worker process; `on_free` is called when it can take another question, `on_end` when it has ended.

    The future `ready` is done once the store is open. The worker answers one question at a time; `begun` receives the
    answer when it begins.
    """

    def __init__(
        self,
        process: Process,
        settings: Settings,
        budget: ReadAheadBudget,
        on_free: Callable[["Worker"], None],
        on_end: Callable[["Worker"], None],
    ) -> None:
        self.process = process
        self.settings = settings
        self.budget = budget
        self.on_free = on_free
        self.on_end = on_end
        self.stderr_log = asyncio.get_running_loop().create_task(log_stderr(process, log))
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.begun: asyncio.Future[AnswerStream] | None = None
        self.answer: AnswerStream | None = None
        self.complete = False
        self.transport: asyncio.Transport | None = None
        self.disconnected = asyncio.Event()
        self.disconnected.set()
        self.rest = b""
        self.expected = 0
        self.asked_at = 0.0
        self.paused_at: float | None = None
        self.paused_for = 0.0
        self.seen: tuple[float, int] | None = None
        self.may_be_paused = math.inf
        self.killed: str | None = None
        self.is_low = False

    @property
    def is_alive(self) -> bool:
        """Whether the process can take a question."""
        return self.killed is None and self.process.returncode is None and self.transport is not None

    def ask(self, question: Question, begun: asyncio.Future[AnswerStream]) -> None:
        """Send a question to the process."""
        assert self.transport is not None
        self.begun = begun
        self.asked_at, self.paused_for = time.monotonic(), 0.0
        self.seen, self.may_be_paused = None, math.inf
        self.transport.write(frame(QUESTION, question.to_json()))

    def fail(self, error: ServiceError) -> None:
        """Let the question, or the answer that has begun, end in an error."""
        begun, answer = self.begun, self.answer
        self.begun = self.answer = None
        if begun is not None and not begun.done():
            begun.set_exception(error)
        if answer is not None:
            answer.fail(error)

    def kill(self, why: str) -> None:
        """End the process at once."""
        self.killed = self.killed or why
        with suppress(ProcessLookupError):
            self.process.kill()
        if self.transport is not None:
            self.transport.abort()

    def give_up(self) -> None:
        """End the process because nobody needs its answer any more."""
        self.kill(GIVEN_UP)

    def abandon(self, why: str) -> None:
        """End the process without an error for the question, which will be asked again."""
        answer, self.begun, self.answer = self.answer, None, None
        self.kill(why)
        if answer is not None:
            answer.give_up()

    def lower_priority(self) -> None:
        """Lower the scheduling priority of the process, which cannot be raised again."""
        self.is_low = True
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, LOW_PRIORITY)

    def suspend(self) -> None:
        """Stop the process until `wake`."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let a suspended process continue."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)

    def break_off(self) -> None:
        """End the process, and the answer, because the client reads too slowly."""
        answer = self.answer
        self.fail(ReaderStalledError())
        if answer is not None:
            answer.give_up()
        self.kill(STALLED)

    async def close(self) -> None:
        """Let an idle process end; kill one that does not."""
        if self.transport is not None:
            self.transport.close()
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await self.wait()
        except TimeoutError:
            self.kill(CLOSED)
            await self.wait()

    async def wait(self) -> int:
        """Wait until the process has ended, its standard error is logged and its socket is closed; its exit status."""
        status = await self.process.wait()
        await asyncio.shield(self.stderr_log)
        await self.disconnected.wait()
        return status

    def may_run_ahead(self) -> int:
        """Return the number of bytes that the answer may be read ahead of the client."""
        return self.settings.answer_ahead if self.budget.held < self.budget.most else READ_AHEAD_WHEN_SHORT

    def pause(self) -> None:
        """Stop reading from the process."""
        if self.paused_at is None and self.killed is None and self.transport is not None:
            self.paused_at = time.monotonic()
            self.transport.pause_reading()

    def resume(self) -> None:
        """Continue reading from the process."""
        if self.paused_at is not None and self.killed is None and self.transport is not None:
            self.paused_for, self.paused_at = self.seconds_paused(), None
            self.transport.resume_reading()

    def seconds_paused(self) -> float:
        """Return the total time for which reading was paused since the question was sent, in seconds."""
        return self.paused_for + (0.0 if self.paused_at is None else time.monotonic() - self.paused_at)

    def waits_mostly(self) -> bool:
        """Return whether the worker has waited for the client for more than half of the time."""
        return 2 * self.seconds_paused() > time.monotonic() - self.asked_at

    def measure_client(self) -> None:
        """Measure how fast the client reads the answer; called regularly while others wait.

        A client may keep the worker waiting for `stall_timeout`, or for `send_timeout` if it reads as fast as that
        setting demands.
        """
        now, taken = time.monotonic(), 0 if self.answer is None else self.answer.taken()
        if self.seen is not None:
            seconds = now - self.seen[0]
            if seconds < self.settings.stall_timeout:
                return
            is_steady = taken - self.seen[1] >= seconds * PIECE / self.settings.send_timeout
            self.may_be_paused = max(self.settings.stall_timeout, self.settings.send_timeout if is_steady else 0.0)
        self.seen = now, taken

    def is_stalled(self) -> bool:
        """Return whether the client has kept the worker waiting for longer than it may."""
        return self.seconds_paused() >= self.may_be_paused and self.waits_mostly()

    async def why_it_ended(self) -> ServiceError:
        """Wait for the end of the process and return the error that its exit status stands for.

        A process that aborted, or that the system killed, ran out of memory; one that was killed by SIGSEGV ran out of
        stack on a deeply nested query.
        """
        status = await self.wait()
        if status in (-signal.SIGABRT, -signal.SIGKILL):
            return QueryTooBigError(mebibytes=self.settings.query_memory // MEBIBYTE)
        log.error("a worker ended with status %s", status)
        if status == -signal.SIGSEGV:
            return QueryTooDeepError()
        return EngineFailedError()

    # ── What the socket brings ──────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        self.transport = cast("asyncio.Transport", transport)
        self.disconnected.clear()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why does not matter
        """Called by the event loop when the process ends."""
        self.transport = None
        self.disconnected.set()
        self.on_end(self)

    def data_received(self, data: bytes) -> None:
        """Split the input into frames; bytes of an answer are passed on before their frame is complete."""
        if self.rest:
            data, self.rest = self.rest + data, b""
        place, end = 0, len(data)
        while place < end:
            if self.expected:
                piece = data[place : place + self.expected]
                self.expected -= len(piece)
                place += len(piece)
                if self.answer is not None:
                    self.answer.add(piece)
                continue
            if end - place < HEADER.size:
                break
            kind, length = HEADER.unpack_from(data, place)
            body = place + HEADER.size
            if kind == DATA:
                self.expected, place = length, body
            elif end - body < length:
                break
            else:
                place = body + length
                self._take(kind, data[body:place])
        self.rest = data[place:]

    def _take(self, kind: bytes, body: bytes) -> None:
        if kind == BEGIN:
            beginning = json.loads(body)
            self.answer, self.complete = AnswerStream(self, self.budget, beginning), beginning["complete"]
            if not self.complete:
                self._begin()
        elif kind == END and self.answer is not None:
            answer, self.answer = self.answer, None
            answer.end()
            if self.complete:
                answer.length = answer.held
                self.answer = answer
                self._begin()
                self.answer = None
            self._free()
        elif kind == FAILURE:
            failure = json.loads(body)
            error = BY_KEY[failure["key"]](**failure["values"])
            if self.ready.done():
                self.fail(error)
                self._free()
            else:
                self.ready.set_exception(error)
        elif kind == READY:
            self.ready.set_result(None)

    def _begin(self) -> None:
        begun, self.begun = self.begun, None
        if begun is not None and not begun.done() and self.answer is not None:
            begun.set_result(self.answer)

    def _free(self) -> None:
        self.begun = self.answer = None
        self.resume()
        self.on_free(self)


def worker_environment() -> dict[str, str]:
    """Return the environment of a worker; settings of the allocator that are there already are kept."""
    tunables = ":".join(f"{name}={value}" for name, value in ALLOCATOR.items())
    return {"GLIBC_TUNABLES": tunables, **os.environ}


def worker_task(settings: Settings) -> Task:
    """Return the task of a worker; it limits memory and time itself, for each question anew."""
    arguments = {"store": str(settings.store), "memory": settings.query_memory, "seconds": settings.query_timeout}
    return Task("server.execution.worker_main", arguments, Limits(deep_stack=True, network=is_service(settings.store)))


async def start_worker(
    settings: Settings, budget: ReadAheadBudget, on_free: Callable[[Worker], None], on_end: Callable[[Worker], None]
) -> Worker:
    """Start a worker and wait until it has opened the store; raises what kept it from that."""
    ours, its = socket.socketpair()
    with its:
        try:
            process = await start_task(
                worker_task(settings), stdin=its.fileno(), stdout=its.fileno(), env=worker_environment()
            )
        except BaseException:
            ours.close()
            raise
    worker = Worker(process, settings, budget, on_free, on_end)
    try:
        # Cancelled halfway, uvloop calls connection_made but never connection_lost.
        await complete(asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours))
        async with asyncio.timeout(OPENING_SECONDS):
            await worker.ready
    except BaseException:
        if worker.transport is None:
            ours.close()
        worker.kill(CLOSED)
        await worker.wait()
        raise
    return worker
