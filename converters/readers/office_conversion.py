"""Conversion of old word-processor formats (DOC, RTF, ODT) to DOCX with LibreOffice, where installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from converters.model.document import DocumentError
from converters.readers import sniffing

CONVERTIBLE = frozenset((sniffing.DOC, sniffing.RTF, sniffing.ODT))
CONVERTIBLE_ENDINGS = (".doc", ".odt", ".rtf", ".wps")
_PROGRAM = "soffice"
_SECONDS = 120
_COMMON, _WRITER = "/org.openoffice.Office.Common/Security/Scripting", "/org.openoffice.Office.Writer/Content/Update"
_NEVER = "2"
_SETTINGS = (
    (_COMMON, "DisableActiveContent", "true"),
    (_COMMON, "DisableMacrosExecution", "true"),
    (_COMMON, "BlockUntrustedRefererLinks", "true"),
    (_WRITER, "Link", _NEVER),
)
"""Settings of the profile, so that a document runs nothing and brings in no other file."""
_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_ITEMS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
)


def has_office() -> bool:
    """Return whether LibreOffice is installed."""
    return shutil.which(_PROGRAM) is not None


def office_to_docx(path: Path, content: bytes, format_name: str) -> bytes:
    """Convert a document to DOCX. Raise DocumentError if LibreOffice cannot open it or takes too long.

    LibreOffice runs on a copy in a temporary folder, with a temporary profile.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"source.{format_name}"
        source.write_bytes(content)
        profile = f"-env:UserInstallation={_write_profile(Path(folder)).as_uri()}"
        command = [_PROGRAM, profile, "--headless", "--convert-to", "docx", "--outdir", folder, str(source)]
        try:
            _run(command)
            return source.with_suffix(".docx").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise DocumentError("word-damaged", file=path) from error


def _write_profile(folder: Path) -> Path:
    """Write a profile with _SETTINGS; return its folder."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    (profile / "user" / "registrymodifications.xcu").write_text(_ITEMS.format(items=items), encoding="utf-8")
    return profile


def _run(command: Sequence[str]) -> None:
    """Run a program; if it takes too long, or the caller is interrupted, the processes that it started end with it."""
    nothing = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, process_group=0) as process:
        try:
            status = process.wait(_SECONDS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if status != 0:
        raise subprocess.CalledProcessError(status, command)
