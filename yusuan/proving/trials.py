"""Trials: change a document, check it, and see whether the change is noticed and its place named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from converters import DocumentError, convert_document
from converters.conversion import Conversion
from converters.model.document import Document
from ontology import DEFAULT_BASE
from shapes import Finding, Report, check, content_families
from yusuan.checked_document import rule_vocabulary
from yusuan.inputs import SHIPPED, Inputs
from yusuan.proving.faults import FAULTS
from yusuan.proving.harmless import HARMLESS
from yusuan.proving.mutation import Mutate, Mutation, Subject

_ROW = re.compile(r"/r\d+(?=c|\b)")
_BLANKS = re.compile(r"[\s,]")
_TOLD = ("violation", "warning")
_OF_THE_WHOLE = ("completeness", "words")
"""The families whose findings tell of what is not there, and so have no place in the text."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of one change.

    `fault` is the name of its class, `detail` what was changed. `rules` are the rules that found something new;
    `named` is set if one of the findings names the place. A document that no longer converts is noticed.
    """

    fault: str
    harmless: bool
    detail: str
    rules: tuple[str, ...]
    named: bool

    @property
    def noticed(self) -> bool:
        """Whether a violation or warning is new."""
        return bool(self.rules)

    @property
    def passed(self) -> bool:
        """Whether a fault was noticed, or a harmless change was not."""
        return self.noticed is not self.harmless


@dataclass(frozen=True, slots=True)
class ClassResult:
    """The number of trials of a class, of those noticed, and of those whose place was named."""

    fault: str
    harmless: bool
    trials: int
    noticed: int
    named: int


def run_trials(
    document: Document,
    *,
    classes: Iterable[str] | None = None,
    trials: int = 5,
    inputs: Inputs = SHIPPED,
) -> list[Trial]:
    """Change a document in each class of faults and of harmless changes, `trials` times at most, evenly spread.

    Raise DocumentError if the document itself cannot be converted.
    """
    subject = Subject(document, _convert(document, inputs))
    usual = _findings(subject.conversion, _check(subject.conversion, inputs))
    chosen = None if classes is None else frozenset(classes)
    done: list[Trial] = []
    for harmless, kinds in ((False, FAULTS), (True, HARMLESS)):
        for fault, mutate in kinds.items():
            if chosen is None or fault in chosen:
                for mutation in _spread(mutate, subject, trials):
                    done.append(_trial(fault, harmless, mutation, subject, usual, inputs))
    return done


def count_trials(trials: Sequence[Trial]) -> list[ClassResult]:
    """Return the results by class, in the order of the trials."""
    grouped: dict[tuple[str, bool], list[Trial]] = {}
    for trial in trials:
        grouped.setdefault((trial.fault, trial.harmless), []).append(trial)
    return [
        ClassResult(fault, harmless, len(own), sum(t.noticed for t in own), sum(t.named for t in own))
        for (fault, harmless), own in grouped.items()
    ]


def _spread(mutate: Mutate, subject: Subject, trials: int) -> Iterator[Mutation]:
    """Some mutations of a class, at equal distances."""
    total = sum(1 for _ in mutate(subject))
    step = max(1, total // trials)
    return islice(mutate(subject), step // 2, step // 2 + step * (trials - 1) + 1, step) if total else iter(())


def _trial(
    fault: str, harmless: bool, mutation: Mutation, subject: Subject, usual: Counter[tuple[str, ...]], inputs: Inputs
) -> Trial:
    try:
        conversion = _convert(mutation.document, inputs)
    except DocumentError as error:
        return Trial(fault, harmless, mutation.detail, (error.key,), not harmless)
    report = _check(conversion, inputs)
    known = Counter(usual)
    new: list[Finding] = []
    for finding in report.findings:
        key = _key(finding, conversion)
        if finding.severity in _TOLD and known[key] <= 0:
            new.append(finding)
        known[key] -= 1
    named = any(_names(finding, report, mutation, subject) for finding in new)
    return Trial(fault, harmless, mutation.detail, tuple(dict.fromkeys(f.rule for f in new)), named)


def _convert(document: Document, inputs: Inputs) -> Conversion:
    return convert_document(document, vocabulary=inputs.vocabulary, register=inputs.register, stated=inputs.stated)


def _check(conversion: Conversion, inputs: Inputs) -> Report:
    vocabulary = rule_vocabulary(DEFAULT_BASE, inputs.editions)
    return check(conversion.graph, vocabulary=vocabulary, families=content_families())


def _findings(conversion: Conversion, report: Report) -> Counter[tuple[str, ...]]:
    return Counter(_key(f, conversion) for f in report.findings if f.severity in _TOLD)


def _key(finding: Finding, conversion: Conversion) -> tuple[str, ...]:
    """Return the parts of a finding that do not change when rows or tables move.

    They are the rule, the kinds of the tables, the columns and the digits of figures.
    """
    kinds = {table.name: table.kind or "" for table in conversion.content.tables}
    sides = [finding.left, finding.right]
    places = [finding.focus, finding.value or "", *(side.observation or "" for side in sides if side)]
    told = [finding.quote or "", *(_BLANKS.sub("", side.printed or "") for side in sides if side)]
    keys = (_ROW.sub("/r", place.replace(conversion.version_iri, "")) for place in places)
    return (finding.rule, *("/".join(kinds.get(step, step) for step in key.split("/")) for key in keys), *told)


def _names(finding: Finding, report: Report, mutation: Mutation, subject: Subject) -> bool:
    """Whether a finding, or the likely mistake behind it, names the place of a change."""
    repairs = [r for r in report.repairs if finding.id in r.findings]
    operands = [finding.left, finding.right, *finding.parts, *(o for r in repairs for o, _ in r.candidates)]
    places = [finding.focus, finding.value or "", *(o.observation or "" for o in operands if o)]
    if mutation.where is not None:
        where = (mutation.where.page, mutation.where.line, mutation.where.paragraph)
        return any((o.place.page, o.place.line, o.place.paragraph) == where for o in operands if o)
    if mutation.table is None:
        return finding.family in _OF_THE_WHOLE
    kind = next(t.kind for t in subject.conversion.content.tables if t.name == mutation.table)
    rows = "|".join(map(str, sorted(mutation.rows)))
    pattern = re.compile(rf"/{re.escape(mutation.table)}(?:-\d+)?" + (rf"/r(?:{rows})c" if rows else r"(?:/|$)"))
    return any(pattern.search(place) or place.endswith(f"/{kind}") for place in places)
