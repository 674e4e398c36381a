"""Tables as they were printed, with findings marked at their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ontology.text import clean_label
from server.pages.disclosure.findings import FindingView, Mistake
from server.pages.disclosure.marks import Marks, Spot, gravest, is_zero
from server.pages.figures import anchor

LONG_TEXT, PROSE, WIDE = 8, 40, 8
WITHHELD = "withheld"
_CODE = re.compile(r"[0-9A-Za-z]+")
_NUMBER = re.compile(r"[-+−(（]?[\d,，]+\.\d+[%)）]?")
_TABLE_PARTS = {"name", "number", "title", "kind", "unit", "form", "headerRows", "rows", "columns", "notes", "cells"}


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of a table.

    `role` is header, head (of its row), label (words for other cells), figure, number (not taken) or text; `scope` is
    for the th element; `flags` say what was withheld or repaired.
    """

    text: str
    rowspan: int
    colspan: int
    role: str
    scope: str | None = None
    anchor: str | None = None
    figure: str | None = None
    point: str | None = None
    findings: tuple[FindingView, ...] = ()
    mistake: Mistake | None = None
    flags: tuple[str, ...] = ()

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
    def classes(self) -> str:
        """The classes of its element."""
        return " ".join(
            name
            for name, holds in {
                "figure": self.role in ("figure", "number"),
                "untaken": self.role == "number",
                "label": self.role == "label",
                "zero": self.role == "figure" and is_zero(self.text),
                self.width or "": self.role in ("text", "label") and self.width is not None,
                WITHHELD: WITHHELD in self.flags,
                "repaired": bool(set(self.flags) - {WITHHELD}),
                "marked": bool(self.findings),
                self.severity or "": bool(self.findings),
                "suspect": self.mistake is not None,
            }.items()
            if holds
        )


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of the body of a table, with what is said of the row as a whole."""

    anchor: str
    cells: tuple[PrintedCell, ...]
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence below a table, with the figure that it claims if it does."""

    text: str
    anchor: str | None
    figure: str | None
    point: str | None
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table: rows of cells, those of the header apart, and what is said of the whole table."""

    anchor: str
    number: str
    title: str
    kind: str | None
    unit: str | None
    is_form: bool
    columns: int
    header: tuple[tuple[PrintedCell, ...], ...]
    body: tuple[PrintedRow, ...]
    notes: tuple[Note, ...]
    findings: tuple[FindingView, ...]
    rest: Mapping[str, Any]

    @property
    def marked(self) -> tuple[FindingView, ...]:
        """All findings in it, each once."""
        cells = (cell for row in self.body for cell in row.cells)
        about = [self.findings, *(row.findings for row in self.body), *(note.findings for note in self.notes)]
        about += (cell.findings for cell in cells)
        return tuple({finding.id: finding for findings in about for finding in findings}.values())

    @property
    def severity(self) -> str | None:
        """That of the gravest finding in it."""
        return gravest(self.marked)

    @property
    def is_wide(self) -> bool:
        """Whether it will hardly fit on a page."""
        return self.columns > WIDE and not self.is_form


def spots_of_table(table: Mapping[str, Any], marks: Marks) -> Iterator[tuple[str, Spot]]:
    """Where a table of a snapshot, its rows and its cells stand, by IRI."""
    iri, number = f"{marks.version}/{table.get('name', '')}", _number(table)
    yield iri, Spot(anchor(iri, marks.version), number, "")
    for row in range(int(table.get("headerRows", 0)) + 1, int(table.get("rows", 0)) + 1):
        yield f"{iri}/r{row}", Spot(anchor(f"{iri}/r{row}", marks.version), number, "")
    for part in (*table.get("cells", ()), *table.get("notes", ())):
        if part.get("text"):
            place = _address(part, iri, marks)
            yield place, Spot(anchor(place, marks.version), number, str(part["text"]))


def _number(table: Mapping[str, Any]) -> str:
    """The printed number of a table; of further tables of that number with their place among them: `15 (2)`."""
    number, (_, _, copy) = str(table.get("number", "")), str(table.get("name", "")).partition("-")
    return f"{number} ({copy})" if copy.isdigit() else number


def _address(part: Mapping[str, Any], table: str, marks: Marks) -> str:
    """The IRI of the figure in a cell or note, or of the cell."""
    if part.get("observation"):
        return f"{marks.base}{part['observation']}"
    return f"{table}/r{part.get('row')}c{part.get('column')}"


def printed_table(table: Mapping[str, Any], marks: Marks) -> PrintedTable:
    """The table of a snapshot; unknown members are kept aside, none is required."""
    iri = f"{marks.version}/{table.get('name', '')}"
    about, is_form = marks.of(iri), bool(table.get("form"))
    n_header, n_rows = int(table.get("headerRows", 0)), int(table.get("rows", 0))
    rows: dict[int, list[Mapping[str, Any]]] = {row: [] for row in range(1, n_rows + 1)}
    for cell in sorted(table.get("cells", ()), key=lambda cell: (cell["row"], cell["column"])):
        rows.setdefault(cell["row"], []).append(cell)
    free = _free_columns(table.get("cells", ()), rows, int(table.get("columns", 0)))
    quoted = {clean_label(f.quote): f for f in about if f.quote}
    header = tuple(
        (*(_header_cell(cell, quoted) for cell in rows[row]), *_filler(free[row])) for row in rows if row <= n_header
    )
    body = []
    for row in (row for row in rows if row > n_header):
        cells = (*_body_cells(rows[row], iri, marks), *_filler(free[row]))
        place = f"{iri}/r{row}"
        body.append(PrintedRow(anchor(place, marks.version), stretch(cells) if is_form else cells, marks.of(place)))
    return PrintedTable(
        anchor=anchor(iri, marks.version),
        number=_number(table),
        title=str(table.get("title") or ""),
        kind=marks.base + table["kind"] if table.get("kind") else None,
        unit=marks.base + table["unit"] if table.get("unit") else None,
        is_form=is_form,
        columns=int(table.get("columns", 0)),
        header=header,
        body=tuple(body),
        notes=tuple(_note(note, iri, marks) for note in table.get("notes", ())),
        findings=about,
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


def stretch(cells: tuple[PrintedCell, ...]) -> tuple[PrintedCell, ...]:
    """The row of a form: words at its end take the room of the empty cells after them."""
    filled = [place for place, cell in enumerate(cells) if cell.text]
    if not filled or cells[filled[-1]].width is None or cells[filled[-1]].figure:
        return cells
    kept = cells[: filled[-1] + 1]
    room = sum(cell.colspan for cell in cells[filled[-1] :] if cell.rowspan == 1)
    return (*kept[:-1], replace(kept[-1], colspan=max(room, kept[-1].colspan)))


def _header_cell(cell: Mapping[str, Any], quoted: Mapping[str, FindingView]) -> PrintedCell:
    text = str(cell.get("text", ""))
    found = quoted.get(clean_label(text))
    rowspan, colspan = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
    scope = "colgroup" if colspan > 1 else "col"
    return PrintedCell(text, rowspan, colspan, "header", scope, findings=(found,) if found else ())


def _body_cells(cells: Sequence[Mapping[str, Any]], table: str, marks: Marks) -> Iterator[PrintedCell]:
    heads = _heads(cells)
    for place, cell in enumerate(cells):
        text, iri = str(cell.get("text", "")), _address(cell, table, marks)
        is_figure = bool(cell.get("observation"))
        yield PrintedCell(
            text=text,
            rowspan=int(cell.get("rowspan", 1)),
            colspan=int(cell.get("colspan", 1)),
            role=_role(cell, is_head=place in heads),
            scope="row" if place in heads else None,
            anchor=anchor(iri, marks.version) if text else None,
            figure=iri if is_figure else None,
            point=marks.points.get(iri),
            findings=marks.of(iri),
            mistake=marks.mistakes.get(iri),
            flags=tuple(str(flag) for flag in cell.get("flags", ())),
        )


def _heads(cells: Sequence[Mapping[str, Any]]) -> set[int]:
    """Which cells of a row are heads: the first words before each run of figures."""
    head: int | None = None
    heads: set[int] = set()
    for place, cell in enumerate(cells):
        if cell.get("observation"):
            heads |= {head} if head is not None else set()
            head = None
        elif cell.get("text") and (head is None or _CODE.fullmatch(str(cells[head]["text"]))):
            head = place
    return heads


def _role(cell: Mapping[str, Any], *, is_head: bool) -> str:
    if cell.get("observation"):
        return "figure"
    if is_head:
        return "head"
    if cell.get("label"):
        return "label"
    return "number" if _NUMBER.fullmatch(str(cell.get("text", ""))) else "text"


def _note(note: Mapping[str, Any], table: str, marks: Marks) -> Note:
    text = str(note.get("text", ""))
    if not note.get("observation"):
        return Note(text, None, None, None, ())
    iri = _address(note, table, marks)
    return Note(text, anchor(iri, marks.version), iri, marks.points.get(iri), marks.of(iri))
