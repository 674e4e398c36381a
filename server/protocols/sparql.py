"""The SPARQL 1.1 Protocol at `/sparql`: queries by GET and both forms of POST, updates by clients with a key."""

import math
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from server.errors import (
    InvalidIriError,
    MethodNotAllowedError,
    MissingQueryError,
    NotAcceptableError,
    RepeatedQueryError,
    UndecodableRequestError,
    UnsupportedMediaTypeError,
    UpdateByGetError,
)
from server.execution.evaluator import Evaluator, Question
from server.http.compression import likes_gzip
from server.http.dependencies import (
    Pages,
    SettingsOf,
    get_evaluator,
    get_pages,
    get_settings,
    get_writer,
)
from server.http.request_bodies import UTF_8, body_type, read_body
from server.http.responses import AnswerResponse, ask, context_address, entity_tag, has_any, head_response, is_known
from server.http.write_access import require_key
from server.serialization.jsonld import CONTEXT_PATH, graph_to_bytes, load_context
from server.serialization.media_types import (
    GRAPH_TYPES,
    GRAPHS_FOR_RESULTS,
    HTML,
    RESULT_TYPES,
    content_type,
    offered_types,
    preferred_type,
)
from server.settings import Settings
from server.sparql.tokens import is_volatile
from server.store.client_writes import Write
from server.store.writer import Writer

ADDRESS = "/sparql"
DESCRIPTION = Path(__file__).parent / "service.ttl"
CACHING = {"Vary": "Accept, Accept-Encoding", "Cache-Control": "no-cache"}
VOLATILE = {"Vary": "Accept, Accept-Encoding", "Cache-Control": "no-store"}
METHODS = "GET, HEAD, OPTIONS, POST"
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
OFFERED = f"{QUERY}, {FORM}"
PREFIXES = {
    "format": "http://www.w3.org/ns/formats/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
}


class JsonLdResponse(Response):
    """JSON-LD."""

    media_type = "application/ld+json"


router = APIRouter(tags=["SPARQL"])


async def respond(request: Request) -> Response:
    """Answer any request at `/sparql`; raises ServiceError.

    The application calls this directly. A query passes through no router and none of the middleware for pages, which
    would take longer than many a query.
    """
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": METHODS, "Accept-Post": OFFERED})
    if request.method not in METHODS:
        raise MethodNotAllowedError(method=request.method, allowed=METHODS)
    return await query(request, get_settings(request), get_evaluator(request), get_pages(request), get_writer(request))


async def query(
    request: Request, settings: Settings, evaluator: Evaluator, pages: Pages | None, writer: Writer
) -> Response:
    """Answer a query, or apply an update; without either, describe the service, to browsers as a page."""
    parameters = await read_parameters(request, settings.query_length, settings.receive_timeout)
    accept = ", ".join(request.headers.getlist("accept"))
    if "update" in parameters:
        return await update(request, parameters, settings, writer)
    if "query" not in parameters:
        if request.method == "POST":
            raise MissingQueryError
        media_type = preferred_type(accept, format_name(parameters), [*GRAPH_TYPES, *([HTML] if pages else [])])
        if pages and media_type == HTML:
            return await pages.query_form(request)
        for graph in (*parameters.get("default-graph-uri", ()), *parameters.get("named-graph-uri", ())):
            check_iri(graph)
        return describe_service(request, media_type, settings)
    if len(parameters["query"]) > 1:
        raise RepeatedQueryError
    name = format_name(parameters)
    if pages and request.method != "POST" and prefers_page(accept, name):
        return await pages.query_form(request)
    results, graph = chosen_types(accept, name)
    question = Question(
        query=parameters["query"][0],
        base=settings.base,
        results=results,
        graph=graph,
        default_graphs=tuple(parameters.get("default-graph-uri", ())),
        named_graphs=tuple(parameters.get("named-graph-uri", ())),
        parse_only=request.method == "HEAD",
        gzip=likes_gzip(request.headers),
        seconds=seconds_of(parameters),
        context=context_address(request) if graph and GRAPH_TYPES[graph] == RdfFormat.JSON_LD else "",
    )
    return await answer(request, question, settings, evaluator)


async def update(request: Request, parameters: dict[str, list[str]], settings: Settings, writer: Writer) -> Response:
    """Apply an update; it is acknowledged once the next query sees it."""
    require_key(request)
    if request.method != "POST":
        raise UpdateByGetError
    if len(parameters["update"]) > 1 or "query" in parameters:
        raise RepeatedQueryError
    write = Write(
        action="update",
        base=settings.base,
        text=parameters["update"][0],
        using_graphs=tuple(parameters.get("using-graph-uri", ())),
        using_named_graphs=tuple(parameters.get("using-named-graph-uri", ())),
    )
    await writer.write(write)
    return Response(status_code=204)


def check_iri(iri: str) -> None:
    """Raises InvalidIriError for the name of a graph that is no IRI."""
    try:
        NamedNode(iri)
    except ValueError as error:
        raise InvalidIriError(iri=iri) from error


async def answer(request: Request, question: Question, settings: Settings, evaluator: Evaluator) -> Response:
    """Return the answer to a query, or that the client has it already: it is named by dataset version and question."""
    volatile = is_volatile(question.query)
    if "if-none-match" in request.headers and not volatile:
        tag = entity_tag(request, question, evaluator.generation())
        if is_known(request, tag):
            return Response(status_code=304, headers={**CACHING, "ETag": tag})
    begun = await ask(request, evaluator, question)
    headers = VOLATILE if volatile else {**CACHING, "ETag": entity_tag(request, question, begun.generation)}
    if has_any(request) and not volatile:
        await begun.close()
        return Response(status_code=304, headers=headers)
    if question.parse_only:
        return head_response(begun, headers)
    return AnswerResponse(begun, headers, settings.send_timeout)


@lru_cache(maxsize=1024)
def prefers_page(accept: str, name: str | None) -> bool:
    """Return whether a client prefers a page to all formats of data."""
    return preferred_type(accept, name, [*RESULT_TYPES, *GRAPH_TYPES, HTML]) == HTML


@lru_cache(maxsize=1024)
def chosen_types(accept: str, name: str | None) -> tuple[str | None, str | None]:
    """Return the media types that a client prefers for rows and for triples.

    A client that accepts no type of triples, but one of rows that is nothing else, gets triples in a related type.
    """
    rows = preferred_type(accept, name, RESULT_TYPES)
    triples = preferred_type(accept, name, GRAPH_TYPES)
    if triples is None and name is None and rows is not None:
        triples = GRAPHS_FOR_RESULTS[RESULT_TYPES[rows]]
    return rows, triples


@router.api_route(f"{ADDRESS}/", methods=["GET", "HEAD", "POST"], include_in_schema=False)
async def redirect_to_endpoint(request: Request) -> Response:
    """Redirect `/sparql/` to the endpoint, which the router does not know."""
    return RedirectResponse(request.url.replace(path=request.url.path.rstrip("/")))


@router.get(CONTEXT_PATH, response_class=JsonLdResponse)
@router.head(CONTEXT_PATH, include_in_schema=False)
async def context(settings: SettingsOf) -> Response:
    """The JSON-LD context: what the names in our JSON-LD mean."""
    return JsonLdResponse(load_context(settings.base).to_json(), headers={"Cache-Control": "public, max-age=3600"})


async def read_parameters(request: Request, limit: int, seconds: float) -> dict[str, list[str]]:
    """Return the parameters of a request, from its address and its body (at most `limit` bytes and `seconds`), by name.

    A body that is a query counts as the parameter `query`; one that is an update, which takes a key and may be longer,
    as `update`.
    """
    try:
        pairs = parse_pairs(request.scope["query_string"])
        if request.method == "POST":
            media_type, charset = body_type(request, OFFERED)
            if media_type not in (FORM, QUERY, UPDATE) or charset not in UTF_8:
                raise UnsupportedMediaTypeError(given=request.headers.get("content-type", ""), offered=OFFERED)
            if media_type == UPDATE:
                require_key(request)
                limit = get_settings(request).write_length
            body = await read_body(request, limit, seconds)
            name = "update" if media_type == UPDATE else "query"
            pairs += parse_pairs(body) if media_type == FORM else [(name, body.decode("utf-8-sig"))]
    except UnicodeDecodeError as error:
        raise UndecodableRequestError from error
    parameters: dict[str, list[str]] = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    return parameters


def parse_pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Form-encoded parameters; raises UnicodeDecodeError."""
    return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")


def format_name(parameters: dict[str, list[str]]) -> str | None:
    """Return what `?format=` or `?output=` asks for; a `+` that was not escaped has become a space."""
    asked = next((parameters[name][0] for name in ("format", "output") if name in parameters), None)
    return None if asked is None else asked.strip().replace(" ", "+")


def seconds_of(parameters: dict[str, list[str]]) -> float | None:
    """Return the deadline that a client sets by `timeout=`, in seconds; None for what is no positive number."""
    try:
        seconds = float(parameters.get("timeout", ["0"])[0])
    except ValueError:
        return None
    return seconds if 0 < seconds < math.inf else None


def describe_service(request: Request, media_type: str | None, settings: Settings) -> Response:
    """Return the SPARQL 1.1 Service Description of this endpoint."""
    if media_type is None:
        raise NotAcceptableError(offered=", ".join(offered_types(GRAPH_TYPES)))
    endpoint = str(request.url.replace(query="", fragment=""))
    triples = [quad.triple for quad in parse(path=DESCRIPTION, format=RdfFormat.TURTLE, base_iri=endpoint)]
    if settings.keys is not None:
        sd = PREFIXES["sd"]
        understood = NamedNode(sd + "supportedLanguage"), NamedNode(sd + "SPARQL11Update")
        triples.append(Triple(NamedNode(endpoint), *understood))
    body = graph_to_bytes(triples, GRAPH_TYPES[media_type], PREFIXES, settings.base, context_address(request))
    return Response(body, media_type=content_type(media_type), headers={"Vary": "Accept"})
