"""HTTP responses: an answer that streams, and an error in the client's language."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from server.errors import (
    STATUS,
    ClientGoneError,
    KeyRefusedError,
    MethodNotAllowedError,
    ServiceBusyError,
    ServiceError,
)
from server.evaluation import Answer, Evaluator, Question
from server.formats import content_type, preferred_languages

RETRY_SECONDS = 5

log = logging.getLogger(__name__)


def head_response(answer: Answer, headers: Mapping[str, str]) -> Response:
    """The headers of an answer, whose length is not known."""
    response = Response(headers=headers, media_type=content_type(answer.media_type))
    del response.headers["content-length"]
    return response


class AnswerResponse(Response):
    """Sends an answer as it comes.

    If it breaks off, the connection does too, so that no client takes a part for the whole; if the client hangs up, the
    answer is given up.
    """

    def __init__(self, answer: Answer, headers: Mapping[str, str]) -> None:
        super().__init__(headers=headers, media_type=content_type(answer.media_type))
        self.answer = answer
        del self.headers["content-length"]
        if answer.length is not None:
            self.headers["content-length"] = str(answer.length)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, and see meanwhile whether anybody still listens."""
        assert scope["type"] == "http"
        sending = asyncio.ensure_future(self._send(send))
        gone = asyncio.ensure_future(_client_gone(receive))
        try:
            await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, gone):
                task.cancel()
            await asyncio.gather(sending, gone, return_exceptions=True)
            await self.answer.close()
        if not sending.cancelled():
            sending.result()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            async for chunk in self.answer:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except ServiceError as error:
            log.warning("an answer broke off: %s", error)
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def ask(request: Request, evaluator: Evaluator, question: Question) -> Answer:
    """The beginning of an answer; raises ServiceError, among them ClientGoneError when the client hangs up first.

    The body of the request must have been read.
    """
    return await _unless_gone(request.receive, evaluator.evaluate(question))


def error_response(request: Request, error: ServiceError) -> Response:
    """The error as plain text, in Chinese, English or both, as the client prefers."""
    languages = preferred_languages(request.headers.get("accept-language", ""))
    headers = {"Content-Language": ", ".join(languages), "Vary": "Accept, Accept-Language"}
    lines = (f"{error.text(language)}\n" for language in languages)
    return PlainTextResponse("".join(lines), status_code=STATUS[type(error)], headers=headers)


def error_headers(error: ServiceError) -> dict[str, str]:
    """What goes with an error, whatever form its text takes."""
    if isinstance(error, ServiceBusyError):
        return {"Retry-After": str(RETRY_SECONDS)}
    if isinstance(error, MethodNotAllowedError):
        return {"Allow": str(error.values["allowed"])}
    if isinstance(error, KeyRefusedError):
        return {"WWW-Authenticate": 'Bearer realm="Yusuan"'}
    return {}


async def _unless_gone(receive: Receive, work: Coroutine[Any, Any, Answer]) -> Answer:
    """The result of the work, which is cancelled when the client hangs up."""
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_client_gone(receive))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGoneError
        return working.result()
    finally:
        for task in (working, gone):
            task.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)


async def _client_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
