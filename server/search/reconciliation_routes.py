"""The reconciliation service at `/reconcile`: manifest, queries, suggestions, preview and data extension."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from ontology.messages import message
from server.dataset.void import service_address
from server.errors import (
    BatchTooLongError,
    MalformedReconciliationError,
    NotFoundError,
    UndecodableRequestError,
    UnsupportedMediaTypeError,
)
from server.execution.evaluator import select
from server.http.dependencies import EvaluatorOf, PagesOf, SettingsOf
from server.http.request_bodies import body_type, read_body, receive_seconds
from server.search import reconciliation
from server.search.index.index_files import SearchIndexes, SearchOf
from server.search.index.index_reader import SearchIndex
from server.search.reconciliation import Json
from server.search.routes import CACHING, language_of, page_path
from server.search.text_tokens import LONGEST_QUERY
from server.settings import Settings
from server.sparql.query_templates import fill_query, nodes

ADDRESS = "/reconcile"
FORM = "application/x-www-form-urlencoded"
VERSIONS = ["0.1", "0.2"]
MOST_QUERIES, MOST_IDS = 50, 200
BODY_LENGTH = 256 * 1024
PREVIEW = {"width": 420, "height": 240}

router = APIRouter(tags=["Reconciliation"])


@router.get(ADDRESS)
@router.head(ADDRESS, include_in_schema=False)
async def reconcile_get(
    request: Request, settings: SettingsOf, indexes: SearchOf, evaluator: EvaluatorOf, pages: PagesOf
) -> Response:
    """The manifest; with `queries` or `extend`, the answer to them."""
    given = {name: request.query_params.getlist(name) for name in ("queries", "extend")}
    if not any(given.values()):
        return JSONResponse(manifest(request, settings, with_pages=pages is not None), headers=CACHING)
    return await answer(request, given, settings, indexes, evaluator)


@router.post(ADDRESS)
async def reconcile_post(request: Request, settings: SettingsOf, indexes: SearchOf, evaluator: EvaluatorOf) -> Response:
    """The answer to a batch of queries, or to a data extension query, in a form."""
    media_type, charset = body_type(request, FORM)
    if media_type != FORM or charset not in ("", "utf-8"):
        raise UnsupportedMediaTypeError(given=request.headers.get("content-type", ""), offered=FORM)
    body = await read_body(request, BODY_LENGTH, receive_seconds(settings, BODY_LENGTH))
    try:
        given = parse_qs(body.decode("utf-8"), strict_parsing=bool(body), errors="strict")
    except ValueError as error:
        raise UndecodableRequestError from error
    return await answer(request, given, settings, indexes, evaluator)


@router.get(f"{ADDRESS}/suggest/{{what}}")
async def suggest(request: Request, what: str, settings: SettingsOf, indexes: SearchOf) -> Response:
    """Entities, properties or types for what is being typed (`prefix`)."""
    prefix, language = request.query_params.get("prefix", "")[:LONGEST_QUERY], language_of(request)
    cursor = request.query_params.get("cursor", "0")
    if what not in ("entity", "property", "type") or not cursor.isdecimal() or len(cursor) > 6:
        raise NotFoundError(iri=str(request.url))

    def search(index: SearchIndex) -> list[Json]:
        if what == "type":
            return reconciliation.suggest_types(index, prefix, settings.base, language)
        return reconciliation.suggest_entities(index, prefix, int(cursor), settings.base, language)

    if what == "property":
        named = (property_to_json(name, language) for name in reconciliation.PROPERTIES)
        result = [each for each in named if prefix.lower() in f"{each['id']} {each['name']}".lower()]
    else:
        result = await indexes.ask(request.state.account, search)
    return JSONResponse({"result": result}, headers=CACHING)


@router.get(f"{ADDRESS}/properties")
async def properties(request: Request) -> Response:
    """The properties by which a table of entities of a type can be extended."""
    kind, limit = request.query_params.get("type", ""), request.query_params.get("limit", "")
    most = int(limit) if limit.isdecimal() and 0 < len(limit) < 6 else len(reconciliation.PROPERTIES)
    names = reconciliation.properties_of(kind)[:most]
    proposed = [property_to_json(name, language_of(request)) for name in names]
    return JSONResponse({"properties": proposed, "type": kind, "limit": most}, headers=CACHING)


@router.get(f"{ADDRESS}/preview")
async def preview(request: Request, settings: SettingsOf, pages: PagesOf) -> Response:
    """A small page about an entity, to be shown in a frame."""
    if pages is None:
        raise NotFoundError(iri=str(request.url))
    return await pages.resource(request, settings.base + "reconcile/preview")


@router.get(f"{ADDRESS}/view")
async def view(request: Request, settings: SettingsOf) -> Response:
    """The page of an entity."""
    iri = settings.base + request.query_params.get("id", "").removeprefix(settings.base)
    if iri.removeprefix(settings.base).startswith("/") or iri == settings.base or not nodes([iri]):
        raise NotFoundError(iri=iri)
    path = page_path(quote(iri, safe=":/#@!$&'()*+,;=%-._~"), settings.base, request.scope.get("root_path", ""))
    return RedirectResponse(path, status_code=303)


async def answer(
    request: Request, given: dict[str, list[str]], settings: Settings, indexes: SearchIndexes, evaluator: EvaluatorOf
) -> Response:
    """Answer the first `queries`, else the first `extend`. Raise MalformedReconciliationError."""
    language = language_of(request)
    if texts := given.get("queries", []):
        batch = load_json(texts[0])
        if len(batch) > MOST_QUERIES:
            raise BatchTooLongError(limit=MOST_QUERIES)
        try:
            queries = {key: reconciliation.parse_query(query) for key, query in batch.items()}
        except ValueError as error:
            raise MalformedReconciliationError(detail=str(error)) from error

        def search(index: SearchIndex) -> Json:
            return {
                key: {"result": reconciliation.reconcile(index, query, settings.base, language)}
                for key, query in queries.items()
            }

        return JSONResponse(await indexes.ask(request.state.account, search), headers=CACHING)
    if texts := given.get("extend", []):
        return JSONResponse(await extend(load_json(texts[0]), settings, evaluator, language), headers=CACHING)
    raise MalformedReconciliationError(detail="neither queries nor extend")


async def extend(query: Json, settings: Settings, evaluator: EvaluatorOf, language: str) -> Json:
    """Return the answer to a data extension query. Raise MalformedReconciliationError, BatchTooLongError."""
    ids, wanted = query.get("ids"), query.get("properties")
    if not isinstance(ids, list) or not isinstance(wanted, list) or not all(isinstance(i, str) for i in ids):
        raise MalformedReconciliationError(detail="ids and properties are lists")
    names = [str(each.get("id")) if isinstance(each, dict) else "" for each in wanted]
    if not {*names} <= {*reconciliation.PROPERTIES}:
        raise MalformedReconciliationError(detail=f"known properties: {', '.join(reconciliation.PROPERTIES)}")
    if len(ids) > MOST_IDS:
        raise BatchTooLongError(limit=MOST_IDS)
    things = nodes(settings.base + key for key in ids)
    question = fill_query("which_values_do_these_things_have", things=things)
    found = await select(evaluator, question, settings.base) if things else []
    rows = ({name: term.value for name, term in row.items()} for row in found)
    return reconciliation.extension_to_json(ids, names, rows, settings.base, language)


def manifest(request: Request, settings: Settings, *, with_pages: bool) -> Json:
    """Return what the service says of itself."""
    service, language = service_address(request), language_of(request)
    address = service.rstrip("/") + ADDRESS
    suggested = {
        what: {"service_url": address, "service_path": f"/suggest/{what}"} for what in ("entity", "property", "type")
    }
    return {
        "versions": VERSIONS,
        "name": message("reconcile-name", language),
        "identifierSpace": settings.base,
        "schemaSpace": f"{settings.base}code/",
        "documentation": f"{service}llms.txt",
        "view": {"url": f"{address}/view?id={{{{id}}}}"},
        "defaultTypes": reconciliation.default_types(language),
        "suggest": suggested,
        "extend": {"propose_properties": {"service_url": address, "service_path": "/properties"}},
        "batchSize": MOST_QUERIES,
        **({"preview": {"url": f"{address}/preview?id={{{{id}}}}", **PREVIEW}} if with_pages else {}),
    }


def property_to_json(name: str, language: str) -> Json:
    """Return a property with its name."""
    return {"id": name, "name": message(f"reconcile-{name.replace('_', '-')}", language)}


def load_json(text: str) -> Json:
    """Return an object in JSON. Raise MalformedReconciliationError for anything else."""
    try:
        content = json.loads(text)
        json.dumps(content, ensure_ascii=False).encode()  # refuses halves of surrogate pairs, which no answer can hold
    except (ValueError, RecursionError) as error:
        raise MalformedReconciliationError(detail=str(error)) from error
    if not isinstance(content, dict):
        raise MalformedReconciliationError(detail="not an object")
    return content
