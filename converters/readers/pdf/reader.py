"""Reading of PDF disclosures: tables drawn with ruling lines or aligned text, and the text around them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from converters.model.document import (
    JOINED_NUMBER,
    OVERFLOW,
    RECOGNISED,
    Cell,
    Document,
    DocumentError,
    Grid,
    Issue,
    TextBlock,
)
from converters.readers.pdf.alignment.forms import find_aligned_forms
from converters.readers.pdf.alignment.tables import find_aligned_tables
from converters.readers.pdf.caption_rows import lift_captions
from converters.readers.pdf.cell_text import SEVERAL_NUMBERS
from converters.readers.pdf.cells import FragmentCell, TableFragment, fill_lattices, texts_by_row
from converters.readers.pdf.continued_tables.continuation_rules import FragmentedTable
from converters.readers.pdf.continued_tables.row_merging import JoinedTable, join_parts
from converters.readers.pdf.lattice import find_lattices
from converters.readers.pdf.lines import COLONS, Line, draw_runs, group_lines
from converters.readers.pdf.page_transform import rotate_box
from converters.readers.pdf.pages import Page, read_pages
from converters.readers.pdf.paragraphs import find_body, lines_to_blocks
from converters.readers.pdf.reading_order import read_flow
from converters.readers.pdf.running_headers import PageContent, drop_running_headers
from converters.readers.pdf.scans.recognition import can_recognise, recognise_pages
from converters.readers.pdf.settings import PdfSettings
from converters.readers.pdf.tagged.tables import take_tagged_tables
from converters.recognition.captions import split_notes
from converters.recognition.headers import count_header_rows
from ontology.locators import Locator
from ontology.vocabulary import Vocabulary

METHOD = "lattice"

_LONGEST_HEADING = 6
_LONGEST_TITLE = 60
_SENTENCE_ENDS = frozenset("。；")
_REPORTED = {JOINED_NUMBER: "number-joined", SEVERAL_NUMBERS: "several-numbers", OVERFLOW: "text-overflows"}


def read_pdf(path: Path, content: bytes, vocabulary: Vocabulary, settings: PdfSettings | None = None) -> Document:
    """Return the displayed text and tables of a PDF; boxes are in points from the top left.

    Text outside the page or hidden by a clip path is left out and reported as an issue. Scanned pages are read by
    character recognition where the extra `ocr` is installed; their locators say so. Raise DocumentError if the file is
    encrypted, damaged or without text.
    """
    settings = settings or PdfSettings()
    pages = read_pages(path, content, settings)
    pages, uncertain = _recognise_scans(path, content, pages, settings)
    pages, tagged = take_tagged_tables(pages, settings)
    contents = [_content(page, tagged.get(page.number, ()), settings) for page in pages]
    contents = drop_running_headers(contents, settings)
    contents, unread = find_aligned_forms(contents, vocabulary, settings)
    contents = find_aligned_tables(contents, vocabulary, settings)
    flow = list(lift_captions(read_flow(contents, settings), vocabulary))
    body = find_body([item for item in flow if isinstance(item, Line)])
    texts: list[list[Line]] = [[]]
    tables: list[FragmentedTable] = []
    for item in flow:
        if isinstance(item, Line):
            texts[-1].append(item)
        else:
            tables.append(item)
            texts.append([])
    blocks = [list(lines_to_blocks(lines, body, settings)) for lines in texts]
    joined = [join_parts(table, settings) for table in tables]
    issues = [
        *_page_issues(pages, settings),
        *uncertain,
        *unread,
        *(issue for table in joined for issue in _table_issues(table)),
    ]
    document = Document(
        source=path,
        sha256=hashlib.sha256(content).hexdigest(),
        format="pdf",
        blocks=tuple(block for between in blocks for block in between),
        grids=tuple(_grids(tables, joined, blocks, vocabulary)),
        issues=tuple(sorted(issues, key=lambda issue: issue.locator.page or 0)),
    )
    return _with_locators(document, pages)


def _recognise_scans(
    path: Path, content: bytes, pages: list[Page], settings: PdfSettings
) -> tuple[list[Page], list[Issue]]:
    """Return the pages, scanned ones as recognised, and an issue for each text that may be read wrongly.

    Raise DocumentError if no page has text and recognition is not installed or finds none.
    """
    without_text = not any(page.glyphs for page in pages)
    scans = [p for p in pages if not p.glyphs and not p.damaged and (p.pictured or without_text)]
    issues: list[Issue] = []
    if scans and can_recognise():
        by_number = {page.number: page for page in pages}
        for found in recognise_pages(content, scans, settings):
            by_number[found.page.number] = found.page
            issues += [
                Issue("text-uncertain", Locator(page=found.page.number, bbox=box), {"text": text})
                for text, box in found.uncertain
            ]
        pages = list(by_number.values())
    if not any(page.glyphs for page in pages):
        key = "scan-without-text" if can_recognise() else "pdf-without-text"
        raise DocumentError(key, file=path, pages=len(pages))
    return pages, issues


def _content(page: Page, tagged: Sequence[TableFragment], settings: PdfSettings) -> PageContent:
    runs = draw_runs(page.glyphs, settings)
    lattices = find_lattices(page.horizontals, page.verticals, settings)
    parts, outside = fill_lattices(lattices, runs, page.number, settings)
    lines = group_lines(outside, page.number, settings)
    return PageContent(page.number, page.height, tuple(sorted((*parts, *tagged), key=lambda p: p.box[1])), tuple(lines))


def _page_issues(pages: Sequence[Page], settings: PdfSettings) -> list[Issue]:
    hidden = [Issue("text-hidden", Locator(page=p.number), {"count": p.hidden}) for p in pages if p.hidden]
    pictures = [Issue("page-is-picture", Locator(page=p.number)) for p in pages if p.pictured and not p.glyphs]
    recognised = [Issue("page-recognised", Locator(page=p.number)) for p in pages if p.recognised]
    damaged = [Issue("page-damaged", Locator(page=p.number)) for p in pages if p.damaged]
    nameless = [
        Issue("text-nameless", Locator(page=p.number), {"count": p.nameless})
        for p in pages
        if p.nameless > settings.nameless * (p.nameless + len(p.glyphs))
    ]
    return hidden + pictures + recognised + damaged + nameless


def _table_issues(table: JoinedTable) -> list[Issue]:
    issues = list(table.issues)
    for cell in table.cells:
        issues += [
            Issue(key, Locator(page=cell.page, bbox=cell.box), {"text": " / ".join(line.text for line in cell.lines)})
            for flag, key in _REPORTED.items()
            if flag in cell.flags
        ]
    return issues


def _grids(
    tables: Sequence[FragmentedTable],
    joined: Sequence[JoinedTable],
    blocks: Sequence[Sequence[TextBlock]],
    vocabulary: Vocabulary,
) -> list[Grid]:
    """Return a grid for each table; the text between two tables is divided into notes and the next heading."""
    headings: list[tuple[TextBlock, ...]] = []
    notes: list[tuple[TextBlock, ...]] = []
    for number, between in enumerate(blocks):
        before, heading = split_notes(between, vocabulary) if number < len(tables) else (tuple(between), ())
        if number < len(tables) and not heading:
            before, heading = _split_by_page(before, tables[number].parts[0].page)
        headings.append(heading)
        if number > 0:
            page = tables[number - 1].parts[-1].page
            notes.append(tuple(block for block in before if block.locator.page == page))
    return [_grid(table, joined[number], headings[number], notes[number]) for number, table in enumerate(tables)]


def _split_by_page(blocks: Sequence[TextBlock], page: int) -> tuple[tuple[TextBlock, ...], tuple[TextBlock, ...]]:
    """Split the text before a table without a known title: its heading is the last short lines of one page.

    If these lines are fields only (`单位：…`), the line before them is the title, even on the previous page. If no line
    is short, the last block is the heading.
    """
    if not blocks or blocks[-1].locator.page not in (page - 1, page):
        return tuple(blocks), ()
    start = len(blocks) - 1
    least = max(0, len(blocks) - _LONGEST_HEADING)
    while start > least and _is_short(blocks[start]) and _is_short(blocks[start - 1]):
        fields_only = all(any(colon in block.text for colon in COLONS) for block in blocks[start:])
        if blocks[start - 1].locator.page != blocks[-1].locator.page and not fields_only:
            break
        start -= 1
    return tuple(blocks[:start]), tuple(blocks[start:])


def _is_short(block: TextBlock) -> bool:
    return len(block.text) <= _LONGEST_TITLE and block.text[-1] not in _SENTENCE_ENDS


def _grid(
    table: FragmentedTable, joined: JoinedTable, heading: tuple[TextBlock, ...], notes: tuple[TextBlock, ...]
) -> Grid:
    header_rows = count_header_rows(texts_by_row(joined.cells, joined.n_rows, joined.n_cols))
    cells = tuple(_cell(cell) for cell in joined.cells)
    return Grid(heading, notes, joined.n_rows, joined.n_cols, header_rows, cells, len(table.parts), METHOD)


def _cell(cell: FragmentCell) -> Cell:
    box = tuple(round(edge, 1) for edge in cell.box)
    locator = Locator(page=cell.page, bbox=(box[0], box[1], box[2], box[3]))
    return Cell(cell.row + 1, cell.col + 1, cell.text, locator, cell.rowspan, cell.colspan, cell.flags)


def _with_locators(document: Document, pages: Iterable[Page]) -> Document:
    """Return the document with boxes as displayed on pages that were rotated for reading, and with scans marked."""
    changed = {page.number: page for page in pages if page.tilt or page.recognised}
    if not changed:
        return document

    def located(locator: Locator) -> Locator:
        page = changed.get(locator.page or 0)
        if page is None:
            return locator
        box = locator.bbox and rotate_box(locator.bbox, page.tilt, page.width, page.height)
        return replace(locator, bbox=box, recognised=page.recognised)

    def located_blocks(blocks: Iterable[TextBlock]) -> tuple[TextBlock, ...]:
        return tuple(replace(block, locator=located(block.locator)) for block in blocks)

    def located_cell(cell: Cell) -> Cell:
        locator = located(cell.locator)
        return replace(cell, locator=locator, flags=cell.flags | ({RECOGNISED} if locator.recognised else set()))

    grids = tuple(
        replace(
            grid,
            heading=located_blocks(grid.heading),
            notes=located_blocks(grid.notes),
            cells=tuple(map(located_cell, grid.cells)),
        )
        for grid in document.grids
    )
    issues = tuple(replace(issue, locator=located(issue.locator)) for issue in document.issues)
    return replace(document, blocks=located_blocks(document.blocks), grids=grids, issues=issues)
