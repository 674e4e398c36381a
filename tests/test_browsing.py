"""The list of disclosures on the home page: filters with counts, sorting, and pages that keep their address."""

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from small_disclosures import expenditure, tabbed
from small_pages import HTML, Page, get, terms
from small_service import running_service

from converters.rdf.publications import Publication, Publications
from ontology import DEFAULT_BASE
from server.pages import HtmlPages
from server.search.browsing import FACETS, SORTED, BrowseRequest, browse, count_everything
from server.search.index.disclosure_writer import verdict_of
from server.search.index.index_reader import SearchIndex
from server.search.index.index_writer import SCHEMA
from server.settings import Settings
from server.store.generation_store import GenerationStore
from shapes import load_rule_triples
from yusuan.api import check_disclosure
from yusuan.stores.publishing import version_graphs

DIVISIONS = [("42", "", 0), ("4201", "42", 1), ("420107", "4201", 2), ("420106", "4201", 2), ("31", "", 0)]
ROWS = [
    ("a", "420107", "2024", "budget", 300, (2, 1, 0)),
    ("b", "420107", "2023", "final", 100, (0, 3, 1)),
    ("c", "420106", "2024", "budget", 200, (0, 0, 0)),
    ("d", "31", "2024", "final", 400, None),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """An index with four disclosures in three divisions."""
    path = tmp_path_factory.mktemp("browse") / "index.sqlite"
    above = {name: parent for name, parent, _ in DIVISIONS}
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SCHEMA.read_text(encoding="utf-8"))
        for place, (name, _, depth) in enumerate(DIVISIONS):
            database.execute("INSERT INTO division VALUES (?, ?, ?, '', '')", (name, place, depth))
            within = name
            while within:
                database.execute("INSERT INTO division_within VALUES (?, ?)", (name, within))
                within = above[within]
        for name, division, year, phase, figures, counts in ROWS:
            severities = (
                None if counts is None else dict(zip(("violation", "warning", "information"), counts, strict=True))
            )
            row = (name, name, f"title {name}", f"office {name}", name, division, year, phase, figures)
            found = counts or (None, None, None)
            database.execute(
                f"INSERT INTO disclosure VALUES ({', '.join('?' * 14)})",
                (*row, *found, verdict_of(severities), f"office{name}"),
            )
        database.commit()
    return SearchIndex(path, seconds=60)


def listed(index: SearchIndex, **wanted: str) -> str:
    """The disclosures of a list, in its order."""
    return "".join(d.version for d in browse(index, BrowseRequest(**wanted), 50, 0).disclosures)


def facets(index: SearchIndex, **wanted: str) -> dict[str, dict[str, int]]:
    """The numbers of each value of each facet."""
    found = browse(index, BrowseRequest(**wanted), 50, 0).facets
    return {name: {each.value: each.number for each in values} for name, values in found.items()}


def test_facets_count_what_remains_and_divisions_are_a_tree(index: SearchIndex) -> None:
    assert facets(index) == {
        "division": {"42": 3, "4201": 3, "420107": 2, "420106": 1, "31": 1},
        "year": {"2024": 3, "2023": 1},
        "phase": {"budget": 2, "final": 2},
        "verdict": {"violation": 1, "warning": 1, "clean": 1, "unchecked": 1},
    }
    assert [each.depth for each in browse(index, BrowseRequest(), 9, 0).facets["division"]] == [0, 1, 2, 2, 0]


def test_a_filter_narrows_the_other_facets_and_the_list_but_not_its_own_facet(index: SearchIndex) -> None:
    found = facets(index, division="4201", year="2024")
    assert found["year"] == {"2024": 2, "2023": 1}
    assert found["division"] == {"42": 2, "4201": 2, "420107": 1, "420106": 1, "31": 1}
    assert found["phase"] == {"budget": 2}
    assert listed(index, division="4201", year="2024") == "ac"
    assert listed(index, verdict="unchecked") == "d"
    assert listed(index, text="Office B") == "b"


@pytest.mark.parametrize("name", FACETS)
def test_each_number_is_the_length_of_the_list_behind_it(index: SearchIndex, name: str) -> None:
    for value, number in facets(index, year="2024" if name != "year" else "")[name].items():
        wanted = {"year": "2024", name: value}
        assert len(listed(index, **wanted)) == number


@pytest.mark.parametrize(
    ("sort", "order"),
    [("organisation", "abcd"), ("-organisation", "dcba"), ("year", "bacd"), ("figures", "bcad"), ("-figures", "dacb")],
)
def test_columns_sort_both_ways(index: SearchIndex, sort: str, order: str) -> None:
    assert listed(index, sort=sort) == order
    assert browse(index, BrowseRequest(sort=sort), 2, 1).disclosures[0].version == order[1]


def test_unchecked_disclosures_are_last_when_sorted_by_findings(index: SearchIndex) -> None:
    assert listed(index, sort="-verdict") == "abcd"
    assert all(len(listed(index, sort=column)) == 4 for column in SORTED)
    totals = count_everything(index)
    assert (totals.disclosures, totals.offices, totals.figures) == (4, 4, 1000)


# ── The page ─────────────────────────────────────────────────────────────────────────────────────


def numbers_of(page: Page, address: str) -> list[int]:
    """The number beside the link to an address."""
    links = (a for a in page.all("a") if a.attributes["href"] == address)
    return [int(re.sub(r"\D", "", a.one("span", class_="badge").text)) for a in links]


def test_filters_are_links_with_numbers_and_chosen_ones_lead_back(indexed_site: httpx2.Client) -> None:
    page = get(indexed_site, "/")
    assert numbers_of(page, "/?year=2023") == [1]
    assert numbers_of(page, "/?verdict=violation") == []  # all have violations: nothing to choose
    chosen = get(indexed_site, "/?year=2023&sort=figures")
    assert len(chosen.one("table", class_="disclosures").all("tr")) == 2
    assert "/?sort=figures" in chosen.links
    assert numbers_of(chosen, "/?year=2024&sort=figures") == [1]
    assert [th.attributes.get("aria-sort") for th in chosen.all("th")].count("ascending") == 1


def test_bars_are_as_long_as_their_numbers(indexed_site: httpx2.Client) -> None:
    page = get(indexed_site, "/?lang=en")
    for group in page.one("nav", class_="facets").all("details"):
        numbers = [int(badge.text) for badge in group.all("span", class_="badge")]
        widths = [float(bar.attributes["width"]) for bar in group.all("rect")]
        assert widths == [round(100 * number / max(numbers), 1) for number in numbers]


def test_a_division_is_chosen_with_all_below_it(indexed_site: httpx2.Client) -> None:
    for code in ("420100", "420107"):
        assert len(get(indexed_site, "/", division=code).one("table", class_="disclosures").all("tr")) == 3
    nothing = get(indexed_site, "/", division="420106")
    assert nothing.all("table", class_="disclosures") == []
    assert "/" in nothing.links


def test_pages_keep_filters_and_order(indexed_site: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.pages.data.home.PAGE_SIZE", 1)
    page = get(indexed_site, "/?sort=year&q=108")
    assert page.one("a", rel="next").attributes["href"] == "/?sort=year&q=108&page=2"
    assert page.one("input", name_="sort").attributes["value"] == "year"
    assert indexed_site.get("/?sort=year&q=108&page=3").status_code == 404


@pytest.mark.parametrize("parameters", ["sort=nothing", "verdict=nothing", "page=0"])
def test_impossible_filters_are_not_found(indexed_site: httpx2.Client, parameters: str) -> None:
    assert indexed_site.get(f"/?{parameters}").status_code == 404


def test_made_up_disclosures_are_marked_in_the_list(tmp_path: Path) -> None:
    file = tmp_path / "made.txt"
    file.write_text(tabbed(expenditure("201 | 一般公共服务支出 | 3 | 3 | 0")), encoding="utf-8")
    made = version_graphs(check_disclosure(file), Publications(of_all=Publication(made=True)))
    GenerationStore(tmp_path / "store").publish([made], terms(DEFAULT_BASE), load_rule_triples(DEFAULT_BASE))
    with (
        running_service(Settings(tmp_path / "store", workers=1), HtmlPages()) as address,
        httpx2.Client(base_url=address, headers=HTML, timeout=60) as client,
    ):
        assert "虚构" in get(client, "/").one("tbody").text
        while client.get("/search.json", params={"q": "a"}).status_code != 200:
            time.sleep(0.2)
        page = get(client, "/")
        assert page.all("details"), "the list has its filters"
        assert "虚构" in page.one("tbody").text
