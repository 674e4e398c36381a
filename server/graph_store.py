"""The SPARQL 1.1 Graph Store Protocol at `/graphs`: graphs read by anybody, written with a key.

`/graphs?graph=IRI` is any graph, `/graphs?default` the default graph, and `/graphs/def` the graph whose name is the
base with `def` behind it, so that the graph of a version is at `/graphs/` and the path of its own address.
"""

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.policy import HTTP

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, RdfFormat

from server.bodies import UTF_8, body_type, parse_content_type, read_body
from server.compression import likes_gzip
from server.dependencies import EvaluatorOf, KeyOf, SettingsOf, WriterOf
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
from server.formats import GRAPH_TYPES, offered_types, preferred_type
from server.jsonld import load_context
from server.query.evaluation import JSON_RESULTS, Answer, Evaluator, Question, read_answer
from server.questions import fill_query
from server.responses import (
    AnswerResponse,
    ask,
    context_address,
    entity_tag,
    has_any,
    head_response,
    is_known,
    is_listed,
)
from server.settings import Settings
from server.sparql import CACHING, parse_pairs
from server.store.writes import Action, Body, Write

ADDRESS = "/graphs"
NEW = "id/graph/"
MULTIPART = "multipart/form-data"
OFFERED = ", ".join(offered_types(GRAPH_TYPES))

router = APIRouter(tags=["Graph Store Protocol"])


@dataclass(frozen=True)
class Named:
    """The graph that a request is about: None is the default graph."""

    iri: str | None


@router.get(ADDRESS)
@router.head(ADDRESS)
@router.get(ADDRESS + "/{path:path}")
@router.head(ADDRESS + "/{path:path}")
async def read(request: Request, settings: SettingsOf, evaluator: EvaluatorOf) -> Response:
    """What the graph says, all of it."""
    graph = named_graph(request, settings)
    accept = ", ".join(request.headers.getlist("accept"))
    media_type = preferred_type(accept, request.query_params.get("format"), GRAPH_TYPES)
    if media_type is None:
        raise NotAcceptableError(offered=OFFERED)
    question = replace(
        _question(graph, media_type, settings),
        gzip=likes_gzip(request.headers),
        parse_only=request.method == "HEAD",
        context=context_address(request),
    )
    tag = entity_tag(request, question, evaluator.generation())
    if is_known(request, tag):
        return Response(status_code=304, headers={**CACHING, "ETag": tag})
    answer = await _answer(request, evaluator, graph, question)
    headers = {**CACHING, "ETag": entity_tag(request, question, answer.generation)}
    if has_any(request):
        await answer.close()
        return Response(status_code=304, headers=headers)
    if question.parse_only:
        return head_response(answer, headers)
    return AnswerResponse(answer, headers, settings.send_timeout)


@router.put(ADDRESS)
@router.put(ADDRESS + "/{path:path}")
async def put(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, writer: WriterOf, _: KeyOf) -> Response:
    """Make the body the graph."""
    graph = named_graph(request, settings)
    await _require(request, settings, evaluator, graph)
    written = await writer.write(await _write("replace", request, settings, graph))
    return Response(status_code=201 if written.created else 204)


@router.post(ADDRESS)
@router.post(ADDRESS + "/{path:path}")
async def add(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, writer: WriterOf, _: KeyOf) -> Response:
    """Add the body to the graph; where the address names none, make a new graph and say where it is."""
    is_new = request.path_params.get("path") is None and not request.query_params
    graph = Named(f"{settings.base}{NEW}{uuid.uuid4()}") if is_new else named_graph(request, settings)
    await _require(request, settings, evaluator, graph)
    written = await writer.write(await _write("add", request, settings, graph))
    headers = _new_address(request, str(graph.iri), settings.base) if is_new else None
    return Response(status_code=201 if written.created else 204, headers=headers)


@router.delete(ADDRESS)
@router.delete(ADDRESS + "/{path:path}")
async def drop(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, writer: WriterOf, _: KeyOf) -> Response:
    """Remove the graph; the default graph is emptied."""
    graph = named_graph(request, settings)
    await _require(request, settings, evaluator, graph)
    await writer.write(Write("drop", settings.base, graph=graph.iri))
    return Response(status_code=204)


def named_graph(request: Request, settings: Settings) -> Named:
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
        return Named(None)
    try:
        return Named(NamedNode(iri).value)
    except ValueError as error:
        raise InvalidIriError(iri=iri) from error


def _new_address(request: Request, graph: str, base: str) -> dict[str, str]:
    """Where a new graph is read and written, and its name."""
    root = request.scope.get("root_path", "")
    return {"Location": f"{root}{ADDRESS}/{graph.removeprefix(base)}", "Link": f'<{graph}>; rel="describes"'}


async def _answer(request: Request, evaluator: Evaluator, graph: Named, question: Question) -> Answer:
    """What a graph says; raises NotFoundError. Whether it exists and what it says come from one generation."""
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


async def _require(request: Request, settings: Settings, evaluator: Evaluator, graph: Named) -> None:
    """Raise PreconditionFailedError unless the graph is as If-Match and If-None-Match say, in any of its formats."""
    wanted, unwanted = (", ".join(request.headers.getlist(name)) for name in ("if-match", "if-none-match"))
    if not wanted and not unwanted:
        return
    generation, is_there = evaluator.generation(), True
    if graph.iri is not None:
        existence = await ask(request, evaluator, _existence(graph.iri, settings.base))
        generation, is_there = existence.generation, b"true" in await read_answer(existence)
    tags = [entity_tag(request, _question(graph, form, settings), generation) for form in GRAPH_TYPES]

    def holds(header: str) -> bool:
        return is_there and (header.strip() == "*" or any(is_listed(tag, header) for tag in tags))

    if (wanted and not holds(wanted)) or (unwanted and holds(unwanted)):
        raise PreconditionFailedError


def _question(graph: Named, media_type: str, settings: Settings) -> Question:
    return Question(
        query=fill_query("what_does_a_graph_say"),
        base=settings.base,
        graph=media_type,
        default_graphs=() if graph.iri is None else (graph.iri,),
    )


def _existence(graph: str, base: str) -> Question:
    return Question(fill_query("is_there_such_a_graph", graph=graph), base, results=JSON_RESULTS)


async def _write(action: Action, request: Request, settings: Settings, graph: Named) -> Write:
    """The write of a request with a body; raises UnsupportedMediaTypeError, PartialGraphError."""
    if "content-range" in request.headers:
        raise PartialGraphError
    media_type, charset = body_type(request, OFFERED)
    is_multipart = media_type == MULTIPART and request.method == "POST"
    if not is_multipart:
        _require_rdf(media_type, charset)
    content = await read_body(request, settings.write_length, settings.write_timeout)
    bodies = _parts(request.headers["content-type"], content) if is_multipart else [Body(media_type, content)]
    address = context_address(request)
    known = tuple(Body(body.media_type, _with_context(body, address, settings.base)) for body in bodies)
    return Write(action, graph.iri or settings.base, graph=graph.iri, bodies=known)


def _with_context(body: Body, address: str, base: str) -> bytes:
    """The content of a body; JSON-LD that points to our context, which nobody could fetch, is given it."""
    if GRAPH_TYPES[body.media_type] != RdfFormat.JSON_LD:
        return body.content
    pointing = re.compile(rb'(\s*\{\s*"@context"\s*:\s*)' + re.escape(json.dumps(address).encode()))
    begin = pointing.match(body.content)
    if begin is None:
        return body.content
    terms = json.dumps(json.loads(load_context(base).to_json())["@context"])
    return begin[1] + terms.encode() + body.content[begin.end() :]


def _parts(content_type: str, content: bytes) -> Sequence[Body]:
    """The files of a form, each with a type of its own."""
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
