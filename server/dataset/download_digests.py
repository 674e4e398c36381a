"""Sizes and checksums of downloads, computed once for a generation by a separate process, and kept beside the files."""

import asyncio
import json
import logging
import os
from asyncio.subprocess import PIPE
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from ontology.tabular.data_package import FileDigest
from server.dataset.download_files import DownloadFiles, DownloadKey
from server.errors import EngineFailedError
from server.processes.runner import running_task
from server.processes.task import Limits, Task
from server.settings import Settings
from server.store.durable_files import write_durably
from server.store.generations import Generations
from server.store.published_store import is_remote

PATIENCE = 2.0
FILE = "digests.json"

log = logging.getLogger(__name__)


class DownloadDigests:
    """The digests of the downloads of the current generation, as far as they are known."""

    def __init__(self, settings: Settings, files: DownloadFiles) -> None:
        self.settings = settings
        self.files = files
        self.generations = Generations(settings.store)
        self.generation = ""
        self.known: dict[DownloadKey, FileDigest] = {}
        self.computing: asyncio.Task[None] | None = None

    async def of(self, keys: Iterable[DownloadKey]) -> Mapping[DownloadKey, FileDigest]:
        """Return the digests of downloads that are known within PATIENCE seconds; the others are computed for later.

        Raise StoreMissingError if there is no store.
        """
        wanted = list(keys)
        folder = self.generations.current()
        if self.generation != folder.name:
            await self.close()
            self.generation, self.known = folder.name, read_digests(self.files.place(folder) / FILE)
        missing = [key for key in wanted if key not in self.known]
        if missing:
            if self.computing is None or self.computing.done():
                self.computing = asyncio.create_task(self._compute(missing))
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.computing), PATIENCE)
        return {key: self.known[key] for key in wanted if key in self.known}

    async def close(self) -> None:
        """Stop computing."""
        if self.computing is not None:
            self.computing.cancel()
            await asyncio.gather(self.computing, return_exceptions=True)

    async def _compute(self, keys: list[DownloadKey]) -> None:
        folder, hold = self.generations.hold_current()
        try:
            if folder.name == self.generation:
                await self._compute_in_process(folder, keys)
        except EngineFailedError as error:
            log.warning("the sizes of downloads are not known: %s", error)
        finally:
            if folder.name == self.generation:
                self._keep(folder)
            os.close(hold)

    def _keep(self, folder: Path) -> None:
        """Keep what is known of a generation, as far as computing came."""
        try:
            write_digests(self.files.place(folder) / FILE, self.known)
        except OSError as error:
            log.warning("the sizes of downloads are not kept: %s", error)

    async def _compute_in_process(self, folder: Path, keys: list[DownloadKey]) -> None:
        downloads = [(key.form, key.version) for key in keys]
        arguments = {"folder": str(folder), "base": self.settings.base, "downloads": downloads}
        task = Task("server.dataset.digest_process", arguments, Limits(low_priority=True, network=is_remote(folder)))
        async with running_task(task, log, stdout=PIPE) as process:
            assert process.stdout is not None
            for key in keys:
                line = await process.stdout.readline()
                if not line:
                    raise EngineFailedError
                self.known[key] = FileDigest(**json.loads(line))


def read_digests(path: Path) -> dict[DownloadKey, FileDigest]:
    """Return the digests that a file keeps, none if it is missing or damaged."""
    try:
        return {DownloadKey(*key): FileDigest(**digest) for key, digest in json.loads(path.read_bytes())}
    except (OSError, ValueError, TypeError):
        return {}


def write_digests(path: Path, digests: Mapping[DownloadKey, FileDigest]) -> None:
    """Keep digests in a file for the next start. Raise OSError if it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = [((key.form, key.version), asdict(digest)) for key, digest in digests.items()]
    write_durably(path, json.dumps(kept).encode())


def get_download_digests(request: Request) -> DownloadDigests:
    """Return the digests of the downloads of this service."""
    digests = request.app.state.download_digests
    assert isinstance(digests, DownloadDigests)
    return digests


DigestsOf = Annotated[DownloadDigests, Depends(get_download_digests)]
