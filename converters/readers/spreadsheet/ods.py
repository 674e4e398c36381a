"""OpenDocument spreadsheets (ODS): the displayed text of each cell, which the file stores beside the value."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from converters.model.document import Document, DocumentError, Issue
from converters.readers.assembly import assemble_document
from converters.readers.spreadsheet.sheet_cells import MOST_CELLS, Sheet, column_letters, sheets_to_flow
from ontology.locators import Locator
from ontology.vocabulary import Vocabulary

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _OFFICE, _STYLE = (f"{{{_URN}{name}:1.0}}" for name in ("table", "text", "office", "style"))
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_HIDING = {"collapse", "filter"}
_SPACES = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_MOST_SPACES = 100
_MOST_REPEATED = 2**20  # rows of a sheet
_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"


def read_ods(path: Path, content: bytes, vocabulary: Vocabulary) -> Document:
    """Return a Document of the visible sheets. Raise DocumentError if the file is damaged or encrypted.

    A formula without a stored result is reported as an issue with its place.
    """
    root = _parse(path, content)
    hidden_styles = _hidden_styles(root)
    sheets: list[Sheet] = []
    issues: list[Issue] = []
    for table in root.iterfind(f".//{_OFFICE}spreadsheet/{_TABLE}table"):
        sheet = _sheet(path, table, hidden_styles)
        sheets.append(sheet)
        if not sheet.hidden:
            issues += _uncalculated(table, sheet.name)
    if not sheets:
        raise DocumentError("workbook-damaged", file=path)
    flow, hidden = sheets_to_flow(path, sheets, vocabulary)
    return assemble_document(path, content, "ods", flow, vocabulary, [*issues, *hidden])


def _parse(path: Path, content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if _MANIFEST in package.namelist() and b"encryption-data" in package.read(_MANIFEST):
                raise DocumentError("unread-encrypted", file=path)
            return etree.fromstring(package.read(_CONTENT), parser)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, etree.XMLSyntaxError) as error:
        raise DocumentError("workbook-damaged", file=path) from error


def _hidden_styles(root: etree._Element) -> frozenset[str]:
    """Return the names of table styles that are not displayed."""
    return frozenset(
        style.get(_STYLE + "name", "")
        for style in root.iter(_STYLE + "style")
        if any(p.get(_TABLE + "display") == "false" for p in style.iterfind(_STYLE + "table-properties"))
    )


def _sheet(path: Path, table: etree._Element, hidden_styles: frozenset[str]) -> Sheet:
    texts: dict[tuple[int, int], str] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    if sum(map(_held, table.iter(_TABLE + "table-row"))) > MOST_CELLS:
        raise DocumentError("sheet-too-large", file=path, sheet=table.get(_TABLE + "name", ""))
    for row, col, cell in _cells(table):
        text = _text(cell)
        if text:
            texts[row, col] = text
        span = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if span != (1, 1):
            spans[row, col] = span
    return Sheet(
        table.get(_TABLE + "name", ""),
        texts,
        spans,
        hidden=table.get(_TABLE + "style-name") in hidden_styles,
        hidden_rows=frozenset(_hidden(_rows(table))),
        hidden_columns=frozenset(_hidden((col, c) for col, c in _columns(table))),
    )


def _count(element: etree._Element, name: str) -> int:
    value = element.get(_TABLE + name, "1")
    return min(max(1, int(value)), _MOST_REPEATED) if value.isdecimal() else 1


def _rows(table: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Yield each row with the number of the first row that it repeats for."""
    number = 1
    for row in table.iter(_TABLE + "table-row"):
        yield number, row
        number += _count(row, "number-rows-repeated")


def _columns(table: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    number = 1
    for column in table.iter(_TABLE + "table-column"):
        yield number, column
        number += _count(column, "number-columns-repeated")


def _hidden(numbered: Iterator[tuple[int, etree._Element]]) -> Iterator[int]:
    for number, element in numbered:
        if element.get(_TABLE + "visibility") in _HIDING:
            repeated = "number-rows-repeated" if element.tag == _TABLE + "table-row" else "number-columns-repeated"
            yield from range(number, number + _count(element, repeated))


def _cells(table: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """Yield (row, column, cell) for every non-empty cell; a repeated cell occurs once for each place."""
    for first, row in _rows(table):
        if not any(len(cell) for cell in row.iterchildren(*_CELLS)):
            continue
        for number in range(first, first + _count(row, "number-rows-repeated")):
            col = 1
            for cell in row.iterchildren(*_CELLS):
                repeated = _count(cell, "number-columns-repeated")
                if len(cell) or _count(cell, "number-columns-spanned") > 1 or _count(cell, "number-rows-spanned") > 1:
                    yield from ((number, place, cell) for place in range(col, col + repeated))
                col += repeated


def _held(row: etree._Element) -> int:
    """Return the number of non-empty cells that a row stands for."""
    cells = (_count(cell, "number-columns-repeated") for cell in row.iterchildren(*_CELLS) if len(cell))
    return _count(row, "number-rows-repeated") * sum(cells)


def _text(cell: etree._Element) -> str:
    """Return the paragraphs of a cell, one per line, without annotations."""
    return "\n".join(_paragraph(p) for p in cell.iterchildren(_TEXT + "p", _TEXT + "h")).strip()


def _paragraph(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == _TEXT + "s":
            count = child.get(_TEXT + "c", "1")
            parts.append(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1))
        elif child.tag in _SPACES:
            parts.append(_SPACES[str(child.tag)])
        elif child.tag != _OFFICE + "annotation":
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _uncalculated(table: etree._Element, name: str) -> Iterator[Issue]:
    for first, row in _rows(table):
        col = 1
        for cell in row.iterchildren(*_CELLS):
            formula = cell.get(_TABLE + "formula")
            if formula is not None and not len(cell) and cell.get(_OFFICE + "value-type") is None:
                place = f"{name}!{column_letters(col)}{first}"
                yield Issue("formula-without-value", Locator(reference=place), {"formula": formula})
            col += _count(cell, "number-columns-repeated")
