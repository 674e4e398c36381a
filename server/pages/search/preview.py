"""The preview of an entity, which reconciliation clients show in a frame."""

from __future__ import annotations

from fastapi import Response

from ontology.namespaces import SKOS
from server.errors import NotFoundError
from server.pages.data.resource import in_language, values_of
from server.pages.page_context import SECURITY_HEADERS, PageContext
from server.sparql.query_templates import nodes

POLICY = "Content-Security-Policy"
FRAMED = {POLICY: SECURITY_HEADERS[POLICY].replace("frame-ancestors 'none'", "frame-ancestors *")}


async def preview_page(context: PageContext, _iri: str) -> Response:
    """Return the name, definition and place of an entity as a small page. Raise NotFoundError."""
    iri = context.base + context.request.query_params.get("id", "").removeprefix(context.base)
    values = values_of(await context.select("what_is_said_of_a_thing", thing=iri)) if nodes([iri]) else {}
    if not values:
        raise NotFoundError(iri=iri)
    above = [row["above"] for row in await context.select("what_stands_above_a_thing", thing=iri)]
    await context.load_names([iri, *above])
    return context.page(
        "reconcile_preview.html",
        headers=FRAMED,
        iri=iri,
        above=list(reversed(above)),
        others=[v.text for v in values.get(SKOS + "altLabel", ())],
        definitions=in_language(values.get(SKOS + "definition", ()), context.language),
    )
