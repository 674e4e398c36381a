"""The OpenAPI description says what the service does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store, parse
from small_service import running_service
from small_store import publish_small

from server.errors import BY_KEY
from server.openapi import SURE_QUERY, SURE_RECONCILIATION, SURE_TRIPLES, TRIPLES
from server.pages import HtmlPages
from server.search.reconciliation import parse_query
from server.serialization.media_types import GRAPH_TYPES, RESULT_TYPES
from server.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    path = tmp_path_factory.mktemp("openapi") / "store"
    publish_small(path)
    with running_service(Settings(path, workers=1)) as address, httpx2.Client(base_url=address) as client:
        yield client


@pytest.fixture(scope="module")
def paths(client: httpx2.Client) -> dict[str, Any]:
    found = client.get("/openapi.json").json()["paths"]
    assert isinstance(found, dict)
    return found


@given(st.from_regex(SURE_QUERY, fullmatch=True))
def test_a_query_of_the_pattern_is_always_answered(query: str) -> None:
    Store().query(query)


@given(st.from_regex(str(SURE_TRIPLES["pattern"]), fullmatch=True), st.sampled_from(sorted(TRIPLES)))
def test_triples_of_the_pattern_are_always_read(triples: str, media_type: str) -> None:
    assert len(list(parse(triples, GRAPH_TYPES[media_type]))) == triples.count("\n")


@given(st.from_regex(str(SURE_RECONCILIATION["queries"]["pattern"]), fullmatch=True))
def test_reconciliation_queries_of_the_pattern_are_always_read(batch: str) -> None:
    [query] = map(parse_query, json.loads(batch).values())
    assert query.text


def test_requests_of_tools_that_follow_the_description_are_answered(
    client: httpx2.Client, paths: dict[str, Any]
) -> None:
    schema = paths["/reconcile"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert schema["anyOf"] == [{"required": ["queries"]}, {"required": ["extend"]}]
    for given_text in ('{"ids": [], "properties": []}', '{"ids":["a"],"properties":[]}'):
        assert re.fullmatch(schema["properties"]["extend"]["pattern"], given_text)
        assert client.post("/reconcile", data={"extend": given_text}).status_code == 200
    files = paths["/validate"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]["file"]
    assert (files["minItems"], files["maxItems"]) == (1, 4)


def test_a_query_is_described_with_its_parameters_and_formats(paths: dict[str, Any]) -> None:
    described = paths["/sparql"]["get"]
    names = {parameter["name"] for parameter in described["parameters"]}
    assert names == {"query", "default-graph-uri", "named-graph-uri", "format"}
    assert described["responses"]["200"]["content"].keys() >= {*RESULT_TYPES, *GRAPH_TYPES}
    body = paths["/sparql"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/sparql-query", "application/x-www-form-urlencoded"}


def test_every_parameter_of_a_path_is_described(paths: dict[str, Any]) -> None:
    for path, operations in paths.items():
        for described in operations.values():
            named = {p["name"] for p in described["parameters"] if p["in"] == "path"}
            assert all(f"{{{name}}}" in path for name in named)
            assert path.count("{") == len(named)


def test_what_comes_is_what_is_described(client: httpx2.Client, paths: dict[str, Any]) -> None:
    for path, operations in paths.items():
        if "get" not in operations:
            continue
        response = client.get(path.replace("{path}", "function/201").replace("{name}", "x").replace("{number}", "0"))
        responses = operations["get"]["responses"]
        described = responses.get(str(response.status_code), responses["default"])
        given_type = response.headers.get("content-type", "").partition(";")[0]
        if response.content:
            assert {given_type, "*/*"} & described["content"].keys(), (path, response.status_code, given_type)


@pytest.mark.parametrize(("keys", "secured"), [(None, False), (Path("keys"), True)])
def test_writing_takes_a_key_where_it_is_possible(tmp_path: Path, keys: Path | None, secured: bool) -> None:
    publish_small(tmp_path)
    with running_service(Settings(tmp_path, workers=1, keys=keys)) as address:
        paths = httpx2.get(f"{address}/openapi.json").json()["paths"]
    assert ("security" in paths["/graphs"]["put"]) == secured
    assert "security" not in paths["/graphs"]["get"]


def test_a_number_that_is_none_is_an_unknown_address(client: httpx2.Client) -> None:
    response = client.get("/sitemap/none.xml")
    assert (response.status_code, response.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_pages_for_people_are_not_described(tmp_path: Path) -> None:
    publish_small(tmp_path)
    with running_service(Settings(tmp_path, workers=1), HtmlPages()) as address:
        described = httpx2.get(f"{address}/openapi.json").json()["paths"]
        queries = ("ASK {}", "ASK", "SELECT * { SERVICE <http://a> {} }")
        answers = [httpx2.get(f"{address}/query", params={"query": query}) for query in queries]
        answers.append(httpx2.post(f"{address}/check", content=b"", headers={"Content-Type": "multipart/form-data"}))
    assert not {"/check", "/query"} & described.keys()
    assert [answer.status_code for answer in answers] == [200, 400, 403, 400]


def test_every_status_is_in_the_table_of_the_documentation() -> None:
    text = (Path(__file__).parents[1] / "docs" / "deploying.md").read_text(encoding="utf-8")
    table = text.partition("## Status codes")[2].partition("\n## ")[0]
    statuses = re.findall(r"^\|([^|]+)\|", table, flags=re.MULTILINE)
    named = {int(number) for cell in statuses for number in re.findall(r"\b\d{3}\b", cell)}
    assert {error.status for error in BY_KEY.values()} - {499} <= named  # 499 is told to nobody: the client is gone
