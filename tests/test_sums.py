"""Sums: which printed figures a printed total adds up."""

import pytest
from claims import claim, column, context_of, row, table_of

from converters import Observation
from converters.cube.sums import Sum, find_sums


def sums(*tables: list[Observation], units: tuple[str, ...] = ()) -> list[Sum]:
    return find_sums([table_of(*figures) for figures in tables], context_of(*units))


def equations(*tables: list[Observation], units: tuple[str, ...] = ()) -> list[str]:
    """The sums as `9 = 5 + 4`."""
    return [f"{s.total.printed} = {' + '.join(p.printed for p in s.parts)}" for s in sums(*tables, units=units)]


# ── Parts ───────────────────────────────────────────────────────────────────────────────────────

KINDS = row(
    claim("9", kind="this-year"),
    claim("5", kind="basic"),
    claim("3", kind="personnel"),
    claim("2", kind="public"),
    claim("4", kind="project"),
)


def test_the_parts_of_a_total_are_its_immediate_children_in_the_row() -> None:
    assert equations(KINDS) == ["9 = 5 + 4", "5 = 3 + 2"]


def test_the_parts_of_a_total_are_its_immediate_children_in_the_column() -> None:
    functions = column(
        claim("9"),
        claim("5", function="201"),
        claim("5", function="20101"),
        claim("3", function="2010101"),
        claim("2", function="2010102"),
        claim("4", function="205"),
    )
    assert equations(functions) == ["9 = 5 + 4", "5 = 5", "5 = 3 + 2"]


def test_where_a_level_is_not_printed_the_next_below_it_are_the_parts() -> None:
    assert equations(row(claim("9", kind="this-year"), claim("5", kind="personnel"), claim("4", kind="project"))) == [
        "9 = 5 + 4"
    ]


def test_rows_and_columns_are_added_up_apart() -> None:
    figures = [*row(claim("9"), claim("5", fund="fiscal"), claim("4", fund="own"))]
    figures += row(claim("9", function="201"), claim("5", function="201", fund="fiscal"), number=2)
    assert [(s.total.row, s.total.column, s.suffix) for s in sums(figures)] == [
        (1, 1, "/sum/row"),
        (2, 1, "/sum/row"),
        (1, 1, "/sum/column"),
        (1, 2, "/sum/column"),
    ]


def test_a_sum_says_along_which_dimensions_its_parts_are_narrower() -> None:
    [kinds] = sums(row(claim("9", kind="this-year"), claim("5", kind="basic")))
    [both] = sums(row(claim("9"), claim("5", fund="fiscal", vintage="current"), claim("4", fund="own")))
    assert (kinds.along, both.along) == (("kind",), ("vintage", "fund"))


CROSSED = (
    claim("9"),
    claim("5", fund="fiscal"),
    claim("4", fund="own"),
    claim("7", vintage="current"),
    claim("2", vintage="carried-over"),
)


def test_parts_that_overlap_make_one_sum_for_each_set_of_dimensions() -> None:
    assert equations(row(*CROSSED)) == ["9 = 5 + 4", "9 = 7 + 2"]
    assert [(s.along, s.suffix) for s in sums(row(*CROSSED))] == [
        (("fund",), "/sum/row-fund"),
        (("vintage",), "/sum/row-vintage"),
    ]


def test_parts_that_overlap_within_a_set_of_dimensions_make_no_sum_of_it() -> None:
    overlapping = [claim("5", fund="fiscal", function="20101"), claim("6", fund="general-public", function="201")]
    by_vintage = [claim("7", vintage="current"), claim("2", vintage="carried-over")]
    assert equations(row(claim("9"), *overlapping, *by_vintage)) == ["9 = 7 + 2"]


def test_figures_at_the_same_coordinates_count_once_the_first_printed() -> None:
    twice = column(claim("9"), claim("5", fund="fiscal"), claim("6", fund="fiscal"), claim("4", fund="own"))
    assert equations(twice) == ["9 = 5 + 4"]


def test_a_total_printed_twice_is_asked_twice() -> None:
    twice = column(claim("9"), claim("8"), claim("5", fund="fiscal"), claim("4", fund="own"))
    assert equations(twice) == ["9 = 5 + 4", "8 = 5 + 4"]


def test_zeros_are_added_up_too() -> None:
    assert equations(row(claim("0"), claim("0", fund="fiscal"), claim("0", fund="own"))) == ["0 = 0 + 0"]


def test_a_blank_part_is_left_out() -> None:
    assert equations(row(claim("9", kind="this-year"), claim("9", kind="basic"))) == ["9 = 9"]


def test_an_unreadable_part_makes_the_sum_unknown() -> None:
    assert equations(row(claim("9", kind="this-year"), claim("5", kind="basic"), claim(None, kind="project"))) == []


def test_an_unreadable_part_of_a_part_does_not_matter() -> None:
    figures = row(claim("9", kind="this-year"), claim("9", kind="basic"), claim(None, kind="public"))
    assert equations(figures) == ["9 = 9"]


def test_an_unreadable_total_adds_nothing_up() -> None:
    assert equations(row(claim(None, kind="this-year"), claim("5", kind="basic"), claim("4", kind="project"))) == []


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ({}, {"scope": "reception"}),
        ({}, {"supplier": "small-medium"}),
        ({"supplier": "small-medium"}, {"supplier": "small-micro"}),
        ({}, {"scope": "procurement", "fund": "fiscal"}),
    ],
)
def test_what_is_of_which_is_never_a_part(whole: dict[str, str], part: dict[str, str]) -> None:
    assert equations(row(claim("9", **whole), claim("9", **part))) == []


def test_inside_a_scope_there_are_parts() -> None:
    scopes = row(
        claim("9", scope="three-public"),
        claim("1", scope="abroad"),
        claim("5", scope="vehicles"),
        claim("2", scope="purchase"),
        claim("3", scope="running"),
        claim("3", scope="reception"),
    )
    assert equations(scopes) == ["9 = 1 + 5 + 3", "5 = 2 + 3"]


def test_a_department_is_the_sum_of_its_units_when_all_are_there() -> None:
    both = column(claim("9"), claim("5", organisation="108001"), claim("4", organisation="108002"))
    assert equations(both, units=("108001", "108002")) == ["9 = 5 + 4"]


def test_a_department_is_not_the_sum_of_some_of_its_units() -> None:
    one = column(claim("9"), claim("5", organisation="108001"))
    assert equations(one, units=("108001", "108002")) == []


# ── Totals in another table ─────────────────────────────────────────────────────────────────────

TOTALS = row(claim("9", function="201"), table="t01")


def without_total(*parts: Observation) -> list[Observation]:
    return row(*parts, table="t02")


def test_parts_without_a_total_are_compared_with_it_in_another_table() -> None:
    [found] = sums(
        TOTALS, without_total(claim("5", function="201", fund="fiscal"), claim("4", function="201", fund="own"))
    )
    assert (found.total.table, [p.table for p in found.parts]) == ("t01", ["t02", "t02"])
    assert (found.along, found.suffix) == (("fund",), "/sum/t02-row1")


def test_own_money_printed_split_in_one_table_adds_up_to_the_whole_in_another() -> None:
    split = without_total(claim("3", fund="business"), claim("2", fund="operating"))
    assert equations(row(claim("5", fund="own")), split) == ["5 = 3 + 2"]


def test_only_the_lowest_common_ancestor_of_the_parts_is_their_total() -> None:
    split = without_total(claim("3", fund="business"), claim("2", fund="operating"))
    assert equations(row(claim("5", fund="total")), split) == []


def test_a_part_alone_is_compared_with_nothing() -> None:
    assert equations(row(claim("5", fund="own")), without_total(claim("3", fund="business"))) == []


def test_parts_with_a_total_of_their_own_are_not_compared_with_another() -> None:
    complete = without_total(claim("8", function="201"), claim("5", function="201", fund="fiscal"))
    assert equations(TOTALS, complete) == ["8 = 5"]


def test_parts_without_a_total_are_not_compared_with_another_line_of_their_table() -> None:
    own = row(claim("5", fund="own"), number=1, first=3)
    assert equations([*own, *row(claim("3", fund="business"), claim("2", fund="operating"), number=2)]) == []


def test_parts_that_differ_in_two_dimensions_have_no_common_total() -> None:
    split = without_total(claim("5", function="201", fund="fiscal"), claim("4", function="205", fund="own"))
    assert equations(row(claim("9"), claim("5", function="201"), claim("5", fund="fiscal")), split) == [
        "9 = 5",
        "9 = 5",
    ]


def test_an_unreadable_part_makes_the_total_elsewhere_unknown() -> None:
    split = without_total(claim("5", function="201", fund="fiscal"), claim(None, function="201", fund="own"))
    assert equations(TOTALS, split) == []


def test_some_units_do_not_make_the_department_printed_elsewhere() -> None:
    split = without_total(claim("5", organisation="108001"), claim("4", organisation="108002"))
    assert equations(row(claim("9")), split, units=("108001", "108002", "108003")) == []
    assert equations(row(claim("9")), split, units=("108001", "108002")) == ["9 = 5 + 4"]


def test_what_is_of_which_does_not_make_a_total_elsewhere() -> None:
    split = without_total(claim("5", scope="procurement"), claim("4", scope="assets"))
    assert equations(row(claim("9")), split) == []
