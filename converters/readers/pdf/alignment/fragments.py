"""Fragments of tables from cells whose place is known but whose borders are not drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from converters.model.amounts import parse_amount
from converters.model.document import JOINED_NUMBER
from converters.readers.pdf.alignment.columns import is_full, is_whole_figure
from converters.readers.pdf.cell_text import join_lines
from converters.readers.pdf.cells import FragmentCell, TableFragment
from converters.readers.pdf.lines import Line, TextRun, join_runs
from converters.readers.pdf.settings import PdfSettings

_MARGIN = 2.0


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell with text: row and column count from 0; `rest` are its lines on the next page.

    `figure_flags` mark the cell if it holds an amount.
    """

    row: int
    col: int
    rowspan: int
    colspan: int
    lines: tuple[Line, ...]
    rest: tuple[Line, ...] = ()
    figure_flags: frozenset[str] = frozenset()


def build_fragment(
    page: int,
    placed: Sequence[PlacedCell],
    n_rows: int,
    edges: tuple[float, ...],
    widths: Sequence[float],
    settings: PdfSettings,
) -> TableFragment:
    """Return the fragment of a table on one page, with a cell for every place.

    `edges` are the borders of the columns, `widths` the widths of the widest line of each column, in points.
    """
    heights = _heights(placed, n_rows)
    cells = []
    covered = set()
    for cell in placed:
        right, below = cell.col + cell.colspan, cell.row + cell.rowspan
        box = edges[cell.col], heights[cell.row], edges[right], heights[below]
        text, flags = _cell_text(cell, box, widths[cell.col], settings)
        flags |= cell.figure_flags if parse_amount(text) is not None else frozenset()
        lines = (*cell.lines, *cell.rest)
        cells.append(FragmentCell(page, cell.row, cell.col, cell.rowspan, cell.colspan, box, text, lines, flags))
        covered |= {(r, c) for r in range(cell.row, below) for c in range(cell.col, right)}
    for row in range(n_rows):
        for col in range(len(edges) - 1):
            if (row, col) not in covered:
                box = edges[col], heights[row], edges[col + 1], heights[row + 1]
                cells.append(FragmentCell(page, row, col, 1, 1, box))
    return TableFragment(page, edges, heights, tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))


def stack_runs(runs: Sequence[TextRun], page: int, settings: PdfSettings) -> list[Line]:
    """Return the runs of a cell as lines from top to bottom."""
    by_base: dict[float, list[TextRun]] = {}
    for run in runs:
        by_base.setdefault(run.base, []).append(run)
    return [join_runs(by_base[base], page, settings) for base in sorted(by_base)]


def _cell_text(
    cell: PlacedCell, box: tuple[float, float, float, float], width: float, settings: PdfSettings
) -> tuple[str, frozenset[str]]:
    lines = [*cell.lines, *cell.rest]
    text, flags = join_lines(lines, box, settings)
    if len(lines) > 1 and is_whole_figure([run for line in lines for run in line.runs]):
        return "".join(line.text for line in lines), frozenset({JOINED_NUMBER})
    if len(lines) > 1 and _is_broken_code(lines, width):
        return "".join(line.text for line in lines), flags
    return text, flags


def _is_broken_code(lines: Sequence[Line], width: float) -> bool:
    """Return whether the lines of a cell are a code that found no room on one line."""
    return all(line.text.isascii() and line.text.isalnum() for line in lines) and all(
        is_full(above.runs[0].x0, above.runs[-1], line.runs[0], width) for above, line in pairwise(lines)
    )


def _heights(placed: Sequence[PlacedCell], n_rows: int) -> tuple[float, ...]:
    """Return the edges between rows, halfway between the text of one row and the next."""
    tops = [float("inf")] * n_rows
    bottoms = [float("-inf")] * n_rows
    for cell in placed:
        last = cell.row + cell.rowspan - 1
        tops[cell.row] = min(tops[cell.row], *(line.box[1] for line in cell.lines))
        bottoms[last] = max(bottoms[last], *(line.box[3] for line in cell.lines))
    heights = [tops[0] - _MARGIN]
    for row in range(1, n_rows):
        above = bottoms[row - 1] if bottoms[row - 1] > heights[-1] else heights[-1]
        below = tops[row] if tops[row] < float("inf") else above
        heights.append(max((above + below) / 2, heights[-1]))
    return (*heights, max(bottoms[-1], heights[-1]) + _MARGIN)
