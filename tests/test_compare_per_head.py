"""`/compare`: amounts for each member of staff or vehicle, and years that are chosen without being an axis."""

from decimal import Decimal
from urllib.parse import urlencode

import httpx2
from small_pages import get

from ontology import DEFAULT_BASE
from server.charts.pivot import PivotEntry, make_pivot
from server.pages.compare.per_head import amount_per_count, count_of_cell
from server.pages.compare.request_parameters import parse_question

BUDGET = f"{DEFAULT_BASE}code/phase/budget"


def test_amounts_are_divided_by_the_staff_that_an_office_states(site: httpx2.Client) -> None:
    parameters = {"scope": "vehicles", "show": "per-head", "unit": "yuan", "year": "2024"}
    page = get(site, f"/compare?{urlencode(parameters)}")
    assert [cell.text for cell in page.one("table", class_="pivot").one("tbody").all("td")] == ["5,172.41"]
    assert ": 5,172.41</title>" in site.get("/compare.svg", params=parameters).text
    [row] = site.get("/compare.json", params=parameters).json()["rows"]
    assert (row["amount"], row["count"], row["amount_per_count"]) == ("150000", 29, "5172.41")
    [row] = site.get("/compare.json", params=parameters | {"show": "per-vehicle"}).json()["rows"]
    assert (row["count"], row["amount_per_count"]) == (5, "30000")


def test_the_questions_of_the_page_lead_to_answers(site: httpx2.Client) -> None:
    questions = get(site, "/compare").one("ul", class_="questions").all("a")
    assert len(questions) == 5
    for question in questions:
        assert get(site, question.attributes["href"]).all("table", class_="pivot"), question.text


def test_an_office_that_does_not_state_its_staff_has_no_amount_per_head() -> None:
    question = parse_question([("show", "per-head"), ("rows", "division"), ("columns", "year")])
    entries = [PivotEntry("a", "2024", f"fact-{office}", Decimal(600), office) for office in ("x", "y")]
    pivot = make_pivot([*entries, PivotEntry("b", "2024", "fact-z", Decimal(50), "z")])
    counts = {("x", "2024", BUDGET): Decimal(10), ("y", "2024", BUDGET): Decimal(20), ("z", "2023", BUDGET): Decimal(5)}
    assert amount_per_count(pivot, question, counts, DEFAULT_BASE, "a", "2024") == 40
    assert amount_per_count(pivot, question, counts, DEFAULT_BASE, "b", "2024") is None
    assert count_of_cell(pivot, question, counts, DEFAULT_BASE, "b", "2023") is None


def test_money_of_two_chosen_years_is_not_added(site: httpx2.Client) -> None:
    parameters = [("rows", "function"), ("columns", "kind"), ("year", "2023"), ("year", "2024")]
    answer = site.get(f"/compare.json?{urlencode(parameters)}").json()
    assert [value for name, value in answer["parameters"] if name == "year"] == ["2024"]
    newest = site.get(f"/compare.json?{urlencode([*parameters[:2], parameters[-1]])}").json()
    assert answer["rows"] == newest["rows"] != []
    page = get(site, "/compare?rows=function&columns=kind&year=2023&year=2024")
    warning = page.one("p", role="status")
    assert "2023" in warning.text
    by_year = get(site, warning.one("a").attributes["href"])
    assert [head.text for head in by_year.one("table", class_="pivot").one("thead").all("th")][1:] == ["2023", "2024"]
