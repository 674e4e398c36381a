"""The page of a procurement notice: whom it awards, at which price, and which budget it spends."""

from __future__ import annotations

from fastapi import Response

from server.pages.data.resource import resource_page
from server.pages.page_context import PageContext
from server.pages.procurement.cells import cell_to_text

PREFIX = "id/notice/"


async def notice_page(context: PageContext, iri: str) -> Response:
    """Return the page of a notice with its awards and budgets. Raise NotFoundError if nothing is known about it."""
    awards = await context.select("what_does_a_notice_award", thing=iri)
    budgets = await context.select("which_budget_does_a_notice_spend", thing=iri)
    await context.load_names(row["project"] for row in budgets if row.get("project"))
    further = {"awards": awards, "budgets": budgets, "cell": cell_to_text}
    return await resource_page(context, iri, "notice.html", further)
