"""Files of procurement records in any known form, as notices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from converters.model.document import DocumentError, document_errors
from converters.procurement.notice import Notice
from converters.procurement.reading import read_notice
from converters.procurement.reading_order import NoticeTable, document_to_flow
from converters.procurement.sources.interfaces import read_interface
from converters.procurement.sources.lists import (
    ColumnMapping,
    ColumnUnknownError,
    csv_to_table,
    guess_columns,
    read_list,
)
from converters.procurement.sources.ocds import is_ocds, read_ocds
from converters.procurement.titles import find_title
from converters.readers import read_document
from converters.readers.archives import read_bytes
from converters.readers.pdf.pages import read_first_lines
from converters.readers.web.html import read_page_title
from ontology.procurement.notice_words import load_notice_words

_TABULAR = frozenset({"xlsx", "xls", "ods"})
_SHEETS = frozenset({".xlsx", ".xls", ".ods"})
_FORMS = frozenset({".txt", ".htm", ".html", ".docx", ".json", ".csv", ".pdf", *_SHEETS})
_RECORD_COLUMNS = frozenset({"supplier", "amount", "contract-amount", "notice-type", "publication-date", "agency"})
_JSON_STARTS = (b"{", b"[")
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """The notices of a file, and the mapping of its columns if it is a list."""

    notices: tuple[Notice, ...]
    mapping: ColumnMapping | None = None


def read_notices(path: Path, columns: Mapping[str, str] | None = None, source: str | None = None) -> NoticeFile:
    """Read a file of procurement records: one notice, a list, a data interface's answer, or OCDS releases.

    `columns` name columns of a list by field and label; `source` is the address of the file on its site. Raise
    DocumentError if the file cannot be read or is no notice.
    """
    with document_errors(path):
        content = read_bytes(path)
        start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if start in _JSON_STARTS and start:
            return NoticeFile(_from_json(path, content, source or path.name))
        return _from_document(path, content, columns, source)


def find_notices(path: Path) -> NoticeFile | None:
    """Read a file if it holds procurement records beyond doubt; None if it may be something else.

    A PDF must have the title of a notice on its first page, a list in a spreadsheet columns that no budget has. Raise
    DocumentError as `read_notices`.
    """
    ending = path.suffix.lower()
    if ending not in _FORMS:
        return None
    with document_errors(path):
        if ending == ".pdf" and find_title(read_first_lines(path, read_bytes(path)), load_notice_words()) is None:
            return None
    found = read_notices(path)
    if ending in _SHEETS and not (found.mapping is not None and found.mapping.columns.keys() & _RECORD_COLUMNS):
        return None
    return found


def _from_json(path: Path, content: bytes, source: str) -> tuple[Notice, ...]:
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, ValueError) as error:
        raise DocumentError("unread-json", file=path, reason=error) from error
    notices = read_ocds(data, source) if is_ocds(data) else read_interface(data, source)
    if not notices:
        raise DocumentError("no-notice", file=path)
    return tuple(notices)


def _from_document(path: Path, content: bytes, columns: Mapping[str, str] | None, source: str | None) -> NoticeFile:
    table = _csv(content) if path.suffix.lower() in (".csv", ".tsv") else None
    if table is None:
        document = read_document(path)
        if document.format not in _TABULAR:
            title = read_page_title(path, content) if document.format == "html" else None
            return NoticeFile((read_notice(document, source, title),))
        table = next((part for part in document_to_flow(document) if isinstance(part, NoticeTable)), None)
    try:
        mapping = guess_columns(table, columns) if table is not None else None
    except ColumnUnknownError as error:
        raise DocumentError("notice-column-unknown", file=path, name=error.name) from error
    if table is None or mapping is None:
        raise DocumentError("no-notice", file=path)
    return NoticeFile(tuple(read_list(table, mapping, source or path.name)), mapping)


def _csv(content: bytes) -> NoticeTable | None:
    for encoding in _ENCODINGS:
        try:
            return csv_to_table(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return None
