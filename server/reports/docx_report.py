"""Reports as a word-processor document, with a table of corrections to work through."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table

from ontology.messages import message
from server.reports.model import Correction, DocumentReport, UnreadFigures
from server.reports.report_rows import (
    FURTHER_TABLES,
    UNREAD_COLUMNS,
    comparison_text,
    correction_row,
    counts_text,
    further_tables,
    headings,
    printable,
)

WIDTHS = {
    "number": 11,
    "severity": 24,
    "page": 20,
    "location": 40,
    "printed": 30,
    "should-be": 28,
    "message": 75,
    "done": 15,
    "reason": 30,
}
"""The columns of the table of corrections, with their widths in millimetres: 273 on A4 landscape."""
FONT, CHINESE_FONT = "Calibri", "SimSun"


def reports_to_docx(reports: Sequence[DocumentReport]) -> bytes:
    """Return a document with a section for each disclosure, in the language of the first."""
    document = Document()
    _set_up(document)
    language = reports[0].language if reports else "en"
    document.add_heading(message("report-title", language), level=0)
    for report in reports:
        _add_report(document, report)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_up(document: DocxDocument) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(12)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE_FONT)
    document.styles["Normal"].font.size = Pt(9.5)


def _add_report(document: DocxDocument, report: DocumentReport) -> None:
    language = report.language
    document.add_heading(printable(report.title), level=1)
    document.add_paragraph(printable(message("list-separator", language).join(report.file_names)))
    verdict = document.add_paragraph()
    verdict.add_run(message(report.verdict, language)).bold = True
    verdict.add_run(counts_text(report))
    compared = comparison_text(report)
    if compared is not None:
        document.add_paragraph(compared)
    document.add_heading(message("report-to-correct", language), level=2)
    if report.to_correct:
        _add_corrections(document, report, report.to_correct)
    else:
        document.add_paragraph(message("findings-none", language))
    if report.remarks:
        document.add_heading(message("report-remarks", language), level=2)
        _add_corrections(document, report, report.remarks)
    for table in further_tables(report):
        document.add_heading(message(table.title, language, file=table.file), level=2)
        _add_table(document, headings(FURTHER_TABLES[table.title], language), table.rows)
    document.add_heading(message("report-unread", language), level=2)
    _add_places(document, report.unread, message("report-unread-none", language), language)
    if report.issues:
        document.add_heading(message("issues", language), level=2)
        for issue in report.issues:
            document.add_paragraph(printable(issue), style="List Bullet")


def _add_corrections(document: DocxDocument, report: DocumentReport, corrections: Sequence[Correction]) -> None:
    rows = [correction_row(number, each, report) for number, each in enumerate(corrections, start=1)]
    lines = ([row[column] for column in WIDTHS] for row in rows)
    table = _add_table(document, headings(WIDTHS, report.language), lines)
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS.values(), strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _add_places(document: DocxDocument, items: Sequence[UnreadFigures], nothing: str, language: str) -> None:
    if items:
        _add_table(document, headings(UNREAD_COLUMNS, language), ([item.place, item.text] for item in items))
    else:
        document.add_paragraph(nothing)


def _add_table(document: DocxDocument, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table: Table = document.add_table(rows=1, cols=len(headers), style="Table Grid")
    for cell, header in zip(table.rows[0].cells, headers, strict=True):
        cell.paragraphs[0].add_run(header).bold = True
    heading = table.rows[0]._tr.get_or_add_trPr()
    heading.append(heading.makeelement(qn("w:tblHeader"), {}))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):  # type: ignore[no-untyped-call] # of python-docx
            cell.text = printable(text)
    for row_of_table in table.rows:
        unbroken = row_of_table._tr.get_or_add_trPr()
        unbroken.insert(0, unbroken.makeelement(qn("w:cantSplit"), {}))
    return table
