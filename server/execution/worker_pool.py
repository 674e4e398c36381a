"""A pool of worker processes behind the `Evaluator` interface, with a queue that has an end.

An engine that cannot be stopped is stopped by killing its process: a worker that passes the deadline, or whose client
hung up, is killed and replaced, and the others serve on.
"""

import asyncio
import logging
from dataclasses import dataclass

from server.errors import EngineFailedError, QueryTimeoutError, ServiceBusyError, ServiceError
from server.execution.answer_stream import AnswerStream, ReadAheadBudget
from server.execution.evaluator import Answer, Question
from server.execution.worker import CLOSED, GIVEN_UP, LATE, STALLED, Worker, start_worker
from server.settings import Settings
from server.store.generations import Generations

DIED = "died"
PAUSE_AFTER_FAILURE = 1.0
LOOKS = 4  # at stalled answers, in the time that a question must have waited

log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Ticket:
    """A question that waits or is at work, until its last byte has come from the worker or its deadline has passed."""

    question: Question
    begun: asyncio.Future[AnswerStream]
    since: float = 0.0
    deadline: asyncio.TimerHandle | None = None
    worker: Worker | None = None


class WorkerPool:
    """As many workers as the settings say; make it with `open_pool`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.budget = ReadAheadBudget(settings.answers_ahead)
        self.workers: set[Worker] = set()
        self.idle: list[Worker] = []
        self.busy: dict[Worker, Ticket] = {}
        self.waiting: dict[Ticket, None] = {}
        self.replacements: set[asyncio.Task[None]] = set()
        self.ended = dict.fromkeys((LATE, STALLED, GIVEN_UP, DIED, CLOSED), 0)
        self.watch: asyncio.TimerHandle | None = None
        self.closing = False

    async def evaluate(self, question: Question) -> Answer:
        """Begin to answer. One deadline holds for waiting and for evaluating, to the last byte.

        The time that a worker waits for the client does not count; whether others must wait for it meanwhile is another
        matter.

        Raises ServiceBusyError if too many questions wait already, or no worker became free in time.
        """
        loop = asyncio.get_running_loop()
        ticket = Ticket(question, loop.create_future(), loop.time())
        worker = self._take_idle()
        if worker is None and len(self.waiting) >= self.settings.queue_length:
            raise ServiceBusyError
        ticket.deadline = loop.call_later(self.settings.query_timeout, self._pass_deadline, ticket)
        if worker is None:
            self.waiting[ticket] = None
            self._watch_clients()
        else:
            self._start(worker, ticket)
        try:
            return await ticket.begun
        except asyncio.CancelledError:
            self._give_up(ticket)
            raise

    def generation(self) -> str:
        """The name of the generation that a question would be asked of now; raises StoreMissingError."""
        return Generations(self.settings.store).current().name

    async def is_ready(self) -> bool:
        """Whether a worker is alive and there is room in the queue."""
        return not self.closing and len(self.waiting) < self.settings.queue_length and self._is_anybody_alive()

    async def close(self) -> None:
        """Stop all workers, busy ones too."""
        self.closing = True
        if self.watch is not None:
            self.watch.cancel()
        for ticket in [*self.waiting]:
            self._leave_queue(ticket, ServiceBusyError())
        for task in self.replacements:
            task.cancel()
        await asyncio.gather(*self.replacements, return_exceptions=True)
        for worker in [*self.busy]:
            worker.fail(ServiceBusyError())
            worker.kill(CLOSED)
        await asyncio.gather(*(worker.close() for worker in self.workers))

    async def add_worker(self) -> None:
        """Start one more worker; raises what kept it from opening the store."""
        worker = await start_worker(self.settings, self.budget, self._free, self._end)
        if not worker.is_alive:
            raise EngineFailedError
        self.workers.add(worker)
        self._free(worker)

    def _is_anybody_alive(self) -> bool:
        return any(worker.is_alive for worker in self.workers)

    def _take_idle(self) -> Worker | None:
        while self.idle:
            worker = self.idle.pop()  # the one that worked last: its part of the database is at hand
            if worker.is_alive:
                return worker
        return None

    def _start(self, worker: Worker, ticket: Ticket) -> None:
        ticket.worker = worker
        self.busy[worker] = ticket
        worker.ask(ticket.question, ticket.begun)

    def _free(self, worker: Worker) -> None:
        """A worker can take the next question."""
        ticket = self.busy.pop(worker, None)
        if ticket is not None:
            self._stop_clock(ticket)
        if not worker.is_alive:
            return
        if self.waiting:
            waiting = next(iter(self.waiting))
            del self.waiting[waiting]
            self._start(worker, waiting)
        else:
            self.idle.append(worker)

    def _end(self, worker: Worker) -> None:
        """A worker is gone: its client is told why, and another takes its place."""
        if worker not in self.workers:  # it never opened the store
            return
        ticket = self.busy.pop(worker, None)
        if ticket is not None:
            self._stop_clock(ticket)
        if worker in self.idle:
            self.idle.remove(worker)
        if not self.closing:
            task = asyncio.get_running_loop().create_task(self._replace(worker))
            self.replacements.add(task)
            task.add_done_callback(self.replacements.discard)

    def _pass_deadline(self, ticket: Ticket) -> None:
        if ticket.worker is None:
            self._leave_queue(ticket, ServiceBusyError())
            return
        loop = asyncio.get_running_loop()
        left = ticket.since + self.settings.query_timeout + ticket.worker.seconds_paused() - loop.time()
        if left > 0:
            ticket.deadline = loop.call_later(left, self._pass_deadline, ticket)
        else:
            ticket.worker.fail(QueryTimeoutError(seconds=f"{self.settings.query_timeout:g}"))
            ticket.worker.kill(LATE)

    def _watch_clients(self) -> None:
        """While questions wait, look now and then whether a client keeps a worker waiting."""
        if self.watch is None:
            for worker in self.busy:
                worker.look()
            pause = self.settings.stall_timeout / LOOKS
            self.watch = asyncio.get_running_loop().call_later(pause, self._free_a_stalled)

    def _free_a_stalled(self) -> None:
        """Break off an answer that waits for its client, if a question has waited for as long as one may.

        A client that takes nothing goes first, then whoever has kept its worker longest.
        """
        self.watch = None
        if not self.waiting:
            return
        for worker in self.busy:
            worker.look()
        has_waited = asyncio.get_running_loop().time() - next(iter(self.waiting)).since
        if has_waited >= self.settings.stall_timeout and not self.replacements:
            stalled = [worker for worker in self.busy if worker.is_stalled()]
            if stalled:
                min(stalled, key=lambda worker: (worker.may_be_paused, -worker.seconds_paused())).break_off()
        self._watch_clients()

    def _give_up(self, ticket: Ticket) -> None:
        """Nobody waits for this answer any more."""
        if ticket in self.waiting:
            del self.waiting[ticket]
            self._stop_clock(ticket)
        elif ticket.worker is not None and self.busy.get(ticket.worker) is ticket:
            ticket.worker.give_up()
        if ticket.begun.done() and not ticket.begun.cancelled() and ticket.begun.exception() is None:
            ticket.begun.result().give_up()

    def _leave_queue(self, ticket: Ticket, error: ServiceError) -> None:
        self.waiting.pop(ticket, None)
        self._stop_clock(ticket)
        if not ticket.begun.done():
            ticket.begun.set_exception(error)

    def _stop_clock(self, ticket: Ticket) -> None:
        if ticket.deadline is not None:
            ticket.deadline.cancel()

    async def _replace(self, worker: Worker) -> None:
        why = await worker.why_it_ended()
        self.ended[worker.killed or DIED] += 1
        worker.fail(why)
        self.workers.discard(worker)
        while not self.closing:
            try:
                await self.add_worker()
                return
            except (ServiceError, OSError, TimeoutError) as error:
                log.error("a worker could not be started: %s", error)
                await asyncio.sleep(PAUSE_AFTER_FAILURE)


async def open_pool(settings: Settings) -> WorkerPool:
    """A pool whose workers have all opened the store."""
    pool = WorkerPool(settings)
    try:
        for _ in range(settings.workers):
            await pool.add_worker()
    except BaseException:
        await pool.close()
        raise
    return pool
