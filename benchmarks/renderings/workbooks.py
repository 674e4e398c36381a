"""Workbooks: a sheet for each table or one for all, figures stored as numbers with format codes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlwt

from benchmarks.renderings.pieces import Piece, stored_number

TEXT_SHEET = "说明"


@dataclass
class _Sheet:
    """A sheet to write: what stands in each cell by (row, column), and merged ranges (top, left, bottom, right)."""

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    figures: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    row: int = 0

    def add_line(self, text: str, width: int = 1) -> None:
        self.row += 1
        self.cells[self.row, 1] = text
        if width > 1:
            self.merged.append((self.row, 1, self.row, width))

    def add_table(self, piece: Piece, merged: bool) -> None:
        grid = piece.grid
        assert grid is not None
        width = grid.n_cols if merged else 1
        for line in piece.heading:
            self.add_line(line, width)
        for cell in grid.cells:
            row, col = self.row + cell.row, cell.col
            self.cells[row, col] = cell.text
            if cell.row > grid.header_rows:
                self.figures.add((row, col))
            if cell.rowspan > 1 or cell.colspan > 1:
                self.merged.append((row, col, row + cell.rowspan - 1, col + cell.colspan - 1))
        self.row += grid.n_rows
        for line in piece.notes:
            self.add_line(line, width)


def _sheet_each(pieces: Iterable[Piece]) -> list[_Sheet]:
    text = _Sheet(TEXT_SHEET)
    sheets = [text]
    for piece in pieces:
        if piece.grid is None:
            text.add_line(piece.text)
        else:
            sheets.append(_Sheet(f"Sheet{len(sheets)}"))
            sheets[-1].add_table(piece, merged=True)
    return sheets


def _sheet_for_all(pieces: Iterable[Piece]) -> list[_Sheet]:
    sheet = _Sheet("Sheet1")
    for piece in pieces:
        if piece.grid is None:
            sheet.add_line(piece.text)
        else:
            sheet.row += 1
            sheet.add_table(piece, merged=False)
            sheet.row += 1
    return [sheet]


LAYOUTS: dict[str, Callable[[Iterable[Piece]], list[_Sheet]]] = {"sheets": _sheet_each, "one-sheet": _sheet_for_all}


def _stored(sheet: _Sheet, place: tuple[int, int]) -> tuple[Decimal, str] | None:
    return stored_number(sheet.cells[place]) if place in sheet.figures else None


def write_xlsx(pieces: Iterable[Piece], layout: str) -> bytes:
    """A workbook of Office Open XML."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in LAYOUTS[layout](pieces):
        worksheet = book.create_sheet(sheet.name)
        for place, text in sheet.cells.items():
            stored = _stored(sheet, place)
            cell = worksheet.cell(*place)
            if stored is not None:
                cell.value, cell.number_format = float(stored[0]), stored[1]
            elif text:
                cell.value, cell.data_type = text, "s"
        for top, left, bottom, right in sheet.merged:
            worksheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_xls(pieces: Iterable[Piece], layout: str) -> bytes:
    """A workbook of Excel 97."""
    book = xlwt.Workbook()
    for sheet in LAYOUTS[layout](pieces):
        worksheet = book.add_sheet(sheet.name)
        ranges = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged}
        for (row, col), text in sheet.cells.items():
            stored = _stored(sheet, (row, col))
            bottom, right = ranges.get((row, col), (row, col))
            value = text if stored is None else float(stored[0])
            style = xlwt.easyxf(num_format_str="@" if stored is None else stored[1])
            if text or (bottom, right) != (row, col):
                worksheet.write_merge(row - 1, bottom - 1, col - 1, right - 1, value, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_ods(pieces: Iterable[Piece], layout: str) -> bytes:
    """An OpenDocument spreadsheet, with the attributes and the repeated empty cells that office programs write."""
    tables = "".join(_ods_table(sheet) for sheet in LAYOUTS[layout](pieces))
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _ods_table(sheet: _Sheet) -> str:
    width = max((col for _, col in sheet.cells), default=1)
    ranges = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merged}
    covered = {
        (row, col)
        for (top, left), (tall, wide) in ranges.items()
        for row in range(top, top + tall)
        for col in range(left, left + wide)
    } - ranges.keys()
    rows = []
    for row in range(1, sheet.row + 1):
        cells = [_ods_cell(sheet, (row, col), ranges, covered) for col in range(1, width + 1)]
        rows.append(f"<table:table-row>{''.join(cells)}{_REPEATED}</table:table-row>")
    end = f'<table:table-row table:number-rows-repeated="1000000">{_REPEATED}</table:table-row>'
    return f"<table:table table:name={quoteattr(sheet.name)}>{''.join(rows)}{end}</table:table>"


_REPEATED = '<table:table-cell table:number-columns-repeated="16000"/>'


def _ods_cell(
    sheet: _Sheet,
    place: tuple[int, int],
    ranges: dict[tuple[int, int], tuple[int, int]],
    covered: Sequence[tuple[int, int]] | set[tuple[int, int]],
) -> str:
    if place in covered:
        return "<table:covered-table-cell/>"
    tall, wide = ranges.get(place, (1, 1))
    spans = (
        f' table:number-rows-spanned="{tall}" table:number-columns-spanned="{wide}"' if (tall, wide) != (1, 1) else ""
    )
    text = sheet.cells.get(place, "")
    stored = _stored(sheet, place) if place in sheet.cells else None
    value = f' office:value-type="float" office:value="{stored[0]}"' if stored else ' office:value-type="string"'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
    return f"<table:table-cell{spans}{value if text else ''}>{lines if text else ''}</table:table-cell>"
