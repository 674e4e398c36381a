"""The header of a table without ruling lines: labels over one column, and labels over several columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from converters.readers.pdf.lines import Line, TextRun

_SAME_ROW = 0.4
_WRAP, _LEADING = 0.95, 1.7
_REACH = 0.3

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class HeaderLabel:
    """A label of the header with its position; rows and columns count from 0."""

    row: int
    col: int
    rowspan: int
    colspan: int
    runs: tuple[TextRun, ...]


@dataclass(slots=True)
class _Block:
    """Consecutive runs in one column that form one label."""

    runs: list[TextRun]

    @property
    def x0(self) -> float:
        return min(run.x0 for run in self.runs)

    @property
    def x1(self) -> float:
        return max(run.x1 for run in self.runs)

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def middle(self) -> float:
        return (self.runs[0].base + self.runs[-1].base) / 2

    @property
    def top(self) -> float:
        return self.runs[0].base


def read_header(
    lines: Sequence[Line], columns: Sequence[Range], row_distance: float, *, left: bool = False
) -> tuple[list[HeaderLabel], list[Range]]:
    """Return the labels of a header, and the columns widened to their labels, including columns with only a label.

    Each label on the lowest level belongs to one column. A label above spans the columns under its centre, as far as
    those have a label below it. If the cells are aligned to the `left`, it spans the columns from its beginning to the
    next label. Lines closer than `row_distance` points form one label.
    """
    blocks = _blocks(lines, row_distance)
    if not blocks:
        return [], list(columns)
    em = max(run.em for block in blocks for run in block.runs)
    levels = _levels(blocks, em) if left else []
    parents = _parents_at_top(blocks, levels, em) if levels else _upper_labels(blocks, columns)
    leaves = [block for block in blocks if block not in parents]
    owners, widened = _own_columns(leaves, columns)
    if levels:
        below = {col for leaf, col in owners if leaf.top - levels[0] > _SAME_ROW * em} if parents else set()
    else:
        lowest = max(leaf.middle for leaf in leaves)
        below = {col for leaf, col in owners if lowest - leaf.middle <= _SAME_ROW * em} if parents else set()
    depth = 2 if parents else 1
    labels = [
        HeaderLabel(1, col, 1, 1, tuple(leaf.runs)) if col in below else HeaderLabel(0, col, depth, 1, tuple(leaf.runs))
        for leaf, col in owners
    ]
    free = set(below)
    for parent in sorted(parents, key=lambda block: block.x0):
        span = _span_from(parent, owners, parents, free, widened) if levels else _span(parent, parents, free, widened)
        if span:
            free -= set(span)
            labels.append(HeaderLabel(0, span[0], 1, len(span), tuple(parent.runs)))
    return labels, widened


def _blocks(lines: Sequence[Line], row_distance: float) -> list[_Block]:
    """Return the runs of the header, with wrapped labels joined."""
    runs = sorted((run for line in lines for run in line.runs), key=lambda run: run.base)
    blocks: list[_Block] = []
    for run in runs:
        above = next(
            (
                block
                for block in blocks
                if _overlaps(block.runs[-1], run)
                and 0 < run.base - block.runs[-1].base < min(_WRAP * row_distance, _LEADING * run.em)
                and abs((run.x0 + run.x1) / 2 - block.centre) < run.em
                and not _stands_over_others(block, run, runs)
            ),
            None,
        )
        if above is None:
            blocks.append(_Block([run]))
        else:
            above.runs.append(run)
    return blocks


def _stands_over_others(block: _Block, run: TextRun, runs: Sequence[TextRun]) -> bool:
    """Return whether other runs beside a run begin below the same label."""
    beside = [r for r in runs if r is not run and abs(r.base - run.base) < _SAME_ROW * run.em]
    return any(min(r.x1, block.x1) - max(r.x0, block.x0) > 0 for r in beside)


def _overlaps(one: TextRun, other: TextRun) -> bool:
    return min(one.x1, other.x1) > max(one.x0, other.x0)


def _upper_labels(blocks: Sequence[_Block], columns: Sequence[Range]) -> list[_Block]:
    """Return the labels on an upper level: above the middle of the header, with another label below.

    A label that is alone over its column is not on an upper level, wherever it stands.
    """
    em = max(run.em for block in blocks for run in block.runs)
    top, bottom = min(block.middle for block in blocks), max(block.middle for block in blocks)
    if bottom - top <= _SAME_ROW * em:
        return []
    upper = [block for block in blocks if block.middle < top + (bottom - top) / 4]
    lower = [block for block in blocks if block not in upper]
    return [block for block in upper if not _stands_alone(block, lower, columns)]


def _levels(blocks: Sequence[_Block], em: float) -> list[float]:
    """Return the baselines at which labels begin in a header aligned at its top; empty for one level."""
    tops: list[float] = []
    for base in sorted(block.top for block in blocks):
        if not tops or base - tops[-1] > _SAME_ROW * em:
            tops.append(base)
    return tops if len(tops) > 1 else []


def _parents_at_top(blocks: Sequence[_Block], levels: Sequence[float], em: float) -> list[_Block]:
    """Return the labels of the upper level of a header aligned at its top that stand above a label of the lower one."""
    lower = [block for block in blocks if block.top - levels[0] > _SAME_ROW * em]
    return [
        block
        for block in blocks
        if block not in lower and any(min(block.x1, b.x1) - max(block.x0, b.x0) > 0 for b in lower)
    ]


def _stands_alone(block: _Block, lower: Sequence[_Block], columns: Sequence[Range]) -> bool:
    """Return whether a label is the only label over its column."""
    shares = [min(block.x1, x1) - max(block.x0, x0) for x0, x1 in columns]
    best = max(range(len(shares)), key=shares.__getitem__, default=-1)
    if best < 0 or shares[best] <= 0:
        return False
    x0, x1 = columns[best]
    left = (columns[best - 1][1] + x0) / 2 if best else x0
    right = (columns[best + 1][0] + x1) / 2 if best + 1 < len(columns) else x1
    return left <= block.x0 and block.x1 <= right and not any(left < other.centre < right for other in lower)


def _own_columns(leaves: Sequence[_Block], columns: Sequence[Range]) -> tuple[list[tuple[_Block, int]], list[Range]]:
    """Return each label with its column, and the columns; a label over no column gets a column of its own."""
    ordered = sorted(leaves, key=lambda leaf: leaf.centre)
    widened = list(columns)
    if len(ordered) != len(columns):
        for leaf in ordered:
            if not any(min(leaf.x1, x1) - max(leaf.x0, x0) > 0 for x0, x1 in widened):
                widened.append((leaf.x0, leaf.x1))
        widened.sort()
    owners = []
    for number, leaf in enumerate(ordered):
        if len(ordered) == len(widened):
            col = number
        else:
            shares = [min(leaf.x1, x1) - max(leaf.x0, x0) for x0, x1 in widened]
            col = max(range(len(shares)), key=shares.__getitem__)
        owners.append((leaf, col))
    taken: dict[int, _Block] = {}
    for leaf, col in owners:
        if col in taken:
            taken[col].runs.extend(leaf.runs)
        else:
            taken[col] = leaf
    for col, leaf in taken.items():
        x0, x1 = widened[col]
        left = widened[col - 1][1] if col else float("-inf")
        right = widened[col + 1][0] if col + 1 < len(widened) else float("inf")
        widened[col] = (min(x0, max(leaf.x0, left + _REACH)), max(x1, min(leaf.x1, right - _REACH)))
    return [(leaf, col) for col, leaf in sorted(taken.items())], widened


def _span(parent: _Block, parents: Sequence[_Block], free: set[int], columns: Sequence[Range]) -> list[int]:
    """Return the adjacent columns over which a label is centred and that no other label covers."""
    others = [p for p in parents if p is not parent]
    usable = [c for c in sorted(free) if not any(o.x0 < sum(columns[c]) / 2 < o.x1 for o in others)]
    runs: list[list[int]] = []
    for column in usable:
        if runs and runs[-1][-1] == column - 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    ranges = [run[i:j] for run in runs for i in range(len(run)) for j in range(i + 1, len(run) + 1)]
    edges = [columns[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1]]

    def off_centre(span: Sequence[int]) -> float:
        return abs((edges[span[0]] + edges[span[-1] + 1]) / 2 - parent.centre)

    fitting = [span for span in ranges if edges[span[0]] <= parent.centre <= edges[span[-1] + 1]]
    if not fitting:
        return []
    nearest = min(map(off_centre, fitting))
    return max((span for span in fitting if off_centre(span) <= nearest + _SAME_ROW * parent.runs[0].em), key=len)


def _span_from(
    parent: _Block,
    owners: Sequence[tuple[_Block, int]],
    parents: Sequence[_Block],
    free: set[int],
    columns: Sequence[Range],
) -> list[int]:
    """Return the adjacent columns from the one where a label begins to the next label of its level."""
    end = min((other.x0 for other in parents if other.x0 > parent.x0), default=float("inf"))
    em = parent.runs[0].em
    span = [col for leaf, col in owners if col in free and abs(leaf.x0 - parent.x0) <= em / 2][:1]
    while span and span[-1] + 1 in free and sum(columns[span[-1] + 1]) / 2 < end:
        span.append(span[-1] + 1)
    return span
