"""The pages for people: home, languages, errors, and what holds of every page."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from small_disclosures import example_tables
from small_pages import HTML, Page, Published, doc, example_text, get, objects, short_vocabulary, version_of
from small_service import running_service

from ontology.example_queries import load_examples
from ontology.messages import load_messages
from server.pages import HtmlPages
from server.settings import Settings
from server.store.generation_store import GenerationStore
from shapes import load_rule_triples

ROOT = Path(__file__).parent.parent
OFFICE = "/doc/org/420107/108"
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def test_home_lists_the_current_version_of_each_disclosure_with_its_findings(
    indexed_site: httpx2.Client, pages: Published
) -> None:
    page = get(indexed_site, "/")
    rows = page.one("table", class_="disclosures").all("tr")[1:]
    assert [row.all("td")[1].text for row in rows] == ["2024", "2023"]
    assert {doc(pages.current.version), doc(pages.earlier.version)} <= set(page.links)
    assert doc(pages.misprinted.version) not in page.links
    assert all("错误" in row.text and "提醒" in row.text for row in rows)
    assert [dd.text for dd in page.one("dl", class_="totals").all("dd")][:2] == ["2", "1"]


def test_home_finds_an_office_by_name_code_or_title(site: httpx2.Client) -> None:
    for text in ("青山区人民代表大会", "108", "2023 年部门预算"):
        assert get(site, "/", q=text).all("table", class_="disclosures"), text
    nothing = get(site, "/", q="没有的部门")
    assert nothing.all("table", class_="disclosures") == []
    assert "没有的部门" in nothing.one("p", class_="empty").text


def test_home_shows_no_more_than_a_page_at_a_time(site: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.pages.data.home.PAGE_SIZE", 1)
    first, second = get(site, "/"), get(site, "/", page="2")
    assert first.one("a", rel="next").attributes["href"] == "/?page=2"
    assert second.one("a", rel="prev").attributes["href"] == "/?page=1"
    assert [len(page.one("table", class_="disclosures").all("tr")) for page in (first, second)] == [2, 2]
    get(site, "/", 404, page="99")


ABOUT_NOTICES = {
    "which-notices-have-no-budget-line",
    "which-awards-exceed-the-budget",
    "what-was-each-supplier-awarded",
    "which-notices-print-the-project-of-another-office",
}
"""Examples without an answer here, where no notices are published; `test_example_queries.py` asks them of some."""


def test_home_offers_to_check_a_file_before_it_lists_queries(site: httpx2.Client) -> None:
    text = site.get("/", headers=HTML).text
    assert text.index('id="disclosures"') < text.index('id="own"') < text.index('id="examples"')


def test_home_offers_the_example_queries_and_each_of_them_has_results(site: httpx2.Client) -> None:
    examples = get(site, "/").one("ul", class_="examples").all("a")
    assert len(examples) == len(load_examples())
    for example in examples:
        assert CHINESE.search(example.text)
        page = get(site, example.attributes["href"])
        if example.attributes["href"].rpartition("/")[2] in ABOUT_NOTICES:
            assert page.all("p", class_="empty")
        else:
            assert page.one("table", class_="results").all("td")


# ── Languages ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "cookie", "accepted", "given"),
    [
        ("", "", "", "zh"),
        ("", "", "fr", "zh"),
        ("", "", "en-GB, zh;q=0.5", "en"),
        ("", "en", "zh", "en"),
        ("zh", "en", "en", "zh"),
        ("xx", "xx", "en", "en"),
    ],
)
def test_the_language_is_that_of_the_parameter_else_the_cookie_else_the_browser(
    site: httpx2.Client, asked: str, cookie: str, accepted: str, given: str
) -> None:
    headers = {"Accept-Language": accepted, "Cookie": f"lang={cookie}"}
    response = site.get("/rules", params={"lang": asked} if asked else None, headers=headers)
    assert response.headers["content-language"] == given
    assert Page(response.text).one("html").attributes["lang"] == given
    assert ("set-cookie" in response.headers) == (asked in ("zh", "en"))


def test_the_other_language_is_one_link_away_and_keeps_the_address(site: httpx2.Client) -> None:
    link = get(site, "/", q="青山 & <区>").one("a", class_="language").attributes["href"]
    assert "lang=en" in link
    page = get(site, link)
    assert page.one("input", id="q").attributes["value"] == "青山 & <区>"
    site.cookies.clear()


def test_an_english_page_is_english_but_for_what_is_printed_or_has_no_other_name(site: httpx2.Client) -> None:
    for address in ("/", "/check", "/def", "/nothing", "/code/fund", OFFICE):
        page = Page(site.get(address, params={"lang": "en"}).text)
        site.cookies.clear()
        text = page.one("body").text
        in_chinese = [e.text for e in page.all() if e.attributes.get("lang") == "zh"]
        for words in sorted(in_chinese, key=len, reverse=True):
            text = text.replace(words, "")
        assert CHINESE.findall(re.sub(r"“[^”]*”", "", text)) == [], address


def test_every_word_of_the_pages_is_there_in_both_languages() -> None:
    messages = load_messages()
    sources = [*(ROOT / "server" / "templates").glob("*.html"), *(ROOT / "server" / "pages").rglob("*.py")]
    used = {key for path in sources for key in re.findall(r'message\("([a-z0-9-]+[a-z0-9])"', path.read_text("utf-8"))}
    assert len(used) > 100
    assert {(key, language) for key in used for language in ("zh", "en")} <= messages.keys()


def test_no_word_stands_in_a_template_or_in_python() -> None:
    for folder in ("templates", "pages", "static"):
        for path in (ROOT / "server" / folder).rglob("*"):
            if path.suffix in {".html", ".py", ".js", ".css"} and "vendor" not in path.parts:
                assert not CHINESE.search(path.read_text("utf-8")), path.name


# ── All pages ───────────────────────────────────────────────────────────────────────────────────


def pages_to_look_at(pages: Published) -> list[str]:
    version = doc(pages.current.version)
    return [
        *("/", "/check", "/query", "/sparql", "/rules", "/def", "/code/fund", "/code/function/201", OFFICE),
        *(
            version,
            version + "/t05/r4c3",
            doc(next(iter(objects(pages.current, "change")))),
            version + "/t11/r6",
            doc(pages.misprinted.version),
        ),
        "/query?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205",
        "/doc/nothing",
    ]


def folder_of(link: str) -> str:
    """The folder of a link and its suffix; downloads of a folder are of one kind, what is at the top is its own."""
    folder, _, name = without_digits(link).rpartition("/")
    if link.startswith("/data"):
        return folder
    return f"{folder}/*.{name.partition('.')[2]}" if folder else name


def without_digits(link: str) -> str:
    """The path of a link without its codes and digests."""
    return re.sub("[0-9a-f]{2,}", "", link.partition("?")[0].partition("#")[0])


@pytest.mark.parametrize(
    ("kind_of", "of_a_kind"), [(folder_of, 1), pytest.param(without_digits, 3, marks=pytest.mark.exhaustive)]
)
def test_every_link_on_the_pages_leads_somewhere(
    site: httpx2.Client, pages: Published, kind_of: Callable[[str], str], of_a_kind: int
) -> None:
    links: set[str] = set()
    for address in pages_to_look_at(pages):
        page = Page(site.get(address).text)
        ids = set(page.ids)
        assert len(page.ids) == len(ids), address
        for link in page.links:
            if link.startswith("#"):
                assert link[1:] in ids, (address, link)
            elif "/doc/disclosure/" not in link or link.partition("#")[0].endswith(pages.current.version[-16:]):
                links.add(link)
            assert not link.startswith(("javascript:", "None"))
    kinds: dict[str, list[str]] = {}
    for link in sorted(link for link in links if link.startswith("/")):
        kinds.setdefault(kind_of(link), []).append(link)
    assert len(kinds) > 30
    for same in kinds.values():
        for link in same[:of_a_kind]:
            if not link.startswith(("/code/procurement-item/", "/doc/nothing")):
                assert site.get(link, follow_redirects=True).status_code < 400, link


def test_pages_are_protected_and_hold_no_script_or_style_of_their_own(site: httpx2.Client, pages: Published) -> None:
    for address in pages_to_look_at(pages):
        response = site.get(address)
        assert "default-src 'self'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        page = Page(response.text)
        for element in page.all():
            assert "style" not in element.attributes
            assert not any(name.startswith("on") for name in element.attributes)
            source = element.attributes.get("src") or (element.name == "link" and element.attributes["href"]) or ""
            assert not source.startswith(("http", "//")) or element.has("rel", "canonical")
        run = [script for script in page.all("script") if script.attributes.get("type") != "application/ld+json"]
        assert all(script.text == "" and script.attributes["src"] for script in run)
        assert page.all("style") == []


def test_every_field_has_a_label_and_every_table_a_header(site: httpx2.Client, pages: Published) -> None:
    for address in pages_to_look_at(pages):
        page = get(site, address) if address != "/doc/nothing" else get(site, address, 404)
        labelled = {label.attributes["for"] for label in page.all("label")}
        for name in ("input", "select", "textarea"):
            assert {field.attributes["id"] for field in page.all(name)} <= labelled
        for table in page.all("table"):
            assert all("scope" in th.attributes for th in table.all("th")), address
        assert len(page.all("h1")) == 1
        assert len(page.all("main")) == 1


def test_what_the_pages_load_is_served_for_good_and_by_name(site: httpx2.Client) -> None:
    page = get(site, "/")
    loaded = [e.attributes["href"] for e in page.all("link")] + [s.attributes["src"] for s in page.all("script")]
    for address in loaded:
        response = site.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
    assert site.get("/static/../pages/site.py").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nothing", 404),
        ("/doc/point/0000000000000000", 404),
        ("/doc/disclosure/420107/2024/budget/108/v/0000000000000000", 404),
        ("/doc/disclosure/420107/1999/budget/108", 404),
        ("/doc/org/420107/999", 404),
        ("/code/function/999", 404),
        ("/code/nothing", 404),
        ("/csv/nothing", 404),
        ("/doc/a%20b%3Cc", 404),
        ("/sparql?query=SELECT", 400),
        ("/sparql?query=ASK%7BSERVICE%20%3Chttp://x/%3E%7B%7D%7D", 403),
    ],
)
def test_an_error_says_in_both_languages_what_happened_and_what_to_do(
    site: httpx2.Client, address: str, status: int
) -> None:
    for language in ("zh", "en"):
        response = site.get(address, headers={"Accept-Language": language})
        page = Page(response.text)
        assert response.status_code == status
        assert page.one("h1").text
        assert page.one("p", class_="lead").text
        assert bool(CHINESE.search(page.one("p", class_="lead").text)) == (language == "zh")


@pytest.mark.parametrize(
    ("text_of", "step"),
    [(lambda: example_tables(1, 6), 5), pytest.param(example_text, 1, marks=pytest.mark.exhaustive)],
    ids=["some", "all"],
)
def test_pages_link_by_path_whatever_the_base_is(tmp_path: Path, text_of: Callable[[], str], step: int) -> None:
    base = "https://data.example.org/budgets/"
    published = version_of(text_of(), "example.txt", base)
    GenerationStore(tmp_path / "store", base).publish([published], short_vocabulary(base), load_rule_triples(base))
    with (
        running_service(Settings(tmp_path / "store", base=base, workers=1), HtmlPages()) as address,
        httpx2.Client(base_url=address, headers=HTML) as client,
    ):
        page = get(client, "/")
        version = doc(published.version, base)
        assert version in page.links
        assert base in page.one("footer").text
        assert f"{version}/t05/r4c3" in get(client, version).links
        for example in page.one("ul", class_="examples").all("a")[::step]:
            shown = get(client, example.attributes["href"])
            is_empty = example.attributes["href"].rpartition("/")[2] in ABOUT_NOTICES
            assert shown.all("p", class_="empty") if is_empty else shown.all("td")
