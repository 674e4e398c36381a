"""Run the check of an upload, or the writing of a report, in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import signal
from asyncio.subprocess import PIPE
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any

from converters.readers import reader_modules
from server.checking.result import CheckResult, ReportState, parse_result
from server.checking.stages import WRITING, parse_announcement
from server.errors import (
    UploadBrokenError,
    UploadsBusyError,
    UploadsOfClientError,
    UploadTimeoutError,
    UploadTooBigError,
    UploadUnreadableError,
)
from server.http.forwarding import ClientIdentity
from server.processes.fork_server import ForkServer
from server.processes.runner import exchange, running_task
from server.processes.task import OUT_OF_MEMORY, Limits, Task
from server.settings import MEBIBYTE, Settings
from server.uploads.concurrency import UploadLimiter
from server.uploads.progress import CheckProgress
from server.uploads.receiving import SHAPES, Upload

log = logging.getLogger(__name__)


@contextmanager
def share_of(limiter: UploadLimiter, client: ClientIdentity, settings: Settings) -> Iterator[None]:
    """Count an upload for its client while the block lasts. Raise UploadsOfClientError if it has too many."""
    with limiter.share(client, settings.at_once) as has_room:
        if not has_room:
            raise UploadsOfClientError
        yield


async def check_in_turn(
    upload: Upload,
    limiter: UploadLimiter,
    client: ClientIdentity,
    settings: Settings,
    options: Mapping[str, Any],
    progress: CheckProgress,
) -> CheckResult:
    """Wait for a place and check an upload; `options` are arguments of `server.checking.check_process.run`.

    `progress` is kept up to date.

    Raise UploadsBusyError if no place becomes free in time, and what `check_in_process` raises.
    """
    async with limiter.slot(client, settings.check_timeout) as is_free:
        if not is_free:
            raise UploadsBusyError
        return await check_in_process(upload, settings, options, progress, limiter.fork_server)


async def check_in_process(
    upload: Upload,
    settings: Settings,
    options: Mapping[str, Any],
    progress: CheckProgress,
    fork_server: ForkServer | None = None,
) -> CheckResult:
    """Return the result of the checking process, which is forked by a fork server if there is one.

    Raise UploadUnreadableError for a file that cannot be read, and the errors of a check that takes too long,
    needs too much memory or breaks.
    """
    shapes = upload.files.get(SHAPES, ())
    arguments = {
        "base": settings.base,
        "codes": None if settings.codes is None else str(settings.codes),
        "registers": [str(register) for register in settings.registers],
        "files": [(file.name, file.media_type, file.size) for file in upload.disclosure],
        "shapes": [(file.name, file.media_type, file.size) for file in shapes],
        **options,
        "stages": True,
    }

    def on_line(line: str) -> bool:
        progress.keep(parse_announcement(line))
        return progress.announced.stage != WRITING

    content = chain.from_iterable(file.pieces() for file in (*upload.disclosure, *shapes))
    limits = check_limits(settings)
    task = Task("server.checking.check_process", arguments, limits, reader_modules(f.name for f in upload.disclosure))
    output = await _run(task, content, settings, upload.names, fork_server, on_line)
    result = await asyncio.to_thread(parse_result, output)
    if result.error is not None:
        raise UploadUnreadableError(reason=result.error)
    return result


async def write_in_turn(
    state: ReportState, form: str, limiter: UploadLimiter, client: ClientIdentity, settings: Settings
) -> bytes:
    """Wait for a place and return a report in a form. Raise UploadsBusyError, and what `write_report` raises."""
    async with limiter.slot(client, settings.check_timeout) as is_free:
        if not is_free:
            raise UploadsBusyError
        return await write_report(state, form, settings, limiter.fork_server)


async def write_report(
    state: ReportState, form: str, settings: Settings, fork_server: ForkServer | None = None
) -> bytes:
    """Return a report in a form, written by a process of its own; raises what `check_in_process` raises."""
    content = state.to_bytes()
    arguments = {"form": form, "size": len(content)}
    task = Task("server.checking.report_process", arguments, check_limits(settings))
    return await _run(task, [content], settings, form, fork_server)


def check_limits(settings: Settings) -> Limits:
    """Return the limits of a process that checks an upload or writes a report."""
    return Limits(memory=settings.check_memory, seconds=settings.check_timeout, low_priority=True)


async def _run(
    task: Task,
    content: Iterable[bytes],
    settings: Settings,
    names: str,
    fork_server: ForkServer | None,
    on_line: Callable[[str], bool] | None = None,
) -> bytes:
    """Return what a task writes to standard output; `on_line` is called with each line before it.

    Raise UploadTimeoutError or UploadTooBigError if a limit of time or memory is exceeded, UploadBrokenError if the
    process fails otherwise.
    """
    too_long = UploadTimeoutError(file=names, seconds=f"{settings.check_timeout:g}")
    async with running_task(task, log, fork_server, stdin=PIPE, stdout=PIPE) as process:
        try:
            async with asyncio.timeout(settings.check_timeout):
                output = await exchange(process, content, on_line)
        except TimeoutError as error:
            raise too_long from error
    if process.returncode == -signal.SIGXCPU:
        raise too_long
    if process.returncode in (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL):
        raise UploadTooBigError(file=names, mebibytes=settings.check_memory // MEBIBYTE)
    if process.returncode != 0:
        raise UploadBrokenError(file=names)
    return output
