"""Frames between the web process and a child: a letter, a length, and that many bytes."""

import json
import os
import struct
from typing import BinaryIO

from server.errors import ServiceError

HEADER = struct.Struct(">cI")

QUESTION = b"Q"
READY = b"R"  # the store is open
BEGIN = b"B"  # an answer begins: JSON with its media type, encoding, generation and whether one frame is all of it
DATA = b"D"
END = b"E"
FAILURE = b"F"  # JSON with the key of an error and the values of its slots


def frame(kind: bytes, body: bytes = b"") -> bytes:
    """Return a frame as bytes."""
    return HEADER.pack(kind, len(body)) + body


def read_frame(pipe: BinaryIO) -> tuple[bytes, bytes] | None:
    """Return the next frame as (kind, body); None at the end of the pipe."""
    header = pipe.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, length = HEADER.unpack(header)
    return kind, pipe.read(length)


def write_all(pipe: int, *parts: bytes | bytearray) -> None:
    """Write all parts to a file descriptor."""
    left = [memoryview(part) for part in parts if part]
    while left:
        written = os.writev(pipe, left)
        while left and written >= len(left[0]):
            written -= len(left.pop(0))
        if left and written:
            left[0] = left[0][written:]


def write_failure(pipe: int, error: ServiceError) -> None:
    """Write the frame of an error."""
    values = {name: str(value) for name, value in error.values.items()}
    write_all(pipe, frame(FAILURE, json.dumps({"key": error.key, "values": values}).encode()))
