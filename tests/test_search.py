"""Search: what the index finds, the page, JSON, CSV, suggestions, and the file of the index."""

import asyncio
import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from small_pages import HTML, Published, doc, get

from ontology import DEFAULT_BASE, load_vocabulary
from ontology.namespaces import ORG, RDF, SKOS
from server.errors import QueryTimeoutError, SearchNotReadyError
from server.http.responses import error_headers
from server.search.browsing import BrowseRequest, browse
from server.search.index.entries import KINDS
from server.search.index.index_files import FOLDER, LISTING, SearchIndexes
from server.search.index.index_process import run
from server.search.index.index_reader import SearchIndex
from server.search.index.index_writer import FORMAT
from server.search.index.store_reader import StoreReader
from server.settings import Settings
from server.store.generations import Generations

ABOUT = {"format": str(FORMAT), "store": "1", "base": DEFAULT_BASE, "generation": "1"}


@pytest.fixture(scope="module")
def index(pages_store: Path, pages: Published, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """The index of the store of the tests of the pages."""
    assert pages.current.version
    path = tmp_path_factory.mktemp("search") / "index.sqlite"
    run(str(Generations(pages_store).current()), DEFAULT_BASE, ABOUT, str(path), str(path.with_suffix(LISTING)))
    return SearchIndex(path, seconds=60)


def found(index: SearchIndex, query: str, *kinds: str, limit: int = 50) -> list[tuple[str, str]]:
    """Kind and code or name of what is found."""
    results = index.search(query, kinds or KINDS, limit=limit).results
    return [(result.kind, result.notation or result.label["zh"]) for result in results]


@pytest.mark.parametrize(
    "query", ["住房公积金", "zhufanggongjijin", "zhufang gongjijin", "zfgjj", "housing fund", "公积"]
)
def test_a_code_is_found_by_characters_pinyin_initials_and_english(index: SearchIndex, query: str) -> None:
    codes = found(index, query, "code")
    assert ("code", "2210201") in codes
    assert ("code", "30113") in codes


def test_rows_are_found_by_what_they_print_and_by_the_english_name_of_their_code(index: SearchIndex) -> None:
    for query in ("培训费", "training", "peixunfei"):
        [row, *_] = index.search(query, ["row"], limit=9).results
        assert (row.notation, row.label["zh"], row.label["en"]) == ("30216", "培训费", "training")
        assert "35,342.64" in row.detail
        assert "2024" in row.context["zh"]


def test_offices_and_divisions_are_found_by_words_of_two_characters_and_of_one(index: SearchIndex) -> None:
    assert ("division", "420107") in found(index, "青山")
    assert {kind for kind, _ in found(index, "青山", limit=500)} >= {"office", "division", "row", "sentence"}
    assert ("division", "420107") in found(index, "山", "division")
    assert ("division", "420107") in found(index, "qingshan", "division")
    assert ("division", "420107") in found(index, "Qingshan District", "division")


def test_other_names_are_found_but_not_shown() -> None:
    office, zh = NamedNode(f"{DEFAULT_BASE}id/org/420107/999"), "zh"
    store = Store()
    names = {"prefLabel": "青山区园林局", "altLabel": "园林局", "hiddenLabel": "区绿化办"}
    store.add(Quad(office, NamedNode(RDF + "type"), NamedNode(ORG + "Organization")))
    store.extend(Quad(office, NamedNode(SKOS + kind), Literal(name, language=zh)) for kind, name in names.items())
    found = StoreReader(store, DEFAULT_BASE).things[office.value]
    assert (set(found.names), found.label) == (set(names.values()), {zh: "青山区园林局"})


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("公车", "30231"),
        ("official cars", "30231"),
        ("npc", "20101"),
        ("招待费", "30217"),
        ("hospitality", "30217"),
        ("退休金", "30302"),
        ("pensions", "30302"),
        ("工资", "301"),
        ("salaries", "301"),
        ("出国", "30212"),
        ("overseas trips", "30212"),
    ],
)
def test_codes_are_found_by_what_people_call_them(index: SearchIndex, query: str, code: str) -> None:
    assert ("code", code) in found(index, query, "code")


def test_what_people_call_a_code_reads_no_table() -> None:
    vocabulary = load_vocabulary()
    assert "公车" not in vocabulary.meanings
    assert "退休金" not in vocabulary.meanings


def test_a_code_comes_before_those_that_begin_with_it(index: SearchIndex) -> None:
    codes = found(index, "204", "code")
    assert codes[0] == ("code", "204")
    assert ("code", "20404") in codes


def test_codes_that_tables_print_come_before_others(index: SearchIndex) -> None:
    codes = found(index, "培训", "code")
    assert codes.index(("code", "30216")) < codes.index(("code", "50203"))
    assert found(index, "peixunf", "code")[0] == ("code", "30216")


def test_sentences_findings_rules_and_queries_are_found(index: SearchIndex, pages: Published) -> None:
    assert index.search("三公", ["sentence"], limit=1).results
    [finding, *_] = index.search("表5", ["finding"], limit=1).results
    assert finding.iri.startswith((pages.current.version, pages.earlier.version))
    assert {"rule", "query"} <= index.search("training", limit=1).counts.keys()
    assert not any(pages.misprinted.version in r.iri for r in index.search("青山", limit=2000).results)


def test_words_of_a_query_may_stand_in_different_places(index: SearchIndex) -> None:
    """The office stands in the context of a row, the name of the code in its label."""
    apart, together = (index.search(query, ["row"], limit=9) for query in ("青山 培训费", "青山区培训费"))
    assert [r.iri for r in apart.results] == [r.iri for r in together.results] != []
    assert not together.partial


def test_what_is_found_nowhere_gives_what_is_like_it_and_says_so(index: SearchIndex) -> None:
    near = index.search("培训基金会", ["code"], limit=9)
    assert near.partial
    assert near.results
    assert index.search("培训基金会", limit=9, complete=True).results == ()
    assert index.search("qqqqq", limit=9).counts == {}
    assert index.search("", limit=9).counts == {}


def test_pages_of_results_neither_repeat_nor_leave_out(index: SearchIndex) -> None:
    whole = index.search("预算", limit=200)
    assert sum(whole.counts.values()) > 100
    parts = [r for start in range(0, 200, 30) for r in index.search("预算", limit=30, offset=start).results]
    assert [r.iri for r in parts[:200]] == [r.iri for r in whole.results]


def test_exact_names_are_compared_without_case_width_and_other_kinds(index: SearchIndex) -> None:
    assert {r.notation for r in index.named("Ｔraining", ["code"])} >= {"30216"}
    assert [r.iri for r in index.named("420107", ["division"])] == [f"{DEFAULT_BASE}code/division/420107"]
    assert index.named("420107", ["code"]) == []


def test_a_search_that_takes_too_long_is_stopped(index: SearchIndex) -> None:
    assert index.syllables
    with pytest.raises(QueryTimeoutError):
        replace(index, seconds=0).search("预算", limit=9)


# ── The service ──────────────────────────────────────────────────────────────────────────────────


def test_the_page_shows_results_with_kinds_marks_and_other_forms(indexed_site: httpx2.Client) -> None:
    page = get(indexed_site, "/search", q="培训费")
    assert "培训费" in [mark.text for mark in page.all("mark")]
    assert doc(f"{DEFAULT_BASE}code/economic/30216") in page.links
    assert {"/search?q=%E5%9F%B9%E8%AE%AD%E8%B4%B9&kind=row", "/search.csv?q=%E5%9F%B9%E8%AE%AD%E8%B4%B9&bom=1"} <= {
        *page.links
    }
    rows = get(indexed_site, "/search", q="培训费", kind="row")
    assert len(rows.one("ol", class_="results").all("li")) == 2
    assert rows.one("input", id="site-search").attributes["value"] == "培训费"


def test_every_page_has_the_search_form_without_javascript(indexed_site: httpx2.Client) -> None:
    for path in ("/", "/rules", "/search"):
        form = get(indexed_site, path).one("form", class_="site-search")
        assert (form.attributes["action"], form.attributes["method"]) == ("/search", "get")


def test_nothing_found_and_no_query_are_told_apart(indexed_site: httpx2.Client) -> None:
    assert "qqqqq" in get(indexed_site, "/search", q="qqqqq").one("p", class_="empty").text
    assert get(indexed_site, "/search").all("ol", class_="results") == []


def test_json_gives_iri_kind_and_label_and_the_way_to_the_next_page(indexed_site: httpx2.Client) -> None:
    answer = indexed_site.get("/search", params={"q": "housing", "lang": "en"}, headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/json"
    content = answer.json()
    first = content["results"][0]
    assert first["iri"].startswith(DEFAULT_BASE)
    assert (first["kind"], first["labels"]["en"]) == ("code", first["label"])
    assert indexed_site.get(first["page"]).status_code == 200
    assert content["number"] == sum(content["kinds"].values())
    many = indexed_site.get("/search.json", params={"q": "预算", "limit": "5"}).json()
    following = indexed_site.get(many["next"]).json()
    assert following["page"] == 2
    assert not {r["iri"] for r in many["results"]} & {r["iri"] for r in following["results"]}


def test_csv_has_a_row_for_each_result(indexed_site: httpx2.Client) -> None:
    answer = indexed_site.get("/search.csv", params={"q": "training", "kind": "row"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, *rows = answer.content.decode("utf-8-sig").splitlines()
    assert header == "kind,iri,label,label_en,notation,context,context_en,detail"
    assert [row.split(",")[0] for row in rows] == ["row", "row"]


@pytest.mark.parametrize(
    "parameters", [{"kind": "nothing"}, {"page": "99"}, {"page": "0"}, {"limit": "0"}, {"limit": "x"}]
)
def test_impossible_parameters_are_not_found(indexed_site: httpx2.Client, parameters: dict[str, str]) -> None:
    assert indexed_site.get("/search.json", params={"q": "预算", **parameters}).status_code == 404
    assert indexed_site.get("/search.parquet", params={"q": "预算"}).status_code == 404


def test_suggestions_are_names_with_the_paths_of_their_pages(indexed_site: httpx2.Client) -> None:
    content = indexed_site.get("/search/suggest", params={"q": "peixunf", "lang": "en"}).json()
    suggested = {s["page"]: s for s in content["suggestions"]}
    assert suggested["/code/economic/30216"]["label"] == "training"
    assert len(content["suggestions"]) <= 8
    assert indexed_site.get("/search/suggest", params={"q": "培训基金会"}).json()["suggestions"] == []


def test_llms_txt_leads_to_every_interface(indexed_site: httpx2.Client) -> None:
    answer = indexed_site.get("/llms.txt")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    title, *_ = answer.text.splitlines()
    assert title == "# Yusuan"
    links = re.findall(r"\]\((http[^)]+)\)", answer.text)
    assert len(links) > 8
    for link in links:
        if "/data/" not in link:  # files are written when they are asked for
            assert indexed_site.get(link, headers={"Accept": "*/*"}).status_code == 200, link
    assert indexed_site.get("/llms.txt?lang=zh").text.startswith("# 预算")


def test_who_searches_before_there_is_an_index_is_told_when_to_come_back() -> None:
    assert error_headers(SearchNotReadyError())["Retry-After"] == "5"


def test_the_page_that_waits_for_the_index_tries_again_by_itself(
    indexed_site: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SearchNotReadyError

    monkeypatch.setattr("server.search.search_requests.SearchRequest.ask", refuse)
    page = indexed_site.get("/search?q=培训", headers=HTML)
    assert (page.status_code, page.headers["Refresh"], page.headers["Retry-After"]) == (503, "5", "5")
    assert "搜索索引正在首次建立" in page.text
    assert "自动重试" in page.text
    assert "LIMIT" not in page.text
    assert "Refresh" not in indexed_site.get("/search.json?q=培训", headers={"Accept": "*/*"}).headers


def test_the_list_of_disclosures_is_there_before_the_index_and_holds_no_entries(index: SearchIndex) -> None:
    listing = SearchIndex(index.path.with_suffix(LISTING), seconds=60)
    assert listing.about == index.about
    assert browse(listing, BrowseRequest(), 50, 0) == browse(index, BrowseRequest(), 50, 0)
    assert browse(listing, BrowseRequest(), 50, 0).facets["year"]
    assert found(listing, "204") == [] != found(index, "204")


def test_the_list_stands_in_for_the_index_while_it_is_built(
    index: SearchIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    (store / "gen" / "1").mkdir(parents=True)
    for name in ("current", "identity"):
        (store / name).write_text("1\n", encoding="ascii")

    async def write(_: SearchIndexes, generation: Path, output: Path, listing: Path) -> None:
        assert (generation.name, output.exists()) == ("1", False)
        listing.write_bytes(index.path.with_suffix(LISTING).read_bytes())
        await asyncio.Event().wait()

    monkeypatch.setattr(SearchIndexes, "_write", write)

    async def ask() -> tuple[str | None, bool]:
        indexes = SearchIndexes(Settings(store))
        assert indexes.of_current_disclosures() is None
        await asyncio.sleep(0)
        listed = indexes.of_current_disclosures()
        await indexes.close()
        return listed.generation if listed else None, any((store / FOLDER).glob(f"*{LISTING}"))

    assert asyncio.run(ask()) == ("1", False)


# ── The file of the index ────────────────────────────────────────────────────────────────────────


def test_an_index_is_kept_and_an_old_or_damaged_one_neither_blocks_nor_serves_another_store(
    pages_store: Path, index: SearchIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    (store / "gen" / "7").mkdir(parents=True)
    for name, content in (("current", "7\n"), ("identity", "1\n")):
        (store / name).write_text(content, encoding="ascii")
    folder = store / FOLDER
    folder.mkdir()
    (folder / "9.sqlite").write_bytes(b"damaged")
    kept = folder / "1.sqlite"
    kept.write_bytes(index.path.read_bytes())

    async def refuse(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(SearchIndexes, "_write", refuse)

    async def ask(identity: str) -> str:
        (store / "identity").write_text(identity, encoding="ascii")
        indexes = SearchIndexes(Settings(store))
        try:
            return await indexes.ask("", lambda index: index.generation)
        finally:
            await indexes.close()

    assert asyncio.run(ask("1")) == "1"
    with pytest.raises(SearchNotReadyError):
        asyncio.run(ask("2"))
    assert pages_store.exists()
    with sqlite3.connect(kept) as database:
        database.execute("UPDATE about SET value = '0' WHERE name = 'format'")
    with pytest.raises(SearchNotReadyError):
        asyncio.run(ask("1"))
