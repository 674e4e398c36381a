"""Workbooks of Excel 97 to 2003 (XLS) and of WPS (ET), which store the same streams, read with xlrd."""

from __future__ import annotations

import io
import struct
from datetime import datetime
from pathlib import Path
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError
from xlrd.xldate import XLDateError, xldate_as_datetime

from converters.model.document import Document, DocumentError
from converters.readers.assembly import assemble_document
from converters.readers.spreadsheet.number_formats import Displayed, display, float_to_decimal
from converters.readers.spreadsheet.sheet_cells import Sheet, sheets_to_flow
from ontology.vocabulary import Vocabulary

_ENCRYPTED = "encrypted"


def read_xls(path: Path, content: bytes, vocabulary: Vocabulary) -> Document:
    """Return a Document of the visible sheets, figures as displayed. Raise DocumentError if damaged or encrypted."""
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
        sheets = [_sheet(book, sheet) for sheet in book.sheets()]
    except xlrd.XLRDError as error:
        key = "unread-encrypted" if _ENCRYPTED in str(error) else "workbook-damaged"
        raise DocumentError(key, file=path) from error
    except (CompDocError, struct.error, LookupError, ValueError, TypeError, AssertionError, AttributeError) as error:
        raise DocumentError("workbook-damaged", file=path) from error
    flow, hidden = sheets_to_flow(path, sheets, vocabulary)
    return assemble_document(path, content, "xls", flow, vocabulary, hidden)


def _sheet(book: Any, sheet: Any) -> Sheet:
    texts = {}
    for row in range(sheet.nrows):
        for col in range(sheet.row_len(row)):
            cell = sheet.cell(row, col)
            code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
            text = display(_value(cell, book.datemode), code)
            if text:
                texts[row + 1, col + 1] = text
    return Sheet(
        sheet.name,
        texts,
        {(top + 1, left + 1): (bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells},
        hidden=sheet.visibility != 0,
        hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(col + 1 for col, info in sheet.colinfo_map.items() if info.hidden),
    )


def _value(cell: Any, datemode: int) -> Displayed:
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return float_to_decimal(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment: datetime = xldate_as_datetime(cell.value, datemode)
            return moment
        except XLDateError:
            return float_to_decimal(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, cell.value))
    return str(cell.value)
