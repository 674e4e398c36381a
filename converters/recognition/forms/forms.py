"""Read forms: fields with captions, lists, and blocks of figures.

A form is read by its words alone. Each row belongs to a list (which begins with a row of at least two column captions),
to a block of figures (which begins with its title) or to the fields of the form itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from converters.model.document import Grid, Issue
from converters.model.document_context import DocumentContext
from converters.recognition.attribute_values import FilledAttribute, listed
from converters.recognition.captions import Caption
from converters.recognition.forms.form_blocks import block_title, read_figures, spread_labels
from converters.recognition.forms.form_fields import Goal, find_caption, is_dots, read_fields, read_heading
from converters.recognition.headers import read_columns
from converters.recognition.label_parts import find_short_year, split_unit
from converters.recognition.lists import read_lines
from converters.recognition.personal_data import is_contact
from converters.recognition.row_alignment import align_rows
from converters.recognition.table_parts import TablePart
from ontology.vocabulary import TableBlock, TableKind, Vocabulary

_LEAST_CAPTIONS = 2


@dataclass(frozen=True, slots=True)
class Form:
    """A form as read: grid with shifted rows moved back, fields, numbered goals; `parts` are lists and blocks."""

    grid: Grid
    fields: tuple[FilledAttribute, ...]
    goals: tuple[Goal, ...]
    parts: tuple[TablePart, ...]
    labels: frozenset[tuple[int, int]]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """The rows of a list, of a block of figures, or (without a block) of the fields of the form."""

    block: TableBlock | None
    first: int
    last: int


def read_form(grid: Grid, caption: Caption, kind: TableKind, context: DocumentContext) -> Form:
    """Read a grid as a form; a cell without a known caption is reported as an issue."""
    grid = replace(grid, header_rows=0)
    fields = read_heading(caption.inner_titles, kind, context.vocabulary)
    goals: list[Goal] = []
    parts: list[TablePart] = []
    issues: list[Issue] = []
    lines = 0
    for section in list(_sections(grid, kind, context.vocabulary)):
        rows = replace(grid, first_row=section.first, n_rows=section.last, header_rows=0)
        found: list[TablePart]
        if section.block is None:
            more_fields, more_goals, more = read_fields(rows, kind, context.vocabulary)
            fields += more_fields
            goals += more_goals
            found, read = [], rows
        elif _is_list(section.block):
            found, read, more = _read_list(rows, section.block, caption.title, lines, context)
            for row_header in found[0].row_headers:
                row_header.under = goals[-1].row if goals else None
            lines += sum(
                1 for row_header in found[0].row_headers if row_header.line is not None and "." not in row_header.line
            )
        else:
            found, read, more = read_figures(rows, section.block, caption.title, context)
        grid = _with_rows(grid, read, section)
        parts += found
        issues += more
    labels = {(cell.row, cell.col) for cell in grid.cells if _is_label(cell.text, kind, context.vocabulary)}
    values = [*fields, *(goal.filled for goal in goals)]
    values += [
        filled
        for part in parts
        if _is_list(part.block)
        for row_header in part.row_headers
        for filled in row_header.filled
    ]
    filled_in = {(cell.row, cell.col) for filled in values for cell in filled.cells}
    return Form(grid, tuple(fields), tuple(goals), tuple(parts), frozenset(labels - filled_in), tuple(issues))


def _sections(grid: Grid, kind: TableKind, vocabulary: Vocabulary) -> Iterator[_Section]:
    texts = ([cell.text for cell in grid.row(row)] for row in range(1, grid.n_rows + 1))
    found = list(find_sections(texts, kind, vocabulary))
    for (start, block), (following, _) in pairwise([*found, (grid.n_rows, None)]):
        yield _Section(block, start + 1, following)


def find_sections(
    rows: Iterable[Sequence[str]], kind: TableKind, vocabulary: Vocabulary
) -> Iterator[tuple[int, TableBlock | None]]:
    """Yield the index of the first row of each section of a form with its block, None for the fields of the form.

    `rows` are the texts of the cells of each row from left to right.
    """
    current: TableBlock | None = None
    start: int | None = None
    for row, printed in enumerate(rows):
        texts = [text for text in printed if not is_dots(text)]
        begun = next((block for block in kind.blocks if _begins(texts, block, vocabulary)), None)
        ended = begun is None and current is not None and bool(texts) and is_captioned(texts[0], kind, vocabulary)
        if begun is not None or ended:
            current = begun
        if begun is not None or ended or start is None:
            start = row
            yield row, current


def _begins(texts: Sequence[str], block: TableBlock, vocabulary: Vocabulary) -> bool:
    """Whether a row captions columns of a list, or begins with a title of a block of figures."""
    labels = [split_unit(text, vocabulary)[0] for text in texts]
    if _is_list(block):
        attributes = {block.attributes[label].key for label in labels if label in block.attributes}
        return len(attributes) >= _LEAST_CAPTIONS
    return bool(labels) and block_title(labels[0]) in block.labels


def _is_list(block: TableBlock) -> bool:
    return not block.row_dimensions


def is_captioned(text: str, kind: TableKind, vocabulary: Vocabulary) -> bool:
    """Return whether a text is the caption of a field, a contact included."""
    return find_caption(text, kind, vocabulary) is not None or is_contact(text, vocabulary)


def _read_list(
    grid: Grid, block: TableBlock, title: str, lines: int, context: DocumentContext
) -> tuple[list[TablePart], Grid, list[Issue]]:
    """A list inside a form; labels to the left of the list apply to all its rows. `lines` counts the lines before.

    The rows of totals are a second part, where columns that fill attributes of records name measures too (分值).
    """
    rows = range(grid.first_row, grid.n_rows + 1)
    header = next(
        (n for n, row in enumerate(rows) if n and not _is_header(grid, row, block, context.vocabulary)), len(rows)
    )
    grid = spread_labels(replace(grid, header_rows=header))
    captions = grid.row(grid.first_row)
    first = min(c.col for c in captions if split_unit(c.text, context.vocabulary)[0] in block.attributes)
    placed = {
        dimension: concept
        for cell in grid.cells
        if cell.col < first and cell.row in rows
        for meaning in context.vocabulary.meanings.get(split_unit(cell.text, context.vocabulary)[0], ())
        for dimension, concept in meaning.places.items()
        if dimension in block.column_dimensions
    }
    numbers = range(first, grid.n_cols + 1)
    columns = read_columns(grid, numbers, context, block.column_dimensions, block.fixes, block.attributes)
    grid, issues = align_rows(grid, columns, block, title, context.vocabulary)
    row_headers = read_lines(grid, columns, block, context, lines + 1)
    placing = replace(block, fixes={**block.fixes, **placed})
    filling = {column.number for column in columns if column.attribute is not None}
    measured = read_columns(grid, numbers, context, block.column_dimensions, block.fixes)
    summed = tuple(c for c in measured if c.number in filling and c.holds_figures and "measure" in c.places)
    totals = tuple(header for header in row_headers if header.line is None)
    parts = [TablePart(placing, tuple(columns), tuple(row_headers))]
    return parts + ([TablePart(placing, summed, totals)] if summed and totals else []), grid, issues


def _is_header(grid: Grid, row: int, block: TableBlock, vocabulary: Vocabulary) -> bool:
    """Whether a row contains only column captions."""
    labels = [split_unit(cell.text, vocabulary)[0] for cell in grid.row(row) if not is_dots(cell.text)]
    return bool(labels) and all(
        label in block.attributes or label in vocabulary.meanings or find_short_year(label, vocabulary) is not None
        for label in labels
    )


def _with_rows(grid: Grid, read: Grid, section: _Section) -> Grid:
    """The grid with the cells of a section replaced by those of `read`."""
    outside = (cell for cell in grid.cells if not section.first <= cell.row <= section.last)
    inside = (cell for cell in read.cells if section.first <= cell.row <= section.last)
    return replace(grid, cells=tuple(sorted((*outside, *inside), key=lambda cell: (cell.row, cell.col))))


def names_row(text: str, kind: TableKind, vocabulary: Vocabulary) -> bool:
    """Return whether a text labels other cells, or is a source of funds that names a row of a block."""
    sources = (a.scheme for block in kind.blocks if block.row_dimensions for a in block.attributes.values())
    listed_source = any(scheme is not None and listed(scheme, text, vocabulary) for scheme in sources)
    return listed_source or _is_label(text, kind, vocabulary)


def _is_label(text: str, kind: TableKind, vocabulary: Vocabulary) -> bool:
    """Whether a text labels cells: a caption, a column or row header, a title of a block."""
    label = split_unit(text, vocabulary)[0]
    return (
        is_captioned(text, kind, vocabulary)
        or label in vocabulary.meanings
        or find_short_year(label, vocabulary) is not None
        or any(label in block.attributes or label in block.labels for block in kind.blocks)
    )
