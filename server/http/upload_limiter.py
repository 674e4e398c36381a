"""Whose upload is checked next: few at a time, and not all of them from one client."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from server.http.clients import ShareLimiter
from server.networks import LOOPBACK, membership

AT_ONCE = 2
OF_ONE_CLIENT = 1
SECONDS_TO_WAIT = 5.0


class UploadLimiter:
    """The uploads that are read, wait or are checked."""

    def __init__(self) -> None:
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.shares = ShareLimiter(OF_ONE_CLIENT)
        self.is_local = membership(LOOPBACK)

    @contextmanager
    def place(self, client: str, at_once: int | None) -> Iterator[bool]:
        """Whether the client may send an upload now; it has one place, unless the setting `at_once` spares it."""
        if at_once == 0 or (at_once is None and self.is_local(client)):
            yield True
            return
        with self.shares.place(client) as has_room:
            yield has_room

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[bool]:
        """Whether an upload may be checked, which takes its slot while the block lasts; waits some seconds for one."""
        try:
            async with asyncio.timeout(SECONDS_TO_WAIT):
                await self.slots.acquire()
        except TimeoutError:
            yield False
            return
        try:
            yield True
        finally:
            self.slots.release()
