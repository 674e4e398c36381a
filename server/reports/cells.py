"""The tables of a report as rows of text: what HTML, DOCX, XLSX and CSV share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ontology.messages import message
from server.reports.model import Correction, DocumentReport, ReportedFigure, RuleOutcome

UNTICKED, TICKED = "☐", "☑"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


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

    Several suspects are joined: one of them is to be corrected.
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
        "reason": "",
    }


def explanations(correction: Correction, report: DocumentReport) -> Iterator[str]:
    """Yield the message of a correction, whether one of several figures is wrong, and how many findings follow."""
    yield correction.message
    if len(correction.suspects) > 1:
        yield message("report-one-of-several", report.language)
    if correction.consequences:
        yield message("report-consequences", report.language, n=len(correction.consequences))


def rule_row(rule: RuleOutcome) -> list[str]:
    """Return family, title and comparisons of a rule: passed, of all that were made."""
    return [rule.family, rule.title, f"{rule.passed}/{rule.passed + rule.failed}"]


def counts_text(report: DocumentReport) -> str:
    """Return the numbers of findings by severity in words."""
    following = message("counts-following", report.language, n=report.following) if report.following else ""
    return message("counts", report.language, following=following, **report.counts)


def with_unit(number: str | None, unit: str | None) -> str:
    """Join a number and its unit."""
    return " ".join(word for word in (number, unit) if word)
