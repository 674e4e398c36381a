"""Ruling lines in the picture of a page: long thin runs of ink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""The grey values of a page by row and column; 255 is white."""
Ink = NDArray[np.bool_]
"""Where a picture is dark, by row and column."""
_INK = 0.7
_REACH = 3  # pixels by which runs of one line may miss each other
_STEEPEST = 0.05
_LONG = 4


@dataclass(slots=True)
class RuledLine:
    """A line as the runs that it is made of: (row, start, end), with the end excluded, in pixels."""

    runs: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def start(self) -> int:
        """The first pixel along the line."""
        return min(start for _, start, _ in self.runs)

    @property
    def end(self) -> int:
        """The pixel behind the last one along the line."""
        return max(end for _, _, end in self.runs)

    @property
    def ink(self) -> int:
        """The number of dark pixels."""
        return sum(end - start for _, start, end in self.runs)

    @property
    def thickness(self) -> float:
        """The mean width in pixels."""
        return self.ink / (self.end - self.start)

    @property
    def at(self) -> float:
        """The mean position across the line."""
        return sum((row + 0.5) * (end - start) for row, start, end in self.runs) / self.ink

    @property
    def slope(self) -> float:
        """The rise of the line in pixels for each pixel along it."""
        along = np.array([(start + end) / 2 for _, start, end in self.runs])
        across = np.array([row for row, _, _ in self.runs], dtype=float)
        weight = np.array([end - start for _, start, end in self.runs], dtype=float)
        along -= np.average(along, weights=weight)
        spread = float(np.sum(weight * along**2 + weight**3 / 12))  # each run is a row of pixels, not a point
        return float(np.sum(weight * along * (across - np.average(across, weights=weight)))) / spread if spread else 0.0


def find_ink(picture: Picture) -> Ink:
    """Return the pixels that are clearly darker than the paper; single dark pixels are dirt."""
    dark = picture < _INK * float(np.median(picture))
    near = np.zeros(dark.shape, dtype=np.uint8)
    near[1:] += dark[:-1]
    near[:-1] += dark[1:]
    near[:, 1:] += dark[:, :-1]
    near[:, :-1] += dark[:, 1:]
    return dark & (near > 0)


def find_lines(ink: Ink, least: int, thickest: float) -> list[RuledLine]:
    """Return the horizontal lines: runs of at least `least` pixels, not thicker than `thickest`. Areas are no lines."""
    lines = _join_runs(_long_runs(ink, least))
    return [line for line in lines if line.thickness <= thickest]


def keep_connecting(lines: Sequence[RuledLine], others: Sequence[RuledLine], least: int) -> list[RuledLine]:
    """Return the lines of at least `least` pixels, and shorter ones that end at long lines of the other direction.

    A header cell may be lower than a character is high elsewhere on the page; strokes of characters connect nothing.
    """
    long = [other for other in others if other.end - other.start >= least]
    return [
        line
        for line in lines
        if line.end - line.start >= least or all(_ends_at(line, end, long) for end in (line.start, line.end))
    ]


def _ends_at(line: RuledLine, end: int, others: Sequence[RuledLine]) -> bool:
    reach = 2 * _REACH
    return any(
        abs(other.at - end) <= other.thickness + reach and other.start - reach <= line.at <= other.end + reach
        for other in others
    )


def _long_runs(ink: Ink, least: int) -> Iterator[tuple[int, int, int]]:
    """Yield the runs of ink as (row, start, end), from top to bottom."""
    bordered = np.zeros((ink.shape[0], ink.shape[1] + 2), dtype=np.int8)
    bordered[:, 1:-1] = ink
    steps = np.diff(bordered, axis=1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    long = ends - starts >= least
    yield from zip(rows[long].tolist(), starts[long].tolist(), ends[long].tolist(), strict=True)


def _join_runs(runs: Iterator[tuple[int, int, int]]) -> list[RuledLine]:
    """Return runs of neighbouring rows that meet as lines."""
    done: list[RuledLine] = []
    open_lines: list[RuledLine] = []
    for row, start, end in runs:
        done += [line for line in open_lines if line.runs[-1][0] < row - 1]
        open_lines = [line for line in open_lines if line.runs[-1][0] >= row - 1]
        line = next((line for line in open_lines if _meets(line, row, start, end)), None)
        if line is None:
            line = RuledLine()
            open_lines.append(line)
        line.runs.append((row, start, end))
    return done + open_lines


def _meets(line: RuledLine, row: int, start: int, end: int) -> bool:
    return any(
        row - other <= 1 and start <= last + _REACH and end >= first - _REACH for other, first, last in line.runs[-2:]
    )


def find_slope(lines: Sequence[RuledLine], least: int) -> float:
    """Return the slope of most of the long lines, 0 if there are none or the page is too crooked to be a table."""
    slopes = sorted(line.slope for line in lines if line.end - line.start >= _LONG * least)
    slope = slopes[len(slopes) // 2] if slopes else 0.0
    return slope if abs(slope) <= _STEEPEST else 0.0


def erase_lines(picture: Picture, lines: Sequence[RuledLine]) -> None:
    """Paint horizontal lines white, with the pixels beside them."""
    for line in lines:
        for row, start, end in line.runs:
            picture[max(0, row - 1) : row + 2, max(0, start - 1) : end + 1] = 255
