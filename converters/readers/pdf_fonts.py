"""Characters that PDFium does not tell: single ones in a font that is neither in the file nor on the machine.

Without the font such a character has no extent, and PDFium's text page leaves out what has none; nothing but the object
that draws it is left, from which nobody can tell a character from a blank. So their number is all that can be said.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # ships no types

from converters.readers.pdf_frames import Box

_FIRST_IDEOGRAPH = 0x4E00
_SIZE = 10.0
_WIDE = 0.9 * _SIZE
_NO_EXTENT = 0.01


class Fonts:
    """Answers for the fonts of one page, each looked at once."""

    def __init__(self) -> None:
        self._missing: dict[int, bool] = {}

    def hides(self, text: Any, box: Box) -> bool:
        """Whether PDFium leaves out a text object, with this box, because nothing can draw its font."""
        return box[2] - box[0] < _NO_EXTENT and self._is_missing(pdfium.FPDFTextObj_GetFont(text))

    def _is_missing(self, font: Any) -> bool:
        if not font:
            return False
        place = ctypes.addressof(font.contents)
        if place not in self._missing:
            self._missing[place] = not pdfium.FPDFFont_GetIsEmbedded(font) and _is_chinese(font) and not _draws(font)
        return self._missing[place]


def _is_chinese(font: Any) -> bool:
    """Whether an ideograph of the font is as wide as it is high; a Latin font has no such room."""
    width = ctypes.c_float()
    return bool(pdfium.FPDFFont_GetGlyphWidth(font, _FIRST_IDEOGRAPH, _SIZE, width)) and width.value > _WIDE


def _draws(font: Any) -> bool:
    """Whether the font, or what stands in for it, has a shape for the first ideograph, as every Chinese font does."""
    path = pdfium.FPDFFont_GetGlyphPath(font, _FIRST_IDEOGRAPH, _SIZE)
    return bool(path) and pdfium.FPDFGlyphPath_CountGlyphSegments(path) > 0
