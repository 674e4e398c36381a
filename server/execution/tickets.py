"""The state of a question in the pool of workers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from server.execution.answer_stream import AnswerStream
from server.execution.evaluator import Question
from server.execution.worker import Worker


@dataclass(eq=False, slots=True)
class Ticket:
    """A question that waits or is evaluated, until its last byte has come from the worker or its deadline passes."""

    question: Question
    client: str
    begun: asyncio.Future[AnswerStream]
    since: float
    seconds: float
    worker: Worker | None = None
    started: float = 0.0
    is_long: bool = False
    suspended_at: float | None = None

    def worked(self, now: float) -> float:
        """Return the seconds of evaluation so far, without those in which the worker waited for the client."""
        return 0.0 if self.worker is None else now - self.started - self.worker.seconds_paused()


def measure_and_find_stalled(workers: Iterable[Worker]) -> Worker | None:
    """Measure how fast clients read, and return the stalled worker to end first; None if no worker is stalled.

    Workers whose clients read too slowly come first, then those that have waited longest for their clients.
    """
    stalled = []
    for worker in workers:
        worker.measure_client()
        if worker.is_stalled():
            stalled.append(worker)
    return min(stalled, key=lambda worker: (worker.may_be_paused, -worker.seconds_paused()), default=None)
