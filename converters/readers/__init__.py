"""One module a format; each turns a file into a Document. Nothing after the readers knows a format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from converters.model.document import Document, DocumentError
from converters.readers.pdf.reader import read_pdf
from converters.readers.text import read_text
from ontology import load_vocabulary
from ontology.vocabulary import Vocabulary

_Reader = Callable[[Path, bytes, Vocabulary], Document]
READERS: dict[str, _Reader] = {
    ".txt": read_text,
    ".tsv": read_text,
    ".pdf": read_pdf,
}


def read_document(path: Path, vocabulary: Vocabulary | None = None) -> Document:
    """Read a file by the reader of its ending; DocumentError names the file, the reason and the remedy.

    Captions and titles are recognised by the words of the vocabulary, the shipped one unless another is given.
    """
    _reader_of(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DocumentError("file-missing", file=path) from None
    except OSError as error:
        raise DocumentError("file-unreadable", file=path, reason=error.strerror) from error
    return read_content(path, content, vocabulary)


def read_content(path: Path, content: bytes, vocabulary: Vocabulary | None = None) -> Document:
    """Read the bytes of a file that need not exist; arguments and errors as in `read_document`."""
    return _reader_of(path)(path, content, vocabulary or load_vocabulary())


def _reader_of(path: Path) -> _Reader:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentError("unknown-format", file=path, known=", ".join(READERS))
    return reader
