"""A streamed answer between a worker and a client, and the budget of bytes read ahead of clients."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from server.errors import ServiceError

PIECE = 256 * 1024


class ReadAheadBudget:
    """The bytes of answers, over all workers, that are held for clients that have not read them yet."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0


class AnswerSource(Protocol):
    """The worker that an answer comes from."""

    def may_run_ahead(self) -> int:
        """Return how many bytes the answer may be ahead of its client."""

    def pause(self) -> None:
        """Stop reading from the worker."""

    def resume(self) -> None:
        """Continue reading from the worker."""

    def give_up(self) -> None:
        """End the worker: nobody needs its answer any more."""


class AnswerStream:
    """An answer that a worker is still producing.

    It is read up to `answer_ahead` bytes ahead of its client while the budget lasts, so that a slow client does not
    occupy the worker; beyond that the worker is paused.
    """

    def __init__(self, source: AnswerSource, budget: ReadAheadBudget, beginning: dict[str, str | None]) -> None:
        self.media_type = beginning["media_type"] or ""
        self.generation = beginning["generation"] or ""
        self.encoding = beginning["encoding"]
        self.length: int | None = None
        self.source: AnswerSource | None = source
        self.budget = budget
        self.chunks: deque[bytes] = deque()
        self.held = 0
        self.given = 0
        self.untaken: Callable[[], int] = int
        self.ended = False
        self.failure: ServiceError | None = None
        self.waiting: asyncio.Future[None] | None = None

    def add(self, chunk: bytes) -> None:
        """Append bytes from the worker."""
        self.chunks.append(chunk)
        self._hold(len(chunk))
        if self.source is not None and self.held > self.source.may_run_ahead():
            self.source.pause()
        self._wake()

    def end(self) -> None:
        """Mark the answer as complete."""
        self.ended, self.source = True, None
        self._wake()

    def fail(self, error: ServiceError) -> None:
        """Mark the answer as broken off: iteration will raise `error`."""
        self.failure, self.source = self.failure or error, None
        self._wake()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            while self.chunks:
                taken = self._take()
                self._hold(-len(taken))
                if self.source is not None:
                    self.source.resume()
                self.given += len(taken)
                yield taken
            if self.failure is not None:
                raise self.failure
            if self.ended:
                return
            self.waiting = asyncio.get_running_loop().create_future()
            await self.waiting

    def follow(self, untaken: Callable[[], int]) -> None:
        """Set the function that returns how many of the bytes passed on the client has not acknowledged."""
        self.untaken = untaken

    def taken(self) -> int:
        """Return how many bytes the client has acknowledged."""
        return self.given - self.untaken()

    async def close(self) -> None:
        """Discard what has not been read, and end the worker."""
        self.give_up()

    def give_up(self) -> None:
        """Discard what has not been read, and end the worker if it is still producing."""
        if self.source is not None:
            self.source.give_up()
        self.chunks.clear()
        self._hold(-self.held)

    def _take(self) -> bytes:
        """Return buffered chunks as one piece of about PIECE bytes."""
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
        self.budget.held += more

    def _wake(self) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)
