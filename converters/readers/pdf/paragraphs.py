"""Lines to paragraphs: a sentence that goes on in the next line, or on the next page, is one block."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from converters.model.document import Locator, TextBlock
from converters.readers.pdf.cell_text import begins_item
from converters.readers.pdf.lines import Line
from converters.readers.pdf.settings import PdfSettings

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
    """Between which distances the text of each page runs, and the width of its most usual character."""

    edges: Mapping[int, tuple[float, float]]
    em: float


def find_body(lines: Sequence[Line]) -> BodyText:
    """The body of a document: of each page the edges of its longer lines, of a page with few those of all pages."""
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
    lefts, rights = sorted(line.box[0] for line in lines), sorted(line.box[2] for line in lines)
    outer = len(lines) // _TENTH
    return lefts[outer], rights[-1 - outer]


def lines_to_blocks(lines: Sequence[Line], body: BodyText, settings: PdfSettings) -> Iterator[TextBlock]:
    """Blocks of lines that follow each other without a table between."""
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and not (_goes_on(paragraph, line, body, settings) or _title_goes_on(paragraph[-1], line, body)):
            yield _block(paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield _block(paragraph)


def _goes_on(paragraph: Sequence[Line], line: Line, body: BodyText, settings: PdfSettings) -> bool:
    """Whether a sentence goes on: the line above is long and full, this one is not indented, both look alike."""
    last = paragraph[-1]
    em = max(last.em, line.em)
    (left, right), (indent, _) = body.edges[last.page], body.edges[line.page]
    if em > _LIKE * min(last.em, line.em) or not _is_long(last) or 2 * (last.box[2] - last.box[0]) < right - left:
        return False
    if line.box[0] > indent + settings.indent_ems * line.em or _is_next_item(paragraph[0], line):
        return False
    if line.page != last.page:
        ended = last.text[-1] in _SENTENCE_ENDS or begins_item(line.text)
        return line.page == last.page + 1 and not ended and right - last.box[2] < settings.page_room * (right - left)
    if right - last.box[2] > _first_word(line) + settings.full_ems * em or _LEADERS.search(last.text):
        return False
    above = paragraph[-2] if len(paragraph) > 1 and paragraph[-2].page == last.page else None
    limit = settings.leading * (last.base - above.base) if above else settings.leading_ems * em
    return 0 < line.base - last.base <= limit


def _first_word(line: Line) -> float:
    """The width of what begins a line and may not be broken: a number or Latin word, brackets and stops with it."""
    glyphs = [glyph for run in line.runs for glyph in run.glyphs]
    end, last = 0, len(glyphs) - 1
    while end < last and (glyphs[end].text.isascii() or unicodedata.category(glyphs[end].text) in _OPENING):
        end += 1
    while end < last and unicodedata.category(glyphs[end + 1].text) in _CLOSING:
        end += 1
    return glyphs[end].x1 - glyphs[0].x0


def _is_next_item(first: Line, line: Line) -> bool:
    """Whether a line begins the next of a list of numbered items, which begin at the same distance from the left."""
    both = first.text, line.text
    numbered = all(begins_item(text) for text in both) or (
        first.text[0] == line.text[0] and all(unicodedata.numeric(text[1:2] or " ", None) is not None for text in both)
    )
    return numbered and abs(first.box[0] - line.box[0]) < line.em


def _title_goes_on(last: Line, line: Line, body: BodyText) -> bool:
    """Whether a title goes on: both lines are centred, larger than the text, and the first is almost as wide as it."""
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
    """A block stands where it begins; its box is that of its first page."""
    text = lines[0].text
    for line in lines[1:]:
        latin = text[-1].isascii() and text[-1].isalpha() and line.text[0].isascii() and line.text[0].isalpha()
        text += (" " if latin else "") + line.text
    boxes = [line.box for line in lines if line.page == lines[0].page]
    left, top, right, bottom = zip(*boxes, strict=True)
    return TextBlock(text, Locator(page=lines[0].page, bbox=(min(left), min(top), max(right), max(bottom))))
