"""The outermost middleware: request numbers, counts, limits for clients, and security headers.

It is written on plain ASGI, since every query passes through it.
"""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import AddressTooLongError, RateExceededError, ServiceError
from server.http.clients import RateLimiter, ShareLimiter
from server.http.forwarding import ClientIdentity, Forwarding
from server.http.logs import FIELDS, REQUESTS
from server.http.metrics import RequestCounts
from server.http.responses import RETRY_SECONDS
from server.settings import Settings

RATE_ELSEWHERE, AT_ONCE_ELSEWHERE = 20.0, 10
UNLIMITED = frozenset({"/health", "/ready"})
CHEAP = UNLIMITED | {"/metrics", "/context.jsonld", "/openapi.json", "/robots.txt"}
STATIC = "/static/"
NUMBER = re.compile(rb"[A-Za-z0-9._-]{1,64}")
METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
PREFLIGHT = [
    (b"access-control-allow-methods", METHODS.encode("ascii")),
    (b"access-control-max-age", b"86400"),
]
NOT_MODIFIED = 304
POLICY = b"content-security-policy"
ALWAYS = {
    b"access-control-allow-origin": b"*",
    b"access-control-expose-headers": b"Content-Language, ETag, Link, Location, Retry-After, X-Request-Id",
    POLICY: b"default-src 'none'; frame-ancestors 'none'; sandbox",
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
}
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")

log = logging.getLogger(__name__)
requests_log = logging.getLogger(REQUESTS)

Answering = Callable[[Request, Exception], Response]


@dataclass(eq=False, slots=True)
class RequestState:
    """The state of a request: number, client, start, and what has been sent."""

    number: str
    client: ClientIdentity
    started: float
    status: int = 0
    length: int = 0
    complete: bool = False


class ServiceMiddleware:
    """The outermost layer of the service around `app`; `answer_error` makes the response to an error."""

    def __init__(self, app: ASGIApp, settings: Settings, counts: RequestCounts, answer_error: Answering) -> None:
        self.app = app
        self.settings = settings
        self.counts = counts
        self.answer_error = answer_error
        rate = RATE_ELSEWHERE if settings.rate is None else settings.rate
        self.limiter = RateLimiter(rate, settings.burst) if rate > 0 else None
        self.forwarding = Forwarding(settings)
        at_once = AT_ONCE_ELSEWHERE if settings.at_once is None else settings.at_once
        self.shares = ShareLimiter(at_once) if at_once > 0 else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        seen = self._look_at(scope, headers)
        added = [*ALWAYS.items(), (b"x-request-id", seen.number.encode("ascii"))]
        if scope["scheme"] == "https":
            added.append(STRICT_TRANSPORT)

        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                given = message["headers"]
                names = {name for name, _ in given}
                if seen.status == NOT_MODIFIED:  # its headers replace those of the page that the client has
                    names.add(POLICY)
                message["headers"] = [*given, *(pair for pair in added if pair[0] not in names)]
            else:
                seen.length += len(message.get("body", b""))
                seen.complete = not message.get("more_body", False)
            await send(message)

        self.counts.running += 1
        try:
            await self._answer(scope, receive, send_more, seen, headers)
        finally:
            self.counts.running -= 1
            self._note(scope, seen)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, seen: RequestState, headers: list[tuple[bytes, bytes]]
    ) -> None:
        path: str = scope["path"]
        root: str = scope.get("root_path", "")
        try:
            self._refuse_excess(scope, seen, path.removeprefix(root))
            if scope["method"] == "OPTIONS" and (response := preflight(headers)) is not None:
                await response(scope, receive, send)
            elif path == f"{root}*" and scope["method"] == "OPTIONS":  # asked of the service as a whole
                await Response(status_code=204, headers={"Allow": METHODS})(scope, receive, send)
            else:
                with self._share(seen, path.removeprefix(root)):
                    await self.app(scope, receive, send)
        except ServiceError as error:
            if seen.status:
                raise
            await self.answer_error(Request(scope, receive, send), error)(scope, receive, send)
        except Exception as error:
            log.error("a mistake in request %s", seen.number, exc_info=error)
            if seen.complete:
                return
            if seen.status:
                raise
            await self.answer_error(Request(scope, receive, send), error)(scope, receive, send)

    def _look_at(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> RequestState:
        """Assign a number to a request and identify its client."""
        peer = scope["client"][0] if scope.get("client") else ""
        number = b""
        if self.settings.trusted_proxies and self.forwarding.is_trusted(peer):
            number = next((v for name, v in headers if name == b"x-request-id" and NUMBER.fullmatch(v)), b"")
        client = self.forwarding.identify(scope, headers)
        seen = RequestState(number.decode("ascii") or token_hex(8), client, time.perf_counter())
        scope.setdefault("state", {}).update(request_id=seen.number, account=client.account, client=client)
        return seen

    @contextmanager
    def _share(self, seen: RequestState, path: str) -> Iterator[None]:
        """Count a request that evaluates or holds memory for its client while the block lasts.

        Raises RateExceededError when the client has as many requests at work as it may.
        """
        if (
            self.shares is None
            or path in CHEAP
            or path.startswith(STATIC)
            or (seen.client.is_local and self.settings.at_once is None)
        ):
            yield
            return
        with self.shares.place(seen.client.account) as has_room:
            if not has_room:
                raise RateExceededError(seconds=RETRY_SECONDS)
            yield

    def _refuse_excess(self, scope: Scope, seen: RequestState, path: str) -> None:
        limit = self.settings.address_length
        if len(scope["query_string"]) + len(path) > limit:
            raise AddressTooLongError(limit=limit)
        if self.limiter is None or path in UNLIMITED or (seen.client.is_local and self.settings.rate is None):
            return
        wait = self.limiter.take(seen.client.address, seen.started)
        if wait > 0:
            raise RateExceededError(seconds=math.ceil(wait))

    def _note(self, scope: Scope, seen: RequestState) -> None:
        seconds = time.perf_counter() - seen.started
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        self.counts.add(path, scope["method"], seen.status, seconds)
        if requests_log.isEnabledFor(logging.INFO):
            query = scope["query_string"].decode("latin-1") if self.settings.log_queries else ""
            fields = {
                "request": seen.number,
                "client": seen.client.address,
                "method": scope["method"],
                "path": path + ("?" + query if query else ""),
                "status": seen.status,
                "bytes": seen.length,
                "milliseconds": round(seconds * 1000, 2),
            }
            requests_log.info("request", extra={FIELDS: fields})


def preflight(headers: list[tuple[bytes, bytes]]) -> Response | None:
    """Return the answer to a CORS preflight request; None for any other request."""
    given = dict(headers)
    if b"origin" not in given or b"access-control-request-method" not in given:
        return None
    response = Response(status_code=204)
    wanted = given.get(b"access-control-request-headers", b"")
    response.raw_headers += [*PREFLIGHT, (b"access-control-allow-headers", wanted or b"*"), (b"vary", b"Origin")]
    return response
