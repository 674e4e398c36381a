"""No client keeps others from being served, whatever it asks for."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sleeping_worker import RUNAWAY
from small_pool import ENDLESS, question, until, with_pool
from small_service import running_service
from small_store import publish_small

from server.errors import QueryTimeoutError, ServiceBusyError
from server.execution.evaluator import read_answer
from server.execution.fair_queue import ClientUsage, FairQueue
from server.execution.worker_pool import WorkerPool
from server.networks import LOOPBACK
from server.pages import HtmlPages
from server.settings import Settings
from server.store.generation_store import GenerationStore

YES = b'{"head":{},"boolean":true}'
COUNT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c }"
HEAVY = f"{COUNT} #sleep 1.5"
BRIEF = f"{COUNT} #sleep 0.2"
ATTACKERS, HONEST = "203.0.113.{}", "198.51.100.7"


pytestmark = pytest.mark.usefixtures("sleeping_workers")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GenerationStore:
    return publish_small(tmp_path_factory.mktemp("fairness") / "store")


# ── The queue ───────────────────────────────────────────────────────────────────────────────────


def test_the_client_that_has_used_least_is_next_and_then_the_oldest_item() -> None:
    usage, queue = ClientUsage(), FairQueue[str]()
    usage.add("g", 5, now=0)
    for item in ("g1", "a1", "b1", "a2"):
        queue.add(item[0], item)
    order = list[str]()
    while (found := queue.first(lambda client: usage.of(client, 0))) is not None:
        order.append(found)
        queue.remove(found)
        usage.add(found[0], 1, now=0)
    assert order == ["a1", "b1", "a2", "g1"]


def test_what_was_used_counts_less_and_less() -> None:
    usage = ClientUsage()
    usage.add("a", 8, now=100)
    assert usage.of("a", 100) == 8
    assert usage.of("a", 130) == pytest.approx(1)


def test_a_full_queue_gives_up_the_newest_of_the_client_that_has_most() -> None:
    queue = FairQueue[str]()
    for item in ("g1", "g2", "g3"):
        queue.add("greedy", item)
    assert queue.surplus("greedy") is None
    assert queue.surplus("other") == "g3"
    queue.remove("g3")
    queue.remove("g2")
    assert queue.surplus("other") is None


# ── The pool ────────────────────────────────────────────────────────────────────────────────────


async def seconds_for(pool: WorkerPool, client: str) -> float:
    started = time.monotonic()
    assert await read_answer(await pool.evaluate(question("ASK {}"), client)) == YES
    return time.monotonic() - started


async def read_all(stream: AsyncIterator[bytes]) -> None:
    async for _ in stream:
        pass


def test_runaways_of_one_client_do_not_keep_another_waiting(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        runaways = [asyncio.create_task(pool.evaluate(question(RUNAWAY), "hostile")) for _ in range(10)]
        waits = []
        for _ in range(10):
            await asyncio.sleep(0.1)
            waits.append(await seconds_for(pool, "honest"))
        assert not any(task.done() for task in runaways)
        assert max(waits) < 8, waits
        for task in runaways:
            task.cancel()

    with_pool(Settings(store.path, workers=2, long_workers=2, short_time=0.3, query_timeout=60), work)


def test_a_query_that_gave_way_is_answered_later(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        heavy = [asyncio.create_task(pool.evaluate(question(HEAVY), "analyst")) for _ in range(3)]
        await until(lambda: pool.busy)
        other = asyncio.create_task(seconds_for(pool, "other"))
        await until(lambda: any(ticket.is_long for ticket in (*pool.busy.values(), *pool.waiting_long)))
        await other
        answers = [await read_answer(await task) for task in heavy]
        assert set(answers) == {await read_answer(await pool.evaluate(question(COUNT), "analyst"))}

    with_pool(Settings(store.path, workers=1, long_workers=2, short_time=0.1, query_timeout=120), work)


def worked(pool: WorkerPool, client: str) -> float:
    """The seconds that the queries of a client have been evaluated."""
    now = asyncio.get_running_loop().time()
    return sum(ticket.worked(now) for ticket in pool.busy.values() if ticket.client == client)


def test_an_answer_that_streams_is_suspended_and_not_cut(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        runaway = asyncio.create_task(pool.evaluate(question(RUNAWAY), "hostile"))
        await until(lambda: worked(pool, "hostile") > 0.5)
        # One of two other clients may begin in the spare place, whichever process is ready; the second needs room.
        for task in [asyncio.create_task(pool.evaluate(question(BRIEF), client)) for client in ("x", "y")]:
            await read_answer(await task)
        await until(lambda: [ticket.is_long for ticket in pool.busy.values()] == [True])  # there is one place
        stream = aiter(await pool.evaluate(question(ENDLESS), "honest"))
        await anext(stream)
        reading = asyncio.create_task(read_all(stream))
        [streamed] = [ticket for ticket in pool.busy.values() if ticket.client == "honest"]
        await until(lambda: worked(pool, "honest") > 0.5)
        others = [asyncio.create_task(pool.evaluate(question(HEAVY), client)) for client in ("b", "c")]
        await until(lambda: streamed.suspended_at is not None)
        assert streamed in pool.waiting_long
        runaway.cancel()
        await until(lambda: streamed.suspended_at is None)
        assert streamed not in pool.waiting_long
        assert not reading.done()
        for unfinished in (reading, *others):
            unfinished.cancel()

    with_pool(Settings(store.path, workers=1, long_workers=1, short_time=0.5, query_timeout=60), work)


def test_a_full_queue_still_takes_a_client_that_has_nothing_in_it(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        hostile = [asyncio.create_task(pool.evaluate(question(RUNAWAY), "hostile")) for _ in range(5)]
        await until(lambda: len(pool.waiting) == 4)
        assert await seconds_for(pool, "honest") < 10
        refused = [task for task in hostile if task.done()]
        assert [type(task.exception()) for task in refused] == [ServiceBusyError]
        for task in hostile:
            task.cancel()

    with_pool(Settings(store.path, workers=1, queue_length=4, short_time=0.3, query_timeout=60), work)


def test_a_deadline_of_the_client_is_kept_if_it_is_earlier(store: GenerationStore) -> None:
    async def work(pool: WorkerPool) -> None:
        started = time.monotonic()
        with pytest.raises(QueryTimeoutError, match=r"0\.5 seconds"):
            await pool.evaluate(question(RUNAWAY, seconds=0.5))
        assert time.monotonic() - started < 5

    with_pool(Settings(store.path, workers=1, query_timeout=60), work)


# ── Over HTTP, from addresses that a trusted proxy reports ──────────────────────────────────────


@contextmanager
def behind_proxy(store: Path, **limits: float) -> Iterator[str]:
    settings = Settings(store, workers=2, trusted_proxies=LOOPBACK, rate=0, stop_timeout=0.5, **limits)  # type: ignore[arg-type]
    with running_service(settings, HtmlPages()) as address:
        yield address


def get(address: str, path: str, client: str, **parameters: str) -> int:
    """The status of an answer to a client; 0 if the connection breaks."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=20)
    headers = {"X-Forwarded-For": client, "Accept": "text/html" if path == "/query" else "*/*"}
    try:
        connection.request("GET", f"{path}?{urlencode(parameters)}", headers=headers)
        response = connection.getresponse()
        response.read()
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()
    return response.status


@contextmanager
def attack(address: str, path: str, clients: int, connections: int, **parameters: str) -> Iterator[list[int]]:
    """Ask again and again over some connections of each client while the block lasts; gives the statuses."""
    over, statuses = threading.Event(), list[int]()

    def ask(number: int) -> None:
        while not over.is_set():
            statuses.append(get(address, path, ATTACKERS.format(number % clients), **parameters))
            over.wait(0.5)

    threads = [threading.Thread(target=ask, args=[number], daemon=True) for number in range(clients * connections)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    try:
        yield statuses
    finally:
        over.set()


@pytest.mark.parametrize("path", ["/query", pytest.param("/sparql", marks=pytest.mark.exhaustive)])
def test_many_connections_of_one_client_leave_room_for_others(store: GenerationStore, path: str) -> None:
    with (
        behind_proxy(store.path, query_timeout=15, short_time=0.3) as address,
        attack(address, path, clients=1, connections=40, query=RUNAWAY) as statuses,
    ):
        for _ in range(2):
            for wanted in ("/", "/ready", "/health"):
                assert get(address, wanted, HONEST) == 200
            assert get(address, "/sparql", HONEST, query="ASK {}", format="json") == 200
        assert 429 in statuses


def test_two_hostile_clients_do_not_keep_an_honest_one_waiting(store: GenerationStore) -> None:
    with (
        behind_proxy(store.path, query_timeout=5, short_time=0.3, at_once=10) as address,
        attack(address, "/sparql", clients=2, connections=10, query=RUNAWAY, format="json"),
    ):
        waits = []
        for number in range(10):
            started = time.monotonic()
            query = f"SELECT * {{ ?a ?b ?c }} LIMIT 1 #{number}"
            assert get(address, "/sparql", HONEST, query=query, format="json") == 200
            waits.append(time.monotonic() - started)
        assert sorted(waits)[-2] < 8, waits


def test_health_is_answered_while_nothing_else_is(store: GenerationStore) -> None:
    with (
        behind_proxy(store.path, query_timeout=5, queue_length=1) as address,
        attack(address, "/sparql", clients=30, connections=1, query=RUNAWAY, format="json"),
    ):
        assert {get(address, "/health", HONEST) for _ in range(10)} == {200}
