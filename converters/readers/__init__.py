"""One module a format; each turns a file into a Document. Nothing after the readers knows a format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from converters.model.document import Document, DocumentError
from converters.readers.pdf.reader import read_pdf
from converters.readers.text import read_text

READERS: dict[str, Callable[[Path, bytes], Document]] = {".txt": read_text, ".tsv": read_text, ".pdf": read_pdf}


def read_document(path: Path) -> Document:
    """Read a file by the reader of its ending; DocumentError names the file, the reason and the remedy."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentError("unknown-format", file=path, known=", ".join(READERS))
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DocumentError("file-missing", file=path) from None
    except OSError as error:
        raise DocumentError("file-unreadable", file=path, reason=error.strerror) from error
    return reader(path, content)
