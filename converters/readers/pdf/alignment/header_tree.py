"""Headers of three or more levels whose labels were drawn row by row: which columns each label spans.

As in a table of a web page, a label of a row stands over labels of the next row, or goes down to the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from converters.readers.pdf.alignment.columns import Range
from converters.readers.pdf.alignment.drawing_order import DrawnCell, overlap

_CLEAR = 1.0
"""How much nearer to its labels, in character widths, the best division must be than the next one."""


@dataclass(frozen=True, slots=True)
class HeaderBranch:
    """A label with the branches below it, from left to right."""

    label: DrawnCell
    below: tuple[HeaderBranch, ...] = ()

    @property
    def leaves(self) -> tuple[HeaderBranch, ...]:
        """The branches with nothing below them."""
        return tuple(leaf for branch in self.below for leaf in branch.leaves) if self.below else (self,)


@dataclass(frozen=True, slots=True)
class _Division:
    """The branches of a row, and how far its labels are from where the labels below them begin or have their middle."""

    cost: float
    branches: tuple[HeaderBranch, ...] = ()


Distance = Callable[[DrawnCell, Sequence[HeaderBranch]], float]


def _off_centre(label: DrawnCell, below: Sequence[HeaderBranch]) -> float:
    first, last = below[0].leaves[0].label, below[-1].leaves[-1].label
    return abs(sum(first.extent) + sum(last.extent) - 2 * sum(label.extent)) / 4


def _off_left(label: DrawnCell, below: Sequence[HeaderBranch]) -> float:
    return abs(below[0].leaves[0].label.extent[0] - label.extent[0])


def read_tree(rows: Sequence[Sequence[DrawnCell]], columns: Sequence[Range]) -> list[HeaderBranch] | None:
    """Return the labels of the first row with all that stand below them; None if there is no clear division.

    It is clear if each column has a label, and if any other division is much further from the middles of the labels, or
    from where they begin if they are aligned to the left.
    """
    ordered = [sorted(row, key=lambda cell: cell.extent) for row in rows]
    em = max(cell.runs[0].em for row in ordered for cell in row)
    divisions = (_divide_rows(ordered, distance, em) for distance in (_off_centre, _off_left))
    found = sorted(
        (division for division in divisions if division is not None and _fits(division.branches, columns)),
        key=lambda division: division.cost,
    )
    if not found or (found[0].branches != found[-1].branches and found[-1].cost - found[0].cost < _CLEAR * em):
        return None
    return list(found[0].branches)


def _divide_rows(rows: Sequence[Sequence[DrawnCell]], distance: Distance, em: float) -> _Division | None:
    """Return the branches of the first row; None if the labels of a row can be divided in several ways, or in none."""
    below = tuple(HeaderBranch(cell) for cell in rows[-1])
    cost = 0.0
    for row in reversed(rows[:-1]):
        best = sorted(_divisions(row, below, distance), key=lambda division: division.cost)[:2]
        if not best or (len(best) > 1 and best[1].cost - best[0].cost < _CLEAR * em):
            return None
        cost, below = cost + best[0].cost, best[0].branches
    return _Division(cost, below)


def _divisions(row: Sequence[DrawnCell], below: tuple[HeaderBranch, ...], distance: Distance) -> Iterator[_Division]:
    """Yield the two best ways to give all branches below to labels of a row, in order."""
    states: dict[int, list[_Division]] = {0: [_Division(0.0)]}
    for label in row:
        after: dict[int, list[_Division]] = {}
        for taken, divisions in states.items():
            for end in range(taken, len(below) + 1):
                if end == taken and any(overlap(label.runs, branch.label.runs) for branch in below):
                    continue
                own = below[taken:end]
                cost = distance(label, own) if own else 0.0
                after.setdefault(end, []).extend(
                    _Division(division.cost + cost, (*division.branches, HeaderBranch(label, own)))
                    for division in divisions
                )
        states = {end: sorted(found, key=lambda division: division.cost)[:2] for end, found in after.items()}
    yield from states.get(len(below), ())


def _fits(branches: Sequence[HeaderBranch], columns: Sequence[Range]) -> bool:
    """Return whether each column has a label, which stands between the columns beside its own."""
    leaves = [leaf.label for branch in branches for leaf in branch.leaves]
    centres = [sum(leaf.extent) / 2 for leaf in leaves]
    return (
        len(leaves) == len(columns)
        and all(left < right for left, right in pairwise(centres))
        and all(left[0] < centre for left, centre in zip(columns, centres[1:], strict=False))
        and all(centre < right[1] for centre, right in zip(centres, columns[1:], strict=False))
    )
