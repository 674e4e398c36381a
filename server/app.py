"""The service: `create_app(settings)` gives an ASGI application that uvicorn runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match

from server import resources, sparql, versions
from server.dependencies import EvaluatorOf, Pages, PagesOf, SettingsOf
from server.errors import STATUS, MethodNotAllowedError, NotFoundError, ServiceError
from server.formats import GRAPH_TYPES, HTML, preferred_type
from server.generations import Generations
from server.responses import error_headers, error_response
from server.settings import Settings
from server.workers import open_pool

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

router = APIRouter(tags=["Service"])


def create_app(settings: Settings, pages: Pages | None = None) -> FastAPI:
    """The service over the store of the settings; with `pages`, browsers get HTML."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.evaluator = await open_pool(settings)
        try:
            yield
        finally:
            await app.state.evaluator.close()

    app = FastAPI(title="Yusuan", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings = settings
    app.state.pages = pages
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
    app.add_exception_handler(ServiceError, answer_error)
    app.add_exception_handler(HTTPException, answer_error)
    app.include_router(router)
    app.include_router(sparql.router)
    app.include_router(resources.router)
    app.include_router(versions.router)
    if pages is not None:
        app.include_router(pages.router)
    return app


@router.get("/")
@router.head("/")
async def home(request: Request, pages: PagesOf) -> Response:
    """The front page; without pages, the way to the endpoint."""
    if pages is not None:
        return await pages.home(request)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/sparql", status_code=303)


@router.get("/health")
@router.head("/health")
async def health(settings: SettingsOf, evaluator: EvaluatorOf) -> Response:
    """Whether the service would answer a query now, and from which generation."""
    ready = await evaluator.is_ready()
    content = {"status": "ok" if ready else "unavailable", "generation": Generations(settings.store).current().name}
    return JSONResponse(content, status_code=200 if ready else 503)


async def answer_error(request: Request, exception: Exception) -> Response:
    """The response to every error that a client may see."""
    error = exception if isinstance(exception, ServiceError) else http_error(request, exception)
    pages: Pages | None = request.app.state.pages
    accept = ", ".join(request.headers.getlist("accept"))
    if pages is not None and preferred_type(accept, None, ["text/plain", *GRAPH_TYPES, HTML]) == HTML:
        response = pages.error(request, error, STATUS[type(error)])
    else:
        response = error_response(request, error)
    response.headers.update(error_headers(error))
    return response


def http_error(request: Request, exception: Exception) -> ServiceError:
    """What the router complains of: an unknown address, or a method that none of its routes takes."""
    if not isinstance(exception, HTTPException) or exception.status_code != 405:
        return NotFoundError(iri=str(request.url))
    allowed = [method for method in METHODS if takes(request, method)]
    return MethodNotAllowedError(method=request.method, allowed=", ".join(allowed))


def takes(request: Request, method: str) -> bool:
    """Whether the address of the request answers another method."""
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] == Match.FULL for route in request.app.routes)
