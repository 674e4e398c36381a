"""The search field in Chromium: suggestions by keys, and pages that fit a telephone."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from small_browser import Tab, open_browser

pytestmark = pytest.mark.browser

OPTIONS = "document.querySelectorAll('#search-suggestions li').length"
FIELD = "document.querySelector('#site-search')"


@pytest.fixture(scope="module")
def tab(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with open_browser(chromium, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


def type_text(tab: Tab, text: str) -> None:
    """Type into the search field, and wait for suggestions."""
    tab.ask(f"{FIELD}.focus(), {FIELD}.value = {text!r}, {FIELD}.dispatchEvent(new Event('input')), true")
    for _ in range(100):
        if tab.ask(OPTIONS):
            return
        time.sleep(0.1)
    pytest.fail("no suggestions came")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_suggestion_is_chosen_by_keys_and_escape_closes_the_list(
    tab: Tab, pages_address: str, indexed_site: httpx2.Client, width: int
) -> None:
    assert indexed_site.get("/search/suggest?q=30216").json()["suggestions"]
    tab.open(f"{pages_address}/?lang=zh", width)
    type_text(tab, "30216")
    tab.press("ArrowDown")
    assert tab.ask(f"{FIELD}.getAttribute('aria-activedescendant')") == "search-suggestion-0"
    tab.press("Escape")
    assert tab.ask("document.querySelector('#search-suggestions').hidden")
    assert tab.ask("document.documentElement.scrollWidth <= innerWidth")
    type_text(tab, "peixunfei")
    tab.press("ArrowDown")
    tab.press("Enter")
    for _ in range(100):
        if tab.ask("location.pathname").startswith("/code/"):
            break
        time.sleep(0.1)
    assert tab.ask("location.pathname").startswith("/code/")
    assert tab.complaints == []


@pytest.mark.parametrize("path", ["/?sort=-figures", "/search?q=%E5%9F%B9%E8%AE%AD%E8%B4%B9"])
def test_lists_fit_a_telephone_in_both_languages(
    tab: Tab, pages_address: str, indexed_site: httpx2.Client, path: str
) -> None:
    assert indexed_site.get(path).status_code == 200
    for language in ("zh", "en"):
        tab.open(f"{pages_address}{path}&lang={language}", 390, 844)
        assert tab.ask("document.documentElement.scrollWidth <= innerWidth"), language
        assert tab.complaints == []
