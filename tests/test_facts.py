"""Facts: money counted once. Every sum by one filter is what the document prints as the whole, or is refused."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from claims import DISCLOSURE, claim, context_of
from small_disclosures import example

from converters import Conversion, Observation, conversion_to_fact_rows
from converters.cube.facts import Fact, find_facts
from converters.cube.points import find_points
from converters.model.iris import NARRATIVE
from ontology.tabular.published_columns import FACTS
from server.exports.table_files import table_to_bytes
from yusuan import ArgumentError, TotalsError, convert, totals
from yusuan.frames import rows_to_frame

OFFICE = claim("0").coordinates["organisation"]


def facts(*claims: Observation, phase: str = "code/phase/budget") -> list[Fact]:
    context = context_of()
    return find_facts(find_points(claims, DISCLOSURE, context), OFFICE, 2024, phase, context)


def fact_of(one: Observation, *others: Observation) -> Fact:
    return next(fact for fact in facts(one, *others) if one in fact.claims)


# ── Marks ───────────────────────────────────────────────────────────────────────────────────────


def test_a_total_is_the_years_where_nothing_is_printed_apart() -> None:
    fact = fact_of(claim("9", flow="expenditure"))
    assert (fact.basis, fact.coordinates["kind"], fact.breakdown_name) == ("year", "code/kind/this-year", "total")


def test_a_total_beside_this_years_money_is_of_all_years() -> None:
    kept = claim("1", kind="carried-forward"), claim("8", kind="this-year")
    assert fact_of(claim("9"), *kept).basis == "all"
    assert fact_of(kept[0], kept[1], claim("9")).basis == "all"
    assert fact_of(kept[1], kept[0], claim("9")).basis == "year"


def test_a_breakdown_names_the_dimensions_in_which_a_fact_is_a_part() -> None:
    fact = fact_of(claim("9", kind="basic", function="201"), claim("1", kind="project", function="201"))
    assert (fact.breakdown_name, fact.depths["function"], fact.depths["kind"]) == ("function-kind", 1, 1)


def test_the_only_fund_of_an_office_is_the_fund_of_its_total() -> None:
    assert fact_of(claim("9", fund="general-public")).fund_only == "code/fund/general-public"


def test_an_office_with_two_funds_has_a_total_of_no_fund() -> None:
    funds = claim("5", fund="general-public"), claim("4", fund="own")
    assert fact_of(claim("9"), *funds).fund_only == "code/fund/total"
    assert fact_of(funds[0], funds[1], claim("9")).fund_only == "code/fund/general-public"


def test_the_claim_of_a_table_goes_before_a_finer_one_of_the_text() -> None:
    printed = claim("900000", table="t01", precision="50")
    told = claim("900012.34", table=NARRATIVE, precision="0.005")
    fact = fact_of(printed, told)
    assert (fact.claim, fact.source, fact.agree) == (printed, "table", True)


def test_claims_that_contradict_each_other_do_not_agree() -> None:
    assert not fact_of(claim("9", table="t01"), claim("8", table="t03")).agree


def test_parts_add_if_they_make_up_the_whole() -> None:
    parts = claim("4", function="201"), claim("5", function="208")
    assert all(fact.adds for fact in facts(claim("9"), *parts))
    assert [fact.adds for fact in facts(claim("10"), *parts)] == [True, False, False]


def test_parts_of_which_some_are_not_printed_do_not_add() -> None:
    assert not fact_of(claim("4", scope="three-public"), claim("9")).adds


def office_and_unit(*claims: Observation) -> list[Fact]:
    context = context_of("108001", "108002")
    return find_facts(find_points(claims, DISCLOSURE, context), OFFICE, 2024, "code/phase/budget", context)


def test_projects_that_are_printed_with_their_units_alone_are_those_of_the_department() -> None:
    projects = (
        claim("4", kind="project", project="31", organisation="108001"),
        claim("5", kind="project", project="32", organisation="108002"),
    )
    apart = office_and_unit(claim("9", kind="project"), claim("20"), *projects)
    assert [(f.own, f.adds) for f in apart if f.claim in projects] == [(True, True)] * 2
    wrong = office_and_unit(claim("8", kind="project"), claim("20"), *projects)
    assert [(f.own, f.adds) for f in wrong if f.claim in projects] == [(True, False)] * 2


def test_a_project_that_the_department_prints_too_is_not_counted_again_with_its_unit() -> None:
    unit, department = (claim("9", kind="project", project="31", organisation=o) for o in ("108001", "108"))
    both = office_and_unit(claim("9", kind="project"), claim("20"), unit, department)
    assert {f.claim: f.own for f in both if f.claim in (unit, department)} == {unit: False, department: True}


# ── Sums ────────────────────────────────────────────────────────────────────────────────────────

FILTERS: Mapping[str, tuple[dict[str, str], tuple[str, ...], int]] = {
    "expenditure": ({"flow": "expenditure"}, ("year",), 1),
    "revenue": ({"flow": "revenue"}, ("year",), 1),
    "expenditure of the general public budget": ({"flow": "expenditure", "fund_only": "general-public"}, ("year",), 1),
    "function at depth 1": ({"flow": "expenditure"}, ("function",), 1),
    "function at depth 2": ({"flow": "expenditure"}, ("function",), 2),
    "function at depth 3": ({"flow": "expenditure"}, ("function",), 3),
    "function by kind, depth 1": ({"flow": "expenditure"}, ("function", "kind"), 1),
    "function by kind, depth 3": ({"flow": "expenditure"}, ("function", "kind"), 3),
    "function of one fund": ({"flow": "expenditure", "fund_only": "general-public"}, ("function",), 3),
    "kind": ({"flow": "expenditure"}, ("kind",), 1),
    "kind of one fund": ({"flow": "expenditure", "fund_only": "general-public"}, ("kind",), 1),
    "kind at depth 2": ({"flow": "expenditure"}, ("kind",), 2),
    "economic class": ({"flow": "expenditure", "kind": "basic"}, ("economic",), 1),
    "economic class of one fund": (
        {"flow": "expenditure", "kind": "basic", "fund_only": "general-public"},
        ("economic",),
        2,
    ),
    "fund of revenue": ({"flow": "revenue"}, ("fund",), 1),
    "fund of expenditure": ({"flow": "expenditure"}, ("fund",), 1),
    "project": ({"flow": "expenditure"}, ("project",), 1),
    "project in its category": ({"flow": "expenditure"}, ("project",), 2),
    "category of projects within project expenditure": ({"flow": "expenditure", "kind": "project"}, ("project",), 1),
    "project within project expenditure": ({"flow": "expenditure", "kind": "project"}, ("project",), 2),
    "project of one fund": ({"flow": "expenditure", "kind": "project", "fund_only": "general-public"}, ("project",), 2),
    "function at depth 1 of a kind": ({"flow": "expenditure", "kind": "project"}, ("function",), 1),
    "vintage of revenue": ({"flow": "revenue"}, ("vintage",), 1),
    "three public expenses": ({"flow": "expenditure", "scope": "three-public"}, ("year",), 1),
    "three public expenses of one fund": (
        {"flow": "expenditure", "scope": "three-public", "fund_only": "general-public"},
        ("year",),
        1,
    ),
}


SELDOM_PRINTED = ("category of projects", "project within", "project of", "vintage", "function at depth 1 of a kind")
"""Filters whose parts most disclosures do not print."""


def printed_wholes(conversion: Conversion, narrow: Mapping[str, str]) -> list[Observation]:
    """The figures that are printed for the whole of a filter, found without points or facts."""
    tops = {name: d.top for name, d in conversion.vocabulary.dimensions.items() if d.top is not None}
    claims = conversion.content
    own = {
        "organisation": claims.organisation,
        "year": str(claims.year),
        "phase": claims.phase,
        "measure": "def#amount",
    }
    asked = {d: f"code/{d}/{c}" for d, c in narrow.items() if d != "fund_only"}
    asked |= {"fund": f"code/fund/{narrow['fund_only']}"} if "fund_only" in narrow else {}
    year_dimension, of_year = ("vintage", "current") if narrow["flow"] == "revenue" else ("kind", "this-year")
    funds = ["total", "fiscal", "general-public"] if "scope" in asked else ["total"]
    for concept, fund in product((of_year, "total"), funds):
        time = {} if year_dimension in asked else {year_dimension: f"code/{year_dimension}/{concept}"}
        of_fund = {} if "fund" in asked and "scope" not in asked else {"fund": f"code/fund/{fund}"}
        whole = tops | own | time | asked | of_fund
        found = [o for o in claims.observations if o.coordinates == whole]
        if found:
            return found
    return []


def sums(conversion: Conversion) -> Iterator[tuple[str, Decimal | None, list[Observation]]]:
    """Each filter with its sum, None if it is refused, and the printed wholes."""
    frame = rows_to_frame(FACTS, conversion_to_fact_rows(conversion))
    for name, (narrow, by, depth) in FILTERS.items():
        rows = frame
        for column, value in narrow.items():
            rows = rows[rows[column] == value]
        try:
            sum_ = Decimal(str(round(totals(rows, by=by, depth=depth).amount.sum(), 2)))
        except TotalsError as error:
            assert_told(error)
            sum_ = None
        yield name, sum_, printed_wholes(conversion, narrow)


def assert_told(error: TotalsError) -> None:
    """The reason is told in both languages."""
    assert error.text("zh") != error.text("en") == str(error)


def right(sum_: Decimal, wholes: Sequence[Observation]) -> bool:
    """Whether a sum is one of the printed wholes; parts are rounded as the whole is, up to thirty of them."""
    return any(o.amount is not None and abs(o.amount - sum_) <= 30 * o.precision for o in wholes)


def test_sums_over_the_facts_of_the_example_are_those_it_prints() -> None:
    told = list(sums(example()))
    given = {name: sum_ for name, sum_, wholes in told if sum_ is not None and right(sum_, wholes)}
    refused = {name for name, sum_, _ in told if sum_ is None}
    assert given.keys() | refused == FILTERS.keys()
    assert refused == {
        "kind at depth 2",
        "vintage of revenue",
        "project",
        "project in its category",
    }
    assert given["function at depth 3"] == given["function by kind, depth 3"] == Decimal("14835573.24")
    assert given["economic class"] == Decimal("14240573.24")
    assert given["three public expenses"] == 160000
    assert given["fund of revenue"] == given["fund of expenditure"] == Decimal("14835573.24")
    assert given["project within project expenditure"] == given["project of one fund"] == 595000


def test_no_point_of_the_cube_has_two_facts() -> None:
    places = Counter(frozenset(fact.coordinates.items()) for fact in example().facts)
    assert max(places.values()) == 1


@pytest.mark.material
def test_no_sum_over_real_disclosures_is_wrong(material: Path) -> None:
    told = Counter[str]()
    for files in disclosures(material):
        [conversion] = convert(*files, together=True).conversions
        for name, sum_, wholes in sums(conversion):
            if sum_ is not None:
                assert right(sum_, wholes), f"{files[0].name}: {name} {sum_}"
            if not name.startswith(SELDOM_PRINTED):
                told["given" if sum_ is not None else "refused"] += 1
    assert told["given"] > 2 * told["refused"]


def disclosures(material: Path) -> Iterator[list[Path]]:
    """The files of each disclosure; those of one have a name in common."""
    files = sorted(path for path in (material / "disclosures").iterdir() if path.suffix in (".pdf", ".txt"))
    for _, parts in groupby(files, lambda path: path.stem.removesuffix("-narrative").removesuffix("-tables")):
        yield list(parts)


# ── What is refused ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return rows_to_frame(FACTS, conversion_to_fact_rows(example()))


def test_revenue_and_expenditure_are_not_added(frame: pd.DataFrame) -> None:
    with pytest.raises(TotalsError, match="flow"):
        totals(frame, by=["year"])
    assert list(totals(frame, by=["flow", "year"]).amount) == [14835573.24, 14835573.24]


def test_a_department_and_its_unit_are_not_added(frame: pd.DataFrame) -> None:
    unit = frame.assign(level="unit", disclosure=frame.disclosure + "/unit")
    both = pd.concat([frame, unit])
    with pytest.raises(TotalsError, match="includes the money of its units"):
        totals(both[both.flow == "expenditure"], by=["year"])


def test_the_money_of_an_office_with_one_fund_counts_under_it(frame: pd.DataFrame) -> None:
    received = frame[frame.flow == "revenue"]
    [row] = totals(received, by=["year", "fund"]).to_dict("records")
    assert (row["fund"], row["fund_name_en"]) == ("general-public", "general public budget")
    assert row["amount"] == 14835573.24


def test_classes_have_their_names_in_the_language_asked_for(frame: pd.DataFrame) -> None:
    spent = totals(frame[frame.flow == "expenditure"], by=["year", "kind"], lang="zh")
    assert list(spent.columns) == ["year", "kind", "kind_name", "amount"]
    assert dict(zip(spent.kind_name, spent.amount, strict=True)) == {"基本支出": 14240573.24, "项目支出": 595000.0}


# ── What cannot be added up ─────────────────────────────────────────────────────────────────────


def frame_of(*changes: Mapping[str, Any]) -> pd.DataFrame:
    """The expenditure of the example, once for each change, with these values in all rows."""
    whole = rows_to_frame(FACTS, conversion_to_fact_rows(example()))
    frames: list[pd.DataFrame] = [whole[whole.flow == "expenditure"].assign(**change) for change in changes]
    return pd.concat(frames)


def test_a_department_and_a_unit_without_codes_are_not_added_up() -> None:
    unit = {"organisation": "420107/f2e95b139c15a2bb", "level": "unit", "disclosure": "another"}
    with pytest.raises(TotalsError, match="level"):
        totals(frame_of({}, unit), by=["year"])
    elsewhere = unit | {"organisation": "420111/f2e95b139c15a2bb"}
    assert totals(frame_of({}, elsewhere), by=["year"]).amount.sum() == 2 * 14_835_573.24


def test_offices_without_an_english_name_are_counted() -> None:
    nameless = {"organisation": "420111/108", "organisation_name_en": None, "disclosure": "another"}
    by_name = totals(frame_of({}, nameless), by=["organisation_name_en"])
    assert list(by_name.amount) == [14_835_573.24] * 2


@pytest.mark.parametrize("column", ["function_name", "function_depth", "fund_only", "functions", "page"])
def test_a_column_that_is_no_key_is_refused_with_those_that_are(column: str) -> None:
    with pytest.raises(TotalsError, match="function, ") as refused:
        totals(frame_of({}), by=[column])
    assert column in refused.value.text("zh")


def test_three_public_expenses_printed_for_one_fund_count_beside_those_of_all_funds() -> None:
    frame = frame_of({})
    assert totals(frame, by="scope", depth=2).set_index("scope").amount["three-public"] == 160_000
    of_fund = frame.assign(breakdown=frame.breakdown.where(frame.scope != "three-public", "fund-scope"))
    assert totals(of_fund, by="scope", depth=2).equals(totals(frame, by="scope", depth=2))


# ── Arguments ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"lang": "fr"}, "lang.*zh, en"),
        ({"by": 2024}, "by.*name of a column"),
        ({"by": ["function"], "depth": "1"}, "depth.*whole number"),
        ({"by": ["function"], "depth": 0}, "depth.*whole number"),
        ({"by": ["function"], "depth": {"kind": 1}}, "depth.*kind.*function"),
    ],
)
def test_a_wrong_argument_is_named_with_what_may_be_given(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(ArgumentError, match=told) as refused:
        totals(frame_of({}), **arguments)
    assert refused.value.text("zh") != str(refused.value)


def test_what_is_no_frame_of_facts_is_refused() -> None:
    with pytest.raises(ArgumentError, match="frame of facts"):
        totals([1, 2])  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="lacks the columns own"):
        totals(frame_of({}).drop(columns="own"))
    with pytest.raises(ArgumentError, match=r"own, year,.* hold text"):
        totals(frame_of({}).astype(str))


def test_a_frame_read_from_the_csv_gives_the_sums_of_the_conversion(tmp_path: Path) -> None:
    rows = list(conversion_to_fact_rows(example()))
    for form in ("csv", "parquet"):
        file = tmp_path / f"facts.{form}"
        file.write_bytes(table_to_bytes(FACTS, rows, form))
        frame = pd.read_csv(file) if form == "csv" else pd.read_parquet(file)
        spent = totals(frame[frame.flow == "expenditure"], by=["year", "kind"])
        assert list(spent.amount) == [14240573.24, 595000.0]


def test_a_refusal_names_the_filter_that_helps(frame: pd.DataFrame) -> None:
    spent = frame[frame.flow == "expenditure"]
    with pytest.raises(TotalsError, match='flow == "expenditure"'):
        totals(frame, by=["year"])
    with pytest.raises(TotalsError, match=r"function-kind 1/1.*general-public"):
        totals(spent, by=["project"])
