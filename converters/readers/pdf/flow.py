"""Pages in reading order: lines of text and tables one after the other, what continues over a page put together."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from converters.readers.pdf.cells import TableFragment
from converters.readers.pdf.lines import COLONS, Line, split_fields
from converters.readers.pdf.page_transform import Box
from converters.readers.pdf.settings import PdfSettings
from converters.readers.pdf.table_joining import (
    FragmentedTable,
    begins_anew,
    drop_rows,
    is_full_width,
    prints_again,
    repeated_rows,
    same_columns,
    title_rows,
)

_Form = tuple[str, int]

_DIGITS = re.compile(r"\d+")
_FIELD = re.compile(r"(?<!\d)[:：](?!//)")
_ENOUGH_NUMBERS, _ENOUGH_TITLES = 2, 4
_LONGEST_NUMBER = 4
_LONGEST_CAPTION = 4
_SAME_SIZE = 0.1


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page holds: its parts of tables and the lines of text outside them, each from top to bottom."""

    number: int
    height: float
    parts: tuple[TableFragment, ...]
    lines: tuple[Line, ...]


def without_furniture(pages: Sequence[PageContent], settings: PdfSettings) -> list[PageContent]:
    """The pages without page numbers and running titles.

    A page number is a line in the margin that says the same on several pages but for a number that counts them. A
    running title is the outermost line, which says the same at the same height on nearly all pages and is no field.
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
    """The words of a line in the margin and by how much its first number is ahead of the count of pages.

    With words it must be the lowest line of the page, or say how many pages there are: a table has a number too.
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
    """The words of the outermost line of a page and its height."""
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
    """Lines and whole tables in reading order. Top rows that are one cell are a table's titles, if none stand above."""
    flow: list[Line | FragmentedTable] = []
    for page in pages:
        lines = list(page.lines)
        for part in page.parts:
            above = [line for line in lines if line.base < part.box[3]]
            lines = lines[len(above) :]
            last = flow[-1] if flow else None
            if isinstance(last, FragmentedTable) and last.parts[-1].page == page.number - 1:
                continuation = _continuation(last, part, above, settings)
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


def _continuation(
    table: FragmentedTable, part: TableFragment, above: Sequence[Line], settings: PdfSettings
) -> TableFragment | None:
    """What a part adds to the table that ended the page before, None if it is another table.

    Nothing stands between them, or nothing but the caption again, and then the header again too.
    """
    titles = title_rows(part)
    if titles and tuple(_words(cell.text for row in part.rows()[:titles] for cell in row)) == table.titles:
        part, titles = drop_rows(part, titles), 0
        if not repeated_rows(table, part):
            return None
    if not same_columns(table.parts[0], part, settings) or (
        titles and (table.titles or begins_anew(table, drop_rows(part, titles), settings))
    ):
        return None
    if above:
        caption = "".join(_words(line.text for line in above))
        again = "".join(table.captions).endswith(caption) and repeated_rows(table, part)
        return part if again and not prints_again(table, part) else None
    return None if begins_anew(table, part, settings) and not repeated_rows(table, part) else part


def _pop_lines(flow: list[Line | FragmentedTable], page: int) -> list[Line]:
    """Take the lines at the end of the page before: a caption may stand there, its table on the next page."""
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
    yield FragmentedTable(
        [drop_rows(part, titles)], tuple(captions), tuple(_words(c.text for row in part.rows()[:titles] for c in row))
    )


def _words(texts: Iterator[str]) -> list[str]:
    return ["".join(text.split()) for text in texts]


def _with_fields(lines: Sequence[Line], settings: PdfSettings) -> list[Line]:
    """The lines above a table, the nearest of them divided into fields, a field that wraps put together."""
    fields = list(lines[:-_LONGEST_CAPTION])
    for line in lines[-_LONGEST_CAPTION:]:
        for piece in split_fields(line, settings):
            begun = next((f for f in fields[-_LONGEST_CAPTION:] if _wraps(f, piece, settings)), None)
            if begun is None:
                fields.append(piece)
            else:
                box = (*begun.box[:2], max(begun.box[2], piece.box[2]), piece.box[3])
                fields[fields.index(begun)] = replace(begun, text=begun.text + piece.text, box=box)
    return fields


def _wraps(field: Line, piece: Line, settings: PdfSettings) -> bool:
    """Whether a piece is the rest of a field, `部门：…`, that was too long for its place: it stands right below."""
    distance = piece.base - field.base
    return (
        any(colon in field.text[:-1] for colon in COLONS)
        and not any(colon in piece.text for colon in COLONS)
        and settings.baseline_ems * field.em < distance <= settings.field_leading_ems * field.em
        and abs(piece.em - field.em) < _SAME_SIZE * field.em
        and field.box[0] - field.em <= piece.box[0]
        and piece.box[2] <= field.box[2] + field.em
    )


def _with_notes(item: Line | FragmentedTable) -> Iterator[Line | FragmentedTable]:
    """A table and after it the text of its last rows that are one cell over the whole width."""
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
