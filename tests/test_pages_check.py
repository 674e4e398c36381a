"""The page that checks a file: its findings are shown, and nothing of it is kept."""

import os
import re
import socket
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from io import BytesIO
from itertools import count
from pathlib import Path

import httpx2
import pytest
from hostile import hostile_files
from small_disclosures import example_tables
from small_pages import HTML, MISPRINTED, PRINTED, Page
from small_service import running_service

from server.http import request_bodies
from server.http.metrics import memory_of_process
from server.networks import parse_networks
from server.pages.site import HtmlPages
from server.settings import MEBIBYTE, Settings
from server.uploads import concurrency as upload_concurrency
from server.uploads import receiving

pytestmark = pytest.mark.usefixtures("pages")


@contextmanager
def own_site(settings: Settings) -> Iterator[httpx2.Client]:
    """A client of a site with settings of its own."""
    with (
        running_service(settings, HtmlPages()) as address,
        httpx2.Client(base_url=address, headers=HTML, timeout=60) as client,
    ):
        yield client


# For those who wait their turn: that it is no disclosure is known only once it is read.
NO_DISCLOSURE = b"hello"


def misprinted_tables() -> str:
    """Two tables, with a figure of the second misprinted."""
    return example_tables(4, 5).replace(PRINTED, MISPRINTED, 1)


def large_text(rows: int = 4_000) -> bytes:
    """A table that takes much memory and some time."""
    return ("某县财政局2024年部门预算\n\n" + ("\t".join(["1.00"] * 60) + "\n") * rows).encode()


def swelling_pdf() -> bytes:
    """A small file that unpacks to a page of very many operators."""
    content = zlib.compress(b"BT /F1 9 Tf " + b"(1) Tj " * 2_000_000 + b"ET", 9)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    numbered = b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, each) for number, each in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + numbered + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"


def upload(site: httpx2.Client, name: str, content: bytes) -> httpx2.Response:
    return site.post("/check", files={"file": (name, content)})


def test_a_checked_file_shows_its_findings_and_leaves_nothing_behind(site: httpx2.Client, pages_store: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in pages_store.rglob("*"))
    response = upload(site, "../my draft.txt", misprinted_tables().encode())
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
    text = re.sub("（略）", lambda _: f"某人甲乙{next(numbers)}号", example_tables(14, 15))
    response = upload(site, "with-people.txt", text.encode())
    assert response.status_code == 200
    assert "某人甲乙" not in response.text
    assert Page(response.text).all("td", class_="withheld")


def test_the_files_of_one_disclosure_are_checked_together(site: httpx2.Client) -> None:
    half = misprinted_tables().index("\n表 5")
    contents = (misprinted_tables()[:half], misprinted_tables()[half:])
    files = [("file", (f"{name}.txt", text.encode())) for name, text in zip("ab", contents, strict=True)]
    page = Page(site.post("/check", files=files).text)
    assert "a.txt" in page.one("dl", class_="facts").text
    assert "b.txt" in page.one("dl", class_="facts").text
    assert page.one("td", id="t05-r4c5").has("class", "violation")


def test_a_zip_archive_is_one_disclosure(site: httpx2.Client) -> None:
    half = misprinted_tables().index("\n表 5")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("预算/表.txt", misprinted_tables()[:half])
        archive.writestr("预算/说明.txt", misprinted_tables()[half:])
        archive.writestr("__MACOSX/._表.txt", b"\0")
    page = Page(upload(site, "budget.zip", packed.getvalue()).text)
    facts = page.one("dl", class_="facts").text
    assert "表.txt" in facts
    assert "说明.txt" in facts
    assert page.one("td", id="t05-r4c5").has("class", "violation")
    assert ".zip" in Page(site.get("/check").text).one("input", id="file").attributes["accept"]


@pytest.mark.exhaustive
def test_hostile_files_get_a_message_each(site: httpx2.Client) -> None:
    for name, content in hostile_files().items():
        response = upload(site, name, content)
        assert response.status_code in (413, 422), name
        assert name in Page(response.text).one("p", role="alert").text


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
    monkeypatch.setattr(receiving, "LARGEST_FILE", 2**20)
    assert upload(site, "a.txt", bytes(3 * 2**20)).status_code == 413

    def chunks() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        yield from (bytes(2**18) for _ in range(12))

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert site.post("/check", content=chunks(), headers=headers).status_code == 413


def test_checking_that_takes_too_long_is_stopped(pages_store: Path) -> None:
    with own_site(Settings(pages_store, workers=1, check_timeout=0.01)) as client:
        response = upload(client, "slow.txt", b"x\ty\n")
    assert response.status_code == 503
    assert "slow.txt" in Page(response.text).one("p", role="alert").text


@pytest.mark.parametrize(
    ("name", "make", "language", "said"),
    [("a.txt", large_text, "zh", "64 MiB"), ("a.pdf", swelling_pdf, "en", "more memory")],
)
def test_checking_that_takes_too_much_memory_is_stopped(
    pages_store: Path, name: str, make: Callable[[], bytes], language: str, said: str
) -> None:
    settings = Settings(pages_store, workers=1, check_memory=64 * MEBIBYTE)
    with own_site(settings) as client:
        client.headers["Accept-Language"] = language
        response = upload(client, name, make())
    assert response.status_code == 413
    assert name in Page(response.text).one("p", role="alert").text
    assert said in Page(response.text).one("p", role="alert").text


def begin_upload(address: httpx2.URL, content: bytes) -> socket.socket:
    """A connection that has sent a file to check and waits."""
    connection = socket.create_connection((address.host, address.port), timeout=60)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + content + b"\r\n--x--\r\n"
    head = "POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    connection.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    return connection


def checking_processes() -> list[str]:
    """The processes of ours that check a file."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    numbers = [number.decode() for file in children for number in read_if_there(file).split()]
    return [n for n in numbers if b"server.checking.check_process" in read_if_there(Path(f"/proc/{n}/cmdline"))]


def read_if_there(path: Path) -> bytes:
    """The content of a file of a process or a thread; nothing once that has ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def wait_for_processes(count: int) -> None:
    """Wait until so many processes check files; fails when that takes too long."""
    for _ in range(200):
        if len(checking_processes()) == count:
            return
        time.sleep(0.05)
    assert len(checking_processes()) == count


def test_who_hangs_up_has_nothing_checked_any_more(pages_store: Path) -> None:
    with own_site(Settings(pages_store, workers=1)) as client:
        connections = [begin_upload(client.base_url, large_text(rows=20_000)) for _ in range(3)]
        wait_for_processes(2)
        for connection in connections:
            connection.close()
        wait_for_processes(0)
        assert upload(client, "mine.txt", NO_DISCLOSURE).status_code == 422


def test_a_file_that_finds_no_place_in_time_is_told_to_come_back(
    pages_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_concurrency, "AT_ONCE", 0)
    with own_site(Settings(pages_store, workers=1, check_timeout=0.5)) as client:
        response = upload(client, "mine.txt", NO_DISCLOSURE)
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) > 0
        assert Page(response.text).one("p", role="alert").text


def test_files_wait_for_their_turn(pages_store: Path) -> None:
    with own_site(Settings(pages_store, workers=1)) as client, ThreadPoolExecutor(3) as pool:
        answers = pool.map(lambda _: upload(client, "mine.txt", NO_DISCLOSURE), range(3))
        assert [answer.status_code for answer in answers] == [422, 422, 422]


def test_costly_files_of_others_do_not_keep_a_file_from_being_checked(
    pages_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_concurrency, "SHORT_SECONDS", 0.5)
    with own_site(Settings(pages_store, workers=1)) as client:
        connections = [begin_upload(client.base_url, large_text(rows=40_000)) for _ in range(2)]
        wait_for_processes(2)
        assert upload(client, "mine.txt", NO_DISCLOSURE).status_code == 422
        for connection in connections:
            connection.close()


def test_an_upload_that_does_not_end_is_told_so(pages_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_bodies, "SLOWEST", 2**30)
    with own_site(Settings(pages_store, workers=1, receive_timeout=0.5)) as client:
        host, port = client.base_url.host, client.base_url.port
        with socket.create_connection((host, port), timeout=20) as connection:
            head = "POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            connection.sendall(f"{head}Content-Length: 1000000\r\n\r\n--x\r\n".encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_uploads_that_do_not_end_take_little_memory(pages_store: Path) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"1" * 2**22
    head = b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    with own_site(Settings(pages_store, workers=1)) as client, ExitStack() as stack:
        before = memory_of_process()
        for _ in range(20):
            connection = socket.create_connection((client.base_url.host, client.base_url.port), timeout=20)
            stack.enter_context(connection)
            connection.sendall(head + b"Content-Length: 19000000\r\n\r\n" + part)
        assert client.get("/health").status_code == 200
        assert memory_of_process() - before < 40 * MEBIBYTE


def test_a_client_has_one_file_checked_at_a_time(pages_store: Path) -> None:
    settings = Settings(pages_store, workers=1, trusted_proxies=parse_networks(["127.0.0.1"]), at_once=5)
    with own_site(settings) as client, begin_upload(client.base_url, large_text(rows=20_000)):
        wait_for_processes(1)
        response = upload(client, "mine.txt", NO_DISCLOSURE)
        assert response.status_code == 429
        assert int(response.headers["retry-after"]) > 0
        client.headers["X-Forwarded-For"] = "192.0.2.1"
        assert upload(client, "mine.txt", NO_DISCLOSURE).status_code == 422


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/x.PDF", "x.PDF"),
        ("C:\\d\\b.txt", "b.txt"),
        ("a\n\0b.txt", "ab.txt"),
        ("a.\u202etxt\n", "a.txt"),
        ("a." + "x" * 500, "a." + "x" * 11),
        ("/", "file"),
        ("..", "file"),
    ],
)
def test_the_name_of_a_file_is_kept_without_its_folder(given: str, kept: str) -> None:
    assert receiving.safe_name(given) == kept
