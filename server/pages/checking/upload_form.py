"""The form with which a file is uploaded."""

from __future__ import annotations

from fastapi import Response

from converters.readers import known_endings
from server.errors import ServiceError
from server.http.responses import error_headers
from server.pages.page_context import PageContext
from server.settings import MEBIBYTE
from server.uploads.receiving import LARGEST_FILE

ARCHIVE = ".zip"


def form_page(context: PageContext, error: ServiceError | None = None) -> Response:
    """Return the upload form, with the error of the last upload if there was one."""
    return context.page(
        "check.html",
        200 if error is None else error.status,
        headers=None if error is None else error_headers(error),
        error=error and error.text(context.language),
        endings=(*known_endings(), ARCHIVE),
        mebibytes=LARGEST_FILE // MEBIBYTE,
        seconds=f"{context.settings.check_timeout:g}",
        days=f"{context.settings.kept_days:g}",
    )
