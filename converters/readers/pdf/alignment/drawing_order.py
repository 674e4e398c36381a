"""Cells of a table without ruling lines from the order in which its text is drawn.

Programs draw a table cell by cell, and the lines of a cell one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from converters.readers.pdf.alignment.columns import is_whole_figure, join_broken_figures, run_text
from converters.readers.pdf.cell_text import begins_item, is_numeric
from converters.readers.pdf.lines import Line, TextRun, is_wide

_LEADING = 2.2
_UNEVEN = 1.4
_EQUAL = 1.0
_SAME_LINE, _LEVEL = 0.1, 0.05
_TOUCH = 0.1
_WORD_SPACE, _NUMBER_SPACE = 0.52, 0.28
_SET_WIDE = 2.0
_OPENING = "["


Piece = list[TextRun]
"""Words close together on a line, or the parts of a figure."""


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


def drawn_pieces(lines: Iterable[Line], *, prose: bool) -> list[Piece]:
    """Return the text of one page in drawing order, in pieces of which each certainly belongs to one cell.

    If cells hold `prose`, numbers in a sentence and items of a list begin no cell.
    """
    return _line_pieces(_in_order(run for line in lines for run in line.runs), prose)


def join_pieces(pieces: Sequence[Piece], furthest: float, *, prose: bool) -> list[DrawnCell]:
    """Return the cells that pieces in drawing order make up; `furthest` is the most between two lines of a cell."""
    cells: list[list[TextRun]] = []
    for piece in pieces:
        if cells and _goes_on(cells[-1], piece[0], furthest, prose):
            cells[-1] += piece
        else:
            cells.append(list(piece))
    return [DrawnCell(tuple(held)) for held in cells]


def line_distance(pieces: Sequence[Piece]) -> tuple[float, bool]:
    """Return the most that two lines of a cell are apart, in points, and whether rows are as close as lines."""
    rows_apart = _row_distance(pieces)
    pitch = _pitch(pieces, rows_apart)
    tight = any(abs(distance - pitch) < _EQUAL for distance in rows_apart)
    wider = (distance - _EQUAL for distance in rows_apart if distance > pitch + _EQUAL)
    return min([_UNEVEN * pitch, *wider]), tight


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
    if abs(last.base - run.base) > _SAME_LINE * run.em or (not prose and _opens_code(run)):
        return False
    gap = (run.x0 - last.x1) / max(run.em, last.em)
    numeric = is_numeric(run_text(last)), is_numeric(run_text(run))
    if any(numeric):
        level = abs(last.base - run.base) < _LEVEL * min(run.em, last.em)
        return prose and level and not all(numeric) and -_TOUCH < gap < _NUMBER_SPACE
    wide = len(last.glyphs) == len(run.glyphs) == 1 and is_wide(run_text(last)) and is_wide(run_text(run))
    return -_TOUCH < gap < (_SET_WIDE if wide else _WORD_SPACE)


def _opens_code(run: TextRun) -> bool:
    """Return whether a run begins with a code in brackets that no space divides from the text before: `[2010101]`."""
    return run.glyphs[0].text == _OPENING and not run.glyphs[0].spaced


def _pitch(pieces: Sequence[Piece], rows_apart: Sequence[float]) -> float:
    """Return the distance of the lines of a cell in points: the least that occurs twice between lines drawn in turn.

    Rows of one cell look like lines of a cell. A distance that occurs once counts if it is less than between all rows.
    """
    steps = sorted(
        below[0].base - above[-1].base
        for above, below in pairwise(pieces)
        if overlap(above, below) and _SAME_LINE < (below[0].base - above[-1].base) / above[-1].em < _LEADING
    )
    usual = (step for step, following in pairwise(steps) if following - step < _EQUAL)
    found = next(usual, steps[0] if steps else 0.0)
    em = max((piece[0].em for piece in pieces), default=0.0)
    closer = next((step for step in steps if step >= em), found)
    return closer if closer < found and closer < min(rows_apart, default=0.0) - _EQUAL else found


def _row_distance(pieces: Sequence[Piece]) -> list[float]:
    """Return the distances from the last cell of a row to the first one of the next, in points."""
    return [b[0].base - a[-1].base for a, b in pairwise(pieces) if b[-1].x1 < a[0].x0]


def overlap(one: Sequence[TextRun], other: Sequence[TextRun]) -> bool:
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
