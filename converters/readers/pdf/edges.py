"""Ruling lines, and how the pieces of a line become one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Edge(NamedTuple):
    """A straight line across (at a height, from left to right) or upright (at a distance from the left, downwards)."""

    at: float
    start: float
    end: float


def merge_rules(rules: Iterable[Edge], snap: float, join: float) -> list[Edge]:
    """The rules with those at the same place (within `snap`) made one where they touch (within `join`), in order."""
    merged: list[Edge] = []
    for level in _levels(rules, snap):
        length = sum(rule.end - rule.start for rule in level)
        at = sum(rule.at * (rule.end - rule.start) for rule in level) / length if length else level[0].at
        level.sort(key=lambda rule: rule.start)
        start, end = level[0].start, level[0].end
        for rule in level[1:]:
            if rule.start <= end + join:
                end = max(end, rule.end)
            else:
                merged.append(Edge(at, start, end))
                start, end = rule.start, rule.end
        merged.append(Edge(at, start, end))
    return merged


def _levels(rules: Iterable[Edge], snap: float) -> Iterator[list[Edge]]:
    """The rules grouped by place; a group reaches no further than `snap` from its first rule."""
    level: list[Edge] = []
    for rule in sorted(rules):
        if level and rule.at - level[0].at > snap:
            yield level
            level = []
        level.append(rule)
    if level:
        yield level
