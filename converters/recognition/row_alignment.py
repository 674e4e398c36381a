"""Detect rows shifted sideways by text extraction, by the content of their cells, and move them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from converters.model.amounts import is_blank
from converters.model.document import SHIFTED, Cell, Grid, Issue
from converters.model.figures import parse_figure
from converters.recognition.attribute_values import fill_text
from converters.recognition.headers import KEY_ROLES, Column
from converters.recognition.personal_data import MASK
from ontology.vocabulary import TableBlock, Vocabulary

_SHIFTS = (1, -1, 2, -2)
_PERCENTAGES = frozenset({"def#share", "def#executionRate"})
_PERCENT = "code/unit/percent"


def align_rows(
    grid: Grid,
    columns: Sequence[Column],
    block: TableBlock,
    title: str,
    vocabulary: Vocabulary,
    words_beside: bool = False,
) -> tuple[Grid, list[Issue]]:
    """Return the grid with shifted rows moved back, and an issue for each moved row.

    A row that does not fit its columns is moved by one or two cells, beginning with the first cell that makes the row
    fit. A row that would fit after a move in either direction is left alone. With `words_beside`, the words of a moved
    row are placed next to its figures.
    """
    issues: list[Issue] = []
    moved: dict[int, list[Cell]] = {}
    for row in grid.body:
        cells = [cell for cell in grid.row(row) if cell.text.strip()]
        if any(cell.rowspan > 1 for cell in cells) or _fits(cells, columns, block, vocabulary):
            continue
        found = {shift: placed for shift in _SHIFTS if (placed := _slide(cells, shift, columns, block, vocabulary))}
        shift = next(iter(found), 0)
        if shift and -shift not in found:
            placed = found[shift]
            moved[row] = _beside_figures(placed, columns, vocabulary) if words_beside else placed
            start = next(cell for cell in placed if SHIFTED in cell.flags)
            issues.append(Issue("row-shifted", start.locator, {"title": title, "count": abs(shift)}))
    if not moved:
        return grid, []
    kept = [cell for cell in grid.cells if cell.row not in moved]
    empty = [
        Cell(row, col, "", cells[0].locator)
        for row, cells in moved.items()
        for col in range(1, grid.n_cols + 1)
        if col not in {cell.col for cell in cells}
    ]
    repaired = [*kept, *(cell for cells in moved.values() for cell in cells), *empty]
    return replace(grid, cells=tuple(sorted(repaired, key=lambda cell: (cell.row, cell.col)))), issues


def _slide(
    cells: Sequence[Cell], shift: int, columns: Sequence[Column], block: TableBlock, vocabulary: Vocabulary
) -> list[Cell] | None:
    """The row moved by `shift` from the first cell that makes it fit, None if no cell does.

    Codes and names of rows stay within the columns for codes and names.
    """
    numbers = {column.number for column in columns}
    key_columns = {column.number for column in columns if column.roles & KEY_ROLES}
    for start in range(len(cells)):
        moved = [replace(cell, col=cell.col + shift, flags=cell.flags | {SHIFTED}) for cell in cells[start:]]
        row = [*cells[:start], *moved]
        stays = all(one.col < other.col for one, other in pairwise(row)) and all(cell.col in numbers for cell in moved)
        leaves_keys = any(cell.col in key_columns and cell.col + shift not in key_columns for cell in cells[start:])
        if stays and not leaves_keys and _fits(row, columns, block, vocabulary):
            return row
    return None


def _fits(cells: Sequence[Cell], columns: Sequence[Column], block: TableBlock, vocabulary: Vocabulary) -> bool:
    """Whether every cell suits its column."""
    by_number = {column.number: column for column in columns}
    placed = ((cell, by_number[cell.col]) for cell in cells if cell.col in by_number)
    return all(_suits(cell.text, column, block, vocabulary) for cell, column in placed)


def _suits(text: str, column: Column, block: TableBlock, vocabulary: Vocabulary) -> bool:
    """Whether a text suits a column: figures in a column of figures, shares in a column of shares, else words."""
    if is_blank(text) or text == MASK or column.roles & KEY_ROLES:
        return True
    figure = parse_figure(text, vocabulary)
    if column.holds_figures:
        measure = column.places.get("measure")
        is_share = figure is not None and figure.unit == _PERCENT
        return measure in vocabulary.worded_classes or (figure is not None and is_share == (measure in _PERCENTAGES))
    attribute = column.attribute
    if figure is None or attribute is None:
        return figure is None
    if attribute.dimension is not None:
        return fill_text(attribute, text, vocabulary)[0] is not None
    return attribute.scheme is None and attribute.key not in block.named_by


def _beside_figures(cells: Sequence[Cell], columns: Sequence[Column], vocabulary: Vocabulary) -> list[Cell]:
    """The cells with their words moved to the columns right before the first column of figures."""
    first = min(column.number for column in columns if column.holds_figures)
    words = [cell for cell in cells if cell.col < first and parse_figure(cell.text, vocabulary) is None]
    start = first - len(words)
    return [replace(cell, col=start + words.index(cell)) if cell in words else cell for cell in cells]
