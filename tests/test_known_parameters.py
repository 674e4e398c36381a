"""Parameters that an address does not have: refused as data, ignored on pages."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

import httpx2
import pytest
from small_pages import HTML
from starlette.routing import BaseRoute, Route

from server.app import create_app
from server.known_parameters import COMPARED, EVERYWHERE, IGNORING, KNOWN, LISTED
from server.openapi import OPERATIONS
from server.pages.compare.request_parameters import AXES, CompareQuestion
from server.pages.site import HtmlPages
from server.search.browsing import BrowseRequest
from server.settings import Settings

MISSPELT = {"misspelt": "2024"}
PROGRAM = {"Accept": "*/*", "Accept-Language": "en"}
DISCLOSURE = "disclosure/420107/108/2024/budget/department"


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[Route]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes_of(included.routes)
        elif isinstance(route, Route):
            yield route


def test_every_route_says_which_parameters_it_has_or_why_it_ignores_others(tmp_path: Path) -> None:
    app = create_app(Settings(store=tmp_path / "store"), HtmlPages())
    assert {route.path for route in routes_of(app.routes)} == {*KNOWN, *IGNORING}
    assert not KNOWN.keys() & IGNORING.keys()


def test_parameters_that_are_read_are_known() -> None:
    named = {field.name for field in fields(CompareQuestion)} - {"chosen"}
    assert set(COMPARED) == {*named, *AXES}
    assert set(LISTED) == {"q" if field.name == "text" else field.name for field in fields(BrowseRequest)}


def test_parameters_that_are_described_are_known() -> None:
    known = {path.replace(":path}", "}"): (*names, *EVERYWHERE) for path, names in KNOWN.items()}
    described = [
        (path, parameter["name"])
        for (_, path), operation in OPERATIONS.items()
        for parameter in operation.get("parameters", ())
        if path in known
    ]
    assert len(described) > 10
    assert [(path, name) for path, name in described if name not in known[path]] == []


@pytest.mark.parametrize(
    "address",
    [
        *("/disclosures.csv", "/disclosures.json", "/links.csv", "/purchases.csv", "/compare.csv", "/compare.json"),
        *("/search", "/search.json", "/search.csv", "/search/suggest", "/catalogue", "/catalogue.csv", "/void"),
        *("/data/facts.csv", "/data/datapackage.json", "/llms.txt", "/completions", "/context.jsonld", "/def.ttl"),
        *("/code/function/208", "/code/function.csv", "/id/org/420107/108", "/doc/org/420107/108.csv", "/rules"),
        *(f"/history/{DISCLOSURE}", "/graphs", "/query/how-much-goes-to-each-class.csv"),
    ],
)
def test_a_misspelt_parameter_is_refused_in_data(site: httpx2.Client, address: str) -> None:
    answer = site.get(address, params=MISSPELT, headers=PROGRAM)
    assert answer.status_code == 400
    assert answer.text.startswith("This address has no parameter “misspelt”. Its parameters: ")


def test_the_refusal_names_the_parameters_in_the_language_of_the_client(site: httpx2.Client) -> None:
    chinese = site.get("/search.json", params={"query": "培训"}, headers={**PROGRAM, "Accept-Language": "zh-CN"})
    assert chinese.text == "这个地址没有参数“query”。可用的参数：q, kind, page, limit, format。\n"
    both = site.get("/disclosures.csv", params={"yaer": "2024"}, headers={**PROGRAM, "Accept-Language": "fr"})
    assert both.headers["Content-Language"] == "zh, en"
    assert both.text.count("division, year, phase, verdict, q, sort") == 2


def test_a_browser_that_saves_data_is_refused_too(site: httpx2.Client) -> None:
    answer = site.get("/disclosures.csv", params={"yaer": "2024"}, headers=HTML)
    assert answer.status_code == 400
    assert "可用的参数：division, year" in answer.text


@pytest.mark.parametrize(
    "address", ["/", "/search", "/compare", "/purchases", "/catalogue", "/code/function/208", "/def"]
)
def test_pages_ignore_what_messengers_add(site: httpx2.Client, address: str) -> None:
    answer = site.get(address, params={"utm_source": "messenger", "from": "singlemessage"}, headers=HTML)
    assert answer.status_code == 200


def test_known_parameters_are_taken(site: httpx2.Client) -> None:
    for address, given in (
        ("/search.json", {"q": "培训", "kind": "code", "page": "1", "limit": "5", "lang": "en"}),
        ("/disclosures.csv", {"year": "2024", "lang": "zh", "bom": "1"}),
        ("/code/function/208", {"format": "ttl", "page": "1"}),
        ("/catalogue.csv", {"division": "420107"}),
    ):
        assert site.get(address, params=given).status_code == 200


def test_clients_of_sparql_may_add_parameters_of_other_services(site: httpx2.Client) -> None:
    given = {"query": "ASK {}", "output": "json", "results": "json", "format": "json", "timeout": "0"}
    assert site.get("/sparql", params=given).status_code == 200
    assert site.get("/reconcile", params={"callback": "jsonp1"}).status_code == 200


def test_a_misspelt_parameter_of_a_check_is_refused_before_the_file_is_read(site: httpx2.Client) -> None:
    answer = site.post("/validate", params={"fromat": "csv"}, content=b"", headers=PROGRAM)
    assert answer.status_code == 400
    assert "Its parameters: format" in answer.text
