"""Ruling lines to lattices: the tables drawn on a page as rows and columns with merged cells, without their text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from converters.readers.pdf.edges import Edge, merge_rules
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
    """Rows between the heights `ys`, columns between the distances `xs`, divided into disjoint rectangles."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]

    @property
    def box(self) -> Box:
        """The frame around it."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def span_box(self, span: Span) -> Box:
        """The rectangle on the page."""
        right, below = span.col + span.colspan, span.row + span.rowspan
        return self.xs[span.col], self.ys[span.row], self.xs[right], self.ys[below]

    def index(self) -> dict[tuple[int, int], Span]:
        """The rectangle that covers each (row, column)."""
        return {
            (row, col): span
            for span in self.spans
            for row in range(span.row, span.row + span.rowspan)
            for col in range(span.col, span.col + span.colspan)
        }

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """The (row, column) at a point, None outside the frame."""
        row, col = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        return (row, col) if 0 <= row < len(self.ys) - 1 and 0 <= col < len(self.xs) - 1 else None


def find_lattices(horizontals: Iterable[Edge], verticals: Iterable[Edge], settings: PdfSettings) -> list[Lattice]:
    """The lattices that lines across and upright lines form where they touch, from top to bottom; no dense drawings."""
    across = [r for r in merge_rules(horizontals, settings.snap, settings.join) if r.end - r.start > settings.join]
    upright = [r for r in merge_rules(verticals, settings.snap, settings.join) if r.end - r.start > settings.join]
    groups = [
        both for both in _touching(across, upright, settings.join) if len(both[0]) * len(both[1]) <= settings.densest
    ]
    lattices = [_lattice(lines, posts, settings) for lines, posts in groups]
    return sorted((lattice for lattice in lattices if len(lattice.spans) > 1), key=lambda lattice: lattice.box[1])


def _touching(across: Sequence[Edge], upright: Sequence[Edge], join: float) -> Iterator[tuple[list[Edge], list[Edge]]]:
    """The groups of lines that hang together."""
    group = list(range(len(across) + len(upright)))

    def find(item: int) -> int:
        while group[item] != item:
            group[item] = group[group[item]]
            item = group[item]
        return item

    places = [post.at for post in upright]
    for i, line in enumerate(across):
        for k in range(bisect_left(places, line.start - join), bisect_right(places, line.end + join)):
            if upright[k].start - join <= line.at <= upright[k].end + join:
                group[find(i)] = find(len(across) + k)
    members: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for index in range(len(group)):
        lines, posts = members.setdefault(find(index), ([], []))
        if index < len(across):
            lines.append(across[index])
        else:
            posts.append(upright[index - len(across)])
    return (both for both in members.values() if all(both))


def _lattice(across: Sequence[Edge], upright: Sequence[Edge], settings: PdfSettings) -> Lattice:
    """The lattice of lines that hang together. A side that no line closes is closed where two lines end."""
    left, right = _extent(across, upright, settings.join)
    top, bottom = _extent(upright, across, settings.join)
    xs = _edges(upright, left, right, settings.join)
    ys = _edges(across, top, bottom, settings.join)
    walls = _coverage(upright, xs, ys, settings)
    floors = _coverage(across, ys, xs, settings)
    return Lattice(tuple(xs), tuple(ys), tuple(_spans(len(ys) - 1, len(xs) - 1, walls, floors)))


def _extent(along: Sequence[Edge], beyond: Sequence[Edge], join: float) -> tuple[float, float]:
    """Where the lines begin and end; a line counts that another of its direction, or one across, bears out."""
    starts, ends = sorted(r.start for r in along), sorted((r.end for r in along), reverse=True)
    places = [r.at for r in beyond]
    first = next((s for s, t in pairwise(starts) if t - s <= join), places[0])
    last = next((e for e, f in pairwise(ends) if e - f <= join), places[-1])
    return min(first, places[0]), max(last, places[-1])


def _edges(rules: Sequence[Edge], first: float, last: float, join: float) -> list[float]:
    """The distinct places of the rules, with the ends of the lattice where they lie further out."""
    places = sorted({rule.at for rule in rules})
    if places[0] - first > join:
        places.insert(0, first)
    if last - places[-1] > join:
        places.append(last)
    return places


def _coverage(
    rules: Iterable[Edge], places: Sequence[float], marks: Sequence[float], settings: PdfSettings
) -> list[list[bool]]:
    """For each place, whether a line runs there between each two marks; the outermost places are always closed."""
    by_place: dict[float, list[Edge]] = {place: [] for place in places}
    for rule in rules:
        by_place[rule.at].append(rule)
    covered = []
    for number, place in enumerate(places):
        outermost = number in (0, len(places) - 1)
        covered.append(
            [
                outermost
                or sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in by_place[place])
                >= settings.coverage * (end - start)
                for start, end in pairwise(marks)
            ]
        )
    return covered


def _spans(
    n_rows: int, n_cols: int, walls: Sequence[Sequence[bool]], floors: Sequence[Sequence[bool]]
) -> Iterator[Span]:
    """The rectangles that no line divides. An area that is no rectangle is cut into the widest ones from the top."""
    taken = [[False] * n_cols for _ in range(n_rows)]
    for row in range(n_rows):
        for col in range(n_cols):
            if taken[row][col]:
                continue
            right = col + 1
            while right < n_cols and not walls[right][row] and not taken[row][right]:
                right += 1
            below = row + 1
            while below < n_rows and _continues(below, col, right, n_cols, walls, floors, taken):
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
    walls: Sequence[Sequence[bool]],
    floors: Sequence[Sequence[bool]],
    taken: Sequence[Sequence[bool]],
) -> bool:
    """Whether the rectangle above goes on in a row: no line over it, none in it, and one (or the end) beside it."""
    return (
        not any(floors[row][col:right])
        and not any(walls[c][row] for c in range(col + 1, right))
        and not any(taken[row][col:right])
        and (right == n_cols or walls[right][row])
    )
