"""Limits on zipped formats, checked before unpacking."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from converters.model.document import DocumentError

MOST_UNPACKED = 256 * 2**20
"""The greatest total size of the parts of a package in bytes; the largest real disclosures have 20 MiB."""
MOST_PARTS = 10_000
_ENCRYPTED = 0x1
_PROLOGUE = 4096
_DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
"""What zipfile raises for a damaged package; ValueError where the beginning of the file is missing."""
_DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def check_package(path: Path, content: bytes) -> None:
    """Raise DocumentError if a package is damaged, encrypted, or declares more parts or bytes than any disclosure has.

    zipfile reads no more of a part than the directory declares, so the declared sizes limit what is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except _DAMAGES as error:
        raise DocumentError("unread-damaged", file=path) from error
    _check_sizes(path, parts)
    _check_entities(path, content, parts)


def _check_sizes(path: Path, parts: Sequence[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise DocumentError("unread-encrypted", file=path)
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise DocumentError("package-too-large", file=path, mebibytes=MOST_UNPACKED // 2**20)


def _check_entities(path: Path, content: bytes, parts: Sequence[zipfile.ZipInfo]) -> None:
    """Raise DocumentError if a part declares a document type: office formats have none, and entities need one."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                try:
                    with package.open(part) as stream:
                        start = stream.read(_PROLOGUE).replace(b"\0", b"")
                except _DAMAGES as error:
                    raise DocumentError("unread-damaged", file=path) from error
                if _DOCUMENT_TYPE.search(start):
                    raise DocumentError("unread-entities", file=path)
