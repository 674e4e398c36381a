"""Captions in the first rows of a ruled table: its title, the unit of money, the office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from converters.model.amounts import parse_amount
from converters.readers.pdf.cells import FragmentCell, TableFragment, drop_rows
from converters.readers.pdf.continued_tables.continuation_rules import FragmentedTable
from converters.readers.pdf.lines import Line
from converters.recognition.captions import is_caption_line, is_titled
from ontology.vocabulary import Vocabulary

_MOST = 4


def lift_captions(flow: Iterable[Line | FragmentedTable], vocabulary: Vocabulary) -> Iterator[Line | FragmentedTable]:
    """Yield lines and tables in order, with the captions in the first rows of a table as lines above it."""
    for item in flow:
        if isinstance(item, FragmentedTable):
            first = item.parts[0]
            count = _count_captions(first, vocabulary)
            yield from (line for row in first.rows()[:count] for cell in row for line in cell.lines)
            item.parts[0] = drop_rows(first, count)
        yield item


def _count_captions(part: TableFragment, vocabulary: Vocabulary) -> int:
    """Return the number of rows down to the last of the first ones that names a unit or an office, or is a title."""
    count = 0
    rows = part.rows()
    for number, row in enumerate(rows[: min(_MOST, len(rows) - 1)], start=1):
        texts = _texts(row)
        if any(cell.rowspan > 1 for cell in row if cell.text.strip()) or any(map(parse_amount, texts)):
            break
        if texts and (is_caption_line(texts, vocabulary) or (len(texts) == 1 and is_titled(texts[0], vocabulary))):
            count = number
        elif len(texts) > 1:
            break
    return count


def _texts(row: Sequence[FragmentCell]) -> list[str]:
    return [cell.text.strip() for cell in row if cell.text.strip()]
