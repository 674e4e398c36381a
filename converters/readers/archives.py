"""Files inside ZIP archives, addressed by paths such as `folder.zip/budget.docx`."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from converters.model.document import DocumentError
from converters.readers.package_limits import MOST_PARTS, MOST_UNPACKED

_UTF_8 = 0x800
_ENCRYPTED = 0x1
_LEFTOVERS = ("~$", ".", "__MACOSX")


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file or of a member of a ZIP archive. Raise DocumentError if there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DocumentError("file-missing", file=path) from None
    except NotADirectoryError:
        return _read_member(path)
    except IsADirectoryError:
        raise DocumentError("folder-empty", file=path) from None
    except OSError as error:
        raise DocumentError("file-unreadable", file=path, reason=error.strerror) from error


def members(archive: Path) -> Iterator[Path]:
    """Yield the paths of the files in an archive, in stored order, without unpacking.

    Raise DocumentError as `check_archive` does. Path segments that would leave the archive are dropped here; reading
    such a member is refused. Files that programs and systems write for themselves are left out.
    """
    with _opened(archive) as package:
        yield from (archive / _inside(_name(info)) for info in _files(archive, package))


def check_archive(archive: Path, content: bytes) -> None:
    """Raise DocumentError if the bytes of an archive are damaged, or if it holds no file or too many."""
    with _open(archive, content) as package:
        _files(archive, package)


def unpack(archive: Path, content: bytes, most: int) -> list[tuple[Path, bytes]]:
    """Return the files in the bytes of an archive, by their paths behind it, in stored order.

    Raise DocumentError if the archive or a file in it is damaged, encrypted or too large, or if it has more than `most`
    files.
    """
    with _open(archive, content) as package:
        infos = _files(archive, package)
        if len(infos) > most:
            raise DocumentError("zip-of-many", file=archive, count=len(infos), most=most)
        if sum(info.file_size for info in infos) > MOST_UNPACKED:
            raise DocumentError("package-too-large", file=archive, mebibytes=MOST_UNPACKED // 2**20)
        return [(path := archive / _inside(_name(info)), _read(package, info, path)) for info in infos]


def _files(archive: Path, package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    infos = package.infolist()
    if len(infos) > MOST_PARTS:
        raise DocumentError("package-too-large", file=archive, mebibytes=MOST_UNPACKED // 2**20)
    files = [info for info in infos if not info.is_dir() and not is_leftover(_name(info))]
    if not files:
        raise DocumentError("zip-empty", file=archive)
    return files


def is_leftover(name: str) -> bool:
    """Return whether a program or system wrote a file for itself: `~$budget.docx`, `__MACOSX/budget.docx`."""
    return any(part.startswith(_LEFTOVERS) for part in name.replace("\\", "/").split("/") if part not in {".", ".."})


def _open(archive: Path, content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise DocumentError("unread-damaged", file=archive) from error


def _opened(archive: Path) -> zipfile.ZipFile:
    try:
        return _open(archive, archive.read_bytes())
    except OSError as error:
        raise DocumentError("file-unreadable", file=archive, reason=error.strerror) from error


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member; Chinese programs store GB 18030 where the format defaults to code page 437."""
    if info.flag_bits & _UTF_8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _inside(name: str) -> str:
    """Return the name of a member without segments that lead out of the archive."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def _climbs_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")


def _read_member(path: Path) -> bytes:
    archive = next((parent for parent in path.parents if parent.is_file()), None)
    if archive is None:
        raise DocumentError("file-missing", file=path)
    with _opened(archive) as package:
        for info in package.infolist():
            if archive / _inside(_name(info)) == path:
                return _read(package, info, path)
    raise DocumentError("file-missing", file=path)


def _read(package: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise DocumentError("unread-encrypted", file=path)
    if _climbs_out(_name(info)):
        raise DocumentError("member-climbs-out", file=path)
    if info.file_size > MOST_UNPACKED:
        raise DocumentError("package-too-large", file=path, mebibytes=MOST_UNPACKED // 2**20)
    try:
        return package.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DocumentError("unread-damaged", file=path) from error
