"""Questions of public finance: what a researcher asks of facts, with few patterns, and answers reckoned by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from claims import VOCABULARY, claim, context_of, table_of
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from converters import Observation
from converters.cube.facts import find_facts
from converters.cube.points import find_points
from converters.model.iris import Iris, mint_disclosure
from converters.rdf.graph import GraphContent, write_graph
from ontology import DEFAULT_BASE
from ontology.namespaces import DCT, RDF

FOLDER = Path(__file__).parents[1] / "examples" / "questions"
DIVISIONS = {"108": "420107", "109": "420102"}


def disclosure(
    office: str, year: int, phase: str, *claims: Observation, level: str = "department"
) -> Iterator[ox.Triple]:
    """The graph of a disclosure that prints these claims, ten in a row, or in the tables that they name."""
    context = context_of("108001")
    organisation = f"id/org/420107/{office}"
    key = mint_disclosure(DIVISIONS[office], year, phase, office, unit=level == "unit")
    placed = [replace(c, row=i // 10 + 1, column=i % 10 + 1) for i, c in enumerate(claims)]
    points = find_points(placed, key, context)
    graph = write_graph(
        GraphContent(
            disclosure=key,
            organisation=organisation,
            year=year,
            phase=f"code/phase/{phase}",
            tables=tuple(
                table_of(*(c for c in placed if c.table == name)) for name in dict.fromkeys(c.table for c in placed)
            ),
            points=tuple(points),
            sums=(),
            bounds=(),
            facts=tuple(find_facts(points, organisation, year, f"code/phase/{phase}", context)),
            level=level,
        ),
        VOCABULARY,
    )
    yield from graph.at(Iris(DEFAULT_BASE, key, "0" * 16))


def staff(number: str) -> Observation:
    """A claim of the head count of the staff."""
    people = claim(number, line="staff")
    return replace(people, coordinates={**people.coordinates, "measure": "def#headCount"}, unit="code/unit/person")


def budgets() -> Iterator[ox.Triple]:
    """Office 108 from 2023 to 2025 with its account and its budget as a unit of 2024, and office 109 elsewhere."""
    yield from disclosure(
        "108", 2023, "budget", claim("80", year="2023"), claim("60", year="2023", function="201"),
        claim("20", year="2023", function="210"),
    )  # fmt: skip
    yield from disclosure(
        "108", 2024, "budget",
        claim("100"), claim("70", function="201"), claim("30", function="208"),
        claim("70", function="2010101"), claim("18", function="2080501"), claim("12", function="2080505"),
        claim("80", kind="basic"), claim("20", kind="project"),
        claim("60", kind="personnel"), claim("20", kind="public"),
        claim("55", function="201", kind="basic"), claim("15", function="201", kind="project"),
        claim("25", function="208", kind="basic"), claim("5", function="208", kind="project"),
        claim("60", kind="basic", economic="301"), claim("20", kind="basic", economic="302"),
        claim("12", kind="project", project="31", organisation="108001"),
        claim("8", kind="project", project="32", organisation="108001"),
        claim("4", scope="three-public"), claim("1", scope="reception"), staff("8"),
        claim("100", flow="revenue"), claim("90", flow="revenue", fund="fiscal"),
        claim("90", flow="revenue", fund="general-public"),
        claim("10", flow="revenue", fund="own"), claim("90", fund="general-public"), claim("10", fund="own"),
        claim("99", table="t03"),
    )  # fmt: skip
    yield from disclosure(
        "108", 2024, "final",
        claim("95", phase="final"), claim("68", function="201", phase="final"),
        claim("27", function="208", phase="final"),
        claim("100", phase="initial"), claim("70", function="201", phase="initial"),
        claim("30", function="208", phase="initial"),
    )  # fmt: skip
    yield from disclosure(
        "108", 2025, "budget", claim("110", year="2025"), claim("110", year="2025", function="201"),
        claim("171", year="2024", function="201"), claim("30", year="2024", function="208"),
    )  # fmt: skip
    yield from disclosure(
        "108", 2024, "budget",
        claim("40"), claim("40", function="201"), claim("40", kind="basic"), claim("30", kind="personnel"),
        claim("10", kind="public"), claim("40", function="201", kind="basic"),
        claim("40", kind="basic", economic="301"),
        claim("0", scope="three-public"), staff("4"), claim("40", fund="general-public"),
        claim("40", flow="revenue"), claim("40", flow="revenue", fund="fiscal"),
        claim("40", flow="revenue", fund="general-public"),
        level="unit",
    )  # fmt: skip
    other = claim("50", organisation="109"), claim("50", function="201", organisation="109")
    renamed = claim("25", function="2101101", organisation="109", table="t09")
    yield from disclosure("109", 2024, "budget", *other, renamed)
    yield from disclosure("109", 2023, "budget", claim("20", year="2023", function="2100401-2009", organisation="109"))
    for office, division in DIVISIONS.items():
        about = ox.NamedNode(f"{DEFAULT_BASE}id/org/420107/{office}")
        yield ox.Triple(about, ox.NamedNode(DCT + "spatial"), ox.NamedNode(f"{DEFAULT_BASE}code/division/{division}"))
    for project in ("31", "32"):
        yield ox.Triple(
            ox.NamedNode(f"{DEFAULT_BASE}code/project/{project}"),
            ox.NamedNode(RDF + "type"),
            ox.NamedNode(f"{DEFAULT_BASE}def#Project"),
        )


@pytest.fixture(scope="module")
def store() -> ox.Store:
    made = ox.Store()
    made.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in (*VOCABULARY.triples, *budgets()))
    return made


ANSWERS: Mapping[str, list[tuple[str, ...]]] = {
    "expenditure-of-each-year": [
        ("108", "department", "2023", "budget", "80"),
        ("108", "department", "2024", "budget", "100"),
        ("108", "department", "2024", "final", "95"),
        ("108", "department", "2025", "budget", "110"),
        ("108", "unit", "2024", "budget", "40"),
        ("109", "department", "2024", "budget", "50"),
    ],
    "expenditure-of-one-fund": [("108", "department", "2024", "90"), ("108", "unit", "2024", "40")],
    "revenue-by-source": [
        ("108", "general-public", "90"),
        ("108", "own", "10"),
        ("unit", "general-public", "40"),
    ],
    "share-of-personnel": [("108", "department", "60"), ("108", "unit", "75")],
    "share-of-a-class": [
        ("108", "department", "2023", "0"),
        ("108", "department", "2024", "30"),
        ("108", "department", "2025", "0"),
        ("108", "unit", "2024", "0"),
        ("109", "department", "2024", "0"),
    ],
    "growth-over-renamed-codes": [("109", "20", "25", "25")],
    "everything-under-a-code": [("108", "2", "30")],
    "functions-by-kind": [
        ("108", "201", "basic", "55"),
        ("108", "201", "project", "15"),
        ("108", "208", "basic", "25"),
        ("108", "208", "project", "5"),
        ("unit", "201", "basic", "40"),
    ],
    "economic-classes": [("108", "301", "60"), ("108", "302", "20"), ("unit", "301", "40")],
    "three-public-per-head": [("108", "0.5"), ("unit", "0")],
    "execution": [("108", "function", "201", "70", "68", "97.142857"), ("108", "function", "208", "30", "27", "90")],
    "districts": [("420102", "1", "50"), ("420107", "1", "100")],
    "projects": [("108", "31", "12"), ("108", "32", "8")],
    "claims-that-disagree": [("108", "2024", "budget", "99", "100", "2")],
    "misquoted-budgets": [("108", "2024", "201", "171", "70")],
}


def asked(store: ox.Store, name: str) -> list[tuple[str, ...]]:
    """The answer, IRIs by their last part and numbers in their shortest form; addresses of points are left out."""
    solutions = store.query((FOLDER / f"{name}.rq").read_text(encoding="utf-8"))
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(text for term in row if (text := shown(term))) for row in solutions]


def shown(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return "" if "/id/point/" in term.value else term.value.rsplit("/", 1)[-1]
    assert isinstance(term, ox.Literal)
    if not term.datatype.value.endswith(("decimal", "integer")):
        return term.value
    return f"{Decimal(term.value).quantize(Decimal('0.000001')).normalize():f}"


def test_each_question_has_an_answer() -> None:
    assert len(ANSWERS) == 15
    assert ANSWERS.keys() == {path.stem for path in FOLDER.glob("*.rq")}


@pytest.mark.parametrize("name", ANSWERS)
def test_facts_give_the_answer_that_is_reckoned_by_hand(name: str, store: ox.Store) -> None:
    assert asked(store, name) == ANSWERS[name]


@pytest.mark.parametrize("name", ANSWERS)
def test_a_question_takes_ten_patterns_at_most(name: str) -> None:
    algebra = prepareQuery((FOLDER / f"{name}.rq").read_text(encoding="utf-8")).algebra
    assert 0 < patterns(algebra) <= 10


def patterns(node: object) -> int:
    """The number of triple patterns; a path is one."""
    if isinstance(node, CompValue):
        own = len(node.triples) if node.name == "BGP" else 0
        return own + sum(patterns(value) for value in node.values() if isinstance(value, CompValue | list))
    return sum(patterns(value) for value in node) if isinstance(node, list) else 0
