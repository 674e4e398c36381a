"""Read the row headers of a table: find the data rows, and assign their codes and names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from converters.model.amounts import is_blank, parse_amount
from converters.model.document import Cell, Grid, Issue
from converters.model.document_context import DocumentContext
from converters.recognition.headers import CODE, CODE_PARTS, HOLDER, ITEM, NAME, ORDINAL, Column
from converters.recognition.project_rows import find_project_column, read_project_rows
from converters.recognition.row_codes import (
    code_parts,
    find_unit_columns,
    inherit,
    name_units,
    place_code,
    split_glued_code,
    without_brackets,
)
from converters.recognition.row_names import Outline, is_total, place_name, place_nested, place_phases
from converters.recognition.table_parts import RowHeader, cell_of_role, name_of, text_of
from ontology.locators import Locator
from ontology.text import clean_label
from ontology.vocabulary import TableBlock, Vocabulary

_DIGIT = re.compile(r"\d")


def read_row_headers(
    grid: Grid,
    columns: Sequence[Column],
    block: TableBlock,
    fixed: Mapping[str, str],
    context: DocumentContext,
) -> list[RowHeader]:
    """Read the headers of the data rows of a block of columns, in order; an unknown header carries an issue."""
    columns = _with_codes_of_rows(columns)
    outline = Outline()
    row_headers: list[RowHeader] = []
    names = _name_columns(columns)
    units = find_unit_columns(columns, block)
    parts: tuple[str, ...] = ()
    group: RowHeader | None = None
    rows = [row for row in grid.body if not _repeats_header(grid, row)]
    rows = [row for row in rows if not numbers_columns(grid, row, context.vocabulary)]
    named = find_project_column(grid, columns, block, context.vocabulary)
    if named is not None:
        return read_project_rows(grid, rows, columns, named, context.vocabulary)
    for row in rows:
        own = columns if units is None else units.of_row(grid, row)
        texts = _key_cells(grid, row, columns, own)
        code = text_of(texts[CODE])
        row_header = RowHeader(row, code=code and without_brackets(code), holder=text_of(texts[HOLDER]))
        label = texts[NAME] or texts[ITEM]
        if row_header.code and (label is texts[CODE] or (not label and not _DIGIT.search(row_header.code))):
            row_header.code, label = None, texts[CODE]
        elif row_header.code and any(CODE_PARTS[0] in column.roles for column in own):
            parts = code_parts(grid, row, own, parts, context.vocabulary)
            row_header.code = "".join(parts) or None
        row_header.label = name_of(label) or ""
        _split_code_in_place(row_header, block, context.vocabulary)
        row_header.code_cell, row_header.name_cell = texts[CODE], label
        if row_header.code:
            place_code(row_header, texts[CODE], own, block, context.vocabulary)
        elif len(names) > 1:
            cells = [grid.covering.get((row, number)) for number in names]
            group = place_nested(row_header, group, cells, block, fixed, context)
        elif row_header.label:
            place_name(row_header, label, block, fixed, context, outline)
        elif row not in (grid.body[0], grid.body[-1]) or _has_words(grid, row, columns):
            row_header.issue = Issue("row-without-head", _locator(grid, row))
        row_headers.append(row_header)
    name_units(row_headers, units, grid, context.vocabulary)
    place_phases(row_headers, context.vocabulary)
    inherit(row_headers, block, context.vocabulary)
    _settle_totals(row_headers, grid, block, fixed, context)
    return row_headers


def _key_cells(grid: Grid, row: int, columns: Sequence[Column], own: Sequence[Column]) -> dict[str, Cell | None]:
    """Return the cells that identify a row, by role; codes and names stand in `own` of the columns."""
    items = [column for column in columns if CODE not in column.roles] if _names_beside_codes(columns) else columns
    cells = {role: cell_of_role(grid, row, own, role) for role in (CODE, NAME)}
    if cells[CODE] is not None and own is columns:
        cells[NAME] = cell_of_role(grid, row, _without_names_before_codes(columns), NAME)
    return {
        **cells,
        HOLDER: cell_of_role(grid, row, columns, HOLDER),
        ITEM: cell_of_role(grid, row, items, ITEM),
    }


def _split_code_in_place(row_header: RowHeader, block: TableBlock, vocabulary: Vocabulary) -> None:
    """Split a code and a name printed in one cell, in place."""
    glued = split_glued_code(row_header.code or row_header.label, block, vocabulary)
    if glued is not None:
        row_header.label = row_header.label if row_header.code and row_header.label else glued[1]
        row_header.code = glued[0]


def _has_words(grid: Grid, row: int, columns: Sequence[Column]) -> bool:
    """Whether a row without header has words in an unknown column, and so is not an unlabelled total."""
    texts = (grid.text(row, column.number) for column in columns if column.unplaced)
    return any(not is_blank(text) and parse_amount(text) is None for text in texts)


def _settle_totals(
    row_headers: Sequence[RowHeader],
    grid: Grid,
    block: TableBlock,
    fixed: Mapping[str, str],
    context: DocumentContext,
) -> None:
    """Place the total of an incomplete list of parts (三公) at the lowest common ancestor of the rows, in place.

    If only the top concept is a common ancestor, the place of the total is unknown and becomes an issue.
    """
    for dimension in set(block.row_dimensions) - fixed.keys():
        top = context.vocabulary.concepts.get(context.vocabulary.dimensions[dimension].top or "")
        below = {h.places[dimension] for h in row_headers if h.issue is None and dimension in h.places}
        if top is None or not top.parts_incomplete or not below:
            continue
        above = context.hierarchy.lowest_common_ancestor(sorted(below))
        for row_header in row_headers:
            if row_header.code is not None or dimension in row_header.places:
                continue
            if is_total(row_header.label, context.vocabulary):
                if above is None or above == top.key:
                    row_header.issue = Issue("unknown-row", _locator(grid, row_header.row), {"word": row_header.label})
                else:
                    row_header.places[dimension] = above


def _name_columns(columns: Sequence[Column]) -> list[int]:
    """The columns with names of rows; empty if the table has a code column."""
    if any(CODE in column.roles for column in columns):
        return []
    return [column.number for column in columns if column.roles & {NAME, ITEM}]


def _with_codes_of_rows(columns: Sequence[Column]) -> list[Column]:
    """The columns with those of a second classification left out, and parts of codes marked as codes.

    A table may print the codes and names of two classifications side by side; the first names the rows.
    """
    starts = [index for index, column in enumerate(columns) if CODE_PARTS[0] in column.roles]
    beyond = columns[starts[1] :] if len(starts) > 1 else ()
    second = {column.number for column in takewhile(lambda column: column.is_key, beyond)}
    return [
        replace(column, roles=column.roles | {CODE}) if column.roles & set(CODE_PARTS) else column
        for column in columns
        if column.number not in second
    ]


def _without_names_before_codes(columns: Sequence[Column]) -> Sequence[Column]:
    """The columns without names before the codes if names follow the codes: 单位名称, 科目编码, 科目名称.

    The names before the codes are those of offices.
    """
    first = next((index for index, column in enumerate(columns) if CODE in column.roles), 0)
    if not any(column.roles & {NAME} and CODE not in column.roles for column in columns[first:]):
        return columns
    return [c for i, c in enumerate(columns) if i >= first or NAME not in c.roles]


def _names_beside_codes(columns: Sequence[Column]) -> bool:
    """Return whether a column without codes names rows, so that a header above codes and names (项目) is no name."""
    return any(column.roles & {NAME, ITEM} and CODE not in column.roles for column in columns)


def _repeats_header(grid: Grid, row: int) -> bool:
    """Whether a row repeats the header, as after a page break."""
    cells = [cell for cell in grid.row(row) if cell.text.strip()]
    return bool(cells) and any(
        all(clean_label(grid.text(header, cell.col)) == clean_label(cell.text) for cell in cells)
        for header in grid.header
    )


def numbers_columns(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    """Return whether the first row below the header only numbers the columns (1, 2, 3), with or without a label."""
    if row != grid.body.start:
        return False
    texts = [cell.text for cell in grid.row(row) if cell.text.strip()]
    printed = [text for text in texts if not _is_ordinal(text, vocabulary)]
    amounts = [parse_amount(text) for text in printed]
    values = [amount.value for amount in amounts if amount is not None]
    counted = len(values) == len(printed) and all(b - a == 1 for a, b in pairwise(values))
    return counted and len(values) >= (1 if len(printed) < len(texts) else 2)


def _is_ordinal(text: str, vocabulary: Vocabulary) -> bool:
    return any(meaning.role == ORDINAL for meaning in vocabulary.meanings.get(clean_label(text), ()))


def _locator(grid: Grid, row: int) -> Locator:
    return next((cell.locator for cell in grid.row(row)), Locator())
