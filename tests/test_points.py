"""Points: claims about the same money meet, though one table shows more of the cube than another."""

from claims import DISCLOSURE, claim, context_of, printed

from converters import Observation
from converters.cube.points import Point, find_points


def points(*claims: Observation) -> list[Point]:
    return find_points(claims, DISCLOSURE, context_of())


def meet(one: Observation, other: Observation, *others: Observation) -> bool:
    """Whether two claims are at one point of a disclosure that makes all of these."""
    at = {id(c): point.key for point in points(one, other, *others) for c in point.claims}
    return at[id(one)] == at[id(other)]


NO_OTHER_APPROPRIATION = [claim("0", fund="government-fund"), claim("0", fund="state-capital")]
NO_OTHER_FUND = [*NO_OTHER_APPROPRIATION, claim("0", fund="special-account"), claim("0", fund="own")]


# ── Effective coordinates ───────────────────────────────────────────────────────────────────────


def test_a_part_is_its_whole_when_all_its_siblings_are_printed_zeros() -> None:
    assert meet(claim("9", fund="general-public"), claim("9", fund="fiscal"), *NO_OTHER_APPROPRIATION)


def test_a_part_is_not_its_whole_beside_a_sibling_with_money() -> None:
    others = [claim("2", fund="government-fund"), claim("0", fund="state-capital")]
    assert not meet(claim("9", fund="general-public"), claim("9", fund="fiscal"), *others)


def test_money_of_a_descendant_of_a_sibling_keeps_part_and_whole_apart() -> None:
    parts = [claim("0", kind="basic"), claim("3", kind="personnel")]
    assert not meet(claim("9", kind="project"), claim("9", kind="this-year"), *parts)


def test_a_sibling_printed_through_all_its_children_is_printed() -> None:
    own = [claim("0", fund=f) for f in ("business", "operating", "upper-subsidy", "affiliated", "other", "debt")]
    appropriation = [claim("9", fund="fiscal"), claim("0", fund="special-account")]
    assert meet(appropriation[0], claim("8", fund="total"), appropriation[1], *own)


def test_a_part_climbs_as_long_as_it_is_all_there_is() -> None:
    assert meet(claim("9", fund="general-public"), claim("9", fund="total"), *NO_OTHER_FUND)


def test_where_all_siblings_are_zero_disagreeing_tops_meet_and_so_become_a_finding() -> None:
    assert meet(claim("9", fund="general-public"), claim("8", fund="fiscal"), *NO_OTHER_APPROPRIATION)


def test_where_a_sibling_is_printed_nowhere_agreeing_tops_meet() -> None:
    assert meet(claim("9", fund="general-public"), claim("9", fund="fiscal"))


def test_where_a_sibling_is_printed_nowhere_disagreeing_tops_keep_apart() -> None:
    assert not meet(claim("9", fund="general-public"), claim("8", fund="fiscal"))


def test_tops_agree_within_their_precision() -> None:
    assert meet(claim("9.4", fund="general-public", precision="0.05"), claim("9", fund="fiscal", precision="0.5"))
    assert not meet(claim("9.6", fund="general-public", precision="0.05"), claim("9", fund="fiscal", precision="0.5"))


def test_only_tops_decide_and_details_follow_them() -> None:
    part, whole = claim("9", fund="general-public"), claim("9", fund="fiscal")
    assert meet(
        claim("5", fund="general-public", function="201"), claim("4", fund="fiscal", function="201"), part, whole
    )


def test_where_no_top_of_the_whole_is_printed_nothing_keeps_them_apart() -> None:
    assert meet(claim("5", fund="general-public", function="201"), claim("5", fund="fiscal", function="201"))


def test_own_money_printed_split_meets_own_money_printed_whole() -> None:
    others = [claim("0", fund=f) for f in ("operating", "upper-subsidy", "affiliated", "other", "debt")]
    assert meet(claim("5", fund="business"), claim("5", fund="own"), *others)


def test_own_money_of_two_sources_is_neither_of_them() -> None:
    parts = [claim("3", fund="business"), claim("2", fund="other")]
    assert not meet(claim("5", fund="own"), parts[0], parts[1])
    assert not meet(claim("5", fund="own"), parts[1], parts[0])


def test_the_total_of_all_funds_meets_that_of_the_only_fund() -> None:
    assert meet(claim("9", function="201"), claim("9", fund="general-public", function="201"), *NO_OTHER_FUND)


def test_the_total_of_all_funds_does_not_meet_that_of_one_fund_among_several() -> None:
    funds = [*NO_OTHER_APPROPRIATION, claim("0", fund="special-account"), claim("4", fund="own")]
    assert not meet(claim("9", function="201"), claim("9", fund="general-public", function="201"), *funds)


def test_for_fund_and_vintage_money_of_either_flow_counts() -> None:
    carried = claim("1", flow="revenue", vintage="carried-over")
    assert not meet(claim("9", vintage="current"), claim("9"), carried)


def test_for_kind_only_outlay_counts() -> None:
    assert meet(claim("9", kind="basic"), claim("9", kind="this-year"), claim("5", flow="revenue", kind="project"))


def test_another_year_has_no_say() -> None:
    before = claim("2", fund="government-fund", year="2023")
    assert meet(claim("9", fund="general-public"), claim("9", fund="fiscal"), before)


def test_another_phase_has_no_say() -> None:
    after = claim("2", fund="government-fund", phase="final")
    assert meet(claim("9", fund="general-public"), claim("9", fund="fiscal"), after)


def test_money_that_is_of_which_has_no_say() -> None:
    within = claim("2", fund="government-fund", scope="reception")
    assert meet(claim("9", fund="general-public"), claim("9", fund="fiscal"), within)


def test_money_that_is_of_which_climbs_with_the_rest() -> None:
    part, whole = claim("3", fund="general-public", scope="reception"), claim("3", fund="fiscal", scope="reception")
    assert meet(part, whole, claim("9", fund="general-public"), claim("9", fund="fiscal"))


def test_functions_and_units_do_not_climb() -> None:
    assert not meet(claim("9", function="201"), claim("9"))
    assert not meet(claim("9", organisation="108001"), claim("9"))


# ── Points ──────────────────────────────────────────────────────────────────────────────────────


def test_claims_at_the_same_coordinates_are_one_point() -> None:
    [point] = points(claim("9"), claim("8"))
    assert printed(point.claims) == ["9", "8"]


def test_the_preferred_claim_has_the_finest_precision() -> None:
    [point] = points(claim("9", precision="0.5"), claim("9.1", precision="0.05"))
    assert point.claim.printed == "9.1"


def test_among_equally_fine_claims_the_first_printed_is_preferred() -> None:
    [point] = points(claim("9"), claim("8"))
    assert point.claim.printed == "9"


def test_revenue_and_outlay_are_different_points() -> None:
    assert not meet(claim("9", flow="revenue"), claim("9"))


def test_the_same_coordinates_in_another_disclosure_are_another_point() -> None:
    [here] = points(claim("9"))
    [there] = find_points([claim("9")], DISCLOSURE + "001", context_of())
    assert here.key != there.key
    assert here.coordinates == there.coordinates
