"""The page of the catalogue: what there is, in which forms to take it away, and where machines read the same."""

from __future__ import annotations

from fastapi import Response

from server.catalogue import load_entries
from server.downloads import FORMATS
from server.pages.structured import catalogue_data
from server.pages.visit import Visit
from server.statistics import get_statistics
from server.void import service_address

MOST_CLASSES = 12


async def catalogue_page(visit: Visit, iri: str) -> Response:
    """Downloads of everything, the classes that there are most of, and the disclosures, fifty to a page."""
    entries, has_more = await load_entries(visit.evaluator, visit.base, visit.page_number)
    counts = await get_statistics(visit.request).current(visit.evaluator)
    most = sorted(counts.classes.items(), key=lambda item: -item[1])[:MOST_CLASSES]
    named = [name for entry in entries for name in (entry.organisation, entry.phase)]
    await visit.learn_names([*named, *(class_ for class_, _ in most)])
    return visit.page(
        "catalogue.html",
        iri=iri,
        entries=entries,
        has_more=has_more,
        number=visit.page_number,
        classes=most,
        triples=counts.triples,
        formats=FORMATS,
        data=catalogue_data(visit, service_address(visit.request), FORMATS),
    )
