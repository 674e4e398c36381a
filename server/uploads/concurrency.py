"""Limits on the checking of uploads: few at a time, fair between clients, the long ones apart from the short ones."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from server.execution.fair_slots import FairSlots
from server.http.clients import ShareLimiter
from server.http.forwarding import ClientIdentity
from server.processes.fork_server import ForkServer

AT_ONCE = 2
LONG_AT_ONCE = 2
OF_ONE_CLIENT = 1
SHORT_SECONDS = 5.0
"""After this time a check leaves its place to others, if fewer than LONG_AT_ONCE have done so."""


class UploadLimiter:
    """The uploads that are received, wait or are checked, and the fork server of the processes that check them."""

    def __init__(self, fork_server: ForkServer | None = None) -> None:
        self.fork_server = fork_server
        self.slots = FairSlots(AT_ONCE)
        self.shares = ShareLimiter(OF_ONE_CLIENT)
        self.long = 0

    def prepare(self) -> None:
        """Start the fork server, so that the first check need not wait until it has loaded words and rules."""
        if self.fork_server is not None:
            self.fork_server.prepare()

    def close(self) -> None:
        """End the fork server."""
        if self.fork_server is not None:
            self.fork_server.close()

    @contextmanager
    def share(self, client: ClientIdentity, at_once: int | None) -> Iterator[bool]:
        """Yield whether the client may send an upload now: one at a time.

        There is no limit if `at_once` is 0, or if it is not set and the client is on this machine."""
        if at_once == 0 or (at_once is None and client.is_local):
            yield True
            return
        with self.shares.place(client.account) as has_room:
            yield has_room

    @asynccontextmanager
    async def slot(self, client: ClientIdentity, seconds: float) -> AsyncIterator[bool]:
        """Yield whether an upload may be checked, which takes a place while the block lasts; wait `seconds` for one."""
        try:
            async with asyncio.timeout(seconds):
                await self.slots.acquire(client.account)
        except TimeoutError:
            yield False
            return
        loop = asyncio.get_running_loop()
        started, is_long = loop.time(), False

        def leave() -> None:
            nonlocal is_long
            if not is_long and self.long < LONG_AT_ONCE:
                is_long = True
                self.long += 1
                self.slots.release(client.account, loop.time() - started)

        timer = loop.call_later(SHORT_SECONDS, leave)
        try:
            yield True
        finally:
            timer.cancel()
            if is_long:
                self.long -= 1
            else:
                self.slots.release(client.account, loop.time() - started)
