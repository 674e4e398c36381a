"""From what the user names to files: folders, archives and patterns."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from converters import DocumentError
from converters.readers.archives import is_leftover, members
from converters.readers.sniffing import ZIP, sniff_format

_WILD = frozenset("*?[")
_LOOKED_AT = 2**16


def is_many(path: Path) -> bool:
    """Whether a path names several files: a folder, an archive or a pattern."""
    return path.is_dir() or _is_pattern(path) or is_archive(path)


def is_archive(path: Path) -> bool:
    """Whether a path is a ZIP archive of files, and not an office format that is zipped."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    with path.open("rb") as file:
        start = file.read(4)
    return start.startswith(b"PK") and sniff_format(path.read_bytes()) == ZIP


def _is_pattern(path: Path) -> bool:
    return not path.exists() and bool(_WILD & set(str(path)))


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files of folders (with those below), archives and patterns, each once, in the order of their names.

    A path that names nothing, or in which there is no file, stays, so that reading it says what is missing.
    """
    return list(dict.fromkeys(file for path in paths for file in _expand(path)))


def _expand(path: Path) -> Iterator[Path]:
    if path.is_dir():
        found = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_ignored(file, path)]
        yield from (inner for file in found for inner in _expand(file)) if found else (path,)
    elif _is_pattern(path):
        anchor = Path(path.anchor)
        matches = sorted(anchor.glob(str(path.relative_to(anchor))) if path.is_absolute() else Path().glob(str(path)))
        yield from (inner for file in matches for inner in _expand(file)) if matches else (path,)
    elif is_archive(path):
        try:
            yield from (member for member in members(path) if not _is_ignored(member, path))
        except DocumentError:
            yield path
    else:
        yield path


def _is_ignored(file: Path, top: Path) -> bool:
    return is_leftover(file.relative_to(top).as_posix())
