"""The coverage page of a version: what each printed number was converted to, by table, and what was not converted."""

from __future__ import annotations

from fastapi import Response

from server.errors import NotFoundError
from server.pages.disclosure.coverage_view import CoverageView, snapshot_to_coverage
from server.pages.disclosure.version import read_snapshot
from server.pages.page_context import PageContext


async def coverage_page(context: PageContext, version: str) -> Response:
    """Return the coverage page of a version. Raise NotFoundError if there is no such version."""
    rows = await context.select("what_is_known_of_a_version", version=version, catalogue=f"{version}/catalogue")
    if not rows:
        raise NotFoundError(iri=version)
    found = await read_coverage(context, version)
    await context.load_names(table.kind for table in (found.tables if found else ()))
    title = rows[0].get("title") or version
    return context.page("coverage.html", version=version, title=title, coverage=found)


async def read_coverage(context: PageContext, version: str) -> CoverageView | None:
    """Return the coverage of a version, None if its document is not kept or was converted before there was one."""
    snapshot = await context.compute(read_snapshot, context, version)
    return snapshot_to_coverage(snapshot, context.base) if snapshot is not None else None
