"""Tables without ruling lines, found by the alignment of words and figures.

Only text below a known title and a unit of money is read as a table; see `find_aligned_tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from converters.model.amounts import parse_amount
from converters.model.document import ALIGNED, JOINED_NUMBER
from converters.readers.pdf.alignment.header import HeaderLabel, read_header
from converters.readers.pdf.alignment.rows import assign_lines
from converters.readers.pdf.cell_text import join_lines
from converters.readers.pdf.cells import FragmentCell, TableFragment
from converters.readers.pdf.flow import PageContent
from converters.readers.pdf.lines import Line, TextRun, is_wide, join_runs, make_run
from converters.readers.pdf.settings import PdfSettings
from converters.recognition.captions import begins_caption, declares_empty, kinds_by_title, names_unit
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_CAPTION_LINES = 4
_LEAST_ROWS, _LEAST_FIGURES = 1, 2
_SPANNING = 0.6
_STRAYS = 8
_MARGIN = 2.0
_GAP_EMS = 0.2
_FAR_EMS = 1.7
_FLUSH = 0.2
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class _Region:
    """The lines of one table without ruling lines, on one page or several, in reading order."""

    lines: tuple[Line, ...]


def find_aligned_tables(
    pages: Sequence[PageContent], vocabulary: Vocabulary, settings: PdfSettings
) -> list[PageContent]:
    """Return the pages with table fragments in place of the lines of tables without ruling lines.

    Such a table begins below the title of a known kind of table and a line that names the unit of money. It ends at the
    next title, at a table with ruling lines, or at a line of text as wide as the table.
    """
    found: dict[int, list[TableFragment]] = {}
    taken: set[int] = set()
    for region in _regions(pages, vocabulary):
        fragments = _read_region(region, settings)
        for fragment in fragments:
            found.setdefault(fragment.page, []).append(fragment)
        if fragments:
            taken.update(map(id, region.lines))
    if not found:
        return list(pages)
    return [
        replace(
            page,
            parts=tuple(sorted((*page.parts, *found.get(page.number, ())), key=lambda part: part.box[1])),
            lines=tuple(line for line in page.lines if id(line) not in taken),
        )
        for page in pages
    ]


def _regions(pages: Sequence[PageContent], vocabulary: Vocabulary) -> Iterator[_Region]:
    lines = [line for page in pages for line in page.lines]
    parts = [part for page in pages for part in page.parts]
    index = 0
    while index < len(lines):
        start = _below_caption(lines, index, vocabulary)
        if start is None:
            index += 1
            continue
        if start < len(lines) and _is_divided(lines[start - 1], lines[start], parts):
            index = start
            continue
        end = start
        while end < len(lines) and not _ends(lines, start, end, parts, vocabulary):
            end += 1
        region = _without_tail(lines[start:end])
        if _holds_figures(region):
            yield _Region(tuple(region))
        else:
            empty = (n for n in range(start, min(end + 1, len(lines))) if declares_empty(lines[n].text, vocabulary))
            header = lines[start : next(empty, start)]
            if header and header[0].page == header[-1].page:
                yield _Region(tuple(header))
        index = max(end, index + 1)


def _below_caption(lines: Sequence[Line], index: int, vocabulary: Vocabulary) -> int | None:
    """Return the index of the first line below the caption that begins at `index`; None if no caption begins there."""
    texts = [line.text for line in lines[index : index + _CAPTION_LINES]]
    unit = next((n for n, text in enumerate(texts) if n and names_unit(text, vocabulary)), None)
    if unit is None:
        return None
    titles = (texts[0], "".join(texts[:2]))
    kinds = (next(kinds_by_title(title, vocabulary), None) for title in titles)
    kind = next((kind for kind in kinds if kind is not None), None)
    if kind is None or kind.form_class is not None or kind.lists_records:
        return None
    start = index + unit + 1
    while start + 1 < len(lines) and _is_stray(lines[start - 1], lines[start], lines[start + 1], vocabulary):
        start += 1
    return start


def _is_stray(above: Line, line: Line, below: Line, vocabulary: Vocabulary) -> bool:
    """Return whether a line between caption and header belongs to neither: it stands alone and is not a known label."""
    alone = len(line.runs) == 1 and below.base - line.base > _FAR_EMS * line.em and above.page == line.page
    return alone and clean_label(line.text) not in vocabulary.meanings


def _ends(
    lines: Sequence[Line], start: int, index: int, parts: Sequence[TableFragment], vocabulary: Vocabulary
) -> bool:
    """Return whether a line is behind the end of the table that begins at `start`."""
    line, last = lines[index], lines[max(start, index - 1)]
    if line.page > last.page + 1 or begins_caption(line.text, vocabulary):
        return True
    if next(kinds_by_title(line.text, vocabulary), None) is not None:
        return True
    if _is_divided(last, line, parts):
        return True
    boxes = [other.box for other in lines[start:index]]
    width = max((box[2] for box in boxes), default=0.0) - min((box[0] for box in boxes), default=0.0)
    return len(line.runs) == 1 and line.box[2] - line.box[0] > _SPANNING * width > 0 and not _figures(line)


def _is_divided(above: Line, below: Line, parts: Sequence[TableFragment]) -> bool:
    """Return whether a table with ruling lines stands between two lines."""
    places = ((part.page, part.box[1], part.box[3]) for part in parts if part.page in (above.page, below.page))
    return any(
        (above.page, above.base) < (page, bottom) and (page, top) < (below.page, below.base)
        for page, top, bottom in places
    )


def _without_tail(lines: Sequence[Line]) -> list[Line]:
    """Return the lines up to the last one with figures and the text lines that continue its row."""
    last = max((n for n, line in enumerate(lines) if _figures(line)), default=-1)
    end = last + 1
    while 0 < end < len(lines) and lines[end].page == lines[end - 1].page:
        if lines[end].base - lines[end - 1].base > 2 * lines[end].em or len(lines[end].runs) > 1:
            break
        end += 1
    return list(lines[:end])


def _figures(line: Line, fine: bool = False) -> list[TextRun]:
    """Return the amounts of a line; if `fine` only those with decimals, since others may be codes or parts of them."""
    amounts = (run for run in line.runs if parse_amount(_text(run)) is not None)
    return [run for run in amounts if not fine or "." in _text(run)]


def _prints_decimals(lines: Sequence[Line]) -> bool:
    return any(_figures(line, fine=True) for line in lines)


def _text(run: TextRun) -> str:
    return "".join(glyph.text for glyph in run.glyphs)


def _holds_figures(lines: Sequence[Line]) -> bool:
    counts = [len(_figures(line)) for line in lines]
    return sum(map(bool, counts)) >= _LEAST_ROWS and sum(counts) >= _LEAST_FIGURES


def _read_region(region: _Region, settings: PdfSettings) -> list[TableFragment]:
    """Return the fragments of a table, one for each page; none if fewer than two columns are found."""
    lines = [replace(line, runs=tuple(_pieces(line))) for line in region.lines]
    fine = _prints_decimals(lines)
    first = next((n for n, line in enumerate(lines) if _figures(line, fine)), len(lines))
    while 0 < first < len(lines) and _overlap(lines[first - 1], lines[first]):
        first -= 1
    header, body = [_with_wide_words(line) for line in lines[:first]], lines[first:]
    header = [line for line in header if line.page == header[-1].page]
    columns = _columns(body)
    left = _is_left_aligned(body, columns)
    labels, columns = read_header(header, columns, _least_distance(body, fine), left=left)
    if len(columns) < 2:
        return []
    edges = _edges(columns)
    fragments = []
    for number in dict.fromkeys(line.page for line in lines):
        rows = _rows([line for line in body if line.page == number], edges, fine)
        above = labels if header and number == header[0].page else ()
        if rows or above:
            fragments.append(_fragment(number, above, rows, edges, settings))
    return fragments


def _pieces(line: Line) -> Iterator[TextRun]:
    """Yield the runs of a line, split at every visible gap: cells may be closer together than words."""
    for run in line.runs:
        piece = [run.glyphs[0]]
        for last, glyph in pairwise(run.glyphs):
            if glyph.x0 - last.x1 > _GAP_EMS * run.em:
                yield make_run(piece)
                piece = []
            piece.append(glyph)
        yield make_run(piece)


def _with_wide_words(line: Line) -> Line:
    """Return the line with adjacent single Chinese characters joined: they are one word with wide spacing."""
    runs: list[TextRun] = []
    for run in line.runs:
        last = runs[-1] if runs else None
        wide = len(run.glyphs) == 1 and is_wide(run.glyphs[0].text)
        if last and wide and is_wide(_text(last)[-1]) and run.x0 - last.x1 < 2 * run.em and _set_wide(last):
            runs[-1] = make_run((*last.glyphs, *run.glyphs))
        else:
            runs.append(run)
    return replace(line, runs=tuple(runs))


def _set_wide(run: TextRun) -> bool:
    """Return whether a run is a single character, or characters with wide spacing."""
    return all(right.x0 - left.x1 > _GAP_EMS * run.em for left, right in pairwise(run.glyphs))


def _least_distance(body: Sequence[Line], fine: bool) -> float:
    """Return the least distance between two rows with figures; closer lines belong to one cell."""
    anchors = [line for line in body if _figures(line, fine)]
    distances = [
        below.base - above.base
        for above, below in pairwise(anchors)
        if above.page == below.page and below.base - above.base > above.em / 2
    ]
    return min(distances, default=0.0)


def _overlap(above: Line, line: Line) -> bool:
    """Return whether a line of words belongs to the first row with figures, though slightly above it."""
    return above.page == line.page and line.base - above.base < line.em


def _columns(body: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the horizontal ranges of the columns from left to right.

    Columns are separated by gaps that hardly any row covers; a total may extend over the name columns.
    """
    covered = [[(run.x0, run.x1) for run in line.runs] for line in body]
    points = sorted({x for row in covered for pair in row for x in pair})
    strays = len(body) // _STRAYS
    columns: list[tuple[float, float]] = []
    for left, right in pairwise(points):
        middle = (left + right) / 2
        count = sum(1 for row in covered if any(x0 < middle < x1 for x0, x1 in row))
        if count > strays:
            if columns and columns[-1][1] >= left:
                columns[-1] = (columns[-1][0], right)
            else:
                columns.append((left, right))
    return columns


def _is_left_aligned(body: Sequence[Line], columns: Sequence[tuple[float, float]]) -> bool:
    """Return whether the figures of each column begin at one place, though they differ in width."""
    uneven = False
    for x0, x1 in columns:
        figures = [run for line in body for run in _figures(line) if x0 <= run.x0 and run.x1 <= x1]
        starts, ends = [run.x0 for run in figures], [run.x1 for run in figures]
        if figures and max(starts) - min(starts) > _FLUSH * figures[0].em:
            return False
        uneven = uneven or (bool(figures) and max(ends) - min(ends) > 2 * _FLUSH * figures[0].em)
    return uneven


def _edges(columns: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    inner = ((left[1] + right[0]) / 2 for left, right in pairwise(columns))
    return (columns[0][0] - _MARGIN, *inner, columns[-1][1] + _MARGIN)


def _rows(lines: Sequence[Line], edges: Sequence[float], fine: bool) -> list[dict[int, list[TextRun]]]:
    """Return the runs of each row by column.

    Figures determine the rows; the words beside the figures may be on several lines.
    """
    anchors = [line.base for line in lines if _figures(line, fine)]
    if not anchors:
        return []
    figures: dict[int, list[tuple[float, TextRun]]] = {}
    words: dict[int, list[tuple[float, TextRun]]] = {}
    for line in lines:
        for run in line.runs:
            column = _column_of(run, edges)
            base = _broken_off(run, figures.get(column, ()))
            kept = figures if base is not None or run in _figures(line, fine) else words
            kept.setdefault(column, []).append((line.base if base is None else base, run))
    em = lines[0].em
    assigned = assign_lines({column: [base for base, _ in held] for column, held in words.items()}, anchors, em)
    rows: dict[float, dict[int, list[TextRun]]] = {}
    for column, held in figures.items():
        for base, run in held:
            rows.setdefault(base, {}).setdefault(column, []).append(run)
    for column, held in words.items():
        for (_, run), row in zip(held, assigned[column], strict=True):
            rows.setdefault(row, {}).setdefault(column, []).append(run)
    return [rows[base] for base in sorted(rows)]


def _broken_off(run: TextRun, figures: Sequence[tuple[float, TextRun]]) -> float | None:
    """Return the baseline of the figure above a run in its column whose last digits the run is, None if there is none.

    In a narrow cell `595,000.0` and `0` stand on two lines.
    """
    if not figures or not _text(run).isdecimal():
        return None
    base, above = figures[-1]
    near = 0 < run.base - base < _FAR_EMS * run.em and run.x1 <= above.x1 + run.em
    return base if near and _completes(_text(above), _text(run)) else None


def _completes(figure: str, digits: str) -> bool:
    """Return whether digits complete the decimals of a figure."""
    _, point, decimals = figure.partition(".")
    return bool(point) and digits.isdecimal() and len(decimals) + len(digits) == _DECIMALS


def _column_of(run: TextRun, edges: Sequence[float]) -> int:
    """Return the column with the largest part of a figure; for words the first column with a third of them."""
    shares = [min(run.x1, right) - max(run.x0, left) for left, right in pairwise(edges)]
    best = max(range(len(shares)), key=shares.__getitem__)
    if parse_amount(_text(run)) is not None:
        return best
    return next(n for n, share in enumerate(shares) if share > (run.x1 - run.x0) / 3 or n == best)


def _fragment(
    page: int,
    header: Sequence[HeaderLabel],
    rows: Sequence[Mapping[int, Sequence[TextRun]]],
    edges: tuple[float, ...],
    settings: PdfSettings,
) -> TableFragment:
    """Return the fragment of a table on one page, with a cell for every place."""
    depth = max((label.row + label.rowspan for label in header), default=0)
    placed: list[tuple[int, int, int, int, Sequence[TextRun]]] = []
    placed += ((label.row, label.col, label.rowspan, label.colspan, label.runs) for label in header)
    placed += ((depth + n, column, 1, 1, runs) for n, row in enumerate(rows) for column, runs in row.items())
    heights = _heights(placed, depth + len(rows))
    cells = []
    covered = set()
    for row, col, rowspan, colspan, runs in placed:
        box = edges[col], heights[row], edges[col + colspan], heights[row + rowspan]
        lines = _stack(runs, page, settings)
        text, flags = join_lines(lines, box, settings)
        if len(lines) == 2 and _completes(lines[0].text, lines[1].text):
            text, flags = lines[0].text + lines[1].text, frozenset({JOINED_NUMBER})
        flags |= {ALIGNED} if parse_amount(text) is not None else frozenset()
        cells.append(FragmentCell(page, row, col, rowspan, colspan, box, text, tuple(lines), flags))
        covered |= {(r, c) for r in range(row, row + rowspan) for c in range(col, col + colspan)}
    for row in range(depth + len(rows)):
        for col in range(len(edges) - 1):
            if (row, col) not in covered:
                box = edges[col], heights[row], edges[col + 1], heights[row + 1]
                cells.append(FragmentCell(page, row, col, 1, 1, box))
    return TableFragment(page, edges, heights, tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))


def _stack(runs: Sequence[TextRun], page: int, settings: PdfSettings) -> list[Line]:
    """Return the runs of a cell as lines from top to bottom."""
    by_base: dict[float, list[TextRun]] = {}
    for run in runs:
        by_base.setdefault(run.base, []).append(run)
    return [join_runs(by_base[base], page, settings) for base in sorted(by_base)]


def _heights(placed: Sequence[tuple[int, int, int, int, Sequence[TextRun]]], n_rows: int) -> tuple[float, ...]:
    """Return the edges between rows, halfway between the text of one row and the next."""
    tops = [float("inf")] * n_rows
    bottoms = [float("-inf")] * n_rows
    for row, _, rowspan, _, runs in placed:
        glyphs = [glyph for run in runs for glyph in run.glyphs]
        tops[row] = min(tops[row], *(glyph.top for glyph in glyphs))
        bottoms[row + rowspan - 1] = max(bottoms[row + rowspan - 1], *(glyph.bottom for glyph in glyphs))
    heights = [tops[0] - _MARGIN]
    for row in range(1, n_rows):
        above = bottoms[row - 1] if bottoms[row - 1] > heights[-1] else heights[-1]
        below = tops[row] if tops[row] < float("inf") else above
        heights.append(max((above + below) / 2, heights[-1]))
    return (*heights, max(bottoms[-1], heights[-1]) + _MARGIN)
