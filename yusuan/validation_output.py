"""Validation reports in the forms of `yusuan validate --format`, and the text of reading issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

import click

import shapes
from converters import Issue
from ontology import load_vocabulary, namespaces
from ontology.locators import locator_to_text
from ontology.messages import load_messages, message
from server.reports import FORMATS, Correction, DocumentReport
from server.reports.pipelines.junit import reports_to_junit
from server.reports.report_rows import comparison_text, counts_text
from server.reports.turtle_report import reason_triples, triples_to_turtle
from shapes.user_shapes import UserReport
from yusuan.api import Validated
from yusuan.checked_document import Checked
from yusuan.validation.earlier_reports import ReportFileError

_VERDICT_COLOURS = {
    "conforms": "green",
    "conforms-accepted": "green",
    "conforms-not": "red",
    "conforms-unknown": "yellow",
}
_COLOURS = {"violation": "red", "warning": "yellow", "information": "blue"}


def issue_to_text(issue: Issue, language: str, *, verbose: bool) -> str:
    """Render an issue; verbose output adds the hint for maintainers of the vocabulary if there is one."""
    text, hint = issue.text(language), f"hint-{issue.key}"
    if verbose and (hint, language) in load_messages():
        text = f"{text} {message(hint, language, **issue.values)}"
    return text


def validated_to_bytes(
    validated: Validated, form: str, language: str, *, fail_on: str, colour: bool, verbose: bool
) -> bytes:
    """Serialise the reports on all documents in a form of `yusuan validate --format`."""
    if form == "text":
        texts = (checked_to_text(each, language, colour=colour, verbose=verbose) for each in validated.documents)
        return "".join(f"{text}\n" for text in texts).encode()
    if form == "json":
        return f"{validated.to_json()}\n".encode()
    if form == "ttl":
        return report_to_turtle(validated.documents)
    documents = [document.to_report(language) for document in validated.documents]
    if form == "pdf":
        return documents_to_pdf(validated.documents, language)
    if form == "junit":
        return reports_to_junit(documents, fail_on=fail_on)
    return FORMATS[form].write(documents)


def documents_to_pdf(documents: Sequence[Checked], language: str) -> bytes:
    """Return the annotated pages of the first disclosure. Raise ReportFileError if none of its files is a PDF."""
    from server.reports.pdf_report import AnnotationError, report_to_pdf  # pypdf takes a moment to load

    document = documents[0]
    paths = [each.source for each in document.conversion.documents]
    files = {
        number: each.source.read_bytes()
        for number, each in enumerate(document.conversion.documents, start=1)
        if each.format == "pdf"
    }
    if not files:
        raise ReportFileError(message("report-pdf-none", language, file=paths[0]))
    try:
        return report_to_pdf(document.to_report(language), files)
    except AnnotationError as error:
        raise ReportFileError(message("report-pdf-unwritable", language, file=paths[0], reason=error)) from error


def report_to_turtle(documents: Sequence[Checked]) -> bytes:
    """Serialise the validation reports of all documents as Turtle."""
    triples = [
        triple
        for document in documents
        for triple in shapes.report_to_triples(
            document.report, document.conversion.version_iri, document.conversion.iris.base
        )
    ]
    base = documents[0].conversion.iris.base if documents else namespaces.DEFAULT_BASE
    for document in documents:
        triples += reason_triples(document.to_report("zh"), base)
    return triples_to_turtle(triples, base)


def checked_to_text(document: Checked, language: str, *, colour: bool, verbose: bool = False) -> str:
    """Render the text report of a document: verdict, findings, what was not read, comparisons by family, issues."""
    conversion, report = document.conversion, document.report
    handed_on = document.to_report(language)
    phase = conversion.vocabulary.concepts[conversion.content.phase]
    lines = [
        click.style(f"{conversion.organisation_name}  {conversion.content.year}  ", bold=True)
        + f"{phase.label(language)}  ({', '.join(d.source.name for d in conversion.documents)})",
        click.style(message(handed_on.verdict, language), fg=_VERDICT_COLOURS[handed_on.verdict], bold=True)
        + counts_text(handed_on),
    ]
    compared = comparison_text(handed_on)
    if compared is not None:
        lines.append(compared)
    lines += _findings_to_text(document, handed_on, language, verbose=verbose)
    for gone in handed_on.mended or ():
        word = click.style(message("report-mended", language), fg="green", bold=True)
        lines.append(f"  {word}  {gone.message}")
    if document.unread:
        lines.append(message("unread", language, n=len(document.unread)))
        lines += [f"  {region.text(language)}" for region in document.unread]
    tallies = "  ".join(f"{name} {passed}/{total}" for name, passed, total in _tallies_by_family(report, language))
    lines.append(message("tallies", language, tallies=tallies))
    for user_report in document.user_reports:
        lines += _user_report_to_text(user_report, language)
    if conversion.issues:
        lines.append(
            message("not-converted" if verbose else "not-converted-counted", language, n=len(conversion.issues))
        )
    if verbose:
        lines += [f"  {issue_to_text(issue, language, verbose=verbose)}" for issue in conversion.issues]
    text = "\n".join(lines) + "\n"
    return text if colour else click.unstyle(text)


def _findings_to_text(document: Checked, handed_on: DocumentReport, language: str, *, verbose: bool) -> Iterator[str]:
    """Yield the lines of the findings with their remarks and repairs; what is alike for information is counted."""
    report = document.report
    repairs = {repair.findings[0]: repair for repair in report.repairs}
    by_id = {correction.identifier: correction for correction in handed_on.corrections}
    alike, told = {} if verbose else _alike(report), set[str]()
    for finding in report.findings:
        if finding.rule in alike:
            if finding.rule not in told:
                yield _folded_to_text(finding.rule, alike[finding.rule], language)
            told.add(finding.rule)
            continue
        yield _finding_to_text(finding, language)
        yield from (f"      {line}" for line in _remarks(by_id.get(finding.id), language))
        if finding.id in repairs:
            yield from (f"      {line}" for line in _repair_to_text(repairs[finding.id], language))


def _alike(report: shapes.Report) -> dict[str, int]:
    """Return the rules with several findings for information, which one line tells, and how many they are."""
    counts = Counter(finding.rule for finding in report.findings if finding.severity == "information")
    return {rule: count for rule, count in counts.items() if count > 1}


def _folded_to_text(rule: str, count: int, language: str) -> str:
    """Render several findings for information of one rule as one line."""
    title = next(known.title[language] for known in shapes.load_rules() if known.identifier == rule)
    word = click.style(message("information", language), fg=_COLOURS["information"], bold=True)
    return f"  {word}  {message('report-folded', language, title=title, n=count)}  [{rule}]"


def _remarks(correction: Correction | None, language: str) -> Iterator[str]:
    """Yield the status of a finding relative to an earlier report, and the reason why it was accepted."""
    if correction is not None and correction.status_message is not None:
        yield message(correction.status_message, language)
    if correction is not None and correction.reason is not None:
        yield f"{message('report-accepted', language)}: {correction.reason}"


def _user_report_to_text(report: UserReport, language: str) -> Iterator[str]:
    """Yield the lines of a report about the user's own shapes."""
    counts = message("counts", language, following="", **report.counts)
    yield message("shapes-report", language, file=report.file.name, counts=counts.lstrip(": ："))
    for result in report.results:
        word = click.style(message(result.severity, language), fg=_COLOURS[result.severity], bold=True)
        place = "  ".join(text for text in (result.focus, result.path, result.value) if text)
        yield f"  {word}  {result.message(language)}  [{place}]"


def _factor(unit: str | None) -> Decimal:
    """Return the factor from a printed unit to yuan."""
    return Decimal(load_vocabulary().units.get(unit or "", ("", "1"))[1])


def _tallies_by_family(report: shapes.Report, language: str) -> Iterator[tuple[str, int, int]]:
    """Yield (title of a family of rules, comparisons passed, comparisons made), without rules that refine another."""
    families = shapes.load_families()
    rules = [rule for rule in shapes.load_rules() if rule.refines is None and rule.identifier in report.checked]
    for family in dict.fromkeys(rule.family for rule in rules):
        tallies = [report.checked[rule.identifier] for rule in rules if rule.family == family]
        passed = sum(tally.passed for tally in tallies)
        total = passed + sum(tally.failed for tally in tallies)
        if total:
            yield families[family][language], passed, total


def _finding_to_text(finding: shapes.Finding, language: str) -> str:
    """Render a finding as one line; findings that follow from another are indented."""
    key = finding.severity if finding.follows is None else "follows"
    word = click.style(message(key, language), fg=_COLOURS[finding.severity], bold=finding.follows is None)
    operand = finding.left or finding.right
    place = locator_to_text(operand.place, language) if operand else ""
    indent = "  " if finding.follows is None else "        "
    return f"{indent}{word}  {finding.message[language]}  [{finding.rule}{place and f', {place}'}]"


def _repair_to_text(repair: shapes.Repair, language: str) -> Iterator[str]:
    """Yield the lines about a likely mistake: the candidate figures with their correct amounts, and the number of
    findings that follow from it.
    """
    figures = [
        message(
            "repair-figure" if figure.table else "repair-sentence",
            language,
            table=figure.table,
            row=figure.row or "",
            column=figure.column or "",
            printed=figure.printed,
            amount=shapes.amount_in_place(figure, amount, _factor(figure.unit)),
            unit=figure.unit,
        )
        for figure, amount in repair.candidates
    ]
    if figures:
        key = "repair-together" if repair.together else "repair-one" if len(figures) == 1 else "repair-several"
        yield message(key, language, figures=message("list-separator", language).join(figures))
    if len(repair.findings) > 1:
        yield message("repair-follow", language, n=len(repair.findings) - 1)
