"""What many pages look up, kept in memory for the generation that is served: names, and what stands above a concept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

MOST_VALUES = 10_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class GenerationMemory(Generic[K, V]):
    """Values by key, of one generation; of more than `most` values those used least recently are evicted."""

    def __init__(self, most: int = MOST_VALUES) -> None:
        self.most = most
        self.generation = ""
        self.values: OrderedDict[K, V] = OrderedDict()

    def get(self, generation: str, keys: Iterable[K]) -> dict[K, V]:
        """Return the values kept for keys in this generation, the current one; values of others are dropped."""
        if generation != self.generation:
            self.generation = generation
            self.values.clear()
        found = {key: self.values[key] for key in keys if key in self.values}
        for key in found:
            self.values.move_to_end(key)
        return found

    def put(self, generation: str, values: Mapping[K, V]) -> None:
        """Keep values of this generation, unless it is no longer the current one."""
        if generation != self.generation:
            return
        self.values.update(values)
        while len(self.values) > self.most:
            self.values.popitem(last=False)
