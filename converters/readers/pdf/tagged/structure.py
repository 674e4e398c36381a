"""The tables in the structure tree of a tagged PDF: rows, cells, and the marked content of each cell."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # ships no types

from converters.readers.pdf.drawing import address

_TABLE, _ROW, _CELLS = "Table", "TR", frozenset(("TD", "TH"))
_DEEPEST = 24
_WIDEST = 1000
_MOST_ELEMENTS = 50_000
"""The elements that are visited on a page; more only follow from a tree whose branches meet again."""

Path = tuple[int, ...]
"""The numbers of an element and those around it among their siblings, from the root of the tree."""


class _TangledTreeError(Exception):
    """Too many elements are found on a page."""


class CellTag(NamedTuple):
    """The part of a tagged cell on one page; `contents` are the numbers of its marked content.

    `table` and `row` are the places of table and row in the tree of the whole document, `number` counts the cells of
    the row from 0, of which there are `siblings`, empty ones included.
    """

    table: Path
    row: Path
    number: int
    siblings: int
    rowspan: int
    colspan: int
    contents: frozenset[int]


def read_cell_tags(page: Any) -> tuple[CellTag, ...]:
    """Return the tagged cells of a PDFium page in reading order; none without tags, or if branches of the tree meet.

    Elements without content on the page are counted, so that places are the same on all pages of a document.
    """
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return ()
    try:
        tags: list[CellTag] = []
        room = iter(range(_MOST_ELEMENTS))
        for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            child = pdfium.FPDF_StructTree_GetChildAtIndex(tree, number)
            if child:
                _collect(child, (number,), None, tags, room)
        return tuple(tags)
    except _TangledTreeError:
        return ()
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _collect(element: Any, path: Path, table: Path | None, tags: list[CellTag], room: Iterator[int]) -> None:
    if len(path) > _DEEPEST:
        return
    kind = _text(pdfium.FPDF_StructElement_GetType, element)
    if kind == _ROW and table is not None:
        siblings = pdfium.FPDF_StructElement_CountChildren(element)
        for number, cell in _children(element, room):
            if _text(pdfium.FPDF_StructElement_GetType, cell) in _CELLS:
                rowspan, colspan = _span(cell, b"RowSpan"), _span(cell, b"ColSpan")
                contents = frozenset(_contents(cell, 0, room))
                tags.append(CellTag(table, path[len(table) :], number, siblings, rowspan, colspan, contents))
        return
    inner = path if kind == _TABLE else table
    for number, child in _children(element, room):
        _collect(child, (*path, number), inner, tags, room)


def _children(element: Any, room: Iterator[int]) -> Iterator[tuple[int, Any]]:
    """Yield the elements below an element that have content on the page, with their numbers.

    Each takes a number from `room`; raise _TangledTreeError if none is left.
    """
    for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            if next(room, None) is None:
                raise _TangledTreeError
            yield number, child


def _contents(element: Any, depth: int, room: Iterator[int]) -> Iterator[int]:
    """Yield the numbers of the marked content of an element that stands on this page."""
    for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
        content = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, number)
        if content >= 0:
            yield content
    if depth < _DEEPEST:
        for _, child in _children(element, room):
            yield from _contents(child, depth + 1, room)


def _span(cell: Any, name: bytes) -> int:
    """Return the number of rows or columns that a cell spans, 1 unless an attribute says more."""
    value = ctypes.c_float()
    for number in range(pdfium.FPDF_StructElement_GetAttributeCount(cell)):
        attributes = pdfium.FPDF_StructElement_GetAttributeAtIndex(cell, number)
        found = attributes and pdfium.FPDF_StructElement_Attr_GetValue(attributes, name)
        if found and pdfium.FPDF_StructElement_Attr_GetNumberValue(found, value) and 1 <= value.value <= _WIDEST:
            return int(value.value)
    return 1


def _text(get: Callable[[Any, Any, int], int], element: Any) -> str:
    size = get(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    get(element, buffer, size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", errors="replace")


def content_of(textpage: Any, index: int, known: dict[int, int]) -> int:
    """Return the number of the marked content that holds a character, -1 if none does.

    `known` caches the numbers by the address of the text object.
    """
    item = pdfium.FPDFText_GetTextObject(textpage, index)
    if not item:
        return -1
    key = address(item)
    if key not in known:
        known[key] = pdfium.FPDFPageObj_GetMarkedContentID(item)
    return known[key]
