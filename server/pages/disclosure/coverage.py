"""The page of what became of every number of a version: its tables, and which numbers are left."""

from __future__ import annotations

from fastapi import Response

from server.errors import NotFoundError
from server.pages.disclosure.coverage_view import snapshot_to_coverage
from server.pages.disclosure.version import read_snapshot
from server.pages.page_context import PageContext


async def coverage_page(visit: PageContext, version: str) -> Response:
    """The page about the numbers of a version; raises NotFoundError."""
    rows = await visit.ask("what_is_known_of_a_version", version=version, catalogue=f"{version}/catalogue")
    if not rows:
        raise NotFoundError(iri=version)
    snapshot = read_snapshot(visit, version)
    found = snapshot_to_coverage(snapshot, visit.base) if snapshot is not None else None
    await visit.learn_names(table.kind for table in (found.tables if found else ()))
    title = rows[0].get("title") or version
    return visit.page("coverage.html", version=version, title=title, coverage=found)
