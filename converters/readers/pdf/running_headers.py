"""Content of pages without running headers, running footers and page numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from converters.readers.pdf.cells import TableFragment
from converters.readers.pdf.lines import Line
from converters.readers.pdf.page_transform import Box
from converters.readers.pdf.settings import PdfSettings

_Form = tuple[str, int]

_DIGITS = re.compile(r"\d+")
_FIELD = re.compile(r"(?<!\d)[:：](?!//)")
"""The colon of a field such as `单位：元`; no time of day, no address."""
_ENOUGH_NUMBERS, _ENOUGH_TITLES = 2, 4
_LONGEST_NUMBER = 4


@dataclass(frozen=True, slots=True)
class PageContent:
    """The content of a page: table fragments, and the lines of text outside them, each from top to bottom."""

    number: int
    height: float
    parts: tuple[TableFragment, ...]
    lines: tuple[Line, ...]


def drop_running_headers(pages: Sequence[PageContent], settings: PdfSettings) -> list[PageContent]:
    """Return the pages without running headers, running footers and page numbers.

    A page number is a line in the margin that is the same on several pages except for a number that counts the pages. A
    running header or footer is the outermost line of a page, with the same text at the same height on nearly all pages;
    a field (`单位：…`) is not.
    """
    numbers: Counter[_Form] = Counter()
    titles: Counter[_Form] = Counter()
    total = len(pages)
    for page in pages:
        numbers.update({form for line in page.lines if (form := _number_form(page, line, total, settings))})
        titles.update({form for line in page.lines if (form := _title_form(page, line, settings))})
    enough = {form for form, count in numbers.items() if count >= min(_ENOUGH_NUMBERS, total)}
    most = max(_ENOUGH_TITLES, settings.on_most_pages * total)
    enough |= {form for form, count in titles.items() if count >= most}
    return [
        replace(
            page,
            lines=tuple(
                line
                for line in page.lines
                if not {_number_form(page, line, total, settings), _title_form(page, line, settings)} & enough
            ),
        )
        for page in pages
    ]


def _number_form(page: PageContent, line: Line, total: int, settings: PdfSettings) -> _Form | None:
    """Return the words of a line in the margin, and the difference between its first number and the page number.

    A line with words must be the lowest of the page or state the number of pages, since the numbers of tables look
    alike.
    """
    numbers = [int(number) for number in _DIGITS.findall(line.text) if len(number) <= _LONGEST_NUMBER]
    if not numbers or not _in_margin(page, line, settings):
        return None
    form = "".join(_DIGITS.sub("#", line.text).split())
    wordy = any(unicodedata.category(character)[0] == "L" for character in form)
    lowest = all(line.box[1] >= box[3] for box in _other_boxes(page, line))
    ahead = numbers[0] - page.number
    return (form, ahead) if (not wordy or lowest or numbers[1:] == [total]) and (total > 1 or ahead == 0) else None


def _other_boxes(page: PageContent, line: Line) -> list[Box]:
    return [other.box for other in page.lines if other is not line] + [part.box for part in page.parts]


def _title_form(page: PageContent, line: Line, settings: PdfSettings) -> _Form | None:
    """Return the words and the height of the outermost line of a page; None for other lines."""
    others = _other_boxes(page, line)
    outermost = all(line.box[3] <= box[1] for box in others) or all(line.box[1] >= box[3] for box in others)
    if not outermost or _FIELD.search(line.text) or not _in_margin(page, line, settings):
        return None
    return "".join(line.text.split()), round(line.base)


def _in_margin(page: PageContent, line: Line, settings: PdfSettings) -> bool:
    margin = settings.margin * page.height
    return (line.box[3] < margin or line.box[1] > page.height - margin) and not any(
        part.box[1] < line.box[3] and line.box[1] < part.box[3] for part in page.parts
    )
