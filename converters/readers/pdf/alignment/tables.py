"""Tables without ruling lines, found by the alignment of words and figures.

Only text below a known title is read as a table; see `find_aligned_tables`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from converters.model.amounts import parse_amount
from converters.model.document import ALIGNED
from converters.readers.pdf.alignment.columns import (
    Range,
    column_of,
    find_columns,
    is_full,
    is_whole_figure,
    join_broken_figures,
    join_wide_words,
    run_text,
    split_at_gaps,
)
from converters.readers.pdf.alignment.fragments import PlacedCell, build_fragment, stack_runs
from converters.readers.pdf.alignment.header import HeaderLabel, read_header
from converters.readers.pdf.alignment.regions import Region, find_regions
from converters.readers.pdf.alignment.rows import assign_lines, find_anchors, reference_row
from converters.readers.pdf.cell_text import begins_item, is_numeric
from converters.readers.pdf.cells import TableFragment
from converters.readers.pdf.lines import Line, TextRun
from converters.readers.pdf.reading_order import PageContent
from converters.readers.pdf.settings import PdfSettings
from converters.recognition.header_labels import label_meanings
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_MARGIN = 2.0
_HALF_LINE_EMS = 0.8
_LEADING_EMS = 1.4
_MOSTLY = 0.6
_NOT_FULL, _ITEM = 0.5, 2.0
_LEAST_FIGURES = 2
_YEARS = ("19", "20")
_YEAR_DIGITS = 4


@dataclass(slots=True)
class _Row:
    """The runs of a row by column, and the lines of each column that stand on the next page."""

    page: int
    runs: dict[int, list[TextRun]] = field(default_factory=dict)
    rest: dict[int, list[Line]] = field(default_factory=dict)
    has_figures: bool = False

    def add(self, column: int, runs: Iterable[TextRun]) -> None:
        """Add runs to a column."""
        self.runs.setdefault(column, []).extend(runs)

    def last_line(self, column: int) -> Sequence[TextRun]:
        """Return the runs of the last line of a column."""
        if column in self.rest:
            return self.rest[column][-1].runs
        runs = self.runs[column]
        return [run for run in runs if run.base == runs[-1].base]

    def go_on(self, row: _Row, settings: PdfSettings) -> None:
        """Add a row of the next page."""
        for column, runs in row.runs.items():
            self.rest.setdefault(column, []).extend(stack_runs(runs, row.page, settings))


@dataclass(slots=True)
class _Columns:
    """The runs of one page by column: figures, each with its parts, and words; both from top to bottom."""

    figures: dict[int, list[list[TextRun]]] = field(default_factory=dict)
    words: dict[int, list[TextRun]] = field(default_factory=dict)


def find_aligned_tables(
    pages: Sequence[PageContent], vocabulary: Vocabulary, settings: PdfSettings
) -> list[PageContent]:
    """Return the pages with table fragments in place of the lines of tables without ruling lines.

    Such a table begins below the title of a known kind of table and a line that names the unit of money. It ends at the
    next title, at a table with ruling lines, or at a line of text as wide as the table.
    """
    found: dict[int, list[TableFragment]] = {}
    taken: set[int] = set()
    for region in find_regions(pages, vocabulary):
        fragments = _read_region(region, vocabulary, settings)
        for fragment in fragments:
            found.setdefault(fragment.page, []).append(fragment)
        if fragments:
            taken.update(map(id, region.lines))
    if not found:
        return list(pages)
    return [
        replace(
            page,
            parts=tuple(sorted((*page.parts, *found.get(page.number, ())), key=lambda part: part.box[1])),
            lines=tuple(line for line in page.lines if id(line) not in taken),
        )
        for page in pages
    ]


def _read_region(region: Region, vocabulary: Vocabulary, settings: PdfSettings) -> list[TableFragment]:
    """Return the fragments of a table, one for each page; none if fewer than two columns are found."""

    def is_label(text: str) -> bool:
        return bool(label_meanings(clean_label(text), vocabulary))

    lines = [split_at_gaps(line) for line in region.lines]
    first, fine = _find_body(lines)
    header, body = [join_wide_words(line) for line in lines[:first]], lines[first:]
    header = _on_one_page(header)
    body = _without_repeated_header(header, body)
    labels, columns = read_header(header, find_columns(body), is_label)
    if len(columns) < 2:
        return []
    edges = _edges(columns)
    widths = _widths(body, labels, edges)
    pages: dict[int, list[_Row]] = {}
    last: _Row | None = None
    for number in dict.fromkeys(line.page for line in lines):
        rows = _rows([line for line in body if line.page == number], edges, widths, fine)
        while rows and last is not None and _goes_on(last, rows[0], widths):
            last.go_on(rows.pop(0), settings)
        pages[number] = rows
        last = rows[-1] if rows else last
    fragments = []
    for number, rows in pages.items():
        above = labels if header and number == header[0].page else ()
        if rows or above:
            placed = [*_place_labels(above, number, settings), *_place_rows(rows, above, settings)]
            n_rows = _depth(above) + len(rows)
            fragments.append(build_fragment(number, placed, n_rows, edges, widths, settings, frozenset({ALIGNED})))
    return fragments


def _depth(labels: Sequence[HeaderLabel]) -> int:
    return max((label.row + label.rowspan for label in labels), default=0)


def _place_labels(labels: Sequence[HeaderLabel], page: int, settings: PdfSettings) -> list[PlacedCell]:
    return [
        PlacedCell(label.row, label.col, label.rowspan, label.colspan, tuple(stack_runs(label.runs, page, settings)))
        for label in labels
    ]


def _place_rows(rows: Sequence[_Row], labels: Sequence[HeaderLabel], settings: PdfSettings) -> list[PlacedCell]:
    depth = _depth(labels)
    return [
        PlacedCell(
            depth + number,
            column,
            1,
            1,
            tuple(stack_runs(runs, row.page, settings)),
            tuple(row.rest.get(column, ())),
        )
        for number, row in enumerate(rows)
        for column, runs in row.runs.items()
    ]


def _goes_on(last: _Row, row: _Row, widths: Sequence[float]) -> bool:
    """Return whether the first row of a page is the rest of the last row of the page before.

    It has no figures, and stands below full lines only.
    """
    return not row.has_figures and all(
        column in last.runs and _break(last.last_line(column), runs[0], widths[column]) == 0.0
        for column, runs in row.runs.items()
    )


def _find_body(lines: Sequence[Line]) -> tuple[int, bool]:
    """Return the index of the first row of figures, and whether the figures of the table have two decimals.

    If they have, other numbers are codes or parts of figures.
    """
    start = next((n for n, line in enumerate(lines) if any(map(_may_be_figure, line.runs))), len(lines))
    columns = find_columns(lines[start:])
    edges = _edges(columns) if columns else ()
    firsts = []
    for page in dict.fromkeys(line.page for line in lines[start:]):
        held = _sort([line for line in lines[start:] if line.page == page], edges, ())
        firsts += [id(parts[0]) for groups in held.figures.values() for parts in groups]
    fine = bool(firsts)
    if fine:
        start = next(n for n, line in enumerate(lines) if any(id(run) in firsts for run in line.runs))
    first = start
    while first > 0 and start < len(lines) and _overlap(lines[first - 1], lines[start]):
        first -= 1
    return first, fine


def _on_one_page(header: Sequence[Line]) -> list[Line]:
    """Return the lines of a header, those of an earlier page moved above the first line of the last page."""
    last = [line for line in header if line.page == header[-1].page]
    earlier = [line for line in header if line.page == header[-1].page - 1]
    if not earlier:
        return last
    down = last[0].base - _LEADING_EMS * last[0].em - earlier[-1].base
    return [*(_moved(line, down, last[0].page) for line in earlier), *last]


def _moved(line: Line, down: float, page: int) -> Line:
    x0, top, x1, bottom = line.box
    runs = tuple(
        replace(
            run,
            glyphs=tuple(g._replace(top=g.top + down, bottom=g.bottom + down, base=g.base + down) for g in run.glyphs),
        )
        for run in line.runs
    )
    return replace(line, runs=runs, box=(x0, top + down, x1, bottom + down), page=page)


def _may_be_figure(run: TextRun) -> bool:
    """Return whether a run is a number or a part of one, but no year."""
    text = run_text(run)
    year = len(text) == _YEAR_DIGITS and text.startswith(_YEARS)
    return is_numeric(text) and any(map(str.isdigit, text)) and not year


def _overlap(above: Line, line: Line) -> bool:
    """Return whether a line of words belongs to the first row with figures, though slightly above it."""
    return above.page == line.page and line.base - above.base < _HALF_LINE_EMS * line.em


def _without_repeated_header(header: Sequence[Line], body: Sequence[Line]) -> list[Line]:
    """Return the body without the header at the top of further pages."""
    words = [line.text for line in header]
    kept: list[Line] = []
    for page in dict.fromkeys(line.page for line in body):
        lines = [line for line in body if line.page == page]
        repeated = bool(words) and [line.text for line in lines[: len(words)]] == words
        kept += lines[len(words) :] if repeated else lines
    return kept


def _edges(columns: Sequence[Range]) -> tuple[float, ...]:
    inner = ((left[1] + right[0]) / 2 for left, right in pairwise(columns))
    return (columns[0][0] - _MARGIN, *inner, columns[-1][1] + _MARGIN)


def _widths(body: Sequence[Line], labels: Sequence[HeaderLabel], edges: Sequence[float]) -> list[float]:
    """Return the width of the widest line of each column."""
    widths = [0.0] * (len(edges) - 1)
    runs = [(label.col, run) for label in labels if label.colspan == 1 for run in label.runs]
    for line in body:
        by_column: dict[int, list[TextRun]] = {}
        for run in line.runs:
            by_column.setdefault(column_of(run, edges), []).append(run)
        runs += [(column, run) for column, held in by_column.items() for run in held]
        for column, held in by_column.items():
            widths[column] = max(widths[column], held[-1].x1 - held[0].x0)
    for column, run in runs:
        widths[column] = max(widths[column], run.x1 - run.x0)
    return widths


def _sort(lines: Sequence[Line], edges: Sequence[float], plain: Sequence[int]) -> _Columns:
    """Return the runs of a page by column; `plain` are the columns in which numbers without decimals are figures."""
    runs: dict[int, list[TextRun]] = {}
    for line in lines:
        for run in line.runs:
            runs.setdefault(column_of(run, edges), []).append(run)
    held = _Columns()
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


def _rows(lines: Sequence[Line], edges: Sequence[float], widths: Sequence[float], fine: bool) -> list[_Row]:
    """Return the rows of a page.

    Figures determine the rows; the words beside the figures may be on several lines. Without figures each line is a
    row.
    """
    if not lines:
        return []
    em, page = lines[0].em, lines[0].page
    held = _sort(lines, edges, () if fine else _plain_columns(lines, edges))
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
    rows: dict[float, _Row] = {}
    for column, groups in held.figures.items():
        for parts in groups:
            bases = [run.base for run in parts]
            row = rows.setdefault(reference_row(bases, alignment, anchors) if anchors else bases[0], _Row(page))
            row.add(column, parts)
            row.has_figures = True
    for column, own in held.words.items():
        for run, base in zip(own, assigned[column], strict=True):
            rows.setdefault(base, _Row(page)).add(column, [run])
    return [rows[base] for base in sorted(rows)]


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
