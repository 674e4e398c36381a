"""Downloads are files: made once, sent by ranges, resumed, and no slow reader keeps others from theirs."""

import asyncio
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx2
import pytest
from small_service import running_service
from small_store import publish_small, small_version

from ontology.tabular.data_package import FileDigest
from server.dataset.download_digests import DownloadDigests
from server.dataset.download_files import DownloadFiles, DownloadKey
from server.errors import EngineFailedError, StoreNotWrittenError
from server.exports.code_digest import code_digest
from server.processes.task import Task
from server.settings import Settings
from server.store.generation_store import GenerationStore


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> GenerationStore:
    return publish_small(tmp_path_factory.mktemp("downloads") / "store")


@pytest.fixture
def store(published: GenerationStore, tmp_path: Path) -> GenerationStore:
    return GenerationStore(
        shutil.copytree(published.path, tmp_path / "store", ignore=shutil.ignore_patterns("downloads"))
    )


@pytest.fixture(scope="module")
def client(published: GenerationStore) -> Iterator[httpx2.Client]:
    with (
        running_service(Settings(published.path, workers=1)) as address,
        httpx2.Client(base_url=address, timeout=60) as client,
    ):
        yield client


# ── Over HTTP ───────────────────────────────────────────────────────────────────────────────────


def test_a_download_has_its_length_and_says_that_it_has_ranges(client: httpx2.Client) -> None:
    response = client.get("/data/current.nt", headers={"Accept-Encoding": "gzip"})
    assert int(response.headers["content-length"]) == len(response.content) > 1000
    assert response.headers["accept-ranges"] == "bytes"
    assert "content-encoding" not in response.headers
    assert client.head("/data/current.nt").headers["content-length"] == response.headers["content-length"]


def test_a_broken_download_is_resumed(client: httpx2.Client) -> None:
    whole = client.get("/data/current.nt")
    rest = {"Range": "bytes=1000-", "If-Range": whole.headers["etag"]}
    resumed = client.get("/data/current.nt", headers=rest)
    assert (resumed.status_code, resumed.content) == (206, whole.content[1000:])
    assert resumed.headers["content-range"] == f"bytes 1000-{len(whole.content) - 1}/{len(whole.content)}"
    assert resumed.headers["etag"] == whole.headers["etag"]
    other = client.get("/data/current.nt", headers={**rest, "If-Range": '"other"'})
    assert (other.status_code, other.content) == (200, whole.content)
    assert client.get("/data/current.nt", headers={"Range": "bytes=99999999-"}).status_code == 416
    assert client.get("/data/current.nt", headers={"Range": "rows=1-2"}).status_code == 200


def test_a_download_that_has_changed_is_not_resumed_by_if_match(client: httpx2.Client) -> None:
    tag = client.get("/data/current.nt").headers["etag"]
    for wanted, status in ((tag, 206), (f'"other", {tag}', 206), ("*", 206), ('"other"', 412), (f"W/{tag}", 412)):
        part = client.get("/data/current.nt", headers={"If-Match": wanted, "Range": "bytes=0-9"})
        assert part.status_code == status, wanted


def test_a_download_that_the_client_has_is_not_sent_again(client: httpx2.Client) -> None:
    whole = client.get("/data/current.csv")
    assert not whole.headers["etag"].startswith("W/")
    again = client.get("/data/current.csv", headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = client.get("/data/current.csv", headers={"If-Modified-Since": whole.headers["last-modified"]})
    assert since.status_code == 304


def test_slow_readers_keep_nobody_from_a_download(client: httpx2.Client) -> None:
    request = b"GET /data/current.nq HTTP/1.1\r\nHost: x\r\n\r\n"
    connections = [socket.create_connection((client.base_url.host, client.base_url.port), timeout=60) for _ in range(5)]
    for connection in connections:
        connection.sendall(request)
        assert connection.recv(10)
    assert client.get("/data/current.ttl").status_code == 200
    for connection in connections:
        connection.close()


# ── Making files ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats for which a process was started."""
    formats = list[str]()
    make = Task.command

    def command(task: Task) -> list[str]:
        formats.append(task.arguments["form"])
        return make(task)

    monkeypatch.setattr(Task, "command", command)
    return formats


async def read(files: DownloadFiles, form: str, client: str = "a") -> bytes:
    async with files.open(DownloadKey(form), client) as path:
        return path.read_bytes()


def test_a_file_is_made_once_for_all_who_want_it(store: GenerationStore, started: list[str]) -> None:
    async def work() -> None:
        files = DownloadFiles(Settings(store.path))
        contents = await asyncio.gather(*(read(files, "nt", str(number)) for number in range(5)))
        assert len(set(contents)) == 1
        assert await read(files, "nt") == contents[0]
        await files.close()

    asyncio.run(work())
    assert started == ["nt"]


def test_who_wants_a_file_no_more_ends_its_process_unless_others_want_it(
    store: GenerationStore, started: list[str]
) -> None:
    async def work() -> None:
        files = DownloadFiles(Settings(store.path))
        first, second = (asyncio.create_task(read(files, "nt")) for _ in range(2))
        await asyncio.sleep(0.01)
        first.cancel()
        assert await second
        third = asyncio.create_task(read(files, "csv"))
        await asyncio.sleep(0.01)
        [making] = files.making.values()
        third.cancel()
        await asyncio.wait([third])
        assert await read(files, "csv")  # while the process of before is being ended
        await asyncio.wait([making])
        assert making.cancelled()
        assert not list(store.path.rglob("*.new"))
        await files.close()

    asyncio.run(work())
    assert started == ["nt", "csv", "csv"]


def test_files_of_earlier_generations_and_those_used_longest_ago_are_removed(store: GenerationStore) -> None:
    async def work() -> None:
        files = DownloadFiles(Settings(store.path, download_space=1))
        folder = store.path / "downloads"
        await read(files, "nt")
        await read(files, "nq")
        assert [path.name for path in folder.rglob("current.*")] == ["current.nq"]
        store.publish([small_version("110", 2024, "3.00", "法院")], [], [])
        new = await read(files, "nt")
        assert "法院".encode() in new
        [kept] = folder.iterdir()
        assert kept.name.startswith(f"{store.current().name}-")
        await files.close()

    asyncio.run(work())


def test_files_that_another_build_wrote_are_not_served(store: GenerationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        files = DownloadFiles(Settings(store.path))
        await read(files, "nt")
        [kept] = (store.path / "downloads").iterdir()
        (kept / "current.nt").write_bytes(b"# as an earlier build wrote it\n")
        assert (await read(files, "nt")).startswith(b"# as an earlier build")
        monkeypatch.setattr("server.dataset.download_files.code_digest", lambda: "0" * 16)
        assert not (await read(files, "nt")).startswith(b"#")
        await files.close()

    asyncio.run(work())


def test_the_digest_of_the_code_changes_with_a_module_a_query_and_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.exports.code_digest.WRITING", (tmp_path,))
    (tmp_path / "notes.txt").write_text("no code")
    found = [code_digest.__wrapped__()]
    for name, text in (("a.py", "A = 1"), ("a.py", "A = 2"), ("a.rq", "ASK {}"), ("b.py", "A = 2")):
        (tmp_path / name).write_text(text)
        found.append(code_digest.__wrapped__())
    assert len(set(found)) == 5
    (tmp_path / "notes.txt").write_text("still none")
    assert code_digest.__wrapped__() == found[-1]


def test_digests_are_kept_beside_the_files_until_the_next_start(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = DownloadKey("nt")

    async def of_a_start() -> Mapping[DownloadKey, FileDigest]:
        files = DownloadFiles(Settings(store.path))
        digests = DownloadDigests(Settings(store.path), files)
        found = await digests.of([key])
        if digests.computing is not None:
            await digests.computing
            found = await digests.of([key])
        await digests.close()
        await files.close()
        return found

    first = asyncio.run(of_a_start())
    assert first[key].size > 1000
    monkeypatch.setattr(Task, "command", lambda _: ["false"])
    assert asyncio.run(of_a_start()) == first
    [kept] = store.path.glob("downloads/*/digests.json")
    kept.write_text("[[")
    assert asyncio.run(of_a_start()) == {}


def test_a_file_that_cannot_be_made_is_not_kept(store: GenerationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        files = DownloadFiles(Settings(store.path))
        monkeypatch.setattr(Task, "command", lambda _: ["false"])
        with pytest.raises(EngineFailedError):
            await read(files, "nt")
        monkeypatch.undo()
        assert await read(files, "nt")
        await files.close()

    asyncio.run(work())


def test_a_full_disk_is_said(store: GenerationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    async def work() -> None:
        files = DownloadFiles(Settings(store.path))
        monkeypatch.setattr(DownloadFiles, "_make_room", fail)
        with pytest.raises(StoreNotWrittenError, match="No space left"):
            await read(files, "nt")
        await files.close()

    asyncio.run(work())


def test_a_store_that_cannot_be_written_has_its_downloads_elsewhere(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    async def work() -> None:
        files = DownloadFiles(Settings(store.path))
        assert await read(files, "nt")
        assert not (store.path / "downloads").exists()
        await files.close()

    asyncio.run(work())
