"""Dependencies of routes, and the interface of the HTML pages."""

import base64
import logging
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response

from server.errors import EngineFailedError, KeyFileError, KeyRefusedError, ServiceError, UpdateRefusedError
from server.execution.evaluator import ClientEvaluator, Evaluator
from server.http.client_keys import Key, find_key, read_keys
from server.settings import Settings
from server.store.writer import Writer

log = logging.getLogger(__name__)

_FOREIGN_SITES = ("cross-site", "same-site")
"""What browsers say in `Sec-Fetch-Site` of requests that pages of other origins cause."""


class Pages(Protocol):
    """The HTML pages of a service; without them it serves RDF only."""

    @property
    def router(self) -> APIRouter:
        """Routes that only pages have, such as static files."""

    async def home(self, request: Request) -> Response:
        """Return the page at `/`."""

    async def query_form(self, request: Request) -> Response:
        """Return the page at `/sparql` for a browser that brings no query."""

    async def resource(self, request: Request, iri: str) -> Response:
        """Return the page of a thing, version, point, code or term; raises NotFoundError."""

    async def table(self, request: Request, iri: str, form: str) -> Response:
        """Return the table of data behind a page, as CSV, as a workbook or as JSON; raises NotFoundError."""

    def error(self, request: Request, error: ServiceError, status: int) -> Response:
        """Return the page for an error."""


def get_settings(request: Request) -> Settings:
    """Return the settings of this service."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    return settings


def get_evaluator(request: Request) -> Evaluator:
    """Return the evaluator of queries, which counts those of this request for its client."""
    return ClientEvaluator(request.app.state.evaluator, request.scope["state"]["account"])


def get_pages(request: Request) -> Pages | None:
    """Return the pages, if the service has any."""
    pages: Pages | None = request.app.state.pages
    return pages


def require_key(request: Request) -> Key:
    """Return the key of a client that writes.

    Raises UpdateRefusedError where nobody may write, KeyRefusedError for a client without a valid key. The file is read
    anew each time, so that a revoked key is worthless at once. A browser sends a password that it remembers with forms
    of other sites too: there it counts for nothing.
    """
    authorization = request.headers.get("authorization", "")
    is_foreign = request.headers.get("sec-fetch-site") in _FOREIGN_SITES
    secret = None if is_foreign and is_basic(authorization) else secret_of(authorization)
    return check_secret(get_settings(request), secret)


def check_secret(settings: Settings, secret: str | None) -> Key:
    """Return the key of which a client gives the secret; raises what `require_key` raises."""
    path = settings.keys
    if path is None:
        raise UpdateRefusedError
    try:
        key = None if secret is None else find_key(read_keys(path), secret)
    except KeyFileError as error:
        log.error("nobody can write: %s", error)
        raise EngineFailedError from error
    if key is None:
        raise KeyRefusedError
    return key


def is_basic(authorization: str) -> bool:
    """Return whether an Authorization header is a password, which a browser may remember and send by itself."""
    return authorization.partition(" ")[0].lower() == "basic"


def secret_of(authorization: str) -> str | None:
    """Return the key in an Authorization header: a Bearer token, or the password of Basic whatever the name."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if is_basic(authorization):
        try:
            return base64.b64decode(credentials.strip(), validate=True).decode().partition(":")[2]
        except ValueError:
            return None
    return None


def get_writer(request: Request) -> Writer:
    """Return the writer of this service."""
    writer = request.app.state.writer
    assert isinstance(writer, Writer)
    return writer


SettingsOf = Annotated[Settings, Depends(get_settings)]
EvaluatorOf = Annotated[Evaluator, Depends(get_evaluator)]
PagesOf = Annotated[Pages | None, Depends(get_pages)]
WriterOf = Annotated[Writer, Depends(get_writer)]
KeyOf = Annotated[Key, Depends(require_key)]
