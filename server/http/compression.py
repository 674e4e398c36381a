"""Compress responses when the client accepts gzip."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware, IdentityResponder
from starlette.types import Receive, Scope, Send

from server.execution.evaluator import GZIP
from server.serialization.media_types import accepts_gzip

DOWNLOADS = "/data/"


class Compression(GZipMiddleware):
    """Starlette's middleware, but plain for clients that refuse gzip (`gzip;q=0`), as it is not by itself."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and not may_compress(scope):
            plain = IdentityResponder(self.app, self.minimum_size, exclude_content_types=self.exclude_content_types)
            await plain(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def may_compress(scope: Scope) -> bool:
    """Return whether a response may be compressed: not for HTTP/1.0, which needs the length in advance, nor a download,
    whose ranges are those of the plain bytes.
    """
    if scope["path"].startswith(scope.get("root_path", "") + DOWNLOADS):
        return False
    return scope["http_version"] != "1.0" and likes_gzip(Headers(scope=scope))


def likes_gzip(headers: Headers) -> bool:
    """Return whether the headers of a request prefer gzip."""
    return accepts_gzip(", ".join(headers.getlist("accept-encoding")))


def streamed_headers(request: Request) -> Mapping[str, str]:
    """Return the headers that `Compression` will add to a stream, for the response to HEAD."""
    encoding = {"Content-Encoding": GZIP} if may_compress(request.scope) else {}
    return {**encoding, "Vary": "Accept-Encoding"}
