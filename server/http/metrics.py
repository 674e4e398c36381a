"""Counts of requests, and metrics in the text format of Prometheus."""

from __future__ import annotations

import resource
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)

Sample = tuple[Mapping[str, str], float]


OTHER = "other"
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class RequestCounts:
    """Counts of requests by route, method and status, and histograms of their duration by route.

    A route is the first part of a path. Paths that are not among `routes` are counted as OTHER.
    """

    def __init__(self) -> None:
        self.routes: frozenset[str] = frozenset()
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.buckets: Counter[tuple[str, int]] = Counter()
        self.running = 0

    def add(self, path: str, method: str, status: int, seconds: float) -> None:
        """Count a request that has been answered."""
        route = first_part(path)
        route = route if route in self.routes else OTHER
        method = method if method in METHODS else OTHER
        self.requests[route, method, status] += 1
        self.seconds[route] += seconds
        self.buckets[route, bisect_left(BOUNDS, seconds)] += 1

    def lines(self) -> Iterator[str]:
        """Yield the counts as text."""
        yield from metric(
            "yusuan_http_requests_total",
            "counter",
            "Requests that have been answered.",
            (
                ({"route": route, "method": method, "status": str(status)}, count)
                for (route, method, status), count in sorted(self.requests.items())
            ),
        )
        yield from metric("yusuan_http_requests_in_progress", "gauge", "Requests at work.", [({}, self.running)])
        yield "# HELP yusuan_http_request_duration_seconds Duration of requests by route."
        yield "# TYPE yusuan_http_request_duration_seconds histogram"
        for route in sorted(self.seconds):
            total = 0
            for place, bound in enumerate((*(f"{bound:g}" for bound in BOUNDS), "+Inf")):
                total += self.buckets[route, place]
                yield sample("yusuan_http_request_duration_seconds_bucket", {"route": route, "le": bound}, total)
            yield sample("yusuan_http_request_duration_seconds_sum", {"route": route}, self.seconds[route])
            yield sample("yusuan_http_request_duration_seconds_count", {"route": route}, total)


def first_part(path: str) -> str:
    """Return the first segment of a path: `/doc` of `/doc/org/1`."""
    return path[: path.find("/", 1)] if "/" in path[1:] else path


def metric(name: str, kind: str, says: str, samples: Iterable[Sample]) -> Iterator[str]:
    """Yield a metric with its samples as text."""
    yield f"# HELP {name} {says}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        yield sample(name, labels, value)


def sample(name: str, labels: Mapping[str, str], value: float) -> str:
    """Return a sample as one line."""
    written = ",".join(f'{label}="{escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{written}}} {value:g}" if written else f"{name} {value:g}"


def escaped(text: str) -> str:
    """Escape the value of a label."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def memory_of_process() -> int:
    """Return the resident memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
