"""The page with the findings of a checked file, beside the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath

from fastapi import Response

from converters.readers import known_endings
from ontology import load_vocabulary
from server.checking.result import CheckedFinding, CheckResult, PagePicture, SumNode
from server.pages.checking.upload_form import ARCHIVE
from server.pages.disclosure.annotations import annotate
from server.pages.disclosure.coverage_view import snapshot_to_coverage
from server.pages.disclosure.findings import (
    FindingGroup,
    FindingView,
    Mistake,
    amount_in_unit,
    group_findings,
    rules_by_id,
    tallies_by_family,
)
from server.pages.disclosure.narrative import SentenceView
from server.pages.disclosure.printed_document import PrintedDocument, snapshot_to_document
from server.pages.disclosure.version import VersionPage, anchors_of_findings
from server.pages.page_context import SECURITY_HEADERS, PageContext
from server.reports.model import Correction, DocumentReport
from server.reports.report_rows import comparison_text
from server.settings import MEBIBYTE
from server.uploads.receiving import LARGEST_FILE
from shapes.rules import Rule

FORMS = ("docx", "xlsx", "html", "text")
"""The forms of the report that people read; the page offers those for programs below them."""
FURTHER_FORMS = ("csv", "json", "ttl", "sarif", "junit", "earl", "receipt")
POLICY = SECURITY_HEADERS["Content-Security-Policy"] + "; img-src 'self' data:"
MOST_QUOTES = 3


@dataclass(frozen=True, slots=True)
class KeptAddress:
    """Address and expiry of a kept result."""

    address: str
    until: str


@dataclass(frozen=True, slots=True)
class OutlinedFigure:
    """A figure outlined on the picture of a page, with its findings, the first of which is the most severe."""

    left: float
    top: float
    width: float
    height: float
    text: str
    findings: tuple[FindingView, ...]
    suspect: bool

    @property
    def finding(self) -> FindingView:
        """The finding to which the outline leads."""
        return self.findings[0]


@dataclass(frozen=True, slots=True)
class PictureView:
    """A page as a picture; `file_name` is given where there are several files."""

    anchor: str
    file_name: str | None
    number: int
    width: float
    height: float
    picture: str
    boxes: tuple[OutlinedFigure, ...]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A finding on the page, with tables to filter by, pages, sentences, tree of parts, status and reason."""

    tables: tuple[str, ...]
    pictures: tuple[PictureView, ...]
    quotes: tuple[SentenceView, ...]
    tree: SumNode | None
    fingerprint: str
    status: str | None
    status_message: str | None
    reason: str | None


async def result_page(
    context: PageContext, names: Sequence[str], checked: CheckResult, kept: KeptAddress | None = None
) -> Response:
    """Return the page of findings of a checked file. Its figures are not published and have no links."""
    assert checked.state is not None
    report, findings = (
        checked.state.report,
        [checked_to_view(finding, context.language) for finding in checked.findings],
    )
    mistakes = await mistakes_to_view(context, checked)
    annotations = annotate(findings, mistakes, checked.version, context.base, {})
    document = await context.compute(snapshot_to_document, checked.document, annotations, context.language)
    page = VersionPage(
        iri=None,
        title=document.title or names[0],
        disclosure=None,
        organisation=None,
        organisation_name=document.organisation,
        year=document.year,
        phase=document.phase,
        document=document,
        findings=findings,
        mistakes=mistakes,
        tallies=tallies_by_family(checked.tallies, context.base),
        sources=(),
        converter="",
        generated="",
        current=None,
        versions=(),
        coverage=snapshot_to_coverage(checked.document, context.base),
    )
    pictures = picture_views(checked, findings, mistakes, document)
    groups = group_findings(findings, mistakes)
    views = review_views(checked, groups, report, document, pictures)
    rules = rules_by_id(context.base)
    units = {node.unit for tree in checked.trees.values() for node in nodes_of(tree)}
    tables = document.tables
    concepts = [entry.concept for entry in document.glossary]
    await context.load_names([page.phase, *(t.kind for t in tables), *(t.unit for t in tables), *concepts, *units])
    return context.page(
        "check_result.html",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
        page=page,
        document=document,
        rules=rules,
        groups=groups,
        views=views,
        anchors=anchors_of_findings(page),
        pictures=pictures,
        filters=filters_of(context, groups, views, rules, document),
        forms=FORMS,
        further_forms=FURTHER_FORMS,
        annotated=checked.annotated,
        stem=PurePath(names[0]).stem,
        state=checked.state.to_text(),
        compared=comparison_text(in_language(report, context.language)),
        mended=report.mended,
        kept=kept,
        days=f"{context.settings.kept_days:g}",
        mebibytes=LARGEST_FILE // MEBIBYTE,
        endings=(*known_endings(), ARCHIVE),
    )


async def mistakes_to_view(context: PageContext, checked: CheckResult) -> list[Mistake]:
    """Return the likely mistakes of a result, with the correct amounts in the language of the page."""
    keys = {label: context.base + key for label, (key, _) in load_vocabulary(context.base).units.items()}
    await context.load_names(keys.get(unit) for each in checked.mistakes for *_, unit in each.candidates)
    return [
        Mistake(
            str(number),
            tuple(
                (figure, amount_in_unit(context, amount, keys.get(unit, "")))
                for figure, amount, unit in each.candidates
            ),
            each.findings,
            each.together,
        )
        for number, each in enumerate(checked.mistakes, start=1)
    ]


def in_language(report: DocumentReport, language: str) -> DocumentReport:
    """Return a report whose own words are in a language; findings stay as they were written."""
    return replace(report, language=language)


def kept_address(context: PageContext, token: str, expires: float) -> KeptAddress:
    """Return the address of a kept result and when it expires."""
    until = datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%d %H:%M")
    return KeptAddress(context.link(f"/check/kept/{token}"), until)


def review_views(
    checked: CheckResult,
    groups: Sequence[FindingGroup],
    report: DocumentReport,
    document: PrintedDocument,
    pictures: Sequence[PictureView],
) -> dict[str, ReviewView]:
    """Return what the page adds to each independent finding, by its identifier."""
    corrections: dict[str, Correction] = {each.identifier: each for each in report.corrections}
    fingerprints = {finding.id: finding.fingerprint for finding in checked.findings}
    sentences = [sentence for passage in document.passages for sentence in passage.sentences]
    claimed = {claim.iri: sentence for sentence in sentences for f in sentence.fragments for claim in f.claims}
    views = {}
    for group in groups:
        lead, correction = group.lead, corrections.get(group.lead.id)
        places = [document.anchors[iri] for iri in (*lead.figures, *lead.others) if iri in document.anchors]
        quotes = {claimed[iri].iri: claimed[iri] for iri in lead.figures if iri in claimed}
        views[lead.id] = ReviewView(
            tables=tuple(dict.fromkeys(place.number or "text" for place in places)),
            pictures=tuple(p for p in pictures if any(lead in box.findings for box in p.boxes)),
            quotes=tuple(quotes.values())[:MOST_QUOTES],
            tree=checked.trees.get(lead.id),
            fingerprint=fingerprints[lead.id],
            status=correction.status if correction else None,
            status_message=correction.status_message if correction else None,
            reason=correction.reason if correction else None,
        )
    return views


def picture_views(
    checked: CheckResult,
    findings: Sequence[FindingView],
    mistakes: Sequence[Mistake],
    document: PrintedDocument,
) -> list[PictureView]:
    """Return the pictures of pages with the figures of findings outlined."""
    about: dict[str, tuple[FindingView, ...]] = {}
    for finding in findings:
        for figure in finding.figures:
            about[figure] = (*about.get(figure, ()), finding)
    suspects = {figure for mistake in mistakes for figure, _ in mistake.candidates}
    several = len(document.files) > 1
    return [
        PictureView(
            anchor=f"page-{picture.file}-{picture.number}",
            file_name=document.files[picture.file - 1] if several else None,
            number=picture.number,
            width=picture.width,
            height=picture.height,
            picture=picture.picture,
            boxes=tuple(_outlines(picture, about, suspects, document)),
        )
        for picture in checked.pictures
    ]


def _outlines(
    picture: PagePicture, about: Mapping[str, tuple[FindingView, ...]], suspects: set[str], document: PrintedDocument
) -> list[OutlinedFigure]:
    """Return one outline for each place; the figures of one sentence share theirs."""
    places: dict[tuple[float, float, float, float], list[str]] = {}
    for box in picture.boxes:
        places.setdefault((box.left, box.top, box.width, box.height), []).append(box.figure)
    outlines = []
    for place, figures in places.items():
        found = tuple({f.id: f for figure in figures for f in about.get(figure, ())}.values())
        texts = [document.anchors[figure].text for figure in figures if figure in document.anchors]
        if found:
            outlines.append(OutlinedFigure(*place, " ".join(texts[:3]), found, not suspects.isdisjoint(figures)))
    return outlines


def nodes_of(tree: SumNode) -> list[SumNode]:
    """Return a node and all below it."""
    return [tree, *(node for part in tree.parts for node in nodes_of(part))]


def filters_of(
    context: PageContext,
    groups: Sequence[FindingGroup],
    views: Mapping[str, ReviewView],
    rules: Mapping[str, Rule],
    document: PrintedDocument,
) -> dict[str, dict[str, str]]:
    """Return the values by which findings can be filtered, with their names: by table, rule and severity.

    Tables stand in the order of the document, the text after them.
    """
    named = {table for group in groups for table in views[group.lead.id].tables}
    tables = {
        table: context.message("place-text") if table == "text" else context.message("table-number", number=table)
        for table in (*(table.number for table in document.tables), "text")
        if table in named
    }
    found = [group.lead for group in groups]
    return {
        "table": tables,
        "rule": {f.rule: rules[f.rule].title[context.language] for f in found if f.rule in rules},
        "severity": {f.severity: context.message(f"severity-{f.severity}") for f in found},
    }


def checked_to_view(finding: CheckedFinding, language: str) -> FindingView:
    """Return a finding as the page shows it in a language."""
    return FindingView(
        id=finding.id,
        severity=finding.severity,
        rule=finding.rule,
        message=finding.message[language],
        figures=finding.figures,
        others=finding.others,
        quote=finding.quote,
        follows=finding.follows,
        doubtful=finding.doubtful,
    )


def with_report(checked: CheckResult, report: DocumentReport) -> CheckResult:
    """Return a result with another report, such as one that was compared with an earlier one."""
    state = checked.state
    assert state is not None
    return replace(checked, state=replace(state, report=report))
