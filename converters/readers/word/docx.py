"""The body of a Word document in reading order."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from converters.model.document import Cell, Document, DocumentError, TextBlock
from converters.readers.assembly import assemble_document
from converters.readers.raw_tables import LAYOUT_SHARE, RawTable, without_slivers
from converters.readers.word.numbering import Numbering, load_numbering
from ontology.locators import Locator
from ontology.vocabulary import Vocabulary

_REMOVED = {qn("w:del"), qn("w:moveFrom")}
"""Tracked changes that accepting takes away."""
_WRAPPERS = {
    qn(f"w:{name}")
    for name in ("ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml", "hyperlink", "fldSimple", "r")
}
_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HIDDEN = f"{qn('w:rPr')}/{qn('w:vanish')}"
_GRID_COLUMN = f"{qn('w:tblGrid')}/{qn('w:gridCol')}"
_MOST_COLUMNS = 1000
_LONGEST = 10
_LEAST_TWIPS = 100
"""The width of a column that can hold a character: 5 points."""


@dataclass
class _Counters:
    """The numbers of paragraphs and tables read so far, for locators."""

    numbering: Numbering
    paragraphs: int = 0
    tables: int = 0
    boxes: list[etree._Element] = field(default_factory=list)


def read_docx(path: Path, content: bytes, vocabulary: Vocabulary) -> Document:
    """Return a Document of the body with all changes accepted. Raise DocumentError if the file is damaged.

    Text boxes follow their anchor paragraph; headers, footers, notes and hidden text are left out.
    """
    try:
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
        parts = {part.partname.split("/")[-1]: part for part in document.part.package.iter_parts()}
        numbering = _root(parts.get("numbering.xml"))
        styles = _root(parts.get("styles.xml"))
    except (OpcError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise DocumentError("word-damaged", file=path) from error
    if body is None:
        raise DocumentError("word-damaged", file=path)
    counters = _Counters(load_numbering(numbering, styles))
    return assemble_document(path, content, "docx", list(_flow(body, counters)), vocabulary)


def _root(part: object) -> etree._Element | None:
    """Return the XML of a part; None if there is no such part."""
    element = getattr(part, "element", None)
    blob = getattr(part, "blob", None)
    if element is not None or blob is None:
        return element
    return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _flow(parent: etree._Element, counters: _Counters) -> Iterator[TextBlock | RawTable]:
    for child in parent:
        if child.tag == qn("w:p"):
            yield from _paragraph(child, counters)
        elif child.tag == qn("w:tbl"):
            yield from _table(child, counters)
        elif child.tag in _WRAPPERS:
            yield from _flow(child, counters)


def _paragraph(paragraph: etree._Element, counters: _Counters) -> Iterator[TextBlock | RawTable]:
    text = _text(paragraph, counters)
    if text.strip():
        counters.paragraphs += 1
        locator = Locator(paragraph=counters.paragraphs)
        for line in text.splitlines():
            if line.strip():
                yield TextBlock(line.strip(), locator)
    boxes, counters.boxes = counters.boxes, []
    for box in boxes:
        yield from _flow(box, counters)


def _text(paragraph: etree._Element, counters: _Counters) -> str:
    """Return the text of a paragraph with its list number; its text boxes are collected apart."""
    text = "".join(_runs(paragraph, counters))
    number = counters.numbering.number(paragraph)
    return number + text if text.strip() else text


def _runs(element: etree._Element, counters: _Counters) -> Iterator[str]:
    for child in element:
        if child.tag in _REMOVED or (child.tag == qn("w:r") and _is_hidden(child)):
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[str(child.tag)]
        elif child.tag in _WRAPPERS:
            yield from _runs(child, counters)
        elif child.tag in (qn("w:drawing"), qn("w:pict"), qn("w:object"), _ALTERNATIVE):
            counters.boxes += [
                box
                for box in child.iter(qn("w:txbxContent"))
                if not any(above.tag == _FALLBACK for above in box.iterancestors())
            ]


def _is_hidden(run: etree._Element) -> bool:
    vanish = run.find(_HIDDEN)
    return vanish is not None and vanish.get(qn("w:val"), "true") not in {"0", "false"}


# ── Tables ──────────────────────────────────────────────────────────────────────────────────────


def _table(table: etree._Element, counters: _Counters) -> Iterator[TextBlock | RawTable]:
    """Yield the table and then its nested tables, from the stored cells and their spans.

    Of a table that only arranges the page, the content of its cells is yielded in order.
    """
    if _is_layout(table):
        for element in _elements(table, qn("w:tr")):
            for cell in _elements(element, qn("w:tc")):
                yield from _flow(cell, counters)
        return
    counters.tables += 1
    number = counters.tables
    cells: list[Cell] = []
    nested: list[TextBlock | RawTable] = []
    begun: dict[int, int] = {}
    rows = list(_elements(table, qn("w:tr")))
    width = 0
    for row, element in enumerate(rows, start=1):
        col = 1 + _grid_property(element.find(qn("w:trPr")), "gridBefore", 0)
        for index, raw in enumerate(_elements(element, qn("w:tc")), start=1):
            properties = raw.find(qn("w:tcPr"))
            wide = max(1, _grid_property(properties, "gridSpan", 1))
            merge = None if properties is None else properties.find(qn("w:vMerge"))
            if merge is not None and merge.get(qn("w:val"), "continue") == "continue" and col in begun:
                above = cells[begun[col]]
                cells[begun[col]] = _taller(above, row)
            else:
                text, inner = _cell_text(raw, counters)
                nested += inner
                locator = Locator(table=number, line=row, field=index)
                begun[col] = len(cells)
                cells.append(Cell(row, col, text, locator, colspan=wide))
            if merge is None:
                begun.pop(col, None)
            col += wide
        width = max(width, col - 1)
    yield without_slivers(RawTable(len(rows), width, tuple(cells)), _column_widths(table), _LEAST_TWIPS)
    yield from nested


def _is_layout(table: etree._Element) -> bool:
    """Return whether a table only arranges the page: nested tables have most of its text, and rows of their own."""
    inner = [t for t in table.iter(qn("w:tbl")) if next(t.iterancestors(qn("w:tbl")), None) is table]
    rows = (next(t.iterancestors(qn("w:tr"))) for t in inner)
    alone = all(len(list(_elements(row, qn("w:tc")))) == 1 for row in rows)
    return bool(inner) and alone and sum(map(_length, inner)) > LAYOUT_SHARE * _length(table)


def _length(element: etree._Element) -> int:
    """Return the number of characters of an element without spaces."""
    return sum(len("".join((text.text or "").split())) for text in element.iter(qn("w:t")))


def _column_widths(table: etree._Element) -> list[int]:
    """Return the stored widths of the columns in twips; none if one of them is missing."""
    stored = [column.get(qn("w:w"), "") for column in table.iterfind(_GRID_COLUMN)]
    known = all(width.isdecimal() and len(width) < _LONGEST and int(width) for width in stored)
    return [int(width) for width in stored] if known else []


def _taller(cell: Cell, row: int) -> Cell:
    return Cell(cell.row, cell.col, cell.text, cell.locator, row - cell.row + 1, cell.colspan, cell.flags)


def _elements(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, including those inside insertions and content controls."""
    for child in parent:
        if child.tag == tag:
            if not _is_deleted(child):
                yield child
        elif child.tag in _WRAPPERS:
            yield from _elements(child, tag)


def _is_deleted(element: etree._Element) -> bool:
    """Return whether a tracked change deletes a row or cell."""
    return any(
        element.find(f"{qn(properties)}/{qn(mark)}") is not None
        for properties, mark in (("w:trPr", "w:del"), ("w:tcPr", "w:cellDel"))
    )


def _grid_property(properties: etree._Element | None, name: str, default: int) -> int:
    element = None if properties is None else properties.find(qn(f"w:{name}"))
    value = "" if element is None else element.get(qn("w:val"), "")
    return min(int(value), _MOST_COLUMNS) if value.isdecimal() else default


def _cell_text(cell: etree._Element, counters: _Counters) -> tuple[str, list[TextBlock | RawTable]]:
    """Return the paragraphs of a cell, one per line, and its nested tables and text boxes."""
    lines: list[str] = []
    nested: list[TextBlock | RawTable] = []
    for child in _cell_parts(cell):
        if child.tag == qn("w:tbl"):
            nested += _table(child, counters)
        else:
            lines.append(_text(child, counters))
    boxes, counters.boxes = counters.boxes, []
    for box in boxes:
        nested += _flow(box, counters)
    return "\n".join(lines).strip(), nested


def _cell_parts(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _cell_parts(child)
