"""Dependencies of routes, and the interface of the HTML pages."""

from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response

from server.errors import ServiceError
from server.execution.evaluator import ClientEvaluator, Evaluator
from server.http.client_keys import Key
from server.http.write_access import require_key
from server.settings import Settings
from server.store.writer import Writer


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
