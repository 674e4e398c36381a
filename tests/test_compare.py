"""The page `/compare`: sums of facts by two dimensions, as page and as data."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import openpyxl
import pyarrow.parquet as pq
import pytest
from pyoxigraph import RdfFormat, parse
from small_pages import HTML, get

import yusuan
from server.errors import ComparisonRefusedError
from server.pages.compare.request_parameters import parse_question, with_example
from server.pages.compare.slices import breakdowns, comparison_to_queries
from server.pages.compare.snippet import comparison_to_python, has_snippet

BASE = "https://w3id.org/yusuan/"


def rows_of(site: httpx2.Client, **parameters: str) -> list[dict[str, Any]]:
    response = site.get("/compare.json", params=parameters)
    assert response.status_code == 200, response.text
    rows: list[dict[str, Any]] = response.json()["rows"]
    return rows


def test_without_a_year_the_newest_is_compared_not_the_sum_of_all(site: httpx2.Client) -> None:
    answer = site.get("/compare.json", params={"rows": "function", "columns": "kind"}).json()
    assert ["year", "2024"] in answer["parameters"]
    assert answer["rows"] == rows_of(site, rows="function", columns="kind", year="2024") != []


@pytest.mark.parametrize(
    "parameters",
    [
        {"rows": "function", "columns": "year", "depth": "3"},
        {"rows": "kind", "columns": "year", "function": "201"},
        *(
            pytest.param(parameters, marks=pytest.mark.exhaustive)
            for parameters in (
                {"rows": "economic", "columns": "organisation", "year": "2024"},
                {"rows": "organisation", "columns": "year", "flow": "revenue"},
                {"rows": "organisation", "columns": "year"},
                {"rows": "function", "columns": "year"},
                {"rows": "function", "columns": "kind", "year": "2024"},
                {"rows": "organisation", "columns": "year", "function": "201"},
                {"rows": "fund", "columns": "year"},
            )
        ),
    ],
)
def test_sums_are_those_of_the_three_lines_of_python(
    site: httpx2.Client, pages_store: Path, parameters: dict[str, str]
) -> None:
    question = parse_question(list(parameters.items()))
    assert has_snippet(question)
    lines = comparison_to_python(question, str(pages_store)).splitlines()
    names: dict[str, Any] = {"yusuan": yusuan}
    exec("\n".join(lines[:2]), names)
    frame = eval(lines[2], names)
    computed = {
        tuple(str(row[axis]) for axis in question.axes): Decimal(str(round(row["amount"], 2)))
        for row in frame.to_dict("records")
        if row["amount"]
    }
    shown = {
        tuple(str(row[axis]) for axis in question.axes): Decimal(row["amount"]) for row in rows_of(site, **parameters)
    }
    assert shown == computed
    assert shown


def test_classes_add_up_to_the_total_that_is_printed(site: httpx2.Client) -> None:
    for depth in ("1", "3"):
        rows = rows_of(site, rows="function", columns="year", depth=depth, year="2024")
        assert sum(Decimal(row["amount"]) for row in rows) == Decimal("14835573.24")


def test_the_classes_under_a_code_add_up_to_it(site: httpx2.Client) -> None:
    [whole] = rows_of(site, rows="organisation", columns="year", function="201", year="2024")
    parts = rows_of(site, rows="function", columns="year", function="201", year="2024")
    assert {row["function"] for row in parts} == {"20101"}
    assert sum(Decimal(row["amount"]) for row in parts) == Decimal(whole["amount"])


def test_what_is_not_printed_in_full_has_no_sum_but_a_reason(site: httpx2.Client) -> None:
    rows = rows_of(site, rows="fund", columns="kind")
    assert rows == [] or all(row["amount"] is None and row["reason"].startswith("totals-") for row in rows)
    page = get(site, "/compare", rows="fund", columns="function")
    [gaps] = page.all("section", class_="gaps")
    assert "青山区人民代表大会常务委员会办公室2024年部门预算公开" in gaps.text
    assert not page.all("table", class_="pivot")


def test_an_office_with_one_fund_has_its_total_under_that_fund(site: httpx2.Client) -> None:
    rows = rows_of(site, rows="fund", columns="year")
    assert {(row["fund"], row["amount"]) for row in rows} == {("general-public", "14835573.24")}


def test_selected_expenses_are_listed_without_a_total(site: httpx2.Client) -> None:
    page = get(site, "/compare", rows="scope", columns="year")
    assert not page.all("tfoot")
    rows = {row["scope"]: row["amount"] for row in rows_of(site, rows="scope", columns="year")}
    assert rows["three-public"] == "160000"


def test_the_table_and_the_picture_show_the_same_amounts(site: httpx2.Client) -> None:
    page = get(site, "/compare", rows="function", columns="year", unit="yuan")
    shown = [cell.text for cell in page.one("table", class_="pivot").one("tbody").all("td")]
    assert "11,700,557.44" in shown
    drawn = site.get("/compare.svg", params={"rows": "function", "columns": "year", "unit": "yuan"}).text
    assert all(f": {amount}</title>" in drawn for amount in shown)


def test_a_figure_leads_to_where_it_is_printed(site: httpx2.Client) -> None:
    page = get(site, "/compare")
    address = page.one("table", class_="pivot").one("tbody").all("td")[0].one("a").attributes["href"]
    assert "14,835,573.24" in get(site, address).one("main").text


def test_downloads_hold_the_same_rows(site: httpx2.Client) -> None:
    parameters = {"rows": "function", "columns": "year"}
    expected = [(row["function"], row["year"], Decimal(row["amount"])) for row in rows_of(site, **parameters)]
    text = site.get("/compare.csv", params=parameters).text
    assert [
        (row["function"], int(row["year"]), Decimal(row["amount"])) for row in csv.DictReader(io.StringIO(text))
    ] == expected
    sheet = openpyxl.load_workbook(io.BytesIO(site.get("/compare.xlsx", params=parameters).content)).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    place = [header.index(name) for name in ("function", "year", "amount")]
    assert [(row[place[0]], row[place[1]], Decimal(str(row[place[2]]))) for row in rows] == expected
    table = pq.read_table(io.BytesIO(site.get("/compare.parquet", params=parameters).content))
    assert [(row["function"], row["year"], row["amount"]) for row in table.to_pylist()] == expected


def test_the_facts_behind_a_table_come_as_turtle(site: httpx2.Client) -> None:
    response = site.get("/compare.ttl")
    triples = list(parse(response.content, RdfFormat.TURTLE))
    assert {triple.object.value for triple in triples if triple.predicate.value.endswith("#amount")} == {"14835573.24"}


def test_the_query_shown_is_one_that_the_endpoint_answers(site: httpx2.Client) -> None:
    query = site.get("/compare.json", params={"year": "2024"}).json()["query"]
    response = site.get("/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
    bindings = json.loads(response.text)["results"]["bindings"]
    assert [row["amount"]["value"] for row in bindings] == ["14835573.24"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"rows": "line"},
        {"rows": "year", "columns": "year"},
        {"year": "24"},
        {"function": "1> . ?s ?p ?o"},
        {"depth": "9"},
        {"show": "all"},
    ],
)
def test_what_is_not_offered_is_refused_in_words(site: httpx2.Client, parameters: dict[str, str]) -> None:
    response = site.get("/compare", params=parameters, headers=HTML)
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    with pytest.raises(ComparisonRefusedError):
        parse_question(list(parameters.items()))


def test_a_refusal_names_values_that_can_be_given(site: httpx2.Client) -> None:
    for parameters, offered in (
        ({"unit": "fen"}, "wan, yuan"),
        ({"year": "24"}, "2024"),
        ({"rows": "year"} | {"columns": "year"}, "phase"),
    ):
        answer = site.get("/compare.csv", params=parameters)
        assert answer.status_code == 400
        assert offered in answer.text


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("organisation", "310107/1"),
        ("without", "310107/1"),
        ("division", "310107"),
        ("year", "2031"),
        ("kind", "project"),
    ],
)
def test_the_example_in_a_refusal_is_of_the_data(name: str, example: str) -> None:
    with pytest.raises(ComparisonRefusedError) as refused:
        parse_question([(name, "?")])
    assert with_example(refused.value, "310107/1", "2031").values["offered"] == example


def test_a_refused_office_is_told_an_office_that_has_a_disclosure(site: httpx2.Client) -> None:
    for address, name in (("/compare.csv", "organisation"), ("/compare", "without")):
        assert "可用的值如：420107/108。" in site.get(address, params={name: "洪山区"}).text


@pytest.mark.parametrize(("name", "unknown"), [("organisation", "420107/999"), ("without", "420107/1O8")])
def test_an_office_that_nobody_knows_is_refused(site: httpx2.Client, name: str, unknown: str) -> None:
    refused = site.get("/compare.json", params={name: unknown}, headers={"Accept": "*/*", "Accept-Language": "zh"})
    assert refused.status_code == 400
    assert refused.text.startswith(f"参数“{name}”不能是“{unknown}”。")
    assert unknown in site.get("/compare", params={name: unknown}).text


def test_a_known_office_and_a_division_without_disclosures_are_no_mistake(site: httpx2.Client) -> None:
    answer = site.get("/compare.json", params={"organisation": "420107/108", "division": "420107", "year": "1999"})
    assert (answer.status_code, answer.json()["rows"]) == (200, [])


def test_a_misspelt_limit_is_refused_as_data_and_ignored_on_the_page(site: httpx2.Client) -> None:
    for form in ("csv", "json", "ttl", "svg"):
        refused = site.get(f"/compare.{form}", params={"scop": "vehicles"})
        assert refused.status_code == 400
        assert "“scop”" in refused.text
        assert "scope" in refused.text
    assert site.get("/compare.csv", params={"scope": "vehicles", "lang": "zh", "bom": "1"}).status_code == 200
    page = site.get("/compare", params={"from": "singlemessage"}, headers=HTML)  # as a messenger adds it
    assert page.status_code == 200


def test_entries_without_a_total_are_named(site: httpx2.Client) -> None:
    page = site.get("/compare", params={"lang": "zh"}, headers=HTML).text
    assert "“年度”各项不能相加" in page
    assert "“部门（单位）”各项不能相加" not in page
    page = site.get("/compare", params={"rows": "scope", "columns": "year", "lang": "zh"}, headers=HTML).text
    assert "“专项费用”各项不能相加" in page
    shares = site.get("/compare", params={"rows": "scope", "columns": "year", "show": "share"}, headers=HTML).text
    assert "不能相加（" not in shares


def test_an_address_asks_the_same_question_again() -> None:
    given = [("rows", "function"), ("columns", "organisation"), ("year", "2023"), ("year", "2024"), ("kind", "basic")]
    question = parse_question(given)
    assert parse_question(question.parameters()) == question


def test_items_printed_for_one_fund_stand_in_for_those_of_all() -> None:
    question = parse_question([("scope", "vehicles")])
    assert breakdowns(["scope"], question) == ["scope", "fund-scope"]
    assert breakdowns(["fund", "function"], parse_question([("fund", "general-public")])) == [
        "function",
        "fund-function",
    ]


def test_economic_classes_stand_within_basic_expenditure() -> None:
    queries = comparison_to_queries(parse_question([("rows", "economic")]), BASE)
    assert '"economic-kind"' in queries.parts
    assert f"<{BASE}code/kind/basic>" in queries.parts
    assert queries.wholes is not None
    assert 'VALUES ?breakdown { "kind" }' in queries.wholes
