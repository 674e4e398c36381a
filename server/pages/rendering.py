"""Rendering in a thread, in turns that are fair between clients: pages cost more of the web process than queries do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from fastapi.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from server.execution.fair_slots import FairSlots

AT_ONCE = 1
"""Threads that compute beside the event loop; only one at a time can run Python code."""

T = TypeVar("T")


class Turns:
    """Computes for one client at a time; the client that has used the least time is next."""

    def __init__(self) -> None:
        self.slots = FairSlots(AT_ONCE)

    async def compute(self, client: str, function: Callable[[], T]) -> T:
        """Return the result of a function, computed in a thread when it is the turn of the client."""
        async with self.slots.place(client):
            return await asyncio.to_thread(function)


class PageResponse(HTMLResponse):
    """A page that `render` makes, in UTF-8, when the response is sent."""

    def __init__(self, render: Callable[[], Awaitable[bytes]], status: int, headers: Mapping[str, str]) -> None:
        super().__init__(status_code=status, headers=headers)
        self.render_page = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Render the page and send it."""
        self.body = await self.render_page()
        self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)
