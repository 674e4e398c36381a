"""Tables that go on below a repeated caption, a word that says so, or a page number, in all formats.

The readers join the parts of a table with nothing between them. Here the parts are joined that have text between them
which only repeats the caption. Two tables with one title may also be those of two offices, so the rows must go on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from converters.model.amounts import parse_amount
from converters.model.document import Document, Grid, TextBlock
from converters.recognition.captions import names_form, organisation_in, read_caption, stated_unit_and_office
from converters.recognition.row_names import is_total
from ontology.locators import Locator
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_PAGE_NUMBER = re.compile(r"[-\u2013\u2014]*\d{1,4}[-\u2013\u2014]*")


def join_continued_grids(document: Document, vocabulary: Vocabulary) -> Document:
    """Return the document with each table in one grid where another grid continues it.

    A grid continues the grid before it if the columns are the same, its header is the same or absent, the text between
    is a page number, a word such as 续表, or a repeated line of the caption, and no row is named again. A line repeats
    the caption too if it states the same unit of money and the same office in other words. Exactly one of both grids
    has a total: in the first row of the first or in the last row of the second. There may be no total where no title
    is repeated and the header is, or rows have codes in both; and none, or one in any row, where a word says that the
    table goes on. The text between leaves the document.
    """
    places = {block.locator: number for number, block in enumerate(document.blocks)}
    grids: list[Grid] = []
    dropped: set[TextBlock] = set()
    for grid in document.grids:
        between = _text_between(grids[-1], grid, document.blocks, places) if grids else None
        if between is not None and _continues(grids[-1], grid, between, vocabulary):
            grids[-1] = _join(grids[-1], grid)
            dropped |= set(between)
        else:
            grids.append(grid)
    if not dropped and len(grids) == len(document.grids):
        return document
    return replace(document, grids=tuple(grids), blocks=tuple(b for b in document.blocks if b not in dropped))


def _text_between(
    first: Grid, second: Grid, blocks: Sequence[TextBlock], places: Mapping[Locator, int]
) -> tuple[TextBlock, ...] | None:
    """The text between two grids, None if it is not known; the first must have a caption.

    Captions are found by their place, for a line that says several things is divided in them.
    """
    ends = [block.locator for block in (*second.heading[-1:], *first.notes[-1:], *first.heading[-1:])]
    if not first.heading or not {ends[0], ends[-1]} <= places.keys():
        return None
    return tuple(blocks[places[ends[-1]] + 1 : places[ends[0]] + 1])


def _continues(first: Grid, second: Grid, between: Sequence[TextBlock], vocabulary: Vocabulary) -> bool:
    if not first.header_rows or names_form(first.heading, vocabulary) or not _adjoin(first, second):
        return False
    if not _have_same_columns(first, second):
        return False
    caption = "".join(clean_label(block.text) for block in first.heading)
    marked, untitled = False, bool(between)
    for block in between:
        text = clean_label(block.text)
        rest = _without_cues(text, vocabulary)
        marked = marked or rest != text
        if _PAGE_NUMBER.fullmatch(text):
            continue
        stated = stated_unit_and_office(block.text, vocabulary)
        untitled = untitled and stated is not None
        if rest not in caption and (stated is None or not _repeats(stated, first, vocabulary)):
            return False
    above, below = _names(first), _names(second)
    if not below or set(above) & set(below):
        return False
    totals = [
        [_is_total_row(grid, row, vocabulary) for row in grid.body if not _numbers_columns(grid, row)]
        for grid in (first, second)
    ]
    if marked:
        return not (any(totals[0]) and any(totals[1]))
    if untitled and not any(totals[0]) and not any(totals[1]):
        return second.header_rows > 0 or all(map(_has_codes, (first, second)))
    return (totals[0][:1] == [True] and not any(totals[1])) or (totals[1][-1:] == [True] and not any(totals[0]))


def _repeats(stated: tuple[str | None, str | None], first: Grid, vocabulary: Vocabulary) -> bool:
    """Whether the unit and the office that a line states are those of the caption of a grid."""
    caption = read_caption(first, vocabulary)
    unit, office = stated
    units = [clean_label(word) for word in (unit, caption.unit) if word]
    same_unit = unit is None or (len(units) == 2 and len({vocabulary.units.get(word, word) for word in units}) == 1)
    return same_unit and (office is None or clean_label(office) == organisation_in(caption, vocabulary))


def _adjoin(first: Grid, second: Grid) -> bool:
    """Whether the second begins on the last page of the first or on the next, in formats with pages."""
    pages = [[cell.locator.page for cell in grid.cells if cell.locator.page is not None] for grid in (first, second)]
    return not (pages[0] and pages[1]) or min(pages[1]) <= max(pages[0]) + 1


def _have_same_columns(first: Grid, second: Grid) -> bool:
    """Whether the columns are the same; without a header the last columns may be absent where they are empty."""
    if second.header_rows:
        return first.n_cols == second.n_cols and _header(first) == _header(second)
    if first.n_cols == second.n_cols:
        return True
    named = all(second.text(row, 1) for row in second.body)
    return 1 < second.n_cols < first.n_cols and named and _begins_with_code(second) and _has_codes(first)


def _begins_with_code(grid: Grid) -> bool:
    return _is_code(next((grid.text(row, 1) for row in grid.body), ""))


def _has_codes(grid: Grid) -> bool:
    return any(_is_code(grid.text(row, 1)) for row in grid.body)


def _is_code(text: str) -> bool:
    return len(text) > 1 and text.isdecimal()


def _header(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    cells = (cell for cell in grid.cells if cell.row in grid.header and cell.text.strip())
    return sorted(
        (cell.row - grid.first_row, cell.col, cell.rowspan, cell.colspan, clean_label(cell.text)) for cell in cells
    )


def _names(grid: Grid) -> list[str]:
    """What each row with an amount is named by: its texts up to the first that is no number.

    A row that numbers the columns, which is printed again with the header (栏次 1 2 3), has no name.
    """
    names = []
    for row in grid.body:
        if _numbers_columns(grid, row):
            continue
        name = ""
        for cell in grid.row(row):
            name += clean_label(cell.text)
            if cell.text.strip() and parse_amount(cell.text) is None:
                names.append(name)
                break
    return names


def _numbers_columns(grid: Grid, row: int) -> bool:
    texts = [cell.text.strip() for cell in grid.row(row) if cell.text.strip()][1:]
    return len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]


def _is_total_row(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    return any(is_total(cell.text, vocabulary) for cell in grid.row(row))


def _without_cues(text: str, vocabulary: Vocabulary) -> str:
    """A text without the words that say that a table goes on."""
    for word in vocabulary.cues["continued"]:
        text = text.replace(word, "")
    return text


def _join(first: Grid, second: Grid) -> Grid:
    """The rows of both below the header of the first, without the numbers of the columns printed again."""
    begin = second.header_rows + 1
    header = second.header_rows + (1 if begin <= second.n_rows and _numbers_columns(second, begin) else 0)
    moved = first.n_rows - header
    cells = tuple(replace(cell, row=cell.row + moved) for cell in second.cells if cell.row > header)
    return replace(
        first,
        n_rows=first.n_rows + second.n_rows - header,
        cells=(*first.cells, *cells),
        parts=first.parts + second.parts,
        notes=second.notes,
    )
