"""The drawing of a page apart from its text: ruling lines, clip paths that hide text, pictures that cover the page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import reduce
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # ships no types

from converters.readers.pdf.edges import Edge
from converters.readers.pdf.page_transform import Box, Matrix, PageTransform, area, intersect
from converters.readers.pdf.settings import PdfSettings

_WHITE = 250
_RECTANGLE_SEGMENTS = 5
_DEEPEST_FORM = 8
_SCANNED = 0.5


class Drawing:
    """Collects the ruling lines of a page, and the clip paths that hide text, from the objects of the page.

    `clips` and `inside_forms` name text objects by their addresses: those that a clip path cuts, and those in a form,
    where marked content is numbered anew. `texts` numbers all text objects in drawing order.
    """

    def __init__(self, frame: PageTransform, settings: PdfSettings) -> None:
        self.frame, self.settings = frame, settings
        self.clips: dict[int, Box] = {}
        self.inside_forms: list[int] = []
        self.texts: dict[int, int] = {}
        self.pictured = False
        self._horizontals: list[Edge] = []
        self._verticals: list[Edge] = []
        self._seen_clips: dict[int, Box] = {}
        width, height = frame.size
        self._page: Box = (0.0, 0.0, width, height)

    def edges(self) -> tuple[tuple[Edge, ...], tuple[Edge, ...]]:
        """Return the visible horizontal and vertical lines."""
        return tuple(self._horizontals), tuple(self._verticals)

    def read(self, page: Any) -> None:
        """Collect lines and clips from all objects of a PDFium page."""
        for index in range(pdfium.FPDFPage_CountObjects(page)):
            self._visit(pdfium.FPDFPage_GetObject(page, index), self.frame, self._page, 0)

    def _visit(self, item: Any, frame: PageTransform, outer: Box, depth: int) -> None:
        """Collect from one object; `frame` maps its coordinates to the page, `outer` is the clip of its container."""
        kind = pdfium.FPDFPageObj_GetType(item)
        clip = reduce(intersect, self._clip_boxes(item, frame), outer)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            inner = frame.within(matrix_of(item))
            for index in range(pdfium.FPDFFormObj_CountObjects(item) if depth < _DEEPEST_FORM else 0):
                self._visit(pdfium.FPDFFormObj_GetObject(item, index), inner, clip, depth + 1)
            return
        bounds = [ctypes.c_float() for _ in range(4)]
        if not pdfium.FPDFPageObj_GetBounds(item, *bounds):
            return
        box = frame.box(*(bound.value for bound in bounds))
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self.texts[address(item)] = len(self.texts)
            if depth:
                self.inside_forms.append(address(item))
            if intersect(clip, box) != box:
                self.clips[address(item)] = clip
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            for vertical, edge in path_edges(item, box, frame, clip, self.settings.thin):
                (self._verticals if vertical else self._horizontals).append(edge)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self.pictured = self.pictured or area(intersect(clip, box)) > _SCANNED * area(self._page)

    def _clip_boxes(self, item: Any, frame: PageTransform) -> Iterator[Box]:
        """Yield the boxes of the clip paths of an object, cached by address since objects share clip paths."""
        clip = pdfium.FPDFPageObj_GetClipPath(item)
        if not clip:
            return
        for path in range(pdfium.FPDFClipPath_CountPaths(clip)):
            if pdfium.FPDFClipPath_CountPathSegments(clip, path) > 0:
                key = address(pdfium.FPDFClipPath_GetPathSegment(clip, path, 0))
                box = self._seen_clips.get(key)
                if box is None:
                    box = self._seen_clips[key] = _clip_box(clip, path, frame)
                yield box


def _clip_box(clip: Any, path: int, frame: PageTransform) -> Box:
    x, y = ctypes.c_float(), ctypes.c_float()
    points = []
    for index in range(pdfium.FPDFClipPath_CountPathSegments(clip, path)):
        pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, index), x, y)
        points.append(frame.point(x.value, y.value))
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)


def matrix_of(item: Any) -> Matrix:
    """Return the matrix that maps the coordinates of an object to those of its container."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def address(pointer: Any) -> int:
    """Return the memory address of a PDFium object, 0 for a null pointer; it identifies the object."""
    return ctypes.addressof(pointer.contents) if pointer else 0


def path_edges(path: Any, box: Box, frame: PageTransform, clip: Box, thin: float) -> Iterator[tuple[bool, Edge]]:
    """Yield the visible lines of a path as (whether vertical, line): thin shapes and straight strokes.

    White paint is invisible, and a filled area is shading, not a frame. A dot, as Word draws at corners, counts in both
    directions. `thin` is the greatest width of a line in points.
    """
    filled, stroked = _paint(path)
    if not (filled or stroked):
        return
    segments = pdfium.FPDFPath_CountSegments(path)
    if segments <= _RECTANGLE_SEGMENTS and min(box[2] - box[0], box[3] - box[1]) <= thin:
        yield from _thin_edges(box, clip, thin)
    elif stroked or segments > _RECTANGLE_SEGMENTS:
        for points in _subpaths(path, frame):
            if stroked:
                for (x0, y0), (x1, y1) in pairwise(points):
                    piece = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
                    if (
                        min(piece[2] - piece[0], piece[3] - piece[1])
                        < 1
                        < max(piece[2] - piece[0], piece[3] - piece[1])
                    ):
                        yield from _thin_edges(piece, clip, thin)
            else:
                across, down = zip(*points, strict=True)
                around = min(across), min(down), max(across), max(down)
                if min(around[2] - around[0], around[3] - around[1]) <= thin:
                    yield from _thin_edges(around, clip, thin)


def _thin_edges(box: Box, clip: Box, thin: float) -> Iterator[tuple[bool, Edge]]:
    x0, y0, x1, y1 = intersect(box, clip)
    if x1 < x0 or y1 < y0:
        return
    width, height = x1 - x0, y1 - y0
    if height <= thin and (width >= height or width <= thin):
        yield False, Edge((y0 + y1) / 2, x0, x1)
    if width <= thin and (height >= width or height <= thin):
        yield True, Edge((x0 + x1) / 2, y0, y1)


def _paint(path: Any) -> tuple[bool, bool]:
    """Return whether the path is visibly filled, and whether it is visibly stroked."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke):
        return False, False
    return (
        bool(fill.value) and _shows(path, pdfium.FPDFPageObj_GetFillColor),
        bool(stroke.value) and _shows(path, pdfium.FPDFPageObj_GetStrokeColor),
    )


def _shows(path: Any, get_colour: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get_colour(path, red, green, blue, alpha):
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < _WHITE


def _subpaths(path: Any, frame: PageTransform) -> Iterator[list[tuple[float, float]]]:
    """Yield the corners of each subpath in page coordinates; a curve ends a subpath."""
    inner = frame.within(matrix_of(path))
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = inner.point(x.value, y.value)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO:
            points.append(point)
        else:
            if len(points) > 1:
                yield points
            points = [point]
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points
