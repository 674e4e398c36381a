"""Small graphs for the tests of the rules, built claim by claim: a department, its tables, its figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from ontology.namespaces import DCT, DEF, DEFAULT_BASE, QB, RDF, XSD
from ontology.statements import NTriples, write_ntriples
from shapes import Report, check, load_rules
from shapes.rules import Rule
from yusuan.checked_document import rule_vocabulary

DISCLOSURE = DEFAULT_BASE + "id/disclosure/420107/2024/budget/108"
VERSION = DISCLOSURE + "/v/0123456789abcdef"
OFFICE = DEFAULT_BASE + "id/org/420107/108"
CASES = Path(__file__).parent / "shape-cases"
# Names of kinds and units, but no requirements: a case states those it needs.
CASE_VOCABULARY = NTriples(
    write_ntriples(t for t in rule_vocabulary(DEFAULT_BASE) if "/code/requirement/" not in str(t.subject))
)
FAMILIES = {rule.identifier: rule.family for rule in load_rules()}
DIMENSIONS = ("flow", "vintage", "fund", "function", "economic", "kind", "project", "scope", "supplier", "line")


def code(path: str) -> str:
    """`fund/general-public` as the IRI of the concept."""
    return f"{DEFAULT_BASE}code/{path}"


def literal(value: object) -> ox.Literal:
    """Decimals, integers, booleans and strings as the graph has them."""
    match value:
        case bool():
            return ox.Literal(value)
        case int():
            return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
        case Decimal():
            return ox.Literal(f"{value:f}", datatype=ox.NamedNode(XSD + "decimal"))
    return ox.Literal(str(value))


@dataclass
class DisclosureGraph:
    """A version graph in the making; `triples` is what `shapes.check` takes."""

    triples: list[ox.Triple] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.say(VERSION, RDF + "type", DEF + "DisclosureVersion")
        self.say(VERSION, DEF + "disclosure", DISCLOSURE)
        self.say(DISCLOSURE, RDF + "type", DEF + "Disclosure")
        self.say(DISCLOSURE, DEF + "organisation", OFFICE)
        self.add(DISCLOSURE, DEF + "year", ox.Literal("2024", datatype=ox.NamedNode(XSD + "gYear")))
        self.say(DISCLOSURE, DEF + "phase", code("phase/budget"))

    def add(self, subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        """One triple."""
        self.triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value))

    def say(self, subject: str, predicate: str, value: str) -> None:
        """One triple between things."""
        self.add(subject, predicate, ox.NamedNode(value))

    def table(self, number: int, kind: str, title: str = "") -> str:
        """A recognised table of the disclosure; returns its IRI."""
        table = f"{VERSION}/t{number:02}"
        self.say(table, RDF + "type", DEF + "Table")
        self.say(table, RDF + "type", DEF + "PrintedPart")
        self.say(table, DEF + "disclosure", DISCLOSURE)
        self.add(table, DEF + "tableNumber", literal(str(number)))
        self.say(table, DEF + "tableKind", code(f"table/{kind}"))
        self.add(table, DCT + "title", ox.Literal(title or f"表 {number}", language="zh"))
        return table

    def observation(
        self,
        table: str,
        cell: str,
        amount: Decimal,
        precision: Decimal = Decimal("0.005"),
        *,
        point: str | None = None,
        coordinates: str | None = None,
        labels: tuple[str, str, str] = ("", "行", "预算数"),
        bounded_by: Iterable[str] = (),
        printed: str | None = None,
        unit: str = "unit/yuan",
        **places: str,
    ) -> str:
        """A claim; `labels` are row code, row and column, `places` are coordinates such as `fund="fund/fiscal"`."""
        observation = f"{table}/{cell}"
        self.say(observation, RDF + "type", DEF + "Claim")
        self.say(observation, DEF + "printedIn", table)
        self.say(observation, DEF + "organisation", OFFICE)
        self.add(observation, DEF + "year", ox.Literal("2024", datatype=ox.NamedNode(XSD + "gYear")))
        self.say(observation, DEF + "phase", code("phase/budget"))
        self.say(observation, DEF + "period", code("period/year"))
        self.say(observation, DEF + "measure", DEF + "amount")
        for dimension in DIMENSIONS:
            default = "flow/expenditure" if dimension == "flow" else f"{dimension}/total"
            self.say(observation, DEF + dimension, code(places.get(dimension, default)))
        self.add(observation, DEF + "amount", literal(amount))
        self.add(observation, DEF + "precision", literal(precision))
        self.add(observation, DEF + "printed", literal(printed or f"{amount:f}"))
        self.say(observation, DEF + "printedUnit", code(unit))
        for name, text in zip(("rowCode", "rowLabel", "columnLabel"), labels, strict=True):
            if text:
                self.add(observation, DEF + name, literal(text))
        if point:
            self.say(observation, DEF + "point", point)
        if coordinates:
            self.say(observation, DEF + "coordinates", coordinates)
            self.say(coordinates, RDF + "type", DEF + "Coordinates")
            self.say(coordinates, DEF + "series", coordinates.replace("/coordinates/", "/series/"))
            self.say(coordinates.replace("/coordinates/", "/series/"), RDF + "type", DEF + "Series")
        for whole in bounded_by:
            self.say(observation, DEF + "boundedBy", whole)
        return observation

    def entry(self, table: str, cell: str, value: str, code: str, name: str) -> str:
        """A cell that names what a row is about by code and name."""
        entry = f"{table}/{cell}"
        self.say(entry, RDF + "type", DEF + "Entry")
        self.say(entry, DCT + "isPartOf", table)
        self.say(entry, DEF + "value", value)
        self.add(entry, DEF + "printedCode", literal(code))
        self.add(entry, DEF + "printedName", literal(name))
        return entry

    def point(self, name: str, claim: str) -> str:
        """A point whose preferred claim is `claim`; observations name it beforehand by the IRI returned."""
        point = f"{DEFAULT_BASE}id/point/{name}"
        self.say(point, RDF + "type", DEF + "Fact")
        self.say(point, DEF + "claim", claim)
        return point

    def placed_point(self, name: str, *claims: str) -> str:
        """A point with the coordinates of its claims, which lead to it; the first is preferred."""
        point = self.point(name, claims[0])
        coordinates = {DEF + name for name in (*DIMENSIONS, "organisation", "year", "phase", "period")}
        for triple in [t for t in self.triples if t.subject == ox.NamedNode(claims[0])]:
            if triple.predicate.value in coordinates:
                self.triples.append(ox.Triple(ox.NamedNode(point), triple.predicate, triple.object))
        for claim in claims:
            self.say(claim, DEF + "point", point)
        return point

    def fact(self, name: str, claim: str, amount: Decimal) -> str:
        """A fact with all of its coordinates and marks, whose preferred claim is `claim`."""
        fact, facts = self.point(name, claim), f"{VERSION}/facts"
        self.say(facts, RDF + "type", QB + "DataSet")
        self.say(fact, RDF + "type", QB + "Observation")
        self.say(fact, QB + "dataSet", facts)
        self.say(fact, DEF + "organisation", OFFICE)
        self.add(fact, DEF + "year", ox.Literal("2024", datatype=ox.NamedNode(XSD + "gYear")))
        for name, path in {
            "phase": "phase/budget",
            "period": "period/year",
            "level": "organisation-level/department",
        }.items():
            self.say(fact, DEF + name, code(path))
        for dimension in DIMENSIONS:
            top = {"flow": "flow/expenditure", "kind": "kind/this-year"}.get(dimension, f"{dimension}/total")
            self.say(fact, DEF + dimension, code(top))
        self.say(fact, DEF + "fundOnly", code("fund/total"))
        self.add(fact, DEF + "amount", literal(amount))
        self.add(fact, DEF + "precision", literal(Decimal("0.005")))
        for name, text in {"basis": "year", "breakdown": "total", "source": "table"}.items():
            self.add(fact, DEF + name, literal(text))
        for name in ("own", "quoted", "adds", "agree"):
            self.add(fact, DEF + name, literal(name != "quoted"))
        return fact

    def sum(self, name: str, total: str, parts: Iterable[str], along: str) -> str:
        """A sum node under its total."""
        node = f"{total}/sum/{name}"
        self.say(node, RDF + "type", DEF + "Sum")
        self.say(node, DEF + "total", total)
        for part in parts:
            self.say(node, DEF + "part", part)
        self.say(node, DEF + "along", DEF + along)
        return node


@cache
def report_of_case(path: Path) -> Report:
    """What the rules of the family of a case's rule find in the case."""
    triples = [quad.triple for quad in ox.parse(path=path)]
    return check(triples, vocabulary=CASE_VOCABULARY, families={FAMILIES[path.parent.name]})


def example_of(rule: Rule) -> dict[str, str]:
    """What a finding of a rule says about its first broken case, by language."""
    case = sorted(CASES.glob(f"{rule.identifier}/invalid.*.ttl"))[0]
    found = report_of_case(case).findings
    return dict(next(finding.message for finding in found if finding.rule == rule.identifier))


def examples_to_turtle() -> str:
    """The text of `shapes/written-examples.ttl`."""
    head = (
        "@prefix rule: <https://w3id.org/yusuan/rules#> .\n\n"
        "# What a finding says about the first broken case of each rule; made by scripts/write_examples.py.\n"
    )
    lines = []
    for rule in sorted(load_rules(), key=lambda rule: rule.identifier):
        words = example_of(rule)
        said = " ,\n        ".join(str(ox.Literal(words[language], language=language)) for language in ("zh", "en"))
        lines.append(f"\nrule:{rule.identifier} rule:example\n        {said} .\n")
    return head + "".join(lines)
