"""A transport that sends what is written in one turn of the event loop together.

The head of an answer and its body are written one after the other. Sent apart, the head alone wakes the client, which
takes the processor from whoever is about to send the body.
"""

from __future__ import annotations

import asyncio
from typing import Any

ENOUGH = 64 * 1024


class CoalescingTransport(asyncio.Transport):
    """Another transport, of which it changes only when small writes leave."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.transport = transport
        self.loop = loop
        self.gathered: list[bytes | memoryview] = []
        self.size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write at the end of this turn, or now if it has become enough."""
        if not self.gathered and len(data) < ENOUGH:
            self.loop.call_soon(self.send)
        self.gathered.append(bytes(data) if isinstance(data, bytearray) else data)
        self.size += len(data)
        if self.size >= ENOUGH:
            self.send()

    def send(self) -> None:
        """Hand over what is gathered."""
        if self.gathered:
            gathered, self.gathered, self.size = self.gathered, [], 0
            self.transport.writelines(gathered)

    def close(self) -> None:
        """Close once everything is sent."""
        self.send()
        self.transport.close()

    def abort(self) -> None:
        """Close at once."""
        self.gathered.clear()
        self.size = 0
        self.transport.abort()

    def is_closing(self) -> bool:
        """Whether it is closing or closed."""
        return self.transport.is_closing()

    def get_write_buffer_size(self) -> int:
        """How many bytes have not been sent yet."""
        return self.size + self.transport.get_write_buffer_size()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection."""
        return self.transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Stop reading."""
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Go on reading."""
        self.transport.resume_reading()
