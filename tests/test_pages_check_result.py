"""The page of a checked file: reports with reasons, the corrected file beside the first, results that are kept."""

import json
import os
import secrets
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from small_disclosures import BUREAU, EXAMPLE, expenditure, tabbed
from small_pages import HTML, Page
from small_service import running_service
from test_pages_check import NO_DISCLOSURE, upload

from ontology.messages import message
from server.checking.result import parse_state
from server.pages.checking.result_page import FORMS, FURTHER_FORMS
from server.pages.site import HtmlPages
from server.settings import Settings
from server.uploads.kept_results import MOST_KEPT_OF_CLIENT, KeptResults
from server.uploads.report_forms import TYPES, choose_form

pytestmark = pytest.mark.usefixtures("pages")
ROWS = """
201 | 一般公共服务支出 | 37 | 10 | 20
205 | 教育支出 | 20 | 10 | 10"""
DRAFT = tabbed(f"{BUREAU}2024年部门预算\n{expenditure(ROWS)}\n\n联系人：某人甲\n")
CORRECTED = DRAFT.replace("\t37\t", "\t30\t").replace("\t20\t10\t10", "\t26\t10\t10")


@pytest.fixture(scope="module")
def page(site_session: httpx2.Client) -> Page:
    response = upload(site_session, "draft.txt", DRAFT.encode())
    assert response.status_code == 200, response.text
    return Page(response.text)


def fields_of(page: Page) -> dict[str, str]:
    """The text fields of the form around the findings, with a reason for the failing sum."""
    form = page.one("form", id="review")
    fields = {
        field.attributes["name"]: field.attributes.get("value", "")
        for field in form.all("input")
        if field.attributes.get("type") not in ("file", "checkbox")
    }
    [finding] = [li for li in form.all("li") if li.has("data-rule", "sum")]
    [reason] = [field.attributes["name"] for field in finding.all("input")]
    return fields | {reason: "as decided"}


def sent(site: httpx2.Client, path: str, fields: dict[str, str], **files: tuple[str, bytes]) -> httpx2.Response:
    return site.post(path, data=fields, files=files or {"none": ("", b"")})


def test_a_finding_stands_beside_its_total_its_cells_and_its_reason(page: Page) -> None:
    [finding] = [li for li in page.all("li") if li.has("data-rule", "sum")]
    assert "37" in finding.one("details", class_="tree").text
    assert {a.attributes["href"] for a in finding.one("details", class_="tree").all("a")} <= {f"#{i}" for i in page.ids}
    assert {s.attributes["data-filter"] for s in page.all("select")} == {"table", "rule", "severity"}
    assert "某人甲" not in page.root.text


def test_findings_are_filtered_by_tables_in_the_order_of_the_document(site: httpx2.Client) -> None:
    page = Page(upload(site, "example.txt", EXAMPLE.read_bytes()).text)
    [select] = [each for each in page.all("select") if each.has("data-filter", "table")]
    offered = [option.attributes["value"] for option in select.all("option")][1:]
    numbers = [int(table.partition(" ")[0]) for table in offered if table != "text"]
    found = [li.attributes["data-table"].split() for li in page.all("li") if "data-table" in li.attributes]
    assert numbers == sorted(numbers)
    assert {table for tables in found for table in tables if table.isdecimal()} <= set(offered)
    assert len(numbers) > 5


@pytest.mark.parametrize("form", ["json", "docx"])
def test_a_report_is_saved_with_the_reason(site: httpx2.Client, page: Page, form: str) -> None:
    response = sent(site, "/check/report", fields_of(page) | {"format": form})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == TYPES[form][0]
    assert "draft" in response.headers["content-disposition"]
    if form == "json":
        [document] = response.json()["documents"]
        assert [finding["reason"] for finding in document["findings"] if finding["rule"] == "sum"] == ["as decided"]
    else:
        assert response.content.startswith(b"PK")


def test_the_page_offers_every_form(page: Page) -> None:
    assert [b.attributes["value"] for b in page.one("fieldset", id="reports").all("button")] == [*FORMS, *FURTHER_FORMS]
    assert {*FORMS, *FURTHER_FORMS} == set(TYPES) - {"pdf"}


@pytest.mark.parametrize("fields", [{}, {"format": "exe"}, {"format": "html", "state": "eJw"}])
def test_a_report_of_nothing_is_refused(site: httpx2.Client, fields: dict[str, str]) -> None:
    response = sent(site, "/check/report", fields or {"x": "y"})
    assert response.status_code == 400
    assert Page(response.text).one("p", role="alert").text


def test_the_corrected_file_shows_what_is_mended_still_there_and_new(site: httpx2.Client, page: Page) -> None:
    response = sent(site, "/check", fields_of(page), file=("corrected.txt", CORRECTED.encode()))
    assert response.status_code == 200, response.text
    again = Page(response.text)
    [finding] = [li for li in again.all("li") if li.has("data-rule", "sum")]
    assert finding.one("p", class_="new").text == message("report-new", "zh")
    assert again.all("p", class_="still-there")
    assert len(again.one("details", class_="mended").all("li")) == 1
    assert "1" in again.one("p", id="compared").text


def test_a_result_is_kept_only_if_asked_and_at_an_address_nobody_guesses(pages_store: Path, tmp_path: Path) -> None:
    with kept_site(pages_store, tmp_path) as client:
        upload(client, "a.txt", NO_DISCLOSURE)
        assert not (tmp_path / "kept").exists()
        response = sent(client, "/check", {"keep": "1"}, file=("draft.txt", DRAFT.encode()))
        address = response.headers["location"]
        assert response.status_code == 303
        assert len(address.rpartition("/")[2]) == 32
        kept = client.get(address)
        assert kept.status_code == 200
        assert kept.headers["referrer-policy"] == "no-referrer"
        assert kept.headers["cache-control"] == "no-store"
        [file] = (tmp_path / "kept").iterdir()
        assert address.rpartition("/")[2] not in file.name
        assert file.stat().st_mode & 0o077 == 0
        assert client.get(address[:-1] + ("A" if address[-1] != "A" else "B")).status_code == 404
        removal = Page(kept.text).one("form", id="kept").attributes["action"]
        assert client.post(removal).status_code == 303
        assert client.get(address).status_code == 404
        assert not list((tmp_path / "kept").iterdir())


def test_one_client_does_not_displace_what_others_keep(pages_store: Path, tmp_path: Path) -> None:
    kept = KeptResults(Settings(pages_store, kept_results=tmp_path, kept_space=4000))
    others = kept.keep(b"result", "192.0.2.1")
    tokens = [kept.keep(b"result", "192.0.2.2") for _ in range(MOST_KEPT_OF_CLIENT + 2)]
    assert [kept.find(token) is not None for token in tokens] == [False] * 2 + [True] * MOST_KEPT_OF_CLIENT
    assert kept.find(others) == b"result"
    large = [kept.keep(secrets.token_bytes(700), "192.0.2.3") for _ in range(2)]
    assert [kept.find(token) is not None for token in large] == [False, True]
    assert kept.find(others) == b"result"


@contextmanager
def kept_site(store: Path, folder: Path) -> Iterator[httpx2.Client]:
    settings = Settings(store, workers=1, kept_results=folder / "kept")
    with (
        running_service(settings, HtmlPages()) as address,
        httpx2.Client(base_url=address, headers=HTML, timeout=60) as client,
    ):
        yield client


def test_kept_results_expire_and_make_room(tmp_path: Path) -> None:
    kept = KeptResults(Settings(tmp_path / "store", kept_results=tmp_path, kept_days=1, kept_space=100_000))
    first = kept.keep(b"first")
    assert kept.find(first) == b"first"
    for path in tmp_path.glob("*.gz"):
        os.utime(path, (0, 0))
    assert kept.find(first) is None
    assert kept.find("../../etc/passwd") is None
    tokens = [kept.keep(os.urandom(40_000)) for _ in range(4)]
    assert [kept.find(token) is not None for token in tokens].count(True) == 2
    assert kept.find(tokens[-1]) is not None
    with pytest.raises(OSError, match=r"\w"):
        kept.keep(os.urandom(200_000))
    assert kept.find(tokens[-1]) is not None


def test_a_state_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(ValueError, match="recursion"):
        parse_state(b64encode(zlib.compress(b"[" * 100_000)).decode())


def test_a_state_without_files_is_refused(site: httpx2.Client, page: Page) -> None:
    fields = fields_of(page)
    content = json.loads(zlib.decompress(b64decode(fields["state"])))
    content["report"]["files"] = []
    fields |= {"state": b64encode(zlib.compress(json.dumps(content).encode())).decode(), "format": "sarif"}
    assert sent(site, "/check/report", fields).status_code == 400


@pytest.mark.parametrize(
    ("accept", "name", "form"),
    [
        ("*/*", None, "json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", None, "html"),
        ("application/sarif+json", None, "sarif"),
        ("text/turtle", None, "ttl"),
        ("application/xml", None, "junit"),
        ("image/png", None, None),
        ("*/*", "earl", "earl"),
        ("*/*", "exe", None),
    ],
)
def test_the_form_is_the_one_that_is_named_or_preferred(accept: str, name: str | None, form: str | None) -> None:
    assert choose_form(accept, name) == form
