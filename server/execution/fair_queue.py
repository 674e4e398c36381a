"""Fair queueing between clients: the client that has used the least worker time is served next."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

HALF_LIFE = 10.0
"""Seconds after which worker time that a client has used counts half."""
MOST_CLIENTS = 10_000

T = TypeVar("T")


class ClientUsage:
    """Worker time used by each client, in seconds that decay with HALF_LIFE."""

    def __init__(self) -> None:
        self._used: dict[str, tuple[float, float]] = {}

    def add(self, client: str, seconds: float, now: float) -> None:
        """Charge a client for worker time at the time `now`, in seconds of any clock."""
        self._used[client] = (self.of(client, now) + seconds, now)
        if len(self._used) > MOST_CLIENTS:
            del self._used[min(self._used, key=lambda known: self.of(known, now))]

    def of(self, client: str, now: float) -> float:
        """Return what a client has used, decayed to the time `now`."""
        used, then = self._used.get(client, (0.0, now))
        return used * math.exp2((then - now) / HALF_LIFE)


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    client: str
    item: T
    order: int


class FairQueue(Generic[T]):
    """Items that wait, each of one client."""

    def __init__(self) -> None:
        self._entries: dict[T, _Entry[T]] = {}
        self._order = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, item: object) -> bool:
        return item in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._entries))

    def add(self, client: str, item: T) -> None:
        """Append an item of a client."""
        self._order += 1
        self._entries[item] = _Entry(client, item, self._order)

    def remove(self, item: T) -> None:
        """Remove an item; nothing happens if it does not wait."""
        self._entries.pop(item, None)

    def first(self, usage: Callable[[str], float], barred: Iterable[str] = ()) -> T | None:
        """Return the oldest item of the client with the least usage, leaving out `barred` clients; None if none."""
        entries = [entry for entry in self._entries.values() if entry.client not in barred]
        if not entries:
            return None
        least = {client: usage(client) for client in {entry.client for entry in entries}}
        return min(entries, key=lambda entry: (least[entry.client], entry.order)).item

    def surplus(self, client: str) -> T | None:
        """Return the newest item of the client with the most items, if that has more than `client` would then have."""
        counts: dict[str, int] = {}
        for entry in self._entries.values():
            counts[entry.client] = counts.get(entry.client, 0) + 1
        if not counts:
            return None
        largest = max(counts, key=lambda name: counts[name])
        if counts[largest] <= counts.get(client, 0) + 1:
            return None
        return max((e for e in self._entries.values() if e.client == largest), key=lambda entry: entry.order).item
