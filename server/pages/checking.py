"""The page to drop a file on: a disclosure is checked and shown with its findings, and nothing of it is kept."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from pathlib import PurePath
from typing import Any

from fastapi import Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from converters.readers import READERS
from server.errors import ClientGoneError
from server.pages.findings import asked_by_family, json_to_finding, json_to_mistake
from server.pages.marks import mark
from server.pages.printed import snapshot_to_document
from server.pages.version import VersionPage, show_version
from server.pages.visit import Visit

LARGEST_FILE = 20 * 2**20
ENVELOPE = 64 * 2**10
SECONDS = 60.0
AT_ONCE = 2
LONGEST_NAME = 120
FIELD = "file"


class CheckError(Exception):
    """A file that cannot be checked: what to tell the visitor, and the status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class InMemoryParser(MultiPartParser):
    """Keeps the parts of a form in memory, so that an upload never touches the disk."""

    spool_max_size = LARGEST_FILE + ENVELOPE


def form_page(visit: Visit, error: str | None = None, status: int = 200) -> Response:
    """The form, with what was wrong with the last file if there was one."""
    return visit.page(
        "check.html",
        status,
        error=error,
        endings=sorted(READERS),
        mebibytes=LARGEST_FILE // 2**20,
        seconds=f"{SECONDS:g}",
    )


async def checked_page(visit: Visit, slots: asyncio.Semaphore) -> Response:
    """The findings of the uploaded file, or the form with what is wrong with it."""
    try:
        name, content = await read_upload(visit)
        checked = await check_in_process(visit, name, content, slots)
    except CheckError as error:
        return form_page(visit, error.text, error.status)
    return await show_checked(visit, name, checked)


async def read_upload(visit: Visit) -> tuple[str, bytes]:
    """The name and the bytes of the file in the form; CheckError if there is none or it is too large."""
    request = visit.request
    too_large = CheckError(413, visit.word("check-too-large", mebibytes=LARGEST_FILE // 2**20))
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > LARGEST_FILE + ENVELOPE:
        raise too_large
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise CheckError(400, visit.word("check-no-file"))
    try:
        form = await InMemoryParser(request.headers, limited(request, too_large), max_files=1, max_fields=4).parse()
    except MultiPartException as error:
        raise CheckError(400, visit.word("check-no-file")) from error
    upload = form.get(FIELD)
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise CheckError(400, visit.word("check-no-file"))
    content = await upload.read()
    await form.close()
    return safe_name(upload.filename), content


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


async def check_in_process(visit: Visit, name: str, content: bytes, slots: asyncio.Semaphore) -> dict[str, Any]:
    """What the process says of the file; CheckError if it cannot be read, takes too long or breaks the process."""
    if slots.locked():
        raise CheckError(503, visit.word("check-busy"))
    async with slots:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "server.pages.check_process", name, visit.base),
            stdin=PIPE,
            stdout=PIPE,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(SECONDS):
                output, _ = await process.communicate(content)
        except TimeoutError as error:
            raise CheckError(503, visit.word("check-too-long", file=name, seconds=f"{SECONDS:g}")) from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        raise CheckError(500, visit.word("check-broke", file=name))
    checked: dict[str, Any] = json.loads(output)
    if "error" in checked:
        raise CheckError(422, checked["error"][visit.language])
    return checked


async def show_checked(visit: Visit, name: str, checked: dict[str, Any]) -> Response:
    """The page of a document that is nowhere published: no figure of it has an address."""
    findings = [json_to_finding(finding, visit.language) for finding in checked["findings"]]
    mistakes = [json_to_mistake(number, mistake) for number, mistake in enumerate(checked["mistakes"], start=1)]
    marks = mark(findings, mistakes, checked["version"], visit.base, {})
    document = snapshot_to_document(checked["document"] | {"files": [name]}, marks, visit.language)
    page = VersionPage(
        iri=None,
        title=document.title or name,
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
    )
    return await show_version(visit, page)
