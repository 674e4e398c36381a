"""The query page: a form that works without a script, and results as a table."""

import io
import re
from decimal import Decimal

import httpx2
import pyarrow.parquet as pq
import pytest
from small_pages import get


def test_the_form_works_without_a_script(site: httpx2.Client) -> None:
    page = get(site, "/sparql")
    form = page.one("main").one("form")
    assert (form.attributes["action"], form.attributes["method"]) == ("/query", "get")
    download = next(b for b in form.all("button") if "formaction" in b.attributes)
    query = page.one("textarea").text
    assert get(site, form.attributes["action"], query=query).one("table", class_="results").all("td")
    for option in form.one("select").all("option")[:4]:
        parameters = {"query": query, "format": option.attributes["value"]}
        assert site.get(download.attributes["formaction"], params=parameters).status_code == 200


def test_results_link_to_pages_and_end_at_a_limit(site: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.pages.data.query.MOST_ROWS", 3)
    page = get(site, "/query", query="SELECT ?s ?o { ?s a ?o } ORDER BY ?s LIMIT 50")
    table = page.one("table", class_="results")
    assert len(table.all("tr")) == 4
    assert any(a.attributes["href"].startswith("/code/") for a in table.all("a"))
    assert "3" in page.one("section").text
    assert get(site, "/query", query="ASK { ?s ?p ?o }").one("p", class_="ask").text == "是"
    described = get(site, "/query", query="CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 5")
    assert [th.text for th in described.one("table", class_="results").all("th")] == ["subject", "predicate", "object"]
    assert get(site, "/query", query="SELECT ?s { ?s a <urn:x> }").all("p", class_="empty")


def test_a_long_answer_is_cut_where_it_can_still_be_read(site: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.pages.data.query.MOST_BYTES", 1000)
    page = get(site, "/query", query="SELECT * { ?s ?p ?o } LIMIT 500")
    assert page.one("table", class_="results").all("td")
    assert get(site, "/query", query="CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 500").all("td")


@pytest.mark.parametrize(
    ("query", "status"), [("SELECT", 400), ("DELETE WHERE { ?s ?p ?o }", 403), ("SELECT * { SERVICE ?s { } }", 403)]
)
def test_a_wrong_query_stays_in_the_form_with_what_is_wrong(site: httpx2.Client, query: str, status: int) -> None:
    page = get(site, "/query", status, query=query)
    assert page.one("textarea").text == query
    assert page.one("p", role="alert").text


def test_a_literal_in_the_results_cannot_become_mark_up(site: httpx2.Client) -> None:
    page = get(site, "/query", query='SELECT ("<script>x</script>" AS ?a) (<javascript:x> AS ?b) { }')
    [a, b] = page.one("table", class_="results").all("td")
    assert a.text == "<script>x</script>"
    assert b.all("a") == []


def test_an_example_takes_its_parameters_in_a_form_and_in_its_address(site: httpx2.Client) -> None:
    page = get(site, "/query/how-do-departments-compare")
    form = page.one("form", class_="parameters")
    assert (form.attributes["action"], form.attributes["method"]) == ("/query/how-do-departments-compare", "get")
    fields = {field.attributes["name"]: field.attributes["value"] for field in form.all("input")}
    assert fields == {"year": "2024", "phase": "budget", "language": "zh"}
    assert page.one("table", class_="results").all("td")
    assert get(site, form.attributes["action"], year="1999").all("p", class_="empty")
    anywhen = get(site, form.attributes["action"], year="", language="zh")
    assert any("人员经费" in td.text for td in anywhen.one("table", class_="results").all("td"))
    assert "UNDEF" in anywhen.one("textarea").text


def test_a_value_that_does_not_fit_stays_in_the_form_with_what_is_wrong(site: httpx2.Client) -> None:
    page = get(site, "/query/how-do-departments-compare", 400, year='2024" } #')
    assert page.one("form", class_="parameters").all("input")[0].attributes["value"] == '2024" } #'
    assert "2024" in page.one("p", class_="violation").text
    refused = site.get("/query/how-do-departments-compare.csv", params={"year": "x"}, headers={"Accept-Language": "en"})
    assert refused.status_code == 400
    assert "“x” cannot be the value of the parameter year (year). Four digits" in refused.text


def test_a_parameter_that_an_example_does_not_have_is_refused_with_those_that_it_has(site: httpx2.Client) -> None:
    address, english = "/query/how-do-departments-compare", {"Accept-Language": "en"}
    refused = site.get(f"{address}.csv", params={"years": "2024"}, headers=english)
    assert refused.status_code == 400
    assert "has no parameter “years”. Its parameters: year, phase, language." in refused.text
    page = get(site, address, 400, years="2024", lang="en")
    assert "Its parameters: year, phase, language." in page.one("p", class_="violation").text
    assert get(site, address, lang="en").one("table", class_="results").all("td")


def test_results_of_an_example_come_in_each_format(site: httpx2.Client) -> None:
    address = "/query/how-do-departments-compare"
    offered = get(site, address, year="2024", language="zh").one("p", class_="download").all("a")
    assert [a.text for a in offered] == ["CSV", "JSON", "PARQUET", "TSV", "XLSX", "XML"]
    answers = {a.text: site.get(a.attributes["href"]) for a in offered}
    assert all(answer.status_code == 200 for answer in answers.values())
    rows = answers["JSON"].json()["results"]["bindings"]
    read = pq.read_table(io.BytesIO(answers["PARQUET"].content)).to_pylist()
    assert [(row["kindName"], row["yuan"]) for row in read] == [
        (row["kindName"]["value"], Decimal(row["yuan"]["value"])) for row in rows
    ]
    assert len(answers["CSV"].text.splitlines()) == len(rows) + 1
    assert Decimal("14835573.24") in {row["yuan"] for row in read}
    assert site.get("/query/no-such-question.csv").status_code == 404


def test_an_example_agrees_with_the_page_of_the_office(site: httpx2.Client) -> None:
    asked = site.get("/query/how-much-goes-to-each-class.json", params={"office": "420107/108", "year": "2024"})
    told = {row["classCode"]["value"]: row["yuan"]["value"] for row in asked.json()["results"]["bindings"]}
    office = get(site, "/doc/org/420107/108")
    figures = [td.text.replace(",", "") for td in office.all("td", class_="figure")]
    printed = {Decimal(text) for text in figures if re.fullmatch(r"-?[0-9.]+", text)}
    assert told["201"] == "11700557.44"
    assert {Decimal(yuan) for yuan in told.values()} <= printed | {Decimal(0)}
