"""Tables of data as CSV (RFC 4180) in UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import BinaryIO

from ontology.numbers import decimal_to_text
from ontology.tabular.published_columns import DataColumn, Row, Value
from ontology.text import spreadsheet_safe


def write_csv_table(columns: Sequence[DataColumn], rows: Iterable[Row], output: BinaryIO) -> None:
    """Write a header and rows: truth values are `true` and `false`, what is None is empty.

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    names = [column.name for column in columns]
    writer.writerow(names)
    writer.writerows([value_to_text(row[name]) for name in names] for row in rows)
    text.detach()


def value_to_text(value: Value) -> str:
    """Return a value as a cell of CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_to_text(value)
    return spreadsheet_safe(value) if isinstance(value, str) else str(value)
