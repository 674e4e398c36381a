"""The facts of a store as a folder of files: Parquet partitioned by year and division, or CSV with descriptions."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from ontology.tabular.data_package import FileDigest
from ontology.tabular.published_columns import DATA_TABLES, DESCRIPTIONS
from server.dataset.dump_process import CROISSANT, DATA_PACKAGE, WRITERS, write_description
from server.facts.partitions import RECORD, generation_to_record, write_partitions
from server.store.durable_files import UNFINISHED
from server.store.generation_store import open_store
from server.store.published_store import open_generation

CSV_FILES = (*(f"{name}.csv" for name in DATA_TABLES), *DESCRIPTIONS)


def write_fact_partitions(store: Path, folder: Path, base: str) -> int:
    """Write the current facts of a store as Parquet, one file for each year and division; return the number of facts.

    What has not changed since an earlier run is taken over from the folder. Partitions of an earlier run are replaced
    when all are written. Raise StoreMissingError if nothing is published.
    """
    unfinished = folder.with_name(folder.name + UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    generations = open_store(store, base)
    generations.require_base()
    with generations.read() as generation:
        opened = open_generation(generation)
        record = generation_to_record(opened, generation, base)
        number = write_partitions(opened, record, unfinished, folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RECORD).unlink(missing_ok=True)
    for old in folder.glob("year=*"):
        shutil.rmtree(old)
    for part in sorted(unfinished.iterdir(), reverse=True):
        part.rename(folder / part.name)
    unfinished.rmdir()
    return number


def write_csv_folder(store: Path, folder: Path, base: str) -> None:
    """Write the current facts, claims and findings of a store as CSV, with their descriptions for machines.

    Raise StoreMissingError if nothing is published.
    """
    digests: dict[str, FileDigest] = {}
    with open_store(store, base).open() as opened:
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
