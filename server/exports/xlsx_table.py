"""Tables of data as workbooks: one sheet with typed cells, and one that describes the columns."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime
from typing import IO, TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ontology.tabular.published_columns import DataTable, Row, Value
from ontology.text import spreadsheet_safe

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 1_048_576
"""The rows of a sheet, by the file format; what is more goes to further sheets."""
_MADE = datetime(1980, 1, 1)  # noqa: DTZ001 -- the first date of a ZIP archive, which knows no time zones
_PROPERTIES, _MODIFIED = "docProps/core.xml", re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_xlsx_table(table: DataTable, rows: Iterable[Row], output: BinaryIO, *, described: bool = True) -> None:
    """Write a table: amounts are numbers, truth values are boolean, text is never a formula.

    If `described`, a sheet `columns` describes the columns in both languages. Memory use does not grow with the number
    of rows.
    """
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet, used = _new_sheet(workbook, table), 1
    for row in rows:
        if used == MOST_ROWS:
            sheet, used = _new_sheet(workbook, table), 1
        sheet.append([_cell(row[name]) for name in table.names])
        used += 1
    if described:
        columns = workbook.create_sheet("columns")
        for column in table.columns:
            columns.append([column.name, column.type, column.description("zh"), column.description("en")])
    workbook.properties.created = _MADE
    with tempfile.TemporaryFile() as unfinished:
        workbook.save(unfinished)
        _copy_undated(unfinished, output)


def _copy_undated(workbook: IO[bytes], output: BinaryIO) -> None:
    """Copy an archive with one date for all its parts, so that the same table gives the same bytes."""
    with ZipFile(workbook) as source, ZipFile(output, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = ZipInfo(name, _MADE.timetuple()[:6])
            part.compress_type = ZIP_DEFLATED
            if name == _PROPERTIES:
                target.writestr(
                    part, _MODIFIED.sub(rb"\g<1>" + _MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), source.read(name))
                )
                continue
            with source.open(name) as content, target.open(part, "w", force_zip64=True) as copy:
                shutil.copyfileobj(content, copy)


def _new_sheet(workbook: Workbook, table: DataTable) -> Worksheet:
    """Add a sheet with the header of a table; sheets after the first are numbered."""
    number = len(workbook.sheetnames) + 1
    sheet: Worksheet = workbook.create_sheet(table.name if number == 1 else f"{table.name} {number}")
    sheet.freeze_panes = "A2"
    sheet.append(list(table.names))
    return sheet


def _cell(value: Value) -> Value:
    """The value without control characters, which XML cannot contain, and safe where it is text."""
    return spreadsheet_safe(_CONTROL.sub("", value)) if isinstance(value, str) else value
