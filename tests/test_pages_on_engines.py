"""Pages, downloads, links and search over a store in Virtuoso are those over a folder."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from running_engines import virtuoso_server
from small_pages import HTML
from small_service import running_service

from server.pages import HtmlPages
from server.settings import Settings
from server.store.generation_store import GenerationStore, open_store
from server.store.remote.migration import copy_store
from yusuan.commands.main import main

FOLLOWED = 12
"""Pages that are read beside the first ones: one for each kind of address that they link to."""
PATIENCE = 600.0
FIRST = (
    *("/", "/catalogue", "/rules", "/def", "/query", "/links", "/purchases", "/code/function", "/doc/org/420107/108"),
    *("/compare", "/compare?rows=function&columns=year", "/search?q=%E5%9F%B9%E8%AE%AD%E8%B4%B9", "/search?q=housing"),
    *("/data/facts.csv", "/data/claims.csv", "/data/findings.csv", "/void", "/sitemap.xml"),
)
CHANGING = re.compile(r'nonce-[\w+/=-]+|nonce="[^"]*"|127\.0\.0\.1:\d+|localhost:\d+')
"""Parts of a page that differ from one service to the next."""
LINK = re.compile(r'href="(/(?:doc|code|history|query|diff)/[^"#?]+)')
KIND = re.compile(r"[0-9a-f]{16}|\d+")


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, root: Path, example_store: Path) -> GenerationStore:
    """The example with its notices, linked."""
    store = Path(shutil.copytree(example_store, tmp_path_factory.mktemp("linked") / "store"))
    result = CliRunner().invoke(main, ["link", str(root / "examples" / "notices"), "--store", str(store)])
    assert result.exit_code == 0, result.output
    return GenerationStore(store)


@pytest.fixture(scope="module")
def moved(linked: GenerationStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The settings file of the same store in the engine."""
    with virtuoso_server(tmp_path_factory.mktemp("engine")) as file:
        copy_store(linked, open_store(file))
        yield file


@pytest.fixture(scope="module")
def services(linked: GenerationStore, moved: Path) -> Iterator[tuple[httpx2.Client, httpx2.Client]]:
    """The service over the folder, and the one over the engine."""
    with (
        running_service(Settings(linked.path, workers=2), HtmlPages()) as one,
        running_service(Settings(moved, workers=2), HtmlPages()) as other,
        httpx2.Client(base_url=one, timeout=PATIENCE, headers=HTML, follow_redirects=True) as folder,
        httpx2.Client(base_url=other, timeout=PATIENCE, headers=HTML, follow_redirects=True) as service,
    ):
        for client in (folder, service):
            wait_until_indexed(client)
        yield folder, service


def wait_until_indexed(client: httpx2.Client) -> None:
    """Wait for the search index and the counts, which are made beside the first requests."""
    deadline = time.monotonic() + PATIENCE
    while client.get("/search?q=a").status_code == 503 or 'class="totals"' not in client.get("/").text:
        assert time.monotonic() < deadline, "the service has no search index"
        time.sleep(1)


def lines_of(path: str, response: httpx2.Response) -> list[str]:
    """The lines of an answer, without what changes from one service to the next; of rows, in one order."""
    lines = CHANGING.sub("", response.text).splitlines()
    is_page = "html" in response.headers["content-type"] and not path.startswith("/query/")
    return lines if is_page else sorted(lines)


@pytest.mark.virtuoso
def test_pages_are_those_of_a_folder(services: tuple[httpx2.Client, httpx2.Client]) -> None:
    folder, service = services
    waiting, seen, differing = list(FIRST), set(FIRST), {}
    kinds: set[str] = set()
    read = 0
    while waiting and read < len(FIRST) + FOLLOWED:
        path = waiting.pop(0)
        expected, found = folder.get(path), service.get(path)
        read += 1
        if (expected.status_code, lines_of(path, expected)) != (found.status_code, lines_of(path, found)):
            pairs = zip(lines_of(path, expected), lines_of(path, found), strict=False)
            differing[path] = found.status_code, next((pair for pair in pairs if pair[0] != pair[1]), None)
        for link in LINK.findall(expected.text):
            if link not in seen and (kind := KIND.sub("", link)) not in kinds:
                kinds.add(kind)
                waiting.append(link)
            seen.add(link)
    assert read > len(FIRST) + FOLLOWED / 2
    assert differing == {}
