"""The report of a check: findings with both sides of a comparison, tallies, and their JSON and RDF forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from ontology.locators import Locator
from ontology.namespaces import DEFAULT_BASE, PROV, RDF, SEVERITIES, SH, XSD
from ontology.numbers import decimal_to_text
from shapes.fingerprints import finding_to_fingerprint
from shapes.rules import LANGUAGES, RULES, Text
from shapes.versions import rules_version

_SHACL_SEVERITIES = {name: iri for iri, name in SEVERITIES.items()}


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison.

    `printed` and `unit` are as in the document. `amount` is a plain decimal in yuan (or persons, vehicles, ...).
    `table`, `row` and `column` locate the cell; a computed sum has only an amount.
    """

    printed: str | None = None
    amount: str | None = None
    unit: str | None = None
    table: str | None = None
    row: str | None = None
    column: str | None = None
    observation: str | None = None
    place: Locator = field(default_factory=Locator)


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation, warning or note found by a rule.

    `focus` is the table or disclosure, `value` the resource compared (a point, a sum node, an observation, a concept),
    `difference` is in yuan, `quote` holds the printed words at fault. `shape`, `component` and `path` identify the part
    of the rule as in SHACL. `follows` is the identifier of the finding of which this one is a consequence. `doubtful`
    is set if one of the figures was joined or moved in reading, so that the reading may be at fault.
    """

    id: str
    rule: str
    family: str
    severity: str
    message: Text
    focus: str
    value: str | None
    left: Operand | None = None
    right: Operand | None = None
    parts: tuple[Operand, ...] = ()
    difference: Decimal | None = None
    quote: str | None = None
    shape: str = ""
    component: str = ""
    path: str | None = None
    follows: str | None = None
    doubtful: bool = False

    @property
    def fingerprint(self) -> str:
        """What the finding is about, the same in the next version; see `shapes.fingerprints`."""
        return finding_to_fingerprint(self)


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of comparisons evaluated by a rule: a point with two claims, a sum node, a pair of part and whole."""

    passed: int
    failed: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class Repair:
    """A likely mistake.

    `candidates` are figures with the amounts that they should have, none if there are too many. They are equally likely
    alternatives, or, if `together` is set, one mistake in several figures that are all to be corrected.
    `findings` are the identifiers of the findings that each candidate repairs: the finding that reports the mistake
    first, then its consequences.
    """

    candidates: tuple[tuple[Operand, Decimal], ...]
    findings: tuple[str, ...]
    together: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The findings for a graph, the most severe first, a tally for each rule, and the likely mistakes."""

    conforms: bool
    checked: Mapping[str, Tally]
    findings: tuple[Finding, ...]
    repairs: tuple[Repair, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The number of findings of each severity, without those that are consequences of another."""
        found = Counter(finding.severity for finding in self.findings if finding.follows is None)
        return {severity: found[severity] for severity in SEVERITIES.values()}

    @property
    def following(self) -> int:
        """The number of findings that are consequences of another."""
        return sum(1 for finding in self.findings if finding.follows is not None)


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────


def report_to_json(report: Report) -> dict[str, Any]:
    """Return the members for the check in the JSON of `yusuan validate`.

    `{"conforms", "counts", "following", "checked", "findings", "repairs"}`: `counts` excludes findings that are
    consequences of another, `following` is the number of those.
    """
    return {
        "conforms": report.conforms,
        "counts": report.counts,
        "following": report.following,
        "checked": {
            rule: {"passed": tally.passed, "failed": tally.failed, "notApplicable": tally.not_applicable}
            for rule, tally in report.checked.items()
        },
        "findings": [finding_to_json(finding) for finding in report.findings],
        "repairs": [repair_to_json(repair) for repair in report.repairs],
    }


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON data; amounts are strings, absent values None."""
    return {
        "id": finding.id,
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "family": finding.family,
        "severity": finding.severity,
        "message": dict(finding.message),
        "left": finding.left and operand_to_json(finding.left),
        "right": finding.right and operand_to_json(finding.right),
        "parts": [operand_to_json(part) for part in finding.parts],
        "difference": None if finding.difference is None else decimal_to_text(finding.difference),
        "quote": finding.quote,
        "follows": finding.follows,
        "doubtfulReading": finding.doubtful,
    }


def repair_to_json(repair: Repair) -> dict[str, Any]:
    """Return a repair as JSON data; the `amount` of a candidate is the amount that its figure should have."""
    return {
        "candidates": [
            {"figure": operand_to_json(figure), "amount": decimal_to_text(amount)}
            for figure, amount in repair.candidates
        ],
        "together": repair.together,
        "findings": list(repair.findings),
    }


def operand_to_json(operand: Operand) -> dict[str, Any]:
    """Return an operand as JSON data."""
    return {
        "printed": operand.printed,
        "amount": operand.amount,
        "unit": operand.unit,
        "table": operand.table,
        "row": operand.row,
        "column": operand.column,
        "observation": operand.observation,
        "place": {
            "page": operand.place.page,
            "line": operand.place.line,
            "field": operand.place.field,
            "bbox": operand.place.box,
            "file": operand.place.file,
            "reference": operand.place.reference,
            "paragraph": operand.place.paragraph,
            "table": operand.place.table,
        },
    }


# ── RDF ─────────────────────────────────────────────────────────────────────────────────────────


def report_to_triples(report: Report, version_iri: str, base: str = DEFAULT_BASE) -> Iterator[ox.Triple]:
    """Return the report as a `sh:ValidationReport` named `<version>/findings`, without blank nodes.

    `sh:conforms` depends on violations only, as `sh:conformanceDisallows` states. Messages keep their languages.
    """
    node = ox.NamedNode(f"{version_iri}/findings")
    namespace = RULES.replace(DEFAULT_BASE, base)
    yield _type(node, SH + "ValidationReport")
    yield ox.Triple(node, ox.NamedNode(SH + "conforms"), ox.Literal(report.conforms))
    yield ox.Triple(node, ox.NamedNode(SH + "conformanceDisallows"), ox.NamedNode(SH + "Violation"))
    yield ox.Triple(node, ox.NamedNode(PROV + "wasDerivedFrom"), ox.NamedNode(base + rules_version().key))
    for rule, tally in report.checked.items():
        yield from _tally_triples(node, rule, tally, namespace)
    for finding in report.findings:
        yield from _finding_triples(node, finding, namespace)
    for number, repair in enumerate(report.repairs, start=1):
        yield from _repair_triples(node, number, repair, namespace)


def _tally_triples(report: ox.NamedNode, rule: str, tally: Tally, namespace: str) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"{report.value}/tally/{rule}")
    yield ox.Triple(report, ox.NamedNode(namespace + "tally"), node)
    yield _type(node, namespace + "Tally")
    yield ox.Triple(node, ox.NamedNode(namespace + "rule"), ox.NamedNode(namespace + rule))
    counts = {"passed": tally.passed, "failed": tally.failed, "notApplicable": tally.not_applicable}
    for name, count in counts.items():
        yield ox.Triple(node, ox.NamedNode(namespace + name), ox.Literal(count))


def _finding_triples(report: ox.NamedNode, finding: Finding, namespace: str) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"{report.value}/{finding.id}")
    yield ox.Triple(report, ox.NamedNode(SH + "result"), node)
    yield _type(node, SH + "ValidationResult")
    links: dict[str, list[str | None]] = {
        SH + "focusNode": [finding.focus],
        SH + "value": [finding.value],
        SH + "resultSeverity": [_SHACL_SEVERITIES[finding.severity]],
        SH + "sourceShape": [finding.shape],
        SH + "sourceConstraintComponent": [finding.component],
        SH + "resultPath": [finding.path],
        namespace + "rule": [namespace + finding.rule],
        namespace + "left": [finding.left.observation if finding.left else None],
        namespace + "right": [finding.right.observation if finding.right else None],
        namespace + "part": [part.observation for part in finding.parts],
    }
    for predicate, targets in links.items():
        for target in targets:
            if target:
                yield ox.Triple(node, ox.NamedNode(predicate), _name(target))
    for language in LANGUAGES:
        words = ox.Literal(finding.message[language], language=language)
        yield ox.Triple(node, ox.NamedNode(SH + "resultMessage"), words)
    if finding.difference is not None:
        text = decimal_to_text(finding.difference)
        amount = ox.Literal(text, datatype=ox.NamedNode(XSD + "decimal"))
        yield ox.Triple(node, ox.NamedNode(namespace + "difference"), amount)
    if finding.doubtful:
        yield ox.Triple(node, ox.NamedNode(namespace + "doubtfulReading"), ox.Literal(True))
    if finding.follows is not None:
        lead = ox.NamedNode(f"{report.value}/{finding.follows}")
        yield ox.Triple(node, ox.NamedNode(namespace + "follows"), lead)
    if finding.quote is not None:
        yield ox.Triple(node, ox.NamedNode(namespace + "quote"), ox.Literal(finding.quote))


def _repair_triples(report: ox.NamedNode, number: int, repair: Repair, namespace: str) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"{report.value}/repair/{number}")
    yield ox.Triple(report, ox.NamedNode(namespace + "repair"), node)
    yield _type(node, namespace + "Repair")
    if repair.together:
        yield ox.Triple(node, ox.NamedNode(namespace + "together"), ox.Literal(True))
    for finding in repair.findings:
        yield ox.Triple(node, ox.NamedNode(namespace + "mends"), ox.NamedNode(f"{report.value}/{finding}"))
    for figure, amount in repair.candidates:
        if figure.observation is not None:
            yield ox.Triple(node, ox.NamedNode(namespace + "candidate"), _name(figure.observation))
            if len(repair.candidates) == 1:
                text = ox.Literal(decimal_to_text(amount), datatype=ox.NamedNode(XSD + "decimal"))
                yield ox.Triple(node, ox.NamedNode(namespace + "amount"), text)


def _type(node: ox.NamedNode, kind: str) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(kind))


def _name(text: str) -> ox.NamedNode:
    """Return an IRI; a blank node of another graph, written `_:label`, gets an IRI."""
    return ox.NamedNode(f"urn:yusuan:blank:{text[2:]}" if text.startswith("_:") else text)
