"""Observations, records and tables: printed figures and words with their coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from converters.model.document import Grid
from ontology.locators import Locator

ROW, COLUMN = "row", "column"
"""The directions in which figures add up: along a row, down a column."""
Place = frozenset[tuple[str, str]]
"""Coordinates in no order, as a key of dictionaries: tables and sentences name the dimensions in different orders."""


def coordinates_to_place(coordinates: Mapping[str, str]) -> Place:
    """Return the place of coordinates: equal for equal coordinates in any order."""
    return frozenset(coordinates.items())


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """A value of a property: the key of a resource, or text with the IRI of its datatype."""

    text: str
    datatype: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """A printed number.

    `coordinates` holds a key for every dimension (the year as digits, the measure as the key of its property).
    `amount` and `precision` are in yuan, or in the unit of the measure; `amount` is None if the cell could not be read.
    `record` is the row of the record that the figure belongs to. `operator` (key of a comparison) and `unit_text` are
    None if not printed. `doubt` is the flag of a repair that may have changed the figure or its row header. `of_which`
    names the directions (row, column) in which the figure is one of a list after 其中, which need not be complete.
    `uncertain` is set for a figure that may be narrower than its coordinates, since an unknown column stands beside it:
    it is compared with no other table. `bounded` is false for a figure that may exceed the totals of other tables.
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
    of_which: frozenset[str] = frozenset()
    uncertain: bool = False
    bounded: bool = True

    @property
    def measure(self) -> str:
        """The name of the measure: `amount`."""
        return self.coordinates["measure"].removeprefix("def#")


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell with words, split into code and name, and the key of the concept or entity that they denote (`value`).

    `attribute` is the key of the attribute that the cell fills in a record, None for a row header. `code_cell` is the
    position of the cell with the code of a row header, if it differs from the cell with the name.
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
    """A row of a list, or a filled form; `row` is the (first) row of the record.

    `kind` is the key of its class, `values` are (property, value) pairs, and `links` are references to other records of
    the table as (property, row).
    """

    row: int
    kind: str
    values: tuple[tuple[str, PropertyValue], ...]
    links: tuple[tuple[str, int], ...]
    entries: tuple[Entry, ...]
    locator: Locator


@dataclass(frozen=True, slots=True)
class WordedLevel:
    """A target or result expressed in words, in one cell of a record; `kind` is the key of its class."""

    row: int
    column: int
    record: int
    kind: str
    year: str
    text: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Header words that contradict the kind of table named by the title; `kind` is their own kind, if known."""

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
    are left out. `dashed` is true where a row of a table without figures has dashes in their place. `blanks` are the
    blank cells of totals whose rows or columns have figures of their parts.
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
    worded: tuple[WordedLevel, ...] = ()
    row_headers: tuple[Entry, ...] = ()
    beyond: tuple[Entry, ...] = ()
    labels: frozenset[tuple[int, int]] = frozenset()
    texts: frozenset[tuple[int, int]] = frozenset()
    unplaced: frozenset[tuple[int, int]] = frozenset()
    withholds: bool = False
    dashed: bool = False
    blanks: tuple[Observation, ...] = ()
