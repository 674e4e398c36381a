"""The lines and tables of a notice in reading order, whatever the format of its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from converters.model.document import Document, Grid, TextBlock
from converters.procurement.labels import find_role
from converters.procurement.run_on_text import unfold
from converters.procurement.values.names import ends_as_organisation
from ontology.locators import Locator
from ontology.procurement.notice_words import NoticeWords, load_notice_words

_BAR = "|"
_LEAST_CELLS = 3
_ORDINAL, _SUPPLIER, _AMOUNT = "ordinal", "supplier", "amount"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A line of text and its place."""

    text: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class NoticeTable:
    """The rows of a table, each of equal length, and the places of the rows."""

    rows: tuple[tuple[str, ...], ...]
    locators: tuple[Locator, ...]


NoticeFlow = tuple[NoticeLine | NoticeTable, ...]


def document_to_flow(document: Document) -> NoticeFlow:
    """Return the content of a document in order. Lines of cells between bars (`| 包号 | 名称 |`) are tables too.

    So are cells that stand one below the other, a line each, behind a line for each label of the header.
    """
    return tuple(_join_cells(list(_join_bars(_join_row_cells(_in_order(document))))))


def _in_order(document: Document) -> Iterator[TextBlock | NoticeTable]:
    """Yield the blocks and the tables between them.

    Lines and boxes on pages give the order. Without them, the text between two tables is divided into notes of the
    first and the heading of the second, whose numbers of blocks give the position of each table.
    """
    if document.blocks and all(block.locator.page is not None and block.locator.bbox for block in document.blocks):
        boxed: list[tuple[tuple[int, float], TextBlock | NoticeTable]] = [
            (_position(block.locator), block) for block in document.blocks
        ]
        boxed += [(min(_position(c.locator) for c in g.cells), _to_table(g)) for g in document.grids if g.cells]
        yield from (part for _, part in sorted(boxed, key=lambda pair: pair[0]))
        return
    if all(block.locator.line is not None and block.locator.table is None for block in document.blocks):
        placed: list[tuple[int, TextBlock | NoticeTable]] = [(b.locator.line or 0, b) for b in document.blocks]
        placed += [(_first_line(grid), _to_table(grid)) for grid in document.grids if grid.cells]
        yield from (part for _, part in sorted(placed, key=lambda pair: pair[0]))
        return
    positions: list[int] = []
    end = len(document.blocks)
    for grid in reversed(document.grids):
        end = max(0, end - len(grid.notes))
        positions.insert(0, end)
        end = max(0, end - len(grid.heading))
    start = 0
    for grid, position in zip(document.grids, positions, strict=True):
        yield from document.blocks[start:position]
        yield _to_table(grid)
        start = max(start, position)
    yield from document.blocks[start:]


def _join_cells(parts: Sequence[NoticeLine | NoticeTable]) -> Iterator[NoticeLine | NoticeTable]:
    """Yield lines and tables; lines that are the cells of a table become one.

    The header begins with an ordinal, and each row with its number; a row is complete, or the table ends before it.
    Lines that are the rows of a table, with spaces between cells, become one too.
    """
    words = load_notice_words()
    position = 0
    while position < len(parts):
        within = _rows_in_line(parts[position], words)
        if within:
            yield NoticeTable(tuple(cells for cells, _ in within), tuple(place for _, place in within))
            position += 1
            continue
        spaced = _spaced_rows(parts, position, words)
        if len(spaced) > 1:
            yield NoticeTable(tuple(cells for cells, _ in spaced), tuple(place for _, place in spaced))
            position += len(spaced)
            continue
        width = 0
        while position + width < len(parts) and _is_label(parts[position + width], words):
            width += 1
        first = parts[position]
        rows = []
        if width >= _LEAST_CELLS and isinstance(first, NoticeLine) and find_role(first.text, None, words) == _ORDINAL:
            rows = _numbered_rows(parts[position + width :], width)
        if not rows:
            yield first
            position += 1
            continue
        table = [[part for part in parts[position : position + width] if isinstance(part, NoticeLine)], *rows]
        texts = tuple(tuple(cell.text for cell in row) for row in table)
        yield NoticeTable(texts, tuple(row[0].locator for row in table))
        position += width * len(table)


def _spaced_rows(
    parts: Sequence[NoticeLine | NoticeTable], position: int, words: NoticeWords
) -> list[tuple[tuple[str, ...], Locator]]:
    """Return the lines from a position on that begin with a header of labels and have as many cells as it.

    Cells stand between spaces.
    """
    rows: list[tuple[tuple[str, ...], Locator]] = []
    for part in (parts[number] for number in range(position, len(parts))):
        cells = tuple(part.text.split()) if isinstance(part, NoticeLine) else ()
        if not rows and (len(cells) < _LEAST_CELLS or any(find_role(cell, None, words) is None for cell in cells)):
            break
        if len(cells) != len(rows[0][0] if rows else cells) or not isinstance(part, NoticeLine):
            break
        rows.append((cells, part.locator))
    return rows


def _rows_in_line(part: NoticeLine | NoticeTable, words: NoticeWords) -> list[tuple[tuple[str, ...], Locator]]:
    """Return the header and the rows of a table in one line, with spaces between cells; nothing for any other line.

    The header begins and ends with known labels; those between may be unknown.
    """
    if isinstance(part, NoticeTable):
        return []
    cells = part.text.split()
    if len(cells) <= _LEAST_CELLS or find_role(cells[0], None, words) is None:
        return []
    roles = [find_role(cell, None, words) for cell in cells]
    known = [number for number, role in enumerate(roles) if role is not None]
    if len(known) < _LEAST_CELLS:
        return []
    width = known[-1] + 1
    if len(cells) == width or len(cells) % width or any(any(map(str.isdigit, cell)) for cell in cells[:width]):
        return []
    rows = [tuple(cells[start : start + width]) for start in range(0, len(cells), width)]
    if not all(_fits(cell, role, words) for row in rows[1:] for cell, role in zip(row, roles, strict=False)):
        return []  # a cell with a space has moved the others
    return [(row, part.locator) for row in rows]


def _fits(cell: str, role: str | None, words: NoticeWords) -> bool:
    """Whether a cell may stand in a column: a supplier ends as organisations do, an amount has digits."""
    if role == _SUPPLIER:
        return ends_as_organisation(cell, words)
    return role != _AMOUNT or any(map(str.isdigit, cell))


def _is_label(part: NoticeLine | NoticeTable, words: NoticeWords) -> bool:
    return isinstance(part, NoticeLine) and find_role(part.text, None, words) is not None


def _numbered_rows(parts: Sequence[NoticeLine | NoticeTable], width: int) -> list[list[NoticeLine]]:
    rows: list[list[NoticeLine]] = []
    while True:
        cells = [part for part in parts[width * len(rows) : width * (len(rows) + 1)] if isinstance(part, NoticeLine)]
        if len(cells) < width or cells[0].text.strip() != str(len(rows) + 1):
            return rows
        rows.append(cells)


def _position(locator: Locator) -> tuple[int, float]:
    """The page of a place and the upper edge of its box on it."""
    return locator.page or 0, locator.bbox[1] if locator.bbox else 0.0


def _first_line(grid: Grid) -> int:
    return min(cell.locator.line or 0 for cell in grid.cells)


def _to_table(grid: Grid) -> NoticeTable:
    numbers = range(grid.first_row, grid.n_rows + 1)
    rows = tuple(tuple(grid.text(row, col) for col in range(1, grid.n_cols + 1)) for row in numbers)
    places = tuple(next((cell.locator for cell in grid.row(row)), Locator()) for row in numbers)
    return NoticeTable(rows, places)


def _join_row_cells(parts: Iterator[TextBlock | NoticeTable]) -> Iterator[TextBlock | NoticeTable]:
    """Yield the parts; the cells of a row become one line where each ends a line, the first between bars (`| 1 |`)."""
    row: TextBlock | None = None
    for part in parts:
        text = part.text.strip() if isinstance(part, TextBlock) else ""
        if row is not None and isinstance(part, TextBlock) and text.endswith(_BAR) and not text.startswith(_BAR):
            row = replace(row, text=f"{row.text} {text}")
            continue
        if row is not None:
            yield row
        row = part if isinstance(part, TextBlock) and text.count(_BAR) == 2 and text.startswith(_BAR) else None
        if row is None:
            yield part
    if row is not None:
        yield row


def _join_bars(parts: Iterator[TextBlock | NoticeTable]) -> Iterator[NoticeLine | NoticeTable]:
    """Yield lines and tables; consecutive lines of cells between bars become a table.

    One line that bars divide but do not enclose (`首页 | 公告 | 正文`) is no table.
    """
    barred: list[TextBlock] = []
    for part in parts:
        if isinstance(part, TextBlock) and _is_barred(part.text):
            barred.append(part)
            continue
        yield from _barred_table(barred)
        barred = []
        if isinstance(part, TextBlock):
            yield from _lines(part)
        else:
            yield part
    yield from _barred_table(barred)


def _is_barred(text: str) -> bool:
    text = text.strip()
    if text.startswith(_BAR) or _is_rule(text):
        return text.count(_BAR) > 2
    return text.count(f" {_BAR} ") > (0 if text.endswith(_BAR) else 1)


def _is_rule(text: str) -> bool:
    """Whether a line divides the header of a table from its rows (`---|---|---`)."""
    return _BAR in text and set(text) <= {*_BAR, ":", "-", " "}


def _lines(block: TextBlock) -> Iterator[NoticeLine]:
    words = load_notice_words()
    for printed in block.text.splitlines():
        text = printed.removesuffix(f" {_BAR}")  # a row of a single cell
        yield from (NoticeLine(line, block.locator) for line in unfold(text, words) if line.strip())


def _barred_table(lines: Sequence[TextBlock]) -> Iterator[NoticeLine | NoticeTable]:
    if len(lines) == 1 and not lines[0].text.startswith(_BAR):
        yield from _lines(lines[0])
        return
    rows = [[cell.strip() for cell in line.text.strip().strip(_BAR).split(_BAR)] for line in lines]
    kept = [(row, line.locator) for row, line in zip(rows, lines, strict=True) if not _is_rule(line.text.strip())]
    if kept:
        width = max(len(row) for row, _ in kept)
        yield NoticeTable(
            tuple((*row, *[""] * (width - len(row))) for row, _ in kept), tuple(locator for _, locator in kept)
        )
