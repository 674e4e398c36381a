"""Routes for the history of a disclosure and the comparison of two versions."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from server.errors import NotAcceptableError
from server.http.dependencies import EvaluatorOf, Pages, PagesOf, SettingsOf
from server.linked_data.resources import graph_response, split_suffix, split_table_suffix
from server.serialization.media_types import GRAPH_TYPES, HTML, offered_types, preferred_type
from server.versions.history import load_history, load_revision
from server.versions.history_forms import history_to_json, history_triples, revision_to_json, revision_triples
from server.versions.labels import labels_of_others

JSON = "application/json"

router = APIRouter(tags=["Versions"])


@router.get("/history/{path:path}")
@router.head("/history/{path:path}")
async def history(
    request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf
) -> Response:
    """All versions of the disclosure `/id/{path}` with their dates, source files and converters."""
    stem, table = split_table_suffix(path)
    if pages and table:
        return await pages.table(request, f"{settings.base}history/{stem}", table)
    path, suffix = split_suffix(path)
    media_type = choose_type(request, pages, suffix)
    if pages and media_type == HTML:
        return await pages.resource(request, f"{settings.base}history/{path}")
    found = await load_history(evaluator, settings.base, f"{settings.base}id/{path}")
    if media_type == JSON:
        return json_response(history_to_json(found, settings.base))
    triples = list(history_triples(found, settings.base))
    triples += await labels_of_others(evaluator, settings.base, triples, found.versions)
    return graph_response(request, triples, media_type, settings.base)


@router.get("/diff/{path:path}")
@router.head("/diff/{path:path}")
async def diff(request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf) -> Response:
    """The comparison of two versions of a disclosure, `disclosure/…/{older}/{newer}`: every figure that differs."""
    stem, table = split_table_suffix(path)
    if pages and table:
        return await pages.table(request, f"{settings.base}diff/{stem}", table)
    path, suffix = split_suffix(path)
    media_type = choose_type(request, pages, suffix)
    if pages and media_type == HTML:
        return await pages.resource(request, f"{settings.base}diff/{path}")
    found = await load_revision(evaluator, settings.base, path)
    if media_type == JSON:
        return json_response(revision_to_json(found))
    triples = list(revision_triples(found, settings.base))
    triples += await labels_of_others(evaluator, settings.base, triples, (found.older, found.newer))
    return graph_response(request, triples, media_type, settings.base)


def choose_type(request: Request, pages: Pages | None, suffix: str) -> str:
    """Return the preferred media type. Raise NotAcceptableError if the client accepts none.

    JSON selects the project's own format, JSON-LD selects RDF.
    """
    graphs = [media_type for media_type in GRAPH_TYPES if media_type != JSON]
    offered = [*graphs, JSON, *([HTML] if pages else [])]
    wanted = suffix or request.query_params.get("format")
    accept = ", ".join(request.headers.getlist("accept"))
    media_type = preferred_type(accept, JSON if wanted == "json" else wanted, offered)
    if media_type is None:
        raise NotAcceptableError(offered=", ".join([*offered_types(GRAPH_TYPES), JSON, *([HTML] if pages else [])]))
    return media_type


def json_response(content: dict[str, Any]) -> Response:
    """Return a response in the project's own JSON."""
    return JSONResponse(content, headers={"Vary": "Accept"})
