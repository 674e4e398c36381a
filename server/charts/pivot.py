"""A pivot of facts: sums by two keys, with shares and growth, and gaps where no sum can be given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property


@dataclass(frozen=True, slots=True)
class PivotEntry:
    """A fact in a pivot: its row and column, its address, its amount in yuan and whose money it is."""

    row: str
    column: str
    fact: str
    amount: Decimal
    office: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A place without a sum: a disclosure whose parts cannot be added. None as row or column means every one."""

    row: str | None
    column: str | None
    disclosure: str
    reason: str


@dataclass(frozen=True, slots=True)
class PivotCell:
    """A sum: its amount in yuan, the facts added, and whose money it is."""

    amount: Decimal
    facts: tuple[str, ...]
    offices: frozenset[str]


@dataclass(frozen=True)
class Pivot:
    """Sums by row and column. A cell that is neither in `cells` nor covered by a gap has no fact."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], PivotCell]
    gaps: tuple[Gap, ...] = ()
    rows_add: bool = True
    columns_add: bool = True
    by_row: Mapping[str, Decimal | None] = field(default_factory=dict)
    by_column: Mapping[str, Decimal | None] = field(default_factory=dict)

    @cached_property
    def first_gaps(self) -> Mapping[tuple[str | None, str | None], int]:
        """The position of the first gap of each row and column that gaps have."""
        return {(gap.row, gap.column): n for n, gap in reversed([*enumerate(self.gaps)])}

    def gap(self, row: str, column: str) -> Gap | None:
        """Return the first gap that covers a cell."""
        found = [self.first_gaps[place] for place in _places_over(row, column) if place in self.first_gaps]
        return self.gaps[min(found)] if found else None

    def amount(self, row: str, column: str) -> Decimal | None:
        """Return the sum in a cell, in yuan; None where there is none."""
        cell = self.cells.get((row, column))
        return None if cell is None else cell.amount

    @property
    def total(self) -> Decimal | None:
        """The sum of all cells, if rows and columns add up and none is a gap."""
        if not self.rows_add or not self.columns_add or self.gaps:
            return None
        return sum((cell.amount for cell in self.cells.values()), Decimal(0))

    def share(self, row: str, column: str) -> Decimal | None:
        """Return the share of a cell in its column, or in its row where rows do not add up; None if neither adds up."""
        amount = self.amount(row, column)
        whole = self.by_column.get(column) if self.rows_add else self.by_row.get(row) if self.columns_add else None
        return None if amount is None or not whole else amount / whole

    def growth(self, row: str, column: str) -> Decimal | None:
        """Return the growth since the year before; None without it, or where the offices are not the same.

        The columns are years.
        """
        now, before = self.cells.get((row, column)), self.cells.get((row, str(int(column) - 1)))
        if now is None or before is None or now.offices != before.offices or before.amount <= 0:
            return None
        return now.amount / before.amount - 1


def make_pivot(
    entries: Iterable[PivotEntry],
    gaps: Sequence[Gap] = (),
    *,
    rows_add: bool = True,
    columns_add: bool = True,
    sort_rows: bool = False,
) -> Pivot:
    """Return the sums of entries by row and column.

    A cell to which a gap belongs has no sum, since part of its money is missing. `rows_add` and `columns_add` say
    whether the sum over the rows (or columns) counts no money twice; only then are there totals. Rows are in the order
    of their keys, or with `sort_rows` in that of their largest amount.
    """
    found: dict[tuple[str, str], list[PivotEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.row, entry.column].append(entry)
    rows = {row for row, _ in found} | {gap.row for gap in gaps if gap.row is not None}
    columns = tuple(sorted({column for _, column in found} | {gap.column for gap in gaps if gap.column is not None}))

    places = {(gap.row, gap.column) for gap in gaps}

    def covered(row: str, column: str) -> bool:
        return not places.isdisjoint(_places_over(row, column))

    cells = {
        key: PivotCell(
            sum((entry.amount for entry in group), Decimal(0)),
            tuple(entry.fact for entry in group),
            frozenset(entry.office for entry in group),
        )
        for key, group in found.items()
        if not covered(*key)
    }

    def largest(row: str) -> tuple[Decimal, str]:
        return -max((cells[row, c].amount for c in columns if (row, c) in cells), default=Decimal(0)), row

    ordered = tuple(sorted(rows, key=largest) if sort_rows else sorted(rows))
    by_row = {r: _total(cells, [(r, c) for c in columns], covered) if columns_add else None for r in ordered}
    by_column = {c: _total(cells, [(r, c) for r in ordered], covered) if rows_add else None for c in columns}
    return Pivot(ordered, columns, cells, tuple(gaps), rows_add, columns_add, by_row, by_column)


def _places_over(row: str, column: str) -> tuple[tuple[str | None, str | None], ...]:
    """The rows and columns of gaps that cover a cell."""
    return (row, column), (row, None), (None, column), (None, None)


def _total(
    cells: Mapping[tuple[str, str], PivotCell], keys: Sequence[tuple[str, str]], covered: Callable[[str, str], bool]
) -> Decimal | None:
    if any(covered(*key) for key in keys):
        return None
    return sum((cells[key].amount for key in keys if key in cells), Decimal(0))
