"""What checking yields: findings with both sides of a comparison, tallies, and their forms as JSON and as RDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from ontology.namespaces import DEFAULT_BASE, RDF, SH, XSD
from ontology.numbers import decimal_to_text
from shapes.rules import LANGUAGES, RULES, SEVERITIES, Text

_SHACL_SEVERITIES = {name: iri for iri, name in SEVERITIES.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands in its document: page and box of a PDF, line and field of a text, cell of a sheet, paragraph
    of running text, or table of the file with `line` and `field` as row and cell of it.

    All may be unknown; `file` counts the files of a disclosure that is published in several.
    """

    page: int | None = None
    line: int | None = None
    field: int | None = None
    bbox: str | None = None
    file: int | None = None
    reference: str | None = None
    paragraph: int | None = None
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison.

    `printed` and `unit` are as in the document, `amount` is the plain decimal string in yuan (or in persons, vehicles,
    ...), `table`, `row` and `column` say where it stands; a computed sum has an amount only.
    """

    printed: str | None = None
    amount: str | None = None
    unit: str | None = None
    table: str | None = None
    row: str | None = None
    column: str | None = None
    observation: str | None = None
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found.

    `focus` is the table or disclosure, `value` what was compared (a point, a sum node, an observation, a concept),
    `difference` is in yuan, `quote` the printed words at fault. `shape`, `component` and `path` say which part of the
    rule it was, as SHACL does. `follows` is the identifier of the finding that names the mistake from which this one
    only follows. A finding is `doubtful` if a figure of it was joined or moved in reading: the fault may be there.
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


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a rule was asked, in comparisons: a point with two claims, a sum node, a pair of part and whole."""

    passed: int
    failed: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class Repair:
    """A likely mistake.

    `candidates` are figures with the amount that each should claim, equally likely, none when there are too many to
    help; `findings` are the identifiers of the findings that any of them would mend, first the one that tells of the
    mistake, then those that only follow from it.
    """

    candidates: tuple[tuple[Operand, Decimal], ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a graph, the gravest first, a tally for every rule, and the likely mistakes behind them."""

    conforms: bool
    checked: Mapping[str, Tally]
    findings: tuple[Finding, ...]
    repairs: tuple[Repair, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many mistakes there are of each severity: findings that only follow from another are not counted."""
        found = Counter(finding.severity for finding in self.findings if finding.follows is None)
        return {severity: found[severity] for severity in SEVERITIES.values()}

    @property
    def following(self) -> int:
        """How many findings only follow from another."""
        return sum(1 for finding in self.findings if finding.follows is not None)


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────


def report_to_json(report: Report) -> dict[str, Any]:
    """The members of a document in the JSON of `yusuan validate` that tell of its check.

    `{"conforms", "counts", "following", "checked", "findings", "repairs"}`: `counts` leaves out the findings that
    follow from another, whose number is `following`.
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
    """A finding as plain data; amounts are strings, what is absent is None."""
    return {
        "id": finding.id,
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
    """A repair as plain data; the `amount` of a candidate is what its figure should claim."""
    return {
        "candidates": [
            {"figure": operand_to_json(figure), "amount": decimal_to_text(amount)}
            for figure, amount in repair.candidates
        ],
        "findings": list(repair.findings),
    }


def operand_to_json(operand: Operand) -> dict[str, Any]:
    """An operand as plain data."""
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
            "bbox": operand.place.bbox,
            "file": operand.place.file,
            "reference": operand.place.reference,
            "paragraph": operand.place.paragraph,
            "table": operand.place.table,
        },
    }


# ── RDF ─────────────────────────────────────────────────────────────────────────────────────────


def report_to_triples(report: Report, version_iri: str, base: str = DEFAULT_BASE) -> Iterator[ox.Triple]:
    """The report as a `sh:ValidationReport` named `<version>/findings`, without blank nodes.

    `sh:conforms` goes by violations alone, which `sh:conformanceDisallows` states. Messages keep their languages.
    """
    node = ox.NamedNode(f"{version_iri}/findings")
    namespace = RULES.replace(DEFAULT_BASE, base)
    yield _type(node, SH + "ValidationReport")
    yield ox.Triple(node, ox.NamedNode(SH + "conforms"), ox.Literal(report.conforms))
    yield ox.Triple(node, ox.NamedNode(SH + "conformanceDisallows"), ox.NamedNode(SH + "Violation"))
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
    """An IRI; a blank node of a foreign graph, written `_:label`, gets a name of its own."""
    return ox.NamedNode(f"urn:yusuan:blank:{text[2:]}" if text.startswith("_:") else text)
