"""Clients that take their answers slowly, or not at all, and what becomes of the workers that they keep."""

import asyncio
import contextlib
import socket
import time
from urllib.parse import quote_plus

import httpx2
import pytest
from small_pool import ENDLESS, question, still_answers, until, with_pool
from small_service import running_service
from small_store import publish_small

from server.errors import QueryTimeoutError, ReaderStalledError
from server.execution.evaluator import Answer, read_answer
from server.execution.worker_pool import WorkerPool
from server.settings import Settings
from server.store.generation_store import GenerationStore


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GenerationStore:
    return publish_small(tmp_path_factory.mktemp("readers") / "store")


def test_an_answer_runs_ahead_of_its_client_only_so_far(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        answer = await pool.evaluate(question(ENDLESS))
        held = 0
        for _ in range(20):
            await asyncio.sleep(0.05)
            held = max(held, pool.workers.budget.held)
        assert 2**20 <= held < 2 * 2**20
        await answer.close()
        assert pool.workers.budget.held == 0
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=20, answer_ahead=2**20), work)


def test_a_client_that_is_slow_does_not_keep_its_worker(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        rows = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
        answer = await pool.evaluate(question(rows))
        assert answer.length is None
        await still_answers(pool)  # by the one worker there is, while nothing of the answer has been taken
        assert (await read_answer(answer)).endswith(b"}]}}")

    with_pool(Settings(store.path, workers=1, query_timeout=20, answer_ahead=2**30), work)


def test_clients_that_stall_keep_their_workers_only_while_nobody_waits(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        stalled = [await pool.evaluate(question(ENDLESS)) for _ in range(2)]
        await asyncio.sleep(1)
        assert (len(pool.busy), pool.workers.ended["stalled"]) == (2, 0)
        await still_answers(pool)
        broken = []
        for answer in stalled:
            chunks = aiter(answer)
            try:
                await anext(chunks)
            except ReaderStalledError:
                broken.append(answer)
            await answer.close()
        assert len(broken) == pool.workers.ended["stalled"] == 1
        assert pool.workers.budget.held == 0

    with_pool(Settings(store.path, workers=2, query_timeout=20, answer_ahead=2**20, stall_timeout=0.5), work)


async def take_steadily(answer: Answer) -> None:
    """Take half a mebibyte a second, or more, for as long as something comes."""
    async for _ in answer:
        await asyncio.sleep(0.2)


def test_of_two_slow_clients_the_one_that_takes_nothing_goes_first(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        steady = await pool.evaluate(question(ENDLESS))
        taking = asyncio.create_task(take_steadily(steady))
        await asyncio.sleep(1)  # it keeps its worker longer
        stalled = await pool.evaluate(question(ENDLESS))
        await still_answers(pool)
        assert pool.workers.ended["stalled"] == 1
        with pytest.raises(ReaderStalledError):
            await read_answer(stalled)
        await stalled.close()
        assert not taking.done()
        taking.cancel()
        await steady.close()

    settings = Settings(store.path, workers=2, query_timeout=20, answer_ahead=2**20, stall_timeout=0.5, send_timeout=5)
    with_pool(settings, work)


def test_a_client_that_takes_its_answer_steadily_keeps_its_worker_longer_but_not_for_ever(
    store: GenerationStore,
) -> None:
    async def work(pool: WorkerPool) -> None:
        steady = await pool.evaluate(question(ENDLESS))
        taking = asyncio.create_task(take_steadily(steady))
        started = time.monotonic()
        await still_answers(pool)
        assert time.monotonic() - started > 2
        with pytest.raises(ReaderStalledError):
            await taking
        await steady.close()

    settings = Settings(
        store.path, workers=1, query_timeout=20, answer_ahead=2**20, stall_timeout=0.5, send_timeout=2.5
    )
    with_pool(settings, work)


def test_the_time_of_a_slow_client_is_not_the_time_of_its_query(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        answer = await pool.evaluate(question(ENDLESS))
        await asyncio.sleep(2)
        assert pool.workers.ended["late"] == 0
        with pytest.raises(QueryTimeoutError):
            await read_answer(answer)
        await still_answers(pool)

    with_pool(Settings(store.path, workers=1, query_timeout=1, answer_ahead=2**20), work)


def test_a_worker_that_waited_less_than_it_worked_is_left_to_its_client(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        answer = await pool.evaluate(question(ENDLESS))
        [worker] = pool.workers
        worker.asked_at -= 60  # as if it had been at work for a minute
        waiting = asyncio.create_task(pool.evaluate(question("ASK {}")))
        await until(lambda: worker.seconds_paused() > 0.3)
        assert not waiting.done()
        await answer.close()
        assert (await read_answer(await waiting)) == b'{"head":{},"boolean":true}'
        assert pool.workers.ended["stalled"] == 0

    with_pool(Settings(store.path, workers=1, query_timeout=20, answer_ahead=2**20, stall_timeout=0.2), work)


def test_a_stalled_answer_gives_way_to_others_and_does_not_look_whole(store: GenerationStore) -> None:
    settings = Settings(store.path, workers=1, query_timeout=20, answer_ahead=2**20, stall_timeout=0.5, send_timeout=60)
    with running_service(settings) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=120) as connection:
            connection.sendall(f"GET /sparql?query={quote_plus(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            received = bytearray(connection.recv(65536))
            assert httpx2.get(f"{address}/sparql", params={"query": "ASK {}"}, timeout=60).status_code == 200
            with contextlib.suppress(ConnectionResetError):
                while chunk := connection.recv(65536):
                    received += chunk
        assert received.startswith(b"HTTP/1.1 200")
        assert not received.endswith(b"0\r\n\r\n")
