"""Convert rows of lists to records: values, cells and links to groups, forms and goals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from converters.entities.disclosure_context import DisclosureContext
from converters.model.document import Grid
from converters.model.line_breaks import join_name
from converters.model.observation import Entry, PropertyValue, Record
from converters.recognition.attribute_values import FilledAttribute, chosen_option, listed, values_of
from converters.recognition.table_parts import RowHeader, TablePart
from converters.tables.coordinates import resolve_row_header
from ontology.text import clean_label

_LINE_DIMENSIONS = frozenset({"line", "period"})


def line_records(part: TablePart, grid: Grid, form: int | None, context: DisclosureContext) -> Iterator[Record]:
    """Yield the records of the lines of a part; `form` is the row of the form that contains them, if any."""
    rows = {row_header.line: row_header.row for row_header in part.row_headers if row_header.line is not None}
    for row_header in part.row_headers:
        if row_header.line is not None and part.block.row_class is not None:
            places = resolve_row_header(row_header, context)
            group = rows.get(row_header.line.rpartition(".")[0])
            links = (("def#group", group), ("def#form", form), ("def#goal", row_header.under))
            coded = [f for f in row_header.filled if f.attribute.range is None]
            yield Record(
                row=row_header.row,
                kind=part.block.row_class,
                values=(*_dimension_values(places), *_values(row_header.filled, context)),
                links=tuple((name, row) for name, row in links if row is not None),
                entries=tuple(to_entry(f, places, context) for f in coded if f.cells[0].row == row_header.row),
                locator=next(cell.locator for cell in grid.cells if cell.row == row_header.row),
            )


def _dimension_values(places: Mapping[str, str]) -> Iterator[tuple[str, PropertyValue]]:
    return (
        (f"def#{name}", PropertyValue(key, None))
        for name, key in sorted(places.items())
        if name not in _LINE_DIMENSIONS
    )


def _values(filled: Sequence[FilledAttribute], context: DisclosureContext) -> Iterator[tuple[str, PropertyValue]]:
    for cells in filled:
        yield from values_of(cells, context.code_keys, context.vocabulary)


def to_entry(filled: FilledAttribute, places: Mapping[str, str], context: DisclosureContext) -> Entry:
    """Convert a filled cell to an entry; `places` are the coordinates of its record."""
    attribute, cell = filled.attribute, filled.cells[0]
    value = context.code_keys.get((attribute.scheme or "", filled.code or ""))
    if value is None and attribute.scheme is not None:
        value = listed(attribute.scheme, chosen_option(filled.name), context.vocabulary)
    if attribute.dimension is not None:
        value = places.get(attribute.dimension) or (places.get("kind") if attribute.dimension == "project" else None)
    return Entry(cell.row, cell.col, attribute.key, filled.printed, filled.code, filled.name, value, cell.locator)


def row_header_entries(part: TablePart, context: DisclosureContext) -> Iterator[Entry]:
    """Yield entries for the cells with code and name of a row, one entry if both are in one cell.

    Rows that are records are skipped: their cells are entries already.
    """
    for row_header in part.row_headers:
        cell = row_header.name_cell or row_header.code_cell
        own = [d for d, code in row_header.codes.items() if row_header.code and clean_label(row_header.code) == code]
        if cell is None or not own or row_header.line is not None or row_header.issue is not None:
            continue
        [*_, dimension] = own
        code, name = row_header.codes[dimension], row_header.names.get(dimension, row_header.label)
        apart = row_header.code_cell if row_header.code_cell is not None and row_header.code_cell is not cell else None
        code_cell = (apart.row, apart.col) if apart else None
        if apart is not None:
            yield Entry(apart.row, apart.col, None, apart.text.strip(), code, "", None, apart.locator)
        value = resolve_row_header(row_header, context)[dimension]
        yield Entry(cell.row, cell.col, None, cell.text.strip(), code, name, value, cell.locator, code_cell)


def wrapped_cells(row_headers: Sequence[RowHeader]) -> Iterator[tuple[int, int]]:
    """Yield the positions of cells with joined lines, among filled cells and names of rows."""
    for row_header in row_headers:
        yield from ((cell.row, cell.col) for f in row_header.filled for cell in f.cells if f.is_wrapped)
        name = row_header.name_cell
        if name is not None and join_name(name.text) != name.text.strip():
            yield name.row, name.col
