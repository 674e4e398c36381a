"""Files that survive a crash: written beside their place, synchronised, then renamed."""

import os
from pathlib import Path

UNFINISHED = ".new"
"""What the name of a file or folder ends with while it is written."""


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file so that after a crash either its old or its new content is there, whole."""
    written = path.with_name(f"{path.name}{UNFINISHED}")
    with written.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have the system write a file or folder to the disk; Windows does so without being asked and opens no folders."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
