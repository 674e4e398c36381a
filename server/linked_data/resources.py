"""Routes that describe resources: versions, figures, organisations, codes, terms, rules and examples."""

from collections.abc import Iterable
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from ontology import namespaces
from server.errors import NotAcceptableError, NotFoundError
from server.execution.evaluator import Evaluator, Question, read_answer, select
from server.http.dependencies import EvaluatorOf, Pages, PagesOf, SettingsOf
from server.http.responses import ask, context_address
from server.linked_data.descriptions import Description, describe_thing, page_links, view_of
from server.linked_data.labels import VERSION, labels_of
from server.serialization.jsonld import graph_to_bytes
from server.serialization.media_types import (
    FORMAT_NAMES,
    GRAPH_TYPES,
    HTML,
    content_type,
    offered_types,
    preferred_type,
)
from server.settings import Settings
from server.sparql.query_templates import fill_query, nodes

N_TRIPLES = "application/n-triples"
# Address suffixes that select a format.
SUFFIXES = ("ttl", "nt", "nq", "trig", "rdf", "jsonld", "json", "html")
TABLE_SUFFIXES = ("csv", "xlsx")
"""The formats of the table behind a page."""
GRAPH_KEY = "graph/"  # of a graph that was made without a name
PAGE_ONLY = "/coverage"  # of a version
RELATIONS = {"first": "first", "previous": "prev", "next": "next"}
PREFIXES = {
    "dcat": namespaces.DCAT,
    "dct": namespaces.DCT,
    "foaf": namespaces.FOAF,
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "org": namespaces.ORG,
    "owl": namespaces.OWL,
    "prov": namespaces.PROV,
    "qb": namespaces.QB,
    "rdfs": namespaces.RDFS,
    "schema": "https://schema.org/",
    "sh": namespaces.SH,
    "skos": namespaces.SKOS,
    "void": namespaces.VOID,
    "xsd": namespaces.XSD,
}

router = APIRouter(tags=["Linked data"])


@router.get("/id/{path:path}")
@router.head("/id/{path:path}")
async def name(request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf) -> Response:
    """Redirect from the IRI of a resource to its description, and from a disclosure to its current version."""
    if path.startswith("disclosure/") and "/v/" not in path:
        version = await current_version(evaluator, settings, settings.base + "id/" + path)
        return redirect(request, version.removeprefix(settings.base))
    if path.startswith(GRAPH_KEY):
        return redirect(request, f"graphs/id/{path}")
    return redirect(request, f"doc/{path}")


@router.get("/doc/{path:path}")
@router.head("/doc/{path:path}")
async def document(
    request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf
) -> Response:
    """The description of the resource `/id/{path}`."""
    return await describe(request, f"id/{path}", settings, evaluator, pages)


@router.get("/code/{path:path}")
@router.head("/code/{path:path}")
async def code(request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf) -> Response:
    """The description of a code or code list."""
    return await describe(request, f"code/{path}", settings, evaluator, pages)


@router.get("/query/{name}")
@router.head("/query/{name}")
async def example(
    request: Request, name: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf
) -> Response:
    """An example query."""
    return await describe(request, f"query/{name}", settings, evaluator, pages)


@router.get("/query-parameter/{name}")
@router.head("/query-parameter/{name}")
async def query_parameter(
    request: Request, name: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf
) -> Response:
    """A parameter of the example queries."""
    return await describe(request, f"query-parameter/{name}", settings, evaluator, pages)


@router.get("/prefixes")
@router.head("/prefixes")
@router.api_route("/prefixes.{suffix}", methods=["GET", "HEAD"], include_in_schema=False)
async def prefixes(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf) -> Response:
    """The prefixes shared by the example queries with their namespaces, as RDF and as a page."""
    return await construct(request, settings.base + "prefixes", "what_are_the_prefixes", settings, evaluator, pages)


@router.get("/prefix/{name}")
@router.head("/prefix/{name}")
async def prefix(request: Request, name: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf) -> Response:
    """One prefix and its namespace."""
    return await describe(request, f"prefix/{name}", settings, evaluator, pages)


@router.get("/def")
@router.head("/def")
@router.api_route("/def.{suffix}", methods=["GET", "HEAD"], include_in_schema=False)
async def terms(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf) -> Response:
    """All classes and properties."""
    return await construct(request, settings.base + "def", "what_are_the_terms", settings, evaluator, pages)


@router.get("/rules")
@router.head("/rules")
@router.api_route("/rules.{suffix}", methods=["GET", "HEAD"], include_in_schema=False)
async def rules(request: Request, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf) -> Response:
    """The rules for checking disclosures, as SHACL."""
    return await construct(request, settings.base + "rules", "what_are_the_rules", settings, evaluator, pages)


@router.get("/def/{name}")
@router.head("/def/{name}")
async def part_of_terms(
    request: Request, name: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf
) -> Response:
    """One of the documents that make up the vocabulary."""
    return await describe(request, f"def/{name}", settings, evaluator, pages)


async def describe(
    request: Request, key: str, settings: Settings, evaluator: Evaluator, pages: Pages | None
) -> Response:
    """Return a page of the description of a resource, given by its key under the base, in the preferred format.

    Raise NotFoundError if nothing is known, NotAcceptableError if the client accepts none of the formats.
    """
    stem, _, form = key.rpartition(".")
    if form in TABLE_SUFFIXES and VERSION.fullmatch(settings.base + stem):
        return redirect(request, f"data/{stem.removeprefix('id/')}.{form}")
    if pages and (form in TABLE_SUFFIXES or (form == "json" and stem.endswith(PAGE_ONLY))):
        return await pages.table(request, settings.base + stem, form)
    key, suffix = split_suffix(key)
    iri = settings.base + key
    if not nodes([iri]):
        raise NotFoundError(iri=iri)
    media_type = choose_type(request, pages, suffix)
    if pages and media_type == HTML:
        return await pages.resource(request, iri)
    if pages and key.endswith(PAGE_ONLY) and takes_pages(request, suffix):
        return await pages.resource(request, iri)
    description = await describe_thing(evaluator, settings.base, iri, page_number(request))
    address = str(request.url.replace(query="", fragment="", path=request.url.path.removesuffix(f".{suffix}")))
    triples = (*description.triples, *view_of(description, iri, address))
    links = link_header(description, iri, address)
    return graph_response(request, triples, media_type, settings.base, {"Link": links})


async def construct(
    request: Request, iri: str, question: str, settings: Settings, evaluator: Evaluator, pages: Pages | None
) -> Response:
    """Return the graph that a query constructs, in the preferred format. Raise NotFoundError if the graph is empty."""
    suffix = suffix_of(request, with_tables=pages is not None)
    if pages and suffix in TABLE_SUFFIXES:
        return await pages.table(request, iri, suffix)
    media_type = choose_type(request, pages, suffix)
    if page_number(request) > 1:
        raise NotFoundError(iri=str(request.url))
    if pages and media_type == HTML:
        return await pages.resource(request, iri)
    query = Question(query=fill_query(question), base=settings.base, graph=N_TRIPLES)
    body = await read_answer(await ask(request, evaluator, query))
    if not body:
        raise NotFoundError(iri=iri)
    triples = [quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)]
    triples += await labels_of(evaluator, settings.base, triples)
    return graph_response(request, list(dict.fromkeys(triples)), media_type, settings.base)


def choose_type(request: Request, pages: Pages | None, suffix: str = "") -> str:
    """Return the preferred media type by suffix, parameter or header. Raise NotAcceptableError if none is accepted."""
    accept = ", ".join(request.headers.getlist("accept"))
    offered = [*GRAPH_TYPES, *([HTML] if pages else [])]
    media_type = preferred_type(accept, suffix or request.query_params.get("format"), offered)
    if media_type is None:
        raise NotAcceptableError(offered=", ".join([*offered_types(GRAPH_TYPES), *([HTML] if pages else [])]))
    return media_type


def takes_pages(request: Request, suffix: str) -> bool:
    """Return whether the client accepts HTML."""
    accept = ", ".join(request.headers.getlist("accept"))
    return preferred_type(accept, suffix or request.query_params.get("format"), [HTML]) is not None


def graph_response(
    request: Request,
    triples: tuple[Triple, ...] | list[Triple],
    media_type: str,
    base: str,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return triples in a format, with the prefixes that they use."""
    used = {term.value for triple in triples for term in triple if isinstance(term, NamedNode)}
    known = {**PREFIXES, "": base + "def#"}
    chosen = {name: space for name, space in known.items() if any(iri.startswith(space) for iri in used)}
    body = graph_to_bytes(by_subject(triples), GRAPH_TYPES[media_type], chosen, base, context_address(request))
    return Response(body, media_type=content_type(media_type), headers={"Vary": "Accept", **(headers or {})})


def by_subject(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples grouped by subject, in the order in which the subjects first occur."""
    groups: dict[object, list[Triple]] = {}
    for triple in triples:
        groups.setdefault(triple.subject, []).append(triple)
    return [triple for group in groups.values() for triple in group]


def link_header(description: Description, iri: str, address: str) -> str:
    """Return a Link header with the resource described, the neighbouring pages and the other formats."""
    links = [f'<{quote(iri, safe=":/?#@!$&()*+,;=%")}>; rel="describes"']
    pages = page_links(description).items()
    links += [f'<{address}?page={number}>; rel="{RELATIONS[relation]}"' for relation, number in pages]
    links += [
        f'<{address}.{suffix}>; rel="alternate"; type="{FORMAT_NAMES[suffix][-1]}"'
        for suffix in ("ttl", "jsonld", "nt")
    ]
    return ", ".join(links)


def split_suffix(key: str) -> tuple[str, str]:
    """Return a key without its format suffix, and the suffix, empty if there is none."""
    stem, dot, suffix = key.rpartition(".")
    return (stem, suffix) if dot and suffix in SUFFIXES else (key, "")


def split_table_suffix(key: str) -> tuple[str, str]:
    """Return a key without the suffix that asks for the table behind a page, and the suffix, empty if there is none."""
    stem, _, suffix = key.rpartition(".")
    return (stem, suffix) if suffix in TABLE_SUFFIXES else (key, "")


def suffix_of(request: Request, *, with_tables: bool = False) -> str:
    """Return the format suffix in the path of the route. Raise NotFoundError for other suffixes."""
    suffix = str(request.path_params.get("suffix", ""))
    if suffix and suffix not in (*SUFFIXES, *(TABLE_SUFFIXES if with_tables else ())):
        raise NotFoundError(iri=str(request.url))
    return suffix


def page_number(request: Request) -> int:
    """Return the page number `?page=`, from 1. Raise NotFoundError if it is invalid."""
    given = request.query_params.get("page", "1")
    if given.isdecimal() and len(given) < 7 and int(given) > 0:
        return int(given)
    raise NotFoundError(iri=str(request.url))


async def current_version(evaluator: Evaluator, settings: Settings, disclosure: str) -> str:
    """Return the IRI of the current version of a disclosure. Raise NotFoundError if there is none."""
    if not nodes([disclosure]):
        raise NotFoundError(iri=disclosure)
    for row in await select(evaluator, fill_query("which_version_is_current", disclosure=disclosure), settings.base):
        return row["version"].value
    raise NotFoundError(iri=disclosure)


def redirect(request: Request, path: str) -> Response:
    """Redirect the client to another address of this host, with the same parameters."""
    parameters = f"?{request.url.query}" if request.url.query else ""
    location = f"{request.scope.get('root_path', '')}/{quote(path, safe='/:@!$&()*+,;=')}{parameters}"
    return RedirectResponse(location, status_code=303)
