"""The digests of a generation's files, by which damage is found without reading the database.

`sha256sums` in its folder has a line for each file, as `sha256sum --check` reads them. It is written when the database
is closed and before the generation becomes the current one; from then on nobody writes in those files.

`attested` holds the digest of `sha256sums` where the content of these very files is known to be right: publications
alone have written them, or all statements were verified. Nothing need be read again then while the files are whole.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from server.store.durable_files import write_durably

FILE = "sha256sums"
SEPARATOR = "  "
ATTESTED = "attested"
NOT_OF_THE_DATABASE = (FILE, ATTESTED, "attested.new", "LOCK", "LOG", "LOG.old.*", "counts", "counts.new")
"""The digests themselves and their attestation, what the engine notes for people, and what is counted later."""


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


def attest(folder: Path) -> None:
    """Note that the content of a generation's files, as their digests are now, is right; raise OSError."""
    write_durably(folder / ATTESTED, f"{_digest(folder / FILE)}\n".encode("ascii"))


def is_attested(folder: Path) -> bool:
    """Return whether the content of the files was attested, and their digests are the same since."""
    try:
        return (folder / ATTESTED).read_text(encoding="ascii").strip() == _digest(folder / FILE)
    except FileNotFoundError:
        return False


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
