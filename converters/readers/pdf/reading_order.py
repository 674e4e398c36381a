"""The reading order of all pages: lines of text and tables, with the fragments of a table joined over page breaks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from converters.readers.pdf.cells import TableFragment, drop_rows, is_full_width, title_rows
from converters.readers.pdf.continued_tables.continuation import FragmentedTable, find_continuation, title_words
from converters.readers.pdf.lines import COLONS, Line, split_fields
from converters.readers.pdf.page_transform import Box
from converters.readers.pdf.settings import PdfSettings

_Form = tuple[str, int]

_DIGITS = re.compile(r"\d+")
_FIELD = re.compile(r"(?<!\d)[:：](?!//)")
_ENOUGH_NUMBERS, _ENOUGH_TITLES = 2, 4
_LONGEST_NUMBER = 4
_LONGEST_CAPTION = 4
_WRAPPED_FIELD = 8
_SAME_SIZE = 0.1


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


def read_flow(pages: Sequence[PageContent], settings: PdfSettings) -> list[Line | FragmentedTable]:
    """Return lines of text and whole tables in reading order.

    Full-width rows at the top of a table are its titles if no text stands above the table.
    """
    flow: list[Line | FragmentedTable] = []
    for page in pages:
        lines = list(page.lines)
        for part in page.parts:
            above = [line for line in lines if line.base < part.box[3]]
            lines = lines[len(above) :]
            last = flow[-1] if flow else None
            if isinstance(last, FragmentedTable) and last.parts[-1].page == page.number - 1:
                continuation = find_continuation(last, part, above, settings)
                if continuation is not None:
                    last.parts.append(continuation)
                    continue
            if part.worded == 1:
                flow += [*above, *(line for cell in part.cells for line in cell.lines)]
                continue
            if not above and not title_rows(part):
                above = _pop_lines(flow, page.number - 1)
            flow += _with_fields(above, settings)
            flow += _begin_table(flow, part, bool(above))
        flow += lines
    return [piece for item in flow for piece in _with_notes(item)]


def _pop_lines(flow: list[Line | FragmentedTable], page: int) -> list[Line]:
    """Remove and return the lines at the end of the previous page: a caption may be separated from its table."""
    lines: list[Line] = []
    while flow and isinstance(item := flow[-1], Line) and item.page == page:
        lines.insert(0, item)
        flow.pop()
    return lines


def _begin_table(
    flow: Sequence[Line | FragmentedTable], part: TableFragment, captioned: bool
) -> Iterator[Line | FragmentedTable]:
    titles = 0 if captioned else title_rows(part)
    lifted = [line for row in part.rows()[:titles] for cell in row for line in cell.lines]
    yield from lifted
    captions: list[str] = []
    for item in reversed(flow):
        if isinstance(item, FragmentedTable) or len(captions) == 2 * _LONGEST_CAPTION:
            break
        captions.insert(0, "".join(item.text.split()))
    yield FragmentedTable([drop_rows(part, titles)], tuple(captions), title_words(part, titles))


def _with_fields(lines: Sequence[Line], settings: PdfSettings) -> list[Line]:
    """Return the lines above a table, the nearest divided into fields, with wrapped fields joined."""
    fields = list(lines[:-_LONGEST_CAPTION])
    for line in lines[-_LONGEST_CAPTION:]:
        for piece in split_fields(line, settings):
            begun = next((f for f in fields[-_LONGEST_CAPTION:] if _continues_field(f, piece, settings)), None)
            if begun is None:
                fields.append(piece)
            else:
                box = (*begun.box[:2], max(begun.box[2], piece.box[2]), piece.box[3])
                fields[fields.index(begun)] = replace(begun, text=begun.text + piece.text, box=box)
    return fields


def _continues_field(field: Line, piece: Line, settings: PdfSettings) -> bool:
    """Return whether a piece is the wrapped rest of a field (`部门：…`): it stands right below a field that is long."""
    distance = piece.base - field.base
    return (
        len(field.text) >= _WRAPPED_FIELD
        and any(colon in field.text[:-1] for colon in COLONS)
        and not any(colon in piece.text for colon in COLONS)
        and settings.baseline_ems * field.em < distance <= settings.field_leading_ems * field.em
        and abs(piece.em - field.em) < _SAME_SIZE * field.em
        and field.box[0] - field.em <= piece.box[0]
        and piece.box[2] <= field.box[2] + field.em
    )


def _with_notes(item: Line | FragmentedTable) -> Iterator[Line | FragmentedTable]:
    """Yield a table without the full-width rows at its end, then the text of those rows as lines."""
    if isinstance(item, Line):
        yield item
        return
    last = item.parts[-1]
    rows = last.rows()
    kept = len(rows)
    while kept > 1 and is_full_width(rows[kept - 1], last.n_cols):
        kept -= 1
    if kept < len(rows):
        notes = [line for row in rows[kept:] for cell in row for line in cell.lines]
        cells = tuple(cell for cell in last.cells if cell.row < kept)
        item.parts[-1] = TableFragment(last.page, last.xs, last.ys[: kept + 1], cells)
        yield item
        yield from notes
    else:
        yield item
