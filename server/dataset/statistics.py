"""The counts of the current generation, as the service has them: a separate process computes them once."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from asyncio.subprocess import PIPE
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from server.dataset.counts import Counts, keep_counts, read_counts
from server.errors import EngineFailedError, ServiceError
from server.processes.runner import running_task
from server.processes.task import Limits, Task
from server.settings import Settings
from server.store.generations import Generations
from server.store.published_store import is_remote

PATIENCE = 2.0

log = logging.getLogger(__name__)


class Statistics:
    """The counts of the store.

    Counting a large store takes half a minute. Meanwhile the counts of the previous generation are returned, or none.
    """

    def __init__(self, settings: Settings) -> None:
        self.generations = Generations(settings.store)
        self.counts = Counts()
        self.counting: asyncio.Task[None] | None = None

    async def current(self) -> Counts:
        """Return the newest counts available within PATIENCE seconds. Raise StoreMissingError if there is no store."""
        if not self.known().generation and self.counting is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.counting), PATIENCE)
        return self.counts

    def known(self) -> Counts:
        """Return the newest counts available, empty at first; start counting if there is a newer generation.

        Raise StoreMissingError if there is no store.
        """
        folder = self.generations.current()
        if self.counts.generation != folder.name and (self.counting is None or self.counting.done()):
            if kept := read_counts(folder, self.generations.identity()):
                self.counts = kept
            else:
                self.counting = asyncio.create_task(self._count())
        return self.counts

    async def close(self) -> None:
        """Stop counting."""
        if self.counting is not None:
            self.counting.cancel()
            await asyncio.gather(self.counting, return_exceptions=True)

    async def _count(self) -> None:
        try:
            folder, hold = self.generations.hold_current()
        except ServiceError as error:
            log.warning("the statistics are not renewed: %s", error)
            return
        try:
            self.counts = await count_in_process(folder)
            await asyncio.to_thread(self._keep, self.counts, folder)
        except EngineFailedError as error:
            log.warning("the statistics are not renewed: %s", error)
        finally:
            os.close(hold)

    def _keep(self, counts: Counts, folder: Path) -> None:
        try:
            keep_counts(counts, folder, self.generations.identity())
        except OSError as error:
            log.warning("the statistics are not kept; after a restart they are counted again: %s", error)


async def count_in_process(folder: Path) -> Counts:
    """Return the counts of the generation in a folder. Raise EngineFailedError if the process fails."""
    task = Task(
        "server.dataset.count_process", {"folder": str(folder)}, Limits(low_priority=True, network=is_remote(folder))
    )
    async with running_task(task, log, stdout=PIPE) as process:
        assert process.stdout is not None
        output = await process.stdout.read()
        if await process.wait() != 0:
            raise EngineFailedError
    return Counts(folder.name, **json.loads(output))


def get_statistics(request: Request) -> Statistics:
    """Return the counts of this service."""
    statistics = request.app.state.statistics
    assert isinstance(statistics, Statistics)
    return statistics


StatisticsOf = Annotated[Statistics, Depends(get_statistics)]
