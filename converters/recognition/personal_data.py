"""Mask names, telephone numbers and identity card numbers of people in a document before further processing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from converters.model.document import Cell, Document, Grid, TextBlock
from converters.model.identity_numbers import mask_identity_numbers
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

MASK = "***"
WITHHELD = "withheld"
"""The flag of a cell with masked text."""
IDENTITY_NUMBER = "identity-number"
"""The flag of a cell or line in which the number of an identity card was masked."""
_COLON = "[:\uff1a]"


def withhold_personal_data(document: Document, vocabulary: Vocabulary) -> Document:
    """Return the document with MASK in place of the text beside or below labels for a person or a telephone number.

    In running text and inside a cell, the text after such a label and a colon is masked, and the number of a mobile
    telephone wherever other words stand beside it: alone it may be a figure. The characters of identity
    card numbers are masked one by one, wherever they stand.
    """
    return replace(
        document,
        blocks=tuple(_mask_block(block, vocabulary) for block in document.blocks),
        grids=tuple(_mask_grid(grid, vocabulary) for grid in document.grids),
        parts=tuple(withhold_personal_data(part, vocabulary) for part in document.parts),
    )


def is_contact(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a text labels a person or a telephone number."""
    return clean_label(text).rstrip(":") in _contact_words(vocabulary)


@lru_cache(maxsize=8)
def _contact_words(vocabulary: Vocabulary) -> frozenset[str]:
    meanings = vocabulary.meanings
    return frozenset(label for label, found in meanings.items() if any(m.role == "contact" for m in found))


@lru_cache(maxsize=8)
def _labels(vocabulary: Vocabulary) -> frozenset[str]:
    """All known labels, which are not values and so are never masked."""
    kinds = vocabulary.table_kinds.values()
    of_forms = {label for kind in kinds for label in kind.attributes}
    of_rows = {label for kind in kinds for block in kind.blocks for label in block.attributes}
    return frozenset(of_forms | of_rows | vocabulary.meanings.keys() | vocabulary.dimension_words.keys())


@lru_cache(maxsize=8)
def _inline(vocabulary: Vocabulary) -> re.Pattern[str]:
    """A contact label with spaces anywhere in it, a colon, and the text up to the next space or comma, unless it is a
    sum of money."""
    words = sorted(_contact_words(vocabulary), key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, word)) for word in words)
    units = "|".join(map(re.escape, vocabulary.units))
    money = rf"(?![\d,.]+\s*(?:{units}))"
    return re.compile(rf"((?:{spaced})\s*{_COLON}\s*){money}([^\s,;\uff0c\uff1b\u3002\u3001:\uff1a]+)")


@lru_cache(maxsize=8)
def _mobile(vocabulary: Vocabulary) -> re.Pattern[str]:
    """The number of a mobile telephone: eleven digits that are no part of a figure and no sum of money."""
    units = "|".join(map(re.escape, vocabulary.units))
    return re.compile(rf"(?<![\d.-])(?<!\d,)1[3-9]\d{{9}}(?!\d|[.,]\d|\s*(?:{units}))")


def _mask_inline(text: str, vocabulary: Vocabulary) -> str:
    masked = _inline(vocabulary).sub(lambda match: match[1] + MASK, text)
    return masked if masked.strip().isdecimal() else _mobile(vocabulary).sub(MASK, masked)


def _mask_block(block: TextBlock, vocabulary: Vocabulary) -> TextBlock:
    anonymous = mask_identity_numbers(block.text)
    flags = block.flags if anonymous == block.text else block.flags | {IDENTITY_NUMBER}
    masked = _mask_inline(anonymous, vocabulary)
    return block if masked == block.text else replace(block, text=masked, flags=flags)


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
    anonymous = mask_identity_numbers(cell.text)
    flags = cell.flags if anonymous == cell.text else cell.flags | {IDENTITY_NUMBER}
    text = MASK if private else _mask_inline(anonymous, vocabulary)
    return cell if text == cell.text else replace(cell, text=text, flags=flags | {WITHHELD})


def _beside_contacts(grid: Grid, vocabulary: Vocabulary) -> Iterator[Cell]:
    """The cell to the right of each contact label or, in a row of labels only, the cells below."""
    for cell in grid.cells:
        if not is_contact(cell.text, vocabulary):
            continue
        row = [other for other in grid.row(cell.row) if other.text.strip()]
        right = next((other for other in row if other.col > cell.col), None)
        if right is not None and not _is_label(right, vocabulary):
            yield right
        elif all(_is_label(other, vocabulary) for other in row):
            yield from _below(grid, cell, vocabulary)


def _below(grid: Grid, word: Cell, vocabulary: Vocabulary) -> Iterator[Cell]:
    """The cells below a label: the whole column if the label is in the header, else the next cell."""
    in_header = word.row <= grid.header_rows
    last = grid.n_rows if in_header else word.row + word.rowspan
    for row in range(word.row + word.rowspan, last + 1):
        below = grid.covering.get((row, word.col))
        if below is not None and below.text.strip() and not _is_label(below, vocabulary):
            yield below


def _is_label(cell: Cell, vocabulary: Vocabulary) -> bool:
    return clean_label(cell.text).rstrip(":") in _labels(vocabulary)
