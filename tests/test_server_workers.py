"""The workers: deadlines, memory, hang-ups, deaths, new generations."""

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import httpx2
import pytest
import sleeping_worker
from small_pool import ENDLESS, question, still_answers, until, with_pool
from small_service import running_service
from small_store import RULES, RUNAWAY, SECOND, VOCABULARY, publish_small, small_version

from server.errors import (
    EngineFailedError,
    QueryTimeoutError,
    QueryTooBigError,
    QueryTooDeepError,
    ServiceBusyError,
    StoreMissingError,
)
from server.execution.evaluator import JSON_RESULTS, read_answer
from server.execution.worker import worker_environment
from server.execution.worker_pool import WorkerPool
from server.settings import MEBIBYTE, Settings
from server.store.generation_store import GenerationStore

HOARDING = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?x), STR(?c))) AS ?all) { ?a ?b ?c . ?x ?y ?z . ?d ?e ?f }"


sleeping = pytest.mark.usefixtures("sleeping_workers")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GenerationStore:
    return publish_small(tmp_path_factory.mktemp("workers") / "store")


def test_a_store_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    async def work(pool: WorkerPool) -> None:
        raise AssertionError(f"{pool} opened")

    with pytest.raises(StoreMissingError, match="Nothing has been published"):
        with_pool(Settings(tmp_path), work)


def test_a_late_query_is_killed_and_the_pool_serves_on(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        started = time.monotonic()
        with pytest.raises(QueryTimeoutError, match="1 seconds"):
            await pool.evaluate(question(RUNAWAY))
        assert time.monotonic() - started < 5
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=1), work)


@sleeping
def test_others_are_answered_while_one_runs_away(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        runaway = asyncio.create_task(pool.evaluate(question(sleeping_worker.RUNAWAY)))
        for _ in range(5):
            await still_answers(pool)
        assert not runaway.done()
        with pytest.raises(QueryTimeoutError):
            await runaway

    with_pool(Settings(store.path, workers=2, query_timeout=1), work)


def test_the_worker_that_worked_last_works_next(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        last = pool.workers.idle[-1]
        await still_answers(pool)
        await still_answers(pool)
        assert pool.workers.idle[-1] is last

    with_pool(Settings(store.path, workers=2), work)


def test_whoever_tunes_the_allocator_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    assert "glibc.malloc.tcache_count" in worker_environment()["GLIBC_TUNABLES"]
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=1")
    assert worker_environment()["GLIBC_TUNABLES"] == "glibc.malloc.arena_max=1"


def test_no_free_worker_in_time_is_busy(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        taken = pool.workers.idle.pop()
        with pytest.raises(ServiceBusyError):
            await pool.evaluate(question("ASK {}"))
        pool.workers.idle.append(taken)
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=0.2), work)


@sleeping
def test_a_full_queue_is_busy_at_once(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        running = asyncio.create_task(pool.evaluate(question(sleeping_worker.RUNAWAY)))
        waiting = asyncio.create_task(pool.evaluate(question("ASK {}")))
        await until(lambda: len(pool.waiting) == 1)
        refused = asyncio.create_task(pool.evaluate(question("ASK {}")))
        await asyncio.sleep(0)
        assert isinstance(refused.exception(), ServiceBusyError)
        running.cancel()
        assert (await read_answer(await waiting)) == b'{"head":{},"boolean":true}'

    with_pool(Settings(store.path, workers=1, query_timeout=20, queue_length=1), work)


@sleeping
def test_waiting_counts_for_the_deadline(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        outcomes = await asyncio.gather(
            *(pool.evaluate(question(sleeping_worker.RUNAWAY)) for _ in range(3)), return_exceptions=True
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [
            *("QueryTimeoutError", "ServiceBusyError", "ServiceBusyError")
        ]
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=1), work)


@sleeping
def test_a_client_that_leaves_the_queue_starts_nothing(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        running = asyncio.create_task(pool.evaluate(question(sleeping_worker.RUNAWAY)))
        waiting = asyncio.create_task(pool.evaluate(question(sleeping_worker.RUNAWAY)))
        await until(lambda: pool.waiting)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert not pool.waiting
        running.cancel()
        await still_answers(pool)
        assert not pool.busy

    with_pool(Settings(store.path, workers=1, query_timeout=20), work)


def test_memory_is_limited(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        with pytest.raises(QueryTooBigError, match="64 MiB"):
            await pool.evaluate(question(HOARDING))
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=20, query_memory=64 * MEBIBYTE), work)


def test_a_query_of_very_many_parts_is_answered_and_one_that_goes_too_deep_is_refused(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        yes = b'{"head":{},"boolean":true}'
        for query in (f"ASK {5_000 * '{'}{5_000 * '}'}", f"ASK {{ FILTER(true{9_000 * '||true'}) }}"):
            assert await read_answer(await pool.evaluate(question(query))) == yes
        with pytest.raises(QueryTooDeepError):
            await pool.evaluate(question(f"ASK {100_000 * '{'}{100_000 * '}'}"))
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=20), work)


@sleeping
def test_a_cancelled_question_frees_its_worker(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        runaway = asyncio.create_task(pool.evaluate(question(sleeping_worker.RUNAWAY)))
        await until(lambda: pool.busy)
        runaway.cancel()
        await asyncio.wait([runaway])
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=20), work)


def test_an_answer_given_up_frees_its_worker(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        answer = await pool.evaluate(question(ENDLESS))
        assert answer.length is None
        async for chunk in answer:
            assert chunk
            break
        await answer.close()
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=20), work)


def test_a_late_answer_breaks_off(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        answer = await pool.evaluate(question(ENDLESS))
        with pytest.raises(QueryTimeoutError):
            await read_answer(answer)
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=1), work)


@sleeping
def test_a_worker_that_died_is_replaced(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        [worker] = pool.workers
        os.kill(worker.process.pid, signal.SIGTERM)
        await worker.process.wait()
        await still_answers(pool)
        [worker] = pool.workers
        runaway = asyncio.create_task(pool.evaluate(question(sleeping_worker.RUNAWAY)))
        await until(lambda: pool.busy)
        os.kill(worker.process.pid, signal.SIGTERM)
        with pytest.raises(EngineFailedError):
            await runaway
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=20), work)


def test_a_question_for_the_media_type_alone_is_cheap(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        answer = await pool.evaluate(question(RUNAWAY, parse_only=True))
        assert (answer.media_type, await read_answer(answer)) == (JSON_RESULTS, b"")

    with_pool(Settings(store.path, workers=1, query_timeout=20), work)


def test_workers_follow_the_store(tmp_path: Path) -> None:
    store = publish_small(tmp_path)
    amounts = "PREFIX : <def#> SELECT (SUM(?a) AS ?sum) { ?o :amount ?a ; :function <code/function/201> }"

    async def work(pool: WorkerPool) -> None:
        async def total() -> tuple[str, str]:
            answer = await pool.evaluate(question(amounts))
            return answer.generation, (await read_answer(answer)).decode().split('"value":"')[1].split('"')[0]

        assert await total() == ("1", "307.5")
        store.publish([small_version("109", 2024, "9.00", "政协办", SECOND)], VOCABULARY, RULES)
        assert sorted(folder.name for folder in (tmp_path / "gen").iterdir()) == ["1", "2"]
        assert await total() == ("2", "309.5")
        store.publish([small_version("109", 2024, "1.00", "政协办", "3" * 16)], VOCABULARY, RULES)
        assert await total() == ("3", "301.5")
        assert sorted(folder.name for folder in (tmp_path / "gen").iterdir()) == ["2", "3"]

    with_pool(Settings(tmp_path, workers=1), work)


def test_workers_have_no_network(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        [worker] = pool.workers
        ours, its = (Path(f"/proc/{process}/ns/net").readlink() for process in ("self", worker.process.pid))
        assert its != ours
        table = Path(f"/proc/{worker.process.pid}/net/route").read_text().splitlines()
        assert len(table) <= 1  # its heading

    allowed = subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode == 0
    if not (allowed or subprocess.run(["unshare", "--net", "--user", "true"], capture_output=True).returncode == 0):
        pytest.skip("this system lets nobody make a network namespace")
    with_pool(Settings(store.path, workers=1), work)


@sleeping
def test_no_process_outlives_the_pool(store: GenerationStore) -> None:
    processes: list[int] = []

    async def work(pool: WorkerPool) -> None:
        processes.extend(worker.process.pid for worker in pool.workers)
        runaway = asyncio.create_task(pool.evaluate(question(sleeping_worker.RUNAWAY)))
        await until(lambda: pool.busy)
        runaway.cancel()

    with_pool(Settings(store.path, workers=2), work)
    assert len(processes) == 2
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


# ── Over HTTP ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def address(store: GenerationStore) -> Iterator[str]:
    with running_service(Settings(store.path, workers=1, query_timeout=1)) as address:
        yield address


def test_a_late_query_is_a_503(address: str) -> None:
    response = httpx2.get(f"{address}/sparql", params={"query": RUNAWAY}, headers={"Accept-Language": "en"})
    assert response.status_code == 503
    assert response.text.startswith("The query took longer than 1 seconds")
    assert httpx2.get(f"{address}/sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_truncated_answer_does_not_look_whole(address: str) -> None:
    with httpx2.stream("GET", f"{address}/sparql", params={"query": ENDLESS}) as response:
        assert response.status_code == 200
        with pytest.raises(httpx2.RemoteProtocolError):
            response.read()
    assert httpx2.get(f"{address}/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.parametrize("query", [RUNAWAY, ENDLESS])
def test_a_client_that_hangs_up_frees_its_worker(store: GenerationStore, query: str) -> None:
    with running_service(Settings(store.path, workers=1, query_timeout=20)) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            request = f"GET /sparql?query={quote_plus(query)} HTTP/1.1\r\nHost: {host}\r\n\r\n"
            connection.sendall(request.encode())
            time.sleep(0.2)
        response = httpx2.get(f"{address}/sparql", params={"query": "ASK {}"}, timeout=15)
        assert response.status_code == 200


def test_publishing_while_serving(tmp_path: Path) -> None:
    store = publish_small(tmp_path)
    count = "SELECT (COUNT(*) AS ?n) { ?o <def#amount> ?a }"
    with running_service(Settings(tmp_path, workers=1)) as address:
        generations = set()
        for number in range(4):
            version = small_version("109", 2024, "9.00", "政协办", f"{number:016x}")
            store.publish([version], VOCABULARY, RULES)
            response = httpx2.get(f"{address}/sparql", params={"query": count, "format": "csv"})
            assert response.text == "n\r\n6\r\n"
            generations.add(httpx2.get(f"{address}/health").json()["generation"])
        assert generations == {"2", "3", "4", "5"}
