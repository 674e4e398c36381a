"""axe finds nothing to complain of on any kind of page, in both languages, on a desk and on a telephone."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import httpx2
import pytest
from small_browser import Tab, open_browser
from small_pages import HTML, Published, doc, objects
from small_service import running_service
from test_evaluations import NATIONAL, evaluated, office_path, publish_account

from server.pages.site import HtmlPages
from server.settings import Settings

pytestmark = pytest.mark.browser

AXE = """
axe.run(document, {resultTypes: ["violations"]}).then((results) =>
  results.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} ${n.html.slice(0, 120)}`)))
"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tab(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with open_browser(chromium, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture(scope="module")
def checked(pages_address: str, ten_tables: Path) -> str:
    """The page of a file that was checked and kept."""
    with httpx2.Client(base_url=pages_address, timeout=120, headers=HTML) as client:
        answer = client.post("/check", files={"file": (ten_tables.name, ten_tables.read_bytes())}, data={"keep": "1"})
    assert answer.status_code == 303, answer.text
    return httpx2.URL(answer.headers["location"]).path


def kinds_of_page(pages: Published, checked: str) -> list[str]:
    """An address for each kind of page."""
    version, disclosure = doc(pages.current.version), doc(pages.current.disclosure)
    return [
        *("/", "/?sort=-figures", "/search?q=%E5%9F%B9%E8%AE%AD%E8%B4%B9", "/compare", "/catalogue", "/rules", "/def"),
        *("/check", checked, "/query", "/query/which-codes-are-used", "/query?query=ASK%20%7B%7D"),
        *("/code/function", "/code/economic/30216", "/doc/org/420107/108", "/doc/nothing"),
        *(version, f"{version}/coverage", f"{version}/t05/r4c3", f"{version}/t11/r6"),
        doc(next(iter(objects(pages.current, "point").values()))),
        disclosure.replace("/doc/", "/history/"),
        f"/reconcile/preview?id={pages.current.disclosure}",
    ]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of an office whose name is shorter than those of its codes, with the results of a project."""
    folder = tmp_path_factory.mktemp("account")
    store = publish_account(folder)
    with running_service(Settings(store, workers=1), HtmlPages()) as address:
        yield f"{address}{office_path(evaluated(NATIONAL))}"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing(
    tab: Tab,
    axe: str,
    pages_address: str,
    indexed_site: httpx2.Client,
    pages: Published,
    checked: str,
    account: str,
    language: str,
    width: int,
) -> None:
    assert indexed_site.get("/search").status_code == 200
    complaints: list[str] = []
    for address in (*(f"{pages_address}{path}" for path in kinds_of_page(pages, checked)), account):
        tab.open(f"{address}{'&' if '?' in address else '?'}lang={language}", width)
        tab.ask("document.querySelectorAll('details').forEach((each) => { each.open = true }); true")
        tab.ask(f"{axe}; true")
        complaints += [f"{address} {complaint}" for complaint in tab.ask(AXE)]
    assert complaints == []
