"""Tags of pages, descriptions and downloads, and what they spare a client that has one."""

import io
import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import httpx2
import pyarrow.parquet as pq
import pytest
from small_service import running_service
from small_store import RULES, SECOND, VOCABULARY, publish_small, small_version

from server.pages import HtmlPages
from server.settings import Settings
from server.store.generation_store import GenerationStore

TURTLE = {"Accept": "text/turtle"}
DOWNLOAD = "/data/current.nt"
TAGGED = ["/", "/def", "/catalogue", "/sitemap.xml", "/code/function/201", DOWNLOAD, "/data/current.parquet"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GenerationStore:
    return publish_small(tmp_path_factory.mktemp("validators") / "store")


@pytest.fixture(scope="module")
def client(store: GenerationStore) -> Iterator[httpx2.Client]:
    with (
        running_service(Settings(store.path, workers=1), HtmlPages()) as address,
        httpx2.Client(base_url=address) as client,
    ):
        for _ in range(100):  # until everything is counted, measured and indexed: tags change with that
            counted = "entities" in client.get("/void", headers=TURTLE).text
            catalogue = client.get("/catalogue", headers=TURTLE).text
            indexed = client.get("/search.json", params={"q": "a"}).status_code == 200
            if counted and indexed and catalogue.count("byteSize") == catalogue.count("downloadURL"):
                break
            time.sleep(0.2)
        yield client


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("address", TAGGED)
def test_who_has_it_is_told_so(client: httpx2.Client, address: str, method: str) -> None:
    first = client.request(method, address)
    assert first.status_code == 200
    tag = first.headers["etag"]
    assert tag.startswith('"' if address.startswith("/data/") else 'W/"')  # files of downloads have strong tags
    assert first.headers["cache-control"] == "no-cache"
    for known in (tag, f'"other", {tag.removeprefix("W/")}', "*"):
        again = client.request(method, address, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        policy = "content-security-policy"  # a browser shows the page that it has under that of the last answer
        assert again.headers.get(policy) in (None, first.headers[policy])
    assert client.request(method, address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_another_language_or_format_has_another_tag(client: httpx2.Client) -> None:
    asked = [{"Accept-Language": "zh"}, {"Accept-Language": "en"}, TURTLE, {"Cookie": "lang=en"}]
    assert len({client.get("/catalogue", headers=headers).headers["etag"] for headers in asked}) == len(asked)
    assert len({client.get(f"/data/current.{form}").headers["etag"] for form in ("nt", "ttl", "csv")}) == 3


def test_what_is_not_there_is_not_known(client: httpx2.Client) -> None:
    for address in ("/code/none", "/data/none.nt"):
        response = client.get(address, headers={"If-None-Match": "*"})
        assert response.status_code == 404
        assert "etag" not in response.headers


def test_a_download_says_since_when_it_is_so(client: httpx2.Client) -> None:
    changed = client.get(DOWNLOAD).headers["last-modified"]
    assert client.head(DOWNLOAD).headers["last-modified"] == changed
    before = format_datetime(parsedate_to_datetime(changed) - timedelta(seconds=1), usegmt=True)
    for since, status in ((changed, 304), (before, 200), ("yesterday", 200)):
        assert client.get(DOWNLOAD, headers={"If-Modified-Since": since}).status_code == status
    both = {"If-Modified-Since": changed, "If-None-Match": '"other"'}
    assert client.get(DOWNLOAD, headers=both).status_code == 200


def test_another_generation_has_other_tags(client: httpx2.Client, store: GenerationStore) -> None:
    tags = {address: client.get(address).headers["etag"] for address in TAGGED}
    store.publish([small_version("108", 2024, "9.00", "人大办", SECOND)], VOCABULARY, RULES)
    for address, tag in tags.items():
        response = client.get(address, headers={"If-None-Match": tag})
        assert response.status_code == 200, address
        assert response.headers["etag"] != tag


def test_a_store_without_figures_has_tables_without_rows(tmp_path: Path) -> None:
    GenerationStore(tmp_path).publish([], VOCABULARY, RULES)
    with running_service(Settings(tmp_path, workers=1)) as address:
        table = pq.read_table(io.BytesIO(httpx2.get(f"{address}/data/current.parquet").content))
        header = httpx2.get(f"{address}/data/current.csv").content.decode("utf-8-sig")
    assert table.num_rows == 0
    assert header == ",".join(table.column_names) + "\r\n"
    assert {"observation", "amount", "year"} <= set(table.column_names)
