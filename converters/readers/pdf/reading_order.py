"""The reading order of all pages: lines of text and tables, with the fragments of a table joined over page breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from converters.readers.pdf.cells import TableFragment, drop_rows, is_full_width, title_rows
from converters.readers.pdf.continued_tables.continuation_rules import FragmentedTable, find_continuation, title_words
from converters.readers.pdf.lines import COLONS, Line, split_fields
from converters.readers.pdf.running_headers import PageContent
from converters.readers.pdf.settings import PdfSettings

_LONGEST_CAPTION = 4
_WRAPPED_FIELD = 8
_SAME_SIZE = 0.1


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
