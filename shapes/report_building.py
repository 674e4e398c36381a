"""Findings from the results of an engine (rule, focus, value, bindings): their order, counts and repairs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ontology.messages import fill
from ontology.namespaces import SEVERITIES, SH
from ontology.numbers import decimal_to_text
from ontology.text import close_up_quotes
from shapes.graph_reader import GraphReader, ReportedCell, natural_order
from shapes.message_templates import MessageContext
from shapes.repairs import find_repairs
from shapes.report import Finding, Operand, Repair, Report, Tally
from shapes.rules import LANGUAGES, SENTENCE_FAMILIES, Rule, Text, load_finding_phrases

SPARQL_COMPONENT = SH + "SPARQLConstraintComponent"
_SEVERITY_ORDER = {name: position for position, name in enumerate(SEVERITIES.values())}


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result of an engine; terms are text, blank nodes `_:label`.

    `bindings` are the other variables of the SELECT. A literal value is in `literal`, not in `value`.
    """

    rule: Rule
    shape: str
    component: str
    message: Text
    focus: str
    value: str | None = None
    literal: str | None = None
    path: str | None = None
    bindings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Count:
    """The number of comparisons that a rule could make, and the number it could not.

    `apart` is the number of comparisons in which the two sides differ by more than their precisions: only those can
    fail the rule or the one that refines it. `beyond` are the values of those that fail the rule, `rounded` of those
    that fail the one that refines it. All are None if the query does not tell.
    """

    compared: int
    not_applicable: int
    apart: int | None = None
    beyond: frozenset[str] | None = None
    rounded: frozenset[str] | None = None

    def failing(self, rule: Rule) -> frozenset[str] | None:
        """Return the values whose comparisons fail a rule: none if the counts prove that none does, None if unknown."""
        if self.compared == 0 or self.apart == 0:
            return frozenset()
        return self.rounded if rule.refines else self.beyond


def results_to_report(
    results: Iterable[Result], counts: Mapping[str, Count], rules: Sequence[Rule], facts: GraphReader
) -> Report:
    """Return findings by severity, rule and document order, consequences after their cause, and a tally for each rule.

    Within a severity, findings with a figure that was joined or moved in reading come last. `conforms` depends on
    violations only.
    """
    results = list(results)
    ambiguous = _ambiguous_identities(results)
    position = {rule.identifier: place for place, rule in enumerate(rules)}
    findings = sorted(
        (_finding(result, facts, _identifier(result, ambiguous)) for result in results),
        key=lambda f: (
            _SEVERITY_ORDER[f.severity],
            f.doubtful,
            position[f.rule],
            natural_order(f.focus),
            natural_order(f.value or ""),
            f.id,
        ),
    )
    findings = _each_once(findings)
    # A comparison that fails in two ways (no value, and the wrong number of values) has failed once.
    comparisons = {_comparison(result): _failures(result) for result in results}
    failed: Counter[str] = Counter()
    for (rule, *_), failures in comparisons.items():
        failed[rule] += failures
    repairs = find_repairs(facts, findings)
    return Report(
        conforms=not any(finding.severity == "violation" for finding in findings),
        checked={rule.identifier: _tally(rule, counts, failed) for rule in rules},
        findings=tuple(_consequences_behind(findings, repairs)),
        repairs=repairs,
    )


def _each_once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without those about sentences that say the same of the same figure, compared with another."""
    first: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        figure = finding.left.observation if finding.left else None
        key: tuple[str, ...] = (finding.id, finding.message[LANGUAGES[0]])
        if finding.family in SENTENCE_FAMILIES and figure:
            key = (finding.rule, finding.focus, figure, finding.message[LANGUAGES[0]])
        known = first.setdefault(key, finding)
        if _right_place(finding) < _right_place(known):
            first[key] = finding
    return list(first.values())


def _right_place(finding: Finding) -> list[tuple[int, str]]:
    return natural_order((finding.right and finding.right.observation) or "")


def _consequences_behind(findings: Sequence[Finding], repairs: Iterable[Repair]) -> Iterator[Finding]:
    """Yield the findings, each followed by its consequences."""
    following = {repair.findings[0]: repair.findings[1:] for repair in repairs}
    leads = {identifier: lead for lead, behind in following.items() for identifier in behind}
    by_id = {finding.id: finding for finding in findings}
    for finding in findings:
        if finding.id not in leads:
            yield finding
            yield from (replace(by_id[i], follows=finding.id) for i in following.get(finding.id, ()))


def _comparison(result: Result) -> tuple[str, ...]:
    if result.component != SPARQL_COMPONENT:
        return (result.rule.identifier, result.focus, result.shape)
    return (result.rule.identifier, result.focus, result.value or "", result.bindings.get("right", ""))


def _failures(result: Result) -> int:
    """Return the number of comparisons that fail: several for a mistake that recurs and is told once."""
    return int(result.bindings["count"]) if "recurring" in result.bindings else 1


def _tally(rule: Rule, counts: Mapping[str, Count], failed: Mapping[str, int]) -> Tally:
    counted_rule = rule.refines or rule.identifier
    elsewhere = failed.get(rule.refines, 0) if rule.refines else 0
    own = failed.get(rule.identifier, 0)
    count = counts[counted_rule]
    return Tally(count.compared - own - elsewhere, own, count.not_applicable + elsewhere)


def _finding(result: Result, facts: GraphReader, identifier: str) -> Finding:
    bindings = {"this": result.focus, "value": result.value or "", **result.bindings}
    left, right = (facts.cell(bindings.get(side, "")) for side in ("left", "right"))
    parts = [
        cell
        for iri in sorted(bindings.get("parts", "").split(), key=natural_order)
        if (cell := facts.cell(iri)) is not None
    ]
    cells = [cell for cell in (left, right) if cell is not None]
    wording = MessageContext(facts, bindings, cells, parts)
    caution = _caution((*cells, *parts))
    difference = bindings.get("difference")
    return Finding(
        id=identifier,
        rule=result.rule.identifier,
        family=result.rule.family,
        severity=result.rule.severity,
        message={language: _message(wording, result.message[language], language, caution) for language in LANGUAGES},
        focus=result.focus,
        value=result.value,
        left=_left(left, result, bindings, facts),
        right=right.operand if right else _computed(bindings.get("sum")),
        parts=tuple(part.operand for part in parts),
        difference=Decimal(difference) if difference else None,
        quote=bindings.get("quote", result.literal),
        shape=result.shape,
        component=result.component,
        path=result.path,
        doubtful=caution is not None,
    )


def _caution(cells: Iterable[ReportedCell]) -> str | None:
    """Return the name of the phrase to add for figures that reading may have changed; None if there are none."""
    cells = tuple(cells)
    if any(cell.recognised for cell in cells):
        return "recognised"
    return "doubtful" if any(cell.doubtful for cell in cells) else None


def _message(wording: MessageContext, template: str, language: str, caution: str | None) -> str:
    """Return the message, with a caution about how its figures were read, the name of a phrase."""
    text = close_up_quotes(wording.fill(template, language))
    return text if caution is None else fill(load_finding_phrases(), caution, language, message=text)


def _left(cell: ReportedCell | None, result: Result, bindings: Mapping[str, str], facts: GraphReader) -> Operand | None:
    """Return the left cell, the focus node of a Core shape, or the table with the quoted words, if any."""
    if cell is None and result.component != SPARQL_COMPONENT:
        cell = facts.cell(result.focus)
    if cell is not None:
        return cell.operand
    table = bindings["this"]
    number, place = facts.table_number(table), facts.place(table)
    if "quote" not in bindings and number is None:
        return None
    return Operand(printed=bindings.get("quote"), table=number, place=place)


def _computed(amount: str | None) -> Operand | None:
    return Operand(amount=decimal_to_text(Decimal(amount))) if amount else None


def _identity(result: Result) -> tuple[str, ...]:
    sides = (result.bindings.get("left", ""), result.bindings.get("right", ""))
    key = (result.rule.identifier, result.focus, result.value or result.literal or "")
    return (*key, result.shape, result.component, *sides)


def _ambiguous_identities(results: Iterable[Result]) -> set[tuple[str, ...]]:
    """Return the identities of results that differ in the words they quote, such as two remnants in one sentence."""
    told = {(_identity(result), result.bindings.get("quote", "")) for result in results}
    number = Counter(identity for identity, _ in told)
    return {identity for identity, quotes in number.items() if quotes > 1}


def _identifier(result: Result, ambiguous: Container[tuple[str, ...]]) -> str:
    """Return the first 16 hex digits of a hash that identifies a finding within a version."""
    identity = _identity(result)
    if identity in ambiguous:
        identity = (*identity, result.bindings.get("quote", ""))
    return hashlib.sha256("\n".join(identity).encode()).hexdigest()[:16]
