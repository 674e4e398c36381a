"""Files with tables of codes, as rows of text: spreadsheets, comma-separated files and word-processor documents."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

Rows = list[list[str]]
_ENCODINGS = ("utf-8-sig", "gb18030")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TABLE_FORMATS = (".csv", ".tsv", ".xlsx", ".docx")


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
    delimiter = "\t" if text.count("\t") > text.count(",") else ","
    yield [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]


def _decode(content: bytes) -> str:
    """UTF-8 or, what Chinese spreadsheets still write, GB 18030; ValueError if neither."""
    for encoding in _ENCODINGS:
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
            yield [[_value_to_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    finally:
        workbook.close()


def _value_to_text(value: object) -> str:
    """A code kept as a number comes back without the `.0` that a spreadsheet gives it."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_docx(path: Path) -> Iterator[Rows]:
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    for table in root.iter(_WORD + "tbl"):
        yield [list(_word_cells(row)) for row in table.findall(_WORD + "tr")]


def _word_cells(row: ElementTree.Element) -> Iterator[str]:
    """The text of each cell, and an empty one for every further column that a cell spans."""
    for cell in row.findall(_WORD + "tc"):
        yield "".join(text.text or "" for text in cell.iter(_WORD + "t"))
        span = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
        for _ in range(int(span.get(_WORD + "val", "1")) - 1 if span is not None else 0):
            yield ""


def widest(rows: Sequence[Sequence[str]]) -> int:
    """How many columns the widest row has."""
    return max((len(row) for row in rows), default=0)
