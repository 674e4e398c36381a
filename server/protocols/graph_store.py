"""The SPARQL 1.1 Graph Store Protocol at `/graphs`: graphs read by anybody, written with a key.

`/graphs?graph=IRI` is any graph, `/graphs?default` the default graph, and `/graphs/def` the graph whose name is the
base with `def` behind it, so that the graph of a version is at `/graphs/` and the path of its own address.
"""

import hashlib
import json
import re
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.policy import HTTP
from functools import partial

import pyoxigraph
from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, RdfFormat

from server.errors import (
    InvalidIriError,
    NotAcceptableError,
    NotFoundError,
    PartialGraphError,
    PreconditionFailedError,
    UndecodableRequestError,
    UnnamedGraphError,
    UnsupportedMediaTypeError,
)
from server.execution.evaluator import JSON_RESULTS, Answer, Evaluator, Question, read_answer
from server.http.compression import likes_gzip
from server.http.dependencies import EvaluatorOf, KeyOf, SettingsOf, WriterOf
from server.http.request_bodies import UTF_8, body_type, parse_content_type, spool_body, spooled_file
from server.http.responses import (
    AnswerResponse,
    ask,
    context_address,
    entity_tag,
    has_any,
    head_response,
    is_known,
    is_listed,
    is_listed_strongly,
)
from server.protocols.sparql import CACHING, parse_pairs
from server.serialization.jsonld import load_context
from server.serialization.media_types import GRAPH_TYPES, offered_types, preferred_type
from server.settings import Settings
from server.sparql.query_templates import fill_query
from server.store.client_writes import Action, Body, Write
from server.store.writer import Writer, Written

ADDRESS = "/graphs"
NEW = "id/graph/"
MULTIPART = "multipart/form-data"
OFFERED = ", ".join(offered_types(GRAPH_TYPES))

router = APIRouter(tags=["Graph Store Protocol"])


@dataclass(frozen=True)
class NamedGraph:
    """The graph that a request is about: None is the default graph."""

    iri: str | None


@router.get(ADDRESS)
@router.head(ADDRESS)
@router.get(ADDRESS + "/{path:path}")
@router.head(ADDRESS + "/{path:path}")
async def read(request: Request, settings: SettingsOf, evaluator: EvaluatorOf) -> Response:
    """The content of a graph."""
    graph = named_graph(request, settings)
    accept = ", ".join(request.headers.getlist("accept"))
    media_type = preferred_type(accept, request.query_params.get("format"), GRAPH_TYPES)
    if media_type is None:
        raise NotAcceptableError(offered=OFFERED)
    question = _question(request, graph, media_type, settings.base, gzip=likes_gzip(request.headers))
    question = replace(question, parse_only=request.method == "HEAD")
    tag = graph_tag(request, question, evaluator.generation())
    if is_known(request, tag):
        return Response(status_code=304, headers={**CACHING, "ETag": tag})
    answer = await _answer(request, evaluator, graph, question)
    headers = {**CACHING, "ETag": graph_tag(request, question, answer.generation)}
    if has_any(request):
        await answer.close()
        return Response(status_code=304, headers=headers)
    if question.parse_only:
        return head_response(answer, headers)
    return AnswerResponse(answer, headers, settings.send_timeout)


@router.put(ADDRESS)
@router.put(ADDRESS + "/{path:path}")
async def put(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, writer: WriterOf, _: KeyOf) -> Response:
    """Replace a graph by the body."""
    graph = named_graph(request, settings)
    async with _received_write("replace", request, settings, graph) as make:
        written = await _write_if(request, settings, evaluator, writer, graph, make)
    return Response(status_code=201 if written.created else 204)


@router.post(ADDRESS)
@router.post(ADDRESS + "/{path:path}")
async def add(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, writer: WriterOf, _: KeyOf) -> Response:
    """Add the body to a graph; without a graph in the address, create one and return its name in Location."""
    is_new = request.path_params.get("path") is None and not request.query_params
    graph = NamedGraph(f"{settings.base}{NEW}{uuid.uuid4()}") if is_new else named_graph(request, settings)
    async with _received_write("add", request, settings, graph) as make:
        written = await _write_if(request, settings, evaluator, writer, graph, make)
    headers = {"Location": str(graph.iri)} if is_new else None
    return Response(status_code=201 if written.created else 204, headers=headers)


@router.delete(ADDRESS)
@router.delete(ADDRESS + "/{path:path}")
async def drop(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, writer: WriterOf, _: KeyOf) -> Response:
    """Remove the graph; the default graph is emptied."""
    graph = named_graph(request, settings)
    write = Write("drop", settings.base, graph=graph.iri)
    await _write_if(request, settings, evaluator, writer, graph, lambda: write)
    return Response(status_code=204)


def named_graph(request: Request, settings: Settings) -> NamedGraph:
    """The graph that the address names; raises UnnamedGraphError if it names none or several, InvalidIriError."""
    raw: bytes = request.scope["raw_path"]
    root = request.scope.get("root_path", "")
    try:
        path = raw.decode("ascii").removeprefix(root).removeprefix(ADDRESS)
        pairs = [pair for pair in parse_pairs(request.scope["query_string"]) if pair[0] in ("graph", "default")]
    except UnicodeDecodeError as error:
        raise UndecodableRequestError from error
    if path.startswith("/"):
        pairs.append(("graph", settings.base + path.removeprefix("/")))
    if len(pairs) != 1:
        raise UnnamedGraphError
    name, iri = pairs[0]
    if name == "default":
        return NamedGraph(None)
    try:
        return NamedGraph(NamedNode(iri).value)
    except ValueError as error:
        raise InvalidIriError(iri=iri) from error


async def _answer(request: Request, evaluator: Evaluator, graph: NamedGraph, question: Question) -> Answer:
    """Return the content of a graph; raises NotFoundError. Existence and content are read from one generation."""
    if graph.iri is None:
        return await ask(request, evaluator, question)
    while True:
        existence = await ask(request, evaluator, _existence(graph.iri, question.base))
        if b"true" not in await read_answer(existence):
            raise NotFoundError(iri=graph.iri)
        answer = await ask(request, evaluator, question)
        if answer.generation == existence.generation:
            return answer
        await answer.close()


async def _write_if(
    request: Request,
    settings: Settings,
    evaluator: Evaluator,
    writer: Writer,
    graph: NamedGraph,
    make: Callable[[], Write],
) -> Written:
    """Write, in the generation of which the preconditions were seen to hold; raises PreconditionFailedError.

    The body of the request must have been received.
    """
    while True:
        generation = await _require(request, evaluator, graph, settings.base)
        try:
            return await writer.write_when_free(partial(_at, generation, make))
        except PreconditionFailedError:  # another write came first
            continue


def _at(generation: str, make: Callable[[], Write]) -> Write:
    return replace(make(), generation=generation)


async def _require(request: Request, evaluator: Evaluator, graph: NamedGraph, base: str) -> str:
    """Return the generation in which the graph is as If-Match and If-None-Match say, in any of its representations.

    Empty if they say nothing. Raises PreconditionFailedError.
    """
    wanted, unwanted = (", ".join(request.headers.getlist(name)) for name in ("if-match", "if-none-match"))
    if not wanted and not unwanted:
        return ""
    generation, is_there = evaluator.generation(), True
    if graph.iri is not None:
        existence = await ask(request, evaluator, _existence(graph.iri, base))
        generation, is_there = existence.generation, b"true" in await read_answer(existence)
    forms = [_question(request, graph, form, base, gzip=gzip) for form in GRAPH_TYPES for gzip in (False, True)]
    tags = [graph_tag(request, form, generation) for form in forms]

    def holds(header: str, compare: Callable[[str, str], bool]) -> bool:
        return is_there and (header.strip() == "*" or any(compare(tag, header) for tag in tags))

    if (wanted and not holds(wanted, is_listed_strongly)) or (unwanted and holds(unwanted, is_listed)):
        raise PreconditionFailedError
    return generation


def graph_tag(request: Request, question: Question, generation: str) -> str:
    """Return the strong entity tag of a graph in one generation, format and content encoding."""
    weak = entity_tag(request, question, generation).removeprefix('W/"').removesuffix('"')
    own = hashlib.blake2b(f"{pyoxigraph.__version__} {question.gzip} {question.context}".encode(), digest_size=8)
    return f'"{weak}-{own.hexdigest()}"'


def _question(request: Request, graph: NamedGraph, media_type: str, base: str, *, gzip: bool) -> Question:
    return Question(
        query=fill_query("what_does_a_graph_say"),
        base=base,
        graph=media_type,
        default_graphs=() if graph.iri is None else (graph.iri,),
        gzip=gzip,
        context=context_address(request),
    )


def _existence(graph: str, base: str) -> Question:
    return Question(fill_query("is_there_such_a_graph", graph=graph), base, results=JSON_RESULTS)


@asynccontextmanager
async def _received_write(
    action: Action, request: Request, settings: Settings, graph: NamedGraph
) -> AsyncIterator[Callable[[], Write]]:
    """Receive the body of a request into a file, and yield what makes a write of it.

    Raises UnsupportedMediaTypeError, PartialGraphError.
    """
    if "content-range" in request.headers:
        raise PartialGraphError
    media_type, charset = body_type(request, OFFERED)
    is_multipart = media_type == MULTIPART and request.method == "POST"
    if not is_multipart:
        _require_rdf(media_type, charset)
    address = context_address(request)

    def make() -> Write:
        file.seek(0)
        content = file.read()
        bodies = _parts(request.headers["content-type"], content) if is_multipart else [Body(media_type, content)]
        known = tuple(Body(body.media_type, _with_context(body, address, settings.base)) for body in bodies)
        return Write(action, graph.iri or settings.base, graph=graph.iri, bodies=known)

    with spooled_file() as file:
        await spool_body(request, file, settings.write_length, settings.write_timeout)
        if is_multipart:
            make()  # which refuses parts of other types before anything else happens
        yield make


def _with_context(body: Body, address: str, base: str) -> bytes:
    """Return the content of a body; JSON-LD that points to our context, which nobody could fetch, is given it."""
    if GRAPH_TYPES[body.media_type] != RdfFormat.JSON_LD:
        return body.content
    pointing = re.compile(rb'(\s*\{\s*"@context"\s*:\s*)' + re.escape(json.dumps(address).encode()))
    begin = pointing.match(body.content)
    if begin is None:
        return body.content
    terms = json.dumps(json.loads(load_context(base).to_json())["@context"])
    return begin[1] + terms.encode() + body.content[begin.end() :]


def _parts(content_type: str, content: bytes) -> Sequence[Body]:
    """Return the files of a form, each with a type of its own."""
    form = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + content, policy=HTTP)
    bodies = []
    for part in form.iter_parts() if form.is_multipart() else ():
        media_type, charset = parse_content_type(part.get("content-type", ""))
        _require_rdf(media_type, charset)
        payload = part.get_payload(decode=True)
        bodies.append(Body(media_type, payload if isinstance(payload, bytes) else b""))
    return bodies


def _require_rdf(media_type: str, charset: str) -> None:
    if media_type not in GRAPH_TYPES or charset not in UTF_8:
        given = f"{media_type}; charset={charset}" if charset else media_type
        raise UnsupportedMediaTypeError(given=given, offered=OFFERED)
