"""What travels between the web process and a worker: a letter, a length, and that many bytes."""

import struct
from typing import BinaryIO

HEADER = struct.Struct(">cI")

QUESTION = b"Q"
READY = b"R"  # the store is open
BEGIN = b"B"  # an answer begins: JSON with its media type, encoding, generation and whether one frame is all of it
DATA = b"D"
END = b"E"
FAILURE = b"F"  # JSON with the key of an error and the values of its slots


def frame(kind: bytes, body: bytes = b"") -> bytes:
    """A frame as it travels."""
    return HEADER.pack(kind, len(body)) + body


def read_frame(pipe: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next frame as (kind, body); None at the end of the pipe."""
    header = pipe.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, length = HEADER.unpack(header)
    return kind, pipe.read(length)
