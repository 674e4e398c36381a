"""Blank cells of totals: cells without a number whose row or column has figures of what they are the whole of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from converters.entities.disclosure_context import DisclosureContext
from converters.model.document import Cell
from converters.model.hierarchy import Hierarchy
from converters.model.observation import Observation
from converters.recognition.headers import Column
from converters.recognition.personal_data import WITHHELD
from converters.recognition.table_parts import RowHeader, TablePart
from converters.tables.cells import TableContext
from converters.tables.coordinates import missing_dimension, place_cell, resolve_row_header

_NOTHING = Decimal(0)
_COUNTING = frozenset({"quantity", "stock", "quota"})
"""The measures that count things, which may be of several kinds, so that a total need not print how many they are."""


def find_blank_totals(
    part: TablePart, table_context: TableContext, read: Iterable[Observation], context: DisclosureContext
) -> Iterator[Observation]:
    """Yield the blank cells of a part of a table that are wholes of figures in their row or column.

    Quantities are left out: a total of three computers and two lorries has none. `read` are the figures of the part.
    The results are observations without an amount.
    """
    vocabulary = context.vocabulary
    filled = {(o.row, o.column) for o in read if o.amount}
    added = vocabulary.comparable_measures - _COUNTING
    columns = [c for c in part.columns if c.holds_figures and c.path and c.measure.removeprefix("def#") in added]
    headers = [h for h in part.row_headers if h.issue is None and h.line is None]
    blank = [(h, c, cell) for h in headers for c in columns if (cell := _blank(table_context, h, c)) is not None]
    if not filled or not blank:
        return
    places = {h.row: resolve_row_header(h, context) for h in headers}
    below = {h.row: _narrower(h.row, places, context.hierarchy) for h, _, _ in blank}
    beside = {c.number: _narrower(c.number, {o.number: o.places for o in columns}, context.hierarchy) for c in columns}
    for header, column, cell in blank:
        parts = {(row, column.number) for row in below[header.row]}
        parts |= {(header.row, number) for number in beside[column.number]}
        fixed = {**part.block.fixes, **table_context.places}
        coordinates, conflict = place_cell(column.places, places[header.row], fixed, context)
        if conflict or not parts & filled or missing_dimension(coordinates, vocabulary) is not None:
            continue
        yield Observation(
            table=table_context.name,
            row=cell.row,
            column=cell.col,
            coordinates=coordinates,
            amount=None,
            precision=_NOTHING,
            printed="",
            unit="",
            row_code=header.code,
            row_label=header.label,
            column_label=column.label,
            locator=cell.locator,
        )


def _blank(table_context: TableContext, header: RowHeader, column: Column) -> Cell | None:
    """Return the cell of a row and a column if nothing is printed in it; a merged cell is none of its own."""
    cell = table_context.grid.covering.get((header.row, column.number))
    empty = cell is not None and not cell.text.strip() and WITHHELD not in cell.flags
    return cell if cell is not None and empty and cell.rowspan == cell.colspan == 1 else None


def _narrower(wide: int, places: Mapping[int, Mapping[str, str]], hierarchy: Hierarchy) -> frozenset[int]:
    """Return the numbers of rows or columns whose coordinates may be strictly within those of row or column `wide`.

    A dimension that a part does not set may be implied by the flow; sums compare complete coordinates.
    """
    whole = places[wide]
    return frozenset(
        number
        for number, part in places.items()
        if part != whole and all(d not in part or hierarchy.is_within(part[d], c) for d, c in whole.items())
    )
