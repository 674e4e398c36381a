"""Files for search engines: robots.txt, and the sitemap, split when it exceeds one file."""

from collections.abc import Iterable, Iterator
from math import ceil
from urllib.parse import quote
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response

from server.dataset.void import service_address
from server.errors import NotFoundError
from server.execution.evaluator import Evaluator, select
from server.http.dependencies import EvaluatorOf, SettingsOf
from server.settings import Settings
from server.sparql.query_templates import fill_query

MOST = 50_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
FIXED = ("", "catalogue", "query", "rules", "def")
# Unbounded answers, forms, and machine interfaces.
HIDDEN = (
    "/sparql",
    "/query?",
    "/compare?",
    "/check",
    "/csv/",
    "/data/",
    "/diff/",
    "/completions",
    "/search",
    "/reconcile",
    "/*?lang=",
)

router = APIRouter(tags=["Catalogue"])


@router.get("/robots.txt")
@router.head("/robots.txt")
async def robots(request: Request) -> Response:
    """The paths that crawlers should ignore, and the address of the sitemap."""
    root = request.scope.get("root_path", "").rstrip("/")
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in HIDDEN)]
    text = "\n".join([*lines, "", f"Sitemap: {service_address(request)}sitemap.xml", ""])
    return Response(text, media_type="text/plain; charset=utf-8")


@router.get("/sitemap.xml")
@router.head("/sitemap.xml")
async def sitemap(request: Request, settings: SettingsOf, evaluator: EvaluatorOf) -> Response:
    """All pages for search engines, or the index of the sitemap files if there are several."""
    files = ceil(await count_pages(settings, evaluator) / MOST)
    if files <= 1:
        return await one_file(request, settings, evaluator, 1)
    locations = (f"{service_address(request)}sitemap/{number}.xml" for number in range(1, files + 1))
    body = "".join(f"<sitemap><loc>{escape(location)}</loc></sitemap>\n" for location in locations)
    return xml_response("sitemapindex", body)


@router.get("/sitemap/{number}.xml")
@router.head("/sitemap/{number}.xml")
async def part(request: Request, number: int, settings: SettingsOf, evaluator: EvaluatorOf) -> Response:
    """One file of a split sitemap, numbered from 1."""
    if not 1 <= number <= ceil(await count_pages(settings, evaluator) / MOST):
        raise NotFoundError(iri=str(request.url))
    return await one_file(request, settings, evaluator, number)


async def count_pages(settings: Settings, evaluator: Evaluator) -> int:
    """Return the number of addresses in the sitemap."""
    [row] = await select(evaluator, fill_query("how_many_pages_are_there"), settings.base)
    return int(row["number"].value) + len(FIXED)


async def one_file(request: Request, settings: Settings, evaluator: Evaluator, number: int) -> Response:
    """Return the addresses of a file; constant addresses come first."""
    start = (number - 1) * MOST - len(FIXED)
    query = fill_query("which_pages_are_there", limit=MOST if start >= 0 else MOST - len(FIXED), offset=max(start, 0))
    rows = await select(evaluator, query, settings.base)
    fixed = [(path, "") for path in (FIXED if start < 0 else ())]
    found = [
        (path, row["modified"].value if "modified" in row else "")
        for row in rows
        if (path := path_of(row["thing"].value, settings.base)) is not None
    ]
    return xml_response("urlset", "".join(entries([*fixed, *found], service_address(request))))


def path_of(iri: str, base: str) -> str | None:
    """Return the path of the page of a resource, without leading slash; None for IRIs outside the base."""
    if not iri.startswith(base):
        return None
    key = iri.removeprefix(base)
    return quote("doc/" + key.removeprefix("id/") if key.startswith("id/") else key, safe="/:@!$&'()*+,;=")


def entries(pages: Iterable[tuple[str, str]], service: str) -> Iterator[str]:
    """Yield a url element for each path and modification time, which may be empty."""
    for path, modified in pages:
        changed = f"<lastmod>{escape(modified)}</lastmod>" if modified else ""
        yield f"<url><loc>{escape(service + path)}</loc>{changed}</url>\n"


def xml_response(element: str, body: str) -> Response:
    """Return an XML document in the sitemap vocabulary."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} xmlns="{NAMESPACE}">\n{body}</{element}>\n'
    return Response(text, media_type="application/xml")
