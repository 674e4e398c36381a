"""Labels of a header of two levels: which columns each label of the upper level spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from converters.readers.pdf.alignment.columns import Range, run_text
from converters.readers.pdf.lines import TextRun

_SAME_ROW = 0.4
_ALIGNED = 0.5


@dataclass(slots=True, eq=False)
class StackedLabel:
    """The runs of one label from top to bottom."""

    runs: list[TextRun]

    @property
    def x0(self) -> float:
        """The left edge."""
        return min(run.x0 for run in self.runs)

    @property
    def x1(self) -> float:
        """The right edge."""
        return max(run.x1 for run in self.runs)

    @property
    def centre(self) -> float:
        """The middle from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def top(self) -> float:
        """The baseline of the first line."""
        return self.runs[0].base

    @property
    def bottom(self) -> float:
        """The baseline of the last line."""
        return self.runs[-1].base

    @property
    def middle(self) -> float:
        """The height halfway between first and last line."""
        return (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        """The text without line breaks."""
        return "".join(map(run_text, self.runs))


_REFERENCES: tuple[Callable[[StackedLabel], float], ...] = (
    lambda label: label.top,
    lambda label: label.middle,
    lambda label: label.bottom,
)


def find_spans(
    parents: Sequence[StackedLabel],
    owners: Sequence[tuple[StackedLabel, int]],
    columns: Sequence[Range],
    em: float,
    drawn: Set[tuple[TextRun, ...]],
) -> dict[int, list[int]]:
    """Return, by number of a label of the upper level, the columns that it spans.

    The labels of the lower level are those at the height of one that stands right below an upper label, or those that
    were `drawn` in a row of their own. A label between them that is higher divides two spans.
    """
    sure = [leaf for parent in parents for leaf in _below(parent, owners)]
    if not sure:
        return {}
    reference = min(_REFERENCES, key=lambda place: _unevenness([place(leaf) for leaf, _ in owners], em))
    levels = [reference(leaf) for leaf in sure]
    lower = [
        col
        for leaf, col in owners
        if (any(abs(reference(leaf) - level) < _SAME_ROW * em for level in levels) or tuple(leaf.runs) in drawn)
        and any(leaf.top > parent.bottom + _SAME_ROW * em for parent in parents)
    ]
    leaves = {col: leaf for leaf, col in owners}
    edges = [columns[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1]]
    spans: dict[int, list[int]] = {}
    for run in _consecutive(lower):
        over = [n for n, parent in enumerate(parents) if edges[run[0]] <= parent.centre <= edges[run[-1] + 1]]
        parts = _divide([parents[n] for n in over], [leaves[col] for col in run], em)
        spans |= {number: [run[i] for i in part] for number, part in zip(over, parts, strict=True) if part}
    return spans


def _below(parent: StackedLabel, owners: Sequence[tuple[StackedLabel, int]]) -> list[StackedLabel]:
    """Return the labels below another one that overlap it; if none does, those next to its centre on either side."""
    lower = [leaf for leaf, _ in owners if leaf.top > parent.bottom]
    overlapping = [leaf for leaf in lower if min(leaf.x1, parent.x1) - max(leaf.x0, parent.x0) > 0]
    if overlapping:
        return overlapping
    left = max((leaf for leaf in lower if leaf.centre < parent.centre), key=lambda leaf: leaf.centre, default=None)
    right = min((leaf for leaf in lower if leaf.centre >= parent.centre), key=lambda leaf: leaf.centre, default=None)
    return [leaf for leaf in (left, right) if leaf is not None]


def _unevenness(values: Sequence[float], em: float) -> tuple[int, float]:
    """Return the number of different heights, and how far those taken for one are apart."""
    steps = [b - a for a, b in pairwise(sorted(values))]
    return sum(step > _SAME_ROW * em for step in steps), sum(step for step in steps if step <= _SAME_ROW * em)


def _consecutive(numbers: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in sorted(numbers):
        if run and number > run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _divide(parents: Sequence[StackedLabel], leaves: Sequence[StackedLabel], em: float) -> list[list[int]]:
    """Return for each upper label the numbers of the lower ones that it spans, by the division with least distances.

    Each label is centred over its columns. If each begins where a lower one does, and these leave none out or no
    division is close to the centres, it spans the columns from there to the next.
    """

    def off_centre(parent: StackedLabel, first: int, end: int) -> float:
        return abs((leaves[first].centre + leaves[end - 1].centre) / 2 - parent.centre) / em

    best: dict[tuple[int, int], tuple[float, list[list[int]]]] = {(0, 0): (0.0, [])}
    for i, parent in enumerate(parents):
        for k in range(len(leaves)):
            if (i, k) in best:
                cost, parts = best[i, k]
                for end in range(k + 1, len(leaves) + 1):
                    total = cost + off_centre(parent, k, end)
                    if total < best.get((i + 1, end), (float("inf"),))[0]:
                        best[i + 1, end] = total, [*parts, list(range(k, end))]
    cost, parts = best.get((len(parents), len(leaves)), (float("inf"), [[] for _ in parents]))
    starts = [
        next((n for n, leaf in enumerate(leaves) if abs(leaf.x0 - parent.x0) <= _ALIGNED * em), None)
        for parent in parents
    ]
    firsts = [start for start in starts if start is not None]
    begin = len(firsts) == len(parents) > 0
    if begin and (firsts[0] == 0 or cost > _ALIGNED * len(parents)):
        return [list(range(a, b)) for a, b in pairwise([*firsts, len(leaves)])]
    return parts
