"""Downloads: the current data, or the graph of one version, in one file of whatever format, streamed."""

import asyncio
import os
import re
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from server.dataset.parquet import AVAILABLE as PARQUET
from server.errors import EngineFailedError, NotFoundError, ServiceBusyError
from server.execution.evaluator import Evaluator, select
from server.http.compression import streamed_headers
from server.http.dependencies import EvaluatorOf, SettingsOf
from server.http.responses import AnswerResponse
from server.processes.runner import end, start_task
from server.processes.task import Task
from server.serialization.media_types import content_type
from server.settings import Settings
from server.sparql.query_templates import fill_query, nodes
from server.store.generations import Generations

AT_ONCE = 2
CHUNK = 256 * 1024
TYPES = {
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "ttl": "text/turtle",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
FORMATS = tuple(name for name in TYPES if name != "parquet" or PARQUET)
VERSION = re.compile(r"disclosure/.+/v/[0-9a-f]{16}")

router = APIRouter(tags=["Catalogue"])


def get_slots(request: Request) -> asyncio.Semaphore:
    """What keeps downloads from taking the whole machine."""
    slots = request.app.state.download_slots
    assert isinstance(slots, asyncio.Semaphore)
    return slots


SlotsOf = Annotated[asyncio.Semaphore, Depends(get_slots)]


class Download:
    """A download on its way from the process that writes it; the generation is kept until the end."""

    length: int | None = None
    encoding: str | None = None

    def __init__(
        self, media_type: str, generation: Path, hold: int, process: Process, slots: asyncio.Semaphore
    ) -> None:
        self.media_type = media_type
        self.generation = generation.name
        self.hold = hold
        self.process = process
        self.slots = slots

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The bytes; raises EngineFailedError when the process fails: what came before is then not the whole."""
        assert self.process.stdout is not None
        while chunk := await self.process.stdout.read(CHUNK):
            yield chunk
        if await self.process.wait() != 0:
            raise EngineFailedError

    def follow(self, untaken: Callable[[], int]) -> None:
        """A download keeps no worker."""

    async def close(self) -> None:
        """Give up what has not been read."""
        await end(self.process)
        os.close(self.hold)
        self.slots.release()


@router.get("/data/{path:path}")
@router.head("/data/{path:path}")
async def download(
    request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf, slots: SlotsOf
) -> Response:
    """`current.FORMAT`: all that holds now; `disclosure/…/v/….FORMAT`: one version, superseded or not."""
    name, _, form = path.rpartition(".")
    if form not in FORMATS or not (name == "current" or VERSION.fullmatch(name)):
        raise NotFoundError(iri=str(request.url))
    version = "" if name == "current" else f"{settings.base}id/{name}"
    if version and not await is_there(settings, evaluator, version):
        raise NotFoundError(iri=version)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(name, form)}"'}
    if request.method == "HEAD":
        if form != "parquet":
            headers |= streamed_headers(request)
        response = Response(headers=headers, media_type=content_type(TYPES[form]))
        del response.headers["content-length"]
        return response
    return AnswerResponse(await begin_download(settings, slots, form, version), headers, settings.send_timeout)


async def is_there(settings: Settings, evaluator: Evaluator, version: str) -> bool:
    """Whether the store has the version."""
    return bool(nodes([version])) and bool(
        await select(evaluator, fill_query("what_is_a_version_of", version=version), settings.base)
    )


async def begin_download(settings: Settings, slots: asyncio.Semaphore, form: str, version: str) -> Download:
    """Start the process; raises ServiceBusyError when two are at work, StoreMissingError."""
    if slots.locked():
        raise ServiceBusyError
    await slots.acquire()
    try:
        generation, hold = Generations(settings.store).hold_current()
    except BaseException:
        slots.release()
        raise
    try:
        arguments = {"folder": str(generation), "base": settings.base, "form": form, "version": version}
        process = await start_task(Task("server.dataset.dump_process", arguments), stdout=PIPE, limit=CHUNK)
    except BaseException:
        os.close(hold)
        slots.release()
        raise
    return Download(TYPES[form], generation, hold, process, slots)


def file_name(name: str, form: str) -> str:
    """What a browser saves the download as."""
    return f"yusuan-{name.removeprefix('disclosure/').replace('/', '-')}.{form}"
