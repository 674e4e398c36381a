"""The query page: a form that works without a script, and results as a table."""

import httpx2
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
    page = get(site, "/query", query="SELECT * { ?s ?p ?o }")
    assert page.one("table", class_="results").all("td")
    assert get(site, "/query", query="CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }").all("td")


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
