"""Assembly of a Document from text and tables in reading order, common to all formats except PDF and plain text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from converters.model.document import Cell, Document, Grid, Issue, TextBlock
from converters.readers.raw_tables import RawTable, cell_to_blocks, join_continuation, split_captions, trim
from converters.recognition.captions import is_titled, names_form, split_notes
from converters.recognition.header_spans import recover_spans
from converters.recognition.headers import count_header_rows
from ontology.vocabulary import Vocabulary

_LONGEST_TITLE = 60
_LONGEST_HEADING = 6
_NEAREST = 3
_SENTENCE_ENDS = frozenset("。；")
DocumentFlow = Iterable[TextBlock | RawTable]
"""Text and tables in reading order."""


def assemble_document(
    source: Path,
    content: bytes,
    format_name: str,
    flow: DocumentFlow,
    vocabulary: Vocabulary,
    issues: Sequence[Issue] = (),
) -> Document:
    """Return a document of the text and tables of a file; captions and notes in cells become text around the table."""
    texts: list[list[TextBlock]] = [[]]
    tables: list[RawTable] = []
    for item in _settle(flow, vocabulary):
        if isinstance(item, TextBlock):
            texts[-1].append(item)
        else:
            joined = join_continuation(tables[-1], item) if tables and not texts[-1] else None
            if joined is not None:
                tables[-1] = joined
            else:
                tables.append(item)
                texts.append([])
    return Document(
        source=source,
        sha256=hashlib.sha256(content).hexdigest(),
        format=format_name,
        blocks=tuple(block for between in texts for block in between),
        grids=tuple(_grids(tables, texts, format_name, vocabulary)),
        issues=tuple(issues),
    )


def _settle(flow: DocumentFlow, vocabulary: Vocabulary) -> Iterable[TextBlock | RawTable]:
    """Yield the flow with trimmed tables, one-column tables as text, and captions and notes as text around tables."""
    recent: list[TextBlock] = []
    for item in flow:
        if isinstance(item, TextBlock):
            recent = [*recent, item][-_NEAREST:]
            yield item
            continue
        table = trim(item)
        if table.n_cols <= 1:
            yield from (block for cell in table.cells for block in cell_to_blocks(cell))
            continue
        caption, rest, notes = split_captions(
            table, vocabulary, titled=any(is_titled(block.text, vocabulary) for block in recent)
        )
        recent = []
        if rest.name is not None and not any(is_titled(block.text, vocabulary) for block in caption):
            caption = [rest.name, *caption]
        yield from caption
        rest = trim(rest)
        if rest.n_cols > 1:
            yield rest
        else:
            yield from (block for cell in rest.cells for block in cell_to_blocks(cell))
        yield from notes


def _grids(
    tables: Sequence[RawTable], texts: Sequence[Sequence[TextBlock]], method: str, vocabulary: Vocabulary
) -> Iterable[Grid]:
    """Yield a grid for each table; the text between two tables is divided into notes and the next heading."""
    divided = [_divide(between, vocabulary) for between in texts[:-1]]
    notes = [*(before for before, _ in divided[1:]), tuple(texts[-1])]
    for number, table in enumerate(tables):
        yield _grid(table, divided[number][1], notes[number], method, vocabulary)


def _divide(blocks: Sequence[TextBlock], vocabulary: Vocabulary) -> tuple[tuple[TextBlock, ...], tuple[TextBlock, ...]]:
    """Return (notes, heading). Without a known title before a table its heading is the last short lines."""
    notes, heading = split_notes(blocks, vocabulary)
    if heading or not notes:
        return notes, heading
    start = len(notes)
    while start > max(0, len(notes) - _LONGEST_HEADING) and _is_short(notes[start - 1]):
        start -= 1
    return notes[:start], notes[start:]


def _is_short(block: TextBlock) -> bool:
    return len(block.text) <= _LONGEST_TITLE and block.text[-1] not in _SENTENCE_ENDS


def _grid(
    table: RawTable, heading: tuple[TextBlock, ...], notes: tuple[TextBlock, ...], method: str, vocabulary: Vocabulary
) -> Grid:
    header_rows = 0 if names_form(heading, vocabulary) else count_header_rows(table.texts())
    cells = table.cells
    if not any(cell.rowspan > 1 or cell.colspan > 1 for cell in cells if cell.row <= header_rows):
        cells = _spread(table, header_rows)
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.col)))
    return Grid(heading, notes, table.n_rows, table.n_cols, header_rows, ordered, table.parts, method)


def _spread(table: RawTable, header_rows: int) -> tuple[Cell, ...]:
    """Return the cells with the spans of header cells, inferred from the empty cells around them."""
    spans = recover_spans(table.texts()[:header_rows])
    cells = []
    for cell in table.cells:
        rowspan, colspan = spans.get((cell.row, cell.col), (1, 1)) if cell.row <= header_rows else (1, 1)
        if cell.row > header_rows:
            cells.append(cell)
        elif rowspan:
            cells.append(replace(cell, rowspan=rowspan, colspan=colspan))
    return tuple(cells)
