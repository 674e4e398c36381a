"""A document as it was printed: the snapshot that publishing keeps, with findings marked where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.pages.disclosure.findings import FindingView
from server.pages.disclosure.marks import Marks, Spot, gravest
from server.pages.disclosure.narrative import GlossaryEntryView, Passage, explanations_of, passages_of, spots_of_text
from server.pages.disclosure.printed_tables import PrintedTable, printed_table, spots_of_table

_SHOWN = ("title", "organisation", "year", "phase", "files", "tables", "issues", "narrative", "glossary", "coverage")


@dataclass(frozen=True)
class PrintedDocument:
    """A disclosure as printed.

    `spots` says where figures, cells, rows, tables and sentences stand, by IRI; `rest` holds the parts of the snapshot
    that have no page form of their own.
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
    rest: Mapping[str, Any]
    spots: Mapping[str, Spot]
    figures: int

    @property
    def text_findings(self) -> tuple[FindingView, ...]:
        """The findings about the running text and the glossary, each once."""
        about = [passage.findings for passage in self.passages] + [entry.findings for entry in self.glossary]
        return tuple({finding.id: finding for findings in about for finding in findings}.values())

    @property
    def text_severity(self) -> str | None:
        """That of the gravest finding about the running text."""
        return gravest(self.text_findings)


def snapshot_to_document(snapshot: Mapping[str, Any], marks: Marks, language: str) -> PrintedDocument:
    """The document of a snapshot (see `converters.reports.snapshot`); unknown members are ignored, none is required."""
    tables = [table for table in snapshot.get("tables", ()) if isinstance(table, dict)]
    passages = passages_of(snapshot.get("narrative", ()), marks)
    glossary = explanations_of(snapshot.get("glossary", ()), marks)
    shown = [part for table in tables for part in (*table.get("cells", ()), *table.get("notes", ()))]
    return PrintedDocument(
        title=str(snapshot.get("title") or ""),
        organisation=str(snapshot.get("organisation") or ""),
        year=str(snapshot.get("year") or ""),
        phase=marks.base + snapshot["phase"] if snapshot.get("phase") else "",
        files=tuple(str(name) for name in snapshot.get("files", ())),
        tables=tuple(printed_table(table, marks) for table in tables),
        passages=passages,
        glossary=glossary,
        issues=tuple(str(i.get(language) or i) for i in snapshot.get("issues", ()) if isinstance(i, dict)),
        rest={name: part for name, part in snapshot.items() if name not in _SHOWN and part},
        spots={iri: spot for table in tables for iri, spot in spots_of_table(table, marks)}
        | spots_of_text(passages, glossary, marks),
        figures=sum(1 for part in shown if part.get("observation")) + sum(passage.figures for passage in passages),
    )
