"""The service: `create_app(settings)` gives an ASGI application that uvicorn runs."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from server import monitoring
from server.dataset import catalogue, downloads, llms, sitemap, void
from server.dataset.download_digests import DownloadDigests
from server.dataset.download_files import DownloadFiles
from server.dataset.statistics import Statistics
from server.errors import InternalError, MethodNotAllowedError, NotFoundError, ServiceError
from server.execution.cache import AnswerCache, CachingEvaluator
from server.execution.worker_pool import open_pool
from server.exports.byte_order_mark import ByteOrderMark
from server.facts.partition_files import PartitionFiles
from server.http.compression import Compression
from server.http.dependencies import Pages, PagesOf, get_evaluator, get_settings
from server.http.entity_tags import Validators
from server.http.metrics import RequestCounts, first_part
from server.http.middleware import ServiceMiddleware
from server.http.responses import error_headers, error_response
from server.known_parameters import refuse_unknown_parameters
from server.linked_data import resources, rule_versions
from server.linked_data.retraction import gone_or_missing, replacing_path
from server.openapi import describe
from server.processes.fork_server import ForkServer
from server.protocols import example_results, graph_store, sparql, validation
from server.search import reconciliation_routes
from server.search import routes as search
from server.search.index.index_files import SearchIndexes
from server.serialization.media_types import GRAPH_TYPES, HTML, preferred_type
from server.settings import Settings
from server.store.current_generation import CurrentGeneration
from server.store.generations import Generations
from server.store.remote.addresses import is_service
from server.store.remote.generation_polling import follow
from server.store.writer import Writer
from server.uploads.background_checks import RunningChecks
from server.uploads.concurrency import UploadLimiter
from server.uploads.kept_results import KeptResults
from server.uploads.progress import FollowedChecks
from server.versions import routes as version_routes

WORTH_COMPRESSING = 1400
WORTH_A_THREAD = 16 * 1024
COMPRESSION_LEVEL = 5
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

router = APIRouter(tags=["Service"])


class Service(FastAPI):
    """The application inside `ServiceMiddleware`, through which every request passes."""

    middleware_layer: ServiceMiddleware

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        scope["app"] = self
        await self.middleware_layer(scope, receive, send)

    async def dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer `/sparql` directly, everything else through the middleware for pages and the router."""
        if scope["type"] == "http" and scope["path"] == scope.get("root_path", "") + sparql.ADDRESS:
            response = await sparql.respond(Request(scope, receive, send))
            await response(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(settings: Settings, pages: Pages | None = None) -> FastAPI:
    """Return the service over the store of the settings; with `pages`, browsers get HTML."""

    cache = AnswerCache(settings.answer_cache)
    counts = RequestCounts()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        counts.routes = frozenset(map(first_part, (sparql.ADDRESS, *paths_of(app.routes))))
        pool = await open_pool(settings)
        following = asyncio.create_task(follow(settings)) if is_service(settings.store) else None
        app.state.pool = pool
        app.state.dataset = Generations(settings.store).identity()
        app.state.evaluator = CachingEvaluator(pool, cache, CurrentGeneration(Generations(settings.store)))
        try:
            yield
        finally:
            if following is not None:
                following.cancel()
            await app.state.statistics.close()
            await app.state.download_digests.close()
            await app.state.download_files.close()
            await app.state.partition_files.close()
            await app.state.search.close()
            await app.state.running_checks.close()
            app.state.kept_results.close()
            app.state.uploads.close()
            await pool.close()

    dependencies = [Depends(refuse_unknown_parameters)]
    app = Service(title="Yusuan", lifespan=lifespan, docs_url=None, redoc_url=None, dependencies=dependencies)
    app.state.settings = settings
    app.state.writer = Writer(settings)
    app.state.pages = pages
    app.state.cache = cache
    app.state.counts = counts
    app.state.statistics = Statistics(settings)
    app.state.download_files = DownloadFiles(settings)
    app.state.download_digests = DownloadDigests(settings, app.state.download_files)
    app.state.partition_files = PartitionFiles(settings)
    app.state.search = SearchIndexes(settings)
    app.state.uploads = UploadLimiter(ForkServer("server.checking.preloading"))
    app.state.running_checks = RunningChecks()
    app.state.followed_checks = FollowedChecks()
    app.state.kept_results = KeptResults(settings)
    app.add_middleware(ByteOrderMark)
    app.add_middleware(
        Compression,
        minimum_size=WORTH_COMPRESSING,
        compresslevel=COMPRESSION_LEVEL,
        thread_minimum_size=WORTH_A_THREAD,
        exclude_content_types=DEFAULT_EXCLUDED_CONTENT_TYPES,
    )
    app.add_middleware(Validators)
    app.middleware_layer = ServiceMiddleware(app.dispatch, settings, counts, answer_error)
    app.add_exception_handler(ServiceError, answer_exception)
    app.add_exception_handler(HTTPException, answer_exception)
    app.add_exception_handler(RequestValidationError, answer_exception)
    app.add_exception_handler(Exception, answer_exception)
    app.include_router(router)
    for part in (
        monitoring,
        sparql,
        graph_store,
        validation,
        example_results,
        resources,
        rule_versions,
        version_routes,
        catalogue,
        void,
        downloads,
        sitemap,
        search,
        reconciliation_routes,
        llms,
    ):
        app.include_router(part.router)
    if pages is not None:
        app.include_router(pages.router)
    app.openapi = partial(describe, app, writable=settings.keys is not None)  # type: ignore[method-assign] # as FastAPI asks one to
    return app


@router.get("/")
@router.head("/")
async def home(request: Request, pages: PagesOf) -> Response:
    """The front page; without pages, the way to the endpoint."""
    if pages is not None:
        return await pages.home(request)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/sparql", status_code=303)


async def answer_exception(request: Request, exception: Exception) -> Response:
    """Return the response to every exception that reaches the edge of the application."""
    if isinstance(exception, NotFoundError):
        evaluator, base = get_evaluator(request), get_settings(request).base
        path = await replacing_path(evaluator, base, exception, request.url.path)
        if path is not None:
            return RedirectResponse(request.url.replace(path=path), status_code=303)
        exception = await gone_or_missing(get_evaluator(request), get_settings(request).base, exception)
    return answer_error(request, exception)


def answer_error(request: Request, exception: Exception) -> Response:
    """Return the response to every error that a client may see: a page for browsers, else text."""
    if isinstance(exception, HTTPException) and exception.status_code == 405 and request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ", ".join(allowed_methods(request))})
    error = exception if isinstance(exception, ServiceError) else service_error(request, exception)
    pages: Pages | None = request.app.state.pages
    accept = ", ".join(request.headers.getlist("accept"))
    if pages is not None and preferred_type(accept, None, ["text/plain", *GRAPH_TYPES, HTML]) == HTML:
        response = pages.error(request, error, error.status)
    else:
        response = error_response(request, error)
    response.headers.update(error_headers(error))
    return response


def service_error(request: Request, exception: Exception) -> ServiceError:
    """Return the error for an unknown address, an unsupported method, or an internal error."""
    if not isinstance(exception, HTTPException | RequestValidationError):
        return InternalError(id=request.scope["state"]["request_id"])
    if isinstance(exception, RequestValidationError) or exception.status_code != 405:
        return NotFoundError(iri=str(request.url))
    return MethodNotAllowedError(method=request.method, allowed=", ".join(allowed_methods(request)))


def allowed_methods(request: Request) -> list[str]:
    """Return the methods that the address of the request answers."""
    return [method for method in METHODS if method == "OPTIONS" or takes(request, method)]


def paths_of(routes: Iterable[BaseRoute]) -> Iterator[str]:
    """Yield the paths of routes, those of included routers among them."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from paths_of(included.routes)
        elif isinstance(route, Route):
            yield route.path


def takes(request: Request, method: str) -> bool:
    """Return whether the address of the request answers another method."""
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] == Match.FULL for route in request.app.routes)
