"""Cancel the work for a client that has closed its connection."""

import asyncio
from types import TracebackType

from starlette.types import Receive

from server.errors import ClientGoneError

DELAY = 0.01
"""Seconds before the connection is watched; most answers are ready by then."""


class CancelOnDisconnect:
    """A block that is cancelled, with ClientGoneError, when the client closes the connection.

    The body of the request must have been read.
    """

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.gone = False
        self.watcher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.task = task
        self.timer = asyncio.get_running_loop().call_later(DELAY, self._begin_to_watch)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.timer.cancel()
        if self.watcher is not None:
            self.watcher.cancel()
        if self.gone and self.task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise ClientGoneError from error

    def _begin_to_watch(self) -> None:
        self.watcher = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self.task.cancel()
