"""The page of a version: the document as printed, what was found in it, where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from server.dataset.downloads import FORMATS
from server.errors import NotFoundError
from server.execution.evaluator import Question, read_answer
from server.pages.disclosure.coverage_view import CoverageView, snapshot_to_coverage
from server.pages.disclosure.findings import (
    FamilyTally,
    FindingView,
    Mistake,
    asked_of_version,
    count_findings,
    find_in_version,
    group_findings,
    mistakes_in_version,
    rules_by_id,
)
from server.pages.disclosure.marks import Spot, is_zero, mark
from server.pages.disclosure.printed_document import PrintedDocument, snapshot_to_document
from server.pages.disclosure.structured_data import version_data
from server.pages.page_context import PageContext, Row
from server.sparql.query_templates import fill_query
from server.store.generation_store import GenerationStore
from server.versions.history import SourceFile
from shapes.rules import load_families

WHOLE_GRAPH = "CONSTRUCT {{ ?s ?p ?o }} FROM <{graph}> WHERE {{ ?s ?p ?o }}"
FEW = 6
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class VersionPage:
    """What the page shows; `iri` is None for a file that was checked and not published."""

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
    asked: Sequence[FamilyTally]
    sources: Sequence[SourceFile]
    converter: str
    generated: str
    current: str | None
    versions: Sequence[Row]
    coverage: CoverageView | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Mistakes by severity."""
        return count_findings(self.findings)

    @property
    def following(self) -> int:
        """How many findings only follow from another."""
        return sum(1 for finding in self.findings if finding.follows is not None)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.counts["violation"]

    @property
    def is_superseded(self) -> bool:
        """Whether another version of the disclosure is the current one."""
        return self.iri is not None and self.current is not None and self.current != self.iri


async def version_page(visit: PageContext, version: str) -> Response:
    """The page of a version, superseded or not; raises NotFoundError."""
    rows = await visit.ask("what_is_known_of_a_version", version=version, catalogue=f"{version}/catalogue")
    if not rows:
        raise NotFoundError(iri=version)
    known = rows[0]
    findings = await find_in_version(visit, version)
    mistakes = await mistakes_in_version(visit, version)
    points = await visit.ask("which_points_do_figures_stand_at", default_graphs=[version])
    marks = mark(findings, mistakes, version, visit.base, {row["figure"]: row["point"] for row in points})
    snapshot = read_snapshot(visit, version)
    document = snapshot_to_document(snapshot, marks, visit.language) if snapshot is not None else None
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
        asked=await asked_of_version(visit, version),
        sources=[
            SourceFile(*pair) for pair in dict.fromkeys((r["file"], r.get("name", "")) for r in rows if "file" in r)
        ],
        converter=known.get("converter", ""),
        generated=known.get("generated", ""),
        current=known.get("current"),
        versions=await visit.ask("which_versions_has_a_disclosure", disclosure=known["disclosure"]),
        coverage=snapshot_to_coverage(snapshot, visit.base) if snapshot is not None else None,
    )
    return await show_version(visit, page)


async def show_version(visit: PageContext, page: VersionPage, status: int = 200) -> Response:
    """The page, once the names on it are known."""
    tables = page.document.tables if page.document else ()
    concepts = [explanation.concept for explanation in page.document.glossary] if page.document else []
    named = [page.organisation, page.phase, *(t.kind for t in tables), *(t.unit for t in tables), *concepts]
    await visit.learn_names(named, f"{page.iri}/catalogue" if page.iri else None)
    return visit.page(
        "version.html",
        status,
        page=page,
        document=page.document,
        rules=rules_by_id(visit.base),
        families=load_families(visit.base),
        report=WHOLE_GRAPH.format(graph=f"{page.iri}/findings"),
        groups=group_findings(page.findings, page.mistakes),
        spots=spots_of_findings(page),
        data=structured_data(visit, page),
        formats=FORMATS,
    )


def structured_data(visit: PageContext, page: VersionPage) -> dict[str, Any] | None:
    """What search engines are told of a published version."""
    if page.iri is None:
        return None
    return version_data(
        visit,
        iri=page.iri,
        title=page.title,
        publisher=visit.name(page.organisation).text if page.organisation else page.organisation_name,
        year=page.year,
        phase=visit.name(page.phase).text if page.phase else "",
        figures=page.document.figures if page.document else 0,
        modified=page.generated,
    )


def spots_of_findings(page: VersionPage) -> Mapping[str, list[Spot]]:
    """For each finding where on the page its figures stand, or its table if it is about no figures."""
    spots = page.document.spots if page.document else {}
    found = {f.id: [spots[iri] for iri in f.figures or dict.fromkeys(f.others) if iri in spots] for f in page.findings}
    return {finding: few_spots(places) for finding, places in found.items()}


def few_spots(spots: Sequence[Spot]) -> list[Spot]:
    """The places of a finding; where there are many, without the parts that print zero."""
    return [s for place, s in enumerate(spots) if place == 0 or len(spots) <= FEW or not is_zero(s.text)]


def read_snapshot(visit: PageContext, version: str) -> Mapping[str, Any] | None:
    """The document of a version as publishing kept it, None if it is not there."""
    try:
        content = GenerationStore(visit.settings.store, visit.base).document_path(version).read_bytes()
    except FileNotFoundError:
        return None
    snapshot: Mapping[str, Any] = json.loads(content)
    return snapshot


async def figures_as_csv(visit: PageContext, version: str) -> Response:
    """Every figure of a version, a row each, with the mark by which spreadsheets know UTF-8."""
    query = fill_query("which_figures_does_a_version_print", version=version)
    question = Question(query=query, base=visit.base, results="text/csv", default_graphs=(version,))
    rows = await read_answer(await visit.evaluator.evaluate(question))
    if rows.count(b"\n") < 2:
        raise NotFoundError(iri=version)
    name = "-".join(version.removeprefix(visit.base + "id/disclosure/").split("/"))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(BYTE_ORDER_MARK + rows, media_type="text/csv; charset=utf-8", headers=headers)
