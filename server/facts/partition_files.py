"""The facts of a service as Parquet: written once for a generation by a separate process, beside the generations."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from fastapi import Request

from server.errors import EngineFailedError, ServiceError
from server.exports.parquet_table import AVAILABLE
from server.facts.partitions import PartitionsRecord, read_record
from server.processes.runner import running_task
from server.processes.task import Limits, Task
from server.settings import Settings
from server.store.current_generation import CurrentGeneration
from server.store.derived_folder import DerivedFolder
from server.store.durable_files import UNFINISHED
from server.store.generations import Generations
from server.store.published_store import is_remote

if TYPE_CHECKING:
    import pyarrow.dataset as ds

FOLDER = "facts"
MOST_IN_MEMORY = 100_000
"""Facts that are kept in memory: some 35 MB, those of about 300 disclosures."""
_DIFFERENT = frozenset({"fact", "organisation"})

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FactPartitions:
    """The facts of a generation: a folder of Parquet files, and what they were made from."""

    folder: Path
    record: PartitionsRecord

    @cached_property
    def dataset(self) -> ds.Dataset | None:
        """The facts as an Arrow dataset, None if there are none.

        Up to MOST_IN_MEMORY facts are read once: a scan of files decodes ten times as much as a question asks for.
        """
        import pyarrow as pa
        import pyarrow.dataset as ds

        kinds = ds.partitioning(pa.schema([("year", pa.int32()), ("division", pa.string())]), flavor="hive")
        files = ds.dataset(self.folder, format="parquet", partitioning=kinds)
        if not files.files:
            return None
        return _in_memory(files) if files.count_rows() <= MOST_IN_MEMORY else files


def _in_memory(files: ds.Dataset) -> ds.Dataset:
    """Return a dataset as one in memory, each text once; addresses and names of offices, which differ, as they are."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    table = files.to_table(use_threads=False)
    columns = [
        column.dictionary_encode() if pa.types.is_string(column.type) and name not in _DIFFERENT else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return ds.dataset(pa.table(columns, names=table.column_names).combine_chunks())


class PartitionFiles:
    """The partitions of a store's current generation, in the folder `facts` of the store or in a temporary folder.

    A folder is named by the identity of the store and the number of the generation.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.generations = Generations(settings.store)
        self.current = CurrentGeneration(self.generations)
        self.folder = DerivedFolder(self.generations.path, FOLDER)
        self.writing: asyncio.Task[None] | None = None
        self.known: FactPartitions | None = None
        self.failed = ""

    def of_current(self) -> FactPartitions | None:
        """Return the partitions of the current generation; None, and begin to write them, if there are none.

        Always None without PyArrow. Raise StoreMissingError if there is no store.
        """
        if not AVAILABLE:
            return None
        name = self._name(self.current.read().name)
        if self.known is None or self.known.folder.name != name:
            self.known = self._find(name)
        if self.known is None and self.failed != name and (self.writing is None or self.writing.done()):
            self.writing = asyncio.create_task(self._write())
        return self.known

    def prepare(self) -> None:
        """Begin to write the partitions if there are none, and load PyArrow in a thread, which takes a moment."""
        self.of_current()
        if AVAILABLE:
            asyncio.get_running_loop().run_in_executor(None, import_module, "pyarrow.dataset")

    async def close(self) -> None:
        """Stop writing."""
        if self.writing is not None:
            self.writing.cancel()
            await asyncio.gather(self.writing, return_exceptions=True)
        self.folder.close()

    def _name(self, generation: str) -> str:
        return f"{self.generations.identity()[:16]}-{generation}"

    def _find(self, name: str) -> FactPartitions | None:
        for parent in (self.generations.path / FOLDER, self.folder.path()):
            record = read_record(parent / name)
            if record is not None and record.base == self.settings.base:
                return FactPartitions(parent / name, record)
        return None

    async def _write(self) -> None:
        try:
            generation, hold = self.generations.hold_current()
        except ServiceError as error:
            log.warning("the facts are not written as Parquet: %s", error)
            return
        folder = self.folder.path() / self._name(generation.name)
        unfinished = folder.with_name(f"{folder.name}.{token_hex(4)}{UNFINISHED}")
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            earlier = self._earlier(folder.parent)
            arguments = {
                "folder": str(generation),
                "base": self.settings.base,
                "output": str(unfinished),
                "previous": str(earlier[-1]) if earlier else "",
            }
            limits = Limits(low_priority=True, network=is_remote(generation))
            task = Task("server.facts.partition_process", arguments, limits)
            async with running_task(task, log) as process:
                if await process.wait() != 0:
                    raise EngineFailedError
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.rename(folder)
            for other in earlier[:-1]:
                shutil.rmtree(other, ignore_errors=True)
        except (EngineFailedError, OSError) as error:
            self.failed = folder.name
            log.warning("the facts are not written as Parquet: %s", error)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
            os.close(hold)

    def _earlier(self, parent: Path) -> list[Path]:
        """The partitions of other generations of this store, the newest last."""
        own = self.generations.identity()[:16]
        numbers = (path.name.partition("-") for path in parent.iterdir())
        found = sorted(int(number) for name, _, number in numbers if name == own and number.isdecimal())
        return [parent / f"{own}-{number}" for number in found]


def get_partition_files(request: Request) -> PartitionFiles:
    """Return the partitions of this service."""
    files = request.app.state.partition_files
    assert isinstance(files, PartitionFiles)
    return files
