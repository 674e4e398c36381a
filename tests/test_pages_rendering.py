"""Pages are rendered in a thread, in turns that are fair between clients."""

import asyncio
import threading

import pytest

from server.pages.rendering import PageResponse, Turns


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

        def broken() -> str:
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
