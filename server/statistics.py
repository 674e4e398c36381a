"""What is in the store, counted once for each generation: things by class, statements by property."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from server.errors import QueryTimeoutError, QueryTooBigError
from server.evaluation import Evaluator, select
from server.generations import Generations
from server.questions import fill_query
from server.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of the default graph of one generation, by IRI; `within` counts statements by class and property.

    What a large store cannot count before the deadline of a query is empty.
    """

    generation: str = ""
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    within: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def triples(self) -> int:
        """How many statements there are."""
        return sum(self.properties.values())


class Statistics:
    """The counts of the current generation; whoever asks first waits for them, all others have them at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.counting = asyncio.Lock()
        self.counts = Counts()

    async def current(self, evaluator: Evaluator) -> Counts:
        """The counts of the current generation; raises StoreMissingError."""
        async with self.counting:
            generation = Generations(self.settings.store).current().name
            if self.counts.generation != generation:
                self.counts = await self._count(evaluator, generation)
            return self.counts

    async def _count(self, evaluator: Evaluator, generation: str) -> Counts:
        classes = await self._ask(evaluator, "how_many_things_has_each_class")
        properties = await self._ask(evaluator, "how_often_is_each_property_used")
        within: dict[str, dict[str, int]] = defaultdict(dict)
        for row in await self._ask(evaluator, "which_properties_have_the_things_of_a_class"):
            within[row["class"]][row["property"]] = int(row["number"])
        return Counts(
            generation,
            {row["class"]: int(row["number"]) for row in sorted(classes, key=lambda row: row["class"])},
            {row["property"]: int(row["number"]) for row in sorted(properties, key=lambda row: row["property"])},
            dict(within),
        )

    async def _ask(self, evaluator: Evaluator, question: str) -> list[dict[str, str]]:
        try:
            rows = await select(evaluator, fill_query(question), self.settings.base)
        except (QueryTimeoutError, QueryTooBigError) as error:
            log.warning("left out of the statistics: %s: %s", question, error)
            return []
        return [{name: term.value for name, term in row.items()} for row in rows]


def get_statistics(request: Request) -> Statistics:
    """The counts of this service."""
    statistics = request.app.state.statistics
    assert isinstance(statistics, Statistics)
    return statistics


StatisticsOf = Annotated[Statistics, Depends(get_statistics)]
