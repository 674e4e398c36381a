"""Compressing what does not come compressed, for clients that like that better than the plain bytes."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware, IdentityResponder
from starlette.types import Receive, Scope, Send

from server.execution.evaluator import GZIP
from server.serialization.media_types import accepts_gzip


class Compression(GZipMiddleware):
    """Starlette's, which compresses even for clients that refuse it (`gzip;q=0`)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and not may_compress(scope):
            plain = IdentityResponder(self.app, self.minimum_size, exclude_content_types=self.exclude_content_types)
            await plain(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def may_compress(scope: Scope) -> bool:
    """Whether a client takes compressed streams: one of HTTP/1.0 must know the length, which goes by compressing."""
    return scope["http_version"] != "1.0" and likes_gzip(Headers(scope=scope))


def likes_gzip(headers: Headers) -> bool:
    """Whether the headers of a request ask for gzip."""
    return accepts_gzip(", ".join(headers.getlist("accept-encoding")))


def streamed_headers(request: Request) -> Mapping[str, str]:
    """What `Compression` will add to the headers of a stream: HEAD says it, though there is nothing to compress."""
    encoding = {"Content-Encoding": GZIP} if may_compress(request.scope) else {}
    return {**encoding, "Vary": "Accept-Encoding"}
