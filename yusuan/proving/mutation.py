"""A change of a document, and the edits that changes are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from converters.conversion import Conversion
from converters.model.document import Cell, Document, Grid, TextBlock
from converters.model.observation import Table
from ontology.locators import Locator

_REQUIREMENT = "def#Requirement"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A document with one change.

    `table` is the name of the table that was changed, None for a change of the text; `rows` the rows changed in it,
    none if the whole table is. `where` is the place of a change in the text. `detail` tells the change in a few words.
    """

    document: Document = field(repr=False)
    table: str | None
    rows: frozenset[int]
    where: Locator | None
    detail: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A document to be changed, with its conversion: its tables are those of the grids, in the same order."""

    document: Document
    conversion: Conversion

    def tables(self) -> Iterator[tuple[int, Table]]:
        """Yield the tables of known kind with the index of their grid."""
        for index, table in enumerate(self.conversion.content.tables):
            if table.kind is not None:
                yield index, table


Mutate = Callable[[Subject], Iterator[Mutation]]
"""Yields the possible mutations of a class, in printed order."""


def with_grid(document: Document, index: int, grid: Grid) -> Document:
    """Return the document with one grid replaced, its heading and notes in the text too."""
    old = document.grids[index]
    swapped = {
        id(before): after
        for before, after in (
            *zip(old.heading, grid.heading, strict=False),
            *zip(old.notes, grid.notes, strict=False),
        )
    }
    grids = (*document.grids[:index], grid, *document.grids[index + 1 :])
    return replace(document, grids=grids, blocks=tuple(swapped.get(id(b), b) for b in document.blocks))


def with_texts(document: Document, index: int, texts: Mapping[tuple[int, int], str]) -> Document:
    """Return the document with other texts in some cells of a grid."""
    grid = document.grids[index]
    cells = tuple(replace(c, text=texts.get((c.row, c.col), c.text)) for c in grid.cells)
    return with_grid(document, index, replace(grid, cells=cells))


def with_rows(document: Document, index: int, rows: Mapping[int, tuple[Cell, ...]], n_rows: int) -> Document:
    """Return the document with a grid whose rows are those given, by their new number."""
    cells = tuple(replace(cell, row=number) for number, row in sorted(rows.items()) for cell in row)
    return with_grid(document, index, replace(document.grids[index], cells=cells, n_rows=n_rows))


def with_block(document: Document, old: TextBlock, text: str) -> Document:
    """Return the document with the text of one line replaced, above and below tables too."""
    new = replace(old, text=text)
    grids = tuple(
        replace(
            g,
            heading=tuple(new if b is old else b for b in g.heading),
            notes=tuple(new if b is old else b for b in g.notes),
        )
        for g in document.grids
    )
    return replace(document, grids=grids, blocks=tuple(new if b is old else b for b in document.blocks))


def without_blocks(document: Document, dropped: frozenset[int]) -> Document:
    """Return the document without some lines, given by identity."""
    grids = tuple(
        replace(
            g,
            heading=tuple(b for b in g.heading if id(b) not in dropped),
            notes=tuple(b for b in g.notes if id(b) not in dropped),
        )
        for g in document.grids
    )
    return replace(document, grids=grids, blocks=tuple(b for b in document.blocks if id(b) not in dropped))


def without_table(document: Document, index: int) -> Document:
    """Return the document without a table, its title and its notes about being empty."""
    grid = document.grids[index]
    dropped = frozenset(map(id, grid.heading))
    rest = replace(document, grids=(*document.grids[:index], *document.grids[index + 1 :]))
    return without_blocks(rest, dropped)


def demanded_kinds(subject: Subject) -> frozenset[str]:
    """Return the kinds of table that a requirement demands of disclosures of any phase, or asks something of."""
    statements = subject.conversion.vocabulary.statements
    return frozenset(
        kind
        for key in statements.having("rdf:type", _REQUIREMENT)
        for name in ("demandsTable", "withinTable")
        for kind in statements.all(key, name)
    )
