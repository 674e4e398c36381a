"""Reports as plain text: to be read in a terminal, pasted into a mail or kept beside the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ontology.messages import message
from server.reports.model import Correction, DocumentReport
from server.reports.report_rows import (
    comparison_text,
    correction_row,
    counts_text,
    explanations,
    location,
    printable,
    with_unit,
)


def reports_to_text(reports: Sequence[DocumentReport]) -> bytes:
    """Return one block of lines for each disclosure, in UTF-8: what to correct, what was noted and what was not read.

    A correction is one line with its severity, place and rule; what belongs to it is indented below.
    """
    return "\n".join("".join(f"{printable(line)}\n" for line in _lines(report)) for report in reports).encode()


def _lines(report: DocumentReport) -> Iterator[str]:
    language = report.language
    files = message("list-separator", language).join(report.file_names)
    yield f"{report.title}  ({files})" if report.title else files
    yield message(report.verdict, language) + counts_text(report)
    compared = comparison_text(report)
    if compared is not None:
        yield compared
    for number, correction in enumerate((*report.to_correct, *report.accepted, *report.remarks), start=1):
        yield from _correction(number, correction, report)
    for gone in report.mended or ():
        yield f"  {message('report-mended', language)}  {gone.message}"
    for outcome in report.user_shapes:
        yield message("report-user-shapes", language, file=outcome.file)
        yield from (f"  {message(severity, language)}  {text}  [{focus}]" for severity, text, focus in outcome.results)
    if report.unread:
        yield f"{message('report-unread', language)}{message('colon', language)}"
        yield from ("  ".join(("", *filter(None, (figures.place, figures.text)))) for figures in report.unread)
    passed, made = sum(rule.passed for rule in report.rules), sum(rule.passed + rule.failed for rule in report.rules)
    yield message("tallies", language, tallies=f"{passed}/{made}")
    if report.issues:
        yield message("issues", language)
        yield from (f"  {issue}" for issue in report.issues)


def _correction(number: int, correction: Correction, report: DocumentReport) -> Iterator[str]:
    language = report.language
    cells = correction_row(number, correction, report)
    first, *further = explanations(correction, report)
    place = f", {cells['page']}" if cells["page"] else ""
    yield f"  {cells['severity']}  {first}  [{correction.rule}{place}]"
    for figure in correction.suspects:
        should_be = f" → {with_unit(figure.should_be, figure.unit)}" if figure.should_be is not None else ""
        printed = with_unit(figure.printed, figure.unit)
        yield f"      {location(figure, language)}{message('colon', language)}{printed}{should_be}"
    yield from (f"      {line}" for line in further)
    if correction.reason is not None:
        yield f"      {message('report-accepted', language)}{message('colon', language)}{correction.reason}"
