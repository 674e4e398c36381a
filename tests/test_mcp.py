"""The tools of the Model Context Protocol: answers with the addresses of what they rest on."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from small_disclosures import BUREAU, expenditure, tabbed

from ontology import DEFAULT_BASE
from yusuan.mcp_server import StoreTools, create_server

OFFICE = "420107/108"


@pytest.fixture(scope="module")
def tools(example_store: Path) -> StoreTools:
    return StoreTools(example_store, DEFAULT_BASE, "en", "http://127.0.0.1:8000")


def test_the_server_offers_its_tools_with_descriptions_and_schemas(example_store: Path) -> None:
    offered = {tool.name: tool for tool in asyncio.run(create_server(example_store).list_tools())}
    assert set(offered) == {"search", "facts", "totals", "check"}
    assert all(tool.description for tool in offered.values())
    assert offered["facts"].input_schema["required"] == ["organisation"]


def test_a_question_is_answered_by_search_and_facts(tools: StoreTools) -> None:
    """How much does the office spend on training in 2024?"""
    found = tools.search("training", kind="code")["results"]
    assert "30216" in [result["notation"] for result in found]
    assert found[0]["page"].startswith("http://127.0.0.1:8000/code/")
    answer = tools.facts(OFFICE, year=2024, code="30216")
    [fact] = [each for each in answer["facts"] if each["breakdown"] == "fund-economic" or each["adds"]][:1]
    assert fact["amount"] == 35342.64
    assert fact["fact"].startswith(f"{DEFAULT_BASE}id/")
    assert fact["coordinates"]["economic"]["name_zh"] == "培训费"
    assert fact["printed_at"]["file"]


def test_totals_are_given_with_their_disclosures_or_refused_with_the_reason(tools: StoreTools) -> None:
    given = tools.totals(OFFICE, ["year"], year=2024)
    assert given["rests_on"] == [f"{DEFAULT_BASE}id/disclosure/420107/2024/budget/108"]
    assert given["totals"][0]["amount"] == 14835573.24
    assert tools.totals(OFFICE, ["amount"])["refused"]


def test_a_file_is_checked_and_findings_name_their_rule(tools: StoreTools, tmp_path: Path) -> None:
    path = tmp_path / "budget.txt"
    rows = "合计 | | 30 | 10 | 21\n201 | 一般公共服务支出 | 30 | 10 | 21"
    path.write_text(tabbed(f"{BUREAU}2024年部门预算\n{expenditure(rows)}"), encoding="utf-8")
    [document] = tools.check(str(path))["documents"]
    assert document["counts"]["violation"]
    rules = [finding["rule"] for finding in document["findings"]]
    assert rules
    assert all(rule.startswith(f"{DEFAULT_BASE}rules#") for rule in rules)
    path.write_bytes(b"\0")
    assert tools.check(str(path))["unreadable"]


def test_unknown_kinds_are_refused(tools: StoreTools) -> None:
    with pytest.raises(ValueError, match="office"):
        tools.search("a", kind="nothing")


def test_a_call_through_the_protocol_gives_the_same(example_store: Path) -> None:
    server = create_server(example_store)
    result: Any = asyncio.run(server.call_tool("search", {"query": "30216", "kind": "code", "limit": 1}))
    assert result.structured_content["results"][0]["iri"] == f"{DEFAULT_BASE}code/economic/30216"
