"""The description of the data in VoID with partitions, and the completions for the query editor."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ontology.example_queries import load_prefixes
from ontology.namespaces import DEFAULT_BASE, RDF, VOID, XSD
from server.dataset.counts import Counts
from server.dataset.statistics import StatisticsOf
from server.errors import NotFoundError
from server.execution.evaluator import select
from server.http.dependencies import EvaluatorOf, PagesOf, SettingsOf
from server.linked_data.labels import labels_of
from server.linked_data.resources import choose_type, graph_response, page_number, suffix_of
from server.serialization.media_types import HTML
from server.sparql.query_templates import fill_query, nodes

DESCRIPTION = Path(__file__).parent / "void.ttl"
TYPE, DATASET_CLASS = NamedNode(RDF + "type"), NamedNode(VOID + "Dataset")

router = APIRouter(tags=["Catalogue"])


@router.get("/.well-known/void")
@router.head("/.well-known/void")
async def well_known(request: Request) -> Response:
    """The well-known address of the description, for crawlers."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/void", status_code=302)


@router.get("/void")
@router.head("/void")
@router.api_route("/void.{suffix}", methods=["GET", "HEAD"], include_in_schema=False)
async def void(
    request: Request, settings: SettingsOf, evaluator: EvaluatorOf, statistics: StatisticsOf, pages: PagesOf
) -> Response:
    """The data set in VoID, with partitions by class and by property; browsers get the catalogue page."""
    media_type = choose_type(request, pages, suffix_of(request))
    if page_number(request) > 1:
        raise NotFoundError(iri=str(request.url))
    if pages and media_type == HTML:
        return await pages.resource(request, settings.base + "catalogue")
    counts = await statistics.current()
    triples = [*described(service_address(request), settings.base), *partitions(counts, settings.base)]
    triples += await labels_of(evaluator, settings.base, triples)
    return graph_response(request, triples, media_type, settings.base)


@router.get("/completions")
@router.head("/completions")
async def completions(settings: SettingsOf, evaluator: EvaluatorOf, statistics: StatisticsOf) -> Response:
    """The completions of the query editor: prefixes, and the classes and properties in use with their labels (JSON).

    Before the first count there are only prefixes.
    """
    counts = await statistics.current()
    terms = nodes([*counts.classes, *counts.properties])
    labels: dict[str, list[str]] = {}
    if terms:
        for row in await select(
            evaluator, fill_query("which_labels_do_these_things_have", things=terms), settings.base
        ):
            labels.setdefault(row["thing"].value, []).append(row["value"].value)
    content = {
        "prefixes": load_prefixes(settings.base),
        "classes": {iri: sorted(labels.get(iri, ())) for iri in counts.classes},
        "properties": {iri: sorted(labels.get(iri, ())) for iri in counts.properties},
    }
    return JSONResponse(content, headers={"Cache-Control": "no-cache"})


def described(service: str, base: str) -> Iterator[Triple]:
    """Yield the constant part of the description; `service` is the service's address with a trailing slash."""
    text = DESCRIPTION.read_text(encoding="utf-8").replace(DEFAULT_BASE, base)
    yield from (quad.triple for quad in parse(text, RdfFormat.TURTLE, base_iri=service))


def partitions(counts: Counts, base: str) -> Iterator[Triple]:
    """Yield the counts of a generation as partitions of the data set, each with its own address."""
    if not counts.generation:
        return
    dataset = NamedNode(base + "void#dataset")
    yield _number(dataset, "triples", counts.triples)
    yield _number(dataset, "classes", len(counts.classes))
    yield _number(dataset, "properties", len(counts.properties))
    for vocabulary in sorted({namespace_of(iri) for iri in (*counts.classes, *counts.properties)}):
        yield Triple(dataset, NamedNode(VOID + "vocabulary"), NamedNode(vocabulary))
    for class_, number in counts.classes.items():
        part = NamedNode(f"{base}void#class-{_digest(class_)}")
        yield from _partition(dataset, part, "class", class_)
        yield _number(part, "entities", number)
        for property_, uses in counts.within.get(class_, {}).items():
            inner = NamedNode(f"{part.value}-{_digest(property_)}")
            yield from _partition(part, inner, "property", property_)
            yield _number(inner, "triples", uses)
    for property_, uses in counts.properties.items():
        part = NamedNode(f"{base}void#property-{_digest(property_)}")
        yield from _partition(dataset, part, "property", property_)
        yield _number(part, "triples", uses)


def namespace_of(iri: str) -> str:
    """Return the namespace of a term: its IRI up to the last # or slash."""
    cut = max(iri.rfind("#"), iri.rfind("/"))
    return iri[: cut + 1]


def service_address(request: Request) -> str:
    """Return the address where the service is mounted, as seen by the client, with a trailing slash."""
    path = f"{request.scope.get('root_path', '').rstrip('/')}/"
    return str(request.url.replace(path=path, query="", fragment=""))


def _partition(whole: NamedNode, part: NamedNode, by: str, term: str) -> Iterator[Triple]:
    yield Triple(whole, NamedNode(f"{VOID}{by}Partition"), part)
    yield Triple(part, TYPE, DATASET_CLASS)
    yield Triple(part, NamedNode(VOID + by), NamedNode(term))


def _number(subject: NamedNode, name: str, number: int) -> Triple:
    return Triple(subject, NamedNode(VOID + name), Literal(str(number), datatype=NamedNode(XSD + "integer")))


def _digest(iri: str) -> str:
    return sha256(iri.encode()).hexdigest()[:16]
