"""Reports on checked disclosures: one model, and a module for each form in which it is handed on.

>>> from server.reports import FORMATS, DocumentReport
>>> sorted(FORMATS)
['csv', 'docx', 'html', 'junit', 'sarif', 'xlsx']
"""

from server.reports.formats import FORMATS, ReportFormat
from server.reports.model import (
    Correction,
    DocumentReport,
    ReportedFigure,
    RuleOutcome,
    UnreadFigures,
    UserShapesOutcome,
    build_report,
)

__all__ = [
    "FORMATS",
    "Correction",
    "DocumentReport",
    "ReportFormat",
    "ReportedFigure",
    "RuleOutcome",
    "UnreadFigures",
    "UserShapesOutcome",
    "build_report",
]
