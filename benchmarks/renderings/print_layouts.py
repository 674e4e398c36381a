"""Documents made to be printed: page sizes, typefaces and cell alignments that change where lines break."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import docx
import openpyxl
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from benchmarks.renderings.pieces import Piece, stored_number
from converters.model.document import Cell, Grid
from converters.readers.pdf.lines import is_wide

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from openpyxl.worksheet.worksheet import Worksheet

_PAGE, _MARGIN = (21.0, 29.7), 2.0
_COLUMN, _TEXT_COLUMN = 16, 80
_LINE = 18.0
_EDGE = Side(style="thin")
_BOX = Border(_EDGE, _EDGE, _EDGE, _EDGE)


@dataclass(frozen=True)
class WordLayout:
    """A page of a word processor: size of type in points, typeface, and how figures are aligned."""

    size: float = 10.5
    typeface: str = "Noto Serif CJK SC"
    landscape: bool = False
    ruled: bool = False
    figures_right: bool = False


WORD = {
    "word": WordLayout(),
    "word-landscape": WordLayout(size=9, landscape=True, figures_right=True),
    "word-fixed-width": WordLayout(size=8, typeface="Noto Sans Mono CJK SC", landscape=True),
    "word-ruled": WordLayout(ruled=True),
}
WEB = {
    "web": "",
    "web-landscape": "@page{size:A4 landscape;margin:1cm} body{font-size:8pt} td{padding:1px 4px}",
    "web-full-width": "@page{size:A3 landscape;margin:1cm} body{font-size:9pt} table{width:100%}",
    "web-ruled": "table{border-collapse:collapse} td{border:1px solid}",
}
SHEETS = ("sheets", "sheets-ruled")


def write_word(pieces: Iterable[Piece], layout: str) -> bytes:
    """A document of Office Open XML in a layout of `WORD`."""
    chosen = WORD[layout]
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.size, style.font.name = Pt(chosen.size), chosen.typeface
    style.element.rPr.rFonts.set(qn("w:eastAsia"), chosen.typeface)
    section = document.sections[0]
    width, height = reversed(_PAGE) if chosen.landscape else _PAGE
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if chosen.landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN)
    for piece in pieces:
        for line in (piece.text,) if piece.grid is None else piece.heading:
            document.add_paragraph(line)
        if piece.grid is not None:
            _add_table(document, piece.grid, chosen)
            for line in (*piece.notes, ""):
                document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_table(document: WordDocument, grid: Grid, layout: WordLayout) -> None:
    table = document.add_table(grid.n_rows, grid.n_cols)
    if layout.ruled:
        table.style = "Table Grid"
    places = list(table._cells)
    for cell in grid.cells:
        start = (cell.row - 1) * grid.n_cols + cell.col - 1
        target = places[start]
        if cell.rowspan > 1 or cell.colspan > 1:
            target = target.merge(places[start + (cell.rowspan - 1) * grid.n_cols + cell.colspan - 1])
        target.text = cell.text
        if layout.figures_right and stored_number(cell.text) is not None:
            target.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def write_web(pieces: Iterable[Piece], layout: str) -> bytes:
    """A page with its tables in a style of `WEB`."""
    body = "\n".join(_web_piece(piece) for piece in pieces)
    style = f"<style>{WEB[layout]}</style>"
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{style}</head><body>{body}</body></html>'.encode()


def _web_piece(piece: Piece) -> str:
    if piece.grid is None:
        return f"<p>{escape(piece.text)}</p>"
    above, below = ("".join(f"<p>{escape(line)}</p>" for line in part) for part in (piece.heading, piece.notes))
    rows = (piece.grid.row(number) for number in range(1, piece.grid.n_rows + 1))
    table = "".join(f"<tr>{''.join(map(_web_cell, row))}</tr>" for row in rows)
    return f"{above}<table>{table}</table>{below}"


def _web_cell(cell: Cell) -> str:
    lines = "<br>".join(map(escape, cell.text.split("\n")))
    return f'<td rowspan="{cell.rowspan}" colspan="{cell.colspan}">{lines}</td>'


def write_sheets(pieces: Iterable[Piece], layout: str) -> bytes:
    """A workbook with a sheet for each table, fitted to the width of a page.

    A row is as high as its text needs. In the layout `sheets-ruled` all cells below the title have ruling lines, that
    with the unit of money too.
    """
    book = openpyxl.Workbook()
    text = book.active
    assert text is not None
    text.title = layout
    text.column_dimensions["A"].width = _TEXT_COLUMN
    for piece in pieces:
        if piece.grid is None:
            text.append([piece.text])
        else:
            _write_sheet(book.create_sheet(), piece, piece.grid, ruled=layout == "sheets-ruled")
    for (cell,) in text.iter_rows(max_col=1):
        cell.alignment = Alignment(wrap_text=True)
    for sheet in book.worksheets:
        _fit_rows(sheet)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_sheet(sheet: Worksheet, piece: Piece, grid: Grid, *, ruled: bool) -> None:
    for line in piece.heading:
        sheet.append([line])
    top = len(piece.heading)
    for cell in grid.cells:
        target = sheet.cell(top + cell.row, cell.col)
        target.value, target.data_type = cell.text, "s"
        figure, label = stored_number(cell.text) is not None, cell.row <= grid.header_rows
        across = "right" if figure else "center" if label else None
        target.alignment = Alignment(wrap_text=True, horizontal=across, vertical="center")
        if cell.rowspan > 1 or cell.colspan > 1:
            last = top + cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1
            sheet.merge_cells(None, top + cell.row, cell.col, *last)
    for number, line in enumerate(piece.notes, start=1):
        sheet.cell(top + grid.n_rows + number, 1, line)
    for number in range(1, grid.n_cols + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _COLUMN
    if ruled:
        for row in sheet.iter_rows(min_row=max(2, top), max_row=top + grid.n_rows):
            for place in row:
                place.border = _BOX
    sheet.page_setup.orientation = "landscape"


def _fit_rows(sheet: Worksheet) -> None:
    """Make each row as high as the cells in it that are not merged downwards need."""
    spans = {(m.min_row, m.min_col): m for m in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        lines = 1
        for cell in row:
            span = spans.get((cell.row, cell.column))
            if (
                isinstance(cell.value, str)
                and cell.alignment.wrap_text
                and (span is None or span.min_row == span.max_row)
            ):
                last = cell.column if span is None else span.max_col
                letters = map(get_column_letter, range(cell.column, last + 1))
                width = sum(sheet.column_dimensions[letter].width for letter in letters) - 1
                taken = (sum(1 + is_wide(character) for character in line) for line in cell.value.split("\n"))
                lines = max(lines, sum(max(1, math.ceil(wide / width)) for wide in taken))
        sheet.row_dimensions[row[0].row].height = _LINE * lines
