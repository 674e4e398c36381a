"""Amounts for each member of staff, and for each vehicle, of the offices in a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pyoxigraph import Literal

from server.charts.pivot import Pivot
from server.pages.compare.request_parameters import CompareQuestion
from server.pages.page_context import PageContext

COUNTED = {"per-head": ("headCount", "staff"), "per-vehicle": ("vehicles", "total")}
"""The measure by which amounts are divided, and the line on which it stands, by what is shown."""

Counts = Mapping[tuple[str, str, str], Decimal]
"""A count by office, year and phase."""


async def read_counts(context: PageContext, comparison: CompareQuestion) -> Counts:
    """Return the counts by which the amounts of a comparison are divided; none if amounts are shown as they are."""
    if comparison.show not in COUNTED:
        return {}
    measure, line = COUNTED[comparison.show]
    rows = await context.select(
        "how_many_has_each_office",
        measure=f"{context.base}def#{measure}",
        line=f"{context.base}code/line/{line}",
        units=Literal(comparison.level == "unit"),
    )
    return {(row["organisation"], row["year"], row["phase"]): Decimal(row["count"]) for row in rows}


def count_of_cell(
    pivot: Pivot, comparison: CompareQuestion, counts: Counts, base: str, row: str, column: str
) -> Decimal | None:
    """Return the people or vehicles of all offices whose money is in a cell; None if one does not state them."""
    cell = pivot.cells.get((row, column))
    if cell is None:
        return None
    keys = dict(zip(comparison.axes, (row, column), strict=True))
    year = keys.get("year") or next(iter(comparison.chosen["year"]), "")
    phase = keys.get("phase") or f"{base}code/phase/{next(iter(comparison.chosen['phase']), '')}"
    found = [counts.get((office, year, phase)) for office in cell.offices]
    stated = [count for count in found if count]
    return sum(stated, Decimal(0)) if len(stated) == len(found) else None


def amount_per_count(
    pivot: Pivot, comparison: CompareQuestion, counts: Counts, base: str, row: str, column: str
) -> Decimal | None:
    """Return the amount in a cell divided by the people or vehicles of its offices, in yuan; None without a count."""
    amount = pivot.amount(row, column)
    count = count_of_cell(pivot, comparison, counts, base, row, column)
    return None if amount is None or not count else amount / count
