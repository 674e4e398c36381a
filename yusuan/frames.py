"""Rows and results of queries as typed pandas frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ontology.tabular.published_columns import BOOLEAN, DECIMAL, INTEGER, STRING, DataTable, Row
from ontology.tabular.result_types import common_type, datatype_to_type

if TYPE_CHECKING:
    import pandas as pd

FRAME_TYPES = {BOOLEAN: "bool", INTEGER: "Int64", DECIMAL: "float64"}
_NULLABLE = {BOOLEAN: "boolean", INTEGER: "Int64", DECIMAL: "Float64", STRING: None}
_READERS: Mapping[str, Callable[[str], object]] = {
    BOOLEAN: lambda text: text in ("true", "1"),
    INTEGER: int,
    DECIMAL: float,
    STRING: str,
}

TypedValue = tuple[str, str | None]
"""The text of a term and, for a literal, the IRI of its datatype."""


def rows_to_frame(table: DataTable, rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows of a table of data as a frame; decimal numbers are floats. Types do not depend on the rows."""
    import pandas as pd

    frame = pd.DataFrame(map(dict, rows), columns=list(table.names))
    text = "str" if int(pd.__version__.partition(".")[0]) >= 3 else "object"
    return frame.astype({c.name: FRAME_TYPES.get(c.type, text) for c in table.columns})


def solutions_to_frame(names: Sequence[str], solutions: Iterable[Sequence[TypedValue | None]]) -> pd.DataFrame:
    """Return the solutions of a query as a frame; unbound variables are missing values.

    A column has the type of its literals if all have the same: numbers, whole numbers and years, or truth values.
    """
    import pandas as pd

    rows = list(solutions)
    columns = {}
    for position, name in enumerate(names):
        terms = [row[position] for row in rows]
        type = common_type(datatype_to_type(term[1]) for term in terms if term is not None)
        values = [None if term is None else _READERS[type](term[0]) for term in terms]
        columns[name] = pd.Series(values, dtype=_NULLABLE[type] or "object")
    return pd.DataFrame(columns, columns=list(names))
