"""Receive the files of an upload, as a form or as the body of a request, within limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from server.checking.result import MOST_FILES
from server.errors import (
    ClientGoneError,
    RequestTooSlowError,
    UploadMissingError,
    UploadTooLargeError,
    UploadTooManyError,
)
from server.http.request_bodies import receive_seconds
from server.settings import MEBIBYTE, Settings

LARGEST_FILE = 20 * MEBIBYTE
ENVELOPE = 64 * 2**10
LONGEST_NAME, LONGEST_ENDING = 120, 12
MOST_PARTS = 1000
MOST_FIELDS = 5000
LONGEST_FIELD = 8 * MEBIBYTE
FILE, SHAPES, EARLIER, WAIVERS = "file", "shapes", "earlier", "waivers"
"""The names of the parts of a form that are files."""
FORM, FIELDS_ONLY = "multipart/form-data", "application/x-www-form-urlencoded"
PIECE = 256 * 2**10


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that was received: its name as it may be shown, its media type, its content and the length of that."""

    name: str
    media_type: str
    content: IO[bytes]
    size: int

    def pieces(self) -> Iterator[bytes]:
        """Yield the content from the beginning."""
        self.content.seek(0)
        yield from iter(lambda: self.content.read(PIECE), b"")

    def read(self) -> bytes:
        """Return the content."""
        return b"".join(self.pieces())


@dataclass(slots=True)
class Upload:
    """A received form: files by the name of their part, and text fields."""

    files: Mapping[str, Sequence[UploadedFile]]
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def disclosure(self) -> Sequence[UploadedFile]:
        """The files to check."""
        return self.files[FILE]

    def first(self, part: str) -> UploadedFile | None:
        """Return the first file of a part, None if there is none."""
        return next(iter(self.files.get(part, ())), None)

    @property
    def names(self) -> str:
        """The names of the files to check, for messages."""
        return " ".join(file.name for file in self.disclosure)

    def close(self) -> None:
        """Remove the files."""
        for files in self.files.values():
            for file in files:
                file.content.close()


class UploadParser(MultiPartParser):
    """Keeps larger parts of a form in temporary files that have no name and end with the upload."""

    spool_max_size = 256 * 2**10


@asynccontextmanager
async def received(request: Request, settings: Settings) -> AsyncGenerator[Upload, None]:
    """Receive an upload and remove its files at the end of the block; raises what `receive_upload` raises."""
    upload = await receive_upload(request, settings)
    try:
        yield upload
    finally:
        upload.close()


async def receive_upload(request: Request, settings: Settings, *, needs_file: bool = True) -> Upload:
    """Receive a form with files, or one file that is the body of the request.

    Raise UploadMissingError if there is no file (unless `needs_file` is false), UploadTooLargeError,
    UploadTooManyError, and RequestTooSlowError.
    """
    declared = request.headers.get("content-length", "")
    length = int(declared) if declared.isdecimal() else LARGEST_FILE + ENVELOPE
    if length > LARGEST_FILE + ENVELOPE:
        raise UploadTooLargeError(mebibytes=LARGEST_FILE // MEBIBYTE)
    seconds = receive_seconds(settings, length)
    media_type = request.headers.get("content-type", "").lower()
    if media_type.startswith(FIELDS_ONLY):
        raise UploadMissingError
    is_form = media_type.startswith(FORM)
    try:
        async with asyncio.timeout(seconds):
            upload = await (_receive_form(request) if is_form else _receive_body(request))
    except MultiPartException as error:
        raise UploadMissingError from error
    except TimeoutError as error:
        raise RequestTooSlowError(seconds=f"{seconds:.0f}") from error
    if needs_file and not upload.files.get(FILE):
        upload.close()
        raise UploadMissingError
    return upload


async def _receive_form(request: Request) -> Upload:
    body = _limited(request)
    parser = UploadParser(
        request.headers, body, max_files=MOST_PARTS, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
    )
    form = await parser.parse()
    files: dict[str, list[UploadedFile]] = {}
    fields: dict[str, str] = {}
    for name, part in form.multi_items():
        if not isinstance(part, UploadFile):
            fields.setdefault(name, part)
        elif part.filename:
            media_type = part.headers.get("content-type", "")
            files.setdefault(name, []).append(
                UploadedFile(safe_name(part.filename), media_type, part.file, part.size or 0)
            )
        else:
            await part.close()
    upload = Upload(files, fields)
    count = max(map(len, files.values()), default=0)
    if count > MOST_FILES:
        upload.close()
        raise UploadTooManyError(count=count, most=MOST_FILES)
    return upload


async def _receive_body(request: Request) -> Upload:
    file = SpooledTemporaryFile(max_size=UploadParser.spool_max_size)  # noqa: SIM115 # closed with the upload
    size = 0
    try:
        async for chunk in _limited(request):
            size += len(chunk)
            file.write(chunk)
    except BaseException:
        file.close()
        raise
    if not size:
        file.close()
        return Upload({})
    media_type = request.headers.get("content-type", "")
    return Upload({FILE: [UploadedFile(_name_of_body(request.headers), media_type, file, size)]})


def _name_of_body(headers: Headers) -> str:
    """Return the file name in Content-Disposition, else a name that says nothing."""
    for parameter in headers.get("content-disposition", "").split(";"):
        key, _, value = parameter.strip().partition("=")
        if key.lower() == "filename" and value.strip('"'):
            return safe_name(value.strip('"'))
    return "file"


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    """Yield the body of a request; raise UploadTooLargeError beyond the largest size."""
    length = 0
    try:
        async for chunk in request.stream():
            length += len(chunk)
            if length > LARGEST_FILE + ENVELOPE:
                raise UploadTooLargeError(mebibytes=LARGEST_FILE // MEBIBYTE)
            yield chunk
    except ClientDisconnect as error:
        raise ClientGoneError from error


def safe_name(name: str) -> str:
    """Return the base name of a file without unprintable characters, shortened, with its extension."""
    path = PurePath("".join(c for c in name.replace("\\", "/") if c.isprintable()))
    if path.name in ("", ".."):
        return "file"
    return path.stem[-LONGEST_NAME:] + path.suffix[:LONGEST_ENDING]
