"""A pool of workers for a test, and what is asked of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from small_store import BASE

from server.execution.evaluator import JSON_RESULTS, Question, select
from server.execution.worker_pool import WorkerPool, open_pool
from server.settings import Settings

# Many rows soon, and no end.
ENDLESS = "SELECT * { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }"


def question(query: str, **values: object) -> Question:
    return Question(query, BASE, results=JSON_RESULTS, graph="text/turtle", **values)  # type: ignore[arg-type]


def with_pool(settings: Settings, work: Callable[[WorkerPool], Awaitable[None]]) -> None:
    """Do the work with a pool, which is closed in the end."""

    @asynccontextmanager
    async def pool() -> AsyncIterator[WorkerPool]:
        opened = await open_pool(settings)
        try:
            yield opened
        finally:
            await opened.close()

    async def main() -> None:
        async with pool() as opened:
            await work(opened)

    asyncio.run(main())


async def until(holds: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something holds; fails when that takes too long."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)


async def still_answers(pool: WorkerPool) -> None:
    [row] = await select(pool, "SELECT (1 AS ?one) {}", BASE)
    assert row["one"].value == "1"
