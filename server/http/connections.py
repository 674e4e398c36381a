"""HTTP connections with limits on the length and duration of headers and on idle time."""

from __future__ import annotations

import asyncio
import fcntl
import math
import re
import struct
import sys
import termios
from collections import Counter
from email.utils import formatdate
from http import HTTPStatus
from secrets import token_hex
from typing import Any, ClassVar

from fastapi import FastAPI
from httptools import HttpParserInvalidMethodError, HttpParserInvalidURLError
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ontology.messages import message
from server.http.clients import account_of
from server.http.middleware import ALWAYS
from server.http.write_coalescing import CoalescingTransport
from server.networks import LOOPBACK, is_within
from server.settings import Settings

PART_OF_ONE_CLIENT = 10
"""One client may have this part of `connections`."""
REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [!-~]+ HTTP/1\.[01]\r?\n")
HOST = re.compile(rb"(?:[A-Za-z0-9._~%-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")


class GuardedProtocol(HttpToolsProtocol):
    """The protocol of uvicorn with limits: refuses long or slow headers and clients with too many connections, aborts
    connections that read nothing.
    """

    settings: ClassVar[Settings]
    accounts: ClassVar[Counter[str]]
    account: str | None = None
    url = b""
    header_bytes = 0
    in_headers = True
    header_timer: asyncio.TimerHandle | None = None
    unsent = 0
    received = b""
    is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop for a new connection."""
        super().connection_made(CoalescingTransport(transport, self.loop))
        self.await_headers()
        self.account = limited_account(self.client[0] if self.client else "", self.settings)
        if self.account is not None:
            self.accounts[self.account] += 1
            if self.accounts[self.account] > max(1, self.settings.connections // PART_OF_ONE_CLIENT):
                self.refuse(HTTPStatus.TOO_MANY_REQUESTS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop when the connection has ended."""
        self.stop_waiting()
        if self.account is not None:
            self.accounts[self.account] -= 1
            if not self.accounts[self.account]:
                del self.accounts[self.account]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass bytes to the parser; refuse headers beyond the limits."""
        if self.is_refused:
            return
        self.received = data
        super().data_received(data)
        if self.in_headers and not self.transport.is_closing():
            self.header_bytes += len(data)
            if len(self.url) > self.settings.address_length:
                self.refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
            elif self.header_bytes > self.settings.address_length + self.settings.header_length:
                self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Prepare the scope of a request, which lets the application abort the connection."""
        super().on_message_begin()
        self.header_bytes = 0
        self.await_headers()
        self.scope["abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]
        self.scope["untaken"] = self.untaken  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        """Check the headers of a request."""
        self.stop_waiting()
        if not has_valid_host(self.headers, self.parser.get_http_version()):
            self.refuse(HTTPStatus.BAD_REQUEST)
            return
        if any(name == b"transfer-encoding" and value.lower() != b"chunked" for name, value in self.headers):
            self.refuse(HTTPStatus.NOT_IMPLEMENTED)
            return
        length = sum(len(name) + len(value) + 4 for name, value in self.headers)
        if length > self.settings.header_length:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif len(self.url) > self.settings.address_length:
            self.refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass a part of the body on."""
        if not self.is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Pass the end of a request on."""
        if not self.is_refused:
            super().on_message_complete()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, unless its client is still reading the last answer."""
        unsent = self.transport.get_write_buffer_size()
        if not unsent:
            super().timeout_keep_alive_handler()
        elif unsent == self.unsent:
            self.transport.abort()
        else:
            self.unsent = unsent
            self.timeout_keep_alive_task = self.loop.call_later(
                self.settings.send_timeout, self.timeout_keep_alive_handler
            )

    def untaken(self) -> int:
        """Return the number of bytes written but not acknowledged by the client, those in kernel buffers included."""
        queued = struct.pack("i", 0)
        connection = self.transport.get_extra_info("socket")
        if connection is not None and not self.transport.is_closing():
            queued = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, queued)
        return int(struct.unpack("i", queued)[0]) + self.transport.get_write_buffer_size()

    def await_headers(self) -> None:
        """Start the timer for the headers of a request."""
        self.stop_waiting()
        self.in_headers = True
        self.header_timer = self.loop.call_later(self.settings.receive_timeout, self.refuse, HTTPStatus.REQUEST_TIMEOUT)

    def stop_waiting(self) -> None:
        """Stop the timer for the headers."""
        self.in_headers = False
        if self.header_timer is not None:
            self.header_timer.cancel()
            self.header_timer = None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - what uvicorn would say
        """Refuse a request that the parser rejects: 501 for an unknown method, else 400."""
        method = REQUEST_LINE.match(self.received)
        is_unknown = isinstance(sys.exception(), HttpParserInvalidMethodError) and method is not None
        is_unencoded = isinstance(sys.exception(), HttpParserInvalidURLError) and not self.received.isascii()
        remedy = "".join(f"{message('address-unencoded', language)}\n" for language in ("zh", "en"))
        self.refuse(
            HTTPStatus.NOT_IMPLEMENTED if is_unknown else HTTPStatus.BAD_REQUEST, remedy if is_unencoded else ""
        )

    def refuse(self, status: HTTPStatus, text: str = "") -> None:
        """Send an error status, with a text instead of its phrase if there is one, and close the connection."""
        self.stop_waiting()
        self.is_refused = True
        if self.transport.is_closing():
            return
        body = (text or f"{status.phrase}\n").encode()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\ndate: {formatdate(usegmt=True)}\r\n"
            f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
            f"cache-control: no-store\r\nx-request-id: {token_hex(8)}\r\n"
        )
        usual = b"".join(b"%b: %b\r\n" % pair for pair in ALWAYS.items())
        self.transport.write(head.encode("ascii") + usual + b"\r\n" + body)
        self.transport.close()


def has_valid_host(headers: list[tuple[bytes, bytes]], version: str) -> bool:
    """Return whether a request has exactly one `Host`, or none in HTTP/1.0, and whether it is a valid host.

    The host becomes a part of addresses in responses.
    """
    hosts = [value for name, value in headers if name == b"host"]
    return all(map(HOST.fullmatch, hosts)) and (len(hosts) == 1 or (not hosts and version == "1.0"))


def limited_account(peer: str, settings: Settings) -> str | None:
    """Return the name under which the connections of a peer are counted; None for those that may have any number.

    These are trusted proxies and, unless `at_once` says otherwise, this machine.
    """
    if is_within(peer, settings.trusted_proxies) or settings.at_once == 0:
        return None
    return None if settings.at_once is None and is_within(peer, LOOPBACK) else account_of(peer)


def guarded_protocol(settings: Settings) -> type[GuardedProtocol]:
    """Return the protocol class that uvicorn runs for each connection, with the limits of the settings."""
    return type("GuardedProtocol", (GuardedProtocol,), {"settings": settings, "accounts": Counter()})


def make_config(app: FastAPI, settings: Settings, **more: Any) -> Config:
    """Return the configuration with which uvicorn serves an application."""
    return Config(
        app,
        http=guarded_protocol(settings),
        loop="uvloop",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=settings.connections,
        timeout_graceful_shutdown=math.ceil(settings.stop_timeout),
        root_path=settings.root,
        **more,
    )
