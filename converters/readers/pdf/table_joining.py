"""The parts of a table over several pages to one: whether a part continues a table, and what the page broke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from converters.model.amounts import parse_amount
from converters.model.document import JOINED_PAGE, Issue, Locator
from converters.readers.pdf.cell_text import JOINED_WRAP, begins_item, fills, is_numeric
from converters.readers.pdf.cells import FragmentCell, TableFragment
from converters.readers.pdf.lines import Line
from converters.readers.pdf.settings import PdfSettings
from converters.recognition.headers import count_header_rows

_SENTENCE_ENDS = frozenset("。；！？!?;")


@dataclass(slots=True)
class FragmentedTable:
    """A table and its parts in order; `captions` stand above the first part, `titles` in its full-width top rows."""

    parts: list[TableFragment]
    captions: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinedTable:
    """A whole table: the number of its rows and columns, its cells, and what was repaired."""

    n_rows: int
    n_cols: int
    cells: tuple[FragmentCell, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class _Rows:
    """Rows being joined; the columns are already those of the whole table."""

    n_rows: int
    cells: list[FragmentCell]
    issues: list[Issue] = field(default_factory=list)


def texts_by_row(cells: Sequence[FragmentCell], n_rows: int, n_cols: int) -> list[list[str]]:
    """The text at each place, a merged cell's at its top left."""
    rows = [[""] * n_cols for _ in range(n_rows)]
    for cell in cells:
        rows[cell.row][cell.col] = cell.text
    return rows


def is_full_width(row: Sequence[FragmentCell], n_cols: int) -> bool:
    """Whether one cell of a single row takes the whole width."""
    return len(row) == 1 and row[0].colspan == n_cols > 1 and row[0].rowspan == 1


def title_rows(part: TableFragment) -> int:
    """How many rows at the top are one cell over the whole width; never all."""
    return next((i for i, row in enumerate(part.rows()) if not is_full_width(row, part.n_cols)), 0)


def drop_rows(part: TableFragment, count: int) -> TableFragment:
    """The part without its first rows; a cell that reaches into the rest begins there."""
    cells = []
    for cell in part.cells:
        below = cell.row + cell.rowspan - count
        if below > 0:
            cells.append(replace(cell, row=max(0, cell.row - count), rowspan=min(cell.rowspan, below)))
    return TableFragment(part.page, part.xs, part.ys[count:], tuple(cells))


def same_columns(one: TableFragment, other: TableFragment, settings: PdfSettings) -> bool:
    """Whether the columns of two parts may be those of one table.

    They are if both have the same left and right edge and at least half of the inner edges that the narrower has; or
    if all columns but the outer ones stand in the same places; or if all are equally wide, on a page set off sideways.
    """
    if _equally_wide(one.xs, other.xs, settings.edge):
        return True
    if abs(one.xs[0] - other.xs[0]) > settings.edge or abs(one.xs[-1] - other.xs[-1]) > settings.edge:
        inner, others = one.xs[1:-1], other.xs[1:-1]
        return len(inner) == len(others) > 1 and all(
            abs(x - y) <= settings.edge for x, y in zip(inner, others, strict=True)
        )
    fewer, more = sorted((one.xs[1:-1], other.xs[1:-1]), key=len)
    shared = sum(any(abs(x - y) <= settings.edge for y in more) for x in fewer)
    return 2 * shared >= len(fewer)


def _equally_wide(one: Sequence[float], other: Sequence[float], edge: float) -> bool:
    shift = other[0] - one[0]
    return len(one) == len(other) > 3 and all(abs(y - x - shift) <= edge for x, y in zip(one, other, strict=True))


def repeated_rows(table: FragmentedTable, part: TableFragment) -> int:
    """How many rows at the top of a part repeat the header of the table."""
    first = table.parts[0]
    header = count_header_rows(texts_by_row(first.cells, first.n_rows, first.n_cols))
    if not 0 < header < part.n_rows or header > first.n_rows:
        return 0
    return header if _words(first, header) == _words(part, header) else 0


def _words(part: TableFragment, n_rows: int) -> list[list[str]]:
    return [["".join(cell.text.split()) for cell in row if cell.text] for row in part.rows()[:n_rows]]


def begins_anew(table: FragmentedTable, part: TableFragment, settings: PdfSettings) -> bool:
    """Whether a part begins with a header of its own: a row full of words, where the rows above are full of figures."""
    rows = [row for known in table.parts for row in known.rows()]
    figures = [any(map(_is_figure, row)) for row in rows]
    first = figures.index(True) if any(figures) else len(rows)
    body = figures[first:]
    return (
        0 < first < len(rows)
        and sum(body) >= settings.mostly * len(body)
        and _is_wordy(part.rows()[0], part.n_cols)
        and not any(_is_wordy(row, part.n_cols) for row in rows[first:])
    )


def _is_wordy(row: Sequence[FragmentCell], n_cols: int) -> bool:
    return (
        n_cols > 1
        and sum(cell.colspan for cell in row) == n_cols
        and all(cell.text and not is_numeric(cell.text) for cell in row)
    )


def prints_again(table: FragmentedTable, part: TableFragment) -> bool:
    """Whether every row of a part with figures stands in the table already: it was printed twice."""
    known = [words for p in table.parts for words in _words(p, p.n_rows)]
    figures = [row for row in _words(part, part.n_rows) if any(parse_amount(text) for text in row)]
    return bool(figures) and all(row in known for row in figures)


def join_parts(table: FragmentedTable, settings: PdfSettings) -> JoinedTable:
    """The whole table. Its columns lie between all edges that any part has; repeated headers are dropped."""
    edges = _union([part.xs for part in table.parts], settings.edge)
    first, *others = table.parts
    rows = _Rows(first.n_rows, _placed(first, edges[0]))
    n_cols = len(set().union(*(m.values() for m in edges))) - 1
    for part, columns in zip(others, edges[1:], strict=True):
        part = drop_rows(part, repeated_rows(table, part))
        _append(rows, part.n_rows, _placed(part, columns), settings)
    return JoinedTable(rows.n_rows, n_cols, tuple(sorted(rows.cells, key=lambda c: (c.row, c.col))), tuple(rows.issues))


def _union(parts: Sequence[Sequence[float]], edge: float) -> list[dict[int, int]]:
    """For each part, the number of each of its edges among the edges of all parts together; outer edges are one."""
    first = parts[0]
    places = list(first)
    owned: list[list[float]] = [list(first)]
    for xs in parts[1:]:
        if _equally_wide(first, xs, edge):
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
    """Add the rows of the next page. A first row without words is what the page left of the row above."""
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
    """The row that a page edge broke, its cells joined; None unless that is safe.

    Safe: both have the same cells; figures stand above only or below only; words go on below where the line above them
    was full, ended no sentence and no item follows, and something else shows that it is the same row (`_is_same_row`).
    """
    upper, lower = ({(c.col, c.colspan): c for c in row} for row in (above, below))
    if upper.keys() != lower.keys() or not any(cell.text for cell in above):
        return None
    if any(map(_is_figure, above)) and any(map(_is_figure, below)):
        return None
    joined = []
    going_on = []
    for place, cell in upper.items():
        rest = lower[place]
        if not rest.text:
            joined.append(cell)
        elif not cell.text and _is_figure(rest):
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
    """Whether more than full lines shows that the page broke a row.

    The words above begin an item, as those below do not. Or another cell names the row above and is blank below, and
    either figures stand on one side or the words have wrapped before.
    """
    if any(begins_item(cell.text) for cell in going_on):
        return True
    first = min(cell.col for cell in going_on)
    named = any(
        cell.text
        and cell.rowspan == 1
        and not lower[cell.col, cell.colspan].text
        and (cell.col < first or not _is_figure(cell))
        for cell in above
    )
    figures = any(map(_is_figure, above)) or any(map(_is_figure, lower.values()))
    return named and (figures or any(len(cell.lines) > 1 for cell in going_on))


def _is_figure(cell: FragmentCell) -> bool:
    return parse_amount(cell.text) is not None


def _goes_on(cell: FragmentCell, rest: FragmentCell, settings: PdfSettings) -> bool:
    if is_numeric(cell.text) or is_numeric(rest.text) or cell.text[-1] in _SENTENCE_ENDS or begins_item(rest.text):
        return False
    last, line = cell.lines[-1], rest.lines[0]
    return fills(last, line, cell.box[2] - cell.box[0], _padding_ems(cell, line, settings), settings)


def _padding_ems(cell: FragmentCell, line: Line, settings: PdfSettings) -> float:
    """The room that a cell keeps free: where its words begin at the same distance from its left edge, twice that."""
    last = cell.lines[-1]
    if abs(last.box[0] - line.box[0]) > settings.snap or line.box[2] > last.box[2] - settings.snap:
        return settings.padding_ems
    return max(settings.padding_ems, min(settings.margin_ems, 2 * (last.box[0] - cell.box[0]) / last.em))
