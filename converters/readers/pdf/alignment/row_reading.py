"""The rows of a page of a table without ruling lines: as drawn, or by the alignment of words with figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from converters.model.amounts import parse_amount
from converters.readers.pdf.alignment.columns import (
    column_of,
    is_full,
    is_whole_figure,
    join_broken_figures,
    run_text,
)
from converters.readers.pdf.alignment.drawing_order import DrawnCell
from converters.readers.pdf.alignment.fragments import stack_runs
from converters.readers.pdf.alignment.rows import assign_lines, find_anchors, reference_row
from converters.readers.pdf.cell_text import begins_item, is_numeric
from converters.readers.pdf.lines import Line, TextRun
from converters.readers.pdf.settings import PdfSettings

_MOSTLY = 0.6
_NOT_FULL, _ITEM = 0.5, 2.0
_LEAST_FIGURES = 2
_ROUNDING = 0.5


@dataclass(slots=True, eq=False)
class AlignedRow:
    """The runs of a row by column, and the lines of each column that stand on the next page.

    `ordered` is set if the cells were drawn from left to right, each in a column of its own; `certain` if the row is
    also known to be whole.
    """

    page: int
    runs: dict[int, list[TextRun]] = field(default_factory=dict)
    rest: dict[int, list[Line]] = field(default_factory=dict)
    has_figures: bool = False
    ordered: bool = False
    certain: bool = False

    @property
    def figure_columns(self) -> frozenset[int]:
        """The columns with figures."""
        return frozenset(column for column, runs in self.runs.items() if parse_amount("".join(map(run_text, runs))))

    def add(self, column: int, runs: Iterable[TextRun]) -> None:
        """Add runs to a column."""
        self.runs.setdefault(column, []).extend(runs)

    def last_line(self, column: int) -> Sequence[TextRun]:
        """Return the runs of the last line of a column."""
        if column in self.rest:
            return self.rest[column][-1].runs
        runs = self.runs[column]
        return [run for run in runs if run.base == runs[-1].base]

    def go_on(self, row: AlignedRow, settings: PdfSettings) -> None:
        """Add a row of the next page."""
        for column, runs in row.runs.items():
            self.rest.setdefault(column, []).extend(stack_runs(runs, row.page, settings))


@dataclass(slots=True)
class ColumnRuns:
    """The runs of one page by column: figures, each with its parts, and words; both from top to bottom."""

    figures: dict[int, list[list[TextRun]]] = field(default_factory=dict)
    words: dict[int, list[TextRun]] = field(default_factory=dict)


def continues_row(last: AlignedRow, row: AlignedRow, widths: Sequence[float]) -> bool:
    """Return whether the first row of a page is the rest of the last row of the page before.

    It has no figures, and stands below full lines only.
    """
    return not row.has_figures and all(
        column in last.runs and _break(last.last_line(column), runs[0], widths[column]) == 0.0
        for column, runs in row.runs.items()
    )


def continues_figures(last: AlignedRow, row: AlignedRow) -> bool:
    """Return whether a page break divides the figures of a row: each number below completes the one above it."""
    if not row.runs.keys() <= last.runs.keys():
        return False
    numbers = [column for column, runs in row.runs.items() if is_numeric("".join(map(run_text, runs)))]
    return bool(numbers) and all(
        column not in last.rest
        and not is_whole_figure(last.runs[column])
        and is_whole_figure([*last.runs[column], *row.runs[column]])
        for column in numbers
    )


def are_two_rows(last: AlignedRow, row: AlignedRow, widths: Sequence[float]) -> bool:
    """Return whether the last row of a page and the first of the next are two rows, not one that a page break divides.

    They are if both have a number in one column, and the upper one is whole: it has two decimals, or leaves room in its
    column for a digit more.
    """
    return any(_ends(last, column, widths[column]) for column in last.figure_columns & row.figure_columns)


def _ends(row: AlignedRow, column: int, width: float) -> bool:
    """Return whether the number in a column does not go on in the next line."""
    if column in row.rest:
        return False
    line = row.last_line(column)
    digit = line[-1].glyphs[-1]
    room = width - (line[-1].x1 - line[0].x0)
    return is_whole_figure(row.runs[column]) or room + _ROUNDING > digit.x1 - digit.x0


def sort_runs(lines: Sequence[Line], edges: Sequence[float], plain: Sequence[int]) -> ColumnRuns:
    """Return the runs of a page by column; `plain` are the columns in which numbers without decimals are figures."""
    runs: dict[int, list[TextRun]] = {}
    for line in lines:
        for run in line.runs:
            runs.setdefault(column_of(run, edges), []).append(run)
    held = ColumnRuns()
    for column, own in runs.items():
        for parts in join_broken_figures(own):
            plainly = column in plain and parse_amount(run_text(parts[0])) is not None
            if is_whole_figure(parts) or plainly:
                held.figures.setdefault(column, []).append(parts)
            else:
                held.words.setdefault(column, []).extend(parts)
    return held


def _plain_columns(lines: Sequence[Line], edges: Sequence[float]) -> list[int]:
    """Return the columns that hold mostly numbers."""
    counts: dict[int, list[bool]] = {}
    for line in lines:
        for run in line.runs:
            counts.setdefault(column_of(run, edges), []).append(parse_amount(run_text(run)) is not None)
    return [column for column, are in counts.items() if sum(are) >= _MOSTLY * len(are)]


def read_rows(
    lines: Sequence[Line], edges: Sequence[float], widths: Sequence[float], *, fine: bool
) -> list[AlignedRow]:
    """Return the rows of a page from top to bottom.

    Figures determine the rows; the words beside the figures may be on several lines. Without figures each line is a
    row. `edges` are the borders of the columns, `widths` the widths of their widest lines, in points; `fine` says that
    figures have two decimals.
    """
    if not lines:
        return []
    em, page = lines[0].em, lines[0].page
    held = sort_runs(lines, edges, () if fine else _plain_columns(lines, edges))
    figures = [[run.base for run in parts] for groups in held.figures.values() for parts in groups]
    if not fine:
        bases = [bases[0] for bases in figures]
        least = min(_LEAST_FIGURES, len(held.figures))
        figures = [own for own in figures if sum(abs(own[0] - base) < em / 3 for base in bases) >= least]
    anchors, alignments = find_anchors(figures, em)
    alignment, assigned = assign_lines(
        {column: [run.base for run in own] for column, own in held.words.items()},
        anchors,
        em,
        alignments,
        {column: _breaks(own, widths[column]) for column, own in held.words.items()},
    )
    rows: dict[float, AlignedRow] = {}
    for column, groups in held.figures.items():
        for parts in groups:
            bases = [run.base for run in parts]
            row = rows.setdefault(reference_row(bases, alignment, anchors) if anchors else bases[0], AlignedRow(page))
            row.add(column, parts)
            row.has_figures = True
    for column, own in held.words.items():
        for run, base in zip(own, assigned[column], strict=True):
            rows.setdefault(base, AlignedRow(page)).add(column, [run])
    return [rows[base] for base in sorted(rows)]


def drawn_to_rows(drawn: Sequence[Sequence[DrawnCell]], edges: Sequence[float], page: int) -> list[AlignedRow]:
    """Return the rows of a page whose drawing order is known, each cell in the column of its widest line.

    A row that only completes figures of the row above was drawn behind it.
    """
    rows: list[AlignedRow] = []
    for cells in drawn:
        row = AlignedRow(page)
        columns = []
        for cell in cells:
            columns.append(column_of(max(cell.runs, key=lambda run: run.x1 - run.x0), edges))
            row.add(columns[-1], cell.runs)
            row.has_figures = row.has_figures or parse_amount("".join(map(run_text, cell.runs))) is not None
        row.ordered = all(left < right for left, right in pairwise(columns))
        if rows and continues_figures(rows[-1], row):
            for column, runs in row.runs.items():
                rows[-1].add(column, runs)
        else:
            rows.append(row)
    return rows


def _breaks(runs: Sequence[TextRun], width: float) -> list[float]:
    """Return for each run of a column the cost of its row going on with the next run: nothing on the same line."""
    found = []
    for run, following in pairwise(runs):
        line = [other for other in runs if other.base == run.base]
        found.append(0.0 if following.base == run.base else _break(line, following, width))
    return [*found, _ITEM]


def _break(line: Sequence[TextRun], following: TextRun, width: float) -> float:
    """Return the cost of a row going on below a line: none if it is full, most where a numbered item begins below."""
    if begins_item(run_text(following)):
        return _ITEM
    return 0.0 if is_full(line[0].x0, line[-1], following, width) else _NOT_FULL
