"""The pivot of a comparison as a table of data, for downloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from ontology.tabular.data_tables import DECIMAL, INTEGER, DataColumn, DataTable, Row, Value, short_key
from server.charts.pivot import Pivot
from server.pages.compare.question import CompareQuestion

NAME = "comparison"
Names = Mapping[tuple[str, str], str]
"""The name of a resource by its IRI and a language."""


def comparison_table(comparison: CompareQuestion) -> DataTable:
    """Return the columns of a comparison: the key and the names of row and column, the sum, and why there is none."""
    columns: list[DataColumn] = []
    for axis in comparison.axes:
        columns.append(DataColumn(axis, INTEGER if axis == "year" else "string"))
        if axis != "year":
            columns += [DataColumn(f"{axis}_name"), DataColumn(f"{axis}_name_en")]
    columns += [DataColumn("amount", DECIMAL), DataColumn("facts", INTEGER), DataColumn("reason")]
    return DataTable(NAME, comparison.rows, tuple(columns))


def pivot_to_rows(pivot: Pivot, comparison: CompareQuestion, names: Names, base: str) -> Iterator[Row]:
    """Return a row for each cell that has a sum or a reason for having none; amounts are in yuan."""
    for row, column in product(pivot.rows, pivot.columns):
        cell, gap = pivot.cells.get((row, column)), pivot.gap(row, column)
        if cell is None and gap is None:
            continue
        values: dict[str, Value] = {
            "amount": None if cell is None else cell.amount,
            "facts": None if cell is None else len(cell.facts),
            "reason": None if gap is None else gap.reason,
        }
        for axis, key in zip(comparison.axes, (row, column), strict=True):
            if axis == "year":
                values[axis] = int(key)
            else:
                values[axis] = short_key(key.removeprefix(base))
                values[f"{axis}_name"] = names.get((key, "zh"))
                values[f"{axis}_name_en"] = names.get((key, "en"))
        yield values
