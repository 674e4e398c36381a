"""A fixed number of places for costly work, for which clients wait fairly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.execution.fair_queue import ClientUsage, FairQueue


class FairSlots:
    """At most `places` at a time are taken; the client that has used the least time gets the next one."""

    def __init__(self, places: int) -> None:
        self.free = places
        self.waiting = FairQueue[asyncio.Future[None]]()
        self.usage = ClientUsage()

    async def acquire(self, client: str) -> None:
        """Wait for a place and take it."""
        if self.free and not self.waiting:
            self.free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.add(client, turn)
        try:
            await turn
        except asyncio.CancelledError:
            self.waiting.remove(turn)
            if turn.done() and not turn.cancelled():
                self.release(client, 0.0)
            raise

    def release(self, client: str, seconds: float) -> None:
        """Give a place back that a client has used for so long."""
        now = asyncio.get_running_loop().time()
        self.usage.add(client, seconds, now)
        turn = self.waiting.first(lambda waiting: self.usage.of(waiting, now))
        if turn is None:
            self.free += 1
        else:
            self.waiting.remove(turn)
            turn.set_result(None)

    @asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[None]:
        """Take a place while the block lasts."""
        await self.acquire(client)
        started = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            self.release(client, asyncio.get_running_loop().time() - started)
