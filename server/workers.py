"""A pool of worker processes behind the `Evaluator` interface.

An engine that cannot be stopped is stopped by killing its process: a worker that passes the deadline, or whose client
hung up, is killed and replaced, and the others serve on.
"""

import asyncio
import json
import logging
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from server.errors import BY_KEY, EngineFailedError, QueryTimeoutError, QueryTooBigError, ServiceBusyError, ServiceError
from server.evaluation import Answer, Question
from server.frames import BEGIN, END, FAILURE, HEADER, QUESTION, READY
from server.settings import MEBIBYTE, Settings

READ_AHEAD = 2 * MEBIBYTE
OPENING_SECONDS = 60.0
PAUSE_AFTER_FAILURE = 1.0
CLOSING_SECONDS = 2.0

log = logging.getLogger(__name__)


class Worker:
    """One worker process and the pipe to it."""

    def __init__(self, process: Process, settings: Settings) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self.questions = process.stdin
        self.answers = process.stdout
        self.settings = settings
        self.killed = False
        self.late = False

    @property
    def is_alive(self) -> bool:
        """Whether the process can take a question."""
        return not self.killed and self.process.returncode is None

    async def put(self, question: Question) -> None:
        """Hand over a question."""
        body = question.to_json()
        with suppress(ConnectionError):  # the answer's end of the pipe tells what happened
            self.questions.write(HEADER.pack(QUESTION, len(body)) + body)
            await self.questions.drain()

    async def get(self) -> tuple[bytes, bytes]:
        """The next frame; raises what the worker reports, or what became of it."""
        try:
            kind, length = HEADER.unpack(await self.answers.readexactly(HEADER.size))
            body = await self.answers.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._why_it_ended() from error
        if kind == FAILURE:
            failure = json.loads(body)
            raise BY_KEY[failure["key"]](**failure["values"])
        return kind, body

    def kill(self) -> None:
        """End the process at once."""
        self.killed = True
        with suppress(ProcessLookupError):
            self.process.kill()

    async def close(self) -> None:
        """Let an idle process end; kill one that does not."""
        self.questions.close()
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await self.process.wait()
        except TimeoutError:
            self.kill()
            await self.process.wait()

    async def _why_it_ended(self) -> ServiceError:
        """A killed worker was late; one that aborted could not have the memory it asked for."""
        status = await self.process.wait()
        if self.late:
            return QueryTimeoutError(seconds=f"{self.settings.query_timeout:g}")
        if status in (-signal.SIGABRT, -signal.SIGKILL):
            return QueryTooBigError(mebibytes=self.settings.query_memory // MEBIBYTE)
        log.error("a worker ended with status %s", status)
        return EngineFailedError()


class WorkerAnswer:
    """An answer on its way from a worker, which is free again at its end."""

    def __init__(self, worker: Worker, beginning: dict[str, object], give_back: Callable[[Worker], None]) -> None:
        self.media_type = str(beginning["media_type"])
        self.generation = str(beginning["generation"])
        self.length: int | None = None
        self.whole: bytes | None = None
        self.worker: Worker | None = worker
        self.give_back = give_back

    async def read_whole(self) -> None:
        """Take an answer that is one frame long."""
        assert self.worker is not None
        _, self.whole = await self.worker.get()
        self.length = len(self.whole)
        await self.worker.get()
        self._free()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self.whole is not None:
            yield self.whole
            return
        assert self.worker is not None
        while (frame := await self.worker.get())[0] != END:
            yield frame[1]
        self._free()

    async def close(self) -> None:
        """Give up what has not been read, and with it the worker."""
        worker = self.worker
        if worker is not None:
            worker.kill()
            self._free()
            await worker.answers.read()

    def _free(self) -> None:
        if self.worker is not None:
            self.give_back(self.worker)
            self.worker = None


class WorkerPool:
    """As many workers as the settings say; make it with `open_pool`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.idle: asyncio.Queue[Worker] = asyncio.Queue()
        self.deadlines: dict[Worker, asyncio.TimerHandle] = {}
        self.workers: set[Worker] = set()
        self.replacements: set[asyncio.Task[None]] = set()
        self.closing = False

    async def evaluate(self, question: Question) -> Answer:
        """Begin to answer; the deadline holds from the moment a worker is free until the last byte."""
        worker = await self._free_worker()
        self.deadlines[worker] = asyncio.get_running_loop().call_later(
            self.settings.query_timeout, self._stop_late, worker
        )
        try:
            await worker.put(question)
            kind, body = await worker.get()
            assert kind == BEGIN
            beginning = json.loads(body)
            answer = WorkerAnswer(worker, beginning, self._give_back)
            if beginning["complete"]:
                await answer.read_whole()
        except ServiceError:
            self._give_back(worker)
            raise
        except BaseException:
            worker.kill()
            self._give_back(worker)
            raise
        return answer

    async def is_ready(self) -> bool:
        """Whether a worker is alive."""
        return any(worker.is_alive for worker in self.workers)

    async def close(self) -> None:
        """Stop all workers, busy ones too."""
        self.closing = True
        for task in self.replacements:
            task.cancel()
        await asyncio.gather(*self.replacements, return_exceptions=True)
        for worker in self.deadlines:
            worker.kill()
        await asyncio.gather(*(worker.close() for worker in self.workers))

    async def start_worker(self) -> None:
        """Start one more worker; raises what kept it from opening the store."""
        settings = self.settings
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "server.worker_process"),
            *(str(settings.store), str(settings.query_memory), str(settings.query_timeout)),
            stdin=PIPE,
            stdout=PIPE,
            limit=READ_AHEAD,
            start_new_session=True,
        )
        worker = Worker(process, settings)
        self.workers.add(worker)
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                kind, _ = await worker.get()
            assert kind == READY
        except BaseException:
            worker.kill()
            await worker.close()
            self.workers.discard(worker)
            raise
        self.idle.put_nowait(worker)

    async def _free_worker(self) -> Worker:
        try:
            async with asyncio.timeout(self.settings.query_timeout):
                while not (worker := await self.idle.get()).is_alive:
                    self._replace(worker)
        except TimeoutError as error:
            raise ServiceBusyError from error
        return worker

    def _give_back(self, worker: Worker) -> None:
        """Take a worker back, or replace it if it is dead."""
        deadline = self.deadlines.pop(worker, None)
        if deadline is None:  # it was late and has been replaced
            return
        deadline.cancel()
        if worker.is_alive:
            self.idle.put_nowait(worker)
        else:
            self._replace(worker)

    def _stop_late(self, worker: Worker) -> None:
        worker.late = True
        worker.kill()
        self.deadlines.pop(worker)
        self._replace(worker)

    def _replace(self, worker: Worker) -> None:
        if self.closing:
            return
        task = asyncio.get_running_loop().create_task(self._start_instead_of(worker))
        self.replacements.add(task)
        task.add_done_callback(self.replacements.discard)

    async def _start_instead_of(self, worker: Worker) -> None:
        await worker.close()
        self.workers.discard(worker)
        while not self.closing:
            try:
                await self.start_worker()
                return
            except (ServiceError, OSError, TimeoutError) as error:
                log.error("a worker could not be started: %s", error)
                await asyncio.sleep(PAUSE_AFTER_FAILURE)


async def open_pool(settings: Settings) -> WorkerPool:
    """A pool whose workers have all opened the store."""
    pool = WorkerPool(settings)
    try:
        for _ in range(settings.workers):
            await pool.start_worker()
    except BaseException:
        await pool.close()
        raise
    return pool
