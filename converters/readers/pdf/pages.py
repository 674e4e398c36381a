"""The pages of a PDF as displayed: glyphs with their boxes, and ruling lines."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray

from converters.model.document import DocumentError
from converters.readers.pdf.drawing import Drawing, address
from converters.readers.pdf.edges import Edge
from converters.readers.pdf.fonts import reproducible_fonts
from converters.readers.pdf.page_transform import PageTransform
from converters.readers.pdf.settings import PdfSettings
from converters.readers.pdf.tagged.structure import CellTag, content_of, read_cell_tags

# PDFium is not thread-safe: one document at a time in a process.
_PDFIUM = threading.Lock()

_PASSWORD_ERRORS = frozenset({pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY})
_RIGHT_ANGLE = 1.5707963
_SAMPLED_GLYPHS = 40
_MOST_GLYPHS = 1 << 32
_ADJACENT = 0.02
_RENDERED_DPI, _POINTS_PER_INCH, _LARGEST_SIDE = 200, 72, 5000
# PDFium reports a hyphen at the end of a line as U+0002.
_HYPHEN_AT_LINE_END = 2
_REPLACEMENT, _PRIVATE, _SURROGATES = 0xFFFD, range(0xE000, 0xF900), range(0xD800, 0xE000)
_BEGIN_CELLS = frozenset("0123456789[")
_SPACES = frozenset((0x20, 0xA0, 0x3000))
_NOT_INK = frozenset((*range(2), *range(3, 33), 0x7F, 0xA0, 0x200B, 0x3000, 0xFEFF, 0xFFFE, 0xFFFF))


class Glyph(NamedTuple):
    """A character: advance width horizontally, ink vertically; `base` is the height of its baseline.

    `spaced` is set if the file has a space before the character; a gap between two cells has none. `content` is the
    number of its marked content on a page with tagged tables, else -1. `order` is its place in drawing order. `begins`
    is set if a small gap stands before it and it is drawn by itself: asked of digits and opening brackets only.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    spaced: bool = False
    content: int = -1
    order: int = 0
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page rotated so that its text is upright, in points from the top left.

    `hidden` counts the glyphs left out because they lie outside the page or a clip path. `tilt` is the clockwise
    rotation of the displayed page from here in quarter turns. `pictured` is set if a picture covers most of the page,
    `damaged` if the page could not be read. `nameless` counts the glyphs without a character.
    `recognised` is set if lines and glyphs were recognised in the picture of the page. `tags` are the cells of tagged
    tables, which only pages without vertical lines have.
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    horizontals: tuple[Edge, ...]
    verticals: tuple[Edge, ...]
    hidden: int
    pictured: bool
    tilt: int = 0
    nameless: int = 0
    damaged: bool = False
    recognised: bool = False
    tags: tuple[CellTag, ...] = ()


def read_pages(path: Path, content: bytes, settings: PdfSettings) -> list[Page]:
    """Read all pages of a PDF. Raise DocumentError if it is encrypted or damaged."""
    with _PDFIUM, reproducible_fonts():
        document = _open(path, content)
        try:
            return [_read_page(document, index, settings) for index in range(len(document))]
        finally:
            document.close()


def read_first_lines(path: Path, content: bytes) -> list[str]:
    """Return the lines of the first page of a PDF in the order of the file, much faster than `read_pages`.

    The list is empty if the page has no text or cannot be read. Raise DocumentError if the file is encrypted or
    damaged.
    """
    with _PDFIUM, reproducible_fonts():
        document = _open(path, content)
        try:
            textpage = document[0].get_textpage()
            text: str = textpage.get_text_bounded()
        except pypdfium2.PdfiumError:
            return []
        finally:
            document.close()
    return [line for line in text.splitlines() if line.strip()]


def _open(path: Path, content: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        key = "pdf-encrypted" if getattr(error, "err_code", None) in _PASSWORD_ERRORS else "pdf-damaged"
        raise DocumentError(key, file=path) from error


def render_pages(content: bytes, numbers: Sequence[int]) -> Iterator[tuple[NDArray[np.uint8], float]]:
    """Yield pictures of pages in grey values with their scale in pixels a point; very large pages are reduced."""
    for number in numbers:
        with _PDFIUM, reproducible_fonts():
            document = pypdfium2.PdfDocument(content)
            try:
                page = document[number - 1]
                scale = min(_RENDERED_DPI / _POINTS_PER_INCH, _LARGEST_SIDE / max(page.get_size()))
                picture = np.array(page.render(scale=scale, grayscale=True).to_numpy(), dtype=np.uint8)
            finally:
                document.close()
        yield picture.reshape(picture.shape[:2]), scale


def _read_page(document: Any, index: int, settings: PdfSettings) -> Page:
    try:
        page = document[index]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return Page(index + 1, 0.0, 0.0, (), (), (), 0, pictured=False, damaged=True)
    try:
        rotation = _upright_rotation(textpage.raw, page.get_rotation() // 90)
        left, bottom, right, top = page.get_bbox()
        frame = PageTransform(left, bottom, right, top, rotation)
        drawing = Drawing(frame, settings)
        drawing.read(page.raw)
        horizontals, verticals = drawing.edges()
        tags = () if verticals else read_cell_tags(page.raw)
        ordered = {} if verticals else drawing.texts
        glyphs, hidden, nameless = _glyphs(textpage.raw, frame, drawing, ordered, tagged=bool(tags))
        width, height = frame.size
        tilt = (page.get_rotation() // 90 - rotation) % 4
        return Page(
            number=index + 1,
            width=width,
            height=height,
            glyphs=tuple(glyphs),
            horizontals=horizontals,
            verticals=verticals,
            hidden=hidden,
            pictured=drawing.pictured,
            tilt=tilt,
            nameless=nameless,
            tags=tags,
        )
    finally:
        textpage.close()
        page.close()


def _is_drawn_apart(textpage: Any, one: int, other: int) -> bool:
    """Return whether two characters belong to different text objects."""
    return address(pdfium.FPDFText_GetTextObject(textpage, one)) != address(
        pdfium.FPDFText_GetTextObject(textpage, other)
    )


def _upright_rotation(textpage: Any, displayed: int) -> int:
    """Return the clockwise quarter turns that make most of the text upright, `displayed` if there is no text."""
    count = pdfium.FPDFText_CountChars(textpage)
    votes = [0] * 4
    for index in range(0, count, max(1, count // _SAMPLED_GLYPHS)):
        if pdfium.FPDFText_GetUnicode(textpage, index) not in _NOT_INK:
            votes[-round(pdfium.FPDFText_GetCharAngle(textpage, index) / _RIGHT_ANGLE) % 4] += 1
    return max(range(4), key=lambda rotation: (votes[rotation], rotation == displayed))


def _glyphs(
    textpage: Any, frame: PageTransform, drawing: Drawing, texts: Mapping[int, int], *, tagged: bool
) -> tuple[list[Glyph], int, int]:
    """Return the visible glyphs, the number of hidden ones and the number without a character.

    PDFium gives them in drawing order, but sorts what is drawn in turn at almost one height from left to right. `texts`
    are the numbers of text objects in drawing order, by address; if there are none, the order of PDFium counts.
    """
    contents = dict.fromkeys(drawing.inside_forms, -1)
    clips = drawing.clips
    room = pdfium.FS_RECTF()
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    ink = [ctypes.byref(side) for side in (left, right, bottom, top)]
    origin = ctypes.byref(x), ctypes.byref(y)
    room_pointer = ctypes.byref(room)
    width, height = frame.size
    glyphs: list[Glyph] = []
    hidden = nameless = 0
    spaced = False
    before = number = 0
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in _NOT_INK or code in _SURROGATES:
            nameless += code == 0 or code in _SURROGATES
            spaced = spaced or (code in _SPACES and not pdfium.FPDFText_IsGenerated(textpage, index))
            continue
        nameless += code == _REPLACEMENT or code in _PRIVATE
        pdfium.FPDFText_GetLooseCharBox(textpage, index, room_pointer)
        pdfium.FPDFText_GetCharBox(textpage, index, *ink)
        pdfium.FPDFText_GetCharOrigin(textpage, index, *origin)
        x0, loose_top, x1, loose_bottom = frame.box(room.left, room.bottom, room.right, room.top)
        if top.value > bottom.value and right.value > left.value:
            inked = frame.box(left.value, bottom.value, right.value, top.value)
            y0, y1 = inked[1], inked[3]
        else:
            y0, y1 = loose_top, loose_bottom
        middle, centre = (x0 + x1) / 2, (y0 + y1) / 2
        visible = 0 <= middle <= width and 0 <= centre <= height
        if visible and clips:
            clip = clips.get(address(pdfium.FPDFText_GetTextObject(textpage, index)))
            visible = clip is None or (clip[0] <= middle <= clip[2] and clip[1] <= centre <= clip[3])
        if visible:
            text = "-" if code == _HYPHEN_AT_LINE_END else chr(code)
            content = content_of(textpage, index, contents) if tagged else -1
            base = frame.point(x.value, y.value)[1]
            if texts and not (glyphs and base == glyphs[-1].base and abs(x0 - glyphs[-1].x1) < _ADJACENT * (x1 - x0)):
                number = texts.get(address(pdfium.FPDFText_GetTextObject(textpage, index)), number)
            order = number * _MOST_GLYPHS + len(glyphs)
            apart = text in _BEGIN_CELLS and not spaced and glyphs and 0 < x0 - glyphs[-1].x1 < x1 - x0
            begins = bool(apart) and _is_drawn_apart(textpage, before, index)
            glyphs.append(Glyph(text, x0, y0, x1, y1, base, spaced, content, order, begins))
            before = index
        else:
            hidden += 1
        spaced = False
    return glyphs, hidden, nameless
