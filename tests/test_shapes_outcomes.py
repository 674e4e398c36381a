"""The four outcomes of a comparison: SPARQL and a model in Decimal agree on every figure; what is counted."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shape_graphs import DisclosureGraph

from ontology.namespaces import DEF, DEFAULT_BASE
from shapes import Report, check, check_with_pyshacl

ZERO = Decimal(0)
PRECISIONS = [ZERO, Decimal("0.005"), Decimal("0.5"), Decimal(50)]
# Close together, so that all four outcomes come about; negative ones are printed in practice.
AMOUNTS = st.one_of(
    st.integers(-30_000, 30_000).map(lambda cents: Decimal(cents) / 100),
    st.integers(0, 10**15).map(lambda cents: Decimal(cents) / 100),
)
CLAIMS = st.tuples(AMOUNTS, st.sampled_from(PRECISIONS))
Claim = tuple[Decimal, Decimal]


def claim(amount: str, precision: str = "0.005") -> Claim:
    return Decimal(amount), Decimal(precision)


def outcome(report: Report, law: str) -> str:
    """`violation`, `rounding` or `passes`, from what the two rules of a law found; they never find the same."""
    tallies = report.checked[law], report.checked[f"{law}-rounding"]
    assert tallies[0].failed + tallies[1].failed <= 1
    assert tallies[0].passed + tallies[0].failed == 1
    return "violation" if tallies[0].failed else "rounding" if tallies[1].failed else "passes"


def expected(distance: Decimal, precisions: Sequence[Decimal]) -> str:
    """The outcome by the design: tolerated, rounding, or beyond both."""
    if distance <= sum(precisions, ZERO):
        return "passes"
    return "rounding" if distance <= 2 * max(precisions) else "violation"


# ── same ────────────────────────────────────────────────────────────────────────────────────────


def claims_of_one_point(claims: Sequence[Claim]) -> list[ox.Triple]:
    graph = DisclosureGraph()
    table = graph.table(3, "expenditure")
    point = f"{DEFAULT_BASE}id/point/a"
    cells = [graph.observation(table, f"r{i}c1", *each, point=point) for i, each in enumerate(claims, start=1)]
    graph.point("a", cells[0])
    return graph.triples


@given(st.lists(CLAIMS, min_size=2, max_size=5))
@example([claim("1327238.56"), claim("1327300", "50")])
@example([claim("0.00", "0"), claim("0.01")])
@example([claim("100"), claim("100.01"), claim("100.02")])
def test_same_is_the_gap_between_the_outermost_bounds(claims: list[Claim]) -> None:
    report = check(claims_of_one_point(claims), families=["same"])
    gap = max(a - p for a, p in claims) - min(a + p for a, p in claims)
    coarsest = max(p for _, p in claims)
    model = "passes" if gap <= 0 else "rounding" if gap <= coarsest else "violation"
    assert outcome(report, "same") == model
    if model == "passes":
        assert report.findings == ()
        return
    [finding] = report.findings
    assert finding.left is not None
    assert finding.right is not None
    left, right = Decimal(finding.left.amount or ""), Decimal(finding.right.amount or "")
    assert left in [a for a, p in claims if a - p == max(a - p for a, p in claims)]
    assert right in [a for a, p in claims if a + p == min(a + p for a, p in claims)]
    assert finding.difference is not None
    assert gap <= finding.difference <= max(a for a, _ in claims) - min(a for a, _ in claims)


@pytest.mark.parametrize("wrong", [1, 8, 9])
def test_points_that_contradict_themselves_are_found_whether_few_or_many(wrong: int) -> None:
    graph = DisclosureGraph()
    table = graph.table(3, "expenditure")
    for number in range(wrong + 1):
        name, point = f"p{number}", f"{DEFAULT_BASE}id/point/p{number}"
        pair = [claim("100"), claim("100" if number == wrong else "110")]
        cells = [graph.observation(table, f"r{number}c{i}", *each, point=point) for i, each in enumerate(pair, start=1)]
        graph.point(name, cells[0])
    report = check(graph.triples, families={"same"})
    assert [finding.difference for finding in report.findings] == [Decimal(10)] * wrong
    assert (report.checked["same"].passed, report.checked["same-rounding"].failed) == (1, 0)


def test_a_point_with_one_claim_is_not_applicable() -> None:
    report = check(claims_of_one_point([claim("595000.00")]))
    assert (report.checked["same"].passed, report.checked["same"].not_applicable) == (0, 1)


# ── sum ─────────────────────────────────────────────────────────────────────────────────────────


def total_and_parts(claims: Sequence[Claim]) -> list[ox.Triple]:
    graph = DisclosureGraph()
    table = graph.table(3, "expenditure")
    total, *parts = (graph.observation(table, f"r{i}c1", *each) for i, each in enumerate(claims))
    graph.sum("column", total, parts, "function")
    return graph.triples


@given(st.lists(CLAIMS, min_size=1, max_size=6), AMOUNTS, st.sampled_from(PRECISIONS))
@example([claim("150000.00"), claim("10064.50")], Decimal("-64.5"), Decimal(50))
def test_sum_is_the_distance_of_the_total_from_its_parts(
    parts: list[Claim], error: Decimal, precision: Decimal
) -> None:
    added = sum((amount for amount, _ in parts), ZERO)
    total = added + error
    report = check(total_and_parts([(total, precision), *parts]), families=["sum"])
    model = expected(abs(error), [precision, *(p for _, p in parts)])
    assert outcome(report, "sum") == model
    if model != "passes":
        [finding] = report.findings
        assert finding.difference == abs(error)
        assert finding.right is not None
        assert Decimal(finding.right.amount or "") == added
        assert [Decimal(part.amount or "") for part in finding.parts] == [amount for amount, _ in parts]


@pytest.mark.parametrize("engine", [check, check_with_pyshacl])
def test_a_part_that_is_no_number_makes_a_sum_not_applicable(engine: Callable[..., Report]) -> None:
    amount, word = ox.NamedNode(DEF + "amount"), ox.Literal("约 1 万")
    triples = total_and_parts([claim("10"), claim("4"), claim("5")])
    last = [t for t in triples if t.predicate == amount][-1]
    triples = [t for t in triples if t != last] + [ox.Triple(last.subject, amount, word)]
    report = engine(triples, families={"sum", "structure"})
    assert report.checked["sum"].not_applicable == 1
    assert {finding.rule for finding in report.findings} == {"structure-observation"}


# ── bound ───────────────────────────────────────────────────────────────────────────────────────


@given(CLAIMS, CLAIMS)
def test_bound_is_the_excess_of_the_part(part: Claim, whole: Claim) -> None:
    graph = DisclosureGraph()
    table = graph.table(6, "general-public-basic")
    inside = graph.observation(table, "r1c1", *whole)
    graph.observation(table, "r2c1", *part, bounded_by=[inside])
    report = check(graph.triples, families=["bound"])
    assert outcome(report, "bound") == expected(part[0] - whole[0], [part[1], whole[1]])
    for finding in report.findings:
        assert finding.difference == part[0] - whole[0]


def test_a_part_in_two_wholes_makes_two_findings() -> None:
    graph = DisclosureGraph()
    table = graph.table(6, "general-public-basic")
    wholes = [graph.observation(table, f"r{i}c1", Decimal(10)) for i in (1, 2)]
    graph.observation(table, "r3c1", Decimal(11), bounded_by=wholes)
    report = check(graph.triples)
    assert report.checked["bound"].failed == 2
    assert len({finding.id for finding in report.findings}) == 2
    families = {"bound"}
    assert check_with_pyshacl(graph.triples, families=families) == check(graph.triples, families=families)


# ── balance ─────────────────────────────────────────────────────────────────────────────────────


def two_sides(revenue: Claim, outlay: Claim) -> DisclosureGraph:
    graph = DisclosureGraph()
    table = graph.table(1, "revenue-and-expenditure")
    coordinates = [f"{DEFAULT_BASE}id/coordinates/{name}" for name in "ab"]
    graph.placed_point("a", graph.observation(table, "r1c1", *revenue, flow="flow/revenue", coordinates=coordinates[0]))
    graph.placed_point("b", graph.observation(table, "r1c2", *outlay, coordinates=coordinates[1]))
    return graph


@given(CLAIMS, CLAIMS)
def test_balance_is_the_distance_of_the_two_sides(revenue: Claim, outlay: Claim) -> None:
    report = check(two_sides(revenue, outlay).triples, families=["balance"])
    assert outcome(report, "balance") == expected(abs(revenue[0] - outlay[0]), [revenue[1], outlay[1]])


def test_the_same_coordinates_are_not_balanced_again_across_tables() -> None:
    graph = DisclosureGraph()
    both, revenue, outlay = (
        graph.table(number, kind)
        for number, kind in enumerate(("revenue-and-expenditure", "revenue", "expenditure"), 1)
    )
    coordinates = [f"{DEFAULT_BASE}id/coordinates/{name}" for name in "ab"]
    for name, place, flow, alone in zip("ab", coordinates, ("revenue", "expenditure"), (revenue, outlay), strict=True):
        claims = [
            graph.observation(table, cell, Decimal(10), flow=f"flow/{flow}", coordinates=place)
            for table, cell in ((alone, "r1c1"), (both, f"r1c{'ab'.index(name) + 1}"))
        ]
        graph.placed_point(name, *claims)
    assert check(graph.triples).checked["balance"].passed == 1


def test_sides_that_differ_in_a_coordinate_are_not_balanced() -> None:
    graph = DisclosureGraph()
    table = graph.table(1, "revenue-and-expenditure")
    coordinates = [f"{DEFAULT_BASE}id/coordinates/{name}" for name in "ab"]
    graph.placed_point(
        "a", graph.observation(table, "r1c1", Decimal(10), flow="flow/revenue", coordinates=coordinates[0])
    )
    graph.placed_point(
        "b", graph.observation(table, "r1c2", Decimal(11), fund="fund/fiscal", coordinates=coordinates[1])
    )
    report = check(graph.triples)
    assert (report.checked["balance"].passed, report.checked["balance"].not_applicable) == (0, 1)


# ── counting ────────────────────────────────────────────────────────────────────────────────────


def test_a_milder_rule_is_not_asked_of_what_failed_the_graver_one() -> None:
    report = check(total_and_parts([claim("10"), claim("4"), claim("5")]))
    mild = report.checked["sum-rounding"]
    assert (mild.passed, mild.failed, mild.not_applicable) == (0, 0, 1)


def test_every_rule_is_in_checked_even_over_nothing() -> None:
    report = check(())
    assert not report.conforms
    assert all(tally.passed == 0 for tally in report.checked.values())


@pytest.mark.parametrize("families", [{"sum", "structure"}, pytest.param(None, marks=pytest.mark.exhaustive)])
def test_both_engines_say_the_same_of_nothing(families: set[str] | None) -> None:
    assert check_with_pyshacl((), families=families) == check((), families=families)
