"""A pool of processes in which jobs run; one whose process died is tried again.

A cluster has the same interface (`yusuan.batch.cluster`).
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 2  # tasks waiting for each process, so that memory does not grow with their number


class WorkerDiedError(Exception):
    """The process that ran a task ended before the task did, each time that the task was tried."""


class Executor(Protocol):
    """Runs tasks; yields each with its result, or with WorkerDiedError, as they end."""

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[T, R | WorkerDiedError]]:
        """Apply `work` to each task. Both must be picklable; an exception of `work` is raised here."""


class ProcessPool:
    """A pool of `jobs` processes. It breaks when one of them dies; the tasks under way are then tried one at a time."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[T, R | WorkerDiedError]]:
        """See `Executor.run`."""
        waiting = deque(tasks)
        suspects: list[T] = []
        while waiting:
            suspects += yield from self._run_until_broken(work, waiting)
        for task in suspects:
            with self._pool(1) as pool:
                try:
                    yield task, pool.submit(work, task).result()
                except BrokenProcessPool:
                    yield task, WorkerDiedError()

    def _pool(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))

    def _run_until_broken(
        self, work: Callable[[T], R], waiting: deque[T]
    ) -> Generator[tuple[T, R | WorkerDiedError], None, list[T]]:
        """Run waiting tasks until all have ended or a process dies; return the tasks that were under way then."""
        running: dict[Future[R], T] = {}
        with self._pool(self.jobs) as pool:
            while waiting or running:
                try:
                    while waiting and len(running) < _AHEAD * self.jobs:
                        running[pool.submit(work, waiting[0])] = waiting[0]
                        waiting.popleft()
                except BrokenProcessPool:
                    return list(running.values())
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    if not isinstance(future.exception(), BrokenProcessPool):
                        yield running.pop(future), future.result()
                if any(future in running for future in done):
                    return list(running.values())
        return []
