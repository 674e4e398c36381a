"""The history of a disclosure and the comparison of two of its versions, over HTTP."""

import re

import httpx2
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from small_pages import MISPRINTED, PRINTED, Published, get

from ontology import DEFAULT_BASE
from ontology.namespaces import DCT, RDFS, SKOS

OWN = DEFAULT_BASE + "def#"
DISCLOSURE = "disclosure/420107/2024/budget/108"
HISTORY = f"/history/{DISCLOSURE}"


def diff(pages: Published) -> str:
    older, newer = (version.version.rsplit("/", 1)[-1] for version in (pages.misprinted, pages.current))
    return f"/diff/{DISCLOSURE}/{older}/{newer}"


def test_a_history_lists_every_version_with_its_file_and_converter(site: httpx2.Client, pages: Published) -> None:
    page = get(site, HISTORY)
    items = page.one("ol", class_="history").all("li")
    assert [item.one("h2").one("code").text for item in items] == [
        version.version.rsplit("/", 1)[-1] for version in (pages.current, pages.misprinted)
    ]
    assert "corrected.txt" in items[0].text
    assert "misprinted.txt" in items[1].text
    assert "原文件变了" in items[0].text
    assert diff(pages) in page.links
    assert (
        f"/history/{DISCLOSURE}" in get(site, "/doc/" + pages.current.version.removeprefix(DEFAULT_BASE + "id/")).links
    )


def test_times_say_that_they_are_universal(site: httpx2.Client, pages: Published) -> None:
    for address in (HISTORY, diff(pages), "/doc/" + pages.current.version.removeprefix(DEFAULT_BASE + "id/")):
        times = get(site, address).all("time")
        assert times
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", time.text) for time in times), address


def test_a_comparison_shows_the_changed_cell_with_both_figures(site: httpx2.Client, pages: Published) -> None:
    page = get(site, diff(pages))
    [row] = page.one("table", class_="changes").one("tbody").all("tr")
    assert [cell.text for cell in row.all("td")][3:] == [MISPRINTED, PRINTED, "-100.00"]
    assert "金额改动" in row.text
    assert "表 5" in row.text
    assert "Before" in get(site, diff(pages), lang="en").one("table", class_="changes").text


def test_a_comparison_is_there_as_json(site: httpx2.Client, pages: Published) -> None:
    for response in (
        site.get(diff(pages) + ".json"),
        site.get(diff(pages), params={"format": "json"}),
        site.get(diff(pages), headers={"Accept": "application/json"}),
    ):
        assert response.headers["content-type"] == "application/json"
        found = response.json()
        [change] = found["changes"]
        assert (change["kind"], change["difference"], found["cause"]) == ("altered", "-100.00", "source")
        assert (change["before"]["printed"], change["after"]["printed"]) == (MISPRINTED, PRINTED)
        assert change["before"]["figure"].startswith(pages.misprinted.version)
        assert found["counts"]["same"] > 500


def test_a_comparison_is_there_as_rdf(site: httpx2.Client, pages: Published) -> None:
    response = site.get(diff(pages), headers={"Accept": "text/turtle"})
    triples = {quad.triple for quad in parse(response.content, RdfFormat.TURTLE)}
    [change] = [t.object for t in triples if t.predicate == NamedNode(OWN + "figureChange")]
    assert isinstance(change, NamedNode)
    said = {t.predicate.value.removeprefix(OWN): t.object for t in triples if t.subject == change}
    assert said["changeKind"] == NamedNode(DEFAULT_BASE + "code/change/altered")
    assert said["changedBy"] == Literal("-100.00", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    revision = NamedNode(DEFAULT_BASE.rstrip("/") + diff(pages))
    assert (
        Triple(revision, NamedNode(OWN + "revisionCause"), NamedNode(DEFAULT_BASE + "code/revision/source")) in triples
    )


def test_a_history_is_there_as_rdf_and_json(site: httpx2.Client, pages: Published) -> None:
    triples = {quad.triple for quad in parse(site.get(HISTORY + ".ttl").content, RdfFormat.TURTLE)}
    current, old = NamedNode(pages.current.version), NamedNode(pages.misprinted.version)
    assert Triple(current, NamedNode("http://www.w3.org/ns/dcat#previousVersion"), old) in triples
    found = site.get(HISTORY + ".json").json()
    assert [version["current"] for version in found["versions"]] == [False, True]
    assert [len(version["files"][0]["sha256"]) for version in found["versions"]] == [64, 64]


@pytest.mark.parametrize("kind", ["history", "diff"])
def test_what_a_history_or_a_comparison_names_has_its_label_beside_it(
    site: httpx2.Client, pages: Published, kind: str
) -> None:
    address = HISTORY if kind == "history" else diff(pages)
    triples = {quad.triple for quad in parse(site.get(address + ".ttl").content, RdfFormat.TURTLE)}
    names = {NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"), NamedNode(DCT + "title")}
    named = {t.subject for t in triples if t.predicate in names}
    ours = {term for t in triples for term in t if isinstance(term, NamedNode) and term.value.startswith(DEFAULT_BASE)}
    assert {term.value for term in ours - named if "/id/coordinates/" not in term.value} == set()
    languages = {
        t.object.language
        for t in triples
        if t.subject == NamedNode(pages.current.version) and t.predicate in names and isinstance(t.object, Literal)
    }
    assert languages == {"zh", "en"}


def test_what_has_no_history_is_not_found(site: httpx2.Client, pages: Published) -> None:
    older = pages.current.version.rsplit("/", 1)[-1]
    for address in (
        "/history/disclosure/420107/1999/budget/108",
        "/diff/nothing",
        f"/diff/{DISCLOSURE}/{older}/{'0' * 16}",
    ):
        for accept in ("text/html", "text/turtle", "application/json"):
            assert site.get(address, headers={"Accept": accept}).status_code == 404
    assert site.head(HISTORY).status_code == 200
