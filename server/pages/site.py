"""The pages as the service sees them: one object that answers every request for HTML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.errors import NotFoundError, ServiceBusyError, ServiceError
from server.execution.evaluator import select
from server.http.upload_limiter import UploadLimiter
from server.linked_data.descriptions import describe_thing, has_part
from server.pages import figures
from server.pages.checking import page as checking
from server.pages.data import catalogue, observation, organisation, point
from server.pages.data import home as listing
from server.pages.data import query as results
from server.pages.data import things as thing
from server.pages.disclosure import coverage, history, version
from server.pages.page_context import SECURITY_HEADERS, PageContext, choose_language
from server.sparql.query_templates import fill_query

TEMPLATES = Path(__file__).parent.parent / "templates"
STATIC = Path(__file__).parent.parent / "static"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
RETRY_SECONDS = 5
_VERSION = re.compile(r"(?P<version>.+/id/disclosure/.+/v/[0-9a-f]{16})(?:/(?P<part>.+))?")
_SUM = re.compile(r"(?P<figure>.+)/sum(?:/[^/]+)?")


class HtmlPages:
    """Everything that is answered in HTML; `create_app(settings, HtmlPages())` serves it."""

    def __init__(self) -> None:
        self.static = {
            path.relative_to(STATIC).as_posix(): (path.read_bytes(), MEDIA_TYPES[path.suffix])
            for path in sorted(STATIC.rglob("*"))
            if path.suffix in MEDIA_TYPES
        }
        self.environment = make_environment({name: content for name, (content, _) in self.static.items()})
        self.totals = listing.Totals()
        self.turns = UploadLimiter()
        self.router = APIRouter(include_in_schema=False)
        self.router.add_api_route("/static/{name:path}", self.static_file, methods=["GET", "HEAD"])
        self.router.add_api_route("/query", self.query_form, methods=["GET", "HEAD"])
        self.router.add_api_route("/csv/{path:path}", self.csv, methods=["GET", "HEAD"])
        self.router.add_api_route("/check", self.check_form, methods=["GET", "HEAD"])
        self.router.add_api_route("/check", self.check, methods=["POST"])

    def visit(self, request: Request) -> PageContext:
        """The visit of a request."""
        return PageContext(request, self.environment, choose_language(request))

    async def home(self, request: Request) -> Response:
        """The page at `/`."""
        return await listing.home_page(self.visit(request), self.totals)

    async def query_form(self, request: Request) -> Response:
        """The page at `/sparql` without a query, and at `/query` with one and its results."""
        return await results.query_page(self.visit(request))

    async def thing(self, request: Request, iri: str) -> Response:
        """The page of a thing, version, point, code or term; raises NotFoundError."""
        visit = self.visit(request)
        match = _VERSION.fullmatch(iri)
        if match is not None:
            return await self._part_of_version(visit, match["version"], match["part"] or "", iri)
        key = iri.removeprefix(visit.base)
        if key == "def":
            return await thing.terms_page(visit)
        if key == "rules":
            return await thing.rules_page(visit)
        if key.startswith("rules/"):
            await describe_thing(visit.evaluator, visit.base, iri, 1)
            return RedirectResponse(visit.link("/rules"), status_code=303)
        if key.startswith("id/disclosure/"):
            return await self._disclosure(visit, iri)
        makers = {
            "catalogue": catalogue.catalogue_page,
            "query/": results.example_page,
            "history/": history.history_page,
            "diff/": history.revision_page,
            "id/point/": point.point_page,
            "id/coordinates/": point.coordinates_page,
            "id/series/": point.series_page,
            "id/org/": organisation.organisation_page,
            "id/file/": thing.file_page,
        }
        for beginning, make in makers.items():
            if key.startswith(beginning):
                return await make(visit, iri)
        if thing.is_scheme(iri, visit.base):
            return await thing.scheme_page(visit, iri)
        return await thing.thing_page(visit, iri)

    def error(self, request: Request, error: ServiceError, status: int) -> Response:
        """The page for an error: what happened, and what to do."""
        visit = self.visit(request)
        hint = f"error-hint-{status}"
        headers = {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, ServiceBusyError) else {}
        return visit.page(
            "error.html",
            status,
            headers,
            text=error.text(visit.language),
            code=status,
            hint=visit.word(hint) if visit.has_word(hint) else visit.word("error-hint"),
        )

    async def csv(self, request: Request, path: str) -> Response:
        """The figures of a version for spreadsheets."""
        visit = self.visit(request)
        iri = f"{visit.base}id/{path}"
        if not _VERSION.fullmatch(iri):
            raise NotFoundError(iri=iri)
        return await version.figures_as_csv(visit, iri)

    async def check_form(self, request: Request) -> Response:
        """The page to drop a file on."""
        return checking.form_page(self.visit(request))

    async def check(self, request: Request) -> Response:
        """What is wrong with a file."""
        return await checking.checked_page(self.visit(request), self.turns)

    async def static_file(self, request: Request, name: str) -> Response:
        """A style sheet, script or picture; its address changes with its content."""
        if name not in self.static:
            raise NotFoundError(iri=str(request.url))
        content, media_type = self.static[name]
        headers = {**SECURITY_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(content, media_type=media_type, headers=headers)

    async def _part_of_version(self, visit: PageContext, of: str, part: str, iri: str) -> Response:
        """A version, or one of the things in it; tables, sums and findings have their place on a page.

        Raises NotFoundError for what it has not.
        """
        if part in ("", "catalogue"):
            return await version.version_page(visit, of)
        if part == "coverage":
            return await coverage.coverage_page(visit, of)
        node = _SUM.fullmatch(iri)
        if "/" in part and not part.startswith("findings/") and node is None:
            return await observation.part_page(visit, of, iri)
        if not await has_part(visit.evaluator, visit.base, of, iri):
            raise NotFoundError(iri=iri)
        if part.startswith("findings"):
            finding = part.removeprefix("findings").strip("/")
            return jump(visit, of, f"f-{finding}" if finding and "/" not in finding else "findings")
        if node is not None:
            return jump(visit, node["figure"], figures.anchor(iri, of))
        return jump(visit, of, part)

    async def _disclosure(self, visit: PageContext, iri: str) -> Response:
        """From a disclosure to its current version; raises NotFoundError."""
        query = fill_query("which_version_is_current", disclosure=iri)
        for row in await select(visit.evaluator, query, visit.base):
            return jump(visit, row["version"].value, "")
        raise NotFoundError(iri=iri)


def jump(visit: PageContext, iri: str, anchor: str, status: int = 303) -> Response:
    """Send the visitor to the page of a thing, at a place on it."""
    parameters = f"?{visit.request.url.query}" if visit.request.url.query else ""
    place = f"#{quote(anchor)}" if anchor else ""
    return RedirectResponse(f"{visit.href(iri)}{parameters}{place}", status_code=status)


def make_environment(static: Mapping[str, bytes]) -> Environment:
    """The templates, and what they may call."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = figures.money
    environment.filters["number"] = figures.number
    digests = {name: hashlib.sha256(content).hexdigest()[:8] for name, content in static.items()}
    environment.globals["static"] = lambda visit, name: visit.link(f"/static/{name}", v=digests[name])
    environment.globals["anchor"] = figures.anchor
    return environment
