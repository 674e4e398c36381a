"""The reconciliation service: answers meet the schemas of the specification, and names find what they name."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from small_pages import Page

from ontology import DEFAULT_BASE
from server.errors import ServiceError
from server.search.reconciliation import extension_to_json, parse_query
from server.search.reconciliation_routes import load_json

SCHEMAS = Path(__file__).parent / "schemas" / "reconciliation-0.2"
SPACE = "https://reconciliation-api.github.io/specs/0.2/schemas/"


@pytest.fixture(scope="session")
def registry() -> Registry[Any]:
    """The schemas of the specification by their addresses."""
    contents = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    resources: list[tuple[str, Resource[Any]]] = [
        (SPACE + name, DRAFT7.create_resource(content)) for name, content in contents.items()
    ]
    return Registry[Any]().with_resources(resources)


@pytest.fixture
def valid(registry: Registry[Any]) -> Any:
    """A function that checks a document against a schema."""

    def check(name: str, document: object) -> Any:
        schema = registry.contents(f"{SPACE}{name}.json")
        errors = [error.message for error in Draft7Validator(schema, registry=registry).iter_errors(document)]
        assert errors == []
        return document

    return check


def ask(indexed_site: httpx2.Client, **batch: object) -> Any:
    """The answer to a batch of queries."""
    response = indexed_site.post("/reconcile", data={"queries": json.dumps(batch)})
    assert response.status_code == 200, response.text
    return response.json()


def test_the_manifest_says_where_everything_is(indexed_site: httpx2.Client, valid: Any) -> None:
    response = indexed_site.get("/reconcile")
    manifest = valid("manifest", response.json())
    assert response.headers["access-control-allow-origin"] == "*"
    assert "0.2" in manifest["versions"]
    assert manifest["identifierSpace"] == DEFAULT_BASE
    view = manifest["view"]["url"].replace("{{id}}", "code%2Feconomic%2F30216")
    assert indexed_site.get(view).headers["location"] == "/code/economic/30216"
    preview = indexed_site.get(manifest["preview"]["url"].replace("{{id}}", "code%2Feconomic%2F30216"))
    assert "培训费" in Page(preview.text).one("h1").text
    assert "frame-ancestors *" in preview.headers["content-security-policy"]


def test_a_batch_of_names_is_matched(indexed_site: httpx2.Client, valid: Any) -> None:
    batch = {
        "office": {"query": "武汉市青山区人民代表大会常务委员会办公室", "type": "office"},
        "code": {"query": "30216", "type": "code/economic"},
        "english": {"query": "Training", "type": ["code/economic"], "limit": 1},
        "near": {"query": "培训费用", "type": "code"},
        "nothing": {"query": "qqqqq"},
    }
    valid("reconciliation-query-batch", batch)
    found = valid("reconciliation-result-batch", ask(indexed_site, **batch))
    firsts: Any = {key: answer["result"][0] if answer["result"] else None for key, answer in found.items()}
    assert firsts["office"]["match"]
    assert firsts["office"]["type"][0]["id"] == "office"
    for key in ("code", "english"):
        assert (firsts[key]["id"], firsts[key]["match"], firsts[key]["score"]) == ("code/economic/30216", True, 100.0)
    assert firsts["code"]["type"][0]["id"] == "code/economic"
    assert not firsts["near"]["match"]
    assert firsts["near"]["name"] == "培训费"
    assert firsts["nothing"] is None


def test_two_entities_of_one_name_match_neither_until_a_type_or_a_property_tells_them_apart(
    indexed_site: httpx2.Client,
) -> None:
    found = ask(
        indexed_site,
        both={"query": "住房公积金"},
        told={"query": "住房公积金", "properties": [{"pid": "list", "v": "支出功能分类科目"}]},
    )
    both, told = (found[key]["result"] for key in ("both", "told"))
    assert [c["match"] for c in both] == [False] * len(both)
    assert both[0]["score"] == both[1]["score"] == 100.0
    assert (told[0]["id"], told[0]["match"]) == ("code/function/2210201", True)


def test_suggestions_meet_their_schemas_and_take_identifiers(indexed_site: httpx2.Client, valid: Any) -> None:
    def suggest(what: str, prefix: str) -> Any:
        document = indexed_site.get(f"/reconcile/suggest/{what}", params={"prefix": prefix, "lang": "en"}).json()
        plural = {"entity": "entities", "property": "properties", "type": "types"}[what]
        return valid(f"suggest-{plural}-response", document)["result"]

    assert "code/economic/30216" in [each["id"] for each in suggest("entity", "train")]
    assert suggest("entity", "code/economic/30216")[0]["id"] == "code/economic/30216"
    assert [each["id"] for each in suggest("property", "english")] == ["name_en", "definition_en"]
    assert "code/economic" in [each["id"] for each in suggest("type", "economic")]
    assert suggest("type", "office")[0]["id"] == "office"
    assert indexed_site.get("/reconcile/suggest/nothing").status_code == 404


def test_a_table_is_extended_with_names_codes_and_what_entities_belong_to(
    indexed_site: httpx2.Client, valid: Any
) -> None:
    proposed = valid(
        "data-extension-property-proposal", indexed_site.get("/reconcile/properties?type=code&limit=3").json()
    )
    assert len(proposed["properties"]) == 3
    query = {
        "ids": ["code/economic/30216", "code/nothing"],
        "properties": [{"id": name} for name in ("name_en", "code", "above", "list")],
    }
    valid("data-extension-query", query)
    response = indexed_site.post("/reconcile", params={"lang": "en"}, data={"extend": json.dumps(query)})
    document = valid("data-extension-response", response.json())
    training = document["rows"]["code/economic/30216"]
    assert training["name_en"] == [{"str": "training"}]
    assert training["code"] == [{"str": "30216"}]
    assert training["above"] == [{"id": "code/economic/302", "name": "goods and services"}]
    assert [each["id"] for each in training["list"]] == ["code/economic"]
    assert document["rows"]["code/nothing"]["code"] == [{}]


def test_an_empty_cell_leaves_the_rest_of_a_batch_answered(indexed_site: httpx2.Client, valid: Any) -> None:
    batch = json.dumps({"empty": {"query": " "}, "training": {"query": "培训费"}})
    answer = valid("reconciliation-result-batch", indexed_site.post("/reconcile", data={"queries": batch}).json())
    assert answer["empty"] == {"result": []}
    assert answer["training"]["result"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[" * 50_000}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": json.dumps({str(n): {"query": "a"} for n in range(51)})}, 413),
        ({"extend": '{"ids": ["a"], "properties": [{"id": "nothing"}]}'}, 400),
        ({"queries": '{"q": {"query": "\\ud800"}}'}, 400),
        ({"extend": json.dumps({"ids": ["a"] * 201, "properties": []})}, 413),
        ({"extend": '{"ids": ["\\ud800"], "properties": [{"id": "code"}]}'}, 400),
        ({"extend": '{"ids": ["a"], "properties": [{"id": ["code"]}]}'}, 400),
        ({"other": "1"}, 400),
    ],
)
def test_what_the_specification_does_not_allow_is_refused(
    indexed_site: httpx2.Client, data: dict[str, str], status: int
) -> None:
    response = indexed_site.post("/reconcile", data=data, headers={"Accept": "text/plain"})
    assert response.status_code == status


@pytest.mark.parametrize(
    "query",
    [
        {"query": 1},
        {"query": "a", "type": 1},
        {"query": "a", "limit": 0},
        {"query": "a", "limit": True},
        {"query": "a", "limit": float("nan")},
        {"query": "a", "properties": {}},
        {"query": "a", "properties": [{"pid": "code"}]},
        {"query": "a", "properties": [{"pid": "code", "v": None}]},
        {"query": "a", "properties": [{"pid": "code", "v": ["a"] * 51}]},
        {},
        [],
    ],
)
def test_malformed_queries_are_told_apart(query: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_query(query)


def test_properties_alone_make_a_query_and_limits_are_bounded() -> None:
    query = parse_query({"properties": [{"pid": "code", "v": [{"id": "x", "name": "30216"}, 7]}], "limit": 1e6})
    assert (query.text, query.values, query.limit) == ("30216", ("30216", "7"), 25)
    query = parse_query({"query": "a" * 100_000, "limit": float("inf")})
    assert (len(query.text), query.limit) == (300, 25)


def test_the_view_of_an_entity_leads_to_no_other_host(indexed_site: httpx2.Client) -> None:
    assert indexed_site.get("/reconcile/view", params={"id": "/example.org/page"}).status_code == 404


def test_documents_that_are_no_objects_are_refused() -> None:
    with pytest.raises(ServiceError):
        load_json("null")


def test_values_in_the_wanted_language_alone_extend_a_table() -> None:
    rows = [
        {"thing": f"{DEFAULT_BASE}a", "property": "x#prefLabel", "value": value, "language": language}
        for value, language in (("甲", "zh"), ("A", "en"))
    ]
    document = extension_to_json(["a"], ["name_en"], rows, DEFAULT_BASE, "zh")
    assert document["rows"] == {"a": {"name_en": [{"str": "A"}]}}
