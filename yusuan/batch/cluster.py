"""Jobs on a Dask cluster, which may have workers on many machines (extra `cluster`).

The files must be readable by the workers at the same paths, as on a shared file system.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import distributed
from distributed.scheduler import KilledWorker

from yusuan.batch.executors import WorkerDiedError

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 4  # tasks sent for each thread of the cluster, so that memory does not grow with their number


class DaskCluster:
    """The workers of a Dask scheduler at `address` (`tcp://host:8786`).

    Dask gives the tasks of a worker that dies to others, and gives up those that several died of; these are tried once
    more, one at a time, so that only a file that kills its worker fails.
    """

    def __init__(self, address: str, timeout: float = 30.0) -> None:
        library: Any = distributed
        self.client = library.Client(address, timeout=timeout, set_as_default=False)
        self._as_completed = library.as_completed

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[T, R | WorkerDiedError]]:
        """See `Executor.run`."""
        waiting = deque(tasks)
        most = max(1, sum(self.client.nthreads().values())) * _AHEAD
        running: dict[str, T] = {}
        suspects: list[T] = []
        completed = self._as_completed(loop=self.client.loop)
        while waiting or running:
            while waiting and len(running) < most:
                task = waiting.popleft()
                future = self.client.submit(work, task, pure=False)
                running[future.key] = task
                completed.add(future)
            future = next(completed)
            task = running.pop(future.key)
            try:
                result = future.result()
            except KilledWorker:
                suspects.append(task)
            else:
                yield task, result
            future.release()
        for task in suspects:
            try:
                yield task, self.client.submit(work, task, pure=False).result()
            except KilledWorker:
                yield task, WorkerDiedError()
