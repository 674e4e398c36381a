"""Rows and cells of a table without ruling lines from the order in which its text is drawn.

Word processors, spreadsheets and browsers draw a table row by row, each row cell by cell from left to right, and the
lines of a cell one after the other. Where the layout agrees, cells and rows are known without any comparison of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, starmap

from converters.readers.pdf.alignment.columns import is_whole_figure, join_broken_figures, run_text
from converters.readers.pdf.cell_text import begins_item, is_numeric
from converters.readers.pdf.lines import Line, TextRun, is_wide

_LEADING = 2.2
_UNEVEN = 1.4
_EQUAL = 1.0
_SAME_LINE = 0.1
_TOUCH = 0.1
_WORD_SPACE, _NUMBER_SPACE = 0.52, 0.28
_SET_WIDE = 2.0


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """The text of a cell in drawing order: lines from top to bottom, the runs of a line from left to right."""

    runs: tuple[TextRun, ...]

    @property
    def extent(self) -> tuple[float, float]:
        """The left and right end."""
        return min(run.x0 for run in self.runs), max(run.x1 for run in self.runs)

    @property
    def text(self) -> str:
        """The text without line breaks."""
        return "".join(map(run_text, self.runs))


def drawn_rows(lines: Iterable[Line], *, prose: bool = False) -> list[list[DrawnCell]] | None:
    """Return the rows of one page as they were drawn; None if the layout contradicts the order.

    It does where the cells of a row do not stand side by side, where a cell stands above one of the row before in the
    same column, and where rows are as close as the lines of a cell, unless each row is a single line. If cells hold
    `prose`, numbers in a sentence and items of a list begin no cell.
    """
    cells, tight = _find_cells(lines, prose)
    rows: list[list[DrawnCell]] = []
    for cell in cells:
        if rows and cell.extent[0] > rows[-1][-1].extent[1] - _TOUCH * cell.runs[0].em:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    if not all(map(_stand_side_by_side, rows)) or not all(starmap(_stands_below, pairwise(rows))):
        return None
    return rows if not tight or all(map(_is_single_line, rows)) else None


def drawn_cells(lines: Iterable[Line], *, prose: bool = False) -> list[DrawnCell]:
    """Return the cells of one page as they were drawn, whatever the layout says."""
    return _find_cells(lines, prose)[0]


def _find_cells(lines: Iterable[Line], prose: bool) -> tuple[list[DrawnCell], bool]:
    """Return the cells in drawing order, and whether rows are as close as the lines of a cell."""
    pieces = _line_pieces(_in_order(run for line in lines for run in line.runs), prose)
    pitch, rows_apart = _pitch(pieces), _row_distance(pieces)
    tight = any(abs(distance - pitch) < _EQUAL for distance in rows_apart)
    furthest = 0.0 if tight else _UNEVEN * pitch
    furthest = min([furthest, *(distance - _EQUAL / 2 for distance in rows_apart if distance > pitch + _EQUAL)])
    cells: list[list[TextRun]] = []
    for piece in pieces:
        if cells and _goes_on(cells[-1], piece[0], furthest, prose):
            cells[-1] += piece
        else:
            cells.append(list(piece))
    return [DrawnCell(tuple(held)) for held in cells], tight


def _in_order(runs: Iterable[TextRun]) -> list[TextRun]:
    """Return the runs as drawn; those drawn one after the other on one line from left to right."""
    ordered: list[TextRun] = []
    line: list[TextRun] = []
    for run in sorted(runs, key=lambda run: run.glyphs[0].order):
        if line and abs(run.base - line[-1].base) > _SAME_LINE * min(run.em, line[-1].em):
            ordered += sorted(line, key=lambda run: run.x0)
            line = []
        line.append(run)
    return ordered + sorted(line, key=lambda run: run.x0)


def _line_pieces(runs: Sequence[TextRun], prose: bool) -> list[list[TextRun]]:
    """Return the runs that certainly belong together: words close together on a line, and the parts of a figure."""
    pieces: list[list[TextRun]] = []
    for figure in join_broken_figures(runs):
        last = pieces[-1][-1] if pieces else None
        if last is not None and len(figure) == 1 and _is_next_word(last, figure[0], prose):
            pieces[-1].append(figure[0])
        else:
            pieces.append(list(figure))
    return pieces


def _is_next_word(last: TextRun, run: TextRun, prose: bool) -> bool:
    """Return whether a run stands a space behind the last one on its line, or both are characters set wide."""
    if abs(last.base - run.base) > _SAME_LINE * run.em:
        return False
    gap = (run.x0 - last.x1) / max(run.em, last.em)
    numeric = is_numeric(run_text(last)), is_numeric(run_text(run))
    if any(numeric):
        return prose and not all(numeric) and -_TOUCH < gap < _NUMBER_SPACE
    wide = len(last.glyphs) == len(run.glyphs) == 1 and is_wide(run_text(last)) and is_wide(run_text(run))
    return -_TOUCH < gap < (_SET_WIDE if wide else _WORD_SPACE)


def _pitch(pieces: Sequence[Sequence[TextRun]]) -> float:
    """Return the distance of the lines of a cell in points: the least that occurs twice between lines drawn in turn."""
    steps = sorted(
        below[0].base - above[-1].base
        for above, below in pairwise(pieces)
        if _overlap(above, below) and _SAME_LINE < (below[0].base - above[-1].base) / above[-1].em < _LEADING
    )
    usual = (step for step, following in pairwise(steps) if following - step < _EQUAL)
    return next(usual, steps[0] if steps else 0.0)


def _row_distance(pieces: Sequence[Sequence[TextRun]]) -> list[float]:
    """Return the distances from the last cell of a row to the first one of the next, in points."""
    return [b[0].base - a[-1].base for a, b in pairwise(pieces) if b[-1].x1 < a[0].x0]


def _overlap(one: Sequence[TextRun], other: Sequence[TextRun]) -> bool:
    """Return whether the runs of one piece stand above or below those of another."""
    return min(max(r.x1 for r in one), max(r.x1 for r in other)) > max(min(r.x0 for r in one), min(r.x0 for r in other))


def _goes_on(cell: Sequence[TextRun], run: TextRun, furthest: float, prose: bool) -> bool:
    """Return whether a run goes on with the cell drawn before, at most `furthest` points below its last line."""
    last = cell[-1]
    above, text = "".join(map(run_text, cell)), run_text(run)
    if not any(map(str.isalnum, above)) or (is_whole_figure(cell) and is_numeric(text)):
        return False
    if begins_item(text) and not prose and not (is_numeric(above) and is_numeric(text)):
        return False
    x0, x1 = min(r.x0 for r in cell), max(r.x1 for r in cell)
    return _SAME_LINE * run.em < run.base - last.base <= furthest and min(x1, run.x1) > max(x0, run.x0)


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
        and all(cell.runs[0].base > upper.runs[-1].base for upper in above if _overlap(cell.runs, upper.runs))
        for cell in row
    )


def _is_single_line(row: Sequence[DrawnCell]) -> bool:
    bases = [run.base for cell in row for run in cell.runs]
    return max(bases) - min(bases) < _SAME_LINE * row[0].runs[0].em
