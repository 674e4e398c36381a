"""The pages of a disclosure's history and of the comparison of two of its versions."""

from __future__ import annotations

from fastapi import Response

from server.errors import NotFoundError
from server.pages.page_context import PageContext
from server.versions.history import History, VersionRecord, load_history, load_revision
from server.versions.version_comparison import KINDS

PAGE = 500


async def history_page(context: PageContext, iri: str) -> Response:
    """Return the page of the versions of a disclosure, newest first, with the cause of each. Raise NotFoundError."""
    disclosure = context.base + "id/" + iri.removeprefix(context.base + "history/")
    history = await load_history(context.evaluator, context.base, disclosure)
    steps = {newer.iri: (older, cause) for older, newer, cause in history.steps}
    await context.load_names([disclosure, *causes_of(history, context.base)], f"{history.versions[-1].iri}/catalogue")
    return context.page(
        "history.html",
        history=history,
        versions=list(reversed(history.versions)),
        steps=steps,
        diff=lambda older, newer: diff_link(context, disclosure, older, newer),
        path=iri.removeprefix(context.base),
    )


async def revision_page(context: PageContext, iri: str) -> Response:
    """Return the page that compares two versions figure by figure, 500 to a page. Raise NotFoundError."""
    path = iri.removeprefix(context.base + "diff/")
    revision = await load_revision(context.evaluator, context.base, path)
    disclosure = context.base + "id/" + path.rsplit("/", 2)[0]
    start = (context.page_number - 1) * PAGE
    changes = revision.comparison.changes
    if start and start >= len(changes):
        raise NotFoundError(iri=str(context.request.url))
    concepts = [f"{context.base}code/change/{kind}" for kind in KINDS]
    cause = f"{context.base}code/revision/{revision.cause}"
    await context.load_names([disclosure, cause, *concepts], f"{revision.newer.iri}/catalogue")
    return context.page(
        "revision.html",
        revision=revision,
        disclosure=disclosure,
        cause=cause,
        changes=changes[start : start + PAGE],
        number=context.page_number,
        has_more=len(changes) > start + PAGE,
        counts={kind: n for kind in KINDS if (n := revision.comparison.count(kind))},
        path=f"diff/{path}",
    )


def causes_of(history: History, base: str) -> list[str]:
    """Return the IRIs of the causes of the versions in a history."""
    return [f"{base}code/revision/{cause}" for _, _, cause in history.steps]


def diff_link(context: PageContext, disclosure: str, older: VersionRecord, newer: VersionRecord) -> str:
    """Return the address of the comparison of two versions."""
    return context.link(f"/diff/{disclosure.removeprefix(context.base + 'id/')}/{older.digest}/{newer.digest}")
