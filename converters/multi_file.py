"""One disclosure in several files: tables in one file, narrative in another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from converters.model.document import Document, Grid, Issue, TextBlock
from converters.model.observation import Table
from converters.narrative.narrative import Narrative
from ontology.locators import Locator


def join_documents(documents: Sequence[Document]) -> Document:
    """Join the files of one disclosure into one document, in order; every locator gets the number of its file.

    A single file is returned unchanged. Raises ValueError if `documents` is empty.
    """
    if not documents:
        raise ValueError("a disclosure has at least one file")
    if len(documents) == 1:
        return documents[0]
    parts = tuple(_numbered(document, number) for number, document in enumerate(documents, start=1))
    digests = "".join(part.sha256 for part in parts)
    return Document(
        source=parts[0].source,
        sha256=hashlib.sha256(digests.encode()).hexdigest(),
        format=" ".join(dict.fromkeys(part.format for part in parts)),
        blocks=tuple(block for part in parts for block in part.blocks),
        grids=tuple(grid for part in parts for grid in part.grids),
        issues=tuple(issue for part in parts for issue in part.issues),
        parts=parts,
    )


def _numbered(document: Document, number: int) -> Document:
    """The document with `number` as the file of every locator."""

    def at(locator: Locator) -> Locator:
        return replace(locator, file=number)

    def blocks(found: Iterable[TextBlock]) -> tuple[TextBlock, ...]:
        return tuple(replace(block, locator=at(block.locator)) for block in found)

    def grid(found: Grid) -> Grid:
        cells = tuple(replace(cell, locator=at(cell.locator)) for cell in found.cells)
        return replace(found, heading=blocks(found.heading), notes=blocks(found.notes), cells=cells)

    return replace(
        document,
        blocks=blocks(document.blocks),
        grids=tuple(map(grid, document.grids)),
        issues=tuple(replace(issue, locator=at(issue.locator)) for issue in document.issues),
    )


HALVES = ("tables-elsewhere", "text-elsewhere")
"""The keys of the issues of a disclosure without tables or without narrative."""


def missing_half(document: Document, tables: Sequence[Table], narrative: Narrative) -> list[Issue]:
    """Return an issue if a disclosure has no tables or no narrative; the missing half may be in another file."""
    if not any(table.observations for table in tables):
        return [Issue("tables-elsewhere", Locator(), {"file": document.source.name})]
    if not narrative.sentences and not narrative.explanations:
        return [Issue("text-elsewhere", Locator(), {"file": document.source.name})]
    return []
