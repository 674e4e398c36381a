"""Readers: one module or folder for each file format; each returns a Document, and later steps ignore the format."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePath

from converters.model.document import Document, DocumentError
from converters.readers import sniffing
from converters.readers.archives import check_archive, read_bytes
from converters.readers.continued_grids import join_continued_grids
from converters.readers.office_conversion import (
    CONVERTIBLE,
    CONVERTIBLE_ENDINGS,
    has_office,
    office_to_docx,
)
from converters.readers.package_limits import check_package
from converters.readers.sniffing import sniff_format
from ontology import load_vocabulary
from ontology.vocabulary import Vocabulary

ENDINGS = (".docx", ".et", ".htm", ".html", ".ods", ".pdf", ".tsv", ".txt", ".xls", ".xlsm", ".xlsx")
"""The usual file extensions, for messages; the content of a file decides its format."""
Reader = Callable[[Path, bytes, Vocabulary], Document]


_READERS: Mapping[str, tuple[str, str]] = {
    sniffing.DOCX: ("converters.readers.word.docx", "read_docx"),
    sniffing.HTML: ("converters.readers.web.html", "read_html"),
    sniffing.ODS: ("converters.readers.spreadsheet.ods", "read_ods"),
    sniffing.PDF: ("converters.readers.pdf.reader", "read_pdf"),
    sniffing.TEXT: ("converters.readers.text", "read_text"),
    sniffing.XLS: ("converters.readers.spreadsheet.xls", "read_xls"),
    sniffing.XLSX: ("converters.readers.spreadsheet.xlsx", "read_xlsx"),
}
"""Module and name of the reader of each format. A reader is imported when the first file of its format is read."""


def known_endings() -> tuple[str, ...]:
    """Return the usual extensions of the files that can be read here, those that need LibreOffice only where it is."""
    return tuple(sorted((*ENDINGS, *CONVERTIBLE_ENDINGS))) if has_office() else ENDINGS


def read_document(path: Path, vocabulary: Vocabulary | None = None) -> Document:
    """Read a file with the reader for its content. Raise DocumentError with the file, the reason and the remedy.

    Old word-processor formats need LibreOffice. A file inside a ZIP archive is read by its path behind the archive:
    `folder.zip/budget.docx`. Captions and titles are recognised by the words of `vocabulary`, by default the shipped
    one.
    """
    return read_content(path, read_bytes(path), vocabulary)


def read_content(path: Path, content: bytes, vocabulary: Vocabulary | None = None) -> Document:
    """Read the bytes of a file, which need not exist; arguments and errors as in `read_document`."""
    format_name = sniff_format(content)
    if format_name in CONVERTIBLE and has_office():
        document = read_content(path, office_to_docx(path, content, format_name), vocabulary)
        return replace(document, sha256=hashlib.sha256(content).hexdigest(), format=format_name)
    if format_name not in _READERS:
        if format_name == sniffing.ZIP:
            check_archive(path, content)
        raise DocumentError(f"unread-{format_name}", file=path, known=" ".join(known_endings()))
    if format_name in sniffing.PACKAGES:
        check_package(path, content)
    vocabulary = vocabulary or load_vocabulary()
    return join_continued_grids(_load_reader(format_name)(path, content, vocabulary), vocabulary)


def _load_reader(format_name: str) -> Reader:
    module, name = _READERS[format_name]
    reader: Reader = getattr(import_module(module), name)
    return reader


def reader_modules(names: Iterable[str]) -> tuple[str, ...]:
    """Return the modules that are expected to read files with these names; for an unusual name, those of all formats.

    >>> reader_modules(["budget.PDF"])
    ('converters.readers.pdf.reader',)
    """
    endings = {PurePath(name).suffix.lower().removeprefix(".") for name in names}
    formats = endings if endings <= _READERS.keys() else _READERS
    return tuple(_READERS[name][0] for name in sorted(formats))


def import_readers() -> None:
    """Import the readers of all formats, for processes whose memory is limited once they run."""
    for format_name in _READERS:
        _load_reader(format_name)
