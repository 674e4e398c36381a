"""axe finds nothing to complain of on the pages about purchases, in both languages, on a desk and on a telephone."""

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import httpx2
import pytest
from small_browser import Tab, open_browser
from small_notices import AWARD_NOTICE, TENDER_NOTICE, read_made
from small_service import running_service
from test_notices_published import published

from converters.model.iris import SUGGESTIONS_GRAPH
from ontology import load_vocabulary
from ontology.namespaces import DEF, DEFAULT_BASE
from server.pages.procurement.purchases import QUESTIONS
from server.pages.site import HtmlPages
from server.settings import Settings
from yusuan.linking.linked_store import suggestions_to_triples
from yusuan.linking.model import load_model
from yusuan.linking.sides import Suggestion

pytestmark = pytest.mark.browser

AXE = """
axe.run(document, {resultTypes: ["violations"]}).then((results) =>
  results.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} ${n.html.slice(0, 120)}`)))
"""


@pytest.fixture(scope="module")
def tab(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with open_browser(chromium, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over two notices with a suggested link each, and some catalogue items."""
    folder = tmp_path_factory.mktemp("purchases")
    store = published(folder / "store", [read_made(folder, text) for text in (TENDER_NOTICE, AWARD_NOTICE)])
    items = f"<{DEFAULT_BASE}code/procurement-item/A0504"
    triples = load_vocabulary(DEFAULT_BASE).triples
    store.publish([], [triple for triple in triples if str(triple.subject).startswith(items)], [])
    with store.open() as opened:
        notices = [str(row["n"].value) for row in opened.query(f"SELECT ?n {{ ?n a <{DEF}Notice> }}")]  # type: ignore[union-attr]  # a SELECT
    line = f"{DEFAULT_BASE}id/coordinates/0123456789abcdef"
    found = [Suggestion(notice, line, 0.9, ("buyer-same", "amount-exact")) for notice in notices]
    store.replace_graph(DEFAULT_BASE + SUGGESTIONS_GRAPH, suggestions_to_triples(found, DEFAULT_BASE, load_model()))
    with running_service(Settings(store=store.path), HtmlPages()) as address:
        yield address


def named_pages(site: str) -> list[str]:
    """The pages of a notice, a procedure and a supplier."""
    pages = []
    for kind in ("Notice", "Procedure", "Supplier"):
        query = f"SELECT ?s {{ ?s a <{DEF}{kind}> }} LIMIT 1"
        listed = httpx2.get(f"{site}/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text
        pages.append(listed.split()[1].replace(f"{DEFAULT_BASE}id/", "/doc/"))
    return pages


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_on_pages_about_purchases(tab: Tab, site: str, language: str, width: int) -> None:
    script = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    complaints: list[str] = []
    pages = [f"/purchases?question={question}" for question in QUESTIONS]
    for path in [*pages, "/links", "/links?state=accepted", *named_pages(site), "/code/procurement-item/A05040101"]:
        page = httpx2.get(f"{site}{path}", headers={"Accept": "text/html"}, follow_redirects=True)
        assert page.status_code == 200, path
        tab.open(f"{site}{path}{'&' if '?' in path else '?'}lang={language}", width)
        tab.ask(f"{script}; true")
        complaints += [f"{path} {complaint}" for complaint in tab.ask(AXE)]
    assert [re.sub(r"\s+", " ", complaint) for complaint in complaints] == []
