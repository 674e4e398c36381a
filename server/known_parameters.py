"""The parameters of each address: those that it does not have are refused, since a misspelt limit answers with more.

Pages in HTML ignore what they do not know: messengers and search engines add parameters such as `utm_source` to the
addresses of pages, and a page shows what was asked. Addresses where others say which parameters there are, or where
a parameter limits nothing, are in `IGNORING`.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from server.errors import UnknownParameterError
from server.serialization.media_types import FORMAT_NAMES, GRAPH_TYPES, HTML, preferred_type

EVERYWHERE = ("lang",)
"""Parameters of every address; the middleware for byte order marks takes `bom` away."""
DESCRIBED = ("format", "page")
LISTED = ("division", "year", "phase", "verdict", "q", "sort")
FOUND = ("q", "kind", "page", "limit", "format")
_OF_OFFICES, _OF_CODES = (
    ("organisation", "division", "year", "phase"),
    ("function", "economic", "kind", "fund", "scope"),
)
COMPARED = ("rows", "columns", "flow", "level", "depth", "unit", "show", *_OF_OFFICES, *_OF_CODES, "without")

KNOWN: Mapping[str, tuple[str, ...]] = {
    "/id/{path:path}": DESCRIBED,
    "/doc/{path:path}": DESCRIBED,
    "/code/{path:path}": DESCRIBED,
    "/query-parameter/{name}": DESCRIBED,
    "/prefix/{name}": DESCRIBED,
    "/def/{name}": DESCRIBED,
    "/rules/{path:path}": DESCRIBED,
    **{f"/{name}{suffix}": DESCRIBED for name in ("prefixes", "def", "rules", "void") for suffix in ("", ".{suffix}")},
    "/catalogue": DESCRIBED,
    "/catalogue.{suffix}": (*DESCRIBED, *LISTED),
    "/history/{path:path}": DESCRIBED,
    "/diff/{path:path}": DESCRIBED,
    "/disclosures.{form}": LISTED,
    "/links.{form}": ("state", "page"),
    "/compare.{form}": COMPARED,
    "/search": FOUND,
    "/search.{suffix}": FOUND,
    "/search/suggest": ("q",),
    "/data/{path:path}": (),
    "/csv/{path:path}": (),
    "/completions": (),
    "/context.jsonld": (),
    "/llms.txt": (),
    "/graphs": ("graph", "default", "format"),
    "/graphs/{path:path}": ("format",),
    "/validate": ("format",),
    "/validate/{token}": ("format",),
    "/validate/{token}/report": ("format",),
}
"""The parameters of each route, besides those of every address."""
IGNORING: Mapping[str, str] = {
    **dict.fromkeys(("/sparql/",), "clients of SPARQL add parameters of other services: output, results, timeout"),
    **dict.fromkeys(
        ("/reconcile", "/reconcile/suggest/{what}", "/reconcile/properties", "/reconcile/preview", "/reconcile/view"),
        "clients of reconciliation add parameters: callback, type_strict",
    ),
    **dict.fromkeys(
        ("/", "/query", "/compare", "/purchases", "/links", "/check", "/check/report"), "pages, and forms on them"
    ),
    **dict.fromkeys(("/check/progress/{token}", "/check/kept/{token}", "/check/kept/{token}/remove"), "pages"),
    **dict.fromkeys(("/health", "/ready", "/metrics", "/openapi.json"), "monitors add parameters; nothing is limited"),
    **dict.fromkeys(("/robots.txt", "/sitemap.xml", "/sitemap/{number}.xml"), "crawlers; nothing is limited"),
    **dict.fromkeys(("/static/{name:path}", "/.well-known/void"), "nothing is limited"),
    **dict.fromkeys(
        (f"/query/{{name}}.{form}" for form in ("csv", "json", "parquet", "tsv", "xlsx", "xml")),
        "an example query refuses parameters itself",
    ),
    "/purchases.{form}": "so does the example query that answers",
    "/query/{name}": "the page has the parameters of its query, and a description of the query is not limited",
}
"""Routes that ignore unknown parameters, or have others each time, with the reason."""
_DATA_SUFFIXES = {*FORMAT_NAMES, "xlsx", "parquet", "svg"} - {"html"}
_TYPES = ("application/json", "text/csv", *GRAPH_TYPES, HTML)


async def refuse_unknown_parameters(request: Request) -> None:
    """Raise UnknownParameterError for a parameter that an address does not have, unless it answers with a page."""
    known = KNOWN.get(request.scope["route"].path)
    if known is None or not request.query_params:
        return
    unknown = next((name for name in request.query_params if name not in (*known, *EVERYWHERE)), None)
    if unknown is not None and not _asks_for_page(request):
        raise unknown_parameter(unknown, known)


def unknown_parameter(name: str, known: tuple[str, ...]) -> UnknownParameterError:
    """Return the refusal of a parameter, which names those that are known."""
    return UnknownParameterError(name=name, known=", ".join(known) or "–")


def _asks_for_page(request: Request) -> bool:
    if request.url.path.rpartition(".")[2] in _DATA_SUFFIXES:
        return False
    accept = ", ".join(request.headers.getlist("accept"))
    return preferred_type(accept, request.query_params.get("format"), _TYPES) == HTML
