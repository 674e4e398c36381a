"""Shared parts of the mixed load: the service under test, the recorded outcome, and requests."""

from __future__ import annotations

import gzip
import http.client
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

HARMLESS = (ConnectionError, http.client.IncompleteRead, http.client.RemoteDisconnected, TimeoutError)
HONEST, MUCH, MIXED, LEAVING, SLOW = (f"198.51.100.{number}" for number in range(1, 6))
"""Addresses of clients, as the proxy in front of the service reports them."""


@dataclass
class Outcome:
    """The outcome of a run: counts, wrong answers, the memory of the web process every half second (bytes), and the
    waiting times of ordinary clients (seconds).
    """

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    published: int = 0
    waits: list[float] = field(default_factory=list)

    def growth(self) -> float:
        """By what part the memory grew from the second quarter of the time to the last."""
        quarter = max(len(self.memory) // 4, 1)
        early, late = self.memory[quarter : 2 * quarter], self.memory[-quarter:]
        return sum(late) / len(late) / (sum(early) / len(early)) - 1

    def wait(self, part: float) -> float:
        """Return how long this part of the honest questions waited at most, in seconds."""
        return sorted(self.waits)[min(int(part * len(self.waits)), len(self.waits) - 1)] if self.waits else 0.0


@dataclass(frozen=True)
class Scene:
    """Where all this happens, and until when (by the monotonic clock)."""

    port: int
    store: Path
    until: float
    outcome: Outcome

    def goes_on(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self.until and not self.outcome.wrong


def ask(
    scene: Scene, query: str, kind: str, *, client: str = HONEST, path: str = "/sparql", compressed: bool = False
) -> tuple[int, bytes]:
    """Return status and body of an answer to a client; raises what http.client raises when it breaks off."""
    headers = {"X-Forwarded-For": client, **({"Accept-Encoding": "gzip"} if compressed else {})}
    return get(scene, f"{path}?{urlencode({'query': query, 'format': kind})}", headers)


def get(scene: Scene, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Return status and body of what is at a path."""
    connection = http.client.HTTPConnection("127.0.0.1", scene.port, timeout=40)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        return response.status, gzip.decompress(body) if response.headers["content-encoding"] == "gzip" else body
    finally:
        connection.close()


def note(scene: Scene, who: str, status: int, body: bytes, allowed: tuple[int, ...] = (200, 503)) -> None:
    """Count an answer; a status that is not allowed is wrong."""
    scene.outcome.counts[f"{who}: {status}"] += 1
    if status not in allowed:
        scene.outcome.wrong.append(f"{who} got {status}: {body[:200]!r}")
