"""The tables of a report as rows of text: what HTML, DOCX, XLSX and CSV share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ontology.messages import message
from server.reports.model import (
    NEW,
    STILL_THERE,
    Correction,
    DocumentReport,
    EarlierFinding,
    ReportedFigure,
    RuleOutcome,
    UserShapesOutcome,
)

ACCEPTED, MENDED, USER_SHAPES = "report-accepted", "report-mended", "report-user-shapes"
PASSED, NOT_APPLICABLE = "report-passed", "report-not-applicable"
FURTHER_TABLES = {
    ACCEPTED: ("page", "location", "message", "reason"),
    MENDED: ("severity", "message"),
    USER_SHAPES: ("severity", "message", "focus"),
    PASSED: ("family", "rule", "passed"),
    NOT_APPLICABLE: ("family", "rule", "why"),
}
"""The tables that follow the corrections, in their order: the key of the title to those of the columns."""
UNREAD_COLUMNS = ("page", "content")
UNTICKED, TICKED = "☐", "☑"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table that follows the corrections: its key in `FURTHER_TABLES`, its rows, the file of its shapes."""

    title: str
    rows: list[list[str]]
    file: str = ""


def further_tables(report: DocumentReport) -> Iterator[ReportTable]:
    """Yield the tables that follow the corrections, those of shapes one for each file."""
    language = report.language
    if report.accepted:
        yield ReportTable(ACCEPTED, [accepted_row(correction, report) for correction in report.accepted])
    if report.mended:
        yield ReportTable(MENDED, [mended_row(finding, language) for finding in report.mended])
    for outcome in report.user_shapes:
        yield ReportTable(USER_SHAPES, user_shapes_rows(outcome, language), outcome.file)
    yield ReportTable(PASSED, [rule_row(rule) for rule in report.passed])
    yield ReportTable(NOT_APPLICABLE, [reason_row(rule, report) for rule in report.not_applicable])


def printable(text: str) -> str:
    """Remove control characters, which XML cannot contain."""
    return _CONTROL.sub("", text)


def headings(keys: Iterable[str], language: str) -> list[str]:
    """Return the headings of columns: the messages `report-column-KEY`."""
    return [message(f"report-column-{key}", language) for key in keys]


def location(figure: ReportedFigure, language: str) -> str:
    """Return table, row and column of a figure, or section and words of a sentence."""
    if figure.table:
        words = [message("table-number", language, number=figure.table), figure.row, figure.column]
    else:
        words = [message("place-text", language), figure.column, figure.row]
    return " › ".join(word for word in words if word)


def correction_row(number: int, correction: Correction, report: DocumentReport) -> dict[str, str]:
    """Return the cells of a correction: one row for each mistake.

    Several suspects are joined: one of them is to be corrected, or all together.
    """
    language = report.language
    suspects = correction.suspects or correction.figures[:1]
    several = message("list-separator", language)
    return {
        "number": str(number),
        "severity": message(correction.severity, language),
        "page": several.join(dict.fromkeys(figure.place for figure in suspects if figure.place)),
        "location": several.join(location(figure, language) for figure in suspects),
        "printed": several.join(with_unit(figure.printed, figure.unit) for figure in suspects),
        "should-be": several.join(
            with_unit(figure.should_be, figure.unit) for figure in suspects if figure.should_be is not None
        ),
        "message": "\n".join(explanations(correction, report)),
        "rule": correction.title,
        "done": UNTICKED,
        "reason": correction.reason or "",
    }


def explanations(correction: Correction, report: DocumentReport) -> Iterator[str]:
    """Yield the message of a correction, its status, whether one of several figures is wrong, and how many follow."""
    yield correction.message
    if correction.status_message is not None:
        yield message(correction.status_message, report.language)
    if len(correction.suspects) > 1:
        key = "report-all-of-several" if correction.together else "report-one-of-several"
        yield message(key, report.language)
    if correction.consequences:
        yield message("report-consequences", report.language, n=len(correction.consequences))


def accepted_row(correction: Correction, report: DocumentReport) -> list[str]:
    """Return place, message and reason of an accepted finding."""
    cells = correction_row(1, correction, report)
    return [cells["page"], cells["location"], correction.message, correction.reason or ""]


def mended_row(finding: EarlierFinding, language: str) -> list[str]:
    """Return severity and message of a finding of an earlier report that is gone."""
    return [message(finding.severity, language), finding.message]


def rule_row(rule: RuleOutcome) -> list[str]:
    """Return family, title and comparisons of a rule: passed, of all that were made."""
    return [rule.family, rule.title, f"{rule.passed}/{rule.passed + rule.failed}"]


def reason_row(rule: RuleOutcome, report: DocumentReport) -> list[str]:
    """Return family and title of a rule, and why it was not applicable."""
    return [rule.family, rule.title, report.reason(rule)]


def user_shapes_rows(outcome: UserShapesOutcome, language: str) -> list[list[str]]:
    """Return severity, message and focus of each result of a file of shapes."""
    return [[message(severity, language), text, focus] for severity, text, focus in outcome.results]


def counts_text(report: DocumentReport) -> str:
    """Return the numbers of findings by severity in words, and the status of those of an earlier report."""
    language = report.language
    following = message("counts-following", language, n=report.following) if report.following else ""
    text = message("counts", language, following=following, **report.counts)
    if report.accepted:
        separator = message("list-separator", language)
        text += separator + message("report-counts-accepted", language, n=len(report.accepted))
    return text


def comparison_text(report: DocumentReport) -> str | None:
    """Return how many findings of an earlier report are mended, still there and new; None if none was given.

    Information is not counted: nothing was to be corrected.
    """
    if report.mended is None:
        return None
    statuses = [each.status for each in report.corrections if not each.is_remark]
    return message(
        "report-counts-earlier",
        report.language,
        mended=len(report.mended),
        still=statuses.count(STILL_THERE),
        new=statuses.count(NEW),
    )


def with_unit(number: str | None, unit: str | None) -> str:
    """Join a number and its unit."""
    return " ".join(word for word in (number, unit) if word)
