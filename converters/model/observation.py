"""The observation: one printed number as a claim about one point of the cube."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from converters.model.document import Grid, Locator


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """A value of a property: the key of a thing, or text with the IRI of its datatype."""

    text: str
    datatype: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """A printed number.

    `coordinates` holds a key for every dimension (the year as its digits, the measure as its property); `amount` and
    `precision` are in yuan, or in the measure's own unit; `amount` is None where the cell could not be read. `record`
    is the row of the record that the figure belongs to; `operator` the key of a comparison and `unit_text` the word
    for a unit, as far as they are printed. `doubt` is the repair in reading after which a figure that is compared, or
    what stands at the head of its row, may not be what was printed there.
    """

    table: str
    row: int
    column: int
    coordinates: Mapping[str, str]
    amount: Decimal | None
    precision: Decimal
    printed: str
    unit: str
    row_code: str | None
    row_label: str
    column_label: str
    locator: Locator
    ordinal: int = 1
    record: int | None = None
    operator: str | None = None
    unit_text: str | None = None
    doubt: str | None = None

    @property
    def measure(self) -> str:
        """The name of the measure: `amount`."""
        return self.coordinates["measure"].removeprefix("def#")


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell with words: its code apart from its name, and the key of what that means.

    One that fills a record has the key of its `attribute`. One that names a row has none, and the place of the cell
    that prints the code if that is another.
    """

    row: int
    column: int
    attribute: str | None
    printed: str
    code: str | None
    name: str
    value: str | None
    locator: Locator
    code_cell: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a list or a filled form, known by the row that it stands or begins in.

    `kind` is the key of its class, `values` are (property, value) pairs; `links` lead to other records of the table, as
    (property, row).
    """

    row: int
    kind: str
    values: tuple[tuple[str, PropertyValue], ...]
    links: tuple[tuple[str, int], ...]
    entries: tuple[Entry, ...]
    locator: Locator


@dataclass(frozen=True, slots=True)
class WordedTarget:
    """A level to be reached that is put in words, in one cell of the record of a row; `year` is the year it is for."""

    row: int
    column: int
    record: int
    year: str
    text: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Header words that belong to another kind of table than the title names."""

    text: str
    locator: Locator
    kind: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of a disclosure. `name` is its place in addresses (`t05`), `number` as printed or counted.

    `kind` is None if the title is not known. `observations` are the readable figures, `gaps` the unreadable cells of
    columns with figures. `row_headers` are the cells that name rows by code, `beyond` the figures in columns without a
    header. `labels` are the places of cells that label other cells, `texts` the places of cells that fill a record,
    `unplaced` the places of figures of an unknown row or column. `withholds` is true where a note states that items
    are left out.
    """

    name: str
    number: str
    title: str
    kind: str | None
    unit: str | None
    declared_empty: bool
    labelled_columns: int
    printed_columns: int
    contradiction: Contradiction | None
    observations: tuple[Observation, ...]
    gaps: tuple[Observation, ...]
    grid: Grid
    title_locator: Locator
    records: tuple[Record, ...] = ()
    worded: tuple[WordedTarget, ...] = ()
    row_headers: tuple[Entry, ...] = ()
    beyond: tuple[Entry, ...] = ()
    labels: frozenset[tuple[int, int]] = frozenset()
    texts: frozenset[tuple[int, int]] = frozenset()
    unplaced: frozenset[tuple[int, int]] = frozenset()
    withholds: bool = False
