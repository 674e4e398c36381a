"""Ruling lines as edges, and merging of collinear edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Edge(NamedTuple):
    """A horizontal or vertical line: its position on the other axis, its start and its end, in points."""

    at: float
    start: float
    end: float


def merge_edges(edges: Iterable[Edge], snap: float, join: float) -> list[Edge]:
    """Merge collinear edges within `snap` points of a position that touch or have a gap of at most `join` points.

    The result is ordered by position and start.
    """
    merged: list[Edge] = []
    for level in _group_by_position(edges, snap):
        length = sum(edge.end - edge.start for edge in level)
        at = sum(edge.at * (edge.end - edge.start) for edge in level) / length if length else level[0].at
        level.sort(key=lambda edge: edge.start)
        start, end = level[0].start, level[0].end
        for edge in level[1:]:
            if edge.start <= end + join:
                end = max(end, edge.end)
            else:
                merged.append(Edge(at, start, end))
                start, end = edge.start, edge.end
        merged.append(Edge(at, start, end))
    return merged


def _group_by_position(edges: Iterable[Edge], snap: float) -> Iterator[list[Edge]]:
    """Yield the edges grouped by position; a group extends at most `snap` from its first edge."""
    level: list[Edge] = []
    for edge in sorted(edges):
        if level and edge.at - level[0].at > snap:
            yield level
            level = []
        level.append(edge)
    if level:
        yield level
