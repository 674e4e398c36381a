"""The bodies of requests: their media type, and their bytes within limits of size and time."""

import asyncio
from tempfile import SpooledTemporaryFile, gettempdir
from typing import IO

from fastapi import Request
from starlette.requests import ClientDisconnect

from server.errors import (
    ClientGoneError,
    QueryTooLongError,
    RequestTooSlowError,
    StoreNotWrittenError,
    UnsupportedMediaTypeError,
)
from server.settings import Settings

IN_MEMORY = 256 * 1024
SLOWEST = 64 * 1024
"""Bytes a second of the slowest client whose long body is received."""
UTF_8 = ("", "utf-8", "utf8")


def body_type(request: Request, offered: str) -> tuple[str, str]:
    """Return the media type and the charset of the body, in small letters; `offered` names the types that are taken.

    Raises UnsupportedMediaTypeError for a body that comes compressed.
    """
    given = request.headers.get("content-type", "")
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.strip().lower() != "identity":
        raise UnsupportedMediaTypeError(given=f"{given} ({encoding})", offered=offered)
    return parse_content_type(given)


def parse_content_type(header: str) -> tuple[str, str]:
    """Return the media type and the charset of a Content-Type header."""
    media_type, _, options = header.lower().partition(";")
    return media_type.strip(), options.partition("charset=")[2].partition(";")[0].strip(' "')


def receive_seconds(settings: Settings, length: int) -> float:
    """Return the seconds that a client may take to send a body of so many bytes."""
    return settings.receive_timeout + length / SLOWEST


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """Return the body of the request, which is held in memory: for bodies that are short.

    Raises QueryTooLongError as soon as it is longer than `limit` bytes, RequestTooSlowError when it takes longer than
    `seconds`.
    """
    with spooled_file() as file:
        await spool_body(request, file, limit, seconds)
        file.seek(0)
        return file.read()


def spooled_file() -> SpooledTemporaryFile[bytes]:
    """Return a file that is in memory while it is short, then on the disk without a name."""
    return SpooledTemporaryFile(max_size=IN_MEMORY)


async def spool_body(request: Request, file: IO[bytes], limit: int, seconds: float) -> None:
    """Write the body of the request to a file; raises what `read_body` raises."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise QueryTooLongError(limit=limit)
    length = 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                length += len(chunk)
                if length > limit:
                    raise QueryTooLongError(limit=limit)
                file.write(chunk)
    except ClientDisconnect as error:
        raise ClientGoneError from error
    except TimeoutError as error:
        raise RequestTooSlowError(seconds=f"{seconds:g}") from error
    except OSError as error:
        raise StoreNotWrittenError(path=gettempdir(), reason=error.strerror or error) from error
