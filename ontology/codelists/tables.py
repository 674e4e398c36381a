"""Tables of codes in files as rows of text: spreadsheets, comma-separated files and word-processor documents."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

Rows = list[list[str]]
_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",\t;|"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = (_WORD + "t", _WORD + "tab")


class CodeTableError(Exception):
    """A file of codes that cannot be used; `key` and `values` form the message (see `ontology.messages`)."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values


def read_code_tables(path: Path) -> list[Rows]:
    """Return the tables of a file, one for each sheet or printed table. Raise CodeTableError if it cannot be read."""
    readers = {".csv": _read_csv, ".tsv": _read_csv, ".xlsx": _read_xlsx, ".docx": _read_docx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise CodeTableError("codes-unknown-format", file=path, known=", ".join((*readers, ".pdf")))
    try:
        return list(reader(path))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise CodeTableError("codes-unreadable", file=path, reason=error) from error


def _read_csv(path: Path) -> Iterator[Rows]:
    text = _decode(path.read_bytes())
    delimiter = max(_DELIMITERS, key=text.count)
    yield [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]


def _decode(content: bytes) -> str:
    """Decode UTF-8, GB 18030, or UTF-16 with a byte order mark. Raise ValueError if none fits."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(" / ".join(_ENCODINGS))


def _read_xlsx(path: Path) -> Iterator[Rows]:
    from openpyxl import load_workbook

    workbook = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # some programs write a wrong size of the sheet
            yield [[_value_to_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    finally:
        workbook.close()


def _value_to_text(value: object) -> str:
    """Return a value as text, a code stored as a number without `.0`."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_docx(path: Path) -> Iterator[Rows]:
    """Return all lines outside tables as one table split at tabs, then the tables."""
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    tables = list(root.iter(_WORD + "tbl"))
    inside = {paragraph for table in tables for paragraph in table.iter(_WORD + "p")}
    lines = [_word_text(line).split("\t") for line in root.iter(_WORD + "p") if line not in inside]
    if lines:
        yield lines
    for table in tables:
        yield [list(_word_cells(row)) for row in _within(table, "tr")]


def _word_cells(row: ElementTree.Element) -> Iterator[str]:
    """Return the text of each cell, and an empty text for every further column that a cell spans."""
    for cell in _within(row, "tc"):
        yield "".join(map(_word_text, _within(cell, "p")))
        span = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
        for _ in range(int(span.get(_WORD + "val", "1")) - 1 if span is not None else 0):
            yield ""


def _within(parent: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    """Yield the nearest elements with a tag below an element, inside content controls and tracked changes too."""
    for child in parent:
        if child.tag == _WORD + tag:
            yield child
        elif child.tag != _WORD + "tbl":
            yield from _within(child, tag)


def _word_text(paragraph: ElementTree.Element) -> str:
    """Return the text of a paragraph with tabs, without deletions of tracked changes."""
    runs = (part for run in paragraph.iter(_WORD + "r") for part in run)
    return "".join("\t" if part.tag == _WORD + "tab" else part.text or "" for part in runs if part.tag in _TEXT)


def widest(rows: Sequence[Sequence[str]]) -> int:
    """Return the number of columns of the widest row."""
    return max((len(row) for row in rows), default=0)
