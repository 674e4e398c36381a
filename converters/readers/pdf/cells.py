"""Table fragments: the cells of each lattice on a page with their text."""

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
    """A cell of a table fragment: row and column count from 0; `lines` as printed, `text` as joined."""

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
    """The part of a table on one page: the edges of its rows and columns, and its cells in reading order."""

    page: int
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[FragmentCell, ...]

    @property
    def box(self) -> Box:
        """The bounding box."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        return len(self.ys) - 1

    @property
    def n_cols(self) -> int:
        """The number of columns."""
        return len(self.xs) - 1

    @property
    def worded(self) -> int:
        """The number of cells with text. A fragment with only one may be the rest of a row, but is not a table."""
        return sum(1 for cell in self.cells if cell.text)

    def rows(self) -> list[list[FragmentCell]]:
        """Return the cells that begin in each row."""
        rows: list[list[FragmentCell]] = [[] for _ in range(self.n_rows)]
        for cell in self.cells:
            rows[cell.row].append(cell)
        return rows


def fill_lattices(
    lattices: Sequence[Lattice], runs: Iterable[TextRun], page: int, settings: PdfSettings
) -> tuple[list[TableFragment], list[TextRun]]:
    """Return the table fragments of a page and the runs outside them.

    A run belongs to the smallest lattice that contains its centre. Lattices with one column or without text are not
    tables: their runs count as outside.
    """
    smallest_first = sorted(range(len(lattices)), key=lambda i: area(lattices[i].box))
    inside: dict[int, list[TextRun]] = defaultdict(list)
    outside: list[TextRun] = []
    for run in runs:
        x, y = run.middle
        index = next((i for i in smallest_first if lattices[i].place(x, y) is not None), None)
        (outside if index is None else inside[index]).append(run)
    parts = []
    for index, lattice in enumerate(lattices):
        part = merge_close_edges(_fill(lattice, inside[index], page, settings), inside[index], settings)
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
        text, flags = join_lines(lines, box, settings)
        if span in overflowing:
            flags |= {OVERFLOW}
        cells.append(FragmentCell(page, span.row, span.col, span.rowspan, span.colspan, box, text, tuple(lines), flags))
    return TableFragment(page, lattice.xs, lattice.ys, tuple(cells))


def _divide(
    run: TextRun, lattice: Lattice, index: dict[tuple[int, int], Span], settings: PdfSettings
) -> Iterator[tuple[Span, TextRun, bool]]:
    """Split a run at cell borders: yield (cell, piece, whether the piece overflows its cell).

    Text that crosses a border without a gap overflows and stays in the cell where it begins, unless words end at the
    border and an amount begins behind it.
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
    """Return whether the glyphs are an amount with thousands separators or decimals; a year is not."""
    text = "".join(glyph.text for glyph in glyphs)
    return parse_amount(text) is not None and not text.isdigit()


def _span_at(glyph: Glyph, y: float, lattice: Lattice, index: dict[tuple[int, int], Span]) -> Span:
    """Return the cell at the centre of a glyph, at height `y`."""
    x = min(max((glyph.x0 + glyph.x1) / 2, lattice.xs[0]), lattice.xs[-1] - 1e-6)
    place = lattice.place(x, y)
    if place is None:
        raise AssertionError("a point inside the frame has a cell")
    return index[place]


def merge_close_edges(part: TableFragment, runs: Sequence[TextRun], settings: PdfSettings) -> TableFragment:
    """Merge edges too close for a character between them, and drop edges that divide no cells.

    Rows and columns with text are kept.
    """
    if not runs:
        return part
    narrow = settings.min_cell_ems * min(run.em for run in runs)
    return _transpose(_merge_column_edges(_transpose(_merge_column_edges(part, narrow)), narrow))


def _transpose(part: TableFragment) -> TableFragment:
    cells = (replace(c, row=c.col, col=c.row, rowspan=c.colspan, colspan=c.rowspan) for c in part.cells)
    return TableFragment(part.page, part.ys, part.xs, tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def _merge_column_edges(part: TableFragment, narrow: float) -> TableFragment:
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
    """Return the fragment without a column: cells of that column are dropped, wider cells lose one column."""
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


def is_full_width(row: Sequence[FragmentCell], n_cols: int) -> bool:
    """Return whether a row is one cell that spans all columns and only this row."""
    return len(row) == 1 and row[0].colspan == n_cols > 1 and row[0].rowspan == 1


def title_rows(part: TableFragment) -> int:
    """Return the number of full-width rows at the top; 0 if all rows are."""
    return next((i for i, row in enumerate(part.rows()) if not is_full_width(row, part.n_cols)), 0)


def drop_rows(part: TableFragment, count: int) -> TableFragment:
    """Return the fragment without its first `count` rows; a cell that reaches below them begins at the new top."""
    cells = []
    for cell in part.cells:
        below = cell.row + cell.rowspan - count
        if below > 0:
            cells.append(replace(cell, row=max(0, cell.row - count), rowspan=min(cell.rowspan, below)))
    return TableFragment(part.page, part.xs, part.ys[count:], tuple(cells))


def texts_by_row(cells: Sequence[FragmentCell], n_rows: int, n_cols: int) -> list[list[str]]:
    """Return the text of each row and column; the text of a merged cell stands at its top left."""
    rows = [[""] * n_cols for _ in range(n_rows)]
    for cell in cells:
        rows[cell.row][cell.col] = cell.text
    return rows


def is_figure(cell: FragmentCell) -> bool:
    """Return whether the text of a cell is an amount."""
    return parse_amount(cell.text) is not None
