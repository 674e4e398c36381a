"""An address for everything: what a version, a figure, an organisation, a code or a term is."""

import re
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from ontology import namespaces
from server.dependencies import EvaluatorOf, PagesOf, SettingsOf
from server.errors import NotAcceptableError, NotFoundError
from server.evaluation import Evaluator, Question, load_query, read_answer, select
from server.formats import GRAPH_TYPES, HTML, content_type, offered_types, preferred_type
from server.responses import ask
from server.settings import Settings

N_TRIPLES = "application/n-triples"
VERSION = re.compile(r"(.+/id/disclosure/.+/v/[0-9a-f]{16})(/.*)?")
PREFIXES = {
    "dcat": namespaces.DCAT,
    "dct": namespaces.DCT,
    "foaf": namespaces.FOAF,
    "org": namespaces.ORG,
    "owl": namespaces.OWL,
    "prov": namespaces.PROV,
    "qb": namespaces.QB,
    "rdfs": namespaces.RDFS,
    "skos": namespaces.SKOS,
    "xsd": namespaces.XSD,
}

router = APIRouter(tags=["Linked data"])


@router.get("/id/{path:path}")
@router.head("/id/{path:path}")
async def name(request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf) -> Response:
    """Send a client from the name of a thing to what is known of it, and from a disclosure to its current version."""
    if path.startswith("disclosure/") and "/v/" not in path:
        version = await current_version(evaluator, settings, settings.base + "id/" + path)
        return redirect(request, version.removeprefix(settings.base), 302)
    return redirect(request, f"doc/{path}", 303)


@router.get("/doc/{path:path}")
@router.head("/doc/{path:path}")
async def document(
    request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf
) -> Response:
    """What is known of the thing whose name is `/id/{path}`."""
    iri = f"{settings.base}id/{path}"
    version = VERSION.fullmatch(iri)
    if version is None:
        query = describing_query("what_is_known_of_a_thing", iri, thing=iri)
    else:
        graphs = {"version": version[1], "catalogue": version[1] + "/catalogue", "findings": version[1] + "/findings"}
        query = describing_query("what_does_a_version_say_of_a_thing", iri, thing=iri, **graphs)
    return await describe(request, iri, query, settings, evaluator, pages)


@router.get("/code/{path:path}")
@router.head("/code/{path:path}")
async def code(request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf) -> Response:
    """What a code or a code list says."""
    iri = f"{settings.base}code/{path}"
    query = describing_query("what_is_known_of_a_thing", iri, thing=iri)
    return await describe(request, iri, query, settings, evaluator, pages)


@router.get("/def")
@router.head("/def")
async def terms(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf) -> Response:
    """The classes and properties, all of them."""
    return await describe(request, settings.base + "def", load_query("what_are_the_terms"), settings, evaluator, pages)


async def describe(
    request: Request, iri: str, query: str, settings: Settings, evaluator: Evaluator, pages: PagesOf
) -> Response:
    """What the query constructs, in the format that the client prefers; raises NotFoundError if it is nothing."""
    accept = ", ".join(request.headers.getlist("accept"))
    offered = [*GRAPH_TYPES, *([HTML] if pages else [])]
    media_type = preferred_type(accept, request.query_params.get("format"), offered)
    if media_type is None:
        raise NotAcceptableError(offered=", ".join([*offered_types(GRAPH_TYPES), *([HTML] if pages else [])]))
    if pages and media_type == HTML:
        return await pages.thing(request, iri)
    question = Question(query=query, base=settings.base, graph=N_TRIPLES)
    body = await read_answer(await ask(request, evaluator, question))
    if not body:
        raise NotFoundError(iri=iri)
    if media_type != N_TRIPLES:
        triples = [quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)]
        known = {**PREFIXES, "": settings.base + "def#"}
        prefixes = {prefix: namespace for prefix, namespace in known.items() if f"<{namespace}".encode() in body}
        body = serialize(triples, format=GRAPH_TYPES[media_type], prefixes=prefixes) or b""
    return Response(body, media_type=content_type(media_type), headers={"Vary": "Accept"})


async def current_version(evaluator: Evaluator, settings: Settings, disclosure: str) -> str:
    """The IRI of a disclosure's current version; raises NotFoundError."""
    query = describing_query("which_version_is_current", disclosure, disclosure=disclosure)
    for row in await select(evaluator, query, settings.base):
        return row["version"].value
    raise NotFoundError(iri=disclosure)


def describing_query(question: str, iri: str, **iris: str) -> str:
    """The query for a thing; raises NotFoundError if its address cannot be an IRI."""
    try:
        NamedNode(iri)
    except ValueError as error:
        raise NotFoundError(iri=iri) from error
    return load_query(question, **iris)


def redirect(request: Request, path: str, status: int) -> Response:
    """Send the client to another address of this host, with the same parameters."""
    parameters = f"?{request.url.query}" if request.url.query else ""
    location = f"{request.scope.get('root_path', '')}/{quote(path, safe='/:@!$&()*+,;=')}{parameters}"
    return RedirectResponse(location, status_code=status)
