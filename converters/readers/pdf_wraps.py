"""The lines of a cell to its text: wrapped words and broken numbers joined, separate numbers kept apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from converters.amounts import parse_amount
from converters.readers.pdf_lines import Line
from converters.readers.pdf_settings import PdfSettings

JOINED_WRAP, JOINED_NUMBER, SEVERAL_NUMBERS = "joined-wrap", "joined-number", "several-numbers"

_NUMERIC = frozenset("0123456789.,-+()%")


def join_lines(lines: Sequence[Line], width: float, settings: PdfSettings) -> tuple[str, frozenset[str]]:
    """The text of a cell and what was done to it: lines are joined, Chinese without a space.

    A number that is broken because the cell (of that width) had no more room is joined too; numbers that merely stand
    one below the other stay on lines of their own.
    """
    text = ""
    flags: set[str] = set()
    for number, line in enumerate(lines):
        if number == 0:
            text = line.text
            continue
        flags.add(JOINED_WRAP)
        if is_numeric(text) and is_numeric(line.text):
            if _is_broken(text, lines[number - 1], line, width, settings):
                flags.add(JOINED_NUMBER)
                text += line.text
            else:
                flags.add(SEVERAL_NUMBERS)
                text += "\n" + line.text
        elif _is_letter(text[-1]) and _is_letter(line.text[0]):
            text += " " + line.text
        else:
            text += line.text
    return text, frozenset(flags)


def is_numeric(text: str) -> bool:
    """Whether the text is made of digits and their marks alone."""
    return set(unicodedata.normalize("NFKC", text)) <= _NUMERIC


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_broken(text: str, last: Line, line: Line, width: float, settings: PdfSettings) -> bool:
    """Whether a number goes on in the next line: it is none without it, or the cell had no room for one more digit."""
    if not (parse_amount(text) and parse_amount(line.text)):
        return True
    return fills(last, line, width, settings)


def fills(last: Line, line: Line, width: float, settings: PdfSettings) -> bool:
    """Whether a line left no room, in a cell of that width, for the first character of the next."""
    first = line.runs[0].glyphs[0]
    return width - (last.box[2] - last.box[0]) < first.x1 - first.x0 + settings.padding_ems * line.em
