"""Figures as Parquet. Needs PyArrow from the extra `parquet`; without it Parquet is not offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice
from typing import BinaryIO

ROW_GROUP = 50_000
DECIMALS, YEARS = ("amount", "precision"), ("year",)
DIGITS, PLACES = 38, 10
AVAILABLE = find_spec("pyarrow") is not None


class CountedOutput:
    """A wrapper that counts the bytes written to a stream without position, such as a pipe."""

    def __init__(self, output: BinaryIO) -> None:
        self.output = output
        self.position = 0
        self.closed = False

    def write(self, content: bytes) -> int:
        """Write to the stream."""
        self.output.write(content)
        self.position += len(content)
        return len(content)

    def tell(self) -> int:
        """Return the number of bytes written."""
        return self.position

    def flush(self) -> None:
        """Flush the stream."""
        self.output.flush()


def write_rows(columns: Iterable[str], rows: Iterable[dict[str, str]], output: BinaryIO) -> None:
    """Write rows of text with these columns: empty text is null, amounts are exact decimals, years numbers.

    Raise ValueError for an amount of more than 38 digits or more than ten decimals.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = dict.fromkeys(columns, pa.string())
    numbers = dict.fromkeys(DECIMALS, pa.decimal128(DIGITS, PLACES)) | dict.fromkeys(YEARS, pa.int16())
    schema = pa.schema([(name, numbers.get(name, kind)) for name, kind in types.items()])
    with pq.ParquetWriter(CountedOutput(output), schema, compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_table(pa.Table.from_pylist([_typed(row) for row in group], schema=schema))


def _groups(rows: Iterable[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    remaining = iter(rows)
    while group := list(islice(remaining, ROW_GROUP)):
        yield group


def _typed(row: dict[str, str]) -> dict[str, str | int | Decimal | None]:
    return {name: _value(name, text) for name, text in row.items()}


def _value(name: str, text: str) -> str | int | Decimal | None:
    if not text:
        return None
    if name in DECIMALS:
        return Decimal(text)
    return int(text) if name in YEARS else text
