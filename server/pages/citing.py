"""Citations of pages."""

from __future__ import annotations

from server.http.entity_tags import changed_at
from server.pages.page_context import COOKIE, PageContext
from server.serialization.citations import PUBLISHER, Citation, to_apa, to_bibtex, to_csl, to_gbt7714
from server.store.generations import Generations


def citation_of(
    context: PageContext, title: str, address: str, author: str | None = None, year: str | None = None
) -> dict[str, str]:
    """Return the citations of what stands at an address, by style: `apa`, `gbt7714`, `bibtex`, `csl`.

    Without an author it is the project; without a year that of the data, whose date is given as the day of retrieval.
    """
    published = changed_at(Generations(context.settings.store)).date()
    citation = Citation(author or PUBLISHER, title, int(year) if year else published.year, address, published)
    return {
        "apa": to_apa(citation),
        "gbt7714": to_gbt7714(citation),
        "bibtex": to_bibtex(citation),
        "csl": to_csl(citation),
    }


def cited_address(context: PageContext) -> str:
    """Return the address to cite for a page: the IRI of a resource, else the address asked for without language."""
    url = context.request.url
    key = url.path.removeprefix(context.root).removeprefix("/")
    if key.startswith("doc/"):
        return f"{context.base}id/{key.removeprefix('doc/')}"
    if key in ("def", "rules") or key.startswith(("code/", "def/", "rules/")):
        return context.base + key
    return str(url.remove_query_params(COOKIE))
