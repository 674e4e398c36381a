"""Tables of web pages: the position of each cell by the HTML table model (rowspan and colspan)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import html

from converters.model.document import Cell
from converters.readers.raw_tables import RawTable
from converters.readers.web.navigation import is_left_out
from ontology.locators import Locator

_MOST_COLUMNS = 1000
_SECTIONS = ("thead", "tbody", "tfoot")
MOST_PLACES = 2_000_000
"""The greatest number of row and column positions that the cells of a table may cover."""


class TableTooLargeError(ValueError):
    """A table whose cells span more places than any disclosure has."""


def read_table(table: html.HtmlElement, number: int, text: Callable[[html.HtmlElement], str]) -> RawTable:
    """Return the cells of a table, the table `number` of its page.

    `text` returns the displayed text of a cell. Raise TableTooLargeError if the spans of the cells are too large.
    """
    cells: list[Cell] = []
    row = width = covered = 0
    for section in _sections(table):
        taken: set[tuple[int, int]] = set()
        last = row + len(section)
        for element in section:
            row += 1
            col = 1
            for index, raw in enumerate(_cells(element), start=1):
                while (row, col) in taken:
                    col += 1
                rowspan = _span(raw, "rowspan")
                tall = min(rowspan or last, last - row + 1)
                wide = min(max(1, _span(raw, "colspan")), _MOST_COLUMNS)
                wide = next((n for n in range(1, wide) if (row, col + n) in taken), wide)
                covered += tall * wide
                if covered > MOST_PLACES:
                    raise TableTooLargeError
                taken.update((r, c) for r in range(row, row + tall) for c in range(col, col + wide))
                cells.append(Cell(row, col, text(raw), Locator(table=number, line=row, field=index), tall, wide))
                col += wide
            width = max(width, col - 1)
    return RawTable(row, width, tuple(_clipped(cells)))


def _clipped(cells: list[Cell]) -> Iterator[Cell]:
    """Yield the cells without overlaps: a cell ends above the next cell in its columns."""
    begun = {(cell.row, cell.col) for cell in cells}
    for cell in cells:
        tall = next((n for n in range(1, cell.rowspan) if (cell.row + n, cell.col) in begun), cell.rowspan)
        yield replace(cell, rowspan=tall)


def _sections(table: html.HtmlElement) -> list[list[html.HtmlElement]]:
    """Return the displayed rows by section: head first, foot last; rows outside all sections form one section."""
    grouped: dict[str, list[list[html.HtmlElement]]] = {name: [] for name in _SECTIONS}
    loose: list[html.HtmlElement] = []
    for child in table:
        if child.tag in grouped and not is_left_out(child):
            grouped[str(child.tag)].append([row for row in child if row.tag == "tr" and not _is_hidden(row)])
        elif child.tag == "tr" and not _is_hidden(child):
            loose.append(child)
    return [*grouped["thead"], *([loose] if loose else []), *grouped["tbody"], *grouped["tfoot"]]


def _cells(row: html.HtmlElement) -> list[html.HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th") and not _is_hidden(cell)]


def _is_hidden(element: html.HtmlElement) -> bool:
    return element.get("hidden") is not None or "display:none" in "".join(element.get("style", "").lower().split())


def _span(cell: html.HtmlElement, name: str) -> int:
    """Return a span attribute, 1 if missing or invalid; 0 extends to the end of the section."""
    value = cell.get(name, "1").strip()
    return int(value) if value.isdecimal() and len(value) < 8 else 1
