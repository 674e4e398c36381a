"""The page that checks an uploaded disclosure, in one file or several, and keeps nothing of it unless asked to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import JSONResponse, RedirectResponse

from server.checking.result import CheckResult, ReportState, parse_result, parse_state
from server.errors import (
    NotFoundError,
    StoreNotWrittenError,
    UploadBrokenError,
    UploadFieldError,
    UploadGraphError,
    UploadMissingError,
    UploadsBusyError,
    UploadsOfClientError,
    UploadTimeoutError,
    UploadTooBigError,
    UploadTooLargeError,
    UploadTooManyError,
    UploadUnreadableError,
)
from server.http.disconnects import CancelOnDisconnect
from server.http.forwarding import ClientIdentity
from server.pages.checking.result_page import FORMS, FURTHER_FORMS, kept_address, result_page, with_report
from server.pages.checking.upload_form import form_page
from server.pages.page_context import SECURITY_HEADERS, PageContext
from server.reports.comparison import accept_findings, compare_with_earlier, findings_of_report
from server.uploads.check_launcher import check_in_turn, share_of, write_in_turn
from server.uploads.concurrency import UploadLimiter
from server.uploads.kept_results import KeptResults
from server.uploads.progress import FollowedChecks
from server.uploads.receiving import receive_upload, received, safe_name
from server.uploads.report_forms import form_extension, form_type

REASON, STATE, FORMAT, KEEP, PROGRESS = "reason-", "state", "format", "keep", "progress"
LONGEST_REASON = 500
SHOWN_ON_THE_FORM = (
    UploadBrokenError,
    UploadFieldError,
    UploadGraphError,
    UploadMissingError,
    UploadTimeoutError,
    UploadTooBigError,
    UploadTooLargeError,
    UploadTooManyError,
    UploadUnreadableError,
    UploadsBusyError,
    UploadsOfClientError,
)


async def check_upload(
    context: PageContext, limiter: UploadLimiter, kept: KeptResults, followed: FollowedChecks
) -> Response:
    """Return the findings of the uploaded disclosure, or the form with what is wrong with the upload.

    Raise RequestTooSlowError, and ClientGoneError when the client hangs up, which ends the checking process.
    """
    client: ClientIdentity = context.request.state.client
    try:
        with share_of(limiter, client, context.settings):
            async with (
                received(context.request, context.settings) as upload,
                CancelOnDisconnect(context.request.receive),
            ):
                is_kept = KEEP in upload.fields
                options = {"language": context.language, "pictures": True, "annotated": not is_kept}
                with followed.follow(upload.fields.get(PROGRESS, "")) as progress:
                    progress.tells_findings = not (upload.fields.get(STATE) or reasons_in(upload.fields))
                    checked = await check_in_turn(upload, limiter, client, context.settings, options, progress)
                names, fields = [file.name for file in upload.disclosure], upload.fields
        checked = await context.compute(compared_with_fields, checked, fields)
        if checked.version == "":
            raise UploadGraphError
    except SHOWN_ON_THE_FORM as error:
        return form_page(context, error)
    if is_kept:
        return await keep_result(context, kept, names, checked, "" if client.is_local else client.account)
    return await result_page(context, names, checked)


def progress_of_check(context: PageContext, followed: FollowedChecks, token: str) -> Response:
    """Return the stage of a check in words and its first findings as JSON; 204 if no such check is under way."""
    progress = followed.find(token)
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
    if progress is None:
        return Response(status_code=204, headers=headers)
    announced = progress.announced
    text = context.message(f"check-stage-{announced.stage}")
    found = context.message("check-found", n=announced.count) if announced.findings else ""
    return JSONResponse({**announced.to_data(), "text": text, "found": found}, headers=headers)


def compared_with_fields(checked: CheckResult, fields: Mapping[str, str]) -> CheckResult:
    """Return a result compared with the earlier one in the fields of a form, with the reasons in them.

    Raise UploadFieldError for a state that cannot be read.
    """
    state, reasons = checked.state, reasons_in(fields)
    if state is None or not (fields.get(STATE) or reasons):
        return checked
    report = state.report
    if fields.get(STATE):
        report = compare_with_earlier(report, findings_of_report(state_in(fields).report))
    return with_report(checked, accept_findings(report, reasons))


def reasons_in(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons in the fields of a form, by the fingerprint of their finding."""
    given = ((name.removeprefix(REASON), text.strip()) for name, text in fields.items() if name.startswith(REASON))
    return {fingerprint: text[:LONGEST_REASON] for fingerprint, text in given if text}


def state_in(fields: Mapping[str, str]) -> ReportState:
    """Return the state in the fields of a form. Raise UploadFieldError."""
    try:
        return parse_state(fields.get(STATE, ""))
    except ValueError as error:
        raise UploadFieldError(name=STATE, reason=error) from error


async def report_of_form(context: PageContext, limiter: UploadLimiter) -> Response:
    """Return the report of the form's state with the reasons written into the form, as a file to save."""
    client: ClientIdentity = context.request.state.client
    try:
        with share_of(limiter, client, context.settings):
            upload = await receive_upload(context.request, context.settings, needs_file=False)
            upload.close()
            form = upload.fields.get(FORMAT, "")
            if form not in (*FORMS, *FURTHER_FORMS):
                raise UploadFieldError(name=FORMAT, reason=", ".join((*FORMS, *FURTHER_FORMS)))
            state = await context.compute(state_in, upload.fields)
            report = accept_findings(state.report, reasons_in(upload.fields))
            async with CancelOnDisconnect(context.request.receive):
                content = await write_in_turn(replace(state, report=report), form, limiter, client, context.settings)
    except SHOWN_ON_THE_FORM as error:
        return form_page(context, error)
    stem = PurePath(safe_name(upload.fields.get("name") or "report")).stem or "report"
    file_name = quote(f"{stem}{form_extension(form)}")
    return Response(
        content,
        media_type=form_type(form),
        headers={
            **SECURITY_HEADERS,
            "Cache-Control": "no-store",
            "Content-Disposition": f"attachment; filename*=UTF-8''{file_name}",
        },
    )


async def keep_result(
    context: PageContext, kept: KeptResults, names: Sequence[str], checked: CheckResult, account: str
) -> Response:
    """Keep a result of a client's account, "" for one without a limit, and redirect to its address."""

    def keep() -> str:
        content = json.dumps({"names": list(names), "result": checked.to_bytes().decode()}).encode()
        return kept.keep(content, account)

    try:
        token = await context.compute(keep)
    except OSError as error:
        raise StoreNotWrittenError(path=error.filename or "", reason=error.strerror or error) from error
    return RedirectResponse(context.link(f"/check/kept/{token}"), status_code=303)


async def kept_page(context: PageContext, kept: KeptResults, token: str) -> Response:
    """Return the page of a kept result. Raise NotFoundError if there is none, or it has expired."""
    content, expires = await context.compute(kept.find, token), kept.expires(token)
    if content is None or expires is None:
        raise NotFoundError(iri=str(context.request.url))
    names, checked = await context.compute(read_kept, content)
    return await result_page(context, names, checked, kept_address(context, token, expires))


def read_kept(content: bytes) -> tuple[list[str], CheckResult]:
    """Return the names of the files and the result in what `keep_result` kept."""
    stored = json.loads(content)
    return stored["names"], parse_result(stored["result"].encode())


def remove_kept(context: PageContext, kept: KeptResults, token: str) -> Response:
    """Remove a kept result and return to the form. Raise NotFoundError if there is none."""
    if not kept.remove(token):
        raise NotFoundError(iri=str(context.request.url))
    return RedirectResponse(context.link("/check"), status_code=303)
