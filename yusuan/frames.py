"""Rows and results of queries as typed pandas frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ontology.namespaces import XSD
from ontology.tabular.data_tables import BOOLEAN, DECIMAL, INTEGER, STRING, DataTable, Row

if TYPE_CHECKING:
    import pandas as pd

FRAME_TYPES = {BOOLEAN: "bool", INTEGER: "Int64", DECIMAL: "float64"}
_WHOLE = ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "gYear")
_NULLABLE = {
    **dict.fromkeys((XSD + name for name in ("decimal", "double", "float")), "Float64"),
    **dict.fromkeys((XSD + name for name in _WHOLE), "Int64"),
    XSD + "boolean": "boolean",
}

TypedValue = tuple[str, str | None]
"""The text of a term and, for a literal, the IRI of its datatype."""


def rows_to_frame(table: DataTable, rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows of a table of data as a frame; decimal numbers are floats."""
    import pandas as pd

    frame = pd.DataFrame(map(dict, rows), columns=list(table.names))
    return frame.astype({c.name: FRAME_TYPES[c.type] for c in table.columns if c.type != STRING})


def solutions_to_frame(names: Sequence[str], solutions: Iterable[Sequence[TypedValue | None]]) -> pd.DataFrame:
    """Return the solutions of a query as a frame; unbound variables are missing values.

    A column has the type of its literals if all have the same: numbers, whole numbers and years, or truth values.
    """
    import pandas as pd

    rows = list(solutions)
    columns = {}
    for position, name in enumerate(names):
        terms = [row[position] for row in rows]
        kinds = {_NULLABLE.get(term[1] or "", "object") for term in terms if term is not None}
        values = [None if term is None else term[0] for term in terms]
        kind = kinds.pop() if len(kinds) == 1 else "object"
        columns[name] = pd.Series(_read(values, kind), dtype=None if kind == "object" else kind)
    return pd.DataFrame(columns, columns=list(names))


def _read(values: Sequence[str | None], kind: str) -> list[object]:
    if kind == "Float64":
        return [None if value is None else float(value) for value in values]
    if kind == "Int64":
        return [None if value is None else int(value) for value in values]
    if kind == "boolean":
        return [None if value is None else value in ("true", "1") for value in values]
    return list(values)
