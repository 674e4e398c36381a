"""Lines of text in a cell of a scanned page: bands of ink, found without recognition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from converters.readers.pdf.scans.ruling import Ink

PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, right and bottom excluded."""
_GAP = 1.5  # blank width, in heights of a line, that separates two texts
_TALLEST = 1.1  # height of a line, in usual heights, up to which its strokes belong together
_LEAST_INK = 8
_FLAT, _SHORT = 0.3, 0.7  # a dash alone: height and width in usual heights


class TextLine(NamedTuple):
    """A line of text by its box; `dash` is set if it is a dash alone, which recognition takes for other strokes."""

    box: PixelBox
    dash: bool


def find_text_lines(ink: Ink, boxes: Sequence[PixelBox]) -> list[list[TextLine]]:
    """Return the lines of text in each box, from top to bottom and left to right, cropped to their ink.

    Strokes above each other, as those of 二, are one line if together they are not taller than most lines of the page.
    """
    bands = [list(_bands(ink[top:bottom, left:right])) for left, top, right, bottom in boxes]
    usual = _usual_height([end - start for found in bands for start, end in found])
    return [
        [
            TextLine(line, _is_dash(line, usual))
            for start, end in _merge(found, usual)
            for line in _split(ink, (left, top + start, right, top + end))
        ]
        for (left, top, right, _), found in zip(boxes, bands, strict=True)
    ]


def _is_dash(box: PixelBox, usual: float) -> bool:
    left, top, right, bottom = box
    return bottom - top <= _FLAT * usual and bottom - top < right - left <= _SHORT * usual


def _stretches(ink: Ink, axis: int) -> Iterator[tuple[int, int]]:
    """Yield the rows (axis 0) or columns (axis 1) that hold ink, without a break, as (start, end)."""
    filled = np.count_nonzero(ink, axis=1 - axis) > 0
    steps = np.diff(np.concatenate(([0], filled.astype(np.int8), [0])))
    yield from zip(np.nonzero(steps == 1)[0].tolist(), np.nonzero(steps == -1)[0].tolist(), strict=True)


def _bands(ink: Ink) -> Iterator[tuple[int, int]]:
    for start, end in _stretches(ink, 0):
        if int(ink[start:end].sum()) >= _LEAST_INK:
            yield start, end


def _usual_height(heights: Sequence[int]) -> float:
    """Return a height that four of five lines do not exceed."""
    return float(np.percentile(heights, 80)) if heights else 0.0


def _merge(bands: Sequence[tuple[int, int]], usual: float) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in bands:
        if merged and end - merged[-1][0] <= _TALLEST * usual:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _split(ink: Ink, band: PixelBox) -> Iterator[PixelBox]:
    """Yield the texts of a band that wide gaps separate."""
    left, top, right, bottom = band
    texts: list[tuple[int, int]] = []
    for start, end in _stretches(ink[top:bottom, left:right], 1):
        if texts and start - texts[-1][1] < _GAP * (bottom - top):
            texts[-1] = (texts[-1][0], end)
        else:
            texts.append((start, end))
    yield from ((left + start, top, left + end, bottom) for start, end in texts)
