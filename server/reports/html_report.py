"""Reports as HTML: one file without scripts and network access, to be read, printed or mailed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from xml.etree import ElementTree as ET

from ontology.messages import message
from server.reports.model import Correction, DocumentReport, UnreadFigures
from server.reports.report_rows import (
    FURTHER_TABLES,
    UNREAD_COLUMNS,
    UNTICKED,
    comparison_text,
    correction_row,
    counts_text,
    explanations,
    further_tables,
    headings,
    printable,
)

CORRECTION_COLUMNS = ("number", "severity", "page", "location", "printed", "should-be", "message", "done", "reason")
_CLASSES = {"conforms": "passed", "conforms-accepted": "passed", "conforms-not": "failed"}


def reports_to_html(reports: Sequence[DocumentReport]) -> bytes:
    """Return one HTML document with a section for each disclosure, in the language of the first."""
    language = reports[0].language if reports else "en"
    root = ET.Element("html", lang=language)
    head = ET.SubElement(root, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    ET.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _text(head, "title", message("report-title", language))
    ET.SubElement(head, "style").text = files("server.reports").joinpath("report.css").read_text(encoding="utf-8")
    main = ET.SubElement(ET.SubElement(root, "body"), "main")
    _text(main, "h1", message("report-title", language))
    for report in reports:
        _document(ET.SubElement(main, "article"), report)
    return f"<!doctype html>\n{ET.tostring(root, encoding='unicode', method='html')}\n".encode()


def _document(article: ET.Element, report: DocumentReport) -> None:
    language = report.language
    _text(article, "h2", report.title)
    _text(article, "p", message("list-separator", language).join(report.file_names), "files")
    verdict = ET.SubElement(article, "p", {"class": f"verdict {_CLASSES.get(report.verdict, 'unknown')}"})
    _text(verdict, "strong", message(report.verdict, language))
    verdict[-1].tail = printable(counts_text(report))
    compared = comparison_text(report)
    if compared is not None:
        _text(article, "p", compared, "compared")
    _text(article, "h3", message("report-to-correct", language))
    if report.to_correct:
        _corrections(article, report, report.to_correct, CORRECTION_COLUMNS)
    else:
        _text(article, "p", message("findings-none", language))
    if report.remarks:
        _text(article, "h3", message("report-remarks", language))
        _corrections(article, report, report.remarks, CORRECTION_COLUMNS[:-2])
    for table in further_tables(report):
        _text(article, "h3", message(table.title, language, file=table.file))
        _table(article, headings(FURTHER_TABLES[table.title], language), table.rows)
    _text(article, "h3", message("report-unread", language))
    _places(article, report.unread, message("report-unread-none", language), language)
    if report.issues:
        _text(article, "h3", message("issues", language))
        listing = ET.SubElement(article, "ul")
        for issue in report.issues:
            _text(listing, "li", issue)


def _corrections(
    article: ET.Element, report: DocumentReport, corrections: Sequence[Correction], columns: Sequence[str]
) -> None:
    body = _table(article, headings(columns, report.language), (), "corrections")
    for number, correction in enumerate(corrections, start=1):
        cells = correction_row(number, correction, report)
        row = ET.SubElement(body, "tr", {"class": correction.severity})
        for column in columns:
            cell = ET.SubElement(row, "td", {"class": column})
            if column == "done":
                box = ET.SubElement(cell, "input", type="checkbox")
                box.set("aria-label", message("report-column-done", report.language))
            elif column == "reason":
                box = ET.SubElement(cell, "textarea", rows="2")
                box.text = printable(correction.reason or "")
                box.set("aria-label", message("report-column-reason", report.language))
            elif column == "message":
                first, *others = explanations(correction, report)
                _text(cell, "p", first)
                for line in others:
                    _text(cell, "p", line, "consequence")
                if correction.consequences:
                    details = ET.SubElement(cell, "details")
                    _text(details, "summary", message("severity-follows", report.language))
                    for line in correction.consequences:
                        _text(details, "p", line, "consequence")
                _text(
                    cell, "p", f"{correction.title}  {message('rule-basis', report.language)}{correction.basis}", "rule"
                )
            else:
                cell.text = printable(cells[column]).replace(UNTICKED, "")


def _table(parent: ET.Element, headers: Iterable[str], rows: Iterable[Sequence[str]], css: str = "list") -> ET.Element:
    table = ET.SubElement(ET.SubElement(parent, "div", {"class": "scroll"}), "table", {"class": css})
    head = ET.SubElement(ET.SubElement(table, "thead"), "tr")
    for header in headers:
        _text(head, "th", header).set("scope", "col")
    body = ET.SubElement(table, "tbody")
    for row in rows:
        line = ET.SubElement(body, "tr")
        for text in row:
            _text(line, "td", text)
    return body


def _places(parent: ET.Element, items: Sequence[UnreadFigures], nothing: str, language: str) -> None:
    if items:
        _table(parent, headings(UNREAD_COLUMNS, language), ([item.place, item.text] for item in items))
    else:
        _text(parent, "p", nothing)


def _text(parent: ET.Element, tag: str, text: str, css: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, tag, {} if css is None else {"class": css})
    element.text = printable(text)
    return element
