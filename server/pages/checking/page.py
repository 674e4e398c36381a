"""The page that checks an uploaded disclosure, in one file or several, and keeps nothing of it."""

from __future__ import annotations

import asyncio
import logging
import signal
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import PurePath

from fastapi import Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from converters.readers import known_endings
from server.checking.result import MOST_FILES, CheckedFinding, CheckResult, parse_result
from server.errors import ClientGoneError, RequestTooSlowError
from server.http.disconnects import CancelOnDisconnect
from server.http.forwarding import ClientIdentity
from server.http.request_bodies import receive_seconds
from server.http.responses import RETRY_SECONDS
from server.http.upload_concurrency import UploadLimiter
from server.pages.disclosure.annotations import annotate
from server.pages.disclosure.coverage_view import snapshot_to_coverage
from server.pages.disclosure.findings import FindingView, Mistake, tallies_by_family
from server.pages.disclosure.printed_document import snapshot_to_document
from server.pages.disclosure.version import ReportDownload, VersionPage, render_version
from server.pages.page_context import PageContext
from server.processes.runner import exchange, running_task
from server.processes.task import OUT_OF_MEMORY, Limits, Task
from server.reports import FORMATS
from server.settings import MEBIBYTE

LARGEST_FILE = 20 * 2**20
ENVELOPE = 64 * 2**10
LONGEST_NAME = 120
FIELD = "file"
ARCHIVE = ".zip"
PIECE = 256 * 2**10
Upload = tuple[str, UploadFile]
"""The name of a file, as it may be shown, and the file."""


log = logging.getLogger(__name__)


class CheckError(Exception):
    """An upload that cannot be checked: the HTTP status, the message for the user, and whether to retry later."""

    def __init__(self, status: int, text: str, *, retry: bool = False) -> None:
        super().__init__(text)
        self.status, self.text = status, text
        self.headers = {"Retry-After": str(RETRY_SECONDS)} if retry else {}


class UploadParser(MultiPartParser):
    """Keeps larger parts of a form in temporary files that have no name and end with the request."""

    spool_max_size = 256 * 2**10


def form_page(context: PageContext, error: CheckError | None = None) -> Response:
    """Return the upload form, with the error of the last upload if there was one."""
    return context.page(
        "check.html",
        200 if error is None else error.status,
        headers=None if error is None else error.headers,
        error=error and error.text,
        endings=(*known_endings(), ARCHIVE),
        mebibytes=LARGEST_FILE // 2**20,
        seconds=f"{context.settings.check_timeout:g}",
    )


async def check_upload(context: PageContext, limiter: UploadLimiter) -> Response:
    """Return the findings of the uploaded disclosure, or the form with what is wrong with the upload.

    Raises RequestTooSlowError, and ClientGoneError when the client hangs up, which ends the checking process.
    """
    client: ClientIdentity = context.request.state.client
    settings = context.settings
    try:
        with limiter.share(client, settings.at_once) as has_room:
            if not has_room:
                raise CheckError(429, context.message("check-one-at-a-time"), retry=True)
            async with (
                uploaded_files(context) as uploads,
                CancelOnDisconnect(context.request.receive),
                limiter.slot(client, settings.check_timeout) as is_free,
            ):
                if not is_free:
                    raise CheckError(503, context.message("check-busy"), retry=True)
                checked = await check_in_process(context, uploads)
    except CheckError as error:
        return form_page(context, error)
    return await result_page(context, [name for name, _ in uploads], checked)


@asynccontextmanager
async def uploaded_files(context: PageContext) -> AsyncIterator[list[Upload]]:
    """Receive the files of one disclosure, and remove them at the end of the block.

    Raises CheckError if there is none or they are too large together, RequestTooSlowError.
    """
    request = context.request
    too_large = CheckError(413, context.message("check-too-large", mebibytes=LARGEST_FILE // 2**20))
    declared = request.headers.get("content-length", "")
    length = int(declared) if declared.isdecimal() else LARGEST_FILE + ENVELOPE
    if length > LARGEST_FILE + ENVELOPE:
        raise too_large
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise CheckError(400, context.message("check-no-file"))
    seconds = receive_seconds(context.settings, length)
    try:
        async with asyncio.timeout(seconds):
            body = limited(request, too_large)
            form = await UploadParser(request.headers, body, max_files=MOST_FILES, max_fields=4).parse()
    except MultiPartException as error:
        raise CheckError(400, context.message("check-no-file")) from error
    except TimeoutError as error:
        raise RequestTooSlowError(seconds=f"{seconds:.0f}") from error
    try:
        found = [part for part in form.getlist(FIELD) if isinstance(part, UploadFile) and part.filename]
        if not found:
            raise CheckError(400, context.message("check-no-file"))
        yield [(safe_name(part.filename or ""), part) for part in found]
    finally:
        await form.close()


async def limited(request: Request, too_large: CheckError) -> AsyncGenerator[bytes, None]:
    """Yield the body of a request; raises CheckError beyond the largest size."""
    length = 0
    try:
        async for chunk in request.stream():
            length += len(chunk)
            if length > LARGEST_FILE + ENVELOPE:
                raise too_large
            yield chunk
    except ClientDisconnect as error:
        raise ClientGoneError from error


def content_of(uploads: Sequence[Upload]) -> Iterator[bytes]:
    """Yield the bytes of all files, one after the other."""
    for _, upload in uploads:
        upload.file.seek(0)
        yield from iter(lambda file=upload.file: file.read(PIECE), b"")  # type: ignore[misc]


def safe_name(name: str) -> str:
    """Return the base name of a file without unprintable characters, shortened, with its extension."""
    path = PurePath(name.replace("\\", "/"))
    printable = "".join(c for c in path.name if c.isprintable())
    return PurePath(printable).stem[-LONGEST_NAME:] + path.suffix if printable else "file"


async def check_in_process(context: PageContext, uploads: Sequence[Upload]) -> CheckResult:
    """Return the result of the checking process.

    Raise CheckError if a file cannot be read, a limit of time or memory is exceeded, or the process fails.
    """
    names = " ".join(name for name, _ in uploads)
    settings = context.settings
    too_long = CheckError(503, context.message("check-too-long", file=names, seconds=f"{settings.check_timeout:g}"))
    arguments = {
        "base": context.base,
        "codes": None if settings.codes is None else str(settings.codes),
        "registers": [str(register) for register in settings.registers],
        "files": [(name, upload.size) for name, upload in uploads],
        "language": context.language,
    }
    limits = Limits(memory=settings.check_memory, seconds=settings.check_timeout, low_priority=True)
    task = Task("server.checking.process", arguments, limits)
    async with running_task(task, log, stdin=PIPE, stdout=PIPE) as process:
        try:
            async with asyncio.timeout(settings.check_timeout):
                output = await exchange(process, content_of(uploads))
        except TimeoutError as error:
            raise too_long from error
    if process.returncode == -signal.SIGXCPU:
        raise too_long
    if process.returncode in (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL):
        mebibytes = settings.check_memory // MEBIBYTE
        raise CheckError(413, context.message("check-too-big", file=names, mebibytes=mebibytes))
    if process.returncode != 0:
        raise CheckError(500, context.message("check-broke", file=names))
    result = await context.compute(parse_result, output)
    if result.error is not None:
        raise CheckError(422, result.error[context.language])
    return result


async def result_page(context: PageContext, names: Sequence[str], checked: CheckResult) -> Response:
    """Return the page of findings of a checked file. Its figures are not published and have no links."""
    findings = [checked_to_view(finding, context.language) for finding in checked.findings]
    mistakes = [
        Mistake(str(number), mistake.candidates, mistake.findings)
        for number, mistake in enumerate(checked.mistakes, start=1)
    ]
    annotations = annotate(findings, mistakes, checked.version, context.base, {})
    document = await context.compute(snapshot_to_document, checked.document, annotations, context.language)
    stem = PurePath(names[0]).stem
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
        tallies=tallies_by_family(checked.tallies, context.base),
        reports=tuple(
            ReportDownload(
                name.upper(), f"{stem}{form.extension}", f"data:{form.media_type.replace(' ', '')};base64,{content}"
            )
            for name, content in checked.reports.items()
            for form in (FORMATS[name],)
        ),
        sources=(),
        converter="",
        generated="",
        current=None,
        versions=(),
        coverage=snapshot_to_coverage(checked.document, context.base),
    )
    return await render_version(context, page)


def checked_to_view(finding: CheckedFinding, language: str) -> FindingView:
    """Return a finding as the page shows it in a language."""
    return FindingView(
        id=finding.id,
        severity=finding.severity,
        rule=finding.rule,
        message=finding.message[language],
        figures=finding.figures,
        others=finding.others,
        difference=finding.difference,
        quote=finding.quote,
        follows=finding.follows,
        doubtful=finding.doubtful,
    )
