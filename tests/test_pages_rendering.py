"""Pages are rendered in a thread, in turns that are fair between clients."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest
from small_pages import HTML, Published, doc
from small_service import running_service

from server.pages.page_cache import PageCache
from server.pages.page_context import PageContext
from server.pages.rendering import PageResponse, Turns
from server.pages.site import HtmlPages
from server.settings import Settings


def test_a_client_with_one_page_is_before_the_waiting_pages_of_another() -> None:
    order: list[str] = []
    go_on = threading.Event()

    def render(name: str) -> None:
        go_on.wait(10)
        order.append(name)

    async def main() -> None:
        turns = Turns()
        greedy = [asyncio.create_task(turns.compute("greedy", lambda: render("greedy"))) for _ in range(5)]
        await asyncio.sleep(0)  # one has its turn, four wait
        honest = asyncio.create_task(turns.compute("honest", lambda: render("honest")))
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(*greedy, honest)

    asyncio.run(main())
    assert order == ["greedy", "honest", *["greedy"] * 4]


def test_the_event_loop_goes_on_while_a_page_is_rendered() -> None:
    rendered = threading.Event()

    async def main() -> None:
        turns = Turns()
        rendering = asyncio.create_task(turns.compute("a", lambda: rendered.wait(10)))
        await asyncio.sleep(0)
        rendered.set()  # the loop gets here although the thread waits
        assert await rendering

    asyncio.run(main())


def test_a_page_that_cannot_be_rendered_sends_nothing_and_leaves_its_turn() -> None:
    sent: list[object] = []

    async def main() -> None:
        turns = Turns()

        def broken() -> bytes:
            raise LookupError

        async def send(message: object) -> None:
            sent.append(message)

        async def receive() -> dict[str, str]:
            return {"type": "http.disconnect"}

        response = PageResponse(lambda: turns.compute("a", broken), 200, {})
        with pytest.raises(LookupError):
            await response({"type": "http"}, receive, send)
        assert not sent
        assert await turns.compute("a", lambda: "again") == "again"

    asyncio.run(main())


def test_the_cache_keeps_pages_of_one_generation_within_its_room() -> None:
    cache = PageCache(most=40)
    assert cache.get("1", "a") is None
    for name in "abcde":
        cache.put("1", name, name.encode() * 10)
    assert cache.get("1", "a") is None
    assert cache.get("1", "b") == b"b" * 10
    cache.put("1", "large", b"x" * 11)
    assert cache.get("1", "large") is None
    cache.put("2", "f", b"of another generation")
    assert cache.get("2", "b") is None
    assert cache.size == 0


def test_a_disclosure_is_rendered_once_for_each_language(
    pages: Published, pages_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    page = PageContext.page

    def counted(context: PageContext, template: str, *args: Any, **values: Any) -> PageResponse:
        rendered.append(context.language)
        return page(context, template, *args, **values)

    monkeypatch.setattr(PageContext, "page", counted)
    address = doc(pages.current.version)
    with (
        running_service(Settings(pages_store, workers=1), HtmlPages()) as service,
        httpx2.Client(base_url=service, headers=HTML) as client,
    ):
        answers = [client.get(address, params={"lang": language}) for language in ("zh", "en", "zh", "en")]
    assert rendered == ["zh", "en"]
    assert answers[0].content == answers[2].content != answers[1].content == answers[3].content
    assert {answer.status_code for answer in answers} == {200}
    assert answers[2].headers["content-security-policy"] == answers[0].headers["content-security-policy"]
    assert answers[3].headers["content-language"] == "en"
