"""The page of the catalogue: what there is, in which forms to take it away, and where machines read the same."""

from __future__ import annotations

from operator import itemgetter

from fastapi import Response

from server.dataset.catalogue import load_entries
from server.dataset.downloads import FORMATS
from server.dataset.statistics import get_statistics
from server.dataset.void import service_address
from server.pages.disclosure.structured_data import catalogue_data
from server.pages.page_context import PageContext

MOST_CLASSES = 12


async def catalogue_page(visit: PageContext, iri: str) -> Response:
    """Downloads of everything, the classes that there are most of, and the disclosures, fifty to a page."""
    entries, has_more = await load_entries(visit.evaluator, visit.base, visit.page_number)
    counts = get_statistics(visit.request).known()
    named = [name for entry in entries for name in (entry.organisation, entry.phase)]
    await visit.learn_names([*named, *counts.classes, f"{visit.base}prefixes"])
    worded = [(class_, class_word(visit, class_), n) for class_, n in counts.classes.items()]
    known = [(class_, word, n) for class_, word, n in worded if word or class_ in visit.labels]
    return visit.page(
        "catalogue.html",
        iri=iri,
        entries=entries,
        has_more=has_more,
        number=visit.page_number,
        classes=sorted(known, key=itemgetter(2), reverse=True)[:MOST_CLASSES],
        triples=counts.triples,
        formats=FORMATS,
        data=catalogue_data(visit, service_address(visit.request), FORMATS),
    )


def class_word(visit: PageContext, class_: str) -> str | None:
    """What we call a class that other vocabularies define; None for all others."""
    key = "class-" + class_.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return visit.word(key) if class_ not in visit.labels and visit.has_word(key) else None
