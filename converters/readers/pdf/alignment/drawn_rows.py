"""Rows of a table without ruling lines from the order in which its cells are drawn.

Word processors and browsers draw a table row by row, each row cell by cell from left to right. Spreadsheet programs may
draw twice so: first the cells whose text is simple and stands on one line, then all others. Where the layout agrees,
rows are known without any comparison of words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, starmap

from converters.readers.pdf.alignment.drawing_order import (
    DrawnCell,
    Piece,
    drawn_pieces,
    join_pieces,
    line_distance,
    overlap,
)
from converters.readers.pdf.lines import Line

_SAME_LINE = 0.1
_TOUCH = 0.1
_SAME_ROW = 0.3
_EQUAL = 1.0

Row = list[DrawnCell]
Place = Callable[[DrawnCell], float]


def _top(cell: DrawnCell) -> float:
    return cell.runs[0].base


def _bottom(cell: DrawnCell) -> float:
    return cell.runs[-1].base


def _middle(cell: DrawnCell) -> float:
    return (_top(cell) + _bottom(cell)) / 2


_PLACES: tuple[Place, ...] = (_middle, _top, _bottom)
"""The heights that the cells of a row may share."""


@dataclass(frozen=True, slots=True)
class Passes:
    """The cells of a page that was drawn twice: those of the first pass, each on one line, and those of the second."""

    first: tuple[DrawnCell, ...]
    second: tuple[DrawnCell, ...]

    def within(self, lines: Iterable[Line]) -> Passes:
        """Return the cells that begin in one of the lines."""
        return Passes(*(tuple(_within(cells, lines)) for cells in (self.first, self.second)))


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """The rows of a table on one page in drawing order, and the labels of its header, in rows too."""

    rows: list[Row]
    labels: list[Row]


def drawn_table(lines: Sequence[Line], header: Sequence[Line], body: Sequence[Line]) -> DrawnTable | None:
    """Return the rows of a table on one page, and the labels of its header; None if the layout contradicts the order.

    Labels merged downwards may hide the order of a header, but not that of the rows below it.
    """
    pieces = drawn_pieces(lines, prose=False)
    rows = _rows_in_order(pieces, prose=False)
    if rows is not None:
        return DrawnTable(*([row for row in rows if _within(row[:1], part)] for part in (body, header)))
    rows, passes = _rows_in_order(drawn_pieces(body, prose=False), prose=False), _find_passes(pieces, prose=False)
    twice = passes is not None and bool(passes.within(body).first and passes.within(header).second)
    if rows is not None and not twice:
        labels = drawn_pieces(header, prose=False)
        return DrawnTable(rows, ordered_rows(join_pieces(labels, line_distance(labels)[0], prose=False)))
    if rows is None and passes is not None:
        rows = merge_passes(passes.within(body))
    return None if passes is None or rows is None else DrawnTable(rows, _header_rows(passes.within(header)))


def _within(cells: Iterable[DrawnCell], lines: Iterable[Line]) -> list[DrawnCell]:
    """Return the cells that begin in one of the lines."""
    held = {run.glyphs[0].order for line in lines for run in line.runs}
    return [cell for cell in cells if cell.runs[0].glyphs[0].order in held]


def drawn_rows(lines: Sequence[Line], *, prose: bool = False) -> list[Row] | None:
    """Return the rows of one page as they were drawn, in one pass or two; None if the layout contradicts both.

    If cells hold `prose`, numbers in a sentence and items of a list begin no cell.
    """
    return _drawn_rows(drawn_pieces(lines, prose=prose), prose=prose)


def drawn_cells(lines: Sequence[Line], *, prose: bool = False) -> list[DrawnCell]:
    """Return the cells of one page row by row; as they were drawn, whatever the layout says, if rows are unknown."""
    pieces = drawn_pieces(lines, prose=prose)
    rows = _drawn_rows(pieces, prose=prose)
    return _join_all(pieces, prose=prose) if rows is None else [cell for row in rows for cell in row]


def _drawn_rows(pieces: Sequence[Piece], *, prose: bool) -> list[Row] | None:
    rows = _rows_in_order(pieces, prose=prose)
    if rows is None:
        passes = _find_passes(pieces, prose=prose)
        rows = merge_passes(passes) if passes is not None else None
    return rows


def _join_all(pieces: Sequence[Piece], *, prose: bool) -> list[DrawnCell]:
    """Return the cells of pieces in drawing order, of one line each where rows are as close as lines."""
    furthest, tight = line_distance(pieces)
    return join_pieces(pieces, 0.0 if tight else furthest, prose=prose)


def _rows_in_order(pieces: Sequence[Piece], *, prose: bool) -> list[Row] | None:
    """Return the rows of one page that was drawn row by row; None if the layout contradicts the order.

    It does where the cells of a row do not stand side by side, and where a cell stands above one of the row before in
    the same column. Where rows are as close as the lines of a cell, either each row is a single line, or the middles,
    the tops or the bottoms of the cells of a row are at one height.
    """
    furthest, tight = line_distance(pieces)
    if not tight:
        return _rows_of(pieces, furthest, prose)
    rows = _rows_of(pieces, 0.0, prose)
    if rows is None or not all(map(_is_single_line, rows)):
        rows = _rows_of(pieces, furthest, prose)
    return rows if rows is not None and _are_level(rows) else None


def _rows_of(pieces: Sequence[Piece], furthest: float, prose: bool) -> list[Row] | None:
    rows = ordered_rows(join_pieces(pieces, furthest, prose=prose))
    return rows if all(map(_stand_side_by_side, rows)) and all(starmap(_stands_below, pairwise(rows))) else None


def _are_level(rows: Sequence[Row]) -> bool:
    """Return whether the cells of each row are level: at the middle, the top or the bottom in all rows alike.

    A cell of several lines must not be alone in its row.
    """
    tall = [row for row in rows if not _is_single_line(row)]
    return all(len(row) > 1 for row in tall) and any(
        all(max(map(place, row)) - min(map(place, row)) <= _SAME_ROW * row[0].runs[0].em for row in tall)
        for place in _PLACES
    )


def ordered_rows(cells: Iterable[DrawnCell]) -> list[Row]:
    """Return cells in drawing order as rows: each cell that is not to the right of the one before begins a row."""
    rows: list[Row] = []
    for cell in cells:
        if rows and cell.extent[0] > rows[-1][-1].extent[1] - _TOUCH * cell.runs[0].em:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return rows


def _find_passes(pieces: Sequence[Piece], *, prose: bool) -> Passes | None:
    """Return the cells of one page that was drawn in two passes; None if nothing is drawn above what was drawn before.

    The second pass begins where the page is drawn from the top again.
    """
    start = _second_start(pieces)
    if start is None:
        return None
    first = tuple(DrawnCell(tuple(piece)) for piece in pieces[:start])
    return Passes(first, tuple(_join_all(pieces[start:], prose=prose)))


def _second_start(pieces: Sequence[Piece]) -> int | None:
    """Return the index of the first piece that stands no lower than the row before its own; None if there is none."""
    above: float | None = None
    row: list[float] = []
    for number, piece in enumerate(pieces):
        base, last = piece[0].base, pieces[number - 1][-1]
        if number and piece[0].x0 <= last.x1 - _TOUCH * piece[0].em:
            above, row = max(row), []
        if above is not None and base < above - _SAME_LINE * piece[0].em:
            return number
        row.append(base)
    return None


def merge_passes(passes: Passes) -> list[Row] | None:
    """Return the rows of cells drawn in two passes: cells at one height, their middles, tops or bottoms, are a row.

    A cell that stands lower than the next one of its pass, or between whose lines another row stands, is merged
    downwards: it belongs to the row that the cells drawn before and after it leave for it. Return None if there are
    several such rows, or none, and if cells of a row do not stand side by side.
    """
    em = max((cell.runs[0].em for cell in (*passes.first, *passes.second)), default=1.0)
    tried = [_merge_at(place, passes, em) for place in _PLACES]
    heights, drawn, place = min(tried, key=lambda merged: len(merged[0]))
    rows: list[Row] = [[] for _ in heights]
    for cells in drawn:
        numbers = _row_numbers(cells, place, heights, em)
        if numbers is None:
            return None
        for cell, number in zip(cells, numbers, strict=True):
            rows[number].append(cell)
    rows = [sorted(row, key=lambda cell: cell.extent) for row in rows if row]
    beside = all(left.extent[1] <= right.extent[0] + _TOUCH * em for row in rows for left, right in pairwise(row))
    return rows if beside else None


def _merge_at(place: Place, passes: Passes, em: float) -> tuple[list[float], tuple[Sequence[DrawnCell], Row], Place]:
    """Return the heights of the rows if cells share this place, the cells of both passes, and the place."""
    known = _distinct(map(place, passes.first), em)
    second = [part for cell in passes.second for part in _divided(cell, place, known, em)]
    return _distinct(map(place, (*passes.first, *second)), em), (passes.first, second), place


def _divided(cell: DrawnCell, place: Place, heights: Sequence[float], em: float) -> Row:
    """Return the cells that stand close below one another and were taken for one, as rows of the first pass tell.

    There is a row at the height of each, and between them is more room than between their lines.
    """
    lines = [[run for run in cell.runs if run.base == base] for base in sorted({run.base for run in cell.runs})]
    gaps = [below[0].base - above[0].base for above, below in pairwise(lines)]
    if not gaps or not _holds_others(cell, bisect_right(heights, place(cell)) - 1, heights, em):
        return [cell]
    parts = [lines[0]]
    for gap, line in zip(gaps, lines[1:], strict=True):
        if gap > min(gaps) + _EQUAL:
            parts.append([])
        parts[-1] = [*parts[-1], *line]
    cells = [DrawnCell(tuple(part)) for part in parts]
    known = all(any(abs(height - place(part)) <= _SAME_ROW * em for height in heights) for part in cells)
    return cells if known else [cell]


def _header_rows(passes: Passes) -> list[Row]:
    """Return the labels of a header that was drawn in two passes, in the rows of the first pass.

    A label of the second pass belongs to a row with a label at its height; those that fit no row are rows of their own.
    """
    rows = ordered_rows(passes.first)
    for cell in passes.second:
        level = _SAME_ROW * cell.runs[0].em
        row = next((row for row in rows if any(abs(_middle(cell) - _middle(own)) <= level for own in row)), None)
        if row is None:
            rows.append([cell])
        else:
            row.append(cell)
    return sorted(rows, key=lambda row: max(map(_middle, row)))


def _distinct(values: Iterable[float], em: float) -> list[float]:
    """Return the least value of each group of values that are alike."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SAME_ROW * em:
            found.append(value)
    return found


def _row_numbers(cells: Sequence[DrawnCell], place: Place, heights: Sequence[float], em: float) -> list[int] | None:
    """Return for each cell of a pass the number of its row; None if the order leaves it open."""
    numbers = [bisect_right(heights, place(cell)) - 1 for cell in cells]
    lone = [_holds_others(cell, number, heights, em) for number, cell in zip(numbers, cells, strict=True)]
    kept = _longest_in_order(cells, numbers, lone)
    found = list(numbers)
    for index, cell in enumerate(cells):
        if index in kept:
            continue
        before = max((n for n in kept if n < index), default=None)
        after = min((n for n in kept if n > index), default=None)
        least = 0 if before is None else numbers[before] + (not _is_right(cells[before], cell))
        most = numbers[index] if after is None else numbers[after] - (not _is_right(cell, cells[after]))
        if least != most:
            return None
        found[index] = least
    return found


def _is_right(left: DrawnCell, right: DrawnCell) -> bool:
    return right.extent[0] > left.extent[1] - _TOUCH * right.runs[0].em


def _holds_others(cell: DrawnCell, number: int, heights: Sequence[float], em: float) -> bool:
    """Return whether another row stands between the lines of a cell."""
    top, bottom = _top(cell) - _SAME_ROW * em, _bottom(cell) + _SAME_ROW * em
    return any(top < height < bottom for n, height in enumerate(heights) if n != number)


def _longest_in_order(cells: Sequence[DrawnCell], numbers: Sequence[int], lone: Sequence[bool]) -> set[int]:
    """Return the indices of the most cells that are drawn row by row, each row from left to right."""
    best: list[tuple[int, int | None]] = []
    for index, cell in enumerate(cells):
        longest, last = 0, None
        for earlier in range(index):
            follows = numbers[earlier] < numbers[index] or (
                numbers[earlier] == numbers[index] and _is_right(cells[earlier], cell)
            )
            if not lone[earlier] and follows and best[earlier][0] > longest:
                longest, last = best[earlier][0], earlier
        best.append((longest + 1, last))
    ends = [index for index in range(len(cells)) if not lone[index]]
    at: int | None = max(ends, key=lambda index: best[index][0], default=None)
    kept: set[int] = set()
    while at is not None:
        kept.add(at)
        at = best[at][1]
    return kept


def _stand_side_by_side(row: Sequence[DrawnCell]) -> bool:
    """Return whether all cells of a row are beside its tallest one."""
    ends = [(cell.runs[0].base - cell.runs[0].em / 2, cell.runs[-1].base + cell.runs[-1].em / 2) for cell in row]
    top, bottom = max(ends, key=lambda end: end[1] - end[0])
    return all(end[0] < bottom and end[1] > top for end in ends)


def _stands_below(above: Sequence[DrawnCell], row: Sequence[DrawnCell]) -> bool:
    """Return whether a row begins below the beginning of the row above, and in each column below its cell."""
    top = min(upper.runs[0].base for upper in above)
    return all(
        cell.runs[0].base > top + _SAME_LINE * cell.runs[0].em
        and all(cell.runs[0].base > upper.runs[-1].base for upper in above if overlap(cell.runs, upper.runs))
        for cell in row
    )


def _is_single_line(row: Sequence[DrawnCell]) -> bool:
    bases = [run.base for cell in row for run in cell.runs]
    return max(bases) - min(bases) < _SAME_LINE * row[0].runs[0].em
