"""The facts of a store as a folder of files: Parquet partitioned by year and division, or CSV with descriptions."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from ontology.tabular.data_package import FileDigest
from ontology.tabular.data_tables import DATA_TABLES, DESCRIPTIONS, FACTS, Row
from server.dataset.data_rows import data_rows, select_from
from server.dataset.dump_process import CROISSANT, DATA_PACKAGE, WRITERS, current_versions, write_description
from server.exports.parquet_table import write_parquet_table
from server.store.durable_files import UNFINISHED
from server.store.generation_store import GenerationStore
from server.store.published_store import PublishedStore

PARTITIONS = ("year", "division")
"""The columns whose values are in the names of folders (`year=2024/division=420107/`) and not in the files."""
CSV_FILES = (*(f"{name}.csv" for name in DATA_TABLES), *DESCRIPTIONS)


def write_fact_partitions(store: Path, folder: Path, base: str) -> int:
    """Write the current facts of a store as Parquet, one file for each year and division; return the number of facts.

    Partitions of an earlier run are replaced when all are written. Raise StoreMissingError if nothing is published.
    """
    unfinished = folder.with_name(folder.name + UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    columns = [column for column in FACTS.columns if column.name not in PARTITIONS]
    number = 0
    with GenerationStore(store, base).open() as opened:
        unfinished.mkdir(parents=True)
        for division, rows in _rows_by_division(opened, base):
            by_year: dict[object, list[Row]] = defaultdict(list)
            for row in rows:
                by_year[row["year"]].append(row)
                number += 1
            for year, of_year in sorted(by_year.items(), key=lambda item: str(item[0])):
                part = unfinished / f"year={year}" / f"division={division}"
                part.mkdir(parents=True)
                with (part / "facts.parquet").open("wb") as output:
                    write_parquet_table(columns, of_year, output)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("year=*"):
        shutil.rmtree(old)
    for part in unfinished.iterdir():
        part.rename(folder / part.name)
    unfinished.rmdir()
    return number


def _rows_by_division(store: PublishedStore, base: str) -> Iterator[tuple[str, Iterable[Row]]]:
    """The facts of the current versions, division by division, so that one division at a time is held in memory."""
    select, start = select_from(store, base), f"{base}id/disclosure/"

    def division(version: str) -> str:
        return version.removeprefix(start).partition("/")[0]

    for name, versions in groupby(sorted(current_versions(store, base), key=division), key=division):
        yield name, (row for version in versions for row in data_rows(FACTS, select, base, version))


def write_csv_folder(store: Path, folder: Path, base: str) -> None:
    """Write the current facts, claims and findings of a store as CSV, with their descriptions for machines.

    Raise StoreMissingError if nothing is published.
    """
    digests: dict[str, FileDigest] = {}
    with GenerationStore(store, base).open() as opened:
        folder.mkdir(parents=True, exist_ok=True)
        for name in CSV_FILES:
            unfinished = folder / (name + UNFINISHED)
            with unfinished.open("wb") as output:
                if name in (DATA_PACKAGE, CROISSANT):
                    write_description(name, digests, output)
                else:
                    WRITERS[name](opened, base, None, output)
            if name.endswith(".csv"):
                digests[name.removesuffix(".csv")] = _digest(unfinished)
            unfinished.replace(folder / name)


def _digest(file: Path) -> FileDigest:
    with file.open("rb") as content:
        return FileDigest(file.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest())
