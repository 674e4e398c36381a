"""The pivot of a comparison as a table of data, for downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import product

from ontology.tabular.published_columns import DECIMAL, INTEGER, DataColumn, DataTable, Row, Value, short_key
from server.charts.pivot import Pivot
from server.pages.compare.per_head import COUNTED
from server.pages.compare.request_parameters import CompareQuestion

NAME = "comparison"
Names = Mapping[tuple[str, str], str]
"""The name of a resource by its IRI and a language."""


def comparison_table(comparison: CompareQuestion) -> DataTable:
    """Return the columns of a comparison: the key and the names of row and column, the sum, and why there is none.

    Where amounts are divided, the count and the amount for each follow.
    """
    columns: list[DataColumn] = []
    for axis in comparison.axes:
        columns.append(DataColumn(axis, INTEGER if axis == "year" else "string"))
        if axis != "year":
            columns += [DataColumn(f"{axis}_name"), DataColumn(f"{axis}_name_en")]
    columns += [DataColumn("amount", DECIMAL), DataColumn("facts", INTEGER), DataColumn("reason")]
    if comparison.show in COUNTED:
        columns += [DataColumn("count", INTEGER), DataColumn("amount_per_count", DECIMAL)]
    return DataTable(NAME, comparison.rows, tuple(columns))


def pivot_to_rows(
    pivot: Pivot,
    comparison: CompareQuestion,
    names: Names,
    base: str,
    count_of: Callable[[str, str], Decimal | None] | None = None,
) -> Iterator[Row]:
    """Return a row for each cell that has a sum or a reason for having none; amounts are in yuan.

    `count_of` returns that by which the amount in a cell is divided, None if it is not known.
    """
    for row, column in product(pivot.rows, pivot.columns):
        cell, gap = pivot.cells.get((row, column)), pivot.gap(row, column)
        if cell is None and gap is None:
            continue
        values: dict[str, Value] = {
            "amount": None if cell is None else cell.amount,
            "facts": None if cell is None else len(cell.facts),
            "reason": None if gap is None else gap.reason,
        }
        if comparison.show in COUNTED:
            count, amount = count_of(row, column) if count_of else None, pivot.amount(row, column)
            values["count"] = None if count is None else int(count)
            values["amount_per_count"] = None if not count or amount is None else round(amount / count, 2)
        for axis, key in zip(comparison.axes, (row, column), strict=True):
            if axis == "year":
                values[axis] = int(key)
            else:
                values[axis] = short_key(key.removeprefix(base))
                values[f"{axis}_name"] = names.get((key, "zh"))
                values[f"{axis}_name_en"] = names.get((key, "en"))
        yield values
