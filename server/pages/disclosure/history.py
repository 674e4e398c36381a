"""The pages of a disclosure's history and of the comparison of two of its versions."""

from __future__ import annotations

from fastapi import Response

from server.errors import NotFoundError
from server.pages.page_context import PageContext
from server.versions.history import History, VersionRecord, load_history, load_revision
from server.versions.revisions import KINDS

PAGE = 500


async def history_page(visit: PageContext, iri: str) -> Response:
    """The versions of a disclosure, the newest first, each with what led to it; raises NotFoundError."""
    disclosure = visit.base + "id/" + iri.removeprefix(visit.base + "history/")
    history = await load_history(visit.evaluator, visit.base, disclosure)
    steps = {newer.iri: (older, cause) for older, newer, cause in history.steps}
    await visit.learn_names([disclosure, *causes_of(history, visit.base)], f"{history.versions[-1].iri}/catalogue")
    return visit.page(
        "history.html",
        history=history,
        versions=list(reversed(history.versions)),
        steps=steps,
        diff=lambda older, newer: diff_link(visit, disclosure, older, newer),
        path=iri.removeprefix(visit.base),
    )


async def revision_page(visit: PageContext, iri: str) -> Response:
    """Two versions of a disclosure and every figure that differs, 500 to a page; raises NotFoundError."""
    path = iri.removeprefix(visit.base + "diff/")
    revision = await load_revision(visit.evaluator, visit.base, path)
    disclosure = visit.base + "id/" + path.rsplit("/", 2)[0]
    start = (visit.page_number - 1) * PAGE
    changes = revision.comparison.changes
    if start and start >= len(changes):
        raise NotFoundError(iri=str(visit.request.url))
    concepts = [f"{visit.base}code/change/{kind}" for kind in KINDS]
    cause = f"{visit.base}code/revision/{revision.cause}"
    await visit.learn_names([disclosure, cause, *concepts], f"{revision.newer.iri}/catalogue")
    return visit.page(
        "revision.html",
        revision=revision,
        disclosure=disclosure,
        cause=cause,
        changes=changes[start : start + PAGE],
        number=visit.page_number,
        has_more=len(changes) > start + PAGE,
        counts={kind: n for kind in KINDS if (n := revision.comparison.count(kind))},
        path=f"diff/{path}",
    )


def causes_of(history: History, base: str) -> list[str]:
    """The concepts of why versions followed one another."""
    return [f"{base}code/revision/{cause}" for _, _, cause in history.steps]


def diff_link(visit: PageContext, disclosure: str, older: VersionRecord, newer: VersionRecord) -> str:
    """The page of a comparison."""
    return visit.link(f"/diff/{disclosure.removeprefix(visit.base + 'id/')}/{older.digest}/{newer.digest}")
