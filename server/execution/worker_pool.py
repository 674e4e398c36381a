"""A pool of worker processes behind the `Evaluator` interface, fair between clients.

The engine cannot stop a query, so a query is stopped by killing its process, which is then replaced. Queries begin in a
short lane of `workers` processes. One that has run for `short_time` seconds while others wait gives way: it moves to
the long lane, whose processes have a low priority and of which one client may have half. Where the long lane is full,
it is stopped and begun again later; if its answer has begun to stream, its process is suspended instead. In both lanes
the client that has used the least worker time is served first.
"""

import asyncio
from collections import Counter

from server.errors import QueryTimeoutError, ServiceBusyError, ServiceError
from server.execution.evaluator import Answer, Question
from server.execution.fair_queue import ClientUsage, FairQueue
from server.execution.tickets import Ticket, measure_and_find_stalled
from server.execution.worker import DISPLACED, LATE, OVERRAN, Worker
from server.execution.worker_set import WorkerSet
from server.settings import Settings
from server.store.generations import Generations

TICK = 0.1
"""Seconds between two looks at the clocks of queries."""
LONG_TURNS = 10
"""After this many times `short_time`, a query in the long lane gives way to one of a client that has used less."""
SPARE = 1
"""Workers beyond `workers`, for clients that have used little; once started they are kept."""
READY_BEFORE = 0.25
"""The part of `short_time` after which a spare worker is started for whoever will take a long query's place."""


class WorkerPool:
    """The workers and the two lanes; make a pool with `open_pool`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.workers = WorkerSet(settings, self._free, self._end)
        self.busy: dict[Worker, Ticket] = {}
        self.waiting = FairQueue[Ticket]()
        self.waiting_long = FairQueue[Ticket]()
        self.usage = ClientUsage()
        self.ticking: asyncio.TimerHandle | None = None

    async def evaluate(self, question: Question, client: str = "") -> Answer:
        """Begin to answer a question of a client, which is a name under which worker time is counted.

        One deadline covers waiting and evaluating, to the last byte: that of the question if it is earlier than
        `query_timeout`. The time in which a worker waits for the client does not count.

        Raises ServiceBusyError if too many questions wait already, or no worker became free in time.
        """
        loop = asyncio.get_running_loop()
        seconds = min(self.settings.query_timeout, question.seconds or self.settings.query_timeout)
        ticket = Ticket(question, client, loop.create_future(), loop.time(), seconds)
        worker = self.workers.take_idle() if not self.waiting and self._has_short_place(client) else None
        if worker is not None:
            self._start(worker, ticket)
        else:
            self._wait(self.waiting, ticket)
            self._make_room()
        self._tick_later()
        try:
            return await ticket.begun
        except asyncio.CancelledError:
            self._give_up(ticket)
            raise

    def generation(self) -> str:
        """Return the name of the generation that is served; raises StoreMissingError."""
        return Generations(self.settings.store).current().name

    async def is_ready(self) -> bool:
        """Return whether workers can be started; a full queue still takes a client that has used little."""
        return self.workers.is_ready()

    async def close(self) -> None:
        """Stop all workers, busy ones too."""
        self.workers.closing = True
        if self.ticking is not None:
            self.ticking.cancel()
        for ticket in (*self.waiting, *self.waiting_long):
            self._leave_queue(ticket, ServiceBusyError())
        await self.workers.cancel_starts()
        await self.workers.close([*self.busy])

    # ── Places ──────────────────────────────────────────────────────────────────────────────────

    def _has_short_place(self, client: str) -> bool:
        """Return whether a query of a client may begin; one more place is kept for clients that have used little."""
        short = [ticket.client for ticket in self.busy.values() if not ticket.is_long]
        if len(short) < self.settings.workers:
            return True
        is_light = client not in short and self._used(client) < self.settings.short_time
        return is_light and len(short) < self.settings.workers + SPARE

    def _has_long_place(self) -> bool:
        return sum(t.is_long and t.suspended_at is None for t in self.busy.values()) < self.settings.long_workers

    def _barred(self) -> set[str]:
        """Return the clients that have their part of the long lane."""
        counts = Counter(t.client for t in self.busy.values() if t.is_long and t.suspended_at is None)
        part = max(1, self.settings.long_workers // 2)
        return {client for client, count in counts.items() if count >= part}

    def _used(self, client: str) -> float:
        """Return the worker time that a client has used, with that of its queries at work."""
        now = asyncio.get_running_loop().time()
        return self.usage.of(client, now) + sum(t.worked(now) for t in self.busy.values() if t.client == client)

    def _wait(self, queue: FairQueue[Ticket], ticket: Ticket) -> None:
        """Append a ticket to a queue; in a full queue it replaces one of the client that has most tickets there.

        Raises ServiceBusyError if that is the client itself.
        """
        if len(queue) >= self.settings.queue_length:
            surplus = queue.surplus(ticket.client)
            if surplus is None:
                raise ServiceBusyError
            if surplus.worker is None:
                self._leave_queue(surplus, ServiceBusyError())
            else:
                queue.remove(surplus)
                self._stop(surplus, ServiceBusyError(), DISPLACED)
        queue.add(ticket.client, ticket)

    # ── Starting and ending ─────────────────────────────────────────────────────────────────────

    def _start(self, worker: Worker, ticket: Ticket) -> None:
        ticket.worker = worker
        ticket.started = asyncio.get_running_loop().time()
        self.busy[worker] = ticket
        if ticket.is_long:
            worker.lower_priority()
        worker.ask(ticket.question, ticket.begun)

    def _dispatch(self) -> None:
        """Give waiting tickets to idle workers."""
        while (ticket := self.waiting.first(self._used)) is not None and self._has_short_place(ticket.client):
            worker = self.workers.take_idle()
            if worker is None:
                break
            self.waiting.remove(ticket)
            self._start(worker, ticket)
        while self._has_long_place() and (next_ := self.waiting_long.first(self._used, self._barred())) is not None:
            if next_.worker is not None:
                self._resume(next_)
            elif not self.waiting and (worker := self.workers.take_idle()) is not None:
                self.waiting_long.remove(next_)
                self._start(worker, next_)
            else:
                break
        self.workers.fill(self._wanted())

    def _wanted(self) -> int:
        """Return how many workers there should be: both lanes, and a spare one while a short query becomes long."""
        now = asyncio.get_running_loop().time()
        limit = self.settings.short_time * READY_BEFORE
        short = [ticket for ticket in self.busy.values() if not ticket.is_long]
        spare = len(short) >= self.settings.workers or any(ticket.worked(now) >= limit for ticket in short)
        long = sum(ticket.is_long for ticket in self.busy.values())
        startable = self._has_long_place() and self.waiting_long.first(self._used, self._barred()) is not None
        return self.settings.workers + long + SPARE * spare + startable

    def _free(self, worker: Worker) -> None:
        """Take a worker back that has answered."""
        ticket = self.busy.pop(worker, None)
        if ticket is not None:
            self._charge(ticket)
        surplus = len(self.workers) - self.settings.workers
        self.workers.release(worker, surplus > SPARE and surplus > self._wanted() - self.settings.workers + SPARE)
        if self.waiting or self.waiting_long:
            self._dispatch()

    def _end(self, worker: Worker) -> None:
        """Note that a worker has gone, so that another takes its place."""
        ticket = self.busy.pop(worker, None)
        if ticket is not None:
            self._charge(ticket)
        if not self.workers.closing:
            self._dispatch()

    def _charge(self, ticket: Ticket) -> None:
        now = asyncio.get_running_loop().time()
        self.waiting_long.remove(ticket)
        self.usage.add(ticket.client, ticket.worked(now), now)

    def _stop(self, ticket: Ticket, error: ServiceError, why: str) -> None:
        """End a ticket at work with an error for its client."""
        assert ticket.worker is not None
        ticket.worker.fail(error)
        ticket.worker.kill(why)

    def _give_up(self, ticket: Ticket) -> None:
        """End a ticket for whose answer nobody waits any more."""
        if ticket in self.waiting or (ticket in self.waiting_long and ticket.worker is None):
            self.waiting.remove(ticket)
            self.waiting_long.remove(ticket)
        elif ticket.worker is not None and self.busy.get(ticket.worker) is ticket:
            ticket.worker.give_up()
        if ticket.begun.done() and not ticket.begun.cancelled() and ticket.begun.exception() is None:
            ticket.begun.result().give_up()

    def _leave_queue(self, ticket: Ticket, error: ServiceError) -> None:
        self.waiting.remove(ticket)
        self.waiting_long.remove(ticket)
        if not ticket.begun.done():
            ticket.begun.set_exception(error)

    # ── The clock ───────────────────────────────────────────────────────────────────────────────

    def _tick_later(self) -> None:
        if self.ticking is None and not self.workers.closing:
            self.ticking = asyncio.get_running_loop().call_later(TICK, self._tick)

    def _tick(self) -> None:
        """Look at the clocks of all tickets, while there are any."""
        self.ticking = None
        now = asyncio.get_running_loop().time()
        for ticket in (*self.waiting, *self.waiting_long):
            if ticket.worker is None and now >= ticket.since + ticket.seconds:
                late = QueryTimeoutError(seconds=f"{ticket.seconds:g}") if ticket.is_long else ServiceBusyError()
                self._leave_queue(ticket, late)
        for worker, ticket in [*self.busy.items()]:
            if ticket.suspended_at is not None:
                if now - ticket.suspended_at >= self.settings.query_timeout:
                    self._stop(ticket, ServiceBusyError(), DISPLACED)
            elif now >= ticket.since + ticket.seconds + worker.seconds_paused():
                self._stop(ticket, QueryTimeoutError(seconds=f"{ticket.seconds:g}"), LATE)
        self._make_room()
        self._displace_long(now)
        self._break_off_stalled(now)
        self.workers.fill(self._wanted())
        if self.busy or self.waiting or self.waiting_long:
            self._tick_later()

    def _make_room(self) -> None:
        """Move queries that have run for `short_time` out of the short lane, as many as others wait for a place."""
        now = asyncio.get_running_loop().time()
        overrunning = [t for t in self.busy.values() if not t.is_long and t.worked(now) >= self.settings.short_time]
        free = self.settings.workers - sum(not ticket.is_long for ticket in self.busy.values())
        overrunning.sort(key=lambda ticket: self._used(ticket.client), reverse=True)
        for ticket in overrunning[: max(0, len(self.waiting) - free)]:
            self._move_to_long_lane(ticket, now)
        if self.waiting or self.waiting_long:
            self._dispatch()

    def _move_to_long_lane(self, ticket: Ticket, now: float) -> None:
        worker = ticket.worker
        assert worker is not None
        has_place = self._has_long_place() and ticket.client not in self._barred()
        ticket.is_long = True
        if has_place:
            worker.lower_priority()
            return
        if ticket.begun.done():
            self._suspend(ticket, worker, now)
            return
        self.busy.pop(worker)
        self._charge(ticket)
        ticket.worker = None
        worker.abandon(OVERRAN)
        try:
            self._wait(self.waiting_long, ticket)
        except ServiceBusyError as error:
            self._leave_queue(ticket, error)

    def _suspend(self, ticket: Ticket, worker: Worker, now: float) -> None:
        """Stop the process of an answer that streams until the long lane has room; one for each client, few in all."""
        suspended = [other for other in self.busy.values() if other.suspended_at is not None]
        if len(suspended) >= self.settings.long_workers or ticket.client in {other.client for other in suspended}:
            self._stop(ticket, ServiceBusyError(), DISPLACED)
            return
        ticket.suspended_at = now
        worker.suspend()
        self.waiting_long.add(ticket.client, ticket)

    def _resume(self, ticket: Ticket) -> None:
        now = asyncio.get_running_loop().time()
        assert ticket.worker is not None
        assert ticket.suspended_at is not None
        self.waiting_long.remove(ticket)
        ticket.since += now - ticket.suspended_at
        ticket.started += now - ticket.suspended_at
        ticket.suspended_at = None
        ticket.worker.lower_priority()
        ticket.worker.wake()

    def _displace_long(self, now: float) -> None:
        """End a query that has been in the long lane for long, if one of a client that has used less waits for it."""
        waiting = self.waiting_long.first(self._used, self._barred())
        if waiting is None or self._has_long_place() or self.workers.endings:
            return
        limit = self.settings.short_time * LONG_TURNS
        running = [t for t in self.busy.values() if t.is_long and t.suspended_at is None and t.worked(now) >= limit]
        longest = max(running, key=lambda ticket: self._used(ticket.client), default=None)
        if longest is not None and self._used(longest.client) > self._used(waiting.client):
            self._stop(longest, ServiceBusyError(), DISPLACED)

    def _break_off_stalled(self, now: float) -> None:
        """Break off an answer that waits for its client, if a question has waited for `stall_timeout`."""
        for queue, is_long in ((self.waiting, False), (self.waiting_long, True)):
            if not queue:
                continue
            worker = measure_and_find_stalled(
                worker for worker, ticket in self.busy.items() if ticket.is_long == is_long
            )
            has_waited = now - min(ticket.since for ticket in queue)
            is_settled = not self.workers.is_changing()
            if worker is not None and is_settled and has_waited >= self.settings.stall_timeout:
                worker.break_off()


async def open_pool(settings: Settings) -> WorkerPool:
    """Return a pool whose workers have all opened the store."""
    pool = WorkerPool(settings)
    try:
        for _ in range(settings.workers):
            await pool.workers.add()
    except BaseException:
        await pool.close()
        raise
    return pool
