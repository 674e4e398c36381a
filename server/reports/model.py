"""The model of a report on a checked disclosure: what to correct, what passed, what was not applicable, not read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from ontology.messages import message

VERDICTS = {True: "conforms", False: "conforms-not", None: "conforms-unknown"}
"""The keys of the messages that state the outcome, by whether a disclosure conforms."""
ACCEPTED = "conforms-accepted"
"""The key of the verdict where each violation was accepted with a reason."""
NEW, STILL_THERE, MENDED = "new", "still-there", "mended"
"""The status of a finding relative to an earlier report."""


def failing_severities(severity: str) -> tuple[str, ...]:
    """Return the severities with which a check fails that fails on `severity` ("violation", "warning")."""
    return ("violation", "warning") if severity == "warning" else ("violation",)


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A figure of a finding, as printed and where.

    `file` counts the files of the disclosure from 1. `should_be` is the correct value in the printed unit, None where
    it is not determined. `box` is the bounding box on the page, as in `ontology.locators`.
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
    box: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A finding that follows from no other, with what is likely to be corrected and the findings that follow from it.

    `refined_rule` is the rule that `rule` refines, or `rule` itself. `suspects` are the figures that may be wrong,
    one of them unless all are to be corrected `together`, `figures` those that are compared. A correction is
    `doubtful` if one of its figures was joined or moved while the file was read. `fingerprint` is the same in the
    next version, and `consequence_fingerprints` those of the findings that follow. `status` is NEW or STILL_THERE
    where an earlier report was given; `reason` is why the finding was accepted.
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
    together: bool = False
    fingerprint: str = ""
    consequence_fingerprints: tuple[str, ...] = ()
    status: str | None = None
    reason: str | None = None

    @property
    def status_message(self) -> str | None:
        """The key of the words for the status; information that is still there is nothing left to correct."""
        if self.status is None:
            return None
        return "report-still-noted" if self.is_remark and self.status == STILL_THERE else f"report-{self.status}"

    @property
    def is_remark(self) -> bool:
        """Whether the finding is information, which needs no correction."""
        return self.severity == "information"

    @property
    def figure(self) -> ReportedFigure | None:
        """The figure to look at first: the suspect if there is one, else the first figure compared."""
        return next(iter((*self.suspects, *self.figures)), None)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """Numbers of comparisons of a rule that passed, failed or could not be made.

    `is_about_words` is set for rules that look for slips of writing and count only what might be one.
    """

    rule: str
    title: str
    family: str
    passed: int
    failed: int
    not_applicable: int
    is_about_words: bool = False


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
class EarlierFinding:
    """A finding of an earlier report.

    `follows` is the fingerprint of the finding of which it was a consequence, `reason` why it was accepted.
    """

    fingerprint: str
    severity: str
    message: str
    rule: str = ""
    follows: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """A report on one disclosure, in one language.

    `verdict` is the key of a message, one of VERDICTS or ACCEPTED. `counts` are corrections by severity, without
    accepted ones. `mended` are the findings of an earlier report that are gone; None if no earlier report was given.
    `version` is the IRI of the version, empty for a graph.
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
    mended: tuple[EarlierFinding, ...] | None = None
    version: str = ""

    @property
    def file_names(self) -> tuple[str, ...]:
        """The files by name, without the folders in which whoever made the report keeps them."""
        names = tuple(PurePath(file).name for file in self.files)
        return names if len(set(names)) == len(names) else self.files

    @property
    def title(self) -> str:
        """Organisation, year and phase."""
        return "  ".join(word for word in (self.organisation, self.year, self.phase) if word)

    @property
    def to_correct(self) -> tuple[Correction, ...]:
        """The violations and warnings that were not accepted."""
        return tuple(each for each in self.corrections if each.severity != "information" and each.reason is None)

    @property
    def remarks(self) -> tuple[Correction, ...]:
        """The findings that are information and need no correction."""
        return tuple(each for each in self.corrections if each.severity == "information" and each.reason is None)

    @property
    def accepted(self) -> tuple[Correction, ...]:
        """The findings that were accepted with a reason."""
        return tuple(each for each in self.corrections if each.reason is not None)

    def fails_on(self, severity: str) -> bool:
        """Whether there is a finding of at least a severity ("violation", "warning") that was not accepted."""
        severities = failing_severities(severity)
        own = [each.severity for each in self.corrections if each.reason is None]
        results = [found for outcome in self.user_shapes for found, _, _ in outcome.results]
        return any(found in severities for found in (*own, *results))

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
        if rule.not_applicable:
            return message("report-operands-missing", self.language, n=rule.not_applicable)
        key = "report-nothing-found" if rule.is_about_words else "report-nothing-to-compare"
        return message(key, self.language)
