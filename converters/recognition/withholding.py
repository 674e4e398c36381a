"""Names and telephone numbers of people are taken out of a document before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from converters.model.document import Cell, Document, Grid, TextBlock
from ontology import load_vocabulary
from ontology.text import clean_label

MASK = "***"
WITHHELD = "withheld"
"""The flag of a cell whose text is withheld."""
_COLON = "[:\uff1a]"


def withhold_contacts(document: Document) -> Document:
    """The document with MASK for what is printed beside or below the words for a person or a telephone.

    In running text and inside a cell, what follows such a word and a colon is masked.
    """
    return replace(
        document,
        blocks=tuple(map(_mask_block, document.blocks)),
        grids=tuple(map(_mask_grid, document.grids)),
        parts=tuple(map(withhold_contacts, document.parts)),
    )


def is_contact(text: str) -> bool:
    """Whether a cell says that a person or a telephone number stands beside or below it."""
    return clean_label(text).rstrip(":") in _contact_words()


@cache
def _contact_words() -> frozenset[str]:
    meanings = load_vocabulary().meanings
    return frozenset(label for label, found in meanings.items() if any(m.role == "contact" for m in found))


@cache
def _known_words() -> frozenset[str]:
    """Every word that may stand over or beside a cell, so that it is not taken for what stands there."""
    vocabulary = load_vocabulary()
    kinds = vocabulary.table_kinds.values()
    of_forms = {label for kind in kinds for label in kind.attributes}
    of_rows = {label for kind in kinds for block in kind.blocks for label in block.attributes}
    return frozenset(of_forms | of_rows | vocabulary.meanings.keys() | vocabulary.dimension_words.keys())


@cache
def _inline() -> re.Pattern[str]:
    """A word for a contact with spaces anywhere in it, a colon, and what follows up to the next space or comma."""
    words = sorted(_contact_words(), key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, word)) for word in words)
    return re.compile(rf"((?:{spaced})\s*{_COLON}\s*)([^\s,;\uff0c\uff1b\u3002\u3001:\uff1a]+)")


def _mask_inline(text: str) -> str:
    return _inline().sub(lambda match: match[1] + MASK, text)


def _mask_block(block: TextBlock) -> TextBlock:
    masked = _mask_inline(block.text)
    return block if masked == block.text else replace(block, text=masked)


def _mask_grid(grid: Grid) -> Grid:
    private = {(cell.row, cell.col) for cell in _beside_contacts(grid)}
    cells = tuple(_mask_cell(cell, (cell.row, cell.col) in private) for cell in grid.cells)
    return replace(
        grid,
        heading=tuple(map(_mask_block, grid.heading)),
        notes=tuple(map(_mask_block, grid.notes)),
        cells=cells,
    )


def _mask_cell(cell: Cell, private: bool) -> Cell:
    text = MASK if private else _mask_inline(cell.text)
    return cell if text == cell.text else replace(cell, text=text, flags=cell.flags | {WITHHELD})


def _beside_contacts(grid: Grid) -> Iterator[Cell]:
    """What is printed to the right of each word for a contact or, in a row of nothing but words, below it."""
    for cell in grid.cells:
        if not is_contact(cell.text):
            continue
        row = [other for other in grid.row(cell.row) if other.text.strip()]
        right = next((other for other in row if other.col > cell.col), None)
        if right is not None and not _is_word(right):
            yield right
        elif all(map(_is_word, row)):
            yield from _below(grid, cell)


def _below(grid: Grid, word: Cell) -> Iterator[Cell]:
    """The cells under a word: all that a header's column has, else the one straight below."""
    in_header = word.row <= grid.header_rows
    last = grid.n_rows if in_header else word.row + word.rowspan
    for row in range(word.row + word.rowspan, last + 1):
        below = grid.covering.get((row, word.col))
        if below is not None and below.text.strip() and not _is_word(below):
            yield below


def _is_word(cell: Cell) -> bool:
    return clean_label(cell.text).rstrip(":") in _known_words()
