"""Lattices and text to parts of tables: each cell with its text, wraps joined, seams of the drawing closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from converters.model.amounts import parse_amount
from converters.model.document import OVERFLOW
from converters.readers.pdf.cell_text import join_lines
from converters.readers.pdf.lattice import Lattice, Span
from converters.readers.pdf.lines import Line, TextRun, group_lines, is_wide, make_run
from converters.readers.pdf.page_transform import Box, area
from converters.readers.pdf.pages import Glyph
from converters.readers.pdf.settings import PdfSettings


@dataclass(frozen=True, slots=True)
class FragmentCell:
    """A cell of a part of a table: row and column count from 0; `lines` as printed, `text` as joined."""

    page: int
    row: int
    col: int
    rowspan: int
    colspan: int
    box: Box
    text: str = ""
    lines: tuple[Line, ...] = ()
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TableFragment:
    """A table, or what a page holds of it: the edges of its rows and columns and its cells in reading order."""

    page: int
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[FragmentCell, ...]

    @property
    def box(self) -> Box:
        """The frame around it."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def n_rows(self) -> int:
        """How many rows it has."""
        return len(self.ys) - 1

    @property
    def n_cols(self) -> int:
        """How many columns it has."""
        return len(self.xs) - 1

    @property
    def worded(self) -> int:
        """How many of its cells hold text. A part with a single one may be the rest of a row, but no table."""
        return sum(1 for cell in self.cells if cell.text)

    def rows(self) -> list[list[FragmentCell]]:
        """The cells that begin in each row."""
        rows: list[list[FragmentCell]] = [[] for _ in range(self.n_rows)]
        for cell in self.cells:
            rows[cell.row].append(cell)
        return rows


def fill_lattices(
    lattices: Sequence[Lattice], runs: Iterable[TextRun], page: int, settings: PdfSettings
) -> tuple[list[TableFragment], list[TextRun]]:
    """The parts on a page and the runs outside them. A run belongs to the smallest lattice around it."""
    smallest_first = sorted(range(len(lattices)), key=lambda i: area(lattices[i].box))
    inside: dict[int, list[TextRun]] = defaultdict(list)
    outside: list[TextRun] = []
    for run in runs:
        x, y = run.middle
        index = next((i for i in smallest_first if lattices[i].place(x, y) is not None), None)
        (outside if index is None else inside[index]).append(run)
    parts = []
    for index, lattice in enumerate(lattices):
        part = close_seams(_fill(lattice, inside[index], page, settings), inside[index], settings)
        if part.n_cols > 1 and part.worded:
            parts.append(part)
        else:
            outside += inside[index]
    return parts, outside


def _fill(lattice: Lattice, runs: Iterable[TextRun], page: int, settings: PdfSettings) -> TableFragment:
    index = lattice.index()
    pieces: dict[Span, list[TextRun]] = defaultdict(list)
    overflowing: set[Span] = set()
    for run in runs:
        for span, piece, overflows in _divide(run, lattice, index, settings):
            pieces[span].append(piece)
            if overflows:
                overflowing.add(span)
    cells = []
    for span in sorted(lattice.spans, key=lambda span: (span.row, span.col)):
        box = lattice.span_box(span)
        lines = group_lines(pieces[span], page, settings)
        text, flags = join_lines(lines, box[2] - box[0], settings)
        if span in overflowing:
            flags |= {OVERFLOW}
        cells.append(FragmentCell(page, span.row, span.col, span.rowspan, span.colspan, box, text, tuple(lines), flags))
    return TableFragment(page, lattice.xs, lattice.ys, tuple(cells))


def _divide(
    run: TextRun, lattice: Lattice, index: dict[tuple[int, int], Span], settings: PdfSettings
) -> Iterator[tuple[Span, TextRun, bool]]:
    """The pieces of a run by cell.

    Where glyphs follow without a gap the text overflows its cell, in which it stays; unless words end and what begins
    in the next cell is an amount.
    """
    y = min(max(run.middle[1], lattice.ys[0]), lattice.ys[-1] - 1e-6)
    piece, home, overflows = [run.glyphs[0]], _span_at(run.glyphs[0], y, lattice, index), False
    for number, (last, glyph) in enumerate(pairwise(run.glyphs), start=1):
        span = _span_at(glyph, y, lattice, index)
        if span != home and (
            glyph.x0 - last.x1 > settings.cell_gap_ems * run.em
            or (is_wide(last.text) and _is_written_amount(run.glyphs[number:]))
        ):
            yield home, make_run(piece), overflows
            piece, home, overflows = [], span, False
        overflows = overflows or span != home
        piece.append(glyph)
    yield home, make_run(piece), overflows


def _is_written_amount(glyphs: Iterable[Glyph]) -> bool:
    """Whether the glyphs are a number as sums are written, with a comma or decimals; a year is not."""
    text = "".join(glyph.text for glyph in glyphs)
    return parse_amount(text) is not None and not text.isdigit()


def _span_at(glyph: Glyph, y: float, lattice: Lattice, index: dict[tuple[int, int], Span]) -> Span:
    """The cell in which the middle of a glyph stands, at the height of its run."""
    x = min(max((glyph.x0 + glyph.x1) / 2, lattice.xs[0]), lattice.xs[-1] - 1e-6)
    place = lattice.place(x, y)
    if place is None:
        raise AssertionError("a point inside the frame has a cell")
    return index[place]


def close_seams(part: TableFragment, runs: Sequence[TextRun], settings: PdfSettings) -> TableFragment:
    """The part without its seams: empty rows and columns too narrow for a character, and edges that divide nothing."""
    if not runs:
        return part
    narrow = settings.seam_ems * min(run.em for run in runs)
    return _transpose(_close_columns(_transpose(_close_columns(part, narrow)), narrow))


def _transpose(part: TableFragment) -> TableFragment:
    cells = (replace(c, row=c.col, col=c.row, rowspan=c.colspan, colspan=c.rowspan) for c in part.cells)
    return TableFragment(part.page, part.ys, part.xs, tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def _close_columns(part: TableFragment, narrow: float) -> TableFragment:
    column = 0
    while len(part.xs) > 2 and column < len(part.xs) - 1:
        used = {c.col for c in part.cells} | {len(part.xs) - 1}
        filled = any(c.text for c in part.cells if c.col == column and c.colspan == 1)
        if (part.xs[column + 1] - part.xs[column] < narrow and not filled) or column not in used:
            part = _drop_column(part, column)
        else:
            column += 1
    return part


def _drop_column(part: TableFragment, column: int) -> TableFragment:
    """The part with a column closed: its own cells go, those that reach into it are one column narrower."""
    cells = []
    for cell in part.cells:
        if cell.col == column and cell.colspan == 1:
            continue
        over = cell.col <= column < cell.col + cell.colspan
        cells.append(replace(cell, col=cell.col - (cell.col > column), colspan=cell.colspan - over))
    xs = list(part.xs)
    if column == 0:
        del xs[1]
    elif column == len(xs) - 2:
        del xs[column]
    else:
        xs[column : column + 2] = [(xs[column] + xs[column + 1]) / 2]
    return TableFragment(part.page, tuple(xs), part.ys, tuple(cells))
