"""Recognise grids as tables of a known kind: caption, blocks of columns and row headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from converters.model.amounts import parse_amount
from converters.model.document import Cell, Grid, Issue
from converters.model.document_context import DocumentContext
from converters.recognition.captions import Caption, read_caption
from converters.recognition.forms.forms import Form, read_form
from converters.recognition.headers import (
    EVERYWHERE,
    IDLE_ROLES,
    KEY_ROLES,
    Column,
    column_paths,
    header_path,
    holds_words,
    read_columns,
)
from converters.recognition.label_parts import label_meanings
from converters.recognition.lists import read_lines
from converters.recognition.row_alignment import align_rows
from converters.recognition.row_headers import read_row_headers
from converters.recognition.table_parts import TablePart
from ontology.text import clean_label
from ontology.vocabulary import TableBlock, TableKind, Vocabulary

_FUND = "fund"


@dataclass(frozen=True, slots=True)
class RecognisedTable:
    """A recognised grid; `kind` is None and `parts` is empty if the title names no known kind of table.

    `contradicting` is a header cell that contradicts the title, `header_kind` the kind of table that fits the header,
    if known. `form` is set for forms.
    """

    grid: Grid
    caption: Caption
    kind: TableKind | None
    parts: tuple[TablePart, ...]
    contradicting: Cell | None
    header_kind: TableKind | None
    issues: tuple[Issue, ...]
    form: Form | None = None


def recognise(grid: Grid, context: DocumentContext) -> RecognisedTable:
    """Determine the kind of a grid by title and header, and read its columns and row headers.

    If the header contradicts the title, the title wins, unless the codes of the rows fit only the kind of the header.
    The contradiction is recorded in either case.
    """
    caption = read_caption(grid, context.vocabulary)
    if caption.kind is None:
        return RecognisedTable(grid, caption, None, (), None, None, ())
    if caption.kind.form_class is not None:
        form = read_form(grid, caption, caption.kind, context)
        return RecognisedTable(form.grid, caption, caption.kind, form.parts, None, None, form.issues, form)
    if caption.kind.lists_records:
        return _recognise_list(grid, caption, caption.kind, context)
    parts, issues = _read_parts(grid, caption.kind, context)
    contradicting = next((cell for part in parts for c in part.columns for cell in c.contradictions), None)
    if contradicting is None:
        return RecognisedTable(grid, caption, caption.kind, parts, None, None, issues)
    header_kind = kind_by_header(grid, context)
    kind = caption.kind
    if header_kind is not None and _codes_placed(parts) == 0:
        other, other_issues = _read_parts(grid, header_kind, context)
        if _codes_placed(other) > 0:
            kind, parts, issues = header_kind, other, other_issues
    return RecognisedTable(grid, caption, kind, parts, contradicting, header_kind, issues)


def _recognise_list(grid: Grid, caption: Caption, kind: TableKind, context: DocumentContext) -> RecognisedTable:
    [block] = kind.blocks
    numbers = range(1, grid.n_cols + 1)
    columns = read_columns(grid, numbers, context, block.column_dimensions, block.fixes, block.attributes)
    aligned, issues = align_rows(grid, columns, block, caption.title, context.vocabulary)
    row_headers = read_lines(aligned, columns, block, context)
    issues += [note for row_header in row_headers for note in row_header.notes]
    return RecognisedTable(
        aligned, caption, kind, (TablePart(block, tuple(columns), tuple(row_headers)),), None, None, tuple(issues)
    )


def _codes_placed(parts: Sequence[TablePart]) -> int:
    return sum(1 for part in parts for row_header in part.row_headers if row_header.codes)


def kind_by_header(grid: Grid, context: DocumentContext) -> TableKind | None:
    """Return the only kind of table that fits all words of the header, None if none or several fit.

    Of several, those count that place codes of the rows too.
    """
    fitting = {
        kind.key: kind
        for kind in context.vocabulary.table_kinds.values()
        if len(kind.blocks) == 1 and not kind.lists_records and _header_fits(grid, kind.blocks[0], context)
    }
    if len(fitting) > 1:
        fitting = {k: kind for k, kind in fitting.items() if _codes_placed(_read_parts(grid, kind, context)[0]) > 0}
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _header_fits(grid: Grid, block: TableBlock, context: DocumentContext) -> bool:
    numbers = range(1, grid.n_cols + 1)
    columns = read_columns(grid, numbers, context, block.column_dimensions, block.fixes)
    figures = [column for column in columns if not column.is_key]
    placed = {d for column in figures for d in column.places} & block.fixes.keys()
    confirmed = all(any(column.places.get(d) == block.fixes[d] for column in figures) for d in placed)
    return bool(placed) and confirmed and not any(column.unplaced or column.contradictions for column in figures)


def _read_parts(
    grid: Grid, kind: TableKind, context: DocumentContext
) -> tuple[tuple[TablePart, ...], tuple[Issue, ...]]:
    parts: list[TablePart] = []
    issues: list[Issue] = []
    for numbers in _segments(grid, context.vocabulary):
        block = _block_for(grid, numbers, kind, context.vocabulary)
        if block is None:
            cell = next((c for n in numbers for c in header_path(grid, n)), None)
            if cell is not None:
                printed = [grid.text(row, number) for row in grid.body for number in numbers]
                count = sum(1 for text in printed if parse_amount(text))
                issues.append(Issue("unknown-header", cell.locator, {"word": cell.text.strip(), "count": count}))
            continue
        dimensions = (*block.column_dimensions, *EVERYWHERE)
        columns = read_columns(grid, numbers, context, dimensions, block.fixes)
        if _divides_by_fund(columns, block):
            open_fund = {d: c for d, c in block.fixes.items() if d != _FUND}
            divided = read_columns(grid, numbers, context, (*dimensions, _FUND), open_fund)
            if not any(column.contradictions for column in divided):
                columns = divided
                block = replace(block, fixes=open_fund, column_dimensions=(*block.column_dimensions, _FUND))
        row_headers = read_row_headers(grid, columns, block, block.fixes, context)
        parts.append(TablePart(block, tuple(columns), tuple(row_headers)))
    return tuple(parts), tuple(issues)


def _divides_by_fund(columns: Sequence[Column], block: TableBlock) -> bool:
    """Whether some columns, and not all, contradict a table of one fund: 单位资金 beside 合计 in one of appropriations.

    Where all columns do, the title is that of another table.
    """
    figures = [column for column in columns if not column.is_key]
    other = [column for column in figures if column.contradictions]
    return _FUND in block.fixes and 0 < len(other) < len(figures)


def _segments(grid: Grid, vocabulary: Vocabulary) -> Iterator[list[int]]:
    """The columns of the grid, split where columns that name rows follow columns that may hold figures."""
    segment: list[int] = []
    figures_seen = False
    for number, path in column_paths(grid, grid.n_cols, vocabulary).items():
        roles = {meaning.role for cell in path for meaning in label_meanings(clean_label(cell.text), vocabulary)}
        names_rows = bool(roles & KEY_ROLES)
        if names_rows and figures_seen:
            yield segment
            segment, figures_seen = [], False
        figures_seen = figures_seen or not (names_rows or roles & IDLE_ROLES or holds_words(grid, number))
        segment.append(number)
    yield segment


def _block_for(grid: Grid, numbers: Sequence[int], kind: TableKind, vocabulary: Vocabulary) -> TableBlock | None:
    """The block of the kind that a segment of columns belongs to, by its header words."""
    if len(kind.blocks) == 1:
        return kind.blocks[0]
    words = [clean_label(cell.text) for number in numbers for cell in header_path(grid, number)]
    meanings: list[Mapping[str, str]] = [
        m.places for word in words for m in vocabulary.meanings.get(word, ()) if m.places
    ]
    shared = kind.fixes.items()
    matching = [
        block for block in kind.blocks if any(places.items() & (block.fixes.items() - shared) for places in meanings)
    ]
    return matching[0] if len(matching) == 1 else None
