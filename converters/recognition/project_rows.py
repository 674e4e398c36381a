"""Rows of tables of projects without codes: each row is identified by the name in the project column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from converters.model.amounts import is_blank
from converters.model.document import Cell, Grid, Issue
from converters.recognition.headers import CODE, HOLDER, ITEM, NAME, Column
from converters.recognition.label_parts import split_unit
from converters.recognition.row_names import is_total, split_list_mark
from converters.recognition.table_parts import RowHeader, cell_of_role, name_of
from ontology.text import clean_label
from ontology.vocabulary import TableBlock, Vocabulary

_PROJECT, _ORGANISATION, _FUNCTION = "project", "organisation", "function"


def find_project_column(
    grid: Grid, columns: Sequence[Column], block: TableBlock, vocabulary: Vocabulary
) -> Column | None:
    """Return the column with the names of projects, None if the rows have codes of projects or are no projects."""
    if _PROJECT not in block.row_dimensions:
        return None
    named = (column for column in columns if _names(column, vocabulary) == _PROJECT and column.is_key)
    patterns = [pattern for scheme, pattern in vocabulary.patterns if scheme == vocabulary.dimensions[_PROJECT].scheme]
    for column in columns:
        if CODE in column.roles:
            codes = (clean_label(grid.text(row, column.number)) for row in grid.body)
            if _PROJECT in column.code_dimensions or any(p.fullmatch(code) for code in codes for p in patterns):
                return None
    return next(named, None)


def read_project_rows(
    grid: Grid, rows: Sequence[int], columns: Sequence[Column], named: Column, vocabulary: Vocabulary
) -> list[RowHeader]:
    """Return the headers of rows that are identified by the names in the column `named`.

    A name with a list mark is the group of the names with deeper marks, or without, below it. Names that occur more
    than once, without codes that tell the rows apart, are issues.
    """
    row_headers = [_read_row(grid, row, columns, named, vocabulary) for row in rows]
    _join_groups(row_headers, vocabulary)
    counts = Counter(_identity(row_header) for row_header in row_headers if row_header.project is not None)
    for row_header in row_headers:
        if row_header.project is not None and counts[_identity(row_header)] > 1 and row_header.name_cell is not None:
            place = row_header.name_cell.locator
            row_header.issue = Issue("project-row-repeated", place, {"word": row_header.label})
    return row_headers


def _identity(row_header: RowHeader) -> tuple[str | None, ...]:
    return clean_label(row_header.project or ""), *map(row_header.codes.get, (_FUNCTION, _ORGANISATION))


def _read_row(grid: Grid, row: int, columns: Sequence[Column], named: Column, vocabulary: Vocabulary) -> RowHeader:
    cell = grid.covering.get((row, named.number))
    cell = cell if cell is not None and not is_blank(cell.text) else None
    words = [
        text for column in columns if column.is_key and not is_blank(text := grid.text(row, column.number).strip())
    ]
    total = next((word for word in words if is_total(split_list_mark(word, vocabulary)[1], vocabulary)), None)
    holder = _holder(grid, row, columns, vocabulary)
    row_header = RowHeader(row, label=total or name_of(cell) or "", holder=holder, name_cell=cell)
    if total is None:
        _read_unit(row_header, grid, columns, named, vocabulary)
    if total is not None or cell is None:
        if total is None and words and _ORGANISATION not in row_header.codes:
            place = next(c.locator for c in grid.row(row) if c.text.strip())
            row_header.issue = Issue("unknown-row", place, {"word": words[0]})
        return row_header
    row_header.project = split_list_mark(row_header.label, vocabulary)[1]
    code = next(
        (text for c in columns if _FUNCTION in c.code_dimensions and (text := clean_label(grid.text(row, c.number)))),
        "",
    )
    scheme = vocabulary.dimensions[_FUNCTION].scheme
    if scheme and vocabulary.knows_code(scheme, code):
        row_header.codes[_FUNCTION] = code
    return row_header


def _read_unit(
    row_header: RowHeader, grid: Grid, columns: Sequence[Column], named: Column, vocabulary: Vocabulary
) -> None:
    """Add the printed code and name of the unit in a row, in place; a row without a project is that of the unit."""
    coded = next((column for column in columns if column.code_dimensions == {_ORGANISATION}), None)
    code = clean_label(grid.text(row_header.row, coded.number)) if coded is not None else ""
    if coded is None or not dict(vocabulary.patterns)[f"code/{_ORGANISATION}"].fullmatch(code):
        return
    names = (c for c in columns if c.number > coded.number and NAME in c.roles and c is not named)
    name = name_of(next((cell_of_role(grid, row_header.row, [column], NAME) for column in names), None)) or ""
    row_header.codes[_ORGANISATION] = code
    if name:
        row_header.names[_ORGANISATION] = name
    if row_header.name_cell is None:
        row_header.code, row_header.label = code, name


def _holder(grid: Grid, row: int, columns: Sequence[Column], vocabulary: Vocabulary) -> str | None:
    """Return the name of the unit in a row, None if the row names none."""
    offices = [c for c in columns if HOLDER in c.roles or _names(c, vocabulary) == _ORGANISATION]
    cells = (cell_of_role(grid, row, offices, role) for role in (HOLDER, NAME, ITEM))
    name = next((name_of(cell) for cell in cells if cell is not None), None)
    return None if name is None or is_total(name, vocabulary) else name


def _names(column: Column, vocabulary: Vocabulary) -> str | None:
    """Return the dimension whose name is the lowest label of a column."""
    path: tuple[Cell, ...] = column.path
    return vocabulary.dimension_words.get(split_unit(path[-1].text, vocabulary)[0]) if path else None


def _join_groups(row_headers: Sequence[RowHeader], vocabulary: Vocabulary) -> None:
    """Record the group of each row, in place."""
    above: list[tuple[str, str]] = []
    for row_header in row_headers:
        if row_header.project is None:
            continue
        rank = split_list_mark(row_header.label, vocabulary)[0]
        while above and rank is not None and above[-1][0] >= rank:
            above.pop()
        row_header.group = above[-1][1] if above else None
        if rank is not None:
            above.append((rank, row_header.project))
