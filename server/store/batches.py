"""Bulk loading: quads are gathered into batches, which are loaded in parallel threads."""

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from pyoxigraph import RdfFormat, Store, parse

from server.store.triple_lines import BLANK

SIZE = 32 * 2**20
"""Bytes of N-Quads in a batch; loading takes about eight times as much memory."""
AT_ONCE = max(1, min(2, os.cpu_count() or 1))
"""Batches that are loaded at the same time, each on one processor."""


class Batches:
    """N-Quads on their way into a store; `count` batches have gone. Leave the block before others use the store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.count = 0
        self._gathered: list[bytes] = []
        self._size = 0
        self._loading: deque[Future[None]] = deque()
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        self._gathered.clear()
        self._loading.clear()

    def add(self, text: bytes) -> None:
        """Take some more N-Quads."""
        if BLANK in text:  # loading would rename them
            self.store.extend(parse(text, RdfFormat.N_QUADS))
            return
        self._gathered.append(text)
        self._size += len(text)
        if self._size >= SIZE:
            self._begin()

    def finish(self) -> None:
        """Have all that was taken in the store."""
        if self._gathered and not self._loading:
            self._load(self._take())
        elif self._gathered:
            self._begin()
        while self._loading:
            self._loading.popleft().result()

    def _begin(self) -> None:
        """Begin to load what is gathered, once there is room beside the others."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(AT_ONCE)
        if len(self._loading) >= AT_ONCE:
            self._loading.popleft().result()
        self._loading.append(self._threads.submit(self._load, self._take()))

    def _take(self) -> bytes:
        text = b"".join(self._gathered)
        self._gathered, self._size = [], 0
        self.count += 1
        return text

    def _load(self, text: bytes) -> None:
        # The library wrote these lines: they need not be validated once more.
        self.store.bulk_load(text, RdfFormat.N_QUADS, lenient=True)
