"""The worker processes of a pool: those that are idle, those that start, and those that end."""

import asyncio
import logging
from collections.abc import Callable, Iterator

from server.errors import EngineFailedError, ServiceBusyError, ServiceError
from server.execution.answer_stream import ReadAheadBudget
from server.execution.worker import CLOSED, DISPLACED, GIVEN_UP, LATE, OVERRAN, STALLED, Worker, start_worker
from server.settings import Settings

DIED = "died"
PAUSE_AFTER_FAILURE = 1.0

log = logging.getLogger(__name__)


class WorkerSet:
    """The workers that have opened the store.

    `on_free` is called for a worker that can take a question, and `on_end` for one that has gone. `ended` counts why
    workers ended.
    """

    def __init__(
        self,
        settings: Settings,
        on_free: Callable[[Worker], None],
        on_end: Callable[[Worker], None],
    ) -> None:
        self.settings = settings
        self.budget = ReadAheadBudget(settings.answers_ahead)
        self.on_free = on_free
        self.on_end = on_end
        self.workers: set[Worker] = set()
        self.idle: list[Worker] = []
        self.starting: set[asyncio.Task[None]] = set()
        self.endings: set[asyncio.Task[None]] = set()
        self.ended = dict.fromkeys((LATE, STALLED, GIVEN_UP, OVERRAN, DISPLACED, DIED, CLOSED), 0)
        self.closing = False
        self.is_failing = False

    def __len__(self) -> int:
        return len(self.workers)

    def __iter__(self) -> Iterator[Worker]:
        return iter(self.workers)

    def is_ready(self) -> bool:
        """Return whether workers can be started."""
        return not (self.closing or self.is_failing)

    def is_changing(self) -> bool:
        """Return whether a worker is starting or ending."""
        return bool(self.starting or self.endings)

    def take_idle(self) -> Worker | None:
        """Return an idle worker for a question, if there is one."""
        while self.idle:
            worker = self.idle.pop()  # the one that worked last: its part of the database is cached
            if worker.is_alive:
                return worker
        return None

    def release(self, worker: Worker, is_surplus: bool) -> None:
        """Take a worker back that has answered; one of low priority, or one too many, ends."""
        if not worker.is_alive:
            return
        if worker.is_low or is_surplus:
            worker.kill(CLOSED)
        else:
            self.idle.append(worker)

    async def add(self) -> None:
        """Start one more worker; raises what kept it from opening the store."""
        worker = await start_worker(self.settings, self.budget, self.on_free, self._end)
        if not worker.is_alive:
            raise EngineFailedError
        self.workers.add(worker)
        self.on_free(worker)

    def fill(self, wanted: int) -> None:
        """Start the workers that are missing from the number that is wanted."""
        missing = wanted - len(self.workers) - len(self.starting)
        for _ in range(0 if self.closing else missing):
            task = asyncio.get_running_loop().create_task(self._add_replacement())
            self.starting.add(task)
            task.add_done_callback(self.starting.discard)

    async def cancel_starts(self) -> None:
        """Start no more workers, and end those that are starting."""
        self.closing = True
        for task in self.starting:
            task.cancel()
        await asyncio.gather(*self.starting, return_exceptions=True)

    async def close(self, busy: list[Worker]) -> None:
        """End all workers, those that are busy at once."""
        for worker in busy:
            worker.fail(ServiceBusyError())
            worker.kill(CLOSED)
        await asyncio.gather(*(worker.close() for worker in self.workers))
        while self.endings:
            await asyncio.gather(*self.endings)

    def _end(self, worker: Worker) -> None:
        """Note that a worker has gone; its client is told why."""
        if worker not in self.workers:  # it never opened the store
            return
        if worker in self.idle:
            self.idle.remove(worker)
        self.workers.discard(worker)
        self.ended[worker.killed or DIED] += 1
        task = asyncio.get_running_loop().create_task(self._report_end(worker))
        self.endings.add(task)
        task.add_done_callback(self.endings.discard)
        self.on_end(worker)

    async def _report_end(self, worker: Worker) -> None:
        if self.closing:
            await worker.wait()
            return
        worker.fail(await worker.why_it_ended())

    async def _add_replacement(self) -> None:
        while not self.closing:
            try:
                await self.add()
            except (ServiceError, OSError, TimeoutError) as error:
                self.is_failing = True
                log.error("a worker could not be started: %s", error)
                await asyncio.sleep(PAUSE_AFTER_FAILURE)
            else:
                self.is_failing = False
                return
