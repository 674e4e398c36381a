"""The lines that belong to a table without ruling lines: below a known title, up to the next title or paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from converters.model.amounts import parse_amount
from converters.readers.pdf.alignment.columns import run_text, split_at_gaps
from converters.readers.pdf.cells import TableFragment
from converters.readers.pdf.lines import Line, TextRun
from converters.readers.pdf.running_headers import PageContent
from converters.recognition.captions import (
    begins_caption,
    declares_empty,
    names_unit,
    numbers_table,
    stated_unit_and_office,
    unit_named_in,
)
from converters.recognition.titles import kinds_by_title
from ontology.text import clean_label
from ontology.vocabulary import TableKind, Vocabulary

_CAPTION_LINES = 4
_LEAST_ROWS, _LEAST_FIGURES = 1, 2
_SPANNING = 0.6
_FAR_EMS = 1.7
_LEADING_EMS = 1.9


@dataclass(frozen=True, slots=True)
class Region:
    """The lines of one table without ruling lines, on one page or several, in reading order, and its kind.

    `repeated` are the lines that state the unit of money again at the top of a page.
    """

    lines: tuple[Line, ...]
    kind: TableKind
    repeated: tuple[Line, ...] = ()


def find_regions(pages: Sequence[PageContent], vocabulary: Vocabulary) -> Iterator[Region]:
    """Yield the regions below titles of known kinds of table and a line that names the unit of money."""
    lines = [line for page in pages for line in page.lines]
    parts = [part for page in pages for part in page.parts]
    index = 0
    while index < len(lines):
        found = _below_caption(lines, index, parts, vocabulary)
        if found is None:
            index += 1
            continue
        start, kind = found
        if start < len(lines) and is_divided(lines[start - 1], lines[start], parts):
            index = start
            continue
        end = start
        unit = next(filter(None, (unit_named_in(line.text, vocabulary) for line in lines[index:start])), None)
        repeated: list[Line] = []
        while end < len(lines):
            if _repeats_unit(lines, start, end, unit, vocabulary):
                repeated.append(lines[end])
            elif _ends(lines, start, end, parts, vocabulary):
                break
            end += 1
        region = _without_tail([line for line in lines[start:end] if line not in repeated])
        if _holds_figures(region):
            last = region[-1].page
            yield Region(tuple(region), kind, tuple(line for line in repeated if line.page <= last))
        else:
            empty = (n for n in range(start, min(end + 1, len(lines))) if declares_empty(lines[n].text, vocabulary))
            header = lines[start : next(empty, start)]
            if header and header[-1].page - header[0].page <= 1:
                yield Region(tuple(header), kind)
        index = max(end, index + 1)


def figures_of(line: Line) -> list[TextRun]:
    """Return the runs of a line that are amounts, also those of cells that stand close together."""
    return [figure for run in line.runs for figure in _figures_of_run(run, line)]


def _figures_of_run(run: TextRun, line: Line) -> tuple[TextRun, ...]:
    pieces = (run,) if _is_figure(run) else split_at_gaps(replace(line, runs=(run,))).runs
    return pieces if all(map(_is_figure, pieces)) else ()


def _is_figure(run: TextRun) -> bool:
    return parse_amount(run_text(run)) is not None


def _below_caption(
    lines: Sequence[Line], index: int, parts: Sequence[TableFragment], vocabulary: Vocabulary
) -> tuple[int, TableKind] | None:
    """Return the index of the first line below the caption that begins at `index`, and the kind of its title."""
    texts = [line.text for line in lines[index : index + _CAPTION_LINES]]
    titled = next(kinds_by_title(texts[0], vocabulary), None) is not None
    unit = next((n for n, text in enumerate(texts) if (n or titled) and names_unit(text, vocabulary)), None)
    if unit is None:
        return None
    titles = (texts[0], "".join(texts[:2]))
    kinds = (next(kinds_by_title(title, vocabulary), None) for title in titles)
    kind = next((kind for kind in kinds if kind is not None), None)
    if kind is None or kind.form_class is not None:
        return None
    start = index + unit + 1
    while (
        start + 1 < len(lines)
        and not is_divided(lines[start - 1], lines[start], parts)
        and (numbers_table(lines[start].text, vocabulary) or _is_stray(lines[start], lines[start + 1], vocabulary))
    ):
        start += 1
    return start, kind


def _is_stray(line: Line, below: Line, vocabulary: Vocabulary) -> bool:
    """Return whether a line between caption and header belongs to neither: it stands alone and is not a known label."""
    near = all(run.x0 - last.x1 < run.em for last, run in pairwise(line.runs))
    alone = near and (below.base - line.base > _FAR_EMS * line.em or below.page > line.page)
    return alone and clean_label(line.text) not in vocabulary.meanings


def _ends(
    lines: Sequence[Line], start: int, index: int, parts: Sequence[TableFragment], vocabulary: Vocabulary
) -> bool:
    """Return whether a line is behind the end of the table that begins at `start`.

    A unit of money or a title ends a table. Above the figures a title may be a label that reads like one, unless a unit
    of money stands below.
    """
    line, last = lines[index], lines[max(start, index - 1)]
    if line.page > last.page + 1 or begins_caption(line.text, vocabulary) or names_unit(line.text, vocabulary):
        return True
    if next(kinds_by_title(line.text, vocabulary), None) is not None:
        captioned = any(names_unit(below.text, vocabulary) for below in lines[index + 1 : index + _CAPTION_LINES])
        if captioned or any(map(figures_of, lines[start:index])):
            return True
    if is_divided(last, line, parts):
        return True
    boxes = [other.box for other in lines[start:index]]
    width = max((box[2] for box in boxes), default=0.0) - min((box[0] for box in boxes), default=0.0)
    wide = len(line.runs) == 1 and line.box[2] - line.box[0] > _SPANNING * width > 0
    return wide and not figures_of(line) and not _are_labels(line, vocabulary)


def _are_labels(line: Line, vocabulary: Vocabulary) -> bool:
    """Return whether a line is made up of known labels that stand close together."""
    labels = [clean_label(run_text(run)) for run in split_at_gaps(line).runs]
    return len(labels) > 1 and all(label in vocabulary.meanings for label in labels)


def _repeats_unit(
    lines: Sequence[Line], start: int, index: int, unit: tuple[str, str] | None, vocabulary: Vocabulary
) -> bool:
    """Return whether a line at the top of the next page only states the unit of the table again, which goes on below.

    It goes on below with its header or with a row of figures.
    """
    if not start < index < len(lines) - 1 or lines[index].page != lines[index - 1].page + 1:
        return False
    stated = stated_unit_and_office(lines[index].text, vocabulary)
    if stated is None or stated[1] is not None or unit_named_in(lines[index].text, vocabulary) != unit:
        return False
    below = lines[index + 1]
    return below.page == lines[index].page and (below.text == lines[start].text or bool(figures_of(below)))


def is_divided(above: Line, below: Line, parts: Sequence[TableFragment]) -> bool:
    """Return whether a table with ruling lines stands between two lines."""
    places = ((part.page, part.box[1], part.box[3]) for part in parts if part.page in (above.page, below.page))
    return any(
        (above.page, above.base) < (page, bottom) and (page, top) < (below.page, below.base)
        for page, top, bottom in places
    )


def _without_tail(lines: Sequence[Line]) -> list[Line]:
    """Return the lines up to the last one with figures and the text lines that continue its row.

    A line continues the row if each of its runs stands right below a run of the line before, or above the margin.
    """
    last = max((n for n, line in enumerate(lines) if figures_of(line)), default=-1)
    end = last + 1
    while 0 < end < len(lines) and lines[end].page == lines[end - 1].page:
        above = [run for line in lines[max(0, last - 2) : end] for run in line.runs if _is_near(line, lines[end])]
        if not all(any(min(a.x1, run.x1) > max(a.x0, run.x0) for a in above) for run in lines[end].runs):
            break
        end += 1
    return list(lines[:end])


def _is_near(above: Line, line: Line) -> bool:
    return line.base - above.base < _LEADING_EMS * line.em


def _holds_figures(lines: Sequence[Line]) -> bool:
    counts = [len(figures_of(line)) for line in lines]
    return sum(map(bool, counts)) >= _LEAST_ROWS and sum(counts) >= _LEAST_FIGURES
