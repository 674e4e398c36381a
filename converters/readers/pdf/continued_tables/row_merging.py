"""Joining of table fragments over several pages, with rows and cells that page breaks divided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from converters.model.amounts import parse_amount
from converters.model.document import JOINED_NUMBER, JOINED_PAGE, Issue
from converters.readers.pdf.cell_text import JOINED_WRAP, begins_item, fills, is_broken, is_numeric, padding_ems
from converters.readers.pdf.cells import FragmentCell, TableFragment, drop_rows, is_figure
from converters.readers.pdf.continued_tables.continuation_rules import (
    FragmentedTable,
    begin_alike,
    count_repeated_header_rows,
    have_equal_widths,
)
from converters.readers.pdf.settings import PdfSettings
from ontology.locators import Locator

_SENTENCE_ENDS = frozenset("。；！？!?;")
_SPACE = 0.5


@dataclass(frozen=True, slots=True)
class JoinedTable:
    """A whole table: its size, its cells, and issues for the rows that were repaired."""

    n_rows: int
    n_cols: int
    cells: tuple[FragmentCell, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class _Rows:
    """The rows joined so far, with the columns of the whole table."""

    n_rows: int
    cells: list[FragmentCell]
    issues: list[Issue] = field(default_factory=list)


def join_parts(table: FragmentedTable, settings: PdfSettings) -> JoinedTable:
    """Return the whole table: its columns lie between the edges of all fragments, repeated headers are dropped."""
    edges = _union([part.xs for part in table.parts], settings.edge)
    first, *others = table.parts
    rows = _Rows(first.n_rows, _placed(first, edges[0]))
    n_cols = len(set().union(*(m.values() for m in edges))) - 1
    for part, columns in zip(others, edges[1:], strict=True):
        part = drop_rows(part, count_repeated_header_rows(table, part))
        _append(rows, part.n_rows, _placed(part, columns), settings)
    return JoinedTable(rows.n_rows, n_cols, tuple(sorted(rows.cells, key=lambda c: (c.row, c.col))), tuple(rows.issues))


def _union(parts: Sequence[Sequence[float]], edge: float) -> list[dict[int, int]]:
    """Return, for each fragment, the index of its edges among the edges of all fragments.

    Outer edges coincide, unless the edges of one fragment are the first of those of another.
    """
    first = parts[0]
    places = list(first)
    widest = list(first)
    owned: list[list[float]] = [list(first)]
    for xs in parts[1:]:
        if have_equal_widths(first, xs, edge):
            owned.append(list(first))
            continue
        if begin_alike(widest, xs, edge):
            further = list(xs[len(widest) :])
            owned.append([*widest[: len(xs)], *further])
            widest += further
            places += further
            continue
        own = [first[0]]
        for x in xs[1:-1]:
            near = min((p for p in places if own[-1] < p < first[-1]), key=lambda p: abs(p - x), default=first[0])
            if abs(near - x) > edge:
                places.append(x)
                near = x
            own.append(near)
        owned.append([*own, first[-1]])
    order = {place: number for number, place in enumerate(sorted(places))}
    return [{index: order[place] for index, place in enumerate(own)} for own in owned]


def _placed(part: TableFragment, columns: Mapping[int, int]) -> list[FragmentCell]:
    return [replace(c, col=columns[c.col], colspan=columns[c.col + c.colspan] - columns[c.col]) for c in part.cells]


def _append(rows: _Rows, n_rows: int, cells: list[FragmentCell], settings: PdfSettings) -> None:
    """Append the rows of the next page.

    A first row that continues the last row is joined to it; an empty first row is dropped.
    """
    top = [cell for cell in cells if cell.row == 0]
    if all(cell.rowspan == 1 for cell in top):
        if not any(cell.text for cell in top):
            joined: list[FragmentCell] | None = []
        else:
            above = [c for c in rows.cells if c.row + c.rowspan == rows.n_rows]
            joined = _join_row(above, top, header=_is_header(rows), settings=settings)
        if joined is not None:
            for cell in joined:
                _put(rows, cell)
            if joined:
                text = " | ".join(cell.text for cell in joined if JOINED_PAGE in cell.flags)
                rows.issues.append(Issue("row-joined", Locator(page=top[0].page), {"text": text}))
            cells = [replace(cell, row=cell.row - 1) for cell in cells if cell.row > 0]
            n_rows -= 1
    begins_body = any(is_figure(cell) for cell in cells if cell.row == 0) and _is_header(rows)
    open_cells = {} if begins_body else _open_cells(rows)
    for cell in cells:
        upper = open_cells.get((cell.col, cell.colspan)) if cell.row == 0 else None
        if upper is not None and upper.text and not cell.text and max(upper.rowspan, cell.rowspan) > 1:
            _put(rows, replace(upper, rowspan=upper.rowspan + cell.rowspan, flags=upper.flags | {JOINED_PAGE}))
        else:
            rows.cells.append(replace(cell, row=cell.row + rows.n_rows))
    rows.n_rows += n_rows


def _open_cells(rows: _Rows) -> dict[tuple[int, int], FragmentCell]:
    """Return the cells at the bottom, which may go on over the page, by column and width."""
    return {(c.col, c.colspan): c for c in rows.cells if c.row + c.rowspan == rows.n_rows and rows.n_rows > 1}


def _is_header(rows: _Rows) -> bool:
    """Return whether the rows so far are the header and nothing else."""
    return not any(map(is_figure, rows.cells))


def _put(rows: _Rows, cell: FragmentCell) -> None:
    """Replace the cell at the same place."""
    index = next(i for i, c in enumerate(rows.cells) if (c.row, c.col) == (cell.row, cell.col))
    rows.cells[index] = cell


def _join_row(
    above: Sequence[FragmentCell], below: Sequence[FragmentCell], *, header: bool, settings: PdfSettings
) -> list[FragmentCell] | None:
    """Return the cells of a row divided by a page break; None if joining is not safe.

    Joining is safe if both rows have the same cells, figures stand in one of them only or continue those above, and
    text continues below only where the line above was full, did not end a sentence and no item follows. It must also be
    evident that both are one row: several broken numbers, a header so far, or see `_is_same_row`.
    """
    upper, lower = ({(c.col, c.colspan): c for c in row} for row in (above, below))
    if upper.keys() != lower.keys() or not any(cell.text for cell in above):
        return None
    broken = {place for place, cell in upper.items() if _is_broken_number(cell, lower[place], settings)}
    if any(map(is_figure, above)) and any(is_figure(cell) for place, cell in lower.items() if place not in broken):
        return None
    sure = sum(_goes_on(cell, lower[place], settings) for place, cell in upper.items() if place not in broken)
    room = _SPACE if sure > 1 else 0.0
    joined = []
    going_on = []
    for place, cell in upper.items():
        rest = lower[place]
        if not rest.text:
            joined.append(cell)
        elif place in broken:
            going_on.append(cell)
            flags = cell.flags | rest.flags | {JOINED_NUMBER, JOINED_PAGE}
            joined.append(replace(cell, text=cell.text + rest.text, lines=cell.lines + rest.lines, flags=flags))
        elif not cell.text and is_figure(rest):
            joined.append(replace(cell, text=rest.text, lines=rest.lines, flags=rest.flags | {JOINED_PAGE}))
        elif _goes_on(cell, rest, settings, room):
            going_on.append(cell)
            flags = cell.flags | rest.flags | {JOINED_WRAP, JOINED_PAGE}
            joined.append(replace(cell, text=cell.text + rest.text, lines=cell.lines + rest.lines, flags=flags))
        else:
            return None
    certain = len(broken) > 1 or (header and any(cell.text and not lower[place].text for place, cell in upper.items()))
    return joined if going_on and (certain or _is_same_row(going_on, above, lower)) else None


def _is_broken_number(cell: FragmentCell, rest: FragmentCell, settings: PdfSettings) -> bool:
    """Return whether a number above a page break goes on below it."""
    if not (cell.text and rest.text and is_numeric(cell.text) and is_numeric(rest.text)):
        return False
    whole = parse_amount(cell.text + rest.text) is not None
    return whole and is_broken(cell.text, cell.lines[-1], rest.lines[0], cell.box, settings)


def _is_same_row(
    going_on: Sequence[FragmentCell], above: Sequence[FragmentCell], lower: Mapping[tuple[int, int], FragmentCell]
) -> bool:
    """Return whether there is evidence beyond full lines that a page break divided a row.

    Either the text above begins an item, or a single character is left for the row below. Or another cell names the row
    above and is blank below, and one side has figures or the text wrapped before.
    """
    if any(begins_item(cell.text) for cell in going_on) or sum(len(rest.text) for rest in lower.values()) == 1:
        return True
    first = min(cell.col for cell in going_on)
    named = any(
        cell.text
        and cell.rowspan == 1
        and not lower[cell.col, cell.colspan].text
        and (cell.col < first or not is_figure(cell))
        for cell in above
    )
    figures = any(map(is_figure, above)) or any(map(is_figure, lower.values()))
    return named and (figures or any(len(cell.lines) > 1 for cell in going_on))


def _goes_on(cell: FragmentCell, rest: FragmentCell, settings: PdfSettings, room: float = 0.0) -> bool:
    """Return whether words go on below a page break: the line above was full, up to `room` character widths."""
    if (
        not (cell.text and rest.text)
        or is_numeric(cell.text)
        or is_numeric(rest.text)
        or cell.text[-1] in _SENTENCE_ENDS
        or begins_item(rest.text)
    ):
        return False
    last, line = cell.lines[-1], rest.lines[0]
    padding = padding_ems(last, line, cell.box, settings) + room
    return fills(last, line, cell.box[2] - cell.box[0], padding, settings)
