"""Assignment of text lines to rows of figures in tables without ruling lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

_OWN_ROW, _EMPTY, _FURTHEST = 0.6, 0.25, 1.2
_LEADING = 1.9
_MOST_LINES = 40
_SAME_ROW = 0.3
ALIGNMENTS = ("middle", "top", "bottom")
"""How the cells of a row are aligned with one another."""


def find_anchors(figures: Sequence[Sequence[float]], em: float) -> tuple[list[float], list[str]]:
    """Return the baselines of the rows that hold figures, and the alignments of cells that explain them.

    `figures` are the baselines of the lines of each figure, more than one where a narrow cell broke it. The figures of
    a row begin at one height, end at one height, or have the same middle: the alignment with the fewest rows counts.
    """
    rows = {alignment: _distinct([_reference(f, alignment) for f in figures], em) for alignment in ALIGNMENTS}
    fewest = min(map(len, rows.values()))
    fitting = [alignment for alignment in ALIGNMENTS if len(rows[alignment]) == fewest]
    return rows[fitting[0]], fitting


def _distinct(values: Sequence[float], em: float) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SAME_ROW * em:
            found.append(value)
    return found


def reference_row(figure: Sequence[float], alignment: str, anchors: Sequence[float]) -> float:
    """Return the row that a figure, given by the baselines of its lines, belongs to."""
    place = _reference(figure, alignment)
    return min(anchors, key=lambda anchor: abs(anchor - place))


def assign_lines(
    columns: Mapping[int, Sequence[float]],
    anchors: Sequence[float],
    em: float,
    alignments: Sequence[str] = ALIGNMENTS,
    breaks: Mapping[int, Sequence[float]] | None = None,
) -> tuple[str, dict[int, list[float]]]:
    """Return the alignment of the cells and, by column, the baseline of the row that each line of text belongs to.

    `columns` are the baselines of the text lines of each column from top to bottom, `anchors` the baselines of the rows
    with figures, `em` the width of a character; all in points. The text of a row is aligned with its figures at the
    top, the middle or the bottom, the same way in the whole table. A line that fits no row of figures is a row of its
    own. `breaks` are the costs of the next line belonging to the same row, in character widths.
    """
    best: tuple[float, str, dict[int, list[float]]] | None = None
    for alignment in alignments:
        solved = {
            column: _assign(bases, anchors, alignment, em, (breaks or {}).get(column))
            for column, bases in columns.items()
        }
        cost = sum(cost for cost, _ in solved.values())
        if best is None or cost < best[0] - 1e-6:
            best = cost, alignment, {column: rows for column, (_, rows) in solved.items()}
    return (best[1], best[2]) if best else (ALIGNMENTS[0], {})


def _assign(
    bases: Sequence[float], anchors: Sequence[float], alignment: str, em: float, breaks: Sequence[float] | None
) -> tuple[float, list[float]]:
    """Return the cheapest assignment of lines to rows, both in order, and its cost in character widths."""
    # costs[i][k]: the least cost of assigning the first k lines to the first i rows; steps record the predecessor.
    rows, lines = len(anchors), len(bases)
    costs = [[float("inf")] * (lines + 1) for _ in range(rows + 1)]
    steps: dict[tuple[int, int], tuple[int, int]] = {}
    costs[0][0] = 0.0
    for i in range(rows + 1):
        for k in range(lines + 1):
            if costs[i][k] == float("inf"):
                continue
            for next_i, next_k, cost in _options(i, k, bases, anchors, alignment, em, breaks):
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
    i: int,
    k: int,
    bases: Sequence[float],
    anchors: Sequence[float],
    alignment: str,
    em: float,
    breaks: Sequence[float] | None,
) -> Iterator[tuple[int, int, float]]:
    """Yield the next steps (rows assigned, lines assigned, cost) after the first i rows and k lines."""
    if k < len(bases):
        yield i, k + 1, _OWN_ROW
    if i == len(anchors):
        return
    yield i + 1, k, _EMPTY
    broken = 0.0
    for end in range(k + 1, min(len(bases), k + _MOST_LINES) + 1):
        if end > k + 1 and bases[end - 1] - bases[end - 2] > _LEADING * em:
            return
        broken += breaks[end - 2] if end > k + 1 and breaks is not None else 0.0
        distance = abs(_reference(bases[k:end], alignment) - anchors[i]) / em
        if distance <= _FURTHEST:
            yield i + 1, end, distance + broken
        elif alignment == "top" and end == k + 1:
            return


def _reference(bases: Sequence[float], alignment: str) -> float:
    if alignment == "top":
        return bases[0]
    return bases[-1] if alignment == "bottom" else (bases[0] + bases[-1]) / 2
