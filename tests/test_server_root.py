"""A service that a proxy serves below a path of its site: whatever it says of itself lies below that path."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from small_pages import HTML, Page, Published, doc
from small_service import running_application, running_service, undigested_application

from server.pages import HtmlPages
from server.settings import Settings

ROOT = "/budgets"
DISCLOSURE = "disclosure/420107/2024/budget/108"
ADDRESSES = [
    *("/", "/sparql", "/query?query=ASK%7B%7D", "/def", "/rules", "/prefixes", "/code/fund", "/code/function?page=2"),
    *("/doc/org/420107/108", f"/id/{DISCLOSURE}", f"/history/{DISCLOSURE}", "/id/org/420107/108", "/nowhere"),
    *("/catalogue", "/void", "/.well-known/void", "/robots.txt", "/sitemap.xml", "/check", "/openapi.json"),
    *("/graphs/def", "/context.jsonld", "/sparql?query=CONSTRUCT%7B%3Fs%20a%20%3Fo%7D%7B%3Fs%20a%20%3Fo%7DLIMIT%202"),
]


@pytest.fixture(scope="module")
def below(pages_store: Path, pages: Published) -> Iterator[httpx2.Client]:
    """What a proxy that takes the path off sees of the service."""
    assert pages.current.version
    settings = Settings(pages_store, workers=1, root=ROOT, rate=0.001, burst=1000)
    app = undigested_application(settings, HtmlPages())
    with running_application(app) as address, httpx2.Client(base_url=address, timeout=60) as client:
        yield client


def told_addresses(response: httpx2.Response) -> set[str]:
    """The paths on the same host to which a response leads, in its headers and its body."""
    host = str(response.url.copy_with(path="/", query=None)).rstrip("/")
    text = "\n".join([html.unescape(response.text), *(response.headers.get(name, "") for name in ("location", "link"))])
    found = {found.removeprefix(host) for found in re.findall(rf"{re.escape(host)}[^\s<>\"',;{{}}]*", text)}
    if (location := response.headers.get("location", "")).startswith("/"):
        found.add(location)
    if response.headers.get("content-type", "").startswith("text/html"):
        elements = Page(response.text).all()
        named = (e.attributes.get(name, "") for e in elements for name in ("href", "src", "action", "data-endpoint"))
        found |= {address for address in named if address.startswith("/")}
    return found


@pytest.mark.sampled(every=4)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/ld+json"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_that_is_told_lies_below_the_root(below: httpx2.Client, address: str, accept: str) -> None:
    response = below.get(address, headers={"Accept": f"{accept}, */*;q=0.1"})
    assert response.status_code < 400 or address == "/nowhere"
    assert {told for told in told_addresses(response) if not f"{told}/".startswith(f"{ROOT}/")} == set()


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_what_is_linked_is_there_once_the_proxy_has_taken_the_path_off(
    below: httpx2.Client, pages: Published, step: int
) -> None:
    for address in ("/", doc(pages.current.version)):
        told = [a for a in told_addresses(below.get(address, headers=HTML)) if "/diff/" not in a and "?" not in a]
        assert len(told) > 10
        for linked in sorted(told)[:40:step]:
            assert below.get(linked.removeprefix(ROOT).partition("#")[0]).status_code < 400, linked


def test_a_cookie_and_the_methods_of_an_address_hold_below_the_root(below: httpx2.Client) -> None:
    assert f"Path={ROOT};" in below.get("/?lang=en", headers=HTML).headers["set-cookie"]
    assert below.options("/def").headers["allow"] == "GET, HEAD, OPTIONS"
    assert f"Disallow: {ROOT}/sparql\n" in below.get("/robots.txt").text
    assert below.get("/openapi.json").json()["servers"] == [{"url": ROOT}]


def test_whether_it_is_alive_may_be_asked_without_end(pages_store: Path, pages: Published) -> None:
    assert pages.current.version
    with running_service(Settings(pages_store, workers=1, root=ROOT, rate=0.001, burst=1)) as address:
        assert [httpx2.get(f"{address}/health").status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize("root", ["budgets", "/budgets/", "/"])
def test_a_root_that_is_no_path_is_refused(root: str) -> None:
    with pytest.raises(ValueError, match="root"):
        Settings(root=root)
