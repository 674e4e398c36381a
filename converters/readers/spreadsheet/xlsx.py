"""Workbooks of Office Open XML (XLSX, XLSM), read with openpyxl."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml.etree import XMLSyntaxError
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from converters.model.document import Document, DocumentError, Issue
from converters.readers.assembly import assemble_document
from converters.readers.spreadsheet.number_formats import Displayed, display, float_to_decimal
from converters.readers.spreadsheet.sheet_cells import MOST_CELLS, Sheet, column_letters, sheets_to_flow
from ontology.locators import Locator
from ontology.vocabulary import Vocabulary

_SHOWN = "visible"
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*ref\s*=\s*["']([^"']+)""")


def read_xlsx(path: Path, content: bytes, vocabulary: Vocabulary) -> Document:
    """Return a Document of the visible sheets, figures as displayed. Raise DocumentError if the workbook is damaged.

    A formula without a stored result is reported as an issue with its place; its cell counts as empty.
    """
    _check_merged_area(path, content)
    try:
        values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(content))
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        XMLSyntaxError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        EOFError,
        OSError,
    ) as error:
        raise DocumentError("workbook-damaged", file=path) from error
    if not values.worksheets:
        raise DocumentError("workbook-damaged", file=path)
    sheets: list[Sheet] = []
    issues: list[Issue] = []
    for shown, stored in zip(values.worksheets, formulas.worksheets, strict=True):
        sheets.append(_sheet(shown))
        if shown.sheet_state == _SHOWN:
            issues += _uncalculated(shown, stored)
    flow, hidden = sheets_to_flow(path, sheets, vocabulary)
    return assemble_document(path, content, "xlsx", flow, vocabulary, [*issues, *hidden])


def _check_merged_area(path: Path, content: bytes) -> None:
    """Raise DocumentError if merged ranges cover too many cells: openpyxl creates an object for each."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in package.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                try:
                    ranges = _MERGED.findall(package.read(part))
                except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
                    raise DocumentError("unread-damaged", file=path) from error
                if sum(map(_range_area, ranges)) > MOST_CELLS:
                    raise DocumentError("sheet-too-large", file=path, sheet=PurePosixPath(part).stem)


def _range_area(reference: bytes) -> int:
    try:
        left, top, right, bottom = range_boundaries(reference.decode())
    except ValueError:
        return 0
    return (int(right or 0) - int(left or 0) + 1) * (int(bottom or 0) - int(top or 0) + 1)


def _sheet(worksheet: Worksheet) -> Sheet:
    texts = {}
    for place, cell in worksheet._cells.items():
        if cell.value is not None:
            texts[place] = display(_value(cell.value), cell.number_format)
    spans = {
        (merged.min_row, merged.min_col): (
            merged.max_row - merged.min_row + 1,
            merged.max_col - merged.min_col + 1,
        )
        for merged in worksheet.merged_cells.ranges
    }
    return Sheet(
        worksheet.title,
        texts,
        spans,
        hidden=worksheet.sheet_state != _SHOWN,
        hidden_rows=frozenset(number for number, row in worksheet.row_dimensions.items() if row.hidden),
        hidden_columns=frozenset(_hidden_columns(worksheet)),
    )


def _hidden_columns(worksheet: Worksheet) -> Iterator[int]:
    for dimension in worksheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            yield from range(dimension.min, dimension.max + 1)


def _value(value: object) -> Displayed:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float_to_decimal(value)
    return value if isinstance(value, Displayed) else str(value)


def _uncalculated(shown: Worksheet, stored: Worksheet) -> Iterator[Issue]:
    for (row, col), cell in stored._cells.items():
        known = shown._cells.get((row, col))
        if cell.data_type == "f" and (known is None or known.value is None):
            place = f"{stored.title}!{column_letters(col)}{row}"
            yield Issue("formula-without-value", Locator(reference=place), {"formula": _formula(cell.value)})


def _formula(value: object) -> str:
    """Return the formula of a cell; openpyxl stores array formulas as objects."""
    return str(getattr(value, "text", None) or value)
