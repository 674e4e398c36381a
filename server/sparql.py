"""The SPARQL Protocol at `/sparql`: queries by GET and both forms of POST; updates are refused."""

from pathlib import Path
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from pyoxigraph import RdfFormat, parse, serialize
from starlette.requests import ClientDisconnect

from server.dependencies import EvaluatorOf, PagesOf, SettingsOf
from server.errors import (
    ClientGoneError,
    MissingQueryError,
    NotAcceptableError,
    QueryTooLongError,
    RepeatedQueryError,
    UndecodableRequestError,
    UnsupportedMediaTypeError,
    UpdateRefusedError,
)
from server.evaluation import Question
from server.formats import GRAPH_TYPES, HTML, RESULT_TYPES, content_type, offered_types, preferred_type
from server.responses import AnswerResponse, ask, head_response

DESCRIPTION = Path(__file__).parent / "service.ttl"
METHODS = "GET, HEAD, OPTIONS, POST"
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
PREFIXES = {
    "format": "http://www.w3.org/ns/formats/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
}

router = APIRouter(tags=["SPARQL"])


@router.get("/sparql")
@router.head("/sparql")
@router.post("/sparql")
async def query(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf) -> Response:
    """Answer a query; without one, describe the service, to browsers as a page."""
    parameters = await read_parameters(request, settings.query_length)
    accept = ", ".join(request.headers.getlist("accept"))
    if "update" in parameters:
        raise UpdateRefusedError
    if "query" not in parameters:
        if request.method == "POST":
            raise MissingQueryError
        media_type = preferred_type(accept, format_name(parameters), [*GRAPH_TYPES, *([HTML] if pages else [])])
        if pages and media_type == HTML:
            return await pages.query_form(request)
        return describe_service(request, media_type)
    if len(parameters["query"]) > 1:
        raise RepeatedQueryError
    question = Question(
        query=parameters["query"][0],
        base=settings.base,
        results=preferred_type(accept, format_name(parameters), RESULT_TYPES),
        graph=preferred_type(accept, format_name(parameters), GRAPH_TYPES),
        default_graphs=tuple(parameters.get("default-graph-uri", ())),
        named_graphs=tuple(parameters.get("named-graph-uri", ())),
        parse_only=request.method == "HEAD",
    )
    answer = await ask(request, evaluator, question)
    return (head_response if question.parse_only else AnswerResponse)(answer, {"Vary": "Accept"})


@router.options("/sparql")
async def methods() -> Response:
    """What the endpoint takes."""
    return Response(status_code=204, headers={"Allow": METHODS, "Accept-Post": f"{QUERY}, {FORM}"})


async def read_parameters(request: Request, limit: int) -> dict[str, list[str]]:
    """The parameters of a request, from its address and its body (at most `limit` bytes), by name.

    A body that is a query counts as the parameter `query`.
    """
    try:
        pairs = parse_pairs(request.scope["query_string"])
        if request.method == "POST":
            media_type, _, options = request.headers.get("content-type", "").lower().partition(";")
            media_type = media_type.strip()
            charset = options.partition("charset=")[2].partition(";")[0].strip(' "')
            if media_type not in (FORM, QUERY, UPDATE) or charset not in ("", "utf-8", "utf8"):
                given = request.headers.get("content-type", "")
                raise UnsupportedMediaTypeError(given=given, offered=f"{QUERY}, {FORM}")
            if media_type == UPDATE:
                raise UpdateRefusedError
            body = await read_body(request, limit)
            pairs += parse_pairs(body) if media_type == FORM else [("query", body.decode())]
    except UnicodeDecodeError as error:
        raise UndecodableRequestError from error
    parameters: dict[str, list[str]] = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    return parameters


def parse_pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Form-encoded parameters; raises UnicodeDecodeError."""
    return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")


async def read_body(request: Request, limit: int) -> bytes:
    """The body of the request; raises QueryTooLongError as soon as it is longer than `limit` bytes."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise QueryTooLongError(limit=limit)
    except ClientDisconnect as error:
        raise ClientGoneError from error
    return bytes(body)


def format_name(parameters: dict[str, list[str]]) -> str | None:
    """What `?format=` or `?output=` asks for."""
    return next((parameters[name][0] for name in ("format", "output") if name in parameters), None)


def describe_service(request: Request, media_type: str | None) -> Response:
    """The SPARQL 1.1 Service Description of this endpoint."""
    if media_type is None:
        raise NotAcceptableError(offered=", ".join(offered_types(GRAPH_TYPES)))
    endpoint = str(request.url.replace(query="", fragment=""))
    triples = [quad.triple for quad in parse(path=DESCRIPTION, format=RdfFormat.TURTLE, base_iri=endpoint)]
    body = serialize(triples, format=GRAPH_TYPES[media_type], prefixes=PREFIXES)
    return Response(body, media_type=content_type(media_type), headers={"Vary": "Accept"})
