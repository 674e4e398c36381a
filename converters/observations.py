"""The observation: one printed number as a claim about one point of the cube."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from converters.document import Grid, Locator


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """A printed number.

    `coordinates` holds a key for every dimension (the year as its digits, the measure as its property); `amount` and
    `precision` are in yuan, or in the measure's own unit; `amount` is None where the cell could not be read.
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

    @property
    def measure(self) -> str:
        """The name of the measure: `amount`."""
        return self.coordinates["measure"].removeprefix("def#")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Header words that belong to another kind of table than the title names."""

    text: str
    locator: Locator
    kind: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of a disclosure. `name` is its place in addresses (`t05`), `number` as printed or counted.

    `observations` are the readable figures, `gaps` the unreadable cells of value columns; `kind` is None if the title
    is not known.
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
