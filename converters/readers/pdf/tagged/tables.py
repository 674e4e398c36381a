"""Fragments of the tables that a tagged PDF describes: rows, cells and merged cells are those of its structure tree.

The tags of a table are believed only as far as its text stands where they say: see `take_tagged_tables`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from converters.readers.pdf.alignment.fragments import PlacedCell, build_fragment
from converters.readers.pdf.cells import TableFragment
from converters.readers.pdf.lines import Line, draw_runs, group_lines
from converters.readers.pdf.pages import Glyph, Page
from converters.readers.pdf.settings import PdfSettings
from converters.readers.pdf.tagged.structure import CellTag, Path

_MARGIN = 2.0
_TOUCH = 1.0
_SAME_ROW = 0.3
_MOST_COLUMNS = 200

_Range = tuple[float, float]


@dataclass(slots=True)
class _TaggedCell:
    """A cell of a row, with its lines by page; `number` counts the cells of its row, empty ones included."""

    number: int
    rowspan: int
    colspan: int
    lines: dict[int, list[Line]]

    @property
    def extent(self) -> _Range:
        """The left and right end of the text."""
        boxes = [line.box for lines in self.lines.values() for line in lines]
        return min(box[0] for box in boxes), max(box[2] for box in boxes)


@dataclass(slots=True)
class _TaggedRow:
    cells: list[_TaggedCell]
    siblings: int


_Placing = dict[tuple[int, int], _TaggedCell]


def take_tagged_tables(
    pages: Sequence[Page], settings: PdfSettings
) -> tuple[list[Page], dict[int, list[TableFragment]]]:
    """Return the pages without the text of tagged tables, and the fragments of these tables by page.

    A table is left alone if its tags contradict its layout: columns that overlap, rows out of order, merged cells that
    cannot be placed. So is one whose text is tagged as that of two cells, and one with a single column, which arranges
    text.
    """
    by_table: dict[Path, list[tuple[Page, CellTag]]] = {}
    for page in pages:
        for tag in page.tags:
            by_table.setdefault(tag.table, []).append((page, tag))
    if not by_table:
        return list(pages), {}
    cells_of = Counter((page.number, number) for page in pages for tag in page.tags for number in tag.contents)
    by_content = {page.number: _by_content(page.glyphs) for page in pages if page.tags}
    fragments: dict[int, list[TableFragment]] = {}
    taken: dict[int, set[int]] = {}
    for tags in by_table.values():
        is_shared = any(cells_of[page.number, number] > 1 for page, tag in tags for number in tag.contents)
        found = [] if is_shared else _read_table(tags, by_content, settings)
        for fragment in found:
            fragments.setdefault(fragment.page, []).append(fragment)
        if found:
            for page, tag in tags:
                taken.setdefault(page.number, set()).update(tag.contents)
    rest = [
        replace(page, glyphs=tuple(g for g in page.glyphs if g.content not in taken[page.number]))
        if page.number in taken
        else page
        for page in pages
    ]
    return rest, fragments


def _by_content(glyphs: Iterable[Glyph]) -> dict[int, list[Glyph]]:
    held: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        held.setdefault(glyph.content, []).append(glyph)
    return held


def _read_table(
    tags: Sequence[tuple[Page, CellTag]], by_content: Mapping[int, Mapping[int, list[Glyph]]], settings: PdfSettings
) -> list[TableFragment]:
    """Return the fragments of a table, one for each page; none if its tags cannot be relied on."""
    rows = _rows(tags, by_content, settings)
    if len(rows) < 2 or max(map(_width, rows)) > _MOST_COLUMNS:
        return []
    columns = _find_columns(rows)
    placing = _place(rows, columns) if len(columns) > 1 else None
    if placing is None or not _is_in_order(placing):
        return []
    edges = _edges(columns)
    widths = [
        max((end - start for start, end in _extents(placing, column)), default=0.0) for column in range(len(columns))
    ]
    fragments = []
    for page in sorted({page.number for page, _ in tags}):
        held = sorted({row for (row, _), cell in placing.items() if page in cell.lines})
        order = {row: number for number, row in enumerate(held)}
        placed = [
            PlacedCell(order[row], col, _rows_on_page(row, cell, order), cell.colspan, tuple(cell.lines[page]))
            for (row, col), cell in placing.items()
            if page in cell.lines
        ]
        fragments.append(build_fragment(page, placed, len(held), edges, widths, settings))
    return fragments


def _rows_on_page(row: int, cell: _TaggedCell, order: Mapping[int, int]) -> int:
    return sum(1 for below in range(row, row + cell.rowspan) if below in order)


def _rows(
    tags: Sequence[tuple[Page, CellTag]], by_content: Mapping[int, Mapping[int, list[Glyph]]], settings: PdfSettings
) -> list[_TaggedRow]:
    """Return the rows from first to last; rows without any text between them have no cells."""
    found: dict[Path, dict[int, _TaggedCell]] = {}
    siblings: dict[Path, int] = {}
    for page, tag in tags:
        lines = _lines([by_content[page.number].get(number, ()) for number in sorted(tag.contents)], page, settings)
        if not lines:
            continue
        siblings[tag.row] = tag.siblings
        cells = found.setdefault(tag.row, {})
        cell = cells.setdefault(tag.number, _TaggedCell(tag.number, tag.rowspan, tag.colspan, {}))
        cell.lines.setdefault(page.number, []).extend(lines)
    rows = []
    for group, places in groupby(sorted(found), key=lambda place: place[:-1]):
        numbers = [place[-1] for place in places]
        for number in range(numbers[0], numbers[-1] + 1):
            place = (*group, number)
            cells = found.get(place, {})
            rows.append(_TaggedRow([cells[n] for n in sorted(cells)], siblings.get(place, 0)))
    return rows


def _lines(contents: Iterable[Iterable[Glyph]], page: Page, settings: PdfSettings) -> list[Line]:
    runs = [run for glyphs in contents for run in draw_runs(glyphs, settings)]
    return group_lines(runs, page.number, settings) if runs else []


def _find_columns(rows: Sequence[_TaggedRow]) -> list[_Range]:
    """Return the extent of the text of each column, from rows whose merged cells are all known; empty if unclear."""
    width = max(_width(row) for row in rows)
    extents: dict[int, list[_Range]] = {}
    covered: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        free = [col for col in range(width) if (number, col) not in covered]
        whole = _width(row) == len(free)
        start = 0
        for position in range(row.siblings):
            cell = next((cell for cell in row.cells if cell.number == position), None)
            colspan = cell.colspan if cell else 1
            cols = free[start : start + colspan]
            start += colspan
            if cell is not None and whole:
                covered |= {(number + down, col) for down in range(cell.rowspan) for col in cols}
                if colspan == 1:
                    extents.setdefault(cols[0], []).append(cell.extent)
    columns = [
        (min(e[0] for e in extents[col]), max(e[1] for e in extents[col])) if col in extents else (0.0, 0.0)
        for col in range(width)
    ]
    return _without_gaps(columns) if extents else []


def _width(row: _TaggedRow) -> int:
    """Return the number of columns that the cells of a row span; an empty cell counts as one."""
    return row.siblings + sum(cell.colspan - 1 for cell in row.cells)


def _without_gaps(columns: list[_Range]) -> list[_Range]:
    """Return the columns, those without text between their neighbours."""
    known = [number for number, column in enumerate(columns) if column != (0.0, 0.0)]
    filled = list(columns)
    for number, column in enumerate(columns):
        if column == (0.0, 0.0):
            left = max((n for n in known if n < number), default=None)
            right = min((n for n in known if n > number), default=None)
            start = columns[left][1] if left is not None else columns[known[0]][0] - 2 * len(columns)
            end = columns[right][0] if right is not None else start + 2 * len(columns)
            first, count = (-1 if left is None else left), (len(columns) if right is None else right)
            share = (end - start) / (count - first)
            place = start + share * (number - first)
            filled[number] = (place - share / 4, place + share / 4)
    return filled


def _place(rows: Sequence[_TaggedRow], columns: Sequence[_Range]) -> _Placing | None:
    """Return the cells by row and column; None if a cell stands elsewhere than its tags say."""
    placing: _Placing = {}
    covered: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        free = [col for col in range(len(columns)) if (number, col) not in covered]
        missing = len(free) - _width(row) if row.cells else 0
        start, spare = 0, missing
        last = -1
        for cell in row.cells:
            start += cell.number - last - 1
            last = cell.number
            while spare > 0 and not _fits(cell, free[start : start + cell.colspan], columns):
                start, spare = start + 1, spare - 1
            cols = free[start : start + cell.colspan]
            if missing < 0 or len(cols) < cell.colspan or not _fits(cell, cols, columns):
                return None
            placing[number, cols[0]] = cell
            covered |= {(number + down, col) for down in range(cell.rowspan) for col in cols}
            start += cell.colspan
    return placing


def _fits(cell: _TaggedCell, cols: Sequence[int], columns: Sequence[_Range]) -> bool:
    """Return whether the text of a cell stands between the columns beside those that it spans."""
    if not cols or cols[-1] - cols[0] != len(cols) - 1:
        return False
    left = columns[cols[0] - 1][1] if cols[0] else float("-inf")
    right = columns[cols[-1] + 1][0] if cols[-1] + 1 < len(columns) else float("inf")
    return left - _TOUCH <= cell.extent[0] and cell.extent[1] <= right + _TOUCH


def _is_in_order(placing: _Placing) -> bool:
    """Return whether the text of each row begins below the text of the row above, column by column and page by page."""
    below: dict[int, tuple[int, float]] = {}
    for (_, col), cell in sorted(placing.items(), key=lambda item: item[0]):
        for page, lines in sorted(cell.lines.items()):
            em = lines[0].em
            for column in range(col, col + cell.colspan):
                last_page, last_base = below.get(column, (0, 0.0))
                if (page, lines[0].base) <= (last_page, last_base - _SAME_ROW * em):
                    return False
                below[column] = page, lines[-1].base
    return True


def _extents(placing: _Placing, column: int) -> Iterator[_Range]:
    return (cell.extent for (_, col), cell in placing.items() if col == column and cell.colspan == 1)


def _edges(columns: Sequence[_Range]) -> tuple[float, ...]:
    inner = ((left[1] + right[0]) / 2 for left, right in pairwise(columns))
    return (columns[0][0] - _MARGIN, *inner, columns[-1][1] + _MARGIN)
