"""Files that survive a crash: written beside their place, synchronised, then renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

UNFINISHED = ".new"
"""The suffix of a file or folder while it is written."""


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file so that after a crash either its old or its new content is there, whole.

    Raises OSError that names the file, for example when the disk is full; the old content then stays.
    """
    written = path.with_name(f"{path.name}{UNFINISHED}")
    with naming(path):
        try:
            with written.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            written.replace(path)
        except OSError:
            with suppress(OSError):
                written.unlink()
            raise
        sync(path.parent)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Re-raise an OSError of the block with the path of the file, which a full disk leaves out."""
    try:
        yield
    except OSError as error:
        raise type(error)(error.errno, error.strerror or str(error), str(path)) from error


def sync(path: Path) -> None:
    """Have the system write a file or folder to the disk; Windows does so without being asked and opens no folders."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
