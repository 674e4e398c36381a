"""The forms of a report, by the name that `--format` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from server.reports.csv_report import reports_to_csv
from server.reports.html_report import reports_to_html
from server.reports.model import DocumentReport
from server.reports.pipelines.junit import reports_to_junit
from server.reports.pipelines.sarif import reports_to_sarif
from server.reports.text_report import reports_to_text
from server.reports.turtle_report import reports_to_earl


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A form of a report: its media type, the extension of its files, and the function that writes it."""

    media_type: str
    extension: str
    write: Callable[[Sequence[DocumentReport]], bytes]


def _to_xlsx(reports: Sequence[DocumentReport]) -> bytes:
    from server.reports.xlsx_report import reports_to_xlsx  # openpyxl takes a moment to load

    return reports_to_xlsx(reports)


def _to_docx(reports: Sequence[DocumentReport]) -> bytes:
    from server.reports.docx_report import reports_to_docx  # python-docx takes a moment to load

    return reports_to_docx(reports)


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: Mapping[str, ReportFormat] = MappingProxyType(
    {
        "html": ReportFormat("text/html; charset=utf-8", ".html", reports_to_html),
        "docx": ReportFormat(f"{_OFFICE}.wordprocessingml.document", ".docx", _to_docx),
        "xlsx": ReportFormat(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx", _to_xlsx),
        "text": ReportFormat("text/plain; charset=utf-8", ".txt", reports_to_text),
        "csv": ReportFormat("text/csv; charset=utf-8", ".csv", reports_to_csv),
        "sarif": ReportFormat("application/sarif+json", ".sarif", reports_to_sarif),
        "junit": ReportFormat("application/xml", ".xml", reports_to_junit),
        "earl": ReportFormat("text/turtle; charset=utf-8", ".earl.ttl", reports_to_earl),
    }
)
