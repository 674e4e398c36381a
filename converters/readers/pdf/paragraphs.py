"""Paragraphs from lines: a sentence that continues on the next line or page is one block."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from converters.model.document import TextBlock
from converters.readers.pdf.cell_text import begins_item
from converters.readers.pdf.lines import Line
from converters.readers.pdf.settings import PdfSettings
from ontology.locators import Locator

_FIGURES_SIDE_BY_SIDE = re.compile(r"(?:^| )[-+(]?\d[\d,.]*\)? [-+(]?\d[\d,.]*\)?(?: |$)")
_LEADERS = re.compile(r"[.\u2026\u00b7]{4}")
_SENTENCE_ENDS = frozenset("。；：！？!?;:")
_OPENING, _CLOSING = frozenset(("Ps", "Pi")), frozenset(("Pe", "Pf", "Po"))
_LONG = 12
_ENOUGH_LINES = 5
_LIKE = 1.25
_SAME = 1.05
_TENTH = 10
_WIDE_TITLE = 0.75


@dataclass(frozen=True, slots=True)
class BodyText:
    """The body text: its left and right edge on each page, and the most common width of a character."""

    edges: Mapping[int, tuple[float, float]]
    em: float


def find_body(lines: Sequence[Line]) -> BodyText:
    """Return the body text of a document: the edges of the longer lines of each page.

    Pages with few long lines take the edges of all pages.
    """
    long = [line for line in lines if _is_long(line)] or list(lines)
    if not long:
        return BodyText({}, 1.0)
    everywhere = _edges(long)
    pages: dict[int, list[Line]] = {line.page: [] for line in lines}
    for line in long:
        pages[line.page].append(line)
    edges = {page: _edges(own) if len(own) >= _ENOUGH_LINES else everywhere for page, own in pages.items()}
    return BodyText(edges, sorted(line.em for line in long)[len(long) // 2])


def _is_long(line: Line) -> bool:
    return sum(len(run.glyphs) for run in line.runs) >= _LONG


def _edges(lines: Sequence[Line]) -> tuple[float, float]:
    """Return the left and right edge: a right edge where two lines end counts, however many lines are shorter."""
    lefts, rights = sorted(line.box[0] for line in lines), sorted((line.box[2] for line in lines), reverse=True)
    outer = len(lines) // _TENTH
    em = max(line.em for line in lines)
    shared = (right for right, following in pairwise(rights) if right - following < em)
    return lefts[outer], max(rights[outer], next(shared, rights[outer]))


def lines_to_blocks(lines: Sequence[Line], body: BodyText, settings: PdfSettings) -> Iterator[TextBlock]:
    """Yield the blocks of consecutive lines; no table stands between the lines."""
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and not (_goes_on(paragraph, line, body, settings) or _title_goes_on(paragraph[-1], line, body)):
            yield _block(paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield _block(paragraph)


def _goes_on(paragraph: Sequence[Line], line: Line, body: BodyText, settings: PdfSettings) -> bool:
    """Return whether a sentence continues: the line above is long and full, the next one unindented and similar.

    Neither prints figures side by side, as the rows of a table do.
    """
    last = paragraph[-1]
    if any(map(_FIGURES_SIDE_BY_SIDE.search, (last.text, line.text))):
        return False
    em = max(last.em, line.em)
    (left, right), (indent, _) = body.edges[last.page], body.edges[line.page]
    if em > _LIKE * min(last.em, line.em) or not _is_long(last) or 2 * (last.box[2] - last.box[0]) < right - left:
        return False
    if line.box[0] > indent + settings.indent_ems * line.em or _is_next_item(paragraph[0], line):
        return False
    if line.page != last.page:
        ended = last.text[-1] in _SENTENCE_ENDS or begins_item(line.text)
        return line.page == last.page + 1 and not ended and right - last.box[2] < settings.page_room * (right - left)
    if last.text[-1] in _SENTENCE_ENDS and begins_item(line.text):
        return False
    if right - last.box[2] > _first_word(line) + settings.full_ems * em or _LEADERS.search(last.text):
        return False
    above = paragraph[-2] if len(paragraph) > 1 and paragraph[-2].page == last.page else None
    limit = settings.leading * (last.base - above.base) if above else settings.leading_ems * em
    return 0 < line.base - last.base <= limit


def _first_word(line: Line) -> float:
    """Return the width of the first unbreakable part of a line: a number or Latin word with its brackets and stops."""
    glyphs = [glyph for run in line.runs for glyph in run.glyphs]
    end, last = 0, len(glyphs) - 1
    while end < last and (glyphs[end].text.isascii() or unicodedata.category(glyphs[end].text) in _OPENING):
        end += 1
    while end < last and unicodedata.category(glyphs[end + 1].text) in _CLOSING:
        end += 1
    return glyphs[end].x1 - glyphs[0].x0


def _is_next_item(first: Line, line: Line) -> bool:
    """Return whether a line begins the next item of a numbered list; items begin at the same distance from the left."""
    both = first.text, line.text
    numbered = all(begins_item(text) for text in both) or (
        first.text[0] == line.text[0] and all(unicodedata.numeric(text[1:2] or " ", None) is not None for text in both)
    )
    return numbered and abs(first.box[0] - line.box[0]) < line.em


def _title_goes_on(last: Line, line: Line, body: BodyText) -> bool:
    """Return whether a title continues: both lines are centred and larger than the body, the first nearly as wide."""
    left, right = body.edges[last.page]
    em = max(last.em, line.em)
    centred = abs(last.box[0] + last.box[2] - line.box[0] - line.box[2]) < 2 * em
    return (
        line.page == last.page
        and centred
        and min(last.em, line.em) * _SAME > em > _LIKE * body.em
        and _WIDE_TITLE * (right - left) < last.box[2] - last.box[0]
        and line.box[2] - line.box[0] < last.box[2] - last.box[0]
        and 0 < line.base - last.base < 2 * em
    )


def _block(lines: Sequence[Line]) -> TextBlock:
    """Return a block of lines, located by the box of its lines on its first page."""
    text = lines[0].text
    for line in lines[1:]:
        latin = text[-1].isascii() and text[-1].isalpha() and line.text[0].isascii() and line.text[0].isalpha()
        text += (" " if latin else "") + line.text
    boxes = [line.box for line in lines if line.page == lines[0].page]
    left, top, right, bottom = zip(*boxes, strict=True)
    return TextBlock(text, Locator(page=lines[0].page, bbox=(min(left), min(top), max(right), max(bottom))))
