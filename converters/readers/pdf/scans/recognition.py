"""Optical character recognition: the ruling lines and characters of a scanned page, as those of any PDF page.

The text of a cell is cut out by the lines around it, so that a figure is never read into its neighbour.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from converters.readers.pdf.edges import Edge
from converters.readers.pdf.lattice import find_lattices
from converters.readers.pdf.lines import is_wide
from converters.readers.pdf.page_transform import Box
from converters.readers.pdf.pages import Glyph, Page, render_pages
from converters.readers.pdf.scans.ruling import (
    Picture,
    RuledLine,
    erase_lines,
    find_ink,
    find_lines,
    find_slope,
    keep_connecting,
)
from converters.readers.pdf.scans.text_lines import PixelBox, TextLine, find_text_lines
from converters.readers.pdf.settings import PdfSettings

_NO_MEMORY = ("bad_alloc", "failed to map")
"""Parts of what the engine, or the loading of its libraries, says where memory runs out."""
_LIBRARIES = ("onnxruntime", "PIL", "rapidocr")
_LEAST_LINE, _SHORTEST_LINE = 24.0, 8.0  # points; shorter lines connect others, or are strokes of characters
_MARGIN = 5  # pixels around a text that is cut out
_CERTAIN = 0.8
_LEVEL = 0.0005


@dataclass(frozen=True, slots=True)
class RecognisedText:
    """A line of text as recognised: its box in pixels, and how certain the recognition is, from 0 to 1."""

    text: str
    box: tuple[float, float, float, float]
    score: float


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """A scanned page with its characters and lines; `uncertain` are (text, box in points) that may be read wrongly."""

    page: Page
    uncertain: tuple[tuple[str, Box], ...]


def can_recognise() -> bool:
    """Return whether the libraries of the extra `ocr` are installed."""
    return all(find_spec(library) is not None for library in _LIBRARIES)


def recognise_pages(content: bytes, pages: Sequence[Page], settings: PdfSettings) -> Iterator[RecognisedPage]:
    """Recognise pages of a PDF one by one. Crooked pages are set straight first, and boxes are those of these."""
    for page, (picture, scale) in zip(pages, render_pages(content, [page.number for page in pages]), strict=True):
        yield _recognise(page, picture, scale, settings)


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params={"Global.use_cls": False, "Global.log_level": "critical", **threads})


def _run_engine(picture: Any, *, use_det: bool) -> Any:
    """Recognise the text of a picture; raises MemoryError, which the engine wraps in errors of its own."""
    try:
        return _engine()(picture, use_det=use_det, use_cls=False, use_rec=True)
    except Exception as error:
        if any(said in str(error) for said in _NO_MEMORY):
            raise MemoryError from error
        raise


def _recognise(page: Page, picture: Picture, scale: float, settings: PdfSettings) -> RecognisedPage:
    least, thickest = round(_LEAST_LINE * scale), settings.thin * scale
    slope = find_slope(find_lines(find_ink(picture), least, thickest), least)
    if abs(slope) > _LEVEL:
        picture = _rotated(picture, math.degrees(math.atan(slope)))
    ink = find_ink(picture)
    shortest = round(_SHORTEST_LINE * scale)
    found_across, found_down = find_lines(ink, shortest, thickest), find_lines(ink.T, shortest, thickest)
    across = keep_connecting(found_across, found_down, least)
    down = keep_connecting(found_down, found_across, least)
    horizontals, verticals = _edges(across, scale), _edges(down, scale)
    bare = picture.copy()
    erase_lines(bare, across)
    erase_lines(bare.T, down)
    lattices = [lattice for lattice in find_lattices(horizontals, verticals, settings) if len(lattice.xs) > 2]
    cells = [_pixels(lattice.span_box(span), scale) for lattice in lattices for span in lattice.spans]
    texts = [_read_line(bare, line) for lines in find_text_lines(find_ink(bare), cells) for line in lines]
    for lattice in lattices:
        left, top, right, bottom = _pixels(lattice.box, scale)
        bare[top:bottom, left:right] = 255
    texts += _read_page(bare)
    found = [text for text in texts if text.text.strip()]
    glyphs = tuple(glyph for text in found for glyph in _glyphs(text, scale))
    uncertain = tuple((text.text, _points(text.box, scale)) for text in found if text.score < _CERTAIN)
    recognised = replace(page, glyphs=glyphs, horizontals=horizontals, verticals=verticals, recognised=bool(glyphs))
    return RecognisedPage(recognised, uncertain)


def _rotated(picture: Picture, degrees: float) -> Picture:
    from PIL import Image

    rotated = Image.fromarray(picture).rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return np.array(rotated, dtype=np.uint8)


def _edges(lines: Iterable[RuledLine], scale: float) -> tuple[Edge, ...]:
    return tuple(Edge(line.at / scale, line.start / scale, line.end / scale) for line in lines)


def _pixels(box: Box, scale: float) -> PixelBox:
    left, top, right, bottom = (round(edge * scale) for edge in box)
    return left, top, right, bottom


def _points(box: tuple[float, float, float, float], scale: float) -> Box:
    left, top, right, bottom = (round(edge / scale, 1) for edge in box)
    return left, top, right, bottom


def _read_line(picture: Picture, line: TextLine) -> RecognisedText:
    if line.dash:
        return RecognisedText("-", line.box, 1.0)
    left, top, right, bottom = line.box
    room = np.full((bottom - top + 2 * _MARGIN, right - left + 2 * _MARGIN, 3), 255, dtype=np.uint8)
    room[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN] = picture[top:bottom, left:right, None]
    result = _run_engine(room, use_det=False)
    texts, scores = result.txts or ("",), result.scores or (0.0,)
    return RecognisedText(texts[0], line.box, float(scores[0]))


def _read_page(picture: Picture) -> list[RecognisedText]:
    result = _run_engine(np.repeat(picture[:, :, None], 3, axis=2), use_det=True)
    if result.boxes is None or result.txts is None or result.scores is None:
        return []
    return [
        RecognisedText(text, (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()), float(score))
        for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
    ]


def _glyphs(line: RecognisedText, scale: float) -> Iterator[Glyph]:
    """Yield the characters of a line, spread over its box: full-width ones twice as wide as others."""
    left, top, right, bottom = (edge / scale for edge in line.box)
    widths = [1.0 if is_wide(character) else 0.5 for character in line.text]
    unit = (right - left) / sum(widths)
    place = left
    for character, width in zip(line.text, widths, strict=True):
        if not character.isspace():
            yield Glyph(character, place, top, place + width * unit, bottom, bottom)
        place += width * unit
