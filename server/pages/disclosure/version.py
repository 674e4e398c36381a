"""The page of a version: the document as printed, its findings, its provenance."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Response

from converters.reports.snapshot import Snapshot, SnapshotFormatError, parse_snapshot
from server.dataset.downloads import FORMATS, WORKBOOK
from server.errors import NotFoundError
from server.execution.evaluator import Question, read_answer
from server.pages.disclosure.annotations import PageAnchor, annotate, is_zero
from server.pages.disclosure.coverage_view import CoverageView, snapshot_to_coverage
from server.pages.disclosure.findings import (
    FamilyTally,
    FindingView,
    Mistake,
    count_findings,
    findings_of_version,
    group_findings,
    mistakes_of_version,
    rules_by_id,
    tallies_of_version,
)
from server.pages.disclosure.printed_document import PrintedDocument, snapshot_to_document
from server.pages.disclosure.structured_data import version_data
from server.pages.page_context import PageContext, QueryRow
from server.pages.rendering import PageResponse
from server.sparql.query_templates import fill_query
from server.store.generation_store import open_store
from server.versions.history import SourceFile
from shapes.rules import load_families

WHOLE_GRAPH = "CONSTRUCT {{ ?s ?p ?o }} FROM <{graph}> WHERE {{ ?s ?p ?o }}"
FEW = 6

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VersionPage:
    """The content of the page; `iri` is None for an uploaded file that is not published."""

    iri: str | None
    title: str
    disclosure: str | None
    organisation: str | None
    organisation_name: str
    year: str
    phase: str
    document: PrintedDocument | None
    findings: Sequence[FindingView]
    mistakes: Sequence[Mistake]
    tallies: Sequence[FamilyTally]
    sources: Sequence[SourceFile]
    converter: str
    generated: str
    current: str | None
    versions: Sequence[QueryRow]
    coverage: CoverageView | None = None
    published_at: Mapping[str, str] = field(default_factory=dict)
    issued: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """The number of independent findings by severity."""
        return count_findings(self.findings)

    @property
    def following(self) -> int:
        """The number of findings that follow from another that was not accepted."""
        accepted = {finding.id for finding in self.findings if finding.reason is not None}
        return sum(1 for finding in self.findings if finding.follows is not None and finding.follows not in accepted)

    @property
    def accepted(self) -> int:
        """The number of findings that were accepted with a reason."""
        return sum(1 for finding in self.findings if finding.reason is not None)

    @property
    def conforms(self) -> bool | None:
        """Whether there is no violation; None if there is none, but figures of the document were not read."""
        if self.counts["violation"]:
            return False
        return None if self.document is not None and self.document.unread else True

    @property
    def is_superseded(self) -> bool:
        """Whether another version of the disclosure is current."""
        return self.iri is not None and self.current is not None and self.current != self.iri


async def version_page(context: PageContext, version: str) -> PageResponse:
    """Return the page of a current or superseded version. Raise NotFoundError if it does not exist."""
    rows = await context.select("what_is_known_of_a_version", version=version, catalogue=f"{version}/catalogue")
    if not rows:
        raise NotFoundError(iri=version)
    known = rows[0]
    findings, mistakes, points, tallies, versions, _ = await asyncio.gather(
        findings_of_version(context, version),
        mistakes_of_version(context, version),
        context.select("which_points_do_figures_stand_at", default_graphs=[version]),
        tallies_of_version(context, version),
        context.select("which_versions_does_a_disclosure_have", disclosure=known["disclosure"]),
        context.load_made(),
    )
    annotations = annotate(findings, mistakes, version, context.base, {row["figure"]: row["point"] for row in points})
    snapshot = await context.compute(read_snapshot, context, version)
    document = None
    if snapshot is not None:
        document = await context.compute(snapshot_to_document, snapshot, annotations, context.language)
    page = VersionPage(
        iri=version,
        title=known.get("title") or (document.title if document else "") or version,
        disclosure=known["disclosure"],
        organisation=known.get("organisation"),
        organisation_name=document.organisation if document else "",
        year=known.get("year", ""),
        phase=known.get("phase", ""),
        document=document,
        findings=findings,
        mistakes=mistakes,
        tallies=tallies,
        sources=[
            SourceFile(*pair) for pair in dict.fromkeys((r["file"], r.get("name", "")) for r in rows if "file" in r)
        ],
        published_at={row["file"]: row["source"] for row in rows if "source" in row},
        issued={row["file"]: row["issued"] for row in rows if "issued" in row},
        converter=known.get("converter", ""),
        generated=known.get("generated", ""),
        current=known.get("current"),
        versions=versions,
        coverage=snapshot_to_coverage(snapshot, context.base) if snapshot is not None else None,
    )
    return await render_version(context, page)


async def render_version(context: PageContext, page: VersionPage, status: int = 200) -> PageResponse:
    """Load the labels that the page needs and render it."""
    tables = page.document.tables if page.document else ()
    concepts = [explanation.concept for explanation in page.document.glossary] if page.document else []
    named = [page.organisation, page.phase, *(t.kind for t in tables), *(t.unit for t in tables), *concepts]
    await context.load_names(named, f"{page.iri}/catalogue" if page.iri else None)
    return context.page(
        "version.html",
        status,
        page=page,
        document=page.document,
        rules=rules_by_id(context.base),
        families=load_families(context.base),
        report=WHOLE_GRAPH.format(graph=f"{page.iri}/findings"),
        groups=group_findings(page.findings, page.mistakes),
        anchors=anchors_of_findings(page),
        data=structured_data(context, page),
        formats=(*FORMATS, WORKBOOK),
    )


def structured_data(context: PageContext, page: VersionPage) -> dict[str, Any] | None:
    """Return the structured data of a published version, None for an uploaded file."""
    if page.iri is None:
        return None
    return version_data(
        context,
        iri=page.iri,
        title=page.title,
        publisher=context.name(page.organisation).text if page.organisation else page.organisation_name,
        year=page.year,
        phase=context.name(page.phase).text if page.phase else "",
        figures=page.document.figures if page.document else 0,
        modified=page.generated,
    )


def anchors_of_findings(page: VersionPage) -> Mapping[str, list[PageAnchor]]:
    """Return the link targets of each finding: its figures, or its table if it concerns no figure."""
    anchors = page.document.anchors if page.document else {}
    found = {
        f.id: [anchors[iri] for iri in f.figures or dict.fromkeys(f.others) if iri in anchors] for f in page.findings
    }
    return {finding: omit_zero_parts(places) for finding, places in found.items()}


def omit_zero_parts(anchors: Sequence[PageAnchor]) -> list[PageAnchor]:
    """Leave out zero parts where a finding concerns many figures; the first figure is always kept."""
    return [s for place, s in enumerate(anchors) if place == 0 or len(anchors) <= FEW or not is_zero(s.text)]


def read_snapshot(context: PageContext, version: str) -> Snapshot | None:
    """Read the stored snapshot of a version, None if it is missing or of a format of a later release."""
    try:
        return parse_snapshot(open_store(context.settings.store, context.base).document_path(version).read_bytes())
    except FileNotFoundError:
        return None
    except SnapshotFormatError as error:
        log.error("the document of %s is not shown: %s", version, error)
        return None


async def figures_as_csv(context: PageContext, version: str) -> Response:
    """Return the figures of a version as CSV."""
    query = fill_query("which_figures_does_a_version_print", version=version)
    question = Question(query=query, base=context.base, results="text/csv", default_graphs=(version,))
    rows = await read_answer(await context.evaluator.evaluate(question))
    if rows.count(b"\n") < 2:
        raise NotFoundError(iri=version)
    name = "-".join(version.removeprefix(context.base + "id/disclosure/").split("/"))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(rows, media_type="text/csv; charset=utf-8", headers=headers)
