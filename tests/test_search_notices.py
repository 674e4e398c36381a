"""Search and reconciliation find procurement notices and the suppliers that they name."""

from pathlib import Path

import pytest
from small_notices import AWARD_NOTICE, TENDER_NOTICE, read_made

from ontology import DEFAULT_BASE, load_vocabulary
from server.search.index.index_process import run
from server.search.index.index_reader import SearchIndex
from server.search.reconciliation import TYPES, parse_query, suggest_entities, types_of
from server.store.generation_store import GenerationStore
from server.store.generations import Generations
from yusuan.stores.publishing import notice_graphs

SUPPLIER = "宁川明光照明有限公司"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """The index of a store with two notices of one purchase."""
    folder = tmp_path_factory.mktemp("notices")
    notices = [read_made(folder, text) for text in (TENDER_NOTICE, AWARD_NOTICE)]
    kinds = f"<{DEFAULT_BASE}code/notice-kind/"
    words = [triple for triple in load_vocabulary().triples if str(triple.subject).startswith(kinds)]
    graphs = [notice_graphs(notice, Path("notice.txt"), "0" * 64, DEFAULT_BASE) for notice in notices]
    GenerationStore(folder / "store").publish(graphs, words, words)
    run(str(Generations(folder / "store").current()), DEFAULT_BASE, {}, str(folder / "index.sqlite"))
    return SearchIndex(folder / "index.sqlite", seconds=60)


def test_notices_are_found_by_title_number_and_buyer(index: SearchIndex) -> None:
    for text in ("照明改造", "NC-2026-017", "宁川市文化局", "zhaoming"):
        results = index.search(text, ["notice"], limit=9).results
        assert results, text
        assert all(result.iri.startswith(f"{DEFAULT_BASE}id/notice/") for result in results)


def test_a_supplier_is_found_once_with_what_it_sold(index: SearchIndex) -> None:
    [result] = index.search("明光照明", ["supplier"], limit=9).results
    assert result.label["zh"] == SUPPLIER
    assert "展厅照明改造" in result.context["zh"]


def test_a_list_of_suppliers_can_be_reconciled(index: SearchIndex) -> None:
    assert "supplier" in TYPES
    query = parse_query({"query": SUPPLIER, "type": "supplier"})
    [exact] = index.named(query.text, query.kinds)
    assert types_of(exact, DEFAULT_BASE, "zh") == [{"id": "supplier", "name": "供应商"}]
    assert [each["name"] for each in suggest_entities(index, "宁川明光", 0, DEFAULT_BASE, "zh")] == [SUPPLIER]
