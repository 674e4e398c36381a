"""HTTP responses: streamed answers, and errors in the client's language."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from server.errors import (
    AnswerTooLongError,
    ClientGoneError,
    KeyRefusedError,
    MethodNotAllowedError,
    RateExceededError,
    SearchNotReadyError,
    ServiceBusyError,
    ServiceError,
    StoreLockedError,
    UploadsBusyError,
    UploadsOfClientError,
)
from server.execution.evaluator import Answer, Evaluator, Question
from server.http.disconnects import CancelOnDisconnect
from server.serialization.jsonld import CONTEXT_PATH
from server.serialization.media_types import content_type, preferred_languages

RETRY_SECONDS = 5
PIECE = 256 * 1024
IN_ONE_WRITE = 2 * 2**20  # of an answer that is in memory anyway; more is sent piece by piece
MOST_AT_ONCE = 64 * 2**20  # of an answer whose length must be known before it is sent

log = logging.getLogger(__name__)


def head_response(answer: Answer, headers: Mapping[str, str]) -> Response:
    """Return the headers of an answer; its length, and whether it is worth compressing, only where it is at hand."""
    response = Response(headers=headers, media_type=content_type(answer.media_type))
    del response.headers["content-length"]
    if answer.length:
        response.headers["content-length"] = str(answer.length)
        if answer.encoding is not None:
            response.headers["content-encoding"] = answer.encoding
    return response


def entity_tag(request: Request, question: Question, generation: str) -> str:
    """Return the entity tag of the answer of a generation to a question.

    It is weak, since rows without an order may change places.
    """
    question_part = repr((question.query, question.base, question.results, question.graph))
    dataset_part = repr((question.default_graphs, question.named_graphs))
    digest = hashlib.blake2b(
        f"{request.app.state.dataset} {generation} {question_part} {dataset_part}".encode("utf-8", "surrogatepass")
    )
    return f'W/"{generation}-{digest.hexdigest()[:16]}"'


def is_known(request: Request, tag: str) -> bool:
    """Return whether a client that reads says that it has the answer of this tag; compared weakly."""
    return request.method in ("GET", "HEAD") and is_listed(tag, ", ".join(request.headers.getlist("if-none-match")))


def has_any(request: Request) -> bool:
    """Return whether a client that reads wants the answer only if there is none, as `If-None-Match: *` says."""
    return request.method in ("GET", "HEAD") and request.headers.get("if-none-match", "").strip() == "*"


def is_listed(tag: str, tags: str) -> bool:
    """Return whether a tag is among those of a header; compared weakly."""
    opaque = tag.removeprefix("W/")
    return any(given.strip().removeprefix("W/") == opaque for given in tags.split(","))


def is_listed_strongly(tag: str, tags: str) -> bool:
    """Return whether a strong tag is among those of a header; a weak one never is."""
    return tag in (given.strip() for given in tags.split(","))


class AnswerResponse(Response):
    """A response that sends an answer while it is produced.

    If the answer breaks off, the connection is aborted, so that no client takes a partial answer for a complete one. If
    the client disconnects, or reads less than PIECE in `patience` seconds, the answer is discarded. HTTP/1.0 has no
    chunks, so the answer is collected and sent with its length.
    """

    def __init__(self, answer: Answer, headers: Mapping[str, str], patience: float) -> None:
        self.status_code = 200
        self.background = None
        self.answer = answer
        self.patience = patience
        self.raw_headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        self.raw_headers.append((b"content-type", content_type(answer.media_type).encode()))
        if answer.encoding is not None:
            self.raw_headers.append((b"content-encoding", answer.encoding.encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, and stop when the client disconnects."""
        untaken: Callable[[], int] = scope.get("untaken", int)
        self.answer.follow(untaken)
        try:
            if self.answer.length is not None:
                await self._send_whole(scope, send, b"".join([chunk async for chunk in self.answer]))
            elif scope["http_version"] == "1.0":
                async with CancelOnDisconnect(receive):
                    await self._send_whole(scope, send, await self._collect())
            else:
                async with CancelOnDisconnect(receive):
                    await self._send_parts(scope, send)
        except ClientGoneError:
            log.debug("a client hung up")
        finally:
            await self.answer.close()

    async def _collect(self) -> bytes:
        body = bytearray()
        async for chunk in self.answer:
            body += chunk
            if len(body) > MOST_AT_ONCE:
                raise AnswerTooLongError(limit=MOST_AT_ONCE)
        return bytes(body)

    async def _send_whole(self, scope: Scope, send: Send, body: bytes) -> None:
        length = (b"content-length", str(len(body)).encode("ascii"))
        await send({"type": "http.response.start", "status": self.status_code, "headers": [*self.raw_headers, length]})
        rest = memoryview(body)
        try:
            while len(rest) > IN_ONE_WRITE:
                await self._send_piece(scope, send, rest[:PIECE])
                rest = rest[PIECE:]
            await send({"type": "http.response.body", "body": rest, "more_body": False})
        except TimeoutError:
            await break_off(scope, f"the client took less than {PIECE // 1024} KiB in {self.patience:g} seconds")

    async def _send_parts(self, scope: Scope, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            async for chunk in self.answer:
                await self._send_piece(scope, send, chunk)
        except ServiceError as error:
            await break_off(scope, str(error))
            return
        except TimeoutError:
            await break_off(scope, f"the client took less than {PIECE // 1024} KiB in {self.patience:g} seconds")
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_piece(self, scope: Scope, send: Send, piece: bytes | memoryview) -> None:
        """Send a part; raises TimeoutError once the client has taken less than PIECE in `patience` seconds.

        Acknowledged bytes count: the kernel reports room in its buffer only when a good part of it is empty, which
        takes longer with a slow client.
        """
        untaken: Callable[[], int] = scope.get("untaken", int)
        left = untaken() + len(piece)
        sending = asyncio.ensure_future(send({"type": "http.response.body", "body": piece, "more_body": True}))
        try:
            while not (await asyncio.wait([sending], timeout=self.patience))[0]:
                before, left = left, untaken()
                if before - left < PIECE:
                    raise TimeoutError
            await sending
        finally:
            sending.cancel()


async def break_off(scope: Scope, why: str) -> None:
    """Abort the connection, so that the client does not take a partial answer for a complete one."""
    log.warning("an answer broke off: %s", why)
    abort = scope.get("abort")
    if abort is not None:
        abort()
        await asyncio.sleep(0)  # lets the server see that the connection is gone


async def ask(request: Request, evaluator: Evaluator, question: Question) -> Answer:
    """The beginning of an answer; raises ServiceError, among them ClientGoneError when the client hangs up first.

    The body of the request must have been read.
    """
    async with CancelOnDisconnect(request.receive):
        return await evaluator.evaluate(question)


def context_address(request: Request) -> str:
    """Return the address of the JSON-LD context for the client of a request."""
    host = request.headers.get("host") or request.url.netloc  # the whole address would take 7% of a cheap query
    return f"{request.scope['scheme']}://{host}{request.scope.get('root_path', '')}{CONTEXT_PATH}"


def error_response(request: Request, error: ServiceError) -> Response:
    """Return the error as plain text, in Chinese, English or both, as the client prefers."""
    languages = preferred_languages(request.headers.get("accept-language", ""))
    headers = {"Content-Language": ", ".join(languages), "Vary": "Accept, Accept-Language"}
    lines = (f"{error.text(language)}\n" for language in languages)
    return PlainTextResponse("".join(lines), status_code=error.status, headers=headers)


def error_headers(error: ServiceError) -> dict[str, str]:
    """Return the headers of an error response."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, RateExceededError):
        headers["Retry-After"] = str(error.values["seconds"])
    elif isinstance(
        error, ServiceBusyError | StoreLockedError | SearchNotReadyError | UploadsBusyError | UploadsOfClientError
    ):
        headers["Retry-After"] = str(RETRY_SECONDS)
    elif isinstance(error, MethodNotAllowedError):
        headers["Allow"] = str(error.values["allowed"])
    elif isinstance(error, KeyRefusedError):
        headers["WWW-Authenticate"] = 'Bearer realm="Yusuan", Basic realm="Yusuan", charset="UTF-8"'
    return headers
