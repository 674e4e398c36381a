"""Reports as JSON: the members of a document in `yusuan validate --format json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from converters import Conversion, UnreadRegion
from ontology.messages import LANGUAGES
from server.reports.model import DocumentReport, EarlierFinding
from shapes import Report, report_to_json
from shapes.user_shapes import UserReport, user_report_to_json

JSON_VERDICTS = {True: "conforms", False: "does-not-conform", None: "not-fully-checked"}
"""The verdict of a document in JSON, by whether it conforms."""


def document_to_json(
    conversion: Conversion,
    report: Report,
    unread: Sequence[UnreadRegion],
    *,
    conforms: bool | None,
    seconds: Mapping[str, float],
    user_reports: Sequence[UserReport] = (),
) -> dict[str, Any]:
    """Return the entry of a checked disclosure; `seconds` are those that each step took."""
    claims = conversion.content
    content = {
        "files": [str(document.source) for document in conversion.documents],
        "organisation": conversion.organisation_name,
        "year": claims.year,
        "phase": conversion.vocabulary.notation(claims.phase),
        "seconds": {step: round(taken, 4) for step, taken in seconds.items()},
        **report_to_json(report),
        "conforms": conforms,
        "verdict": JSON_VERDICTS[conforms],
        "unread": [
            {
                "place": str(region.locator),
                "figures": region.figures,
                "message": {language: region.text(language) for language in LANGUAGES},
            }
            for region in unread
        ],
        "issues": [
            {
                "key": issue.key,
                "place": str(issue.locator),
                "message": {language: issue.text(language) for language in LANGUAGES},
            }
            for issue in conversion.issues
        ],
    }
    return content | user_reports_to_json(user_reports)


def graph_to_json(files: Sequence[str], report: Report, user_reports: Sequence[UserReport]) -> dict[str, Any]:
    """Return the entry of a graph that was checked as it is."""
    conforms = report.conforms and all(each.conforms for each in user_reports)
    content = {"files": list(files), **report_to_json(report), "conforms": conforms, "verdict": JSON_VERDICTS[conforms]}
    return content | user_reports_to_json(user_reports)


def user_reports_to_json(reports: Sequence[UserReport]) -> dict[str, Any]:
    """Return the member `shapes` with the reports on shapes of the user's own; no member if there are none."""
    return {"shapes": [user_report_to_json(report) for report in reports]} if reports else {}


def with_comparison(document: Mapping[str, Any], report: DocumentReport) -> dict[str, Any]:
    """Return an entry with what a report adds to it: reasons, and the status of earlier findings.

    Findings get `status` and `reason`, the document `mended`; nothing is added if there is nothing to add.
    """
    added = {each.identifier: {"status": each.status, "reason": each.reason} for each in report.corrections}
    findings = [
        finding | {name: value for name, value in added.get(finding["id"], {}).items() if value is not None}
        for finding in document["findings"]
    ]
    mended = {} if report.mended is None else {"mended": [_mended(finding) for finding in report.mended]}
    return {**document, "findings": findings, **mended}


def _mended(finding: EarlierFinding) -> dict[str, Any]:
    return {"fingerprint": finding.fingerprint, "severity": finding.severity, "message": finding.message}


def documents_to_json(documents: Iterable[Mapping[str, Any]], errors: Sequence[Mapping[str, str]] = ()) -> str:
    """Return the JSON of `yusuan validate --format json`; `errors` are messages by language."""
    content: dict[str, Any] = {"yusuan": version("yusuan"), "documents": list(documents)}
    if errors:
        content["errors"] = [{"message": dict(error)} for error in errors]
    return json.dumps(content, ensure_ascii=False, indent=2)
