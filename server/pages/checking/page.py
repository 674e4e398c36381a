"""The page to drop a disclosure on, in one file or several: it is checked and shown, and nothing of it is kept."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator, Sequence
from pathlib import PurePath
from typing import Any

from fastapi import Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from converters.readers import READERS
from server.errors import ClientGoneError
from server.http.disconnects import CancelOnDisconnect
from server.http.responses import RETRY_SECONDS
from server.http.upload_limiter import UploadLimiter
from server.pages.disclosure.coverage_view import snapshot_to_coverage
from server.pages.disclosure.findings import asked_by_family, json_to_finding, json_to_mistake
from server.pages.disclosure.marks import mark
from server.pages.disclosure.printed_document import snapshot_to_document
from server.pages.disclosure.version import VersionPage, show_version
from server.pages.page_context import PageContext
from server.processes.runner import exchange, running_task
from server.processes.task import OUT_OF_MEMORY, Limits, Task
from server.settings import MEBIBYTE

LARGEST_FILE = 20 * 2**20
ENVELOPE = 64 * 2**10
LONGEST_NAME = 120
FIELD = "file"
MOST_FILES = 4
Upload = tuple[str, bytes]
"""The name and the bytes of a file."""


log = logging.getLogger(__name__)


class CheckError(Exception):
    """A file that cannot be checked: what to tell the visitor, and the status."""

    def __init__(self, status: int, text: str, *, come_back: bool = False) -> None:
        super().__init__(text)
        self.status, self.text = status, text
        self.headers = {"Retry-After": str(RETRY_SECONDS)} if come_back else {}


class InMemoryParser(MultiPartParser):
    """Keeps the parts of a form in memory, so that an upload never touches the disk."""

    spool_max_size = LARGEST_FILE + ENVELOPE


def form_page(visit: PageContext, error: CheckError | None = None) -> Response:
    """The form, with what was wrong with the last file if there was one."""
    return visit.page(
        "check.html",
        200 if error is None else error.status,
        headers=None if error is None else error.headers,
        error=error and error.text,
        endings=sorted(READERS),
        mebibytes=LARGEST_FILE // 2**20,
        seconds=f"{visit.settings.check_timeout:g}",
    )


async def checked_page(visit: PageContext, turns: UploadLimiter) -> Response:
    """The findings of the uploaded disclosure, or the form with what is wrong with it.

    Raises ClientGoneError when the client hangs up, which ends the process that checks for it.
    """
    client = visit.request.client
    try:
        with turns.place(client.host if client else "", visit.settings.at_once) as has_room:
            if not has_room:
                raise CheckError(429, visit.word("check-one-at-a-time"), come_back=True)
            uploads = await read_uploads(visit)
            async with CancelOnDisconnect(visit.request.receive), turns.slot() as is_free:
                if not is_free:
                    raise CheckError(503, visit.word("check-busy"), come_back=True)
                checked = await check_in_process(visit, uploads)
    except CheckError as error:
        return form_page(visit, error)
    return await show_checked(visit, [name for name, _ in uploads], checked)


async def read_uploads(visit: PageContext) -> list[Upload]:
    """The files of one disclosure in the form; CheckError if there is none or they are too large together."""
    request = visit.request
    too_large = CheckError(413, visit.word("check-too-large", mebibytes=LARGEST_FILE // 2**20))
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > LARGEST_FILE + ENVELOPE:
        raise too_large
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise CheckError(400, visit.word("check-no-file"))
    try:
        body = limited(request, too_large)
        form = await InMemoryParser(request.headers, body, max_files=MOST_FILES, max_fields=4).parse()
    except MultiPartException as error:
        raise CheckError(400, visit.word("check-no-file")) from error
    found = [part for part in form.getlist(FIELD) if isinstance(part, UploadFile) and part.filename]
    if not found:
        raise CheckError(400, visit.word("check-no-file"))
    uploads = [(safe_name(part.filename or ""), await part.read()) for part in found]
    await form.close()
    return uploads


async def limited(request: Request, too_large: CheckError) -> AsyncGenerator[bytes, None]:
    """The body of a request, as far as it may be; CheckError beyond."""
    length = 0
    try:
        async for chunk in request.stream():
            length += len(chunk)
            if length > LARGEST_FILE + ENVELOPE:
                raise too_large
            yield chunk
    except ClientDisconnect as error:
        raise ClientGoneError from error


def safe_name(name: str) -> str:
    """The last part of a file's name, printable, its ending kept."""
    path = PurePath(name.replace("\\", "/"))
    printable = "".join(c for c in path.name if c.isprintable())
    return PurePath(printable).stem[-LONGEST_NAME:] + path.suffix if printable else "file"


async def check_in_process(visit: PageContext, uploads: Sequence[Upload]) -> dict[str, Any]:
    """What the process says of the files; CheckError if one cannot be read, takes too much or breaks the process."""
    names = " ".join(name for name, _ in uploads)
    settings = visit.settings
    too_long = CheckError(503, visit.word("check-too-long", file=names, seconds=f"{settings.check_timeout:g}"))
    arguments = {
        "base": visit.base,
        "codes": None if settings.codes is None else str(settings.codes),
        "registers": [str(register) for register in settings.registers],
        "files": [(name, len(content)) for name, content in uploads],
    }
    limits = Limits(memory=settings.check_memory, seconds=settings.check_timeout)
    task = Task("server.pages.checking.process", arguments, limits)
    async with running_task(task, log, stdin=PIPE, stdout=PIPE) as process:
        try:
            async with asyncio.timeout(settings.check_timeout):
                output = await exchange(process, [content for _, content in uploads])
        except TimeoutError as error:
            raise too_long from error
    if process.returncode == -signal.SIGXCPU:
        raise too_long
    if process.returncode in (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL):
        mebibytes = settings.check_memory // MEBIBYTE
        raise CheckError(413, visit.word("check-too-big", file=names, mebibytes=mebibytes))
    if process.returncode != 0:
        raise CheckError(500, visit.word("check-broke", file=names))
    checked: dict[str, Any] = json.loads(output)
    if "error" in checked:
        raise CheckError(422, checked["error"][visit.language])
    return checked


async def show_checked(visit: PageContext, names: Sequence[str], checked: dict[str, Any]) -> Response:
    """The page of a document that is nowhere published: no figure of it has an address."""
    findings = [json_to_finding(finding, visit.language) for finding in checked["findings"]]
    mistakes = [json_to_mistake(number, mistake) for number, mistake in enumerate(checked["mistakes"], start=1)]
    marks = mark(findings, mistakes, checked["version"], visit.base, {})
    document = snapshot_to_document(checked["document"] | {"files": list(names)}, marks, visit.language)
    page = VersionPage(
        iri=None,
        title=document.title or names[0],
        disclosure=None,
        organisation=None,
        organisation_name=document.organisation,
        year=document.year,
        phase=document.phase,
        document=document,
        findings=findings,
        mistakes=mistakes,
        asked=asked_by_family({rule: (p, f, n) for rule, (p, f, n) in checked["asked"].items()}, visit.base),
        sources=(),
        converter="",
        generated="",
        current=None,
        versions=(),
        coverage=snapshot_to_coverage(checked["document"], visit.base),
    )
    return await show_version(visit, page)
