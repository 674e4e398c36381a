"""The index of a service: built once for a generation by a separate process, kept beside the generations."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from server.errors import EngineFailedError, SearchNotReadyError, ServiceError
from server.execution.fair_slots import FairSlots
from server.processes.runner import running_task
from server.processes.task import Limits, Task
from server.search.index.index_reader import SearchIndex
from server.search.index.index_writer import FORMAT
from server.settings import Settings
from server.store.current_generation import CurrentGeneration
from server.store.derived_folder import DerivedFolder
from server.store.durable_files import UNFINISHED
from server.store.generations import Generations
from server.store.published_store import is_remote

FOLDER = "search"
SUFFIX = ".sqlite"
LISTING = ".list"
PATIENCE = 2.0
AT_ONCE = 2

T = TypeVar("T")

log = logging.getLogger(__name__)


class SearchIndexes:
    """The newest index of a store.

    While the index of a new generation is built, the one before it answers. All files are in the folder `search` of the
    store, or in a temporary folder if the store is read-only.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.generations = Generations(settings.store)
        self.current = CurrentGeneration(self.generations)
        self.slots = FairSlots(AT_ONCE)
        self.index: SearchIndex | None = None
        self.listing: SearchIndex | None = None
        self.building: asyncio.Task[None] | None = None
        self.failed = ""
        self.folder = DerivedFolder(self.generations.path, FOLDER)

    def known(self) -> SearchIndex | None:
        """Return the newest index there is; begin to build that of the current generation if it is missing.

        Raise StoreMissingError if there is no store.
        """
        generation = self.current.read().name
        if self.index is None:
            self.index = self._find()
        is_current = self.index is not None and self.index.generation == generation
        if not is_current and self.failed != generation and (self.building is None or self.building.done()):
            self.building = asyncio.create_task(self._build())
        return self.index

    @property
    def generation(self) -> str:
        """The generation of the newest index, empty without one."""
        return self.index.generation if self.index is not None else ""

    def of_current(self) -> SearchIndex | None:
        """Return the index of the current generation, if there is one; else begin to build it."""
        index = self.known()
        return index if index is not None and index.generation == self.current.read().name else None

    def of_current_disclosures(self) -> SearchIndex | None:
        """Return an index with the disclosures of the current generation: the whole one, or while it is built its list.

        The list has no entries to search. None is returned until there is one of them.
        """
        whole = self.of_current()
        if whole is not None or self.listing is None or not self.listing.path.exists():
            return whole
        return self.listing if self.listing.generation == self.current.read().name else None

    async def ready(self) -> SearchIndex:
        """Return the newest index; wait PATIENCE seconds for the first one, then raise SearchNotReadyError."""
        index = self.known()
        if index is None and self.building is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.building), PATIENCE)
            index = self.index
        if index is None:
            raise SearchNotReadyError
        return index

    async def ask(self, client: str, question: Callable[[SearchIndex], T]) -> T:
        """Return the answer of the index to a question, asked in a thread; clients wait for their turn fairly.

        Raise SearchNotReadyError, StoreMissingError or QueryTimeoutError.
        """
        return await self.ask_index(await self.ready(), client, question)

    async def ask_index(self, index: SearchIndex, client: str, question: Callable[[SearchIndex], T]) -> T:
        """Return the answer of an index to a question, as `ask` does."""
        async with self.slots.place(client):
            return await asyncio.to_thread(question, index)

    async def close(self) -> None:
        """Stop building."""
        if self.building is not None:
            self.building.cancel()
            await asyncio.gather(self.building, return_exceptions=True)
        if self.listing is not None:
            self.listing.path.unlink(missing_ok=True)
        self.folder.close()

    def _find(self) -> SearchIndex | None:
        folders = {self.generations.path / FOLDER, self.folder.path()}
        return find_index(folders, self.generations.identity(), self.settings.base)

    async def _build(self) -> None:
        try:
            generation, hold = self.generations.hold_current()
        except ServiceError as error:
            log.warning("the search index is not renewed: %s", error)
            return
        path = self.folder.path() / f"{generation.name}{SUFFIX}"
        unfinished = path.with_name(f"{path.name}.{token_hex(4)}{UNFINISHED}")
        listing = unfinished.with_suffix(LISTING)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            for former in path.parent.glob(f"*{LISTING}"):
                former.unlink(missing_ok=True)
            self.listing = SearchIndex(listing.absolute())
            await self._write(generation, unfinished, listing)
            unfinished.replace(path)
            self.index = SearchIndex(path.absolute())
            for other in path.parent.glob(f"*{SUFFIX}"):
                if other != path:
                    other.unlink(missing_ok=True)
        except (EngineFailedError, OSError) as error:
            self.failed = generation.name
            log.warning("the search index is not renewed: %s", error)
        finally:
            unfinished.unlink(missing_ok=True)
            os.close(hold)

    async def _write(self, generation: Path, output: Path, listing: Path) -> None:
        about = about_index(self.generations.identity(), self.settings.base, generation.name)
        arguments = {
            "folder": str(generation),
            "base": self.settings.base,
            "about": about,
            "output": str(output),
            "listing": str(listing),
        }
        limits = Limits(low_priority=True, network=is_remote(generation))
        async with running_task(Task("server.search.index.index_process", arguments, limits), log) as process:
            if await process.wait() != 0:
                raise EngineFailedError


def find_index(folders: Iterable[Path], store: str, base: str) -> SearchIndex | None:
    """Return the newest index in some folders of the store with this identity and base."""
    found = (SearchIndex(path.absolute()) for folder in folders for path in folder.glob(f"*{SUFFIX}"))
    indexes = [index for index in found if index.is_of(store, base) and index.generation.isdecimal()]
    return max(indexes, key=lambda index: int(index.generation), default=None)


def about_index(store: str, base: str, generation: str) -> dict[str, str]:
    """Return what the index of a generation says of itself."""
    return {"format": str(FORMAT), "store": store, "base": base, "generation": generation}


def get_indexes(request: Request) -> SearchIndexes:
    """Return the search index of this service."""
    indexes = request.app.state.search
    assert isinstance(indexes, SearchIndexes)
    return indexes


SearchOf = Annotated[SearchIndexes, Depends(get_indexes)]
