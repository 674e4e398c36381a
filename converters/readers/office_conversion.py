"""Conversion of old word-processor formats (DOC, RTF, ODT) to DOCX with LibreOffice, where installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from converters.model.document import DocumentError
from converters.readers import sniffing

CONVERTIBLE = frozenset((sniffing.DOC, sniffing.RTF, sniffing.ODT))
_PROGRAM = "soffice"
_SECONDS = 120


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
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [_PROGRAM, profile, "--headless", "--convert-to", "docx", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS)
            return source.with_suffix(".docx").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise DocumentError("word-damaged", file=path) from error
