"""What became of each figure from one version to another: pure comparisons."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.versions.history import SourceFile, VersionRecord, cause_of
from server.versions.version_comparison import ComparedFigure, Comparison, compare_figures


def figure(place: str, coordinates: str, amount: str | None = "1", **words: str) -> ComparedFigure:
    given = {"printed": amount or "", "row_label": coordinates, "column_label": "合计", **words}
    return ComparedFigure(
        iri=f"v/{place}",
        place=place,
        coordinates=coordinates,
        amount=None if amount is None else Decimal(amount),
        **given,
    )


def kinds(comparison: Comparison) -> list[tuple[str, str]]:
    return [(change.kind, change.figure.place) for change in comparison.changes]


TABLE = [figure(f"t05/r{row}c3", name, str(row)) for row, name in enumerate("abcd", start=4)]


def test_equal_versions_do_not_differ() -> None:
    assert compare_figures(TABLE, reversed(TABLE)) == Comparison((), same=4, moved=0)


def test_another_amount_is_told_with_both_figures_and_the_difference() -> None:
    altered = replace(TABLE[1], amount=Decimal("5.50"), printed="5.50")
    [change] = compare_figures(TABLE, [TABLE[0], altered, *TABLE[2:]]).changes
    assert (change.kind, change.before, change.after, change.difference) == (
        "altered",
        TABLE[1],
        altered,
        Decimal("0.50"),
    )


def test_a_row_put_in_moves_the_others_and_changes_none() -> None:
    after = [
        figure("t05/r4c3", "new", "9"),
        *(figure(f"t05/r{row}c3", name, str(row - 1)) for row, name in enumerate("abcd", start=5)),
    ]
    comparison = compare_figures(TABLE, after)
    assert (kinds(comparison), comparison.same, comparison.moved) == ([("added", "t05/r4c3")], 4, 4)
    back = compare_figures(after, TABLE)
    assert (kinds(back), back.same, back.moved) == ([("removed", "t05/r4c3")], 4, 4)


def test_the_same_cell_placed_elsewhere_is_read_otherwise() -> None:
    [change] = compare_figures(TABLE, [replace(TABLE[0], coordinates="z"), *TABLE[1:]]).changes
    assert (change.kind, change.difference) == ("reread", Decimal(0))


def test_the_same_amount_in_other_digits_is_written_otherwise() -> None:
    assert kinds(compare_figures(TABLE, [replace(TABLE[0], printed="4.00"), *TABLE[1:]])) == [("rewritten", "t05/r4c3")]


def test_two_claims_of_one_line_in_a_table_are_kept_apart() -> None:
    before = [figure("t01/r2c2", "a", "10"), figure("t01/r9c4", "a", "10")]
    after = [before[0], replace(before[1], amount=Decimal(11), printed="11")]
    assert kinds(compare_figures(before, after)) == [("altered", "t01/r9c4")]


def test_a_number_that_became_legible_is_an_alteration_without_a_difference() -> None:
    [change] = compare_figures([figure("t01/r2c2", "a", None)], [figure("t01/r2c2", "a", "3")]).changes
    assert (change.kind, change.difference) == ("altered", None)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), max_size=12),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), max_size=12),
)
def test_every_figure_is_accounted_for_once(old: list[tuple[str, int]], new: list[tuple[str, int]]) -> None:
    before, after = (
        [figure(f"t01/r{row}c2", name, str(amount)) for row, (name, amount) in enumerate(rows)] for rows in (old, new)
    )
    comparison = compare_figures(before, after)
    removed, added = comparison.count("removed"), comparison.count("added")
    paired = comparison.same + len(comparison.changes) - removed - added
    assert (paired + removed, paired + added) == (len(before), len(after))


@pytest.mark.parametrize(
    ("file", "converter", "cause"),
    [("a", "2", "converter"), ("b", "1", "source"), ("b", "2", "source-and-converter"), ("a", "1", "words")],
)
def test_source_change_and_converter_change_are_told_apart(file: str, converter: str, cause: str) -> None:
    older, newer = (
        VersionRecord(f"v/{name}{by}", "", by, (SourceFile(f"id/file/{name}", "x.pdf"),), is_current=False)
        for name, by in (("a", "1"), (file, converter))
    )
    assert cause_of(older, newer) == cause
