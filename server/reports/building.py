"""Build the report on a checked disclosure from its conversion and its validation report."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from converters import Conversion, Coverage, find_unread
from ontology.locators import locator_to_text
from server.reports.model import (
    VERDICTS,
    Correction,
    DocumentReport,
    ReportedFigure,
    RuleOutcome,
    UnreadFigures,
    UserShapesOutcome,
)
from shapes import Finding, Operand, Repair, Report, amount_in_place, decimal_to_text, load_families, load_rules
from shapes.rules import Rule
from shapes.user_shapes import UserReport

_WORDS = "words"


def build_report(
    conversion: Conversion,
    report: Report,
    coverage: Coverage,
    *,
    language: str,
    conforms: bool | None,
    user_reports: Iterable[UserReport] = (),
) -> DocumentReport:
    """Build the report on a checked disclosure.

    Args:
        conversion: The converted disclosure; contacts in it are masked.
        report: The validation report of its graph.
        coverage: What its numbers were converted to.
        language: "zh" or "en".
        conforms: Whether it conforms; None if no violation was found but not all figures were read.
        user_reports: The results of the user's own shapes.
    """
    factors = {label: Decimal(factor) for label, (_, factor) in conversion.vocabulary.units.items()}
    corrections = _corrections(report, factors, language)
    phase = conversion.vocabulary.concepts[conversion.content.phase]
    return DocumentReport(
        language=language,
        files=tuple(str(document.source) for document in conversion.documents),
        organisation=conversion.organisation_name,
        year=str(conversion.content.year),
        phase=phase.label(language),
        verdict=VERDICTS[conforms],
        counts=report.counts,
        following=report.following,
        corrections=corrections,
        rules=_rules(report, language),
        unread=(
            *(UnreadFigures("", region.text(language)) for region in find_unread(conversion)),
            *(
                UnreadFigures(locator_to_text(number.locator, language), f"{number.text}  {number.words}")
                for number in coverage.not_converted
            ),
        ),
        issues=tuple(issue.text(language) for issue in conversion.issues),
        user_shapes=_user_shapes(user_reports, language),
        version=conversion.version_iri,
    )


def build_graph_report(
    report: Report, files: Iterable[str], *, language: str, user_reports: Iterable[UserReport] = ()
) -> DocumentReport:
    """Build the report on a graph that was checked as it is, without a document behind it."""
    user_reports = tuple(user_reports)
    conforms = report.conforms and all(each.conforms for each in user_reports)
    return DocumentReport(
        language=language,
        files=tuple(files),
        organisation="",
        year="",
        phase="",
        verdict=VERDICTS[conforms],
        counts=report.counts,
        following=report.following,
        corrections=_corrections(report, {}, language),
        rules=_rules(report, language),
        unread=(),
        issues=(),
        user_shapes=_user_shapes(user_reports, language),
    )


def _user_shapes(user_reports: Iterable[UserReport], language: str) -> tuple[UserShapesOutcome, ...]:
    return tuple(
        UserShapesOutcome(
            each.file.name,
            tuple((result.severity, result.message(language), result.focus) for result in each.results),
        )
        for each in user_reports
    )


def _corrections(report: Report, factors: dict[str, Decimal], language: str) -> tuple[Correction, ...]:
    rules = {rule.identifier: rule for rule in load_rules()}
    repairs = {repair.findings[0]: repair for repair in report.repairs}
    following: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.follows is not None:
            following.setdefault(finding.follows, []).append(finding)
    return tuple(
        _correction(finding, rules[finding.rule], repairs.get(finding.id), following, factors, language)
        for finding in report.findings
        if finding.follows is None
    )


def _correction(
    finding: Finding,
    rule: Rule,
    repair: Repair | None,
    following: dict[str, list[Finding]],
    factors: dict[str, Decimal],
    language: str,
) -> Correction:
    operands = [operand for operand in (finding.left, finding.right, *finding.parts) if operand and operand.printed]
    return Correction(
        identifier=finding.id,
        rule=finding.rule,
        refined_rule=rule.refines or rule.identifier,
        title=rule.title[language],
        explanation=rule.explanation[language],
        basis=rule.basis[language],
        severity=finding.severity,
        message=finding.message[language],
        difference=None if finding.difference is None else decimal_to_text(finding.difference),
        suspects=tuple(
            _figure(operand, language, amount_in_place(operand, amount, factors.get(operand.unit or "", Decimal(1))))
            for operand, amount in (repair.candidates if repair else ())
        ),
        together=repair.together if repair else False,
        figures=tuple(_figure(operand, language) for operand in operands),
        consequences=tuple(each.message[language] for each in following.get(finding.id, ())),
        doubtful=finding.doubtful,
        fingerprint=finding.fingerprint,
        consequence_fingerprints=tuple(each.fingerprint for each in following.get(finding.id, ())),
    )


def _figure(operand: Operand, language: str, should_be: str | None = None) -> ReportedFigure:
    place = operand.place
    return ReportedFigure(
        table=operand.table,
        row=operand.row,
        column=operand.column,
        printed=operand.printed,
        unit=operand.unit,
        should_be=should_be,
        place=locator_to_text(place, language),
        file=place.file or 1,
        page=place.page,
        line=place.line,
        cell=place.reference,
        box=place.box,
    )


def _rules(report: Report, language: str) -> tuple[RuleOutcome, ...]:
    """The outcome of each rule; a rule that refines another shares its comparisons and is left out."""
    families = load_families()
    rules = [rule for rule in load_rules() if rule.refines is None and rule.identifier in report.checked]
    return tuple(
        RuleOutcome(
            rule=rule.identifier,
            title=rule.title[language],
            family=families[rule.family][language],
            passed=report.checked[rule.identifier].passed,
            failed=report.checked[rule.identifier].failed,
            not_applicable=report.checked[rule.identifier].not_applicable,
            is_about_words=rule.family == _WORDS,
        )
        for rule in rules
    )
