"""Reports on checked disclosures: one model, and a module for each form in which it is handed on.

>>> from server.reports import FORMATS, DocumentReport
>>> sorted(FORMATS)
['csv', 'docx', 'html', 'junit', 'sarif', 'xlsx']
"""

from server.reports.building import build_graph_report, build_report
from server.reports.formats import FORMATS, ReportFormat
from server.reports.model import (
    Correction,
    DocumentReport,
    EarlierFinding,
    ReportedFigure,
    RuleOutcome,
    UnreadFigures,
    UserShapesOutcome,
)

__all__ = [
    "FORMATS",
    "Correction",
    "DocumentReport",
    "EarlierFinding",
    "ReportFormat",
    "ReportedFigure",
    "RuleOutcome",
    "UnreadFigures",
    "UserShapesOutcome",
    "build_graph_report",
    "build_report",
]
