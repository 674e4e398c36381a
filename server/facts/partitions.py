"""The current facts of a generation as Parquet, one file for each year and division: `year=2024/division=420107/`.

`_versions.json` beside them says which versions they were made from. The folder of a later generation takes over what
has not changed: a file none of whose disclosures changed is linked, in others only the rows of these are replaced.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pyoxigraph import QuerySolutions

from ontology.tabular.published_columns import FACTS, Row
from server.dataset.published_rows import data_rows, select_from
from server.exports.parquet_table import COMPRESSION, parquet_schema
from server.sparql.query_templates import fill_query
from server.store.digests import is_attested
from server.store.generation_store import VOCABULARY_DIGEST
from server.store.published_store import PublishedStore, is_remote

if TYPE_CHECKING:
    import pyarrow as pa

PARTITIONS = ("year", "division")
"""The columns whose values are in the names of folders and not in the files."""
FILE, RECORD, FORMAT = "facts.parquet", "_versions.json", 1
ROW_GROUP = 8192
"""Facts of a group of rows: of few disclosures, so that the facts of one are found by the statistics of groups."""
_COLUMNS = tuple(column for column in FACTS.columns if column.name not in PARTITIONS)


@dataclass(frozen=True)
class PartitionsRecord:
    """What partitions were made from: the vocabulary by its digest, and each disclosure's version and when it was made.

    `files` are the files with their sizes. `vocabulary` is empty where graphs may say something else than the
    addresses of their versions promise, as after a SPARQL update.
    """

    base: str
    vocabulary: str
    versions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    format: int = FORMAT

    def unchanged(self, since: PartitionsRecord | None) -> set[str]:
        """Return the disclosures whose rows may be taken over from earlier partitions."""
        if since is None or not self.vocabulary:
            return set()
        if (self.base, self.vocabulary, self.format) != (since.base, since.vocabulary, since.format):
            return set()
        return {name for name, version in self.versions.items() if since.versions.get(name) == version}


def read_record(folder: Path) -> PartitionsRecord | None:
    """Return what the partitions in a folder were made from; None if a file is missing or of another release."""
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        versions = {name: (version, made) for name, (version, made) in content.pop("versions").items()}
        record = PartitionsRecord(versions=versions, **content)
        is_whole = all((folder / name).stat().st_size == size for name, size in record.files.items())
    except (OSError, KeyError, TypeError, ValueError):
        return None
    return record if is_whole and record.format == FORMAT else None


def generation_to_record(store: PublishedStore, generation: Path, base: str) -> PartitionsRecord:
    """Return what the partitions of a generation are made from."""
    is_as_published = is_attested(generation) or is_remote(generation)  # no client has changed a graph since
    digest = generation / VOCABULARY_DIGEST
    solutions = store.query(fill_query("when_was_each_current_version_made"), base_iri=base)
    assert isinstance(solutions, QuerySolutions)
    versions: dict[str, tuple[str, str]] = {}
    for row in solutions:
        version, disclosure, made = (getattr(row[name], "value", "") for name in ("version", "disclosure", "made"))
        versions[disclosure.removeprefix(f"{base}id/disclosure/")] = version, made
    return PartitionsRecord(
        base, digest.read_text(encoding="ascii") if is_as_published and digest.exists() else "", versions
    )


def write_partitions(store: PublishedStore, record: PartitionsRecord, folder: Path, previous: Path | None) -> int:
    """Write the facts of the versions of a record to a new folder; return their number.

    What has not changed since the partitions in the folder `previous` is taken over from there.
    """
    unchanged = record.unchanged(read_record(previous)) if previous is not None else set()
    select = select_from(store, record.base)
    folder.mkdir(parents=True)
    number = 0
    for division in sorted({name.partition("/")[0] for name in record.versions}):
        new = sorted(name for name in record.versions.keys() - unchanged if name.startswith(f"{division}/"))
        writer = _DivisionWriter(folder, division)
        with writer:
            for disclosure in new:
                writer.add(data_rows(FACTS, select, record.base, record.versions[disclosure][0]))
            if previous is not None and unchanged:
                for part in sorted(previous.glob(f"year=*/division={division}/{FILE}")):
                    writer.take_over(part, unchanged)
        number += writer.number
    files = {str(file.relative_to(folder)): file.stat().st_size for file in folder.rglob(FILE)}
    written = asdict(replace(record, files=files))
    (folder / RECORD).write_text(json.dumps(written, indent=0, sort_keys=True), encoding="utf-8")
    return number


class _DivisionWriter:
    """Writes the files of a division, one for each year; memory is limited to one group of rows a year."""

    def __init__(self, folder: Path, division: str) -> None:
        self.number = 0
        self._folder, self._division = folder, division
        self._schema = parquet_schema(_COLUMNS)
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        self._writers: dict[str, Any] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for year in sorted(self._rows):
                self._flush(year)
        self._open.__exit__(kind, error, trace)

    def add(self, rows: Iterable[Row]) -> None:
        """Add the facts of a version, whose years are mostly one."""
        for row in rows:
            year = str(row["year"])
            self._rows[year].append(row)
            if len(self._rows[year]) >= ROW_GROUP:
                self._flush(year)

    def take_over(self, part: Path, disclosures: set[str]) -> None:
        """Add the facts of these disclosures from a file: a link to it if it has no others and its year nothing new."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        year = part.parent.parent.name.partition("=")[2]
        with pq.ParquetFile(part) as file:
            held = set(file.read(["disclosure"])["disclosure"].unique().to_pylist())
            if held <= disclosures and year not in self._rows:
                self.number += file.metadata.num_rows
                _link(part, self._path(year))
                return
            kept = pa.array(sorted(held & disclosures), pa.string())
            for group in range(file.num_row_groups):
                table = file.read_row_group(group)
                self._write(year, table.filter(pc.is_in(table["disclosure"], value_set=kept)))

    def _flush(self, year: str) -> None:
        import pyarrow as pa

        rows, self._rows[year] = self._rows[year], []
        if rows:
            self._write(year, pa.Table.from_pylist(rows, schema=self._schema))

    def _write(self, year: str, table: pa.Table) -> None:
        import pyarrow.parquet as pq

        if table.num_rows == 0:
            return
        if year not in self._writers:
            writer = pq.ParquetWriter(self._path(year), self._schema, compression=COMPRESSION)
            self._writers[year] = self._open.enter_context(writer)
        self.number += table.num_rows
        self._writers[year].write_table(table)

    def _path(self, year: str) -> Path:
        path = self._folder / f"year={year}" / f"division={self._division}" / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def _link(file: Path, path: Path) -> None:
    """Give a file one more name, or copy it where the file system cannot."""
    try:
        os.link(file, path)
    except OSError:
        shutil.copyfile(file, path)
