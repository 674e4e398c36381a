"""The page that checks a file: its findings are shown, and nothing of it is kept."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx2
import pytest
from small_disclosures import EXAMPLE
from small_pages import Page, misprinted_text

from server.pages import checking


def upload(site: httpx2.Client, name: str, content: bytes) -> httpx2.Response:
    return site.post("/check", files={"file": (name, content)})


def test_a_checked_file_shows_its_findings_and_leaves_nothing_behind(site: httpx2.Client, pages_store: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in pages_store.rglob("*"))
    response = upload(site, "../my draft.txt", misprinted_text().encode())
    assert response.status_code == 200
    page = Page(response.text)
    assert page.one("td", id="t05-r4c5").has("class", "violation")
    assert page.all("a", class_="suspect")
    assert "my draft.txt" in page.one("dl", class_="facts").text
    assert not [link for link in page.links if link.startswith("/doc/disclosure")]
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))
    assert sorted((path, path.stat().st_mtime_ns) for path in pages_store.rglob("*")) == before


def test_names_and_numbers_filled_into_the_forms_are_not_shown(site: httpx2.Client) -> None:
    numbers = count(1)
    text = re.sub("（略）", lambda _: f"某人甲乙{next(numbers)}号", EXAMPLE.read_text(encoding="utf-8"))
    response = upload(site, "with-people.txt", text.encode())
    assert response.status_code == 200
    assert "某人甲乙" not in response.text
    assert Page(response.text).all("td", class_="withheld")


def test_the_files_of_one_disclosure_are_checked_together(site: httpx2.Client) -> None:
    half = misprinted_text().index("\n表 5")
    contents = (misprinted_text()[:half], misprinted_text()[half:])
    files = [("file", (f"{name}.txt", text.encode())) for name, text in zip("ab", contents, strict=True)]
    page = Page(site.post("/check", files=files).text)
    assert "a.txt" in page.one("dl", class_="facts").text
    assert "b.txt" in page.one("dl", class_="facts").text
    assert page.one("td", id="t05-r4c5").has("class", "violation")


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("a.exe", b"MZ", 422, "a.exe"),
        ("a.txt", b"\xff\xfe\x00", 422, "a.txt"),
        ("a.txt", b"hello", 422, "a.txt"),
        ("a.pdf", b"%PDF-1.7 no", 422, "a.pdf"),
        ("", b"", 400, "核对"),
    ],
)
def test_a_file_that_gives_nothing_is_named_with_the_remedy(
    site: httpx2.Client, name: str, content: bytes, status: int, said: str
) -> None:
    response = upload(site, name, content)
    assert response.status_code == status
    page = Page(response.text)
    assert said in page.one("p", role="alert").text
    assert page.all("input", id="file")


def test_a_form_without_a_file_is_asked_for_one(site: httpx2.Client) -> None:
    for response in (site.post("/check"), site.post("/check", data={"file": "text"})):
        assert response.status_code == 400
        assert Page(response.text).all("p", role="alert")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    site: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "LARGEST_FILE", 2**20)
    assert upload(site, "a.txt", bytes(3 * 2**20)).status_code == 413

    def chunks() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        yield from (bytes(2**18) for _ in range(12))

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert site.post("/check", content=chunks(), headers=headers).status_code == 413


def test_checking_that_takes_too_long_is_stopped(site: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.01)
    response = upload(site, "slow.txt", b"x\ty\n")
    assert response.status_code == 503
    assert "slow.txt" in Page(response.text).one("p", role="alert").text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/x.PDF", "x.PDF"),
        ("C:\\d\\b.txt", "b.txt"),
        ("a\n\0b.txt", "ab.txt"),
        ("/", "file"),
    ],
)
def test_the_name_of_a_file_is_kept_without_its_folder(given: str, kept: str) -> None:
    assert checking.safe_name(given) == kept
