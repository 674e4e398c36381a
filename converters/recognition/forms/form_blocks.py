"""Blocks of figures inside a form, placed by the words above and to the left of each figure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from converters.model.amounts import is_blank
from converters.model.document import Cell, Grid, Issue
from converters.model.document_context import DocumentContext
from converters.model.figures import parse_figure
from converters.recognition.attribute_values import FilledAttribute, listed
from converters.recognition.header_spans import recover_spans
from converters.recognition.headers import Column, read_columns
from converters.recognition.label_parts import split_unit
from converters.recognition.lists import mint_line
from converters.recognition.row_alignment import align_rows
from converters.recognition.table_parts import RowHeader, TablePart
from ontology.locators import Locator
from ontology.text import clean_label
from ontology.vocabulary import TableBlock, Vocabulary

_REMARK = re.compile(r"(?<=.)\([^()]*\)$")


def read_figures(
    grid: Grid, block: TableBlock, title: str, context: DocumentContext
) -> tuple[list[TablePart], Grid, list[Issue]]:
    """Read a section of a form as parts, one for each run of label columns followed by columns with figures.

    Return the parts, the grid with shifted rows moved back, and issues. A row that names a source of funds is a record
    of the class of the block.
    """
    grid = spread_labels(replace(grid, header_rows=_count_header(grid, block, context)))
    columns = _columns(grid, range(1, grid.n_cols + 1), block, context)
    issues: list[Issue] = []
    if grid.header_rows:
        grid, issues = align_rows(grid, columns, block, title, context.vocabulary, words_beside=True)
    unit = next((unit for cell in grid.cells if (unit := split_unit(cell.text, context.vocabulary)[1])), None)
    parts = []
    for words, figures in _segments(grid, columns, context.vocabulary):
        row_headers = _read_row_headers(grid, words, block, context)
        held = tuple(column for column in columns if column.number in figures)
        parts.append(TablePart(block, held, tuple(row_headers), unit, headless=not grid.header_rows))
    return parts, grid, issues


def block_title(label: str) -> str:
    """Return the cleaned title of a block without a remark in brackets behind it: `预算执行情况(10分)`."""
    return _REMARK.sub("", label)


def spread_labels(grid: Grid) -> Grid:
    """Return the grid with recovered spans of header labels; unchanged if any header cell already has a span."""
    header = [cell for cell in grid.cells if cell.row in grid.header]
    if any(cell.rowspan > 1 or cell.colspan > 1 for cell in header):
        return grid
    texts = [[grid.text(row, col).strip() for col in range(1, grid.n_cols + 1)] for row in grid.header]
    spans = {(row + grid.first_row - 1, col): span for (row, col), span in recover_spans(texts).items()}
    spread = []
    for cell in grid.cells:
        rowspan, colspan = spans.get((cell.row, cell.col), (cell.rowspan, cell.colspan))
        if rowspan:
            spread.append(replace(cell, rowspan=rowspan, colspan=colspan))
    return replace(grid, cells=tuple(spread))


def _columns(grid: Grid, numbers: Sequence[int], block: TableBlock, context: DocumentContext) -> list[Column]:
    return read_columns(grid, numbers, context, block.column_dimensions, block.fixes)


def _count_header(grid: Grid, block: TableBlock, context: DocumentContext) -> int:
    """The number of rows before the first figure if they label a column of figures, else 0."""
    rows = range(grid.first_row, grid.n_rows + 1)
    first = next((row for row in rows if any(_is_figure(cell, context.vocabulary) for cell in grid.row(row))), None)
    if first is None:
        return 0
    headed = replace(grid, header_rows=first - grid.first_row)
    columns = _columns(headed, range(1, grid.n_cols + 1), block, context)
    return headed.header_rows if any(column.holds_figures for column in columns) else 0


def _is_figure(cell: Cell, vocabulary: Vocabulary) -> bool:
    return parse_figure(cell.text, vocabulary) is not None


def _segments(grid: Grid, columns: Sequence[Column], vocabulary: Vocabulary) -> Iterator[tuple[list[int], list[int]]]:
    """Runs of (label columns, columns with figures) from left to right."""
    with_figures = {c.number for c in columns if c.holds_figures and not _names_rows(grid, c.number, vocabulary)} or {
        cell.col for cell in grid.cells if cell.row in grid.body and _is_figure(cell, vocabulary)
    }
    words: list[int] = []
    figures: list[int] = []
    for column in columns:
        if column.number in with_figures:
            figures.append(column.number)
        elif figures:
            yield words, figures
            words, figures = [column.number], []
        else:
            words.append(column.number)
    if figures:
        yield words, figures


def _names_rows(grid: Grid, column: int, vocabulary: Vocabulary) -> bool:
    """Whether a column has words below its header, and no figures."""
    cells = [cell for cell in grid.cells if cell.col == column and cell.row in grid.body and not is_blank(cell.text)]
    return bool(cells) and not any(_is_figure(cell, vocabulary) for cell in cells)


def _read_row_headers(grid: Grid, words: Sequence[int], block: TableBlock, context: DocumentContext) -> list[RowHeader]:
    """The row headers, read like column headers after transposing the label columns."""
    rows = list(grid.body)
    turned = spread_labels(_turn(grid, words, rows, block, context.vocabulary))
    columns = read_columns(turned, range(1, len(rows) + 1), context, block.row_dimensions, block.fixes)
    payer = next((a for a in block.attributes.values() if a.scheme is not None), None)
    row_headers = []
    ordinal = 0
    for row, column in zip(rows, columns, strict=True):
        row_header = RowHeader(row, label=column.label, places=dict(column.places))
        for cell in column.unplaced:
            source = payer and payer.scheme and listed(payer.scheme, cell.text, context.vocabulary)
            if payer is not None and source:
                ordinal += 1
                row_header.line = str(ordinal)
                printed = grid.covering[row, words[cell.row - 1]]
                row_header.filled = (FilledAttribute(payer, (printed,), None, cell.text),)
                row_header.places |= context.vocabulary.implied.get(source, {})
                row_header.places["line"] = mint_line(row_header.line, context)
            else:
                row_header.issue = Issue("unknown-row", cell.locator, {"word": cell.text})
        row_headers.append(row_header)
    _share_period(row_headers, context.vocabulary)
    _tell_apart(row_headers, grid)
    return row_headers


def _tell_apart(row_headers: Sequence[RowHeader], grid: Grid) -> None:
    """Add an issue to rows of different names that have the same meaning (单位资金, 其他资金), in place."""
    alike: dict[frozenset[tuple[str, str]], list[RowHeader]] = defaultdict(list)
    for row_header in row_headers:
        if row_header.line is None and row_header.issue is None and row_header.label:
            alike[frozenset(row_header.places.items())].append(row_header)
    for same in alike.values():
        for row_header in same:
            other = next((h.label for h in same if clean_label(h.label) != clean_label(row_header.label)), None)
            if other is not None:
                place = next((cell.locator for cell in grid.row(row_header.row)), Locator())
                row_header.issue = Issue("rows-alike", place, {"word": row_header.label, "other": other})


def _turn(grid: Grid, words: Sequence[int], rows: Sequence[int], block: TableBlock, vocabulary: Vocabulary) -> Grid:
    """The label columns, transposed into a header with one column for each row."""
    turned = []
    for cell in grid.cells:
        if cell.col in words and cell.row in rows:
            turned.append(
                Cell(
                    row=words.index(cell.col) + 1,
                    col=rows.index(cell.row) + 1,
                    text=_row_word(cell.text, block, vocabulary),
                    locator=cell.locator,
                    rowspan=sum(1 for col in words if cell.col <= col < cell.col + cell.colspan),
                    colspan=sum(1 for row in rows if cell.row <= row < cell.row + cell.rowspan),
                )
            )
    return Grid((), (), len(words), len(rows), len(words), tuple(turned), 1, grid.method)


def _row_word(text: str, block: TableBlock, vocabulary: Vocabulary) -> str:
    """A row label without 其中 and colon; empty if it is the title of the block."""
    label = split_unit(text, vocabulary)[0]
    for cue in vocabulary.cues["of-which"]:
        label = label.removeprefix(cue).lstrip(":")
    return "" if block_title(label) in block.labels else label


def _share_period(row_headers: Sequence[RowHeader], vocabulary: Vocabulary) -> None:
    """Copy the first period named in a run of rows to the rows that name none, in place.

    Rows that say from which year the money comes (上年结转资金) stand at the year, the top of the dimension.
    """
    period = next((row_header.places["period"] for row_header in row_headers if "period" in row_header.places), None)
    year = vocabulary.dimensions["period"].top
    for row_header in row_headers:
        if year is not None and "vintage" in row_header.places:
            row_header.places.setdefault("period", year)
        elif period is not None:
            row_header.places.setdefault("period", period)
