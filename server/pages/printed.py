"""A document as it was printed: the snapshot that publishing keeps, with findings marked at their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ontology.text import clean_label
from server.pages.figures import anchor
from server.pages.findings import SEVERITY_ORDER, Finding, Mistake

_NUMBER = re.compile(r"[-+−(（]?[\d,，]+\.\d+[%)）]?")
LONG_TEXT, PROSE = 8, 40
_CODE = re.compile(r"[0-9A-Za-z]+")
_ZERO = re.compile(r"0(\.0+)?")
_SHOWN_ELSEWHERE = {"title", "organisation", "year", "phase", "files", "tables", "issues"}
_TABLE_PARTS = {"name", "number", "title", "kind", "unit", "headerRows", "rows", "columns", "notes", "cells"}


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of a table; `role` is header, head (of its row), figure or text. `scope` is for the th element."""

    text: str
    rowspan: int
    colspan: int
    role: str
    scope: str | None = None
    anchor: str | None = None
    figure: str | None = None
    point: str | None = None
    findings: tuple[Finding, ...] = ()
    mistake: Mistake | None = None

    @property
    def severity(self) -> str | None:
        """That of the gravest finding."""
        return gravest(self.findings)

    @property
    def should_be(self) -> Decimal | None:
        """What the figure should claim if the mistake is here."""
        candidates = self.mistake.candidates if self.mistake else ()
        return next((amount for iri, amount in candidates if iri == self.figure), None)

    @property
    def width(self) -> str | None:
        """How much room its words want, so that they do not stand as a tower in a narrow column."""
        if _CODE.fullmatch(self.text):
            return None
        return "prose" if len(self.text) > PROSE else "long" if len(self.text) > LONG_TEXT else None

    @property
    def is_zero(self) -> bool:
        """Whether it prints nothing but zeros."""
        return is_zero(self.text)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence below a table, with the figure that it claims if it does."""

    text: str
    anchor: str | None
    figure: str | None
    point: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table: rows of cells, those of the header apart, and what is said of the whole table."""

    anchor: str
    number: str
    title: str
    kind: str | None
    unit: str | None
    columns: int
    header: tuple[tuple[PrintedCell, ...], ...]
    body: tuple[tuple[PrintedCell, ...], ...]
    notes: tuple[Note, ...]
    findings: tuple[Finding, ...]
    marked: tuple[Finding, ...]
    rest: Mapping[str, Any]

    @property
    def severity(self) -> str | None:
        """That of the gravest finding in it."""
        return gravest(self.marked)

    @property
    def is_wide(self) -> bool:
        """Whether it will hardly fit on a page."""
        return self.columns > 8


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the page: where to jump, in which table it is, what is printed there (nothing for a whole table)."""

    anchor: str
    number: str
    text: str


@dataclass(frozen=True)
class PrintedDocument:
    """A disclosure as printed.

    `spots` says where figures and tables stand, by IRI; `rest` holds the parts of the snapshot that have no page form
    of their own.
    """

    title: str
    organisation: str
    year: str
    phase: str
    files: tuple[str, ...]
    tables: tuple[PrintedTable, ...]
    issues: tuple[str, ...]
    rest: Mapping[str, Any]
    spots: Mapping[str, Spot]

    @property
    def figures(self) -> int:
        """How many figures the tables show."""
        return len(self.spots) - len(self.tables)


@dataclass(frozen=True)
class Marks:
    """What is to be marked: findings by the IRI they speak of, quoted header words, the points of figures."""

    version: str
    base: str
    findings: Mapping[str, tuple[Finding, ...]]
    points: Mapping[str, str]
    mistakes: Mapping[str, Mistake]

    def of(self, iri: str | None) -> tuple[Finding, ...]:
        """The findings about a thing."""
        return self.findings.get(iri, ()) if iri else ()


def is_zero(text: str) -> bool:
    """Whether a figure prints nothing but zeros."""
    return _ZERO.fullmatch(text) is not None


def gravest(findings: Iterable[Finding]) -> str | None:
    """The gravest severity among findings."""
    return min((f.severity for f in findings), key=SEVERITY_ORDER.index, default=None)


def mark(
    findings: Sequence[Finding], mistakes: Sequence[Mistake], version: str, base: str, points: Mapping[str, str]
) -> Marks:
    """The findings by all that they speak of, the likely mistakes by the figures in which they may be."""
    by_thing: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        for iri in dict.fromkeys((*finding.figures, *finding.others)):
            by_thing[iri] = (*by_thing.get(iri, ()), finding)
    suspects = {iri: mistake for mistake in reversed(mistakes) for iri, _ in mistake.candidates}
    return Marks(version, base, by_thing, points, suspects)


def snapshot_to_document(snapshot: Mapping[str, Any], marks: Marks, language: str) -> PrintedDocument:
    """The document of a snapshot (see `converters.snapshot`); unknown members are kept aside, none is required."""
    tables = [table for table in snapshot.get("tables", ()) if isinstance(table, dict)]
    issues = snapshot.get("issues", ())
    return PrintedDocument(
        title=str(snapshot.get("title") or ""),
        organisation=str(snapshot.get("organisation") or ""),
        year=str(snapshot.get("year") or ""),
        phase=marks.base + snapshot["phase"] if snapshot.get("phase") else "",
        files=tuple(str(name) for name in snapshot.get("files", ())),
        tables=tuple(_table(table, marks) for table in tables),
        issues=tuple(str(issue.get(language) or issue) for issue in issues if isinstance(issue, dict)),
        rest={name: part for name, part in snapshot.items() if name not in _SHOWN_ELSEWHERE and part},
        spots={iri: spot for table in tables for iri, spot in _spots(table, marks)},
    )


def _spots(table: Mapping[str, Any], marks: Marks) -> Iterable[tuple[str, Spot]]:
    iri, number = f"{marks.version}/{table.get('name', '')}", str(table.get("number", ""))
    yield iri, Spot(anchor(iri, marks.version), number, "")
    for part in (*table.get("cells", ()), *table.get("notes", ())):
        if part.get("observation"):
            figure = marks.base + part["observation"]
            yield figure, Spot(anchor(figure, marks.version), number, str(part.get("text", "")))


def _table(table: Mapping[str, Any], marks: Marks) -> PrintedTable:
    name = str(table.get("name", ""))
    iri = f"{marks.version}/{name}"
    about = marks.of(iri)
    n_header, n_rows = int(table.get("headerRows", 0)), int(table.get("rows", 0))
    rows: dict[int, list[Mapping[str, Any]]] = {row: [] for row in range(1, n_rows + 1)}
    for cell in sorted(table.get("cells", ()), key=lambda cell: (cell["row"], cell["column"])):
        rows.setdefault(cell["row"], []).append(cell)
    free = _free_columns(table.get("cells", ()), rows, int(table.get("columns", 0)))
    quoted = {clean_label(f.quote): f for f in about if f.quote}
    header = tuple(
        (*(_header_cell(cell, quoted) for cell in rows[row]), *_filler(free[row])) for row in rows if row <= n_header
    )
    body = tuple((*_body_cells(rows[row], marks), *_filler(free[row])) for row in rows if row > n_header)
    notes = tuple(_note(note, marks) for note in table.get("notes", ()))
    cell_findings = [f for row in body for cell in row for f in cell.findings] + [f for n in notes for f in n.findings]
    return PrintedTable(
        anchor=anchor(iri, marks.version),
        number=str(table.get("number", "")),
        title=str(table.get("title") or ""),
        kind=marks.base + table["kind"] if table.get("kind") else None,
        unit=marks.base + table["unit"] if table.get("unit") else None,
        columns=int(table.get("columns", 0)),
        header=header,
        body=body,
        notes=notes,
        findings=about,
        marked=tuple({f.id: f for f in (*about, *cell_findings)}.values()),
        rest={part: value for part, value in table.items() if part not in _TABLE_PARTS and value},
    )


def _free_columns(cells: Iterable[Mapping[str, Any]], rows: Iterable[int], columns: int) -> dict[int, int]:
    """How many columns of each row no cell covers."""
    free = dict.fromkeys(rows, columns)
    for cell in cells:
        for row in range(cell["row"], cell["row"] + int(cell.get("rowspan", 1))):
            if row in free:
                free[row] -= int(cell.get("colspan", 1))
    return free


def _filler(columns: int) -> tuple[PrintedCell, ...]:
    """An empty cell over the columns that a row leaves free at its end."""
    return (PrintedCell("", 1, columns, "text"),) if columns > 0 else ()


def _header_cell(cell: Mapping[str, Any], quoted: Mapping[str, Finding]) -> PrintedCell:
    text = str(cell.get("text", ""))
    found = quoted.get(clean_label(text))
    rowspan, colspan = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
    scope = "colgroup" if colspan > 1 else "col"
    return PrintedCell(text, rowspan, colspan, "header", scope, findings=(found,) if found else ())


def _body_cells(cells: Sequence[Mapping[str, Any]], marks: Marks) -> Iterable[PrintedCell]:
    """The cells of a row; the first words before a run of figures are their head."""
    head: int | None = None
    heads = set()
    for place, cell in enumerate(cells):
        if cell.get("observation"):
            heads.add(head)
            head = None
        elif cell.get("text") and (head is None or _CODE.fullmatch(str(cells[head]["text"]))):
            head = place
    for place, cell in enumerate(cells):
        text, key = str(cell.get("text", "")), cell.get("observation")
        rowspan, colspan = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
        if key:
            iri = marks.base + key
            point, about = marks.points.get(iri), marks.of(iri)
            spot, mistake = anchor(iri, marks.version), marks.mistakes.get(iri)
            yield PrintedCell(text, rowspan, colspan, "figure", None, spot, iri, point, about, mistake)
        elif place in heads:
            yield PrintedCell(text, rowspan, colspan, "head", "row")
        else:
            yield PrintedCell(text, rowspan, colspan, "number" if _NUMBER.fullmatch(text) else "text")


def _note(note: Mapping[str, Any], marks: Marks) -> Note:
    text = str(note.get("text", ""))
    if not note.get("observation"):
        return Note(text, None, None, None, ())
    iri = marks.base + note["observation"]
    return Note(text, anchor(iri, marks.version), iri, marks.points.get(iri), marks.of(iri))
