"""Tables of data as Parquet. Needs PyArrow from the extra `parquet`; without it Parquet is not offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from ontology.tabular.published_columns import BOOLEAN, DECIMAL, INTEGER, STRING, DataColumn, Row

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 50_000
COMPRESSION = "zstd"
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


def write_parquet_table(columns: Sequence[DataColumn], rows: Iterable[Row], output: BinaryIO) -> None:
    """Write rows with these columns: decimals are exact, what is None is null.

    Raise ValueError for a number of more than 38 digits or more than ten decimals.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = parquet_schema(columns)
    with pq.ParquetWriter(CountedOutput(output), schema, compression=COMPRESSION) as writer:
        for group in _groups(rows):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def parquet_schema(columns: Iterable[DataColumn]) -> pa.Schema:
    """Return the Arrow schema of columns."""
    import pyarrow as pa

    types = {
        STRING: pa.string(),
        BOOLEAN: pa.bool_(),
        INTEGER: pa.int32(),
        DECIMAL: pa.decimal128(DIGITS, PLACES),
    }
    return pa.schema([(column.name, types[column.type]) for column in columns])


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while group := list(islice(remaining, ROW_GROUP)):
        yield group
