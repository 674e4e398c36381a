"""The formats of tables of data."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import BinaryIO

from ontology.tabular.published_columns import DataTable, Row
from server.exports.csv_table import write_csv_table
from server.exports.parquet_table import write_parquet_table
from server.exports.xlsx_table import write_xlsx_table

TableWriter = Callable[[DataTable, Iterable[Row], BinaryIO], None]


def _write_csv(table: DataTable, rows: Iterable[Row], output: BinaryIO) -> None:
    write_csv_table(table.columns, rows, output)


def _write_parquet(table: DataTable, rows: Iterable[Row], output: BinaryIO) -> None:
    write_parquet_table(table.columns, rows, output)


TABLE_WRITERS: dict[str, TableWriter] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
    "xlsx": write_xlsx_table,
}
"""The writer of each format, by the extension of a file. Parquet needs PyArrow (`parquet_table.AVAILABLE`)."""


def table_to_bytes(table: DataTable, rows: Iterable[Row], form: str) -> bytes:
    """Return a table in a format of TABLE_WRITERS."""
    output = io.BytesIO()
    TABLE_WRITERS[form](table, rows, output)
    return output.getvalue()
