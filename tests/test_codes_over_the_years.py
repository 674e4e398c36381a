"""One function through its renaming, and a whole class of spending from its first year to its last."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from small_disclosures import convert, table

import ontology
from converters import Conversion, DocumentError, convert_file
from ontology import load_vocabulary
from ontology.example_queries import read_example

EXAMPLES = Path(ontology.__file__).parent / "examples"
FUNCTION = EXAMPLES / "what-was-a-function-called-and-given-each-year.ttl"
CLASS = EXAMPLES / "how-does-a-whole-class-run-over-the-years.ttl"
TITLE = "一般公共预算支出表"
ROWS = """科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
208 | 社会保障和就业支出 | {total} | {total} |
20805 | {name} | {total} | {total} |
2080501 | 行政单位离退休 | {one} | {one} |
2080599 | 其他{name} | {other} | {other} |
 | 合计 | {total} | {total} |"""
YEARS = {
    2017: ("行政事业单位离退休", 10, 1),
    2018: ("行政事业单位离退休", 20, 2),
    2024: ("行政事业单位养老支出", 30, 3),
    2026: ("行政事业单位养老支出", 40, 4),
}


def store_with(conversions: Iterable[Conversion]) -> ox.Store:
    """The vocabulary, and every conversion as the current version of its disclosure."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in load_vocabulary().triples)
    for conversion in conversions:
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in (*conversion.triples, *conversion.catalogue()))
    return store


def ask(store: ox.Store, query: Path) -> list[dict[str, str]]:
    solutions = store.query(read_example(query))
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: getattr(row[name], "value", "") for name in names} for row in solutions]


@pytest.fixture(scope="module")
def years() -> ox.Store:
    return store_with(
        convert(table(5, TITLE, ROWS.format(name=name, total=one + other, one=one, other=other), year=year))
        for year, (name, one, other) in YEARS.items()
    )


def test_a_function_is_followed_through_its_renaming(years: ox.Store) -> None:
    assert [(row["year"], row["code"], row["printedName"], row["yuan"]) for row in ask(years, FUNCTION)] == [
        (str(year), "20805", name, str(one + other)) for year, (name, one, other) in YEARS.items()
    ]


def test_a_whole_class_is_added_up_from_its_items_in_every_year(years: ox.Store) -> None:
    assert [(row["year"], row["items"], row["yuan"]) for row in ask(years, CLASS)] == [
        (str(year), "2", str(one + other)) for year, (_, one, other) in YEARS.items()
    ]


@pytest.mark.material
def test_real_disclosures_of_2017_to_2026_are_followed(material: Path) -> None:
    conversions = []
    for path in sorted((material / "disclosures").iterdir()):
        try:
            conversions.append(convert_file(path))
        except DocumentError:  # the half of a disclosure that has no tables
            continue
    store = store_with(conversions)
    names = {(row["printedName"], row["year"]) for row in ask(store, FUNCTION)}
    assert names == {
        *(("行政事业单位离退休", year) for year in ("2017", "2018")),
        *(("行政事业单位养老支出", year) for year in ("2024", "2025", "2026")),
    }
    printed = {
        o.amount
        for conversion in conversions
        for o in conversion.observations
        if o.coordinates["function"] == "code/function/208" and o.coordinates["fund"] == "code/fund/general-public"
        if o.coordinates["kind"] == "code/kind/this-year" and o.row_code
    }
    added = ask(store, CLASS)
    assert len(added) > 10
    assert {Decimal(row["yuan"]) for row in added} >= printed
