"""Joining of table fragments over several pages, with rows and cells that page breaks divided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from converters.model.document import JOINED_PAGE, Issue, Locator
from converters.readers.pdf.cell_text import JOINED_WRAP, begins_item, fills, is_numeric
from converters.readers.pdf.cells import FragmentCell, TableFragment, drop_rows, is_figure
from converters.readers.pdf.continuation import FragmentedTable, count_repeated_header_rows, have_equal_widths
from converters.readers.pdf.lines import Line
from converters.readers.pdf.settings import PdfSettings

_SENTENCE_ENDS = frozenset("。；！？!?;")


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
    """Return, for each fragment, the index of its edges among the edges of all fragments; outer edges coincide."""
    first = parts[0]
    places = list(first)
    owned: list[list[float]] = [list(first)]
    for xs in parts[1:]:
        if have_equal_widths(first, xs, edge):
            owned.append(list(first))
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
            joined = _join_row([c for c in rows.cells if c.row + c.rowspan == rows.n_rows], top, settings)
        if joined is not None:
            for cell in joined:
                _put(rows, cell)
            if joined:
                text = " | ".join(cell.text for cell in joined if JOINED_PAGE in cell.flags)
                rows.issues.append(Issue("row-joined", Locator(page=top[0].page), {"text": text}))
            cells = [replace(cell, row=cell.row - 1) for cell in cells if cell.row > 0]
            n_rows -= 1
    open_cells = {(c.col, c.colspan): c for c in rows.cells if c.row + c.rowspan == rows.n_rows and rows.n_rows > 1}
    for cell in cells:
        above = open_cells.get((cell.col, cell.colspan)) if cell.row == 0 else None
        if above is not None and above.text and not cell.text and max(above.rowspan, cell.rowspan) > 1:
            _put(rows, replace(above, rowspan=above.rowspan + cell.rowspan, flags=above.flags | {JOINED_PAGE}))
        else:
            rows.cells.append(replace(cell, row=cell.row + rows.n_rows))
    rows.n_rows += n_rows


def _put(rows: _Rows, cell: FragmentCell) -> None:
    """Replace the cell at the same place."""
    index = next(i for i, c in enumerate(rows.cells) if (c.row, c.col) == (cell.row, cell.col))
    rows.cells[index] = cell


def _join_row(
    above: Sequence[FragmentCell], below: Sequence[FragmentCell], settings: PdfSettings
) -> list[FragmentCell] | None:
    """Return the cells of a row divided by a page break; None if joining is not safe.

    Joining is safe if both rows have the same cells, figures stand in one of them only, and text continues below only
    where the line above was full, did not end a sentence and no item follows. Further evidence is required that both
    are one row (`_is_same_row`).
    """
    upper, lower = ({(c.col, c.colspan): c for c in row} for row in (above, below))
    if upper.keys() != lower.keys() or not any(cell.text for cell in above):
        return None
    if any(map(is_figure, above)) and any(map(is_figure, below)):
        return None
    joined = []
    going_on = []
    for place, cell in upper.items():
        rest = lower[place]
        if not rest.text:
            joined.append(cell)
        elif not cell.text and is_figure(rest):
            joined.append(replace(cell, text=rest.text, lines=rest.lines, flags=rest.flags | {JOINED_PAGE}))
        elif cell.text and _goes_on(cell, rest, settings):
            going_on.append(cell)
            flags = cell.flags | rest.flags | {JOINED_WRAP, JOINED_PAGE}
            joined.append(replace(cell, text=cell.text + rest.text, lines=cell.lines + rest.lines, flags=flags))
        else:
            return None
    return joined if going_on and _is_same_row(going_on, above, lower) else None


def _is_same_row(
    going_on: Sequence[FragmentCell], above: Sequence[FragmentCell], lower: Mapping[tuple[int, int], FragmentCell]
) -> bool:
    """Return whether there is evidence beyond full lines that a page break divided a row.

    Either the text above begins an item. Or another cell names the row above and is blank below, and one side has
    figures or the text wrapped before.
    """
    if any(begins_item(cell.text) for cell in going_on):
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


def _goes_on(cell: FragmentCell, rest: FragmentCell, settings: PdfSettings) -> bool:
    if is_numeric(cell.text) or is_numeric(rest.text) or cell.text[-1] in _SENTENCE_ENDS or begins_item(rest.text):
        return False
    last, line = cell.lines[-1], rest.lines[0]
    return fills(last, line, cell.box[2] - cell.box[0], _padding_ems(cell, line, settings), settings)


def _padding_ems(cell: FragmentCell, line: Line, settings: PdfSettings) -> float:
    """Return the padding of a cell in character widths: twice the left margin if both lines begin there."""
    last = cell.lines[-1]
    if abs(last.box[0] - line.box[0]) > settings.snap or line.box[2] > last.box[2] - settings.snap:
        return settings.padding_ems
    return max(settings.padding_ems, min(settings.margin_ems, 2 * (last.box[0] - cell.box[0]) / last.em))
