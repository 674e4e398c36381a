"""Annotated PDFs: the original pages, with a box around each figure of a finding and a note that explains it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.annotations import Rectangle, Text
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    RectangleObject,
    TextStringObject,
)

from converters.readers.pdf.page_transform import Box, rotate_box
from ontology.locators import box_to_edges
from ontology.messages import message
from server.reports.model import Correction, DocumentReport, ReportedFigure
from server.reports.printed_places import find_figure, read_page_text
from server.reports.report_rows import explanations

PDF_TYPE, PDF_EXTENSION = "application/pdf", ".pdf"
COLOURS = {"violation": (0.78, 0.12, 0.1), "warning": (0.75, 0.54, 0.1), "information": (0.15, 0.4, 0.6)}
MARGIN = 1.0
"""Points between a cell and the box around it."""
NOTE = 14.0
"""The edge of the symbol of a note, in points."""
PRINTED_TOO = 4


class AnnotationError(ValueError):
    """A PDF that can be read but not annotated."""


def report_to_pdf(report: DocumentReport, files: Mapping[int, bytes]) -> bytes:
    """Return the pages of PDF files with the findings of a report as annotations.

    Args:
        report: The report.
        files: The content of the PDF files among the files of the disclosure, by their number from 1.

    Raises:
        AnnotationError: A file cannot be annotated.
    """
    writer = PdfWriter()
    try:
        for number, content in sorted(files.items()):
            first = len(writer.pages)
            writer.append(PdfReader(io.BytesIO(content)))
            boxes = boxes_of_file(report, number, content)
            for correction in report.corrections:
                _annotate(writer, report, correction, boxes, first)
        buffer = io.BytesIO()
        writer.write(buffer)
    except (PyPdfError, ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise AnnotationError(f"{type(error).__name__}: {error}") from error
    return buffer.getvalue()


def boxes_of_file(report: DocumentReport, file: int, content: bytes) -> Mapping[ReportedFigure, Box]:
    """Return the boxes of the figures of a report on the pages of a file, those of sentences as narrow as they are."""
    figures = {
        figure: edges
        for correction in report.corrections
        for figure in (*correction.suspects, *correction.figures)
        if figure.file == file and figure.page is not None and (edges := box_to_edges(figure.box)) is not None
    }
    document = pdfium.PdfDocument(content)
    try:
        texts = {
            number: read_page_text(document[number - 1])
            for number in sorted({figure.page for figure in figures if figure.table is None and figure.page})
        }
    finally:
        document.close()
    return {
        figure: edges
        if figure.table is not None
        else find_figure(texts[figure.page or 1], edges, (f"{figure.printed}{figure.unit or ''}", figure.printed or ""))
        for figure, edges in figures.items()
    }


def _annotate(
    writer: PdfWriter,
    report: DocumentReport,
    correction: Correction,
    boxes: Mapping[ReportedFigure, Box],
    first: int,
) -> None:
    """Add a box for each figure of a correction in a file whose pages begin at `first`, and a note at the first."""
    suspects = {figure.box for figure in correction.suspects}
    text = _note_text(correction, report)
    for number, (figure, box) in enumerate(_placed(correction, boxes)):
        page = writer.pages[first + (figure.page or 1) - 1]
        left, bottom, right, top = displayed_to_page(page, box)
        around = (left - MARGIN, bottom - MARGIN, right + MARGIN, top + MARGIN)
        rectangle = Rectangle(rect=around)
        width = 2 if figure.box in suspects else 1
        rectangle[NameObject("/BS")] = _border(width)
        _describe(rectangle, correction, text)
        writer.add_annotation(first + (figure.page or 1) - 1, rectangle)
        if number == 0:
            note = Text(rect=(right - NOTE / 2, top - NOTE / 2, right + NOTE / 2, top + NOTE / 2), text=text)
            _describe(note, correction, text)
            writer.add_annotation(first + (figure.page or 1) - 1, note)


def _placed(correction: Correction, boxes: Mapping[ReportedFigure, Box]) -> Iterator[tuple[ReportedFigure, Box]]:
    """Yield the figures of a correction that have a box, each place once."""
    seen = set()
    for figure in (*correction.suspects, *correction.figures):
        edges = boxes.get(figure)
        if edges is not None:
            if (figure.page, edges) not in seen:
                yield figure, edges
            seen.add((figure.page, edges))


def _note_text(correction: Correction, report: DocumentReport) -> str:
    severity = message(correction.severity, report.language)
    lines = [f"{severity}  {correction.title}", *explanations(correction, report)]
    for figure in correction.suspects:
        if figure.should_be is not None:
            should_be = message("report-column-should-be", report.language)
            lines.append(f"{figure.printed} → {should_be} {figure.should_be} {figure.unit or ''}".rstrip())
    if correction.reason is not None:
        lines.append(f"{message('report-column-reason', report.language)}: {correction.reason}")
    return "\n".join(lines)


def _describe(annotation: Rectangle | Text, correction: Correction, text: str) -> None:
    """Set the words, the name, the colour and the printing of an annotation."""
    annotation[NameObject("/Contents")] = TextStringObject(text)
    annotation[NameObject("/T")] = TextStringObject(correction.rule)
    annotation[NameObject("/C")] = ArrayObject(map(FloatObject, COLOURS[correction.severity]))
    annotation[NameObject("/F")] = NumberObject(PRINTED_TOO)


def _border(width: int) -> DictionaryObject:
    return DictionaryObject({NameObject("/W"): NumberObject(width), NameObject("/S"): NameObject("/S")})


def displayed_to_page(page: PageObject, box: Box) -> tuple[float, float, float, float]:
    """Return a box of the displayed page, from the top left, in coordinates of the page, upwards from the bottom."""
    visible = _intersection(page.mediabox, page.cropbox)
    width, height = visible[2] - visible[0], visible[3] - visible[1]
    quarters = page.rotation // 90 % 4
    shown = (height, width) if quarters % 2 else (width, height)
    left, top, right, bottom = rotate_box(box, -quarters % 4, *shown)
    return visible[0] + left, visible[3] - bottom, visible[0] + right, visible[3] - top


def _intersection(media: RectangleObject, crop: RectangleObject) -> Sequence[float]:
    left, bottom = max(media.left, crop.left), max(media.bottom, crop.bottom)
    return float(left), float(bottom), float(min(media.right, crop.right)), float(min(media.top, crop.top))
