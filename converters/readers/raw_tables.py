"""Tables as a file stores them, before recognition: trimming, captions in cells, continuations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from converters.model.amounts import parse_amount
from converters.model.document import Cell, TextBlock
from converters.recognition.captions import is_caption_line, is_titled
from converters.recognition.headers import count_header_rows
from ontology.vocabulary import Vocabulary

_MOST_CAPTIONS, _MOST_TITLES = 8, 2
_SENTENCE_ENDS = frozenset("。；！？")
LAYOUT_SHARE = 0.5
"""From which share of its text on, standing in nested tables, a table only arranges the page."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """Cells from row 1 and column 1, merged cells at their top left, empty cells included.

    A `loose` table is a range of a spreadsheet: captions may stand in a single unmerged cell of a row. `name` is the
    name of the table in the file (of the sheet), for tables without a printed title.
    """

    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]
    loose: bool = False
    name: TextBlock | None = None
    parts: int = 1

    def rows(self) -> list[list[Cell]]:
        """Return the cells that begin in each row, left to right."""
        rows: list[list[Cell]] = [[] for _ in range(self.n_rows)]
        for cell in self.cells:
            rows[cell.row - 1].append(cell)
        return [sorted(row, key=lambda cell: cell.col) for row in rows]

    def texts(self) -> list[list[str]]:
        """Return the text of each row and column; the text of a merged cell stands at its top left."""
        texts = [[""] * self.n_cols for _ in range(self.n_rows)]
        for cell in self.cells:
            texts[cell.row - 1][cell.col - 1] = cell.text
        return texts


def trim(table: RawTable) -> RawTable:
    """Return the table without empty rows, empty outer columns, and column edges that no cell uses."""
    worded = [cell for cell in table.cells if cell.text.strip()]
    if not worded:
        return replace(table, n_rows=0, n_cols=0, cells=())
    rows = sorted({row for cell in worded for row in range(cell.row, cell.row + cell.rowspan)})
    first, last = min(cell.col for cell in worded), max(cell.col + cell.colspan - 1 for cell in worded)
    begun = {cell.col for cell in table.cells if first <= cell.col <= last}
    columns = sorted(begun | {first})
    cells = []
    for cell in table.cells:
        down = [n for n, row in enumerate(rows, start=1) if cell.row <= row < cell.row + cell.rowspan]
        right = [n for n, col in enumerate(columns, start=1) if cell.col <= col < cell.col + cell.colspan]
        if down and right:
            cells.append(replace(cell, row=down[0], col=right[0], rowspan=len(down), colspan=len(right)))
    return replace(table, n_rows=len(rows), n_cols=len(columns), cells=tuple(cells))


def without_slivers(table: RawTable, widths: Sequence[float], least: float) -> RawTable:
    """Return the table without columns narrower than `least` in which no cell of their own has text.

    Columns of word processors that were drawn by hand do not quite meet, which leaves such columns between them.
    `widths` are those of the columns, as many as the table has; else nothing is changed.
    """
    if len(widths) != table.n_cols:
        return table
    filled = {cell.col for cell in table.cells if cell.colspan == 1 and cell.text.strip()}
    slivers = {col for col, width in enumerate(widths, start=1) if width < least and col not in filled}
    cells = []
    for cell in table.cells:
        spanned = range(cell.col, cell.col + cell.colspan)
        wide = cell.colspan - len(slivers & set(spanned))
        if wide:
            cells.append(replace(cell, col=cell.col - sum(sliver < cell.col for sliver in slivers), colspan=wide))
    return replace(table, n_cols=table.n_cols - len(slivers), cells=tuple(cells))


def below(table: RawTable, count: int) -> RawTable:
    """Return the table without its first `count` rows; a cell that reaches below them begins at the new top."""
    cells = []
    for cell in table.cells:
        rest = cell.row + cell.rowspan - 1 - count
        if rest > 0:
            row = max(1, cell.row - count)
            cells.append(replace(cell, row=row, rowspan=min(cell.rowspan, rest)))
    return replace(table, n_rows=table.n_rows - count, cells=tuple(cells))


def above(table: RawTable, count: int) -> RawTable:
    """Return the first `count` rows of the table; a cell that reaches below them ends there."""
    cells = (cell for cell in table.cells if cell.row <= count)
    kept = tuple(replace(cell, rowspan=min(cell.rowspan, count - cell.row + 1)) for cell in cells)
    return replace(table, n_rows=count, cells=kept)


def split_captions(
    table: RawTable, vocabulary: Vocabulary, *, titled: bool
) -> tuple[list[TextBlock], RawTable, list[TextBlock]]:
    """Return (caption in the top rows, rest of the table, notes in the last rows)."""
    rows = table.rows()
    first = _caption_rows(table, rows, vocabulary, titled=titled)
    last = _note_start(table, rows, first)
    kept = above(below(table, first), last - first)
    return _blocks(rows[:first]), kept, _blocks(rows[last:])


def _caption_rows(table: RawTable, rows: Sequence[Sequence[Cell]], vocabulary: Vocabulary, *, titled: bool) -> int:
    """Return the number of caption rows at the top: all rows up to the last one that is certainly a caption."""
    count = 0
    for number, row in enumerate(rows[:_MOST_CAPTIONS], start=1):
        texts = _texts(row)
        if any(parse_amount(text) for text in texts) or not (len(texts) == 1 or is_caption_line(texts, vocabulary)):
            break
        names = is_titled(texts[0], vocabulary)
        certain = is_caption_line(texts, vocabulary) or names or (not titled and _is_full_width(table, row))
        if certain or (table.loose and count == number - 1 and row[0].rowspan == 1):
            count = number
    return count if count < len(rows) else 0


def _note_start(table: RawTable, rows: Sequence[Sequence[Cell]], first: int) -> int:
    """Return the row where the notes begin: the first of the last rows that are one full-width cell.

    In a loose table the notes begin with the first sentence among the last rows with a single text, including up to two
    titles above the sentence.
    """
    last = len(rows)
    while last > first + 1 and len(_texts(rows[last - 1])) == 1 and _is_full_width(table, rows[last - 1]):
        last -= 1
    single = last
    while table.loose and single > first + 1 and len(_texts(rows[single - 1])) == 1:
        single -= 1
    sentences = (n for n in range(single, last) if _texts(rows[n])[0][-1] in _SENTENCE_ENDS)
    sentence = next(sentences, last)
    return single if sentence - single <= _MOST_TITLES and sentence < last else sentence


def _is_full_width(table: RawTable, row: Sequence[Cell]) -> bool:
    return any(cell.text.strip() and cell.colspan == table.n_cols > 1 and cell.rowspan == 1 for cell in row)


def _texts(row: Iterable[Cell]) -> list[str]:
    return [cell.text.strip() for cell in row if cell.text.strip()]


def _blocks(rows: Iterable[Iterable[Cell]]) -> list[TextBlock]:
    return [block for row in rows for cell in row for block in cell_to_blocks(cell)]


def cell_to_blocks(cell: Cell) -> list[TextBlock]:
    """Return the lines of a cell as blocks of text."""
    return [TextBlock(line.strip(), cell.locator) for line in cell.text.splitlines() if line.strip()]


def join_continuation(table: RawTable, following: RawTable) -> RawTable | None:
    """Return two adjacent tables as one, without a repeated header; None if the second is a table of its own.

    The second continues the first if it has the same number of columns, and repeats the header or has none.
    """
    if table.n_cols != following.n_cols:
        return None
    texts, more = table.texts(), following.texts()
    header = count_header_rows(texts)
    repeated = 0 < header < len(more) and _words(texts[:header]) == _words(more[:header])
    if not repeated and count_header_rows(more) > 0:
        return None
    rest = below(following, header) if repeated else following
    moved = tuple(replace(cell, row=cell.row + table.n_rows) for cell in rest.cells)
    return replace(
        table, n_rows=table.n_rows + rest.n_rows, cells=(*table.cells, *moved), parts=table.parts + following.parts
    )


def _words(rows: Iterable[Iterable[str]]) -> list[list[str]]:
    return [["".join(text.split()) for text in row] for row in rows]
