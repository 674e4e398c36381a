"""An answer on its way from a worker to a client, and how far all of them may be ahead of their clients."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from server.errors import ServiceError

if TYPE_CHECKING:
    from server.execution.worker import Worker

PIECE = 256 * 1024


class ReadAheadBudget:
    """How many bytes of answers are held for clients that have not taken them yet, over all workers."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0


class AnswerStream:
    """An answer on its way from a worker.

    It runs ahead of its client by `answer_ahead` bytes while there is room for all, so that a slow client does not keep
    the worker; beyond that the worker waits.
    """

    def __init__(self, worker: Worker, beginning: dict[str, str | None]) -> None:
        self.media_type = beginning["media_type"] or ""
        self.generation = beginning["generation"] or ""
        self.encoding = beginning["encoding"]
        self.length: int | None = None
        self.worker: Worker | None = worker
        self.ahead = worker.ahead
        self.chunks: deque[bytes] = deque()
        self.held = 0
        self.given = 0
        self.untaken: Callable[[], int] = int
        self.ended = False
        self.failure: ServiceError | None = None
        self.waiting: asyncio.Future[None] | None = None

    def add(self, chunk: bytes) -> None:
        """Take some more from the worker."""
        self.chunks.append(chunk)
        self._hold(len(chunk))
        if self.worker is not None and self.held > self.worker.may_run_ahead():
            self.worker.pause()
        self._wake()

    def end(self) -> None:
        """That was all."""
        self.ended, self.worker = True, None
        self._wake()

    def fail(self, error: ServiceError) -> None:
        """The rest will not come."""
        self.failure, self.worker = self.failure or error, None
        self._wake()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            while self.chunks:
                taken = self._take()
                self._hold(-len(taken))
                if self.worker is not None:
                    self.worker.resume()
                self.given += len(taken)
                yield taken
            if self.failure is not None:
                raise self.failure
            if self.ended:
                return
            self.waiting = asyncio.get_running_loop().create_future()
            await self.waiting

    def follow(self, untaken: Callable[[], int]) -> None:
        """Learn how to find out how many of the bytes given away the client has not taken."""
        self.untaken = untaken

    def taken(self) -> int:
        """How many bytes the client has taken."""
        return self.given - self.untaken()

    async def close(self) -> None:
        """Give up what has not been read, and with it the worker."""
        self.give_up()

    def give_up(self) -> None:
        """Do not wait for the rest."""
        if self.worker is not None:
            self.worker.give_up()
        self.chunks.clear()
        self._hold(-self.held)

    def _take(self) -> bytes:
        """What is there, as much as makes one piece."""
        first = self.chunks.popleft()
        if not self.chunks or len(first) >= PIECE:
            return first
        pieces, length = [first], len(first)
        while self.chunks and length < PIECE:
            pieces.append(self.chunks.popleft())
            length += len(pieces[-1])
        return b"".join(pieces)

    def _hold(self, more: int) -> None:
        self.held += more
        self.ahead.held += more

    def _wake(self) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)
