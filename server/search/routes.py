"""Search at `/search` as page, JSON, CSV, XLSX and Turtle, and suggestions for what is being typed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from server.dataset.void import service_address
from server.errors import NotAcceptableError, NotFoundError
from server.http.dependencies import PagesOf, SettingsOf
from server.linked_data.resources import graph_response
from server.search.index.index_files import SearchOf
from server.search.index.index_reader import SearchIndex, SearchResults
from server.search.results import in_language, result_to_json, results_to_csv, results_to_triples, results_to_xlsx
from server.search.search_requests import MOST, SearchRequest, read_search_request
from server.search.text_tokens import LONGEST_QUERY
from server.serialization.media_types import HTML, content_type, preferred_languages, preferred_type

JSON, CSV, TURTLE = "application/json", "text/csv", "text/turtle"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BY_SUFFIX = {"json": JSON, "csv": CSV, "xlsx": XLSX, "ttl": TURTLE, "html": HTML}
SUGGESTED = ("office", "division", "code", "project", "disclosure", "scheme", "query")
MOST_SUGGESTIONS = 8
CACHING = {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Language, Cookie"}

router = APIRouter(tags=["Search"])


@router.get("/search/suggest")
@router.head("/search/suggest", include_in_schema=False)
async def suggest(request: Request, settings: SettingsOf, indexes: SearchOf) -> Response:
    """A few offices, codes and projects whose names begin with or contain what is being typed."""
    query, language = request.query_params.get("q", "")[:LONGEST_QUERY], language_of(request)

    def search(index: SearchIndex) -> SearchResults:
        return index.search(query, SUGGESTED, limit=MOST_SUGGESTIONS, complete=True)

    found = await indexes.ask(request.state.account, search)
    suggestions = [
        {
            **result_to_json(result, language),
            "language": in_language(result.label, language)[1],
            "page": page_path(result.iri, settings.base, request.scope.get("root_path", "")),
        }
        for result in found.results
    ]
    return JSONResponse({"query": query, "suggestions": suggestions}, headers=CACHING)


@router.get("/search")
@router.head("/search")
@router.api_route("/search.{suffix}", methods=["GET", "HEAD"], include_in_schema=False)
async def search(request: Request, settings: SettingsOf, indexes: SearchOf, pages: PagesOf) -> Response:
    """Offices, codes, projects, rows, sentences, findings and pages that contain a query."""
    media_type = choose_type(request, with_pages=pages is not None)
    if pages is not None and media_type == HTML:
        return await pages.resource(request, settings.base + "search")
    if media_type in (CSV, XLSX, TURTLE):
        wanted = read_search_request(request, MOST)
        found = await wanted.ask(indexes, request.state.account)
        if media_type == TURTLE:
            return graph_response(request, list(results_to_triples(found)), TURTLE, settings.base, CACHING)
        write, form = (results_to_csv, "csv") if media_type == CSV else (results_to_xlsx, "xlsx")
        headers = {**CACHING, "Content-Disposition": f'attachment; filename="yusuan-search.{form}"'}
        return Response(await run_in_threadpool(write, found), media_type=content_type(media_type), headers=headers)
    wanted = read_search_request(request)
    found = await wanted.ask(indexes, request.state.account)
    return JSONResponse(answer_to_json(request, wanted, found, settings.base), headers=CACHING)


def answer_to_json(request: Request, wanted: SearchRequest, found: SearchResults, base: str) -> dict[str, Any]:
    """Return results for machines, with the address of the page of each and that of the next results."""
    language, service = language_of(request), service_address(request)
    number = wanted.number(found)
    following = request.url.include_query_params(page=wanted.page + 1)
    has_more = wanted.page * wanted.limit < number
    return {
        "query": wanted.query,
        "number": number,
        "kinds": dict(found.counts),
        "partial": found.partial,
        "page": wanted.page,
        "next": f"{service}search.json?{following.query}" if has_more else None,
        "results": [
            {**result_to_json(result, language), "page": page_path(result.iri, base, service.rstrip("/"))}
            for result in found.results
        ],
    }


def page_path(iri: str, base: str, root: str) -> str:
    """Return the address of the page of an IRI under the base on a service; `root` has no trailing slash."""
    key = iri.removeprefix(base)
    return f"{root}/{'doc/' + key.removeprefix('id/') if key.startswith('id/') else key}"


def language_of(request: Request) -> str:
    """Return the language of an answer: of `?lang=`, else of Accept-Language, else Chinese."""
    given = request.query_params.get("lang", "")
    return given if given in ("zh", "en") else preferred_languages(request.headers.get("accept-language", ""))[0]


def choose_type(request: Request, *, with_pages: bool) -> str:
    """Return the media type by suffix, parameter or header. Raise NotAcceptableError, or NotFoundError for a suffix."""
    suffix = str(request.path_params.get("suffix", ""))
    if suffix and suffix not in _BY_SUFFIX:
        raise NotFoundError(iri=str(request.url))
    given = suffix or request.query_params.get("format", "")
    offered = [JSON, CSV, XLSX, TURTLE, *([HTML] if with_pages else [])]
    accept = ", ".join(request.headers.getlist("accept"))
    chosen = _BY_SUFFIX[given] if given in _BY_SUFFIX else preferred_type(accept, given, offered)
    chosen = chosen if chosen in offered else None
    if chosen is None:
        raise NotAcceptableError(offered=", ".join(offered))
    return chosen
