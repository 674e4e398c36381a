"""A file as a response, with Content-Length and ranges; it ends if the client accepts no data for a minute."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from server.http.responses import break_off

PATIENCE = 60.0
"""Seconds that a client may take to accept 64 KiB."""


class KeptFileResponse(FileResponse):
    """Sends a file that is kept from removal until the last byte has been sent."""

    def __init__(
        self, path: Path, keeping: AbstractAsyncContextManager[Path], headers: Mapping[str, str], media_type: str
    ) -> None:
        super().__init__(path, headers=headers, media_type=media_type, stat_result=path.stat())
        self.keeping = keeping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or the part that a Range header asks for; a header in another unit is ignored."""
        headers = [pair for pair in scope["headers"] if pair[0] != b"range" or pair[1].lower().startswith(b"bytes=")]

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(PATIENCE):
                await send(message)

        try:
            await super().__call__({**scope, "headers": headers}, receive, send_in_time)
        except TimeoutError:
            await break_off(scope, f"the client took less than 64 KiB in {PATIENCE:g} seconds")
        finally:
            await self.keeping.__aexit__(None, None, None)
