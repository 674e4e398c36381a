"""Bounds: no part exceeds the nearest printed whole."""

from dataclasses import replace

import pytest
from claims import DISCLOSURE, claim, context_of

from converters import Observation
from converters.cube.containing_wholes import find_bounds
from converters.cube.points import find_points
from converters.model.iris import NARRATIVE


def bounds(*claims: Observation) -> list[str]:
    """The bounds as `3 <= 5`, smallest first."""
    known = context_of("108001")
    pairs = find_bounds(find_points(claims, DISCLOSURE, known), known)
    return sorted(f"{part.printed} <= {whole.printed}" for part, whole in pairs)


def test_a_part_is_bounded_by_its_whole() -> None:
    assert bounds(claim("9"), claim("5", function="201")) == ["5 <= 9"]


def test_a_part_is_bounded_by_the_nearest_printed_whole() -> None:
    assert bounds(claim("9"), claim("5", function="201"), claim("3", function="20101")) == ["3 <= 5", "5 <= 9"]


def test_a_whole_that_is_not_printed_is_passed_over() -> None:
    assert bounds(claim("9"), claim("3", function="2010101")) == ["3 <= 9"]


def test_a_part_is_bounded_in_each_dimension() -> None:
    claims = [claim("9", function="201"), claim("7", fund="own"), claim("5", function="201", fund="own")]
    assert bounds(*claims, claim("4", fund="fiscal")) == ["5 <= 7", "5 <= 9"]


def test_part_and_whole_differ_in_exactly_one_dimension() -> None:
    assert bounds(claim("9"), claim("5", function="201", kind="basic")) == []


def test_neither_flow_year_nor_phase_bounds_another() -> None:
    others = [claim("9", flow="revenue"), claim("9", year="2023"), claim("9", phase="final")]
    assert bounds(*others, claim("5", function="201")) == []


def test_a_unit_is_bounded_by_its_department() -> None:
    assert bounds(claim("9"), claim("5", organisation="108001")) == ["5 <= 9"]


def test_what_is_of_which_is_bounded_though_it_never_adds_up() -> None:
    assert bounds(claim("9", scope="three-public"), claim("5", scope="reception")) == ["5 <= 9"]


def test_two_claims_of_one_point_are_bounded_once() -> None:
    assert bounds(claim("9"), claim("5", function="201"), claim("6", function="201")) == ["5 <= 9"]


def test_two_claims_of_a_whole_bound_once() -> None:
    assert bounds(claim("9"), claim("8"), claim("5", function="201")) == ["5 <= 9"]


def test_part_and_whole_that_are_one_point_do_not_bound() -> None:
    assert bounds(claim("9", fund="fiscal"), claim("9", fund="general-public")) == []


# ── Negative parts ──────────────────────────────────────────────────────────────────────────────


def test_beside_a_negative_part_nothing_is_bounded() -> None:
    assert bounds(claim("9"), claim("12", function="201"), claim("-3", function="205")) == []


def test_a_negative_part_elsewhere_does_not_matter() -> None:
    claims = [claim("9"), claim("9", function="201"), claim("12", function="20101"), claim("-3", function="20102")]
    assert bounds(*claims) == ["9 <= 9"]


# ── Economic classes inside a scope ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("economic", "scope"),
    [("30212", "abroad"), ("30217", "reception"), ("30231", "running"), ("30215", "meeting"), ("30216", "training")],
)
def test_an_economic_class_in_basic_expenditure_lies_inside_its_scope(economic: str, scope: str) -> None:
    part = claim("3", fund="general-public", kind="public", economic=economic)
    assert bounds(part, claim("5", fund="general-public", kind="this-year", scope=scope)) == ["3 <= 5"]


@pytest.mark.parametrize(
    "whole",
    [
        {"fund": "own", "kind": "this-year", "scope": "reception"},
        {"fund": "general-public", "kind": "project", "scope": "reception"},
        {"fund": "general-public", "kind": "this-year", "scope": "running"},
        {"fund": "general-public", "kind": "this-year", "scope": "reception", "function": "201"},
    ],
    ids=["another-fund", "another-kind", "another-scope", "part-of-the-scope"],
)
def test_another_scope_fund_or_kind_does_not_bound_an_economic_class(whole: dict[str, str]) -> None:
    assert bounds(claim("3", fund="general-public", kind="public", economic="30217"), claim("5", **whole)) == []


@pytest.mark.parametrize(
    ("name", "bounded"),
    [
        ("因公出国（境）费用", True),
        ("　因公出国费", True),
        ("其中：因公出国（境）费", True),
        ("因公出国（境", True),
        ("退休人员活动费", False),
    ],
)
def test_an_economic_class_of_another_name_is_not_bounded_by_the_scope_of_its_code(name: str, bounded: bool) -> None:
    part = replace(claim("3", economic="30212", fund="general-public", kind="public"), row_code="30212", row_label=name)
    whole = claim("0", fund="general-public", kind="this-year", scope="abroad")
    assert bool(bounds(part, whole)) == bounded


def test_project_money_is_not_bounded_by_a_scope() -> None:
    part = claim("3", fund="general-public", kind="project", economic="30217")
    assert bounds(part, claim("5", fund="general-public", kind="this-year", scope="reception")) == []


def test_an_economic_class_is_bounded_by_the_nearest_printed_kind_of_the_scope() -> None:
    part = claim("3", fund="own", kind="public", economic="30217")
    wholes = [claim("4", fund="own", kind="basic", scope="reception"), claim("5", fund="own", scope="reception")]
    assert "3 <= 4" in bounds(part, *wholes)
    assert "3 <= 5" not in bounds(part, *wholes)


@pytest.mark.parametrize(
    "whole",
    [
        {"fund": "fiscal", "scope": "running"},
        {"fund": "total", "kind": "this-year", "scope": "running"},
        {"fund": "fiscal", "scope": "vehicles"},
        {"fund": "general-public", "scope": "three-public"},
    ],
    ids=["appropriations", "all-funds", "vehicles", "three-public"],
)
def test_an_economic_class_is_bounded_by_a_wider_scope_or_fund(whole: dict[str, str]) -> None:
    part = claim("3", fund="general-public", kind="public", economic="30231")
    assert bounds(part, claim("5", **whole)) == ["3 <= 5"]


def test_a_narrower_scope_or_fund_goes_before_a_wider_one() -> None:
    part = claim("3", fund="general-public", kind="public", economic="30231")
    nearest = claim("4", fund="fiscal", scope="running")
    wider = [claim("5", scope="running"), claim("6", fund="general-public", scope="vehicles")]
    assert [b for b in bounds(part, nearest, *wider) if b.startswith("3 ")] == ["3 <= 4"]


# ── Lines of lists ──────────────────────────────────────────────────────────────────────────────

LINE = {"table": "t11", "scope": "procurement", "line": "1", "fund": "general-public", "kind": "public"}


def line_bounds(*claims: Observation) -> list[str]:
    """The bounds, where 1 and 2 are lines and 1.1 is a line of 1."""
    known = context_of("108001")
    for ordinal, group in (("1", "total"), ("2", "total"), ("1.1", "1")):
        known.hierarchy.add(f"code/line/{ordinal}", f"code/line/{group}")
    pairs = find_bounds(find_points(claims, DISCLOSURE, known), known)
    return sorted(f"{part.printed} <= {whole.printed}" for part, whole in pairs)


def test_a_line_is_bounded_by_a_whole_that_differs_in_several_dimensions() -> None:
    part = claim("5", organisation="108001", function="2010101", economic="30202", **LINE)
    assert line_bounds(claim("9", fund="general-public", kind="public", economic="30202"), part) == ["5 <= 9"]


def test_a_line_is_bounded_by_all_nearest_wholes_and_by_no_wider_one() -> None:
    part = claim("5", function="2010101", economic="30202", **LINE)
    wholes = [
        claim("10", table="t11", scope="procurement"),
        claim("20", fund="general-public", kind="public", economic="30202"),
        claim("30", fund="general-public", kind="basic", economic="30202"),
        claim("40", fund="general-public", kind="public", function="2010101"),
        claim("90"),
    ]
    found = [pair for pair in line_bounds(part, *wholes) if pair.startswith("5 ")]
    assert found == ["5 <= 10", "5 <= 20", "5 <= 40"]


@pytest.mark.parametrize(
    "whole",
    [
        {"kind": "public", "fund": "own"},
        {"kind": "project"},
        {"economic": "30201"},
        {"function": "20102"},
        {"scope": "assets"},
        {"flow": "revenue"},
        {"year": "2023"},
        {"phase": "requested"},
        {"period": "lifetime"},
        {"supplier": "small-medium"},
        {"line": "2", "table": "t11"},
        {"line": "1", "table": "t15"},
    ],
    ids=lambda whole: "-".join((*whole, *whole.values())),
)
def test_what_does_not_hold_a_line_does_not_bound_it(whole: dict[str, str]) -> None:
    part = claim("5", function="2010101", economic="30202", **LINE)
    assert line_bounds(part, claim("3", **whole)) == []


def test_a_line_of_a_group_is_bounded_by_its_group() -> None:
    group = claim("7", table="t11", scope="procurement", line="1")
    part = claim("5", table="t11", scope="procurement", line="1.1")
    total = claim("9", table="t11", scope="procurement")
    assert line_bounds(group, part, total) == ["5 <= 7", "7 <= 9"]


def test_of_a_line_small_firms_are_bounded_by_larger_ones() -> None:
    suppliers = {"9": "total", "7": "small-medium", "5": "small-micro"}
    claims = [claim(amount, supplier=supplier, **LINE) for amount, supplier in suppliers.items()]
    assert line_bounds(*claims) == ["5 <= 7", "7 <= 9"]


def test_the_text_may_name_dimensions_in_another_order_than_the_tables() -> None:
    told = claim("5", table=NARRATIVE, function="201")
    backwards = replace(told, coordinates=dict(reversed(list(told.coordinates.items()))))
    assert bounds(claim("9"), backwards) == ["5 <= 9"]
