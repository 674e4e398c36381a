"""Tables without ruling lines, found by the alignment of words and figures.

Only text below a known title is read as a table; see `find_aligned_tables`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from converters.model.document import ALIGNED
from converters.readers.pdf.alignment.columns import (
    Range,
    column_of,
    columns_of_rows,
    find_columns,
    join_wide_words,
    run_text,
    split_at_gaps,
)
from converters.readers.pdf.alignment.drawing_order import DrawnCell, overlap
from converters.readers.pdf.alignment.drawn_rows import DrawnTable, drawn_table
from converters.readers.pdf.alignment.fragments import PlacedCell, build_fragment, stack_runs
from converters.readers.pdf.alignment.header import HeaderLabel, IsLabel, read_header
from converters.readers.pdf.alignment.regions import Region, find_regions
from converters.readers.pdf.alignment.row_reading import (
    AlignedRow,
    are_two_rows,
    continues_figures,
    continues_row,
    drawn_to_rows,
    read_rows,
    sort_runs,
)
from converters.readers.pdf.cell_text import is_numeric
from converters.readers.pdf.cells import TableFragment
from converters.readers.pdf.lines import Line, TextRun
from converters.readers.pdf.running_headers import PageContent
from converters.readers.pdf.settings import PdfSettings
from converters.recognition.label_parts import label_meanings, part_words, split_unit
from ontology.vocabulary import Vocabulary

_MARGIN = 2.0
_HALF_LINE_EMS = 0.8
_LEADING_EMS = 1.4
_YEARS = ("19", "20")
_YEAR_DIGITS = 4
_LEVELS = 2
"""The most levels of a header whose spans are certain."""


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
            taken.update(map(id, (*region.lines, *region.repeated)))
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
        label = part_words(split_unit(text, vocabulary)[0], vocabulary)
        return bool(label_meanings(label, vocabulary)) or label in region.kind.attributes

    lines = [split_at_gaps(line) for line in region.lines]
    first, fine = _find_body(lines)
    header, body = [join_wide_words(line) for line in lines[:first]], lines[first:]
    joined, down = _on_one_page(header)
    body = _without_repeated_header(joined, body)
    drawn = {number: _drawn_page(lines, header, body, number) for number in dict.fromkeys(line.page for line in lines)}
    labelled = _drawn_labels(drawn, header, down, is_label)
    labels, columns = read_header(joined, _columns_of(drawn.values(), body), is_label, labelled)
    if len(columns) < 2:
        return []
    edges = _edges(columns)
    widths = _widths(body, labels, edges)
    pages: dict[int, list[AlignedRow]] = {}
    last: AlignedRow | None = None
    for number in dict.fromkeys(line.page for line in lines):
        own = [line for line in body if line.page == number]
        order = drawn[number]
        rows = read_rows(own, edges, widths, fine=fine) if order is None else drawn_to_rows(order.rows, edges, number)
        while rows and last and (continues_row(last, rows[0], widths) or continues_figures(last, rows[0])):
            last.go_on(rows.pop(0), settings)
        pages[number] = rows
        last = rows[-1] if rows else last
    if labelled is not None and _are_sure(labels, labelled, is_label) and None not in drawn.values():
        _trust(list(pages.values()), widths)
    fragments = []
    for number, rows in pages.items():
        above = labels if joined and number == joined[0].page else ()
        if rows or above:
            placed = [*_place_labels(above, number, settings), *_place_rows(rows, above, settings)]
            n_rows = _depth(above) + len(rows)
            fragments.append(build_fragment(number, placed, n_rows, edges, widths, settings))
    return fragments


def _drawn_page(lines: Sequence[Line], header: Sequence[Line], body: Sequence[Line], number: int) -> DrawnTable | None:
    return drawn_table(*([line for line in part if line.page == number] for part in (lines, header, body)))


def _drawn_labels(
    drawn: Mapping[int, DrawnTable | None], header: Sequence[Line], down: float, is_label: IsLabel
) -> list[list[DrawnCell]] | None:
    """Return the labels of a header in rows, those of a page before the last moved `down`; None if order tells none."""
    labels: list[list[DrawnCell]] = []
    for number in dict.fromkeys(line.page for line in header):
        page = drawn[number]
        if page is None:
            return None
        moved = down if number < header[-1].page else 0.0
        rows = [[DrawnCell(tuple(_moved_run(run, moved) for run in cell.runs)) for cell in row] for row in page.labels]
        labels = _go_on(labels, rows, is_label)
    return labels if header else None


def _go_on(
    above: Sequence[Sequence[DrawnCell]], below: Sequence[Sequence[DrawnCell]], is_label: IsLabel
) -> list[list[DrawnCell]]:
    """Return the rows of labels on two pages, with the labels joined that the page break divides.

    A label goes on with the only one that stands below it, unless there are others above that one, or both are known
    labels and their words together are none.
    """
    upper, lower = [cell for row in above for cell in row], [cell for row in below for cell in row]
    joined: dict[DrawnCell, DrawnCell] = {}
    for cell in lower:
        over = [other for other in upper if overlap(other.runs, cell.runs)]
        under = [other for other in lower if over and overlap(over[-1].runs, other.runs)]
        if len(over) == len(under) == 1:
            whole = DrawnCell((*over[0].runs, *cell.runs))
            if is_label(whole.text) or not (is_label(over[0].text) and is_label(cell.text)):
                joined[over[0]] = joined[cell] = whole
    rows = [[joined.get(cell, cell) for cell in row] for row in above]
    rows += [[cell for cell in row if cell not in joined] for row in below]
    return [row for row in rows if row]


def _are_sure(labels: Sequence[HeaderLabel], drawn: Sequence[Sequence[DrawnCell]], is_label: IsLabel) -> bool:
    """Return whether the labels of a header are certain.

    They are if each was drawn as one, in the row to which it was assigned, or is known, and there are two rows at most.
    """
    rows = {cell.runs: number for number, row in enumerate(drawn) for cell in row}
    placed = all(rows[label.runs] == label.row if label.runs in rows else is_label(label.text) for label in labels)
    return placed and len(drawn) <= _LEVELS


def _columns_of(drawn: Iterable[DrawnTable | None], body: Sequence[Line]) -> list[Range]:
    """Return the columns of the words; where no row has as many cells in drawing order, the columns of the cells."""
    columns = find_columns(body)
    tables = list(drawn)
    rows = [row for table in tables if table is not None for row in table.rows]
    most = max(map(len, rows), default=0)
    if None in tables or not most < len(columns):
        return columns
    of_cells = columns_of_rows([[cell.extent for cell in row] for row in rows])
    return of_cells if len(of_cells) == most else columns


def _trust(pages: Sequence[Sequence[AlignedRow]], widths: Sequence[float]) -> None:
    """Mark the rows that are certain: in order, and not divided by a page break.

    Rows above and below a page break are whole if both have figures in the same columns as a row elsewhere: those of a
    divided row stand on one page, but for the few that are broken. Rows that `are_two_rows` are whole too.
    """
    beside = [row for above, below in pairwise([rows for rows in pages if rows]) for row in (above[-1], below[0])]
    for row in (row for rows in pages for row in rows):
        row.certain = row.ordered and row not in beside
    known = {row.figure_columns for rows in pages for row in rows if row.certain}
    for above, below in zip(beside[::2], beside[1::2], strict=True):
        if not (above.ordered and below.ordered):
            continue
        whole = {above.figure_columns, below.figure_columns} <= known - {frozenset()}
        if whole or are_two_rows(above, below, widths):
            above.certain = below.certain = True


def _depth(labels: Sequence[HeaderLabel]) -> int:
    return max((label.row + label.rowspan for label in labels), default=0)


def _place_labels(labels: Sequence[HeaderLabel], page: int, settings: PdfSettings) -> list[PlacedCell]:
    return [
        PlacedCell(label.row, label.col, label.rowspan, label.colspan, tuple(stack_runs(label.runs, page, settings)))
        for label in labels
    ]


def _place_rows(rows: Sequence[AlignedRow], labels: Sequence[HeaderLabel], settings: PdfSettings) -> list[PlacedCell]:
    depth = _depth(labels)
    return [
        PlacedCell(
            depth + number,
            column,
            1,
            1,
            tuple(stack_runs(runs, row.page, settings)),
            tuple(row.rest.get(column, ())),
            frozenset() if row.certain else frozenset({ALIGNED}),
        )
        for number, row in enumerate(rows)
        for column, runs in row.runs.items()
    ]


def _find_body(lines: Sequence[Line]) -> tuple[int, bool]:
    """Return the index of the first row of figures, and whether the figures of the table have two decimals.

    If they have, other numbers are codes or parts of figures.
    """
    start = next((n for n, line in enumerate(lines) if any(map(_may_be_figure, line.runs))), len(lines))
    columns = find_columns(lines[start:])
    edges = _edges(columns) if columns else ()
    firsts = []
    for page in dict.fromkeys(line.page for line in lines[start:]):
        held = sort_runs([line for line in lines[start:] if line.page == page], edges, ())
        firsts += [id(parts[0]) for groups in held.figures.values() for parts in groups]
    fine = bool(firsts)
    if fine:
        start = next(n for n, line in enumerate(lines) if any(id(run) in firsts for run in line.runs))
    first = start
    while first > 0 and start < len(lines) and _overlap(lines[first - 1], lines[start]):
        first -= 1
    return first, fine


def _on_one_page(header: Sequence[Line]) -> tuple[list[Line], float]:
    """Return the lines of a header, and how far those of an earlier page were moved down to join those of the last."""
    last = [line for line in header if line.page == header[-1].page]
    earlier = [line for line in header if line.page == header[-1].page - 1]
    if not earlier:
        return last, 0.0
    down = last[0].base - _LEADING_EMS * last[0].em - earlier[-1].base
    return [*(_moved(line, down, last[0].page) for line in earlier), *last], down


def _moved(line: Line, down: float, page: int) -> Line:
    x0, top, x1, bottom = line.box
    runs = tuple(_moved_run(run, down) for run in line.runs)
    return replace(line, runs=runs, box=(x0, top + down, x1, bottom + down), page=page)


def _moved_run(run: TextRun, down: float) -> TextRun:
    moved = (g._replace(top=g.top + down, bottom=g.bottom + down, base=g.base + down) for g in run.glyphs)
    return replace(run, glyphs=tuple(moved))


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
