"""A converted document as printed: the file that is published beside its graph, and that pages show.

The model below is the format: its JSON has a member for each field (see `converters.reports.json_codec`). A change that
earlier releases would misread raises FORMAT; files without a number are of format 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from converters.conversion import Conversion
from converters.model.iris import Iris
from converters.model.observation import Observation
from converters.reports.coverage import Coverage
from converters.reports.coverage_json import coverage_to_json
from converters.reports.json_codec import from_json, to_json
from converters.reports.unread import find_unread

FORMAT = 1


class SnapshotFormatError(ValueError):
    """A snapshot of a format that this release does not know, or that is no snapshot."""


@dataclass(frozen=True, slots=True)
class SnapshotCell:
    """A cell of a table as printed.

    Rows and columns count from 1. `label` is true for words that name other cells; `flags` are `withheld` (masked) and
    the names of repairs; `observation` is a key, an IRI without the base.
    """

    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    text: str = ""
    label: bool = False
    flags: tuple[str, ...] = ()
    observation: str | None = None


@dataclass(frozen=True, slots=True)
class SnapshotNote:
    """A sentence below a table, with the key of the figure that it claims."""

    text: str = ""
    observation: str | None = None


@dataclass(frozen=True, slots=True)
class SnapshotTable:
    """A recognised table; `kind` and `unit` are keys, `form` is true for a form instead of a list."""

    name: str = ""
    number: str = ""
    title: str | None = None
    kind: str | None = None
    unit: str | None = None
    form: bool = False
    header_rows: int = 0
    rows: int = 0
    columns: int = 0
    notes: tuple[SnapshotNote, ...] = ()
    cells: tuple[SnapshotCell, ...] = ()
    other: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parts(self) -> list[SnapshotCell | SnapshotNote]:
        """Cells and notes."""
        return [*self.cells, *self.notes]


@dataclass(frozen=True, slots=True)
class SnapshotFigure:
    """A figure in the text of a sentence, from `start` to before `end`, with the keys of its claims."""

    start: int
    end: int
    observations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SnapshotSentence:
    """A sentence of the running text, below its heading."""

    name: str = ""
    heading: str | None = None
    text: str = ""
    place: str = ""
    figures: tuple[SnapshotFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class SnapshotGlossaryEntry:
    """An entry of the glossary, with the key of the concept that it explains."""

    name: str = ""
    text: str = ""
    concept: str | None = None


@dataclass(frozen=True, slots=True)
class SnapshotIssue:
    """An issue of reading or converting, in Chinese and English."""

    zh: str = ""
    en: str = ""
    key: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotRegion:
    """A region of the document whose figures were not read, described in Chinese and English."""

    zh: str = ""
    en: str = ""
    place: str = ""
    figures: int | None = None


@dataclass(frozen=True, slots=True)
class SnapshotTableCoverage:
    """The coverage of a table, as in `converters.reports.coverage`."""

    name: str
    number: str = ""
    title: str = ""
    kind: str | None = None
    rows: int = 0
    figures: int = 0
    converted: int = 0
    confirmed: int = 0


@dataclass(frozen=True, slots=True)
class SnapshotNumber:
    """A number that was not converted; without digits or words that may be private."""

    table: str | None = None
    text: str = ""
    words: str = ""
    page: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotCoverage:
    """Coverage: counts by use, tables, and the numbers that were not converted."""

    counts: Mapping[str, int] = field(default_factory=dict)
    tables: tuple[SnapshotTableCoverage, ...] = ()
    not_converted: tuple[SnapshotNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document as printed.

    Tables that were not recognised are named among the issues and not shown, since nobody has checked them for private
    data. `phase` is a key.
    """

    format: int = FORMAT
    title: str | None = None
    organisation: str | None = None
    year: int | None = None
    phase: str | None = None
    files: tuple[str, ...] = ()
    tables: tuple[SnapshotTable, ...] = ()
    narrative: tuple[SnapshotSentence, ...] = ()
    glossary: tuple[SnapshotGlossaryEntry, ...] = ()
    issues: tuple[SnapshotIssue, ...] = ()
    unread: tuple[SnapshotRegion, ...] = ()
    coverage: SnapshotCoverage | None = None
    other: Mapping[str, Any] = field(default_factory=dict)


def snapshot_to_bytes(snapshot: Snapshot) -> bytes:
    """Return a snapshot as UTF-8 JSON."""
    members = to_json(snapshot)
    if snapshot.coverage is None:
        del members["coverage"]
    return json.dumps(members, ensure_ascii=False, indent=1).encode()


def parse_snapshot(content: bytes) -> Snapshot:
    """Return the snapshot in UTF-8 JSON; raises SnapshotFormatError."""
    try:
        snapshot = from_json(Snapshot, json.loads(content))
    except ValueError as error:
        raise SnapshotFormatError(str(error)) from error
    if snapshot.format > FORMAT:
        raise SnapshotFormatError(f"format {snapshot.format} is newer than {FORMAT}")
    return snapshot


def conversion_to_snapshot(conversion: Conversion, coverage: Coverage | None = None) -> bytes:
    """Return the snapshot of a conversion as UTF-8 JSON, with its coverage if that is given."""
    return snapshot_to_bytes(take_snapshot(conversion, coverage))


def take_snapshot(conversion: Conversion, coverage: Coverage | None = None) -> Snapshot:
    """Return the snapshot of a conversion: the recognised tables and sentences, and what was not read."""
    iris = conversion.iris
    return Snapshot(
        title=conversion.title,
        organisation=conversion.organisation_name,
        year=conversion.content.year,
        phase=conversion.content.phase,
        files=tuple(document.source.name for document in conversion.documents),
        tables=tuple(_tables(conversion)),
        narrative=tuple(
            SnapshotSentence(
                name=f"s{sentence.number:03d}",
                heading=sentence.heading,
                text=sentence.text,
                place=str(sentence.locator),
                figures=tuple(
                    SnapshotFigure(start, end, tuple(_address(o, iris) for o in claims))
                    for start, end, claims in sentence.figures
                ),
            )
            for sentence in conversion.content.narrative.sentences
        ),
        glossary=tuple(
            SnapshotGlossaryEntry(entry.name, entry.text, entry.concept)
            for entry in conversion.content.narrative.explanations
        ),
        issues=tuple(SnapshotIssue(i.text("zh"), i.text("en"), i.key, str(i.locator)) for i in conversion.issues),
        unread=tuple(
            SnapshotRegion(region.text("zh"), region.text("en"), str(region.locator), region.figures)
            for region in find_unread(conversion)
        ),
        coverage=None if coverage is None else from_json(SnapshotCoverage, coverage_to_json(coverage, public=True)),
    )


def _tables(conversion: Conversion) -> Iterator[SnapshotTable]:
    for table in conversion.content.tables:
        if table.kind is None:
            continue
        taken = {(o.row, o.column): conversion.iris.observation(o.table, o.row, o.column) for o in table.observations}
        yield SnapshotTable(
            name=table.name,
            number=table.number,
            title=table.title,
            kind=table.kind,
            unit=table.unit,
            form=conversion.vocabulary.table_kinds[table.kind].form_class is not None,
            header_rows=table.grid.header_rows,
            rows=table.grid.n_rows,
            columns=table.grid.n_cols,
            notes=tuple(
                SnapshotNote(o.printed, taken[o.row, o.column]) for o in table.observations if o.row > table.grid.n_rows
            ),
            cells=tuple(
                SnapshotCell(
                    row=cell.row,
                    column=cell.col,
                    rowspan=cell.rowspan,
                    colspan=cell.colspan,
                    text=cell.text,
                    label=(cell.row, cell.col) in table.labels,
                    flags=tuple(sorted(cell.flags)),
                    observation=taken.get((cell.row, cell.col)),
                )
                for cell in table.grid.cells
            ),
        )


def _address(o: Observation, iris: Iris) -> str:
    return iris.observation(o.table, o.row, o.column, o.ordinal)
