"""The lines of a cell to its text: wrapped words and broken numbers joined, separate numbers kept apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from converters.model.amounts import parse_amount
from converters.model.document import JOINED_NUMBER
from converters.readers.pdf.lines import Line
from converters.readers.pdf.settings import PdfSettings

JOINED_WRAP, SEVERAL_NUMBERS = "joined-wrap", "several-numbers"

_NUMERIC = frozenset("0123456789.,-+()%")
_OPENING, _CLOSING, _AFTER_NUMERAL = frozenset("(（"), frozenset(")）"), frozenset("、．")


def join_lines(lines: Sequence[Line], width: float, settings: PdfSettings) -> tuple[str, frozenset[str]]:
    """The text of a cell and what was done to it: lines are joined, Chinese without a space.

    A number that is broken because the cell (of that width) had no more room is joined too; numbers that merely stand
    beside or below each other get lines of their own, so that nobody takes them for one.
    """
    if not lines:
        return "", frozenset()
    text, several = _part_numbers(lines[0].text)
    flags = {JOINED_WRAP} if len(lines) > 1 else set()
    for last, line in pairwise(lines):
        piece, more = _part_numbers(line.text)
        if is_numeric(text) and is_numeric(piece) and _is_broken(text, last, line, width, settings):
            flags.add(JOINED_NUMBER)
            text += piece
        elif several or more or (is_numeric(text) and is_numeric(piece)):
            several = True
            text += "\n" + piece
        else:
            text += (" " if _is_letter(text[-1]) and _is_letter(piece[0]) else "") + piece
    return text, frozenset(flags | ({SEVERAL_NUMBERS} if several else set()))


def _part_numbers(text: str) -> tuple[str, bool]:
    """The text of a line, and whether it is several numbers, which are parted; spread digits are one number."""
    pieces = text.split(" ")
    if len(pieces) > 1 and all(map(parse_amount, pieces)) and any(len(piece) > 1 for piece in pieces):
        return "\n".join(pieces), True
    return text, False


def is_numeric(text: str) -> bool:
    """Whether the text is made of digits and their marks alone."""
    return set(unicodedata.normalize("NFKC", text)) <= _NUMERIC


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_broken(text: str, last: Line, line: Line, width: float, settings: PdfSettings) -> bool:
    """Whether a number goes on in the next line: it is none without it, or the cell had no room for one more digit.

    If only the next line has decimals, so that both together look like one number, a wide margin is allowed for.
    """
    if not (parse_amount(text) and parse_amount(line.text)):
        return True
    if parse_amount(text + line.text) is None:
        return False
    decimals = "." in line.text and "." not in text
    return fills(last, line, width, settings.margin_ems if decimals else settings.padding_ems, settings)


def fills(last: Line, line: Line, width: float, padding_ems: float, settings: PdfSettings) -> bool:
    """Whether a line left no room, in a cell of that width and padding, for the first character of the next.

    Where both lines are spread out the words are set to fill any cell, and only their own width says something.
    """
    first = line.runs[0].glyphs[0]
    taken = last.box[2] - last.box[0]
    if _spread(last) > settings.spread and (len(line.text) == 1 or _spread(line) > settings.spread):
        taken /= _spread(last)
    return width - taken < first.x1 - first.x0 + padding_ems * line.em


def _spread(line: Line) -> float:
    """How many times wider a line is than its characters."""
    own = sum(glyph.x1 - glyph.x0 for run in line.runs for glyph in run.glyphs)
    return (line.box[2] - line.box[0]) / own if own > 0 else 1.0


def begins_item(text: str) -> bool:
    """Whether a text begins with the mark of a numbered item: `3.`, `（二）`, `十一、`, `②`."""
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
