"""Forms without ruling lines: captions and values, lists and sums, whose cells are known by the order of drawing.

A form has no header and no column that goes through it. Where its text is drawn row by row and cell by cell, the cells
of a row are known; columns follow from the gaps between them, in each section of the form by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from converters.model.document import ALIGNED, UNREAD_FORM, Issue
from converters.model.figures import parse_figure
from converters.readers.pdf.alignment.columns import Range, run_text, split_at_gaps
from converters.readers.pdf.alignment.drawing_order import DrawnCell
from converters.readers.pdf.alignment.drawn_rows import drawn_cells, drawn_rows
from converters.readers.pdf.alignment.fragments import PlacedCell, build_fragment, stack_runs
from converters.readers.pdf.alignment.regions import is_divided
from converters.readers.pdf.alignment.row_reading import AlignedRow, continues_row
from converters.readers.pdf.cells import TableFragment
from converters.readers.pdf.lines import Line, TextRun
from converters.readers.pdf.running_headers import PageContent
from converters.readers.pdf.settings import PdfSettings
from converters.recognition.captions import begins_caption
from converters.recognition.forms.forms import find_sections, is_captioned, names_row
from converters.recognition.titles import kinds_by_title
from ontology.locators import Locator
from ontology.vocabulary import TableKind, Vocabulary

_CAPTION_LINES = 8
_LEAST_CAPTIONS = 3
_MARGIN = 2.0
_TOUCH = 1.0
_WORD_SPACE = 0.6


@dataclass(frozen=True, slots=True)
class FormRegion:
    """The lines of one form, on one page or several, in reading order, its kind, and the line with its title."""

    lines: tuple[Line, ...]
    kind: TableKind
    title: Line


def find_aligned_forms(
    pages: Sequence[PageContent], vocabulary: Vocabulary, settings: PdfSettings
) -> tuple[list[PageContent], list[Issue]]:
    """Return the pages with table fragments in place of the lines of forms without ruling lines, and issues.

    Such a form begins below the title of a known kind of form with a row that begins with one of its captions. It ends
    at the next title, at a table with ruling lines, or at a line of text across its columns. It is read only where the
    order of drawing is that of the layout; else its lines are left out, since they are no sentences, and an issue tells
    of it.
    """
    found: dict[int, list[TableFragment]] = {}
    taken: set[int] = set()
    issues: list[Issue] = []
    for region in find_form_regions(pages, vocabulary):
        fragments = _read_form(region, vocabulary, settings)
        for fragment in fragments:
            found.setdefault(fragment.page, []).append(fragment)
        taken.update(map(id, region.lines))
        if not fragments:
            place = Locator(page=region.title.page, bbox=region.title.box)
            issues.append(Issue(UNREAD_FORM, place, {"title": region.title.text}))
    if not taken:
        return list(pages), []
    read = [
        replace(
            page,
            parts=tuple(sorted((*page.parts, *found.get(page.number, ())), key=lambda part: part.box[1])),
            lines=tuple(line for line in page.lines if id(line) not in taken),
        )
        for page in pages
    ]
    return read, issues


def find_form_regions(pages: Sequence[PageContent], vocabulary: Vocabulary) -> Iterator[FormRegion]:
    """Yield the regions below titles of known kinds of form that begin with captions of the form."""
    lines = [line for page in pages for line in page.lines]
    parts = [part for page in pages for part in page.parts]
    index = 0
    while index < len(lines):
        kind = _form_kind(lines, index, vocabulary)
        found = _first_row(lines, index, kind, vocabulary) if kind is not None else None
        if kind is None or found is None or is_divided(lines[index], lines[found[0]], parts):
            index += 1
            continue
        start = found[0]
        end = _end(lines, *found, kind, parts, vocabulary)
        if _count_captions(lines[start:end], kind, vocabulary) >= _LEAST_CAPTIONS:
            yield FormRegion(tuple(lines[start:end]), kind, lines[index])
        index = max(end, index + 1)


def _form_kind(lines: Sequence[Line], index: int, vocabulary: Vocabulary) -> TableKind | None:
    """Return the kind of form that a line, or a line and the next one, is the title of."""
    texts = [line.text for line in lines[index : index + 2]]
    kinds = [next(kinds_by_title(text, vocabulary), None) for text in texts]
    if len(texts) > 1 and kinds == [None, None]:
        kinds[0] = next(kinds_by_title("".join(texts), vocabulary), None)
    kind = kinds[0]
    return kind if kind is not None and kind.form_class is not None else None


def _first_row(lines: Sequence[Line], index: int, kind: TableKind, vocabulary: Vocabulary) -> tuple[int, float] | None:
    """Return the index of the first line of the first row below a title, and the left edge of its second cell.

    The row begins with a caption: the text of a cell, or the first words of a line.
    """
    below = lines[index + 1 : index + 1 + _CAPTION_LINES]
    for page in (lines[index].page, lines[index].page + 1):
        cells = drawn_cells([split_at_gaps(line) for line in below if line.page == page], prose=True)
        for cell, beside in pairwise(cells):
            if cell.extent[1] < beside.extent[0] and is_captioned(cell.text, kind, vocabulary):
                top = min(cell.runs[0].base, beside.runs[0].base)
                start = next(n for n, line in enumerate(below) if line.page == page and line.base > top - line.em / 2)
                return index + 1 + start, beside.extent[0]
    for number, line in enumerate(below, start=index + 1):
        runs = split_at_gaps(line).runs
        if len(runs) > 1 and is_captioned(run_text(runs[0]), kind, vocabulary) and line.page <= lines[index].page + 1:
            return number, runs[1].x0
    return None


def _count_captions(lines: Sequence[Line], kind: TableKind, vocabulary: Vocabulary) -> int:
    """Return the number of captions with something beside them, by the cells or by the lines, whichever are more."""
    beginnings = (split_at_gaps(line).runs for line in lines)
    by_line = sum(len(runs) > 1 and is_captioned(run_text(runs[0]), kind, vocabulary) for runs in beginnings)
    pages = dict.fromkeys(line.page for line in lines)
    drawn = (drawn_cells([split_at_gaps(line) for line in lines if line.page == page], prose=True) for page in pages)
    by_cell = sum(
        cell.extent[1] < beside.extent[0] and is_captioned(cell.text, kind, vocabulary)
        for cells in drawn
        for cell, beside in pairwise(cells)
    )
    return max(by_cell, by_line)


def _end(
    lines: Sequence[Line],
    start: int,
    second: float,
    kind: TableKind,
    parts: Sequence[TableFragment],
    vocabulary: Vocabulary,
) -> int:
    """Return the index behind the last line of the form whose first row is at `start`.

    A text that begins at the left of the values, whose left edge is `second`, and reaches across it is outside of it.
    """
    end = start
    while end < len(lines):
        line, last = lines[end], lines[max(start, end - 1)]
        if line.page > last.page + 1 or is_divided(last, line, parts):
            break
        if begins_caption(line.text, vocabulary) or next(kinds_by_title(line.text, vocabulary), None) is not None:
            break
        end += 1
    for page in dict.fromkeys(line.page for line in lines[start:end]):
        own = [n for n in range(start, end) if lines[n].page == page]
        outside = None
        cells = drawn_cells([split_at_gaps(lines[n]) for n in own], prose=True)
        for cell, beside in zip(cells, [*cells[1:], None], strict=True):
            em = cell.runs[0].em
            if beside is not None and cell.extent[1] < beside.extent[0]:
                captioned = is_captioned(cell.text, kind, vocabulary)
                second = min(second, beside.extent[0]) if captioned else second
            elif cell.extent[0] < second - em and cell.extent[1] > second + em:
                outside = cell.runs[0].base - em / 2
                break
        if outside is not None:
            end = next((n for n in own if lines[n].base > outside), end)
            break
    while end > start + 1 and _is_outside(lines[end - 1], second, kind, vocabulary):
        end -= 1
    return end


def _is_one_text(runs: Sequence[TextRun]) -> bool:
    """Return whether nothing wider than a space divides the words of a line."""
    return all(right.x0 - left.x1 < _WORD_SPACE * right.em for left, right in pairwise(runs))


def _is_outside(line: Line, second: float, kind: TableKind, vocabulary: Vocabulary) -> bool:
    """Return whether a last line has nothing beside the captions and is none itself."""
    runs = split_at_gaps(line).runs
    return _is_one_text(runs) and runs[-1].x1 < second and not is_captioned(line.text, kind, vocabulary)


@dataclass(slots=True)
class _FormRow:
    """The cells of a row of one page, with the first column and the number of columns of each."""

    page: int
    cells: Sequence[DrawnCell]
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The text of each cell."""
        return [cell.text for cell in self.cells]


def _read_form(region: FormRegion, vocabulary: Vocabulary, settings: PdfSettings) -> list[TableFragment]:
    """Return the fragments of a form, one for each page; none if its text is not drawn in order."""
    rows: list[_FormRow] = []
    for number in dict.fromkeys(line.page for line in region.lines):
        drawn = drawn_rows([split_at_gaps(line) for line in region.lines if line.page == number], prose=True)
        if drawn is None:
            return []
        rows += [_FormRow(number, cells) for cells in drawn]
    edges = _place(rows, region.kind, vocabulary)
    widths = _widths(rows, len(edges) - 1)
    pages: dict[int, list[tuple[AlignedRow, _FormRow]]] = {}
    alone = {page: sum(row.page == page for row in rows) == 1 for page in {row.page for row in rows}}
    last: AlignedRow | None = None
    for row in rows:
        own = pages.setdefault(row.page, [])
        aligned = _to_aligned(row, vocabulary)
        if last is not None and not own:
            above = ("".join(map(run_text, last.runs.get(column, ()))) for column in aligned.runs)
            anew = any(names_row(text, region.kind, vocabulary) for text in (*above, *row.texts))
            if not anew and not alone[row.page] and continues_row(last, aligned, widths):
                last.go_on(aligned, settings)
                continue
            if not anew and last.figure_columns != aligned.figure_columns:
                last.certain = aligned.certain = False
        own.append((aligned, row))
        last = aligned
    return [
        build_fragment(number, list(_cells(own, settings)), len(own), edges, widths, settings)
        for number, own in pages.items()
        if own
    ]


def _place(rows: Sequence[_FormRow], kind: TableKind, vocabulary: Vocabulary) -> tuple[float, ...]:
    """Return the borders of the columns of a form; sets the columns of each cell in place.

    Each section has columns of its own, those of all sections together are the columns of the form.
    """
    starts = [start for start, _ in find_sections([row.texts for row in rows], kind, vocabulary)]
    sections = [rows[start:end] for start, end in pairwise([*starts, len(rows)])]
    divided = [
        _divide((a.extent[1], b.extent[0]) for row in section for a, b in pairwise(row.cells)) for section in sections
    ]
    inner = [right for _, right in _divide(gap for gaps in divided for gap in gaps)]
    for section, gaps in zip(sections, divided, strict=True):
        own = [_border(gap, section) for gap in gaps]
        firsts = [
            0,
            *(1 + next(n for n, border in enumerate(inner) if left <= border <= right) for left, right in gaps),
        ]
        for row in section:
            for cell in row.cells:
                x0, x1 = cell.extent
                first = firsts[_column(x0 + _TOUCH, own)]
                row.spans.append((first, max(firsts[_column(x1 - _TOUCH, own)] - first + 1, 1)))
    extents = [cell.extent for row in rows for cell in row.cells]
    return min(x0 for x0, _ in extents) - _MARGIN, *inner, max(x1 for _, x1 in extents) + _MARGIN


def _border(gap: Range, rows: Sequence[_FormRow]) -> float:
    """Return the place in a gap between two columns that the fewest cells cross, as far right as possible."""
    left, right = gap
    extents = [cell.extent for row in rows for cell in row.cells]
    places = (right, (left + right) / 2, left)
    return min(places, key=lambda place: sum(x0 + _TOUCH < place < x1 - _TOUCH for x0, x1 in extents))


def _divide(gaps: Iterable[Range]) -> list[Range]:
    """Return the fewest gaps that divide all cells that stand side by side: the part that their own gaps share.

    `gaps` are the ends of two cells beside each other, in points.
    """
    shared: list[Range] = []
    for left, right in sorted(((min(gap), gap[1]) for gap in gaps), key=lambda gap: gap[1]):
        if shared and left <= shared[-1][1]:
            shared[-1] = max(left, shared[-1][0]), shared[-1][1]
        else:
            shared.append((left, right))
    return shared


def _column(place: float, borders: Sequence[float]) -> int:
    """Return the number of the column at a place, counted from 0."""
    return sum(1 for border in borders if border <= place)


def _widths(rows: Sequence[_FormRow], count: int) -> list[float]:
    """Return the width of the widest cell that begins in each column."""
    widths = [0.0] * count
    for row in rows:
        for cell, (column, _) in zip(row.cells, row.spans, strict=True):
            widths[column] = max(widths[column], cell.extent[1] - cell.extent[0])
    return widths


def _to_aligned(row: _FormRow, vocabulary: Vocabulary) -> AlignedRow:
    figures = any(parse_figure(text, vocabulary) is not None for text in row.texts)
    aligned = AlignedRow(row.page, has_figures=figures, certain=True)
    for cell, (column, _) in zip(row.cells, row.spans, strict=True):
        aligned.add(column, cell.runs)
    return aligned


def _cells(rows: Sequence[tuple[AlignedRow, _FormRow]], settings: PdfSettings) -> Iterator[PlacedCell]:
    for number, (aligned, row) in enumerate(rows):
        flags = frozenset() if aligned.certain else frozenset({ALIGNED})
        spans = dict(row.spans)
        for column, runs in aligned.runs.items():
            lines, rest = tuple(stack_runs(runs, row.page, settings)), tuple(aligned.rest.get(column, ()))
            yield PlacedCell(number, column, 1, spans[column], lines, rest, flags)
