"""The example laid out otherwise than in `benchmarks.renderings` gives the same figures at the same coordinates."""

import io
from collections import Counter
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from small_disclosures import EXAMPLE, example

from benchmarks.renderings.pieces import Piece, read_pieces
from converters import Conversion, conversion_to_records, convert_document
from converters.model.amounts import parse_amount
from converters.model.document import Grid
from converters.readers import read_content, read_document

PRINTED = ("page", "place", "observation", "point", "disclosure", "coordinates")
WORDED = ("column", "row_label", "printed", "precision")
HIDDEN = 40


def captions(piece: Piece) -> tuple[list[str], list[str]]:
    """The lines above a table: titles, and units of money."""
    units = [line for line in piece.heading if "单位" in line and "元" in line]
    return [line for line in piece.heading if line not in units], units


def write_cells(sheet: Any, grid: Grid, top: int) -> None:
    """Write a table whose first row is the row `top` of the sheet; codes without leading zeros are numbers too."""
    for cell in grid.cells:
        place, amount = sheet.cell(top + cell.row - 1, cell.col + 1), parse_amount(cell.text)
        if cell.row > grid.header_rows and amount is not None and "." in cell.text:
            place.value, place.number_format = float(amount.value), "#,##0." + "0" * amount.decimals
        elif cell.row > grid.header_rows and cell.text.isdigit() and not cell.text.startswith("0"):
            place.value = int(cell.text)
        elif cell.text:
            place.value, place.data_type = cell.text, "s"
        if cell.rowspan > 1 or cell.colspan > 1:
            row, col = top + cell.row - 1, cell.col + 1
            below, right = row + cell.rowspan - 1, col + cell.colspan - 1
            sheet.merge_cells(start_row=row, start_column=col, end_row=below, end_column=right)


def write_workbook(pieces: Sequence[Piece]) -> bytes:
    """All tables on one sheet from its second column on, titles merged, units right, figures and codes as numbers."""
    book = openpyxl.Workbook()
    sheet, text = book.create_sheet("公开表"), book.create_sheet("文字")
    del book["Sheet"]
    top = 2
    for piece in pieces:
        if piece.grid is None:
            text.append([None, piece.text])
            continue
        grid, (titles, units) = piece.grid, captions(piece)
        for line in titles:
            sheet.cell(top, 2, line)
            sheet.merge_cells(start_row=top, start_column=2, end_row=top, end_column=1 + grid.n_cols)
            top += 1
        for line in units:
            sheet.cell(top, 1 + grid.n_cols, line)
            top += 1
        write_cells(sheet, grid, top)
        top += grid.n_rows
        for line in piece.notes:
            sheet.cell(top, 2, line)
            top += 1
        top += 2
    sheet.cell(5, HIDDEN, "内部")
    sheet.column_dimensions["AN"].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_word(pieces: Sequence[Piece]) -> bytes:
    """Titles as headings, units in paragraphs of their own, each line of a cell a paragraph."""
    document = docx.Document()
    for piece in pieces:
        if piece.grid is None:
            document.add_paragraph(piece.text)
            continue
        grid, (titles, units) = piece.grid, captions(piece)
        for line in titles:
            document.add_heading(line, 2)
        for line in units:
            document.add_paragraph(line)
        table = document.add_table(grid.n_rows, grid.n_cols)
        places = list(table._cells)
        for cell in grid.cells:
            target = places[(cell.row - 1) * grid.n_cols + cell.col - 1]
            if cell.rowspan > 1 or cell.colspan > 1:
                last = (cell.row + cell.rowspan - 2) * grid.n_cols + cell.col + cell.colspan - 2
                target = target.merge(places[last])
            first, *more = cell.text.split("\n")
            target.text = first
            for line in more:
                target.add_paragraph(line)
        for line in piece.notes:
            document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def write_page(pieces: Sequence[Piece]) -> bytes:
    """A page of an old editor: no end tags of rows, titles and units in rows of the table, font tags, in GBK."""
    out = []
    for piece in pieces:
        if piece.grid is None:
            out.append(f"<div><font face=宋体>{escape(piece.text)}</font></div>")
            continue
        grid, (titles, units) = piece.grid, captions(piece)
        out.append(f"<table border=1 cellspacing=0><colgroup>{'<col width=80>' * grid.n_cols}</colgroup>")
        for line in titles:
            out.append(f"<tr height=30><td colspan={grid.n_cols} align=center><b>{escape(line)}</b></td></tr>")
        for line in units:
            out.append(f"<tr>{'<td></td>' * (grid.n_cols - 1)}<td align=right>{escape(line)}</td></tr>")
        for row in range(1, grid.n_rows + 1):
            tag = "th" if row <= grid.header_rows else "td"
            cells = (
                f"<{tag} rowspan={cell.rowspan} colspan={cell.colspan}><font>{escape(cell.text)}</font></{tag}>"
                for cell in grid.row(row)
            )
            out.append(f"<tr>{''.join(cells)}")
        out.append("</table>")
        out += [f"<div>{escape(line)}</div>" for line in piece.notes]
    return f"<html><head><meta charset=gbk></head><body>{''.join(out)}</body></html>".encode("gb18030")


def figures(conversion: Conversion) -> Counter[tuple[tuple[str, str], ...]]:
    """The figures with their coordinates, without the words and the form in which each format shows them."""
    return Counter(
        tuple((name, value) for name, value in row.items() if name not in (*PRINTED, *WORDED))
        for row in conversion_to_records(conversion)
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("name", "write"), [("a.xlsx", write_workbook), ("a.docx", write_word), ("a.html", write_page)]
)
def test_another_layout_gives_the_same_figures(name: str, write: Callable[[Sequence[Piece]], bytes]) -> None:
    content = write(list(read_pieces(read_document(EXAMPLE))))
    assert figures(convert_document(read_content(Path(name), content))) == figures(example())
