"""The catalogue page: disclosures, downloads, and links to the machine-readable catalogue."""

from __future__ import annotations

from operator import itemgetter

from fastapi import Response

from ontology.tabular.published_columns import DATA_TABLES
from server.dataset.catalogue import load_entries
from server.dataset.downloads import FORMATS, TABLE_FORMATS
from server.dataset.statistics import get_statistics
from server.dataset.void import service_address
from server.pages.disclosure.structured_data import catalogue_data
from server.pages.page_context import PageContext

MOST_CLASSES = 12


async def catalogue_page(context: PageContext, iri: str) -> Response:
    """Return the page with downloads, the most frequent classes, and the disclosures, fifty to a page."""
    entries, has_more = await load_entries(context.evaluator, context.base, context.page_number)
    counts = get_statistics(context.request).known()
    named = [name for entry in entries for name in (entry.organisation, entry.phase)]
    await context.load_names([*named, *counts.classes, f"{context.base}prefixes"])
    classes = [(class_, class_name(context, class_), n) for class_, n in counts.classes.items()]
    classes = [(class_, own, n) for class_, own, n in classes if own or class_ in context.labels]
    return context.page(
        "catalogue.html",
        iri=iri,
        entries=entries,
        has_more=has_more,
        number=context.page_number,
        classes=sorted(classes, key=itemgetter(2), reverse=True)[:MOST_CLASSES],
        triples=counts.triples,
        formats=FORMATS,
        tables=tuple(DATA_TABLES.values()),
        table_formats=TABLE_FORMATS,
        data=catalogue_data(context, service_address(context.request)),
    )


def class_name(context: PageContext, class_: str) -> str | None:
    """Return our name for a class of another vocabulary, None if there is none."""
    key = "class-" + class_.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return context.message(key) if class_ not in context.labels and context.has_message(key) else None
