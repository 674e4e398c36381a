"""Compare a report with an earlier one, and accept findings with a reason."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ontology.namespaces import SEVERITIES
from server.reports.model import (
    ACCEPTED,
    NEW,
    STILL_THERE,
    VERDICTS,
    Correction,
    DocumentReport,
    EarlierFinding,
)


class EarlierReportError(ValueError):
    """A file that is neither a report in JSON nor, for reasons, one in CSV."""


@dataclass(frozen=True, slots=True)
class EarlierDocument:
    """The findings of an earlier report on one disclosure, and which disclosure it was."""

    organisation: str
    year: str
    phase: str
    findings: tuple[EarlierFinding, ...]


def compare_with_earlier(report: DocumentReport, earlier: Iterable[EarlierFinding]) -> DocumentReport:
    """Mark each finding as new or still there, and name the findings of the earlier report that are gone.

    A consequence that went with its cause is not named, nor is information, of which nothing was to be corrected.
    Reasons of the earlier report are kept.
    """
    earlier = tuple(earlier)
    known = {finding.fingerprint for finding in earlier}
    now = {f for each in report.corrections for f in (each.fingerprint, *each.consequence_fingerprints)}
    marked = replace(
        report,
        corrections=tuple(
            replace(each, status=STILL_THERE if each.fingerprint in known else NEW) for each in report.corrections
        ),
        mended=tuple(
            each
            for each in earlier
            if each.fingerprint not in now
            and each.severity != "information"
            and (each.follows is None or each.follows in now)
        ),
    )
    return accept_findings(marked, {each.fingerprint: each.reason for each in earlier if each.reason})


def accept_findings(report: DocumentReport, reasons: Mapping[str, str | None]) -> DocumentReport:
    """Return the report with the findings of these fingerprints accepted, each with its reason.

    Accepted findings are not counted, and do not keep a disclosure from conforming.
    """
    corrections = tuple(
        replace(each, reason=reasons.get(each.fingerprint) or each.reason) for each in report.corrections
    )
    open_ones = [each for each in corrections if each.reason is None]
    changed = replace(
        report,
        corrections=corrections,
        counts={severity: sum(each.severity == severity for each in open_ones) for severity in report.counts},
        following=sum(len(each.consequences) for each in open_ones),
    )
    is_excused = report.verdict == VERDICTS[False] and changed.accepted and not changed.fails_on("violation")
    return replace(changed, verdict=ACCEPTED) if is_excused else changed


def findings_of_report(report: DocumentReport) -> tuple[EarlierFinding, ...]:
    """Return the findings of a report, to compare a later one with."""
    return tuple(finding for each in report.corrections for finding in _finding_and_consequences(each))


def _finding_and_consequences(correction: Correction) -> Iterator[EarlierFinding]:
    yield EarlierFinding(
        correction.fingerprint, correction.severity, correction.message, correction.rule, reason=correction.reason
    )
    for fingerprint, text in zip(correction.consequence_fingerprints, correction.consequences, strict=True):
        yield EarlierFinding(fingerprint, correction.severity, text, correction.rule, follows=correction.fingerprint)


def parse_earlier(content: bytes, language: str) -> tuple[EarlierDocument, ...]:
    """Return the documents in a report that `yusuan validate --format json` wrote. Raise EarlierReportError."""
    try:
        documents = json.loads(content)["documents"]
        return tuple(
            EarlierDocument(
                str(document.get("organisation") or ""),
                str(document.get("year") or ""),
                str(document.get("phase") or ""),
                tuple(_earlier_findings(document["findings"], language)),
            )
            for document in documents
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise EarlierReportError(str(error)) from error


def _earlier_findings(findings: Sequence[Mapping[str, Any]], language: str) -> Iterator[EarlierFinding]:
    by_id = {finding["id"]: str(finding["fingerprint"]) for finding in findings}
    for finding in findings:
        yield EarlierFinding(
            fingerprint=by_id[finding["id"]],
            severity=_severity(finding["severity"]),
            message=str(finding["message"][language]),
            rule=str(finding["rule"]),
            follows=by_id.get(finding.get("follows")),
            reason=str(finding["reason"]) if finding.get("reason") else None,
        )


def _severity(word: object) -> str:
    """Return the severity of an earlier finding. Raise ValueError if it is none of those of rules."""
    if word not in SEVERITIES.values():
        raise ValueError(f"not a severity: {word}")
    return str(word)


def choose_earlier(
    documents: Sequence[EarlierDocument], organisation: str, year: str, phase: str, *, only: bool
) -> tuple[EarlierFinding, ...] | None:
    """Return the findings of the earlier report on a disclosure, None if it was not reported on.

    A disclosure is known by organisation, year and phase; if it is the `only` one of both reports, whatever it is.
    """
    if only and len(documents) == 1:
        return documents[0].findings
    wanted = (organisation, year, phase)
    found = [each.findings for each in documents if (each.organisation, each.year, each.phase) == wanted]
    return found[0] if found else None


def parse_reasons(content: bytes) -> dict[str, str]:
    """Return the reasons by fingerprint in a report in JSON, or in CSV with the columns `fingerprint` and `reason`.

    Raise EarlierReportError.
    """
    if content.lstrip()[:1] == b"{":
        found = (finding for document in parse_earlier(content, "en") for finding in document.findings)
        return {finding.fingerprint: finding.reason for finding in found if finding.reason}
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        if not {"fingerprint", "reason"} <= set(rows.fieldnames or ()):
            raise EarlierReportError("no columns fingerprint and reason")
        return {row["fingerprint"]: row["reason"].strip() for row in rows if (row["reason"] or "").strip()}
    except (UnicodeDecodeError, csv.Error) as error:
        raise EarlierReportError(str(error)) from error
