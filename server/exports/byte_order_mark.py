"""The parameter `bom=1`: CSV with a byte order mark, by which spreadsheet programs recognise UTF-8."""

from __future__ import annotations

from codecs import BOM_UTF8

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PARAMETER = b"bom=1"
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
_NOT_ASKED_FOR = (b"range", b"if-range", b"accept-encoding")
_UNCOMPRESSED = (b"accept-encoding", b"identity")
"""The mark stands before the whole content; it is compressed, if at all, after the mark is written."""
_OF_THE_FILE = (b"accept-ranges", b"repr-digest", b"content-digest")


class ByteOrderMark:
    """Middleware that takes `bom=1` from the query of an address and writes the mark before an answer in CSV.

    With the mark, an answer is sent whole: ranges and digests are those of the file without it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        parameters = scope.get("query_string", b"").split(b"&") if scope["type"] == "http" else []
        if PARAMETER not in parameters or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        scope = {
            **scope,
            "query_string": b"&".join(each for each in parameters if each != PARAMETER),
            "headers": [*(each for each in scope["headers"] if each[0].lower() not in _NOT_ASKED_FOR), _UNCOMPRESSED],
        }
        awaits_body = False

        async def mark(message: Message) -> None:
            nonlocal awaits_body
            if message["type"] == "http.response.start":
                headers = message.get("headers", [])
                kind = next((value for name, value in headers if name.lower() == b"content-type"), b"")
                if message["status"] in _REDIRECTIONS:
                    message = {**message, "headers": list(map(_marked, headers))}
                elif message["status"] == 200 and kind.startswith(b"text/csv"):
                    awaits_body = scope["method"] == "GET"
                    message = {**message, "headers": list(map(_longer, filter(_is_kept, headers)))}
            elif message["type"] == "http.response.body" and awaits_body:
                awaits_body = False
                message = {**message, "body": BOM_UTF8 + message.get("body", b"")}
            await send(message)

        await self.app(scope, receive, mark)


def _is_kept(header: tuple[bytes, bytes]) -> bool:
    return header[0].lower() not in _OF_THE_FILE


def _marked(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """The address of a redirection, with the parameter; any other header unchanged."""
    name, value = header
    return (name, value + (b"&" if b"?" in value else b"?") + PARAMETER) if name.lower() == b"location" else header


def _longer(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """The length of an answer, with that of the mark; any other header unchanged."""
    name, value = header
    return (name, b"%d" % (int(value) + len(BOM_UTF8))) if name.lower() == b"content-length" else header
