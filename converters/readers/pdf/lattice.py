"""Lattices: the rows, columns and merged cells that ruling lines form on a page, without text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from converters.readers.pdf.edges import Edge, merge_edges
from converters.readers.pdf.page_transform import Box
from converters.readers.pdf.settings import PdfSettings


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of a lattice: row and column count from 0."""

    row: int
    col: int
    rowspan: int
    colspan: int


@dataclass(frozen=True, slots=True)
class Lattice:
    """Rows between the positions `ys` and columns between the positions `xs`, divided into disjoint rectangles."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]

    @property
    def box(self) -> Box:
        """The bounding box."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def span_box(self, span: Span) -> Box:
        """Return the rectangle of a span on the page."""
        right, below = span.col + span.colspan, span.row + span.rowspan
        return self.xs[span.col], self.ys[span.row], self.xs[right], self.ys[below]

    def index(self) -> dict[tuple[int, int], Span]:
        """Return the span that covers each (row, column)."""
        return {
            (row, col): span
            for span in self.spans
            for row in range(span.row, span.row + span.rowspan)
            for col in range(span.col, span.col + span.colspan)
        }

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the (row, column) at a point; None outside the lattice."""
        row, col = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        return (row, col) if 0 <= row < len(self.ys) - 1 and 0 <= col < len(self.xs) - 1 else None


def find_lattices(horizontals: Iterable[Edge], verticals: Iterable[Edge], settings: PdfSettings) -> list[Lattice]:
    """Return the lattices formed by intersecting horizontal and vertical lines, from top to bottom.

    Groups with more than `settings.densest` possible intersections are drawings and are left out.
    """
    across, down = (
        [edge for edge in merge_edges(edges, settings.snap, settings.join) if edge.end - edge.start > settings.join]
        for edges in (horizontals, verticals)
    )
    groups = [
        both for both in _connected(across, down, settings.join) if len(both[0]) * len(both[1]) <= settings.densest
    ]
    lattices = [_lattice(*group, settings) for group in groups]
    return sorted((lattice for lattice in lattices if len(lattice.spans) > 1), key=lambda lattice: lattice.box[1])


def _connected(
    horizontals: Sequence[Edge], verticals: Sequence[Edge], join: float
) -> Iterator[tuple[list[Edge], list[Edge]]]:
    """Return the groups of lines connected by intersections, as (horizontal, vertical)."""
    group = list(range(len(horizontals) + len(verticals)))

    def find(item: int) -> int:
        while group[item] != item:
            group[item] = group[group[item]]
            item = group[item]
        return item

    places = [vertical.at for vertical in verticals]
    for i, line in enumerate(horizontals):
        for k in range(bisect_left(places, line.start - join), bisect_right(places, line.end + join)):
            if verticals[k].start - join <= line.at <= verticals[k].end + join:
                group[find(i)] = find(len(horizontals) + k)
    members: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for index in range(len(group)):
        across, down = members.setdefault(find(index), ([], []))
        if index < len(horizontals):
            across.append(horizontals[index])
        else:
            down.append(verticals[index - len(horizontals)])
    return (both for both in members.values() if all(both))


def _lattice(horizontals: Sequence[Edge], verticals: Sequence[Edge], settings: PdfSettings) -> Lattice:
    """Return the lattice of connected lines. A side without a ruling line is closed where two lines end."""
    left, right = _extent(horizontals, verticals, settings.join)
    top, bottom = _extent(verticals, horizontals, settings.join)
    xs = _edges(verticals, left, right, settings.join)
    ys = _edges(horizontals, top, bottom, settings.join)
    vertical_edges = _coverage(verticals, xs, ys, settings)
    horizontal_edges = _coverage(horizontals, ys, xs, settings)
    return Lattice(tuple(xs), tuple(ys), tuple(_spans(len(ys) - 1, len(xs) - 1, vertical_edges, horizontal_edges)))


def _extent(along: Sequence[Edge], beyond: Sequence[Edge], join: float) -> tuple[float, float]:
    """Return where lines of one direction start and end.

    An end counts if a second line ends nearby; otherwise the outermost line of the other direction decides.
    """
    starts, ends = sorted(r.start for r in along), sorted((r.end for r in along), reverse=True)
    places = [r.at for r in beyond]
    first = next((s for s, t in pairwise(starts) if t - s <= join), places[0])
    last = next((e for e, f in pairwise(ends) if e - f <= join), places[-1])
    return min(first, places[0]), max(last, places[-1])


def _edges(edges: Sequence[Edge], first: float, last: float, join: float) -> list[float]:
    """Return the distinct positions of lines, extended by the ends of the lattice where those lie further out."""
    places = sorted({edge.at for edge in edges})
    if places[0] - first > join:
        places.insert(0, first)
    if last - places[-1] > join:
        places.append(last)
    return places


def _coverage(
    edges: Iterable[Edge], places: Sequence[float], marks: Sequence[float], settings: PdfSettings
) -> list[list[bool]]:
    """Return, by position and interval between marks, whether a line closes it; the outermost positions are closed."""
    by_place: dict[float, list[Edge]] = {place: [] for place in places}
    for edge in edges:
        by_place[edge.at].append(edge)
    covered = []
    for number, place in enumerate(places):
        outermost = number in (0, len(places) - 1)
        covered.append(
            [
                outermost
                or sum(max(0.0, min(edge.end, end) - max(edge.start, start)) for edge in by_place[place])
                >= settings.coverage * (end - start)
                for start, end in pairwise(marks)
            ]
        )
    return covered


def _spans(
    n_rows: int, n_cols: int, vertical_edges: Sequence[Sequence[bool]], horizontal_edges: Sequence[Sequence[bool]]
) -> Iterator[Span]:
    """Yield the rectangles without a dividing edge; other shapes are cut into the widest rectangles from the top."""
    taken = [[False] * n_cols for _ in range(n_rows)]
    for row in range(n_rows):
        for col in range(n_cols):
            if taken[row][col]:
                continue
            right = col + 1
            while right < n_cols and not vertical_edges[right][row] and not taken[row][right]:
                right += 1
            below = row + 1
            while below < n_rows and _continues(below, col, right, n_cols, vertical_edges, horizontal_edges, taken):
                below += 1
            for r in range(row, below):
                for c in range(col, right):
                    taken[r][c] = True
            yield Span(row, col, below - row, right - col)


def _continues(
    row: int,
    col: int,
    right: int,
    n_cols: int,
    vertical_edges: Sequence[Sequence[bool]],
    horizontal_edges: Sequence[Sequence[bool]],
    taken: Sequence[Sequence[bool]],
) -> bool:
    """Return whether a rectangle extends into a row: no edge above or within, and an edge or the end to the right."""
    return (
        not any(horizontal_edges[row][col:right])
        and not any(vertical_edges[c][row] for c in range(col + 1, right))
        and not any(taken[row][col:right])
        and (right == n_cols or vertical_edges[right][row])
    )
