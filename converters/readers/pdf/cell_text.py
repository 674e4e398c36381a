"""The text of a cell from its lines: wrapped words and broken numbers are joined, separate numbers stay apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from converters.model.amounts import parse_amount
from converters.model.document import JOINED_NUMBER
from converters.readers.pdf.lines import Line
from converters.readers.pdf.page_transform import Box
from converters.readers.pdf.settings import PdfSettings

JOINED_WRAP, SEVERAL_NUMBERS = "joined-wrap", "several-numbers"

_NUMERIC = frozenset("0123456789.,-+()%")
_OPENING, _CLOSING, _AFTER_NUMERAL = frozenset("(（"), frozenset(")）"), frozenset("、．")


def join_lines(lines: Sequence[Line], box: Box, settings: PdfSettings) -> tuple[str, frozenset[str]]:
    """Return the text of a cell and flags for the repairs made.

    Lines are joined; Chinese needs no space between them. A number that broke because the cell, whose borders are
    `box`, had no room left is joined too. Numbers that merely stand beside or below each other stay on separate lines.
    """
    if not lines:
        return "", frozenset()
    text, several = _part_numbers(lines[0].text)
    flags = {JOINED_WRAP} if len(lines) > 1 else set()
    for last, line in pairwise(lines):
        piece, more = _part_numbers(line.text)
        if is_numeric(text) and is_numeric(piece) and is_broken(text, last, line, box, settings):
            flags.add(JOINED_NUMBER)
            text += piece
        elif several or more or (is_numeric(text) and is_numeric(piece)):
            several = True
            text += "\n" + piece
        else:
            text += (" " if _is_letter(text[-1]) and _is_letter(piece[0]) else "") + piece
    return text, frozenset(flags | ({SEVERAL_NUMBERS} if several else set()))


def _part_numbers(text: str) -> tuple[str, bool]:
    """Return the text of a line, and whether it holds several numbers, then one per line.

    Digits with wide spacing are one number.
    """
    pieces = text.split(" ")
    if len(pieces) > 1 and all(map(parse_amount, pieces)) and any(len(piece) > 1 for piece in pieces):
        return "\n".join(pieces), True
    return text, False


def is_numeric(text: str) -> bool:
    """Return whether the text consists of digits and number punctuation only."""
    return set(unicodedata.normalize("NFKC", text)) <= _NUMERIC


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def is_broken(text: str, last: Line, line: Line, box: Box, settings: PdfSettings) -> bool:
    """Return whether a number, `text`, of which `last` is the last line, continues on the next line.

    It does if either line alone is not a number, or if the cell had no room for one more digit. If only the next line
    has decimals, a wider margin is accepted.
    """
    if not (parse_amount(text) and parse_amount(line.text)):
        return True
    if parse_amount(text + line.text) is None:
        return False
    decimals = "." in line.text and "." not in text
    padding = settings.margin_ems if decimals else padding_ems(last, line, box, settings)
    return fills(last, line, box[2] - box[0], padding, settings)


def padding_ems(last: Line, line: Line, box: Box, settings: PdfSettings) -> float:
    """Return the padding of a cell, left and right together, in character widths.

    Where two lines are aligned at one side, the other side has the same margin or, if a line ends closer to it, less.
    Where they are centred, the longer line shows the margins.
    """
    left, right = min(last.box[0], line.box[0]) - box[0], box[2] - max(last.box[2], line.box[2])
    paddings = []
    if abs(last.box[0] - line.box[0]) <= settings.snap:
        paddings.append(left + min(left, right))
    if abs(last.box[2] - line.box[2]) <= settings.snap:
        paddings.append(right + min(left, right))
    if abs(last.box[0] + last.box[2] - line.box[0] - line.box[2]) <= 2 * settings.snap:
        paddings.append(left + right)
    widest = (min(paddings) + settings.snap) / last.em if paddings else 0.0
    return max(settings.padding_ems, min(settings.margin_ems, widest))


def fills(last: Line, line: Line, width: float, padding_ems: float, settings: PdfSettings) -> bool:
    """Return whether a line left no room for the first character of the next line.

    `width` is the width of the cell in points, `padding_ems` its padding in character widths. For justified lines the
    width of the characters counts instead of the width of the line.
    """
    first = line.runs[0].glyphs[0]
    taken = last.box[2] - last.box[0]
    if _spread(last) > settings.spread and (len(line.text) == 1 or _spread(line) > settings.spread):
        taken /= _spread(last)
    return width - taken < first.x1 - first.x0 + padding_ems * line.em


def _spread(line: Line) -> float:
    """Return the ratio of the width of a line to the total width of its characters."""
    own = sum(glyph.x1 - glyph.x0 for run in line.runs for glyph in run.glyphs)
    return (line.box[2] - line.box[0]) / own if own > 0 else 1.0


def begins_item(text: str) -> bool:
    """Return whether a text begins with the mark of a numbered item: `3.`, `（二）`, `十一、`, `②`."""
    start = 1 if text[:1] in _OPENING else 0
    end = start
    while end < len(text) and unicodedata.numeric(text[end], None) is not None:
        end += 1
    mark, following = text[end : end + 1], text[end + 1 : end + 2]
    if end == start:
        return False
    if start:
        return mark in _CLOSING
    return mark in _AFTER_NUMERAL or (mark == "." and not following.isdigit()) or unicodedata.category(text[0]) == "No"
