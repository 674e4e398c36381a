"""Where on a page of a PDF the figure of a sentence is printed: readers know the box of its paragraph only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

Edges = tuple[float, float, float, float]
"""Left, top, right and bottom in points, from the top left of the displayed page."""
_WITHIN_NUMBERS = frozenset("0123456789.")


@dataclass(frozen=True, slots=True)
class PageText:
    """The characters of a page without spaces, and the box of each."""

    characters: str
    boxes: tuple[Edges, ...]


def read_page_text(page: pdfium.PdfPage) -> PageText:
    """Return the characters of a page; none for a page that is rotated or cropped, whose coordinates differ."""
    width, height = page.get_size()
    if page.get_rotation() or tuple(page.get_cropbox()) != (0, 0, width, height):
        return PageText("", ())
    text = page.get_textpage()
    try:
        found = []
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            if len(character) == 1 and not character.isspace():
                left, bottom, right, top = text.get_charbox(index)
                found.append((character, (left, height - top, right, height - bottom)))
    finally:
        text.close()
    return PageText("".join(character for character, _ in found), tuple(box for _, box in found))


def find_figure(text: PageText, paragraph: Edges, wordings: Iterable[str]) -> Edges:
    """Return the box of a figure that is printed once in a paragraph, else the box of the paragraph.

    Of several wordings, such as with and without the unit, the first counts that is printed exactly once. A figure over
    two lines keeps the paragraph.
    """
    left, top, right, bottom = paragraph
    inside = [
        index
        for index, box in enumerate(text.boxes)
        if left - 1 <= (box[0] + box[2]) / 2 <= right + 1 and top - 1 <= (box[1] + box[3]) / 2 <= bottom + 1
    ]
    words = "".join(text.characters[index] for index in inside)
    for wording in wordings:
        wanted = "".join(wording.split())
        starts = _occurrences(words, wanted) if wanted else []
        if len(starts) == 1:
            boxes = [text.boxes[index] for index in inside[starts[0] : starts[0] + len(wanted)]]
            found = tuple(edge(box[n] for box in boxes) for n, edge in enumerate((min, min, max, max)))
            tallest = max(box[3] - box[1] for box in boxes)
            return (found[0], found[1], found[2], found[3]) if found[3] - found[1] < 2 * tallest else paragraph
    return paragraph


def _occurrences(words: str, wanted: str) -> list[int]:
    """Return where a wording begins, other than within a longer number."""
    starts, at = [], words.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        rest = words[end : end + 2].lstrip(".")
        is_longer = words[max(0, at - 1) : at] in _WITHIN_NUMBERS or (wanted[-1].isdigit() and rest[:1].isdigit())
        starts += [] if is_longer else [at]
        at = words.find(wanted, at + 1)
    return starts
