"""A document as printed, read from its snapshot and annotated with findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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

_SHOWN = (
    "title",
    "organisation",
    "year",
    "phase",
    "files",
    "tables",
    "issues",
    "narrative",
    "glossary",
    "coverage",
    "unread",
)


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


def snapshot_to_document(snapshot: Mapping[str, Any], annotations: Annotations, language: str) -> PrintedDocument:
    """Read the document in a snapshot (see `converters.reports.snapshot`). Missing and unknown members are allowed."""
    tables = [table for table in snapshot.get("tables", ()) if isinstance(table, dict)]
    passages = passages_of(snapshot.get("narrative", ()), annotations)
    glossary = glossary_entries_of(snapshot.get("glossary", ()), annotations)
    shown = [part for table in tables for part in (*table.get("cells", ()), *table.get("notes", ()))]
    return PrintedDocument(
        title=str(snapshot.get("title") or ""),
        organisation=str(snapshot.get("organisation") or ""),
        year=str(snapshot.get("year") or ""),
        phase=annotations.base + snapshot["phase"] if snapshot.get("phase") else "",
        files=tuple(str(name) for name in snapshot.get("files", ())),
        tables=tuple(printed_table(table, annotations) for table in tables),
        passages=passages,
        glossary=glossary,
        issues=tuple(str(i.get(language) or i) for i in snapshot.get("issues", ()) if isinstance(i, dict)),
        other_members={name: part for name, part in snapshot.items() if name not in _SHOWN and part},
        anchors={iri: place for table in tables for iri, place in anchors_of_table(table, annotations)}
        | anchors_of_text(passages, glossary, annotations),
        figures=sum(1 for part in shown if part.get("observation")) + sum(passage.figures for passage in passages),
        unread=tuple(str(r.get(language) or r) for r in snapshot.get("unread", ()) if isinstance(r, dict)),
    )
