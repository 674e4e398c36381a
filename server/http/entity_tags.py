"""Conditional requests for pages, descriptions and downloads: answer 304 when the tag matches.

A tag names the generation and the request, so it is known before the store is asked. Tags of pages are weak, those of
downloads strong. Answers at `/sparql` and `/graphs` have tags of their own.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from secrets import token_hex

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import DownloadChangedError, StoreMissingError
from server.exports.code_digest import code_digest
from server.http.responses import error_response, is_listed, is_listed_strongly
from server.store.generations import Generations

DOWNLOADS = "data"
TAGGED = frozenset(
    (
        *("", "catalogue", "code", "completions", "csv", DOWNLOADS, "def", "diff", "doc", "history", "prefix"),
        *("prefixes", "rules", "sitemap", "sitemap.xml", "void", "void.jsonld", "void.nt", "void.rdf", "void.ttl"),
    )
)
NEGOTIATED = ("accept", "accept-language", "cookie", "host", "x-forwarded-proto")
VARY = b"Accept, Accept-Encoding, Accept-Language, Cookie"
OF_A_BODY = (b"content-type", b"content-length", b"content-encoding", b"content-disposition")


class Validators:
    """Middleware that adds entity tags to responses, and answers 304 to clients that have the tagged response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.start = token_hex(8)  # after a restart, with other templates perhaps, pages are others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""
        part = path.removeprefix("/").partition("/")[0]
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or part not in TAGGED:
            await self.app(scope, receive, send)
            return
        try:
            generation: str = scope["app"].state.evaluator.generation()
            changed = changed_at(Generations(scope["app"].state.settings.store)) if part == DOWNLOADS else None
        except StoreMissingError:
            await self.app(scope, receive, send)
            return
        state = scope["app"].state
        is_download = part == DOWNLOADS
        tag = download_tag(state.dataset, generation, scope["path"]) if is_download else self.tag(scope, generation)
        if is_download and not has_match(scope, tag):
            await error_response(Request(scope), DownloadChangedError())(scope, receive, send)
            return
        added = [(b"etag", tag.encode("ascii")), (b"cache-control", b"no-cache")]
        if changed is not None:
            added.append((b"last-modified", format_datetime(changed, usegmt=True).encode("ascii")))
        known = ", ".join(Headers(scope=scope).getlist("if-none-match"))
        if is_listed(tag, known) or (not known and is_unmodified(scope, changed)):
            await send({"type": "http.response.start", "status": 304, "headers": [*added, (b"vary", VARY)]})
            await send({"type": "http.response.body", "body": b""})
            return
        is_any, is_known = known.strip() == "*", False

        async def send_tagged(message: Message) -> None:
            nonlocal is_known
            if message["type"] == "http.response.start" and message["status"] == 200:
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in added if pair[0] not in given)]
                if is_any:
                    message["status"] = 304
                    message["headers"] = [pair for pair in message["headers"] if pair[0] not in OF_A_BODY]
                is_known = is_any
            elif is_known:
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "HEAD"} if is_any else scope, receive, send_tagged)

    def tag(self, scope: Scope, generation: str) -> str:
        """Return the weak tag of a page of a generation, as it was negotiated and with what has been counted so far."""
        state, headers = scope["app"].state, Headers(scope=scope)
        parts = [state.dataset, generation, scope["path"]]
        parts += [self.start, scope["scheme"], scope["query_string"].decode("latin-1")]
        parts += [
            state.statistics.counts.generation,
            state.search.generation,
            *(", ".join(headers.getlist(name)) for name in NEGOTIATED),
        ]
        digest = hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"))
        return f'W/"{generation}-{digest.hexdigest()[:16]}"'


def has_match(scope: Scope, tag: str) -> bool:
    """Return whether the If-Match header of a request, if there is one, names the tag of the download."""
    wanted = ", ".join(Headers(scope=scope).getlist("if-match")).strip()
    return wanted in ("", "*") or is_listed_strongly(tag, wanted)


def download_tag(dataset: str, generation: str, path: str) -> str:
    """Return the strong tag of a download: the same code writes the same bytes for the same generation."""
    digest = hashlib.blake2b(repr((dataset, generation, path, code_digest())).encode("utf-8", "surrogatepass"))
    return f'"{generation}-{digest.hexdigest()[:16]}"'


def changed_at(generations: Generations) -> datetime:
    """Return the time at which the current generation became current; raises StoreMissingError."""
    try:
        return datetime.fromtimestamp(int(generations.pointer.stat().st_mtime), UTC)
    except FileNotFoundError as error:
        raise StoreMissingError(path=generations.path) from error


def is_unmodified(scope: Scope, changed: datetime | None) -> bool:
    """Return whether If-Modified-Since names the time of the last change, or a later one."""
    since = Headers(scope=scope).get("if-modified-since")
    if since is None or changed is None:
        return False
    try:
        return changed <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # no date, or one without a zone
        return False
