"""Names and telephone numbers of people are taken out of a document before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from converters.model.document import Cell, Document, Grid, TextBlock
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

MASK = "***"
WITHHELD = "withheld"
"""The flag of a cell whose text is withheld."""
_COLON = "[:\uff1a]"


def withhold_contacts(document: Document, vocabulary: Vocabulary) -> Document:
    """The document with MASK for what is printed beside or below the words for a person or a telephone.

    In running text and inside a cell, what follows such a word and a colon is masked.
    """
    return replace(
        document,
        blocks=tuple(_mask_block(block, vocabulary) for block in document.blocks),
        grids=tuple(_mask_grid(grid, vocabulary) for grid in document.grids),
        parts=tuple(withhold_contacts(part, vocabulary) for part in document.parts),
    )


def is_contact(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a cell says that a person or a telephone number stands beside or below it."""
    return clean_label(text).rstrip(":") in _contact_words(vocabulary)


@lru_cache(maxsize=8)
def _contact_words(vocabulary: Vocabulary) -> frozenset[str]:
    meanings = vocabulary.meanings
    return frozenset(label for label, found in meanings.items() if any(m.role == "contact" for m in found))


@lru_cache(maxsize=8)
def _known_words(vocabulary: Vocabulary) -> frozenset[str]:
    """Every word that may stand over or beside a cell, so that it is not taken for what stands there."""
    kinds = vocabulary.table_kinds.values()
    of_forms = {label for kind in kinds for label in kind.attributes}
    of_rows = {label for kind in kinds for block in kind.blocks for label in block.attributes}
    return frozenset(of_forms | of_rows | vocabulary.meanings.keys() | vocabulary.dimension_words.keys())


@lru_cache(maxsize=8)
def _inline(vocabulary: Vocabulary) -> re.Pattern[str]:
    """A word for a contact with spaces anywhere in it, a colon, and what follows up to the next space or comma;
    no sum of money."""
    words = sorted(_contact_words(vocabulary), key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, word)) for word in words)
    units = "|".join(map(re.escape, vocabulary.units))
    money = rf"(?![\d,.]+\s*(?:{units}))"
    return re.compile(rf"((?:{spaced})\s*{_COLON}\s*){money}([^\s,;\uff0c\uff1b\u3002\u3001:\uff1a]+)")


def _mask_inline(text: str, vocabulary: Vocabulary) -> str:
    return _inline(vocabulary).sub(lambda match: match[1] + MASK, text)


def _mask_block(block: TextBlock, vocabulary: Vocabulary) -> TextBlock:
    masked = _mask_inline(block.text, vocabulary)
    return block if masked == block.text else replace(block, text=masked)


def _mask_grid(grid: Grid, vocabulary: Vocabulary) -> Grid:
    private = {(cell.row, cell.col) for cell in _beside_contacts(grid, vocabulary)}
    cells = tuple(_mask_cell(cell, (cell.row, cell.col) in private, vocabulary) for cell in grid.cells)
    return replace(
        grid,
        heading=tuple(_mask_block(block, vocabulary) for block in grid.heading),
        notes=tuple(_mask_block(block, vocabulary) for block in grid.notes),
        cells=cells,
    )


def _mask_cell(cell: Cell, private: bool, vocabulary: Vocabulary) -> Cell:
    text = MASK if private else _mask_inline(cell.text, vocabulary)
    return cell if text == cell.text else replace(cell, text=text, flags=cell.flags | {WITHHELD})


def _beside_contacts(grid: Grid, vocabulary: Vocabulary) -> Iterator[Cell]:
    """What is printed to the right of each word for a contact or, in a row of nothing but words, below it."""
    for cell in grid.cells:
        if not is_contact(cell.text, vocabulary):
            continue
        row = [other for other in grid.row(cell.row) if other.text.strip()]
        right = next((other for other in row if other.col > cell.col), None)
        if right is not None and not _is_word(right, vocabulary):
            yield right
        elif all(_is_word(other, vocabulary) for other in row):
            yield from _below(grid, cell, vocabulary)


def _below(grid: Grid, word: Cell, vocabulary: Vocabulary) -> Iterator[Cell]:
    """The cells under a word: all that a header's column has, else the one straight below."""
    in_header = word.row <= grid.header_rows
    last = grid.n_rows if in_header else word.row + word.rowspan
    for row in range(word.row + word.rowspan, last + 1):
        below = grid.covering.get((row, word.col))
        if below is not None and below.text.strip() and not _is_word(below, vocabulary):
            yield below


def _is_word(cell: Cell, vocabulary: Vocabulary) -> bool:
    return clean_label(cell.text).rstrip(":") in _known_words(vocabulary)
