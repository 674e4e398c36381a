"""A document as printed, read from its snapshot and annotated with findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from converters.reports.snapshot import Snapshot
from server.pages.disclosure.annotations import Annotations, PageAnchor, worst_severity
from server.pages.disclosure.findings import FindingView
from server.pages.disclosure.narrative import (
    GlossaryEntryView,
    Passage,
    anchors_of_text,
    glossary_entries_of,
    passages_of,
)
from server.pages.disclosure.printed_tables import PrintedTable, anchors_of_table, printed_table


@dataclass(frozen=True)
class PrintedDocument:
    """A disclosure as printed.

    `anchors` maps IRIs of figures, cells, rows, tables and sentences to link targets; `other_members` are those of the
    snapshot that the page has no layout for.
    """

    title: str
    organisation: str
    year: str
    phase: str
    files: tuple[str, ...]
    tables: tuple[PrintedTable, ...]
    passages: tuple[Passage, ...]
    glossary: tuple[GlossaryEntryView, ...]
    issues: tuple[str, ...]
    other_members: Mapping[str, Any]
    anchors: Mapping[str, PageAnchor]
    figures: int
    unread: tuple[str, ...] = ()

    @property
    def text_findings(self) -> tuple[FindingView, ...]:
        """The findings about the running text and the glossary, without duplicates."""
        about = [passage.findings for passage in self.passages] + [entry.findings for entry in self.glossary]
        return tuple({finding.id: finding for findings in about for finding in findings}.values())

    @property
    def text_severity(self) -> str | None:
        """The highest severity among the findings about the running text."""
        return worst_severity(self.text_findings)


def snapshot_to_document(snapshot: Snapshot, annotations: Annotations, language: str) -> PrintedDocument:
    """Return the document in a snapshot with its annotations; `language` is that of the issues."""
    passages = passages_of(snapshot.narrative, annotations)
    glossary = glossary_entries_of(snapshot.glossary, annotations)
    shown = [part for table in snapshot.tables for part in table.parts]
    return PrintedDocument(
        title=snapshot.title or "",
        organisation=snapshot.organisation or "",
        year=str(snapshot.year or ""),
        phase=annotations.base + snapshot.phase if snapshot.phase else "",
        files=snapshot.files,
        tables=tuple(printed_table(table, annotations) for table in snapshot.tables),
        passages=passages,
        glossary=glossary,
        issues=tuple(issue.zh if language == "zh" else issue.en for issue in snapshot.issues),
        other_members=snapshot.other,
        anchors={iri: place for table in snapshot.tables for iri, place in anchors_of_table(table, annotations)}
        | anchors_of_text(passages, glossary, annotations),
        figures=sum(1 for part in shown if part.observation) + sum(passage.figures for passage in passages),
        unread=tuple(region.zh if language == "zh" else region.en for region in snapshot.unread),
    )
