"""The table behind each kind of page, as CSV, as a workbook and as data."""

import csv
import io
from decimal import Decimal

import httpx2
import pytest
from openpyxl import load_workbook
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from small_pages import Published, doc, get, objects

from server.pages.data import home
from server.pages.tables import resources
from server.pages.tables.statements import statements_to_rows

OFFICE = "420107/108"


def read(site: httpx2.Client, address: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the site."""
    response = site.get(address, follow_redirects=True)
    assert response.status_code == 200, (address, response.text)
    assert response.headers["content-type"].startswith("text/csv"), address
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_every_kind_of_page_has_a_table(site: httpx2.Client, pages: Published) -> None:
    version = doc(pages.current.version)
    [point, *_] = objects(pages.current, "point").values()
    [series, *_] = objects(pages.current, "series").values()
    [coordinates, *_] = objects(pages.current, "coordinates").values()
    history = f"/history/{version.removeprefix('/doc/').partition('/v/')[0]}"
    older, newer = pages.misprinted.version[-16:], pages.current.version[-16:]
    expected = {
        "/disclosures": "disclosure",
        "/catalogue": "disclosure",
        "/rules": "rule",
        "/def": "term",
        "/prefixes": "subject",
        "/code/fund": "concept",
        "/code/function/201": "organisation",
        "/code/division/420107": "subject",
        f"/doc/org/{OFFICE}": "fact",
        f"{version}/t05/r4c3": "claim",
        f"{version}/coverage": "table",
        doc(point): "claim",
        doc(series): "claim",
        doc(coordinates): "claim",
        history: "version",
        history.replace("/history/", "/diff/") + f"/{older}/{newer}": "change",
    }
    for address, first in expected.items():
        rows = read(site, f"{address}.csv")
        assert rows, address
        assert first in rows[0], address
        assert site.get(f"{address}.xlsx").content.startswith(b"PK"), address
        assert site.get(f"{address}.json").json(), address
        page = get(site, "/" if address == "/disclosures" else address)
        assert {f"{address}.csv", f"{address}.xlsx"} <= {link.partition("?")[0] for link in page.links}, address


def test_a_list_of_disclosures_is_filtered_as_its_page_is(indexed_site: httpx2.Client, pages: Published) -> None:
    page = get(indexed_site, "/?year=2023&sort=title")
    assert "/disclosures.csv?year=2023&sort=title&bom=1" in page.links
    [row] = read(indexed_site, "/disclosures.csv?year=2023&sort=title")
    assert row["version"] == pages.earlier.version
    assert row["disclosure"] == f"420107/2023/budget/{OFFICE[-3:]}"
    assert int(row["figures"]) > 500
    [plain] = indexed_site.get("/disclosures.json?year=2023").json()["rows"]
    assert plain["violation"] == int(row["violation"])
    described = parse(indexed_site.get("/disclosures.ttl?year=2023").content, RdfFormat.TURTLE)
    assert NamedNode(pages.earlier.version) in {quad.subject for quad in described}
    assert indexed_site.get("/disclosures.parquet").status_code == 404
    assert indexed_site.get("/disclosures.csv?verdict=unknown").status_code == 404
    assert indexed_site.get("/disclosures.csv?year=20x4").status_code == 404


def test_figures_of_a_table_are_those_of_the_page(site: httpx2.Client, pages: Published) -> None:
    figure = f"{doc(pages.current.version)}/t05/r4c3"
    [row] = read(site, f"{figure}.csv")
    assert row["printed"] in get(site, figure).one("h1").text
    assert Decimal(row["amount"]) == Decimal(row["printed"].replace(",", ""))
    assert (row["year"], row["phase"], row["table"]) == ("2024", "budget", "5")


def test_search_results_are_a_workbook_and_statements_too(indexed_site: httpx2.Client) -> None:
    found = read(indexed_site, "/search.csv?q=30216")
    sheet = load_workbook(io.BytesIO(indexed_site.get("/search.xlsx?q=30216").content), read_only=True).active
    assert sheet is not None
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [row["iri"] for row in found]
    named = {quad.subject.value for quad in parse(indexed_site.get("/search.ttl?q=30216").content, RdfFormat.TURTLE)}
    assert named == {row["iri"] for row in found}
    assert indexed_site.get("/search.parquet?q=30216").status_code == 404


def test_answers_about_purchases_lead_to_their_query_and_describe_what_they_name(site: httpx2.Client) -> None:
    question = "question=what-became-of-each-procurement-line"
    assert site.get(f"/purchases.json?{question}", follow_redirects=True).json()["head"]["vars"]
    assert site.get(f"/purchases.ttl?{question}").status_code == 200
    assert site.get("/purchases.csv?question=none").status_code == 404
    assert read(site, "/links.csv") == []


def test_statements_are_named_in_both_languages_and_names_are_no_rows() -> None:
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    thing, other, property_ = (NamedNode(f"https://example.org/{name}") for name in ("a", "b", "p"))
    triples = [
        Triple(thing, property_, other),
        Triple(thing, label, Literal("甲", language="zh")),
        Triple(other, label, Literal("B", language="en")),
        Triple(other, property_, Literal("1")),
    ]
    rows = list(statements_to_rows(triples, thing.value))
    assert [(row["value"], row["value_name_en"], row["language"]) for row in rows] == [
        (other.value, "B", None),
        ("甲", None, "zh"),
    ]
    assert rows[0]["subject_name"] == "甲"
    assert [row["value"] for row in statements_to_rows(triples)] == [other.value, "1"]


def test_a_list_that_is_too_long_for_a_file_is_refused_and_not_cut(
    indexed_site: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = ("/disclosures.csv", "/doc/project/42010724108T000000100.csv")
    for address in addresses:
        assert len(read(indexed_site, address)) > 1
    monkeypatch.setattr(home, "MOST_LISTED", 1)
    monkeypatch.setattr(resources, "MOST_FIGURES", 1)
    for language, address in zip(("zh", "en"), addresses, strict=True):
        refused = indexed_site.get(f"{address}?lang={language}")
        assert refused.status_code == 422, address
        assert "1" in refused.text
