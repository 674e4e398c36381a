"""Download files: each is written once for a generation by a separate process, and kept while there is room.

What other code or a service with another base wrote is not served.
"""

import asyncio
import logging
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from server.errors import EngineFailedError, StoreNotWrittenError
from server.execution.fair_slots import FairSlots
from server.exports.code_digest import code_digest
from server.processes.runner import running_task
from server.processes.task import Limits, Task
from server.settings import Settings
from server.store.derived_folder import DerivedFolder
from server.store.durable_files import UNFINISHED
from server.store.generations import Generations
from server.store.published_store import is_remote

FOLDER = "downloads"
AT_ONCE = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DownloadKey:
    """The content of a file: all current data, or the version with this IRI, in a format of `dump_process.WRITERS`."""

    form: str
    version: str = ""

    @property
    def name(self) -> str:
        """The file name."""
        return f"{sha256(self.version.encode()).hexdigest()[:32] if self.version else 'current'}.{self.form}"


def generation_of(file: Path) -> str:
    """Return the name of the generation whose data a download file holds."""
    return file.parent.name.partition("-")[0]


class DownloadFiles:
    """The files of the current generation, at most `download_space` bytes; the least recently used are removed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.generations = Generations(settings.store)
        self.slots = FairSlots(AT_ONCE)
        self.making: dict[Path, asyncio.Task[None]] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.wanted: Counter[Path] = Counter()
        self.folder = DerivedFolder(self.generations.path, FOLDER)

    def find(self, key: DownloadKey) -> Path | None:
        """Return the file if it exists. Raise StoreMissingError if there is no store."""
        path = self.place(self.generations.current()) / key.name
        return path if path.is_file() else None

    @asynccontextmanager
    async def open(self, key: DownloadKey, client: str) -> AsyncIterator[Path]:
        """Write the file unless it exists, and keep it until the block ends.

        All requests for the same file wait for one process. Raise EngineFailedError, StoreMissingError, or
        StoreNotWrittenError if the disk is full.
        """
        with self.generations.read() as generation:
            path = self.place(generation) / key.name
            with self._wanting(path):
                if not path.is_file():
                    if path not in self.making:
                        self.making[path] = self._begin(self._make(generation, key, path, client), path)
                    await asyncio.shield(self.making[path])
                with suppress(OSError):
                    os.utime(path, (path.stat().st_atime, path.stat().st_mtime))
                yield path

    async def close(self) -> None:
        """Stop writing files."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.folder.close()

    def place(self, generation: Path) -> Path:
        """Return the folder of the files of a generation as this code writes them with this base."""
        writer = sha256(f"{code_digest()} {self.settings.base}".encode()).hexdigest()[:16]
        return self.folder.path() / f"{generation.name}-{writer}"

    @contextmanager
    def _wanting(self, path: Path) -> Iterator[None]:
        """Count the requests for a file; writing stops when no request is left."""
        self.wanted[path] += 1
        try:
            yield
        finally:
            self.wanted[path] -= 1
            if not self.wanted[path]:
                del self.wanted[path]
                if path in self.making:
                    self.making.pop(path).cancel()

    def _begin(self, making: Coroutine[None, None, None], path: Path) -> asyncio.Task[None]:
        task = asyncio.create_task(making)
        self.tasks.add(task)

        def forget(done: asyncio.Task[None]) -> None:
            self.tasks.discard(done)
            if self.making.get(path) is done:
                del self.making[path]

        task.add_done_callback(forget)
        return task

    async def _make(self, generation: Path, key: DownloadKey, path: Path, client: str) -> None:
        async with self.slots.place(client):
            unfinished = path.with_name(f"{path.name}.{token_hex(4)}{UNFINISHED}")
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._make_room(path.parent)
                with unfinished.open("wb") as file:
                    await self._write(generation, key, file.fileno())
                unfinished.replace(path)
            except OSError as error:
                raise StoreNotWrittenError(path=path.parent, reason=error.strerror or error) from error
            finally:
                unfinished.unlink(missing_ok=True)

    async def _write(self, generation: Path, key: DownloadKey, output: int) -> None:
        arguments = {
            "folder": str(generation),
            "base": self.settings.base,
            "form": key.form,
            "version": key.version,
        }
        task = Task("server.dataset.dump_process", arguments, Limits(low_priority=True, network=is_remote(generation)))
        async with running_task(task, log, stdout=output) as process:
            if await process.wait() != 0:
                raise EngineFailedError

    def _make_room(self, folder: Path) -> None:
        """Remove files of other generations, and the least recently used files above the limit."""
        for other in folder.parent.iterdir():
            if other != folder and not any(path.parent == other for path in self.wanted):
                shutil.rmtree(other, ignore_errors=True)
        kept = [(path.stat(), path) for path in folder.iterdir() if path.suffix != UNFINISHED]
        size = sum(status.st_size for status, _ in kept)
        for status, path in sorted(kept, key=lambda item: item[0].st_atime):
            if size <= self.settings.download_space:
                break
            if path not in self.wanted:
                path.unlink(missing_ok=True)
                size -= status.st_size
