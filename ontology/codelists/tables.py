"""Files with tables of codes, as rows of text: spreadsheets, comma-separated files and word-processor documents."""

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
    """A file of codes that cannot be used; `key` and `values` make the message (see `ontology.messages`)."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values


def read_code_tables(path: Path) -> list[Rows]:
    """The tables of a file, one a sheet or printed table, cells as text; CodeTableError if it cannot be read."""
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
    """UTF-8 or, what Chinese spreadsheets still write, GB 18030 or UTF-16 with its mark; ValueError if none."""
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
            sheet.reset_dimensions()  # some programs write a size that is not the sheet's
            yield [[_value_to_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    finally:
        workbook.close()


def _value_to_text(value: object) -> str:
    """A code kept as a number comes back without the `.0` that a spreadsheet gives it."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_docx(path: Path) -> Iterator[Rows]:
    """The tables, and before them all lines outside tables as one, with a cell before and after each tab."""
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
    """The text of each cell, and an empty one for every further column that a cell spans."""
    for cell in _within(row, "tc"):
        yield "".join(map(_word_text, _within(cell, "p")))
        span = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
        for _ in range(int(span.get(_WORD + "val", "1")) - 1 if span is not None else 0):
            yield ""


def _within(parent: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    """The nearest elements of a tag below an element, whatever wraps them (content controls, tracked changes)."""
    for child in parent:
        if child.tag == _WORD + tag:
            yield child
        elif child.tag != _WORD + "tbl":
            yield from _within(child, tag)


def _word_text(paragraph: ElementTree.Element) -> str:
    """The text of a paragraph, its tabs included; what a tracked change deleted is not text."""
    runs = (part for run in paragraph.iter(_WORD + "r") for part in run)
    return "".join("\t" if part.tag == _WORD + "tab" else part.text or "" for part in runs if part.tag in _TEXT)


def widest(rows: Sequence[Sequence[str]]) -> int:
    """How many columns the widest row has."""
    return max((len(row) for row in rows), default=0)
