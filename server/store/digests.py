"""The digests of a generation's files, by which damage is found without reading the database.

`sha256sums` in its folder has a line for each file, as `sha256sum --check` reads them. It is written when the database
is closed and before the generation becomes the current one; from then on nobody writes in those files.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

FILE = "sha256sums"
SEPARATOR = "  "
NOT_OF_THE_DATABASE = (FILE, "LOCK", "LOG", "LOG.old.*", "counts", "counts.new")
"""The digests themselves, what the engine notes for people, and what is counted later."""


@dataclass(frozen=True)
class DamagedFile:
    """A file that is not as it was written: the key of a message and what fills its slots."""

    key: str
    path: Path
    reason: str = ""


def write_digests(folder: Path, previous: Path | None = None) -> None:
    """Write the digests of a generation whose database is closed; raises OSError.

    A file that is the very one of the previous generation takes over the digest that stands there: it costs nothing,
    and what has been damaged meanwhile is not taken for whole.
    """
    known = {} if previous is None else read_digests(previous) or {}
    lines = []
    for path in _files(folder):
        is_known = previous is not None and path.name in known and _is_same_file(path, previous / path.name)
        lines.append(f"{known[path.name] if is_known else _digest(path)}{SEPARATOR}{path.name}\n")
    (folder / FILE).write_text("".join(lines), encoding="utf-8")


def read_digests(folder: Path) -> dict[str, str] | None:
    """Return the digest of each file by its name; None for a generation of a release that wrote none."""
    try:
        text = (folder / FILE).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    parts = (line.partition(SEPARATOR) for line in text.splitlines())
    return {name: digest for digest, _, name in parts}


def damaged_files(folder: Path, digests: dict[str, str]) -> Iterator[DamagedFile]:
    """Yield the files of a generation that are not what its digests say: all are read."""
    present = {path.name: path for path in _files(folder)}
    for name, digest in sorted(digests.items()):
        if name not in present:
            yield DamagedFile("verify-file-missing", folder / name)
            continue
        try:
            if _digest(present[name]) != digest:
                yield DamagedFile("verify-file-damaged", present[name])
        except OSError as error:
            yield DamagedFile("verify-unreadable", present[name], error.strerror or str(error))
    for name in sorted(present.keys() - digests.keys()):
        yield DamagedFile("verify-file-surplus", present[name])


def _files(folder: Path) -> list[Path]:
    names = (path for path in folder.iterdir() if path.is_file())
    return sorted(path for path in names if not any(fnmatchcase(path.name, each) for each in NOT_OF_THE_DATABASE))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_same_file(path: Path, other: Path) -> bool:
    """Return whether both names are of one file, which has the size that it had."""
    try:
        one, two = path.stat(), other.stat()
    except FileNotFoundError:
        return False
    return (one.st_dev, one.st_ino, one.st_size) == (two.st_dev, two.st_ino, two.st_size)
