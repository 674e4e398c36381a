"""`HtmlPages`: routes every request for HTML to the function that renders the page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.charts.yuan_and_wan import amount_to_text, share_to_text
from server.errors import NotFoundError, SearchNotReadyError, ServiceBusyError, ServiceError
from server.execution.evaluator import select
from server.exports.table_files import table_to_bytes
from server.linked_data.descriptions import describe_thing, has_part
from server.linked_data.rule_versions import parse_rules_address
from server.pages import figures
from server.pages.checking.page import check_upload, kept_page, progress_of_check, remove_kept, report_of_form
from server.pages.checking.upload_form import form_page
from server.pages.citing import citation_of, cited_address
from server.pages.codes.page import code_page
from server.pages.compare.page import ADDRESS as COMPARE
from server.pages.compare.page import compare_file, compare_page
from server.pages.data.catalogue import catalogue_page
from server.pages.data.home import home_page
from server.pages.data.observation import part_page
from server.pages.data.point import coordinates_page, point_page, series_page
from server.pages.data.query import example_page, query_page
from server.pages.data.resource import file_page
from server.pages.data.vocabulary import is_scheme, rules_page, rules_version_page, scheme_page, terms_page
from server.pages.disclosure.cells import CellWriter, findings_attribute, severity_symbol
from server.pages.disclosure.coverage import coverage_page
from server.pages.disclosure.history_pages import history_page, revision_page
from server.pages.disclosure.version import figures_as_csv, version_page
from server.pages.download_response import file_response, rows_to_json
from server.pages.figure_rows import figure_amount, figure_rows, place_label, row_and_column
from server.pages.generation_memory import GenerationMemory
from server.pages.office.page import organisation_page
from server.pages.page_cache import PageCache
from server.pages.page_context import SECURITY_HEADERS, AboveMemory, NameMemory, PageContext, choose_language
from server.pages.procurement.links import ADDRESS as LINKS
from server.pages.procurement.links import decide_link, links_page
from server.pages.procurement.notice import PREFIX as NOTICE_PREFIX
from server.pages.procurement.notice import notice_page
from server.pages.procurement.purchases import ADDRESS as PURCHASES
from server.pages.procurement.purchases import purchases_page
from server.pages.procurement.supplier import PREFIX as SUPPLIER_PREFIX
from server.pages.procurement.supplier import supplier_page
from server.pages.rendering import PageResponse, Turns
from server.pages.search.page import search_page
from server.pages.search.preview import preview_page
from server.pages.tables.lists import list_file
from server.pages.tables.resources import resource_table
from server.sparql.query_templates import fill_query
from server.uploads.state import followed_checks_of, kept_of, uploads_of

TEMPLATES = Path(__file__).parent.parent / "templates"
STATIC = Path(__file__).parent.parent / "static"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
RETRY_SECONDS = 5
_VERSION = re.compile(r"(?P<version>.+/id/disclosure/.+/v/[0-9a-f]{16})(?:/(?P<part>.+))?")
_SUM = re.compile(r"(?P<figure>.+)/sum(?:/[^/]+)?")


class HtmlPages:
    """The HTML pages of a service: `create_app(settings, HtmlPages())`."""

    def __init__(self) -> None:
        self.static = {
            path.relative_to(STATIC).as_posix(): (path.read_bytes(), MEDIA_TYPES[path.suffix])
            for path in sorted(STATIC.rglob("*"))
            if path.suffix in MEDIA_TYPES
        }
        self.environment = make_environment({name: content for name, (content, _) in self.static.items()})
        self.turns = Turns()
        self.cache = PageCache()
        self.known_names: NameMemory = GenerationMemory()
        self.known_above: AboveMemory = GenerationMemory()
        self.router = APIRouter(include_in_schema=False)
        self.router.add_api_route("/static/{name:path}", self.static_file, methods=["GET", "HEAD"])
        self.router.add_api_route("/query", self.query_form, methods=["GET", "HEAD"])
        self.router.add_api_route("/csv/{path:path}", self.csv, methods=["GET", "HEAD"])
        self.router.add_api_route(COMPARE, self.compare, methods=["GET", "HEAD"])
        self.router.add_api_route(COMPARE + ".{form}", self.compare_file, methods=["GET", "HEAD"])
        for path in ("/disclosures", LINKS, PURCHASES):
            self.router.add_api_route(path + ".{form}", self.list_file, methods=["GET", "HEAD"])
        self.router.add_api_route(LINKS, self.links, methods=["GET", "HEAD"])
        self.router.add_api_route(LINKS, self.decide_link, methods=["POST"])
        self.router.add_api_route(PURCHASES, self.purchases, methods=["GET", "HEAD"])
        self.router.add_api_route("/check", self.check_form, methods=["GET", "HEAD"])
        self.router.add_api_route("/check", self.check, methods=["POST"])
        self.router.add_api_route("/check/progress/{token}", self.check_progress, methods=["GET"])
        self.router.add_api_route("/check/report", self.check_report, methods=["POST"])
        self.router.add_api_route("/check/kept/{token}", self.kept_result, methods=["GET", "HEAD"])
        self.router.add_api_route("/check/kept/{token}/remove", self.remove_kept_result, methods=["POST"])

    def context(self, request: Request) -> PageContext:
        """Return the context of a request."""
        language = choose_language(request)
        return PageContext(request, self.environment, language, self.turns, self.known_names, self.known_above)

    async def home(self, request: Request) -> Response:
        """Return the page at `/`."""
        return await home_page(self.context(request))

    async def query_form(self, request: Request) -> Response:
        """Return the page at `/query`, and at `/sparql` for a browser that sends no query."""
        return await query_page(self.context(request))

    async def resource(self, request: Request, iri: str) -> Response:
        """Return the page of an IRI: a version, figure, point, code, term or other resource. Raise NotFoundError."""
        context = self.context(request)
        match = _VERSION.fullmatch(iri)
        if match is not None:
            return await self._part_of_version(context, match["version"], match["part"] or "", iri)
        key = iri.removeprefix(context.base)
        if key == "def":
            return await self._cached(context, partial(terms_page, context))
        if key == "rules":
            return await self._cached(context, partial(rules_page, context))
        if (address := parse_rules_address(key)) is not None:
            return await self._cached(context, partial(rules_version_page, context, address))
        if key.startswith("rules/"):
            await describe_thing(context.evaluator, context.base, iri, 1)
            return RedirectResponse(context.link("/rules"), status_code=303)
        if key.startswith("id/disclosure/"):
            return await self._disclosure(context, iri)
        pages = {
            "search": search_page,
            "reconcile/preview": preview_page,
            "catalogue": catalogue_page,
            "query/": example_page,
            "history/": history_page,
            "diff/": revision_page,
            "id/point/": point_page,
            "id/coordinates/": coordinates_page,
            "id/series/": series_page,
            "id/file/": file_page,
        }
        for prefix, page in pages.items():
            if key.startswith(prefix):
                return await page(context, iri)
        costly = {"id/org/": organisation_page, SUPPLIER_PREFIX: supplier_page, NOTICE_PREFIX: notice_page}
        of_code = scheme_page if is_scheme(iri, context.base) else code_page
        of_thing = next((page for prefix, page in costly.items() if key.startswith(prefix)), of_code)
        return await self._cached(context, partial(of_thing, context, iri))

    async def table(self, request: Request, iri: str, form: str) -> Response:
        """Return the table behind a page. Raise NotFoundError if nothing is known of the resource."""
        context = self.context(request)
        key = iri.removeprefix(context.base)
        if key == "catalogue":
            return await list_file(context, "/disclosures", form)
        table, rows = await resource_table(context, iri)
        name = key.removeprefix("id/").replace("/", "-")
        write = rows_to_json if form == "json" else partial(table_to_bytes, table, form=form)
        return file_response(await context.compute(write, rows), name, form)

    def error(self, request: Request, error: ServiceError, status: int) -> Response:
        """Return the page of an error, with a hint what to do."""
        context = self.context(request)
        hints = [f"error-hint-{error.key}", f"error-hint-{status}", "error-hint"]
        headers = {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, ServiceBusyError) else {}
        if isinstance(error, SearchNotReadyError) and request.method == "GET":
            headers["Refresh"] = str(RETRY_SECONDS)  # the browser asks again by itself
        return context.page(
            "error.html",
            status,
            headers,
            text=error.text(context.language),
            code=status,
            hint=context.message(next(filter(context.has_message, hints))),
        )

    async def csv(self, request: Request, path: str) -> Response:
        """Return the figures of a version as CSV for spreadsheets."""
        context = self.context(request)
        iri = f"{context.base}id/{path}"
        if not _VERSION.fullmatch(iri):
            raise NotFoundError(iri=iri)
        return await figures_as_csv(context, iri)

    async def compare(self, request: Request) -> Response:
        """Return the page at `/compare`."""
        context = self.context(request)
        return await self._cached(context, partial(compare_page, context))

    async def compare_file(self, request: Request, form: str) -> Response:
        """Return the answer of `/compare` in a format."""
        return await compare_file(self.context(request), form)

    async def list_file(self, request: Request, form: str) -> Response:
        """Return a list as a file: disclosures, links, or an answer about purchases."""
        context = self.context(request)
        path = request.url.path.removeprefix(context.root).removesuffix(f".{form}")
        return await list_file(context, path, form)

    async def links(self, request: Request) -> Response:
        """Return the suggested links between notices and budget lines."""
        return await links_page(self.context(request))

    async def decide_link(self, request: Request) -> Response:
        """Accept or reject a suggested link, with a key and a reason."""
        return await decide_link(self.context(request))

    async def purchases(self, request: Request) -> Response:
        """Return the answer to a question about budgets and purchases."""
        return await purchases_page(self.context(request))

    async def check_form(self, request: Request) -> Response:
        """Return the upload form of `/check`."""
        return form_page(self.context(request))

    async def check(self, request: Request) -> Response:
        """Return the findings of an uploaded file."""
        return await check_upload(
            self.context(request), uploads_of(request), kept_of(request), followed_checks_of(request)
        )

    async def check_progress(self, request: Request, token: str) -> Response:
        """Return how far a check has come."""
        return progress_of_check(self.context(request), followed_checks_of(request), token)

    async def check_report(self, request: Request) -> Response:
        """Return the report on a checked file in a form, with reasons."""
        return await report_of_form(self.context(request), uploads_of(request))

    async def kept_result(self, request: Request, token: str) -> Response:
        """Return the page of a result that was kept. Raise NotFoundError."""
        return await kept_page(self.context(request), kept_of(request), token)

    async def remove_kept_result(self, request: Request, token: str) -> Response:
        """Remove a result that was kept. Raise NotFoundError."""
        return remove_kept(self.context(request), kept_of(request), token)

    async def static_file(self, request: Request, name: str) -> Response:
        """Return a style sheet, script or image. Its address contains a digest, so that it can be cached for good."""
        if name not in self.static:
            raise NotFoundError(iri=str(request.url))
        content, media_type = self.static[name]
        headers = {**SECURITY_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(content, media_type=media_type, headers=headers)

    async def _part_of_version(self, context: PageContext, version: str, part: str, iri: str) -> Response:
        """Return the page of a version or of a part of it; redirect from tables, sums and findings to their place.

        Raise NotFoundError if the version has no such part.
        """
        if part in ("", "catalogue"):
            return await self._cached(context, partial(version_page, context, version))
        if part == "coverage":
            return await coverage_page(context, version)
        sum_node = _SUM.fullmatch(iri)
        if "/" in part and not part.startswith("findings/") and sum_node is None:
            return await part_page(context, version, iri)
        if not await has_part(context.evaluator, context.base, version, iri):
            raise NotFoundError(iri=iri)
        if part.startswith("findings"):
            finding = part.removeprefix("findings").strip("/")
            return redirect(context, version, f"f-{finding}" if finding and "/" not in finding else "findings")
        if sum_node is not None:
            return redirect(context, sum_node["figure"], figures.anchor(iri, version))
        return redirect(context, version, part)

    async def _cached(self, context: PageContext, make_page: Callable[[], Awaitable[Response]]) -> Response:
        """Return a costly page, the same for all clients; it is rendered once a generation, address and language."""
        generation = context.evaluator.generation()
        key = (str(context.request.url), context.root, context.language)
        page = self.cache.get(generation, key)
        if page is not None:
            return context.respond(partial(_return, page))
        response = await make_page()
        if not isinstance(response, PageResponse) or response.status_code != HTTPStatus.OK:
            return response
        render = response.render_page

        async def render_and_keep() -> bytes:
            made = await render()
            self.cache.put(generation, key, made)
            return made

        response.render_page = render_and_keep
        return response

    async def _disclosure(self, context: PageContext, iri: str) -> Response:
        """Redirect from a disclosure to its current version. Raise NotFoundError."""
        query = fill_query("which_version_is_current", disclosure=iri)
        for row in await select(context.evaluator, query, context.base):
            return redirect(context, row["version"].value, "")
        raise NotFoundError(iri=iri)


async def _return(page: bytes) -> bytes:
    return page


def redirect(context: PageContext, iri: str, anchor: str, status: int = 303) -> Response:
    """Redirect to the page of a resource, at an HTML id on it."""
    parameters = f"?{context.request.url.query}" if context.request.url.query else ""
    place = f"#{quote(anchor)}" if anchor else ""
    return RedirectResponse(f"{context.href(iri)}{parameters}{place}", status_code=status)


def make_environment(static: Mapping[str, bytes]) -> Environment:
    """Return the template environment: loader, filters and global functions."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = figures.money
    environment.filters["number"] = figures.number
    environment.globals["citation_of"] = citation_of
    environment.globals["cited_address"] = cited_address
    environment.filters["wan"] = partial(amount_to_text, unit="wan")
    environment.filters["share"] = share_to_text
    digests = {name: hashlib.sha256(content).hexdigest()[:8] for name, content in static.items()}
    environment.globals["static"] = lambda context, name: context.link(f"/static/{name}", v=digests[name])
    environment.globals["anchor"] = figures.anchor
    environment.globals["cell_writer"] = CellWriter
    for write in (figure_amount, figure_rows, findings_attribute, place_label, row_and_column, severity_symbol):
        environment.globals[write.__name__] = write
    return environment
