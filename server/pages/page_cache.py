"""A cache of rendered pages in memory, for the generation that is served."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

MOST_BYTES = 32 * 2**20


class PageCache:
    """A least-recently-used cache of pages of one generation, of at most `most` bytes of text in UTF-8."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self.size = 0
        self.generation = ""
        self.pages: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, generation: str, key: Hashable) -> bytes | None:
        """Return the cached page of this generation, the current one; pages of others are dropped."""
        if generation != self.generation:
            self.generation, self.size = generation, 0
            self.pages.clear()
        page = self.pages.get(key)
        if page is not None:
            self.pages.move_to_end(key)
        return page

    def put(self, generation: str, key: Hashable, page: bytes) -> None:
        """Add a page of this generation, and evict those used least recently.

        A page of a generation that is no longer current, or of more than a quarter of the room, is not kept.
        """
        if generation != self.generation or key in self.pages or len(page) > self.most // 4:
            return
        self.pages[key] = page
        self.size += len(page)
        while self.size > self.most:
            _, evicted = self.pages.popitem(last=False)
            self.size -= len(evicted)
