"""Answers given before: which are kept, for how long, and what they are worth to whom asks again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from small_service import running_service
from small_store import RULES, VOCABULARY, publish_into, publish_small, small_version

from server.errors import QueryTimeoutError
from server.execution.cache import AnswerCache, CachingEvaluator, KeptAnswer, size_of
from server.execution.evaluator import Answer, Question, read_answer
from server.settings import Settings
from server.store.current_generation import CurrentGeneration
from server.store.generation_store import GenerationStore
from server.store.generations import Generations

COUNT = "SELECT (COUNT(*) AS ?n) { ?o <def#amount> ?a }"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def question(query: str = "ASK {}") -> Question:
    return Question(query, "https://example.org/", results="text/csv")


def kept(length: int, generation: str = "1") -> KeptAnswer:
    return KeptAnswer("text/csv", generation, None, b"x" * length)


def test_the_cache_never_holds_more_than_it_may() -> None:
    cache = AnswerCache(100_000)
    assert cache.get("1", question()) is None
    for number in range(50):
        cache.put(question(f"ASK {{}} #{number}"), kept(5_000))
        assert cache.size <= 100_000
        assert cache.size == sum(size_of(asked, answer) for asked, answer in cache.answers.items())
    assert cache.get("1", question("ASK {} #49")) == kept(5_000)
    assert cache.get("1", question("ASK {} #0")) is None


def test_what_was_used_last_stays() -> None:
    cache = AnswerCache(20_000)
    assert cache.get("1", question()) is None
    cache.put(question("a"), kept(2_000))
    for number in range(20):
        assert cache.get("1", question("a")) is not None
        cache.put(question(str(number)), kept(2_000))


def test_a_large_answer_and_every_answer_of_another_question_are_left_out() -> None:
    cache = AnswerCache(100_000)
    assert cache.get("1", question()) is None
    cache.put(question(), kept(50_000))
    assert not cache.answers
    cache.put(question(), kept(5))
    asked = question()
    others = [replace(asked, query="ASK { }"), replace(asked, results="text/xml"), replace(asked, gzip=True)]
    others += [replace(asked, default_graphs=("http://x/",)), replace(asked, named_graphs=("http://x/",))]
    others += [replace(asked, base="http://x/"), replace(asked, context="http://x/")]
    assert [cache.get("1", other) for other in others] == [None] * len(others)
    assert cache.get("1", asked) is not None
    cache.put(question("ASK { } "), kept(5, "2"))  # of a generation that is not the current one
    assert cache.get("1", question("ASK { } ")) is None
    assert cache.get("2", asked) is None
    assert (len(cache.answers), cache.size) == (0, 0)
    assert AnswerCache(0).has_room_for(1) is False


class Broken:
    """An answer that breaks off."""

    media_type, generation, encoding, length = "text/csv", "1", None, None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"a part"
        raise QueryTimeoutError(seconds=1)

    def follow(self, untaken: Callable[[], int]) -> None:
        pass

    async def close(self) -> None:
        pass


class BrokenEvaluator:
    """Gives nothing but broken answers."""

    async def evaluate(self, question: Question, client: str = "") -> Answer:  # noqa: ARG002 - as the protocol says
        return Broken()

    def generation(self) -> str:
        return "1"

    async def is_ready(self) -> bool:
        return True

    async def close(self) -> None:
        pass


def test_an_answer_that_broke_off_is_never_given_again(tmp_path: Path) -> None:
    publish_small(tmp_path)
    cache = AnswerCache(100_000)
    evaluator = CachingEvaluator(BrokenEvaluator(), cache, CurrentGeneration(Generations(tmp_path)))

    async def main() -> None:
        for _ in range(2):
            with pytest.raises(QueryTimeoutError):
                await read_answer(await evaluator.evaluate(question()))

    asyncio.run(main())
    assert not cache.answers


# ── Over HTTP ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def store(tmp_path: Path) -> Path:
    publish_small(tmp_path)
    return tmp_path


@pytest.fixture
def client(store: Path) -> Iterator[httpx2.Client]:
    with running_service(Settings(store, workers=1)) as address, httpx2.Client(base_url=address) as client:
        yield client


def ask(client: httpx2.Client, query: str, **headers: str) -> httpx2.Response:
    return client.get("/sparql", params={"query": query, "format": "csv"}, headers=headers)


def found(client: httpx2.Client, answer: str) -> int:
    line = f'yusuan_cache_requests_total{{result="{answer}"}} '
    [value] = [row.removeprefix(line) for row in client.get("/metrics").text.splitlines() if row.startswith(line)]
    return int(value)


def test_a_repeated_query_is_not_evaluated_until_something_is_published(client: httpx2.Client, store: Path) -> None:
    assert ask(client, COUNT).text == "n\r\n6\r\n"
    assert (found(client, "hit"), found(client, "miss")) == (0, 1)
    assert ask(client, COUNT).text == "n\r\n6\r\n"
    assert (found(client, "hit"), found(client, "miss")) == (1, 1)
    publish_into(store)  # nothing new: the generation stays
    assert ask(client, COUNT).text == "n\r\n6\r\n"
    assert found(client, "hit") == 2
    publish_another(store)
    assert ask(client, COUNT).text == "n\r\n8\r\n"
    assert found(client, "hit") == 2


def publish_another(store: Path) -> None:
    GenerationStore(store).publish([small_version("110", 2024, "3.00", "法院")], VOCABULARY, RULES)


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize("call", ["RAND()", "UUID()", "STRUUID()", "nOw#c\n()", "BNODE()"])
def test_what_changes_each_time_is_asked_each_time(client: httpx2.Client, call: str) -> None:
    query = f"SELECT ({call} AS ?x) {{}}"
    answers = [ask(client, query) for _ in range(3)]
    assert found(client, "hit") == 0
    assert all("etag" not in answer.headers for answer in answers)
    assert answers[0].headers["cache-control"] == "no-store"
    if call in ("RAND()", "UUID()", "STRUUID()"):
        assert len({answer.text for answer in answers}) == 3


def test_a_client_that_has_the_answer_is_told_so(client: httpx2.Client, store: Path) -> None:
    first = ask(client, COUNT)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    for known in (tag, f'"x", {tag}', tag.removeprefix("W/")):
        again = ask(client, COUNT, **{"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-length" not in again.headers or again.headers["content-length"] == "0"
    assert ask(client, COUNT, **{"If-None-Match": '"x"'}).status_code == 200
    assert ask(client, COUNT + " ", **{"If-None-Match": tag}).status_code == 200
    json = client.get("/sparql", params={"query": COUNT, "format": "json"}, headers={"If-None-Match": tag})
    assert json.status_code == 200
    publish_another(store)
    changed = ask(client, COUNT, **{"If-None-Match": tag})
    assert (changed.status_code, changed.text) == (200, "n\r\n8\r\n")
    assert changed.headers["etag"] != tag


def test_answers_are_compressed_for_those_who_take_it(client: httpx2.Client) -> None:
    plain = ask(client, MANY, **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for _ in range(2):  # evaluated, and kept
        with client.stream(
            "GET", "/sparql", params={"query": MANY, "format": "csv"}, headers={"Accept-Encoding": "gzip"}
        ) as response:
            raw = b"".join(response.iter_raw())
            assert response.headers["content-encoding"] == "gzip"
            assert "Accept-Encoding" in response.headers["vary"]
        assert len(raw) * 3 < len(plain.content)
    assert sorted(ask(client, MANY, **{"Accept-Encoding": "gzip"}).text.split()) == sorted(plain.text.split())
    short = ask(client, "ASK {}", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in short.headers
    assert "content-encoding" not in ask(client, MANY, **{"Accept-Encoding": "gzip;q=0, *;q=0.5"}).headers


def test_the_tag_of_an_answer_is_that_of_this_store_alone(tmp_path: Path) -> None:
    tags = set()
    for name in ("one", "other"):
        publish_small(tmp_path / name)
        with (
            running_service(Settings(tmp_path / name, workers=1)) as address,
            httpx2.Client(base_url=address) as client,
        ):
            tags.add(ask(client, COUNT).headers["etag"])
    assert len(tags) == 2


def test_a_client_that_has_any_answer_is_told_so_where_there_is_one(client: httpx2.Client) -> None:
    assert ask(client, COUNT, **{"If-None-Match": "*"}).status_code == 304
    assert ask(client, "SELEC", **{"If-None-Match": "*"}).status_code == 400
    tag = ask(client, COUNT).headers["etag"]
    assert client.post("/sparql", data={"query": COUNT}, headers={"If-None-Match": tag}).status_code == 200
