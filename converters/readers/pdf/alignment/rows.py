"""Assignment of text lines to rows of figures in tables without ruling lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

_OWN_ROW, _EMPTY, _FURTHEST = 0.6, 0.25, 1.2
_LEADING = 1.7
_MOST_LINES = 12
_ALIGNMENTS = ("middle", "top", "bottom")


def assign_lines(columns: Mapping[int, Sequence[float]], anchors: Sequence[float], em: float) -> dict[int, list[float]]:
    """Return, by column, the baseline of the row that each line of text belongs to.

    `columns` are the baselines of the text lines of each column from top to bottom, `anchors` the baselines of the rows
    with figures, `em` the width of a character; all in points. The text of a row is aligned with its figures at the
    top, the middle or the bottom, the same way in the whole table. A line that fits no row of figures is a row of its
    own.
    """
    best: tuple[float, dict[int, list[float]]] | None = None
    for alignment in _ALIGNMENTS:
        solved = {column: _assign(bases, anchors, alignment, em) for column, bases in columns.items()}
        cost = sum(cost for cost, _ in solved.values())
        if best is None or cost < best[0] - 1e-6:
            best = cost, {column: rows for column, (_, rows) in solved.items()}
    return best[1] if best else {}


def _assign(bases: Sequence[float], anchors: Sequence[float], alignment: str, em: float) -> tuple[float, list[float]]:
    """Return the cheapest assignment of lines to rows, both in order, and its cost in character widths."""
    # costs[i][k]: the least cost of assigning the first k lines to the first i rows; steps record the predecessor.
    rows, lines = len(anchors), len(bases)
    costs = [[float("inf")] * (lines + 1) for _ in range(rows + 1)]
    steps: dict[tuple[int, int], tuple[int, int]] = {}
    costs[0][0] = 0.0
    for i in range(rows + 1):
        for k in range(lines + 1):
            for next_i, next_k, cost in _options(i, k, bases, anchors, alignment, em):
                if costs[i][k] + cost < costs[next_i][next_k]:
                    costs[next_i][next_k] = costs[i][k] + cost
                    steps[next_i, next_k] = (i, k)
    found = [0.0] * lines
    i, k = rows, lines
    while (i, k) != (0, 0):
        before_i, before_k = steps[i, k]
        for line in range(before_k, k):
            found[line] = anchors[before_i] if i > before_i else bases[line]
        i, k = before_i, before_k
    return costs[rows][lines], found


def _options(
    i: int, k: int, bases: Sequence[float], anchors: Sequence[float], alignment: str, em: float
) -> Iterator[tuple[int, int, float]]:
    """Yield the next steps (rows assigned, lines assigned, cost) after the first i rows and k lines."""
    if k < len(bases):
        yield i, k + 1, _OWN_ROW
    if i == len(anchors):
        return
    yield i + 1, k, _EMPTY
    for end in range(k + 1, min(len(bases), k + _MOST_LINES) + 1):
        if end > k + 1 and bases[end - 1] - bases[end - 2] > _LEADING * em:
            return
        distance = abs(_reference(bases[k:end], alignment) - anchors[i]) / em
        if distance <= _FURTHEST:
            yield i + 1, end, distance


def _reference(bases: Sequence[float], alignment: str) -> float:
    if alignment == "top":
        return bases[0]
    return bases[-1] if alignment == "bottom" else (bases[0] + bases[-1]) / 2
