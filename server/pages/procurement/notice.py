"""The page of a procurement notice: whom it awards, at which price, which budget it spends, and what it prints."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import Response

from ontology.namespaces import DEF
from ontology.procurement.notice_words import load_notice_words
from server.pages.data.resource import resource_page
from server.pages.page_context import PageContext, QueryRow
from server.pages.procurement.cells import cell_to_text

PREFIX = "id/notice/"
_TABLES = frozenset({DEF + "noticeAward", DEF + "noticeValue"})
_AMOUNTS = frozenset({DEF + "budgetAmount", DEF + "ceilingAmount"})
_PUBLISHED, _PUBLICATION_DATE = "published", "publication-date"


async def notice_page(context: PageContext, iri: str) -> Response:
    """Return the page of a notice with its awards and budgets. Raise NotFoundError if nothing is known about it."""
    awards = await context.select("what_does_a_notice_award", thing=iri)
    budgets = await context.select("which_budget_does_a_notice_spend", thing=iri)
    await context.load_names(row["project"] for row in budgets if row.get("project"))
    printed = named_fields(await context.select("which_words_does_a_notice_print", thing=iri), context.language)
    further = {"awards": awards, "budgets": budgets, "printed": printed, "cell": cell_to_text}
    return await resource_page(context, iri, "notice.html", further, _TABLES, _AMOUNTS)


def named_fields(rows: Iterable[QueryRow], language: str) -> list[QueryRow]:
    """Return printed values with the names of their fields in a language instead of notations."""
    words = load_notice_words()
    return [
        {**row, "field": words.label("notice-field", row["field"].replace(_PUBLISHED, _PUBLICATION_DATE), language)}
        for row in rows
    ]
