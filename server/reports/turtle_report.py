"""Reports as RDF: `sh:ValidationReport` with the findings, and EARL assertions with the outcome of each rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

import pyoxigraph as ox

from ontology import namespaces
from ontology.namespaces import DEFAULT_BASE, RDF
from server.reports.model import Correction, DocumentReport, RuleOutcome
from shapes.rules import RULES

EARL = "http://www.w3.org/ns/earl#"
DOAP = "http://usefulinc.com/ns/doap#"
UNNAMED = "urn:yusuan:report"
"""The IRI in place of a version in the report on a graph."""
SOFTWARE = ox.NamedNode("https://w3id.org/yusuan/software")


def turtle_prefixes(base: str) -> dict[str, str]:
    """Return the prefixes of Turtle output."""
    names = ("DCAT", "DCT", "ORG", "PROV", "QB", "SH", "SKOS", "XSD")
    return {name.lower(): getattr(namespaces, name) for name in names} | {"": base + "def#"}


def triples_to_turtle(triples: Iterable[ox.Triple], base: str) -> bytes:
    """Return triples as Turtle."""
    return ox.serialize(list(triples), format=ox.RdfFormat.TURTLE, prefixes=turtle_prefixes(base)) or b""


def reason_triples(report: DocumentReport, base: str) -> Iterator[ox.Triple]:
    """Return why findings of a validation report were accepted."""
    reason = ox.NamedNode(RULES.replace(DEFAULT_BASE, base) + "reason")
    for each in report.accepted:
        node = ox.NamedNode(f"{report.version or UNNAMED}/findings/{each.identifier}")
        yield ox.Triple(node, reason, ox.Literal(each.reason or "", language=report.language))


def reports_to_earl(reports: Sequence[DocumentReport]) -> bytes:
    """Return an `earl:Assertion` for each rule and disclosure, in Turtle.

    The outcome is failed if a violation was not accepted, cantTell if what is left needs a person's judgement, passed
    if comparisons passed, and inapplicable if there was nothing to compare.
    """
    triples = [
        ox.Triple(SOFTWARE, ox.NamedNode(RDF + "type"), ox.NamedNode(EARL + "Software")),
        ox.Triple(SOFTWARE, ox.NamedNode(DOAP + "name"), ox.Literal("Yusuan")),
        ox.Triple(SOFTWARE, ox.NamedNode(DOAP + "revision"), ox.Literal(version("yusuan"))),
    ]
    for number, report in enumerate(reports, start=1):
        triples += _assertions(report, number)
    prefixes = {"earl": EARL, "doap": DOAP, "dct": namespaces.DCT, "rule": RULES}
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""


def _assertions(report: DocumentReport, number: int) -> Iterator[ox.Triple]:
    version_iri = report.version or f"{UNNAMED}/{number}"
    subject = ox.NamedNode(version_iri)
    yield ox.Triple(subject, ox.NamedNode(RDF + "type"), ox.NamedNode(EARL + "TestSubject"))
    yield ox.Triple(subject, ox.NamedNode(namespaces.DCT + "title"), ox.Literal(report.title or report.files[0]))
    known = {rule.rule for rule in report.rules}
    for rule in report.rules:
        found = [each for each in report.corrections if each.refined_rule == rule.rule]
        yield from _assertion(version_iri, rule.rule, rule.title, rule_outcome(rule, found), found, report)
    for each in (each for each in report.corrections if each.refined_rule not in known):
        yield from _assertion(version_iri, each.rule, each.title, rule_outcome(None, [each]), [each], report)


def rule_outcome(rule: RuleOutcome | None, corrections: Sequence[Correction]) -> str:
    """Return the outcome of a rule in the terms of EARL, from the findings that follow from no other."""
    open_ones = [each for each in corrections if each.reason is None]
    if any(each.severity == "violation" for each in open_ones):
        return "failed"
    if any(each.severity == "warning" for each in open_ones):
        return "cantTell"
    return "passed" if rule is not None and (rule.passed or rule.failed) else "inapplicable"


def _assertion(
    version_iri: str, rule: str, title: str, outcome: str, found: Sequence[Correction], report: DocumentReport
) -> Iterator[ox.Triple]:
    def name(text: str) -> ox.NamedNode:
        return ox.NamedNode(text)

    assertion, result = (name(f"{version_iri}/findings/{part}/{rule}") for part in ("assertion", "outcome"))
    test = name(RULES + rule)
    yield ox.Triple(assertion, name(RDF + "type"), name(EARL + "Assertion"))
    yield ox.Triple(assertion, name(EARL + "assertedBy"), SOFTWARE)
    yield ox.Triple(assertion, name(EARL + "subject"), name(version_iri))
    yield ox.Triple(assertion, name(EARL + "test"), test)
    yield ox.Triple(assertion, name(EARL + "mode"), name(EARL + "automatic"))
    yield ox.Triple(assertion, name(EARL + "result"), result)
    yield ox.Triple(test, name(RDF + "type"), name(EARL + "TestCase"))
    yield ox.Triple(test, name(namespaces.DCT + "title"), ox.Literal(title, language=report.language))
    yield ox.Triple(result, name(RDF + "type"), name(EARL + "TestResult"))
    yield ox.Triple(result, name(EARL + "outcome"), name(EARL + outcome))
    for each in found:
        yield ox.Triple(result, name(EARL + "info"), ox.Literal(each.message, language=report.language))
