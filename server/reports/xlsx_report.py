"""Reports as a workbook: a row for each mistake, then what passed, what was not applicable and what was not read."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ontology.messages import message
from server.reports.model import DocumentReport
from server.reports.report_rows import (
    FURTHER_TABLES,
    NOT_APPLICABLE,
    PASSED,
    TICKED,
    UNREAD_COLUMNS,
    UNTICKED,
    USER_SHAPES,
    comparison_text,
    correction_row,
    counts_text,
    further_tables,
    headings,
    printable,
)

WIDTHS = {
    "number": 6,
    "severity": 8,
    "page": 14,
    "location": 36,
    "printed": 20,
    "should-be": 20,
    "message": 60,
    "rule": 22,
    "done": 8,
    "reason": 28,
}
LINE_HEIGHT = 14.5
_REMARK_COLUMNS = ("number", "page", "location", "printed", "rule", "message")
_WIDE = ("W", "F", "A")
_THIN = Side(style="thin", color="D0D7DE")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADER_FILL = PatternFill("solid", fgColor="F3F5F7")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def reports_to_xlsx(reports: Sequence[DocumentReport]) -> bytes:
    """Return a workbook whose first sheet has a row for each correction, with a tick box and space for a reason."""
    language = reports[0].language if reports else "en"
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    _correction_sheet(sheet, reports, language)
    remarks = [
        [report.title, *(correction_row(number, each, report)[column] for column in _REMARK_COLUMNS)]
        for report in reports
        for number, each in enumerate(report.remarks, start=1)
    ]
    if remarks:
        _sheet(workbook, "report-remarks", ("disclosure", *_REMARK_COLUMNS), remarks, language)
    _further_sheets(workbook, reports, language)
    unread = [[report.title, item.place, item.text] for report in reports for item in report.unread]
    unread += [[report.title, "", issue] for report in reports for issue in report.issues]
    _sheet(workbook, "report-unread", ("disclosure", *UNREAD_COLUMNS), unread, language)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _further_sheets(workbook: Workbook, reports: Sequence[DocumentReport], language: str) -> None:
    """Add a sheet for each kind of table that follows the corrections, with the rows of all reports."""
    tables = [(report, table) for report in reports for table in further_tables(report)]
    for title, columns in FURTHER_TABLES.items():
        of_title = [(report, table) for report, table in tables if table.title == title]
        rows = [[table.file or report.title, *row] for report, table in of_title for row in table.rows]
        key, first = ("report-shapes", "file") if title == USER_SHAPES else (title, "disclosure")
        if rows or title in (PASSED, NOT_APPLICABLE):
            _sheet(workbook, key, (first, *columns), rows, language)


def _correction_sheet(sheet: Worksheet, reports: Sequence[DocumentReport], language: str) -> None:
    sheet.title = message("report-to-correct", language)
    columns = tuple(WIDTHS)
    boxes = DataValidation(type="list", formula1=f'"{UNTICKED},{TICKED}"', allow_blank=True)
    sheet.add_data_validation(boxes)
    for report in reports:
        _write(sheet, [report.title], bold=True)
        compared = comparison_text(report)
        _write(sheet, [message(report.verdict, language) + counts_text(report) + ("  " + compared if compared else "")])
        _write(sheet, headings(columns, language), header=True)
        for number, correction in enumerate(report.to_correct, start=1):
            cells = correction_row(number, correction, report)
            row = _write(sheet, [cells[column] for column in columns])
            boxes.add(row[columns.index("done")])
            lines = max(_lines(cells[column], WIDTHS[column]) for column in columns)
            sheet.row_dimensions[row[0].row].height = LINE_HEIGHT * lines
        sheet.append([])
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = WIDTHS[column]
    if len(reports) == 1:
        sheet.freeze_panes = "A4"
        sheet.print_title_rows = "3:3"
    _fit_to_page(sheet)


def _lines(text: str, width: int) -> int:
    """Estimate the lines that text takes in a column; Chinese characters and quotation marks are two units wide.

    Where a line wraps more than once there is one to spare: a computation is not broken, and begins a line of its own.
    """
    units = (sum(2 if east_asian_width(c) in _WIDE else 1 for c in line) for line in text.split("\n"))
    lines = [max(1, math.ceil(unit / (width - 3))) for unit in units]
    return sum(lines) + (max(lines) > 2)


def _sheet(workbook: Workbook, key: str, columns: Sequence[str], rows: Iterable[Sequence[str]], language: str) -> None:
    sheet = workbook.create_sheet(message(key, language))
    _write(sheet, headings(columns, language), header=True)
    for row in rows:
        _write(sheet, row)
    for index in range(1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 60 if index == len(columns) else 30
    sheet.freeze_panes = "A2"
    _fit_to_page(sheet)


def _write(sheet: Worksheet, values: Sequence[str], *, header: bool = False, bold: bool = False) -> list[Cell]:
    """Append a row of text; nothing in it is a formula."""
    row = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    cells = []
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)
        cell.value = printable(value)
        cell.data_type = "s"
        if bold or header:
            cell.font = Font(bold=True)
        if not bold and len(values) > 1:
            cell.alignment, cell.border = _WRAPPED, _BORDER
        if header:
            cell.fill = _HEADER_FILL
        cells.append(cell)
    return cells


def _fit_to_page(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
