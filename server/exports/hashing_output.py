"""The size and checksum of what is written, without keeping it."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import TYPE_CHECKING

from ontology.tabular.data_package import FileDigest

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class HashingOutput(io.RawIOBase):
    """A stream that counts and hashes the bytes written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        self._hash = sha256()

    def writable(self) -> bool:
        """Whether the stream can be written to: always."""
        return True

    def write(self, content: ReadableBuffer) -> int:
        """Take note of some bytes."""
        data = memoryview(content)
        self.size += data.nbytes
        self._hash.update(data)
        return data.nbytes

    def digest(self) -> FileDigest:
        """Return the size and checksum of what was written so far."""
        return FileDigest(self.size, self._hash.hexdigest())
