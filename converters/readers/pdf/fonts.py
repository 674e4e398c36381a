"""Substitute fonts for text whose font is not embedded, the same on every machine.

PDFium omits text objects without extents, so with the fonts of the machine the text found would differ from machine to
machine. PDFium brings the metrics of the fourteen standard fonts; the fallback font gives all other text extents.
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
    """Make PDFium use the same substitute fonts on every machine; restore the fonts of the machine afterwards.

    The fonts are a setting of the process: hold the lock that guards PDFium.
    """
    pdfium.FPDF_SetSystemFontInfo(_own_fonts())
    try:
        yield
    finally:
        pdfium.FPDF_SetSystemFontInfo(_machine_fonts())


@functools.cache
def _machine_fonts() -> Any:
    """Return the fonts of the machine. PDFium must not release them when other fonts replace them."""
    fonts = pdfium.FPDF_GetDefaultSystemFontInfo()
    if fonts:
        fonts.contents.Release = _signatures()["Release"]()
    return fonts


@functools.cache
def _own_fonts() -> Any:
    """Return PDFium's font interface for the fallback font, cached because PDFium keeps a pointer to it."""
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
    """Return the types of the functions of the interface, by name."""
    return dict(pdfium.FPDF_SYSFONTINFO._fields_)


def _copy(content: bytes, buffer: Any, size: int) -> int:
    """Copy the content if the buffer has room for it; return the size of the content."""
    if buffer and size >= len(content):
        ctypes.memmove(buffer, content, len(content))
    return len(content)
