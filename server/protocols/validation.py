"""`POST /validate`: check a disclosure or a graph, and answer with a report in the form that the client prefers.

A check that takes longer than WAIT_SECONDS is answered by 202 with the address of its progress: 202 until it is done,
then 303 to the report; DELETE cancels it. Results are forgotten after ten minutes, uploads as soon as they are checked.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from server.checking.result import CheckResult, ReportState
from server.errors import NotAcceptableError, NotFoundError, UploadAnnotationError, UploadFieldError
from server.http.dependencies import SettingsOf
from server.http.disconnects import CancelOnDisconnect
from server.http.forwarding import ClientIdentity
from server.reports.comparison import (
    EarlierReportError,
    accept_findings,
    compare_with_earlier,
    parse_earlier,
    parse_reasons,
)
from server.reports.model import EarlierFinding
from server.reports.receipt import ReceiptInput
from server.serialization.media_types import preferred_languages
from server.settings import Settings
from server.uploads.background_checks import RunningCheck
from server.uploads.check_launcher import check_in_turn, share_of, write_in_turn
from server.uploads.progress import CheckProgress
from server.uploads.receiving import EARLIER, WAIVERS, Upload, receive_upload
from server.uploads.report_forms import TYPES, choose_form, form_type
from server.uploads.state import running_checks_of, uploads_of

ADDRESS = "/validate"
WAIT_SECONDS = 4.0
LONGEST_WAIT = 60.0
RETRY_SECONDS = "1"
NOT_KEPT = {"Cache-Control": "no-store"}
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""The policy of a report in HTML, whose style is in the file since it is made to be handed on."""
_PREFER = re.compile(r"\s*(respond-async|wait)\s*(?:=\s*(\d+))?\s*", re.IGNORECASE)

router = APIRouter(tags=["Validation"])


@dataclass(frozen=True, slots=True)
class ComparisonInput:
    """The findings of an earlier report, None if there is none, reasons by fingerprint, and the files of both."""

    earlier: tuple[EarlierFinding, ...] | None
    reasons: Mapping[str, str]
    files: tuple[ReceiptInput, ...]

    @property
    def accepts(self) -> bool:
        """Whether a reason is known for any finding."""
        return bool(self.reasons) or any(finding.reason for finding in self.earlier or ())


@router.post(ADDRESS)
async def validate(request: Request, settings: SettingsOf) -> Response:
    """Check the files of a form, or the body of the request.

    Parts `file` are the disclosure or graph, `shapes` are SHACL of the client's own, `earlier` is an earlier report in
    JSON, `waivers` a report with reasons. Raise NotAcceptableError, and the errors of uploads.
    """
    form = form_of(request)
    client: ClientIdentity = request.state.client
    language = language_of(request)
    with ExitStack() as stack:
        stack.enter_context(share_of(uploads_of(request), client, settings))
        upload = await receive_upload(request, settings)
        stack.callback(upload.close)
        comparison = await asyncio.to_thread(read_comparison, upload, language)
        options = {"language": language, "annotated": form == "pdf"}
        stage = CheckProgress(tells_findings=not comparison.accepts)
        work = _check(upload, stack.pop_all(), request, client, settings, options, comparison, stage)
        job = running_checks_of(request).start(upload.names, work, "" if client.is_local else client.account, stage)
    try:
        async with CancelOnDisconnect(request.receive):
            is_done = await job.wait(seconds_to_wait(request))
    except BaseException:
        running_checks_of(request).cancel(job.token)
        raise
    if not is_done:
        return progress_response(request, job)
    running_checks_of(request).jobs.pop(job.token, None)
    return await report_response(request, job.result(), form, settings)


async def _check(
    upload: Upload,
    stack: ExitStack,
    request: Request,
    client: ClientIdentity,
    settings: Settings,
    options: Mapping[str, Any],
    comparison: ComparisonInput,
    stage: CheckProgress,
) -> CheckResult:
    """Check an upload, give back what it holds, and compare the result with what came along.

    What reports do not need is left out of the result, since it is kept for a while.
    """
    with stack:
        checked = await check_in_turn(upload, uploads_of(request), client, settings, options, stage)
    if checked.state is None:
        return checked
    report = checked.state.report
    if comparison.earlier is not None:
        report = compare_with_earlier(report, comparison.earlier)
    report = accept_findings(report, comparison.reasons)
    state = replace(checked.state, report=report, inputs=(*checked.state.inputs, *comparison.files))
    return CheckResult(version=checked.version, annotated=checked.annotated, state=state)


@router.get(f"{ADDRESS}/{{token}}")
async def progress(request: Request, token: str) -> Response:
    """Return 202 while a check goes on, then 303 to its report. Raise NotFoundError."""
    job = job_of(request, token)
    if not job.task.done():
        return progress_response(request, job)
    query = urlencode({"format": request.query_params["format"]}) if "format" in request.query_params else ""
    address = f"{address_of(request, job)}/report" + (f"?{query}" if query else "")
    return Response(status_code=303, headers={"Location": address, **NOT_KEPT})


@router.delete(f"{ADDRESS}/{{token}}", status_code=204)
async def cancel(request: Request, token: str) -> Response:
    """Cancel a check or forget its result. Raise NotFoundError."""
    if not running_checks_of(request).cancel(token):
        raise NotFoundError(iri=str(request.url))
    return Response(status_code=204)


@router.get(f"{ADDRESS}/{{token}}/report")
async def report(request: Request, token: str, settings: SettingsOf) -> Response:
    """Return the report of a check that is done; 202 while it goes on. Raise NotFoundError, or why it failed."""
    job = job_of(request, token)
    if not job.task.done():
        return progress_response(request, job)
    return await report_response(request, job.result(), form_of(request), settings)


def job_of(request: Request, token: str) -> RunningCheck:
    """Return the check of a token. Raise NotFoundError."""
    job = running_checks_of(request).find(token)
    if job is None or job.task.cancelled():
        raise NotFoundError(iri=str(request.url))
    return job


def address_of(request: Request, job: RunningCheck) -> str:
    """Return the path of the progress of a check."""
    root: str = request.scope.get("root_path", "")
    return f"{root.rstrip('/')}{ADDRESS}/{quote(job.token)}"


def progress_response(request: Request, job: RunningCheck) -> Response:
    """Return 202 with the stage, the first findings, and the address at which the progress of a check is asked for."""
    form = request.query_params.get("format")
    address = address_of(request, job) + (f"?{urlencode({'format': form})}" if form else "")
    return JSONResponse(
        {
            "status": "running",
            **job.progress.announced.to_data(),
            "seconds": round(job.seconds, 1),
            "progress": address,
        },
        202,
        headers={"Location": address, "Retry-After": RETRY_SECONDS, **NOT_KEPT},
    )


async def report_response(request: Request, checked: CheckResult, form: str, settings: Settings) -> Response:
    """Return the report of a check in a form. Raise UploadAnnotationError if there is no annotated PDF."""
    state: ReportState | None = checked.state
    assert state is not None
    if form == "pdf":
        if checked.annotated is None:
            raise UploadAnnotationError(file=", ".join(state.report.files))
        content = b64decode(checked.annotated)
    else:
        async with CancelOnDisconnect(request.receive):
            content = await write_in_turn(state, form, uploads_of(request), request.state.client, settings)
    policy = {"Content-Security-Policy": REPORT_POLICY} if form == "html" else {}
    headers = {**NOT_KEPT, **policy, "Vary": "Accept, Accept-Language", "Content-Language": state.report.language}
    return Response(content, media_type=form_type(form), headers=headers)


def read_comparison(upload: Upload, language: str) -> ComparisonInput:
    """Return the earlier findings and the reasons sent along. Raise UploadFieldError."""
    findings, reasons, files = None, dict[str, str](), list[ReceiptInput]()
    for role in (EARLIER, WAIVERS):
        file = upload.first(role)
        if file is None:
            continue
        content = file.read()
        files.append(ReceiptInput(Path(file.name).name, sha256(content).hexdigest(), role))
        try:
            if role == EARLIER:
                documents = parse_earlier(content, language)
                findings = tuple(finding for document in documents for finding in document.findings)
            else:
                reasons = parse_reasons(content)
        except EarlierReportError as error:
            raise UploadFieldError(name=role, reason=error) from error
    return ComparisonInput(findings, reasons, tuple(files))


def form_of(request: Request) -> str:
    """Return the form of the report that the client wants. Raise NotAcceptableError."""
    accept = ", ".join(request.headers.getlist("accept"))
    form = choose_form(accept, request.query_params.get("format"))
    if form is None:
        raise NotAcceptableError(offered=", ".join(TYPES))
    return form


def language_of(request: Request) -> str:
    """Return the language of the report: the parameter `lang`, else what the client prefers, else Chinese."""
    given = request.query_params.get("lang")
    return given if given in ("zh", "en") else preferred_languages(request.headers.get("accept-language", ""))[0]


def seconds_to_wait(request: Request) -> float:
    """Return how long the client waits for the report itself, as `Prefer: respond-async` or `wait=N` say (RFC 7240)."""
    for item in ", ".join(request.headers.getlist("prefer")).split(","):
        found = _PREFER.fullmatch(item)
        if found and found[1].lower() == "respond-async":
            return 0.0
        if found and found[2]:
            return min(float(found[2]), LONGEST_WAIT)
    return WAIT_SECONDS
