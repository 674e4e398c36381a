"""Reports as SARIF 2.1.0, for code hosts and editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from server.reports.model import NEW, STILL_THERE, Correction, DocumentReport, EarlierFinding, ReportedFigure
from server.reports.report_rows import location
from shapes import load_rules

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
BASELINE_STATES = {NEW: "new", STILL_THERE: "unchanged"}
LEVELS = {"violation": "error", "warning": "warning", "information": "note"}


def reports_to_sarif(reports: Sequence[DocumentReport]) -> bytes:
    """Return one run with a result for each correction; figures that were not read are notifications.

    The physical location of a result is its file, with the line where the file is text; table, row and column are its
    logical location, the page of a PDF a property.
    """
    language = reports[0].language if reports else "en"
    rules = load_rules()
    indices = {rule.identifier: index for index, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "yusuan",
                "version": version("yusuan"),
                "rules": [
                    {
                        "id": rule.identifier,
                        "shortDescription": {"text": rule.title[language]},
                        "fullDescription": {"text": rule.explanation[language]},
                        "help": {"text": rule.basis[language]},
                        "defaultConfiguration": {"level": LEVELS[rule.severity]},
                    }
                    for rule in rules
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "language": language,
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [note for report in reports for note in _notifications(report)],
            }
        ],
        "results": [
            _result(correction, indices[correction.rule], report)
            for report in reports
            for correction in report.corrections
        ]
        + [
            _absent(finding, indices, report)
            for report in reports
            for finding in report.mended or ()
            if finding.rule in indices
        ],
    }
    content = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def file_to_uri(file: str) -> str:
    """Return a file as a URI reference: relative paths stay relative."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _result(correction: Correction, index: int, report: DocumentReport) -> dict[str, Any]:
    first, *others = correction.suspects + correction.figures or (None,)
    result: dict[str, Any] = {
        "ruleId": correction.rule,
        "ruleIndex": index,
        "level": LEVELS[correction.severity],
        "message": {"text": "\n".join([correction.message, *correction.consequences])},
        "locations": [_location(first, report)],
        "partialFingerprints": {
            "yusuanFinding/v1": correction.fingerprint,
            "yusuanFindingId/v1": correction.identifier,
        },
    }
    if correction.status is not None:
        result["baselineState"] = BASELINE_STATES[correction.status]
    if correction.reason is not None:
        result["suppressions"] = [{"kind": "external", "justification": correction.reason}]
    if others:
        result["relatedLocations"] = [
            {"id": number, **_location(f, report)} for number, f in enumerate(others, start=1)
        ]
    return result


def _absent(finding: EarlierFinding, indices: Mapping[str, int], report: DocumentReport) -> dict[str, Any]:
    """Return the result for a finding of an earlier report that is gone."""
    return {
        "ruleId": finding.rule,
        "ruleIndex": indices[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(None, report)],
        "partialFingerprints": {"yusuanFinding/v1": finding.fingerprint},
        "baselineState": "absent",
    }


def _location(figure: ReportedFigure | None, report: DocumentReport) -> dict[str, Any]:
    file = report.files[min(figure.file if figure else 1, len(report.files)) - 1]
    physical: dict[str, Any] = {"artifactLocation": {"uri": file_to_uri(file)}}
    if figure is None:
        return {"physicalLocation": physical}
    if figure.line is not None:
        physical["region"] = {"startLine": figure.line}
    shown: dict[str, Any] = {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": location(figure, report.language), "kind": "member"}],
    }
    properties = {"page": figure.page, "cell": figure.cell, "printed": figure.printed, "shouldBe": figure.should_be}
    return shown | {"properties": {name: value for name, value in properties.items() if value is not None}}


def _notifications(report: DocumentReport) -> Iterator[dict[str, Any]]:
    for text in (*("  ".join((item.place, item.text)) for item in report.unread), *report.issues):
        artifact = {"physicalLocation": {"artifactLocation": {"uri": file_to_uri(report.files[0])}}}
        yield {"level": "note", "message": {"text": text}, "locations": [artifact]}
