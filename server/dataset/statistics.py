"""What is in the store, counted once a generation by a process of its own: things by class, uses of each property."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from server.errors import EngineFailedError, ServiceError
from server.processes import end
from server.settings import Settings
from server.store.generations import Generations

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of the default graph of one generation, by IRI; `within` counts statements by class and property."""

    generation: str = ""
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    within: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def triples(self) -> int:
        """How many statements there are."""
        return sum(self.properties.values())


class Statistics:
    """The counts of the store.

    Counting a large store takes a minute. Meanwhile the counts of the generation before are given; only who asks when
    there are none at all waits.
    """

    def __init__(self, settings: Settings) -> None:
        self.generations = Generations(settings.store)
        self.counts = Counts()
        self.counting: asyncio.Task[None] | None = None

    async def current(self) -> Counts:
        """The newest counts that there are; raises StoreMissingError, EngineFailedError."""
        known = self.known()
        if known.generation:
            return known
        assert self.counting is not None
        await asyncio.shield(self.counting)
        if not self.counts.generation:
            raise EngineFailedError
        return self.counts

    def known(self) -> Counts:
        """The newest counts that are at hand, none at first; newer ones are on their way if there is a generation more.

        Raises StoreMissingError.
        """
        if self.counts.generation != self.generations.current().name and (
            self.counting is None or self.counting.done()
        ):
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
        except EngineFailedError as error:
            log.warning("the statistics are not renewed: %s", error)
        finally:
            os.close(hold)


async def count_in_process(folder: Path) -> Counts:
    """The counts of the generation in a folder; raises EngineFailedError when the process fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "server.dataset.count_process", str(folder)), stdout=PIPE, start_new_session=True
    )
    try:
        output, _ = await process.communicate()
    finally:
        await end(process)
    if process.returncode != 0:
        raise EngineFailedError
    counted = json.loads(output)
    classes, properties = (dict(sorted(counted[name].items())) for name in ("classes", "properties"))
    return Counts(folder.name, classes, properties, counted["within"])


def get_statistics(request: Request) -> Statistics:
    """The counts of this service."""
    statistics = request.app.state.statistics
    assert isinstance(statistics, Statistics)
    return statistics


StatisticsOf = Annotated[Statistics, Depends(get_statistics)]
