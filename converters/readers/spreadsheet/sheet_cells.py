"""Text and tables of a sheet: the extent of each table, hidden parts left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from converters.model.document import Cell, DocumentError, Issue, TextBlock
from converters.readers.raw_tables import RawTable, cell_to_blocks
from converters.recognition.captions import is_caption_line, is_titled
from ontology.locators import Locator
from ontology.vocabulary import Vocabulary

MOST_CELLS = 2_000_000
"""Cells that a sheet may span; the largest real ones have some ten thousand."""
_LONGEST_CAPTION = 6
CellAddress = tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """A sheet: displayed texts by (row, column), merged ranges by their top left cell as (rows, columns)."""

    name: str
    texts: Mapping[CellAddress, str]
    spans: Mapping[CellAddress, tuple[int, int]] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def reference(self, row: int, col: int) -> str:
        """Return the address of a cell: `Sheet1!B4`."""
        return f"{self.name}!{column_letters(col)}{row}"


def column_letters(number: int) -> str:
    """Return the letters of a column, counted from 1: 28 is `AB`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheets_to_flow(
    path: Path, sheets: Iterable[Sheet], vocabulary: Vocabulary
) -> tuple[list[TextBlock | RawTable], list[Issue]]:
    """Return the text and tables of the visible sheets; hidden parts are reported as issues.

    Raise DocumentError for a sheet whose cells with text span more rows and columns than any disclosure has.
    """
    flow: list[TextBlock | RawTable] = []
    issues: list[Issue] = []
    for sheet in sheets:
        if sheet.hidden:
            if any(text.strip() for text in sheet.texts.values()):
                issues.append(Issue("sheet-hidden", Locator(), {"sheet": sheet.name}))
            continue
        if _area(sheet) > MOST_CELLS:
            raise DocumentError("sheet-too-large", file=path, sheet=sheet.name)
        flow += _sheet_to_flow(sheet, vocabulary)
        issues += _hidden_parts(sheet)
    return flow, issues


def _area(sheet: Sheet) -> int:
    """Return the number of cells between the first and the last with text."""
    worded = [place for place, text in sheet.texts.items() if text.strip()]
    return max((row for row, _ in worded), default=0) * max((col for _, col in worded), default=0)


def _hidden_parts(sheet: Sheet) -> Iterator[Issue]:
    rows = {row for (row, _), text in sheet.texts.items() if text.strip() and row in sheet.hidden_rows}
    columns = {col for (_, col), text in sheet.texts.items() if text.strip() and col in sheet.hidden_columns}
    if rows:
        yield Issue("rows-hidden", Locator(), {"sheet": sheet.name, "rows": tuple(sorted(rows))})
    if columns:
        letters = tuple(column_letters(col) for col in sorted(columns))
        yield Issue("columns-hidden", Locator(), {"sheet": sheet.name, "columns": letters})


def _sheet_to_flow(sheet: Sheet, vocabulary: Vocabulary) -> Iterator[TextBlock | RawTable]:
    rows = _rows(sheet)
    name = TextBlock(sheet.name, Locator(reference=sheet.name))
    for group in _groups(rows, vocabulary):
        tables = [number for number, row in enumerate(group) if _is_table_row(row, vocabulary)]
        if not tables:
            yield from (block for row in group for cell in row for block in cell_to_blocks(cell))
            continue
        start = max(0, tables[0] - _LONGEST_CAPTION)
        yield from (block for row in group[:start] for cell in row for block in cell_to_blocks(cell))
        yield _table(group[start:], name)


def _rows(sheet: Sheet) -> list[list[Cell]]:
    """Return the cells of visible rows, from the first to the last with text, a merged cell at its top left."""
    worded = [place for place, text in sheet.texts.items() if text.strip()]
    last_row = max((row for row, _ in worded), default=0)
    last_col = max((col for _, col in worded), default=0)
    shown_rows = [row for row in range(1, last_row + 1) if row not in sheet.hidden_rows]
    shown_cols = [col for col in range(1, last_col + 1) if col not in sheet.hidden_columns]
    covered: set[CellAddress] = set()
    for (top, left), (height, width) in sheet.spans.items():
        bottom, right = min(top + height - 1, last_row), min(left + width - 1, last_col)
        places = ((row, col) for row in range(top, bottom + 1) for col in range(left, right + 1))
        covered.update(place for place in places if place != (top, left))
    rows: list[list[Cell]] = [[] for _ in shown_rows]
    for number, row in enumerate(shown_rows, start=1):
        for index, col in enumerate(shown_cols, start=1):
            if (row, col) in covered:
                continue
            height, width = sheet.spans.get((row, col), (1, 1))
            tall = 1 if height == 1 else bisect_left(shown_rows, row + height) - number + 1
            wide = 1 if width == 1 else bisect_left(shown_cols, col + width) - index + 1
            text = sheet.texts.get((row, col), "").strip()
            rows[number - 1].append(Cell(number, index, text, Locator(reference=sheet.reference(row, col)), tall, wide))
    return rows


def _groups(rows: Sequence[Sequence[Cell]], vocabulary: Vocabulary) -> Iterator[list[Sequence[Cell]]]:
    """Yield groups of rows: a table with its caption and notes, or text.

    A blank row ends a table if text follows it; the title of another table ends it too.
    """
    group: list[Sequence[Cell]] = []
    blank = False
    for row in rows:
        texts = [cell.text for cell in row if cell.text]
        if not texts:
            blank = blank or not any(cell.rowspan > 1 for earlier in group for cell in earlier if _reaches(cell, row))
            continue
        begun = any(_is_table_row(earlier, vocabulary) for earlier in group)
        is_text = len(texts) == 1 or is_caption_line(texts, vocabulary)
        if begun and is_text and (blank or (len(texts) == 1 and is_titled(texts[0], vocabulary))):
            yield group
            group = []
        group.append(row)
        blank = False
    if group:
        yield group


def _reaches(cell: Cell, row: Sequence[Cell]) -> bool:
    return bool(row) and cell.row + cell.rowspan > row[0].row


def _is_table_row(row: Sequence[Cell], vocabulary: Vocabulary) -> bool:
    texts = [cell.text for cell in row if cell.text]
    return len(texts) > 1 and not is_caption_line(texts, vocabulary)


def _table(group: Sequence[Sequence[Cell]], name: TextBlock) -> RawTable:
    top = group[0][0].row
    numbers = {row: row - top + 1 for row in range(top, group[-1][0].row + 1)}
    last = len(numbers)
    cells = []
    for row in group:
        for cell in row:
            number = numbers[cell.row]
            tall = min(cell.rowspan, last - number + 1)
            cells.append(Cell(number, cell.col, cell.text, cell.locator, tall, cell.colspan))
    width = max((cell.col + cell.colspan - 1 for cell in cells), default=0)
    return RawTable(last, width, tuple(cells), loose=True, name=name)
