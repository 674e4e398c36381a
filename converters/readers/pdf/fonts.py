"""Fonts for text whose font is not in the PDF: the same on every machine.

PDFium leaves out a text object without extents, so that the fonts of the machine would decide which text is read. It
brings the metrics of the fourteen standard fonts along; the fallback font gives all other text its extents.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # ships no types

from converters.readers.pdf.fallback_font import build_fallback_font

_STANDARD_FAMILIES = (b"Courier", b"Helvetica", b"Times-", b"Symbol", b"ZapfDingbats")
_NAME = b"Yusuan Fallback\0"
_HANDLE = 1
_INTERFACE_VERSION = 1


@contextmanager
def reproducible_fonts() -> Iterator[None]:
    """Let PDFium draw with fonts that are the same on every machine, and with the machine's again afterwards.

    The fonts are a setting of the whole process: hold the lock under which PDFium is used.
    """
    pdfium.FPDF_SetSystemFontInfo(_own_fonts())
    try:
        yield
    finally:
        pdfium.FPDF_SetSystemFontInfo(_machine_fonts())


@functools.cache
def _machine_fonts() -> Any:
    """The fonts of the machine. PDFium would release them when others take their place; they are kept instead."""
    fonts = pdfium.FPDF_GetDefaultSystemFontInfo()
    if fonts:
        fonts.contents.Release = _signatures()["Release"]()
    return fonts


@functools.cache
def _own_fonts() -> Any:
    """PDFium's interface to fonts, over the fallback font. PDFium keeps a pointer to it, so it is kept, too."""
    font = build_fallback_font()
    signatures = _signatures()

    def map_font(_source: Any, _weight: int, _italic: int, _charset: int, _pitch: int, face: Any, _exact: Any) -> Any:
        family = ctypes.cast(face, ctypes.c_char_p).value or b""
        return None if family.startswith(_STANDARD_FAMILIES) else _HANDLE

    def get_font_data(_source: Any, _handle: Any, table: int, buffer: Any, size: int) -> int:
        return 0 if table else _copy(font, buffer, size)

    def get_face_name(_source: Any, _handle: Any, buffer: Any, size: int) -> int:
        return _copy(_NAME, buffer, size)

    return pdfium.FPDF_SYSFONTINFO(
        version=_INTERFACE_VERSION,
        MapFont=signatures["MapFont"](map_font),
        GetFontData=signatures["GetFontData"](get_font_data),
        GetFaceName=signatures["GetFaceName"](get_face_name),
    )


def _signatures() -> dict[str, Any]:
    """The types of the functions of the interface, by name."""
    return dict(pdfium.FPDF_SYSFONTINFO._fields_)


def _copy(content: bytes, buffer: Any, size: int) -> int:
    """Copy the content if there is room for it; return how much it needs."""
    if buffer and size >= len(content):
        ctypes.memmove(buffer, content, len(content))
    return len(content)
