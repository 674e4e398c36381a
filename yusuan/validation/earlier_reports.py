"""Read the files of an earlier report and of reasons for accepted findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ontology.messages import message
from server.reports.comparison import EarlierDocument, EarlierReportError, choose_earlier, parse_earlier, parse_reasons
from yusuan.checked_document import Checked


class ReportFileError(Exception):
    """A report that cannot be read or written; `text` is the message for the user."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_reasons(waivers: Path | None, language: str) -> dict[str, str]:
    """Return the reasons in a report by fingerprint, none without a report. Raise ReportFileError."""
    if waivers is None:
        return {}
    try:
        return parse_reasons(waivers.read_bytes())
    except (OSError, EarlierReportError) as error:
        raise ReportFileError(message("report-waivers-unusable", language, file=waivers, reason=error)) from error


def waivers_to_text(documents: Sequence[Checked], language: str) -> str:
    """Return how many of the reasons given fit a finding of the documents, and how many fit none."""
    given = {fingerprint for document in documents for fingerprint in document.reasons}
    findings = (finding for document in documents for finding in document.report.findings if finding.follows is None)
    found = {finding.fingerprint for finding in findings}
    return message("report-waivers-counted", language, n=len(given & found), rest=len(given - found))


def compare_documents(
    documents: Sequence[Checked], earlier: Path | None, waivers: Path | None, language: str
) -> list[Checked]:
    """Return checked documents with the findings of an earlier report and the reasons in a file of waivers.

    Raise ReportFileError for a file that cannot be used.
    """
    reasons = read_reasons(waivers, language)
    known: tuple[EarlierDocument, ...] = ()
    if earlier is not None:
        try:
            known = parse_earlier(earlier.read_bytes(), language)
        except (OSError, EarlierReportError) as error:
            raise ReportFileError(message("report-earlier-unusable", language, file=earlier, reason=error)) from error
    compared = []
    for document in documents:
        claims, vocabulary = document.conversion.content, document.conversion.vocabulary
        identity = (document.conversion.organisation_name, str(claims.year), vocabulary.notation(claims.phase) or "")
        findings = choose_earlier(known, *identity, only=len(documents) == 1)
        compared.append(replace(document, earlier=findings, reasons=reasons))
    return compared
