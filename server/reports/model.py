"""The model of a report on a checked disclosure: what to correct, what passed, what was not applicable, not read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from converters import Conversion, Coverage, find_unread
from ontology.locators import locator_to_text
from ontology.messages import message
from shapes import Finding, Operand, Repair, Report, decimal_to_text, load_families, load_rules
from shapes.rules import Rule
from shapes.user_shapes import UserReport

VERDICTS = {True: "conforms", False: "conforms-not", None: "conforms-unknown"}
"""The keys of the messages that state the outcome, by whether a disclosure conforms."""


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A figure of a finding, as printed and where.

    `file` counts the files of the disclosure from 1. `should_be` is the correct value in the printed unit, None where
    it is not determined.
    """

    table: str | None
    row: str | None
    column: str | None
    printed: str | None
    unit: str | None
    should_be: str | None
    place: str
    file: int
    page: int | None
    line: int | None
    cell: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A finding that follows from no other, with what is likely to be corrected and the findings that follow from it.

    `refined_rule` is the rule that `rule` refines, or `rule` itself. `suspects` are the figures that may be wrong,
    `figures` those that are compared. A correction is `doubtful` if one of its figures was joined or moved while the
    file was read.
    """

    identifier: str
    rule: str
    refined_rule: str
    title: str
    explanation: str
    basis: str
    severity: str
    message: str
    difference: str | None
    suspects: tuple[ReportedFigure, ...]
    figures: tuple[ReportedFigure, ...]
    consequences: tuple[str, ...]
    doubtful: bool

    @property
    def figure(self) -> ReportedFigure | None:
        """The figure to look at first: the suspect if there is one, else the first figure compared."""
        return next(iter((*self.suspects, *self.figures)), None)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """How many comparisons of a rule passed, failed and could not be made."""

    rule: str
    title: str
    family: str
    passed: int
    failed: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class UnreadFigures:
    """Figures that were not read or not converted: their place, and what is printed there or why they were not read."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class UserShapesOutcome:
    """The results of a file of the user's own shapes, each (severity, message, focus node)."""

    file: str
    results: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """A report on one disclosure, in one language.

    `verdict` is the key of a message, one of VERDICTS. `counts` are corrections by severity.
    """

    language: str
    files: tuple[str, ...]
    organisation: str
    year: str
    phase: str
    verdict: str
    counts: dict[str, int]
    following: int
    corrections: tuple[Correction, ...]
    rules: tuple[RuleOutcome, ...]
    unread: tuple[UnreadFigures, ...]
    issues: tuple[str, ...]
    user_shapes: tuple[UserShapesOutcome, ...]

    @property
    def title(self) -> str:
        """Organisation, year and phase."""
        return "  ".join(word for word in (self.organisation, self.year, self.phase) if word)

    @property
    def to_correct(self) -> tuple[Correction, ...]:
        """The violations and warnings."""
        return tuple(each for each in self.corrections if each.severity != "information")

    @property
    def remarks(self) -> tuple[Correction, ...]:
        """The findings that are information and need no correction."""
        return tuple(each for each in self.corrections if each.severity == "information")

    @property
    def passed(self) -> tuple[RuleOutcome, ...]:
        """The rules of which comparisons passed."""
        return tuple(rule for rule in self.rules if rule.passed)

    @property
    def not_applicable(self) -> tuple[RuleOutcome, ...]:
        """The rules of which comparisons could not be made, or that had nothing to compare."""
        return tuple(rule for rule in self.rules if rule.not_applicable or not (rule.passed or rule.failed))

    def reason(self, rule: RuleOutcome) -> str:
        """Return why a rule was not applicable."""
        key = "report-nothing-to-compare" if not rule.not_applicable else "report-operands-missing"
        return message(key, self.language, n=rule.not_applicable)


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
    phase = conversion.vocabulary.concepts[conversion.claims.phase]
    return DocumentReport(
        language=language,
        files=tuple(str(document.source) for document in conversion.documents),
        organisation=conversion.organisation_name,
        year=str(conversion.claims.year),
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
        user_shapes=tuple(
            UserShapesOutcome(
                each.file.name,
                tuple((result.severity, result.message(language), result.focus) for result in each.results),
            )
            for each in user_reports
        ),
    )


def _corrections(report: Report, factors: dict[str, Decimal], language: str) -> tuple[Correction, ...]:
    rules = {rule.identifier: rule for rule in load_rules()}
    repairs = {repair.findings[0]: repair for repair in report.repairs}
    following: dict[str, list[str]] = {}
    for finding in report.findings:
        if finding.follows is not None:
            following.setdefault(finding.follows, []).append(finding.message[language])
    return tuple(
        _correction(finding, rules[finding.rule], repairs.get(finding.id), following, factors, language)
        for finding in report.findings
        if finding.follows is None
    )


def _correction(
    finding: Finding,
    rule: Rule,
    repair: Repair | None,
    following: dict[str, list[str]],
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
            _figure(operand, language, decimal_to_text(amount / factors.get(operand.unit or "", Decimal(1))))
            for operand, amount in (repair.candidates if repair else ())
        ),
        figures=tuple(_figure(operand, language) for operand in operands),
        consequences=tuple(following.get(finding.id, ())),
        doubtful=finding.doubtful,
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
        )
        for rule in rules
    )
