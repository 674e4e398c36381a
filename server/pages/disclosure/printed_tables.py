"""Tables as printed, with findings annotated at their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from converters.reports.snapshot import SnapshotCell, SnapshotNote, SnapshotTable
from ontology.text import clean_label
from server.pages.disclosure.annotations import Annotations, PageAnchor, is_zero, worst_severity
from server.pages.disclosure.findings import FindingView, Mistake
from server.pages.figures import anchor

LONG_TEXT, PROSE, WIDE = 8, 40, 8
WITHHELD = "withheld"
_PERSONAL = {WITHHELD, "identity-number"}
_CODE = re.compile(r"[0-9A-Za-z]+")
_NUMBER = re.compile(r"[-+−(（]?[\d,，]+\.\d+[%)）]?")


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of a table.

    `role` is header, head (row header), label (names other cells), figure, number (not converted) or text; `scope` is
    the attribute of a th element; `flags` name what was withheld or repaired.
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
    def is_plain(self) -> bool:
        """Whether nothing was found about the cell, and nothing withheld from it or repaired in it."""
        return not (self.findings or self.mistake or self.flags)

    @property
    def severity(self) -> str | None:
        """The highest severity among the findings about the cell."""
        return worst_severity(self.findings)

    @property
    def should_be(self) -> str | None:
        """The correct amount and its unit if this figure is the likely mistake."""
        candidates = self.mistake.candidates if self.mistake else ()
        return next((amount for iri, amount in candidates if iri == self.figure), None)

    @property
    def width(self) -> str | None:
        """The width class for long text, which keeps columns from becoming too narrow."""
        if _CODE.fullmatch(self.text):
            return None
        return "prose" if len(self.text) > PROSE else "long" if len(self.text) > LONG_TEXT else None

    @property
    def classes(self) -> str:
        """The value of the HTML class attribute."""
        names: list[str | None] = []
        if self.role in ("figure", "number"):
            names.append("figure")
            if self.role == "number":
                names.append("unconverted")
            elif is_zero(self.text):
                names.append("zero")
        elif self.role in ("text", "label"):
            if self.role == "label":
                names.append("label")
            names.append(self.width)
        if self.flags:
            names += [WITHHELD] if WITHHELD in self.flags else []
            names += ["repaired"] if set(self.flags) - _PERSONAL else []
        if self.findings:
            names += ["marked", self.severity]
        if self.mistake is not None:
            names.append("suspect")
        return " ".join(filter(None, names))


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A body row of a table, with the findings about the row as a whole."""

    anchor: str
    cells: tuple[PrintedCell, ...]
    findings: tuple[FindingView, ...]

    @property
    def is_plain(self) -> bool:
        """Whether nothing was found about the row and its cells, and nothing withheld from them or repaired in them."""
        return not self.findings and all(cell.is_plain for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence below a table, with its figure if it makes a claim."""

    text: str
    anchor: str | None
    figure: str | None
    point: str | None
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table: header rows, body rows, notes, and the findings about the table as a whole."""

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
    other_members: Mapping[str, Any]

    @property
    def marked(self) -> tuple[FindingView, ...]:
        """All findings about the table, its rows, notes and cells, without duplicates."""
        cells = (cell for row in self.body for cell in row.cells)
        about = [self.findings, *(row.findings for row in self.body), *(note.findings for note in self.notes)]
        about += (cell.findings for cell in cells)
        return tuple({finding.id: finding for findings in about for finding in findings}.values())

    @property
    def severity(self) -> str | None:
        """The highest severity among all findings in the table."""
        return worst_severity(self.marked)

    @property
    def is_wide(self) -> bool:
        """Whether the table is too wide for a printed page."""
        return self.columns > WIDE and not self.is_form


def anchors_of_table(table: SnapshotTable, annotations: Annotations) -> Iterator[tuple[str, PageAnchor]]:
    """Yield the link targets of a table of a snapshot, its rows and its cells, by IRI."""
    iri, number = f"{annotations.version}/{table.name}", _number(table)
    yield iri, PageAnchor(anchor(iri, annotations.version), number, "")
    for row in range(table.header_rows + 1, table.rows + 1):
        yield f"{iri}/r{row}", PageAnchor(anchor(f"{iri}/r{row}", annotations.version), number, "")
    for part in table.parts:
        if part.text:
            place = _address(part, iri, annotations)
            yield place, PageAnchor(anchor(place, annotations.version), number, part.text)


def _number(table: SnapshotTable) -> str:
    """Return the printed number of a table; a second table with the same number is `15 (2)`."""
    number, (_, _, copy) = table.number, table.name.partition("-")
    return f"{number} ({copy})" if copy.isdigit() else number


def _address(part: SnapshotCell | SnapshotNote, table: str, annotations: Annotations) -> str:
    """Return the IRI of the figure in a cell or note, or of the cell itself."""
    if part.observation:
        return f"{annotations.base}{part.observation}"
    return f"{table}/r{part.row}c{part.column}" if isinstance(part, SnapshotCell) else f"{table}/note"


def printed_table(table: SnapshotTable, annotations: Annotations) -> PrintedTable:
    """Return a table of a snapshot with its annotations."""
    iri = f"{annotations.version}/{table.name}"
    about, is_form = annotations.findings_about(iri), table.form
    n_header, n_rows = table.header_rows, table.rows
    rows: dict[int, list[SnapshotCell]] = {row: [] for row in range(1, n_rows + 1)}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        rows.setdefault(cell.row, []).append(cell)
    free = _free_columns(table.cells, rows, table.columns)
    quoted = {clean_label(f.quote): f for f in about if f.quote}
    header = tuple(
        (*(_header_cell(cell, quoted) for cell in rows[row]), *_filler(free[row])) for row in rows if row <= n_header
    )
    body = []
    for row in (row for row in rows if row > n_header):
        cells = (*_body_cells(rows[row], iri, annotations), *_filler(free[row]))
        place = f"{iri}/r{row}"
        body.append(
            PrintedRow(
                anchor(place, annotations.version),
                extend_last_cell(cells) if is_form else cells,
                annotations.findings_about(place),
            )
        )
    return PrintedTable(
        anchor=anchor(iri, annotations.version),
        number=_number(table),
        title=table.title or "",
        kind=annotations.base + table.kind if table.kind else None,
        unit=annotations.base + table.unit if table.unit else None,
        is_form=is_form,
        columns=table.columns,
        header=header,
        body=tuple(body),
        notes=tuple(_note(note, iri, annotations) for note in table.notes),
        findings=about,
        other_members=table.other,
    )


def _free_columns(cells: Iterable[SnapshotCell], rows: Iterable[int], columns: int) -> dict[int, int]:
    """Count the columns of each row that no cell covers."""
    free = dict.fromkeys(rows, columns)
    for cell in cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            if row in free:
                free[row] -= cell.colspan
    return free


def _filler(columns: int) -> tuple[PrintedCell, ...]:
    """Return an empty cell that spans the uncovered columns at the end of a row."""
    return (PrintedCell("", 1, columns, "text"),) if columns > 0 else ()


def extend_last_cell(cells: tuple[PrintedCell, ...]) -> tuple[PrintedCell, ...]:
    """Extend the last text of a form row over the empty cells after it."""
    filled = [place for place, cell in enumerate(cells) if cell.text]
    if not filled or cells[filled[-1]].width is None or cells[filled[-1]].figure:
        return cells
    kept = cells[: filled[-1] + 1]
    room = sum(cell.colspan for cell in cells[filled[-1] :] if cell.rowspan == 1)
    return (*kept[:-1], replace(kept[-1], colspan=max(room, kept[-1].colspan)))


def _header_cell(cell: SnapshotCell, quoted: Mapping[str, FindingView]) -> PrintedCell:
    text = cell.text
    found = quoted.get(clean_label(text))
    rowspan, colspan = cell.rowspan, cell.colspan
    scope = "colgroup" if colspan > 1 else "col"
    return PrintedCell(text, rowspan, colspan, "header", scope, findings=(found,) if found else ())


def _body_cells(cells: Sequence[SnapshotCell], table: str, annotations: Annotations) -> Iterator[PrintedCell]:
    heads = _heads(cells)
    for place, cell in enumerate(cells):
        text, iri = cell.text, _address(cell, table, annotations)
        is_figure = bool(cell.observation)
        yield PrintedCell(
            text=text,
            rowspan=cell.rowspan,
            colspan=cell.colspan,
            role=_role(cell, is_head=place in heads),
            scope="row" if place in heads else None,
            anchor=anchor(iri, annotations.version) if text else None,
            figure=iri if is_figure else None,
            point=annotations.points.get(iri),
            findings=annotations.findings_about(iri),
            mistake=annotations.mistakes.get(iri),
            flags=cell.flags,
        )


def _heads(cells: Sequence[SnapshotCell]) -> set[int]:
    """Return the indices of the row headers: the first text before each run of figures."""
    head: int | None = None
    heads: set[int] = set()
    for place, cell in enumerate(cells):
        if cell.observation:
            heads |= {head} if head is not None else set()
            head = None
        elif cell.text and (head is None or _CODE.fullmatch(cells[head].text)):
            head = place
    return heads


def _role(cell: SnapshotCell, *, is_head: bool) -> str:
    if cell.observation:
        return "figure"
    if is_head:
        return "head"
    if cell.label:
        return "label"
    return "number" if _NUMBER.fullmatch(cell.text) else "text"


def _note(note: SnapshotNote, table: str, annotations: Annotations) -> Note:
    text = note.text
    if not note.observation:
        return Note(text, None, None, None, ())
    iri = _address(note, table, annotations)
    return Note(
        text, anchor(iri, annotations.version), iri, annotations.points.get(iri), annotations.findings_about(iri)
    )
