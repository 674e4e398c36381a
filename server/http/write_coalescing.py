"""A transport that coalesces the writes of one iteration of the event loop.

Headers and body of a response are written one after the other. If they are sent apart, the headers alone wake the
client, which may then take the processor before the body is sent.
"""

from __future__ import annotations

import asyncio
from typing import Any

ENOUGH = 64 * 1024


class CoalescingTransport(asyncio.Transport):
    """A transport that buffers small writes until the end of the iteration."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.transport = transport
        self.loop = loop
        self.gathered: list[bytes | memoryview] = []
        self.size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Buffer the data until the end of the iteration, or send it if the buffer is large enough."""
        if not self.gathered and len(data) < ENOUGH:
            self.loop.call_soon(self.send)
        self.gathered.append(bytes(data) if isinstance(data, bytearray) else data)
        self.size += len(data)
        if self.size >= ENOUGH:
            self.send()

    def send(self) -> None:
        """Send the buffered data."""
        if self.gathered:
            gathered, self.gathered, self.size = self.gathered, [], 0
            self.transport.writelines(gathered)

    def close(self) -> None:
        """Close after everything has been sent."""
        self.send()
        self.transport.close()

    def abort(self) -> None:
        """Close at once."""
        self.gathered.clear()
        self.size = 0
        self.transport.abort()

    def is_closing(self) -> bool:
        """Return whether it is closing or closed."""
        return self.transport.is_closing()

    def get_write_buffer_size(self) -> int:
        """Return the number of bytes that have not been sent yet."""
        return self.size + self.transport.get_write_buffer_size()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return optional information on the connection."""
        return self.transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Stop reading."""
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Go on reading."""
        self.transport.resume_reading()
