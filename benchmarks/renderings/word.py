"""Word documents: captions above the tables or in their top rows, list numbers printed or stored."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

import docx

from benchmarks.renderings.pieces import Piece

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

LAYOUTS = ("captions-above", "captions-inside")


def write_docx(pieces: Iterable[Piece], layout: str) -> bytes:
    """A document of Office Open XML."""
    document = docx.Document()
    for piece in pieces:
        if piece.grid is None:
            document.add_paragraph(piece.text)
            continue
        inside = piece.heading if layout == "captions-inside" else ()
        for line in () if inside else piece.heading:
            document.add_paragraph(line)
        _add_table(document, piece, inside)
        for line in piece.notes:
            document.add_paragraph(line)
        document.add_paragraph("")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_table(document: WordDocument, piece: Piece, captions: tuple[str, ...]) -> None:
    grid = piece.grid
    assert grid is not None
    table = document.add_table(len(captions) + grid.n_rows, grid.n_cols)
    places = list(table._cells)
    wide = grid.n_cols
    for number, line in enumerate(captions):
        places[number * wide].merge(places[number * wide + wide - 1]).text = line
    for cell in grid.cells:
        start = (len(captions) + cell.row - 1) * wide + cell.col - 1
        target = places[start]
        if cell.rowspan > 1 or cell.colspan > 1:
            target = target.merge(places[start + (cell.rowspan - 1) * wide + cell.colspan - 1])
        target.text = cell.text
