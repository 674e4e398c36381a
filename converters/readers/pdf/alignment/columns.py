"""The columns of a table without ruling lines: gaps between words, and figures broken in narrow cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from converters.model.amounts import parse_amount
from converters.readers.pdf.cell_text import is_numeric
from converters.readers.pdf.lines import Line, TextRun, is_wide, make_run
from converters.readers.pdf.pages import Glyph

Range = tuple[float, float]
"""The left and right end of a column, in points."""

_GAP_EMS = 0.2
_SPACE_EMS = 0.8
_FIGURE_GAP_EMS, _DRAWN_GAP_EMS = 0.05, 0.1
_FIGURE_ENDS, _OPENING = "%)", "["
_STRAYS = 8
_NEAR_EMS = 1.9
_WHOLE = re.compile(r"-?(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*|0)\.\d\d")
_BEGUN = re.compile(r"-?(?:[1-9]\d{0,2}(?:,\d{3})*(?:,\d{0,2})?|[1-9]\d*|0)?(?:(?<=\d)\.\d?)?")
_HALF = 0.5
_WORD_EMS = 4.0


def run_text(run: TextRun) -> str:
    """Return the characters of a run."""
    return "".join(glyph.text for glyph in run.glyphs)


def split_at_gaps(line: Line) -> Line:
    """Return the line with its runs split at every visible gap: cells may be closer together than words.

    Words with a space between them stay together, since the gap between two cells is empty. Beside a narrow Chinese
    character (目) there is none where the font gives boxes of ink. Behind a figure with two decimals a small gap
    suffices, and a smaller one than usual before a figure or bracket that is drawn by itself.
    """
    return replace(line, runs=tuple(_pieces(line)))


def _pieces(line: Line) -> Iterator[TextRun]:
    for run in line.runs:
        piece = [run.glyphs[0]]
        for last, glyph in pairwise(run.glyphs):
            gap = (glyph.x0 - last.x1 - _bearing(last, run.em) - _bearing(glyph, run.em)) / run.em
            behind = gap > _FIGURE_GAP_EMS and _WHOLE.fullmatch(run_text(make_run(piece)))
            apart = gap > _DRAWN_GAP_EMS and glyph.begins and _begins_cell(last.text, glyph.text)
            if behind or apart or (gap > _GAP_EMS and not (glyph.spaced and gap < _SPACE_EMS)):
                yield make_run(piece)
                piece = []
            piece.append(glyph)
        yield make_run(piece)


def _bearing(glyph: Glyph, em: float) -> float:
    """Return the empty part of a Chinese character on either side, where its box is that of its ink, in points."""
    ideograph = is_wide(glyph.text) and unicodedata.category(glyph.text) == "Lo"
    return max(em - (glyph.x1 - glyph.x0), 0.0) / 2 if ideograph else 0.0


def _begins_cell(last: str, character: str) -> bool:
    """Return whether a character drawn by itself, close behind another, begins a cell: a figure or opening bracket.

    Programs draw Chinese words and Latin letters or digits beside them one by one, with a gap between, but not the
    digits of one figure.
    """
    return character == _OPENING or (last.isascii() and (last.isdigit() or last in _FIGURE_ENDS))


def join_wide_words(line: Line) -> Line:
    """Return the line with adjacent single Chinese characters joined: they are one word with wide spacing."""
    runs: list[TextRun] = []
    for run in line.runs:
        last = runs[-1] if runs else None
        wide = len(run.glyphs) == 1 and is_wide(run.glyphs[0].text)
        if last and wide and is_wide(run_text(last)[-1]) and _is_set_wide(last) and _is_next_character(last, run):
            runs[-1] = make_run((*last.glyphs, *run.glyphs))
        else:
            runs.append(run)
    return replace(line, runs=tuple(runs))


def _is_next_character(word: TextRun, run: TextRun) -> bool:
    """Return whether a character stands as far from a word as the characters of the word from one another."""
    gap = run.x0 - word.x1
    usual = word.glyphs[-1].x0 - word.glyphs[-2].x1 if len(word.glyphs) > 1 else gap
    return gap < 2 * run.em and gap < usual + _GAP_EMS * run.em


def _is_set_wide(run: TextRun) -> bool:
    """Return whether a run is a single character, or characters with wide spacing."""
    return all(right.x0 - left.x1 > _GAP_EMS * run.em for left, right in pairwise(run.glyphs))


def find_columns(body: Sequence[Line]) -> list[Range]:
    """Return the horizontal ranges of the columns from left to right.

    Columns are separated by gaps that hardly any row covers; a total may extend over the name columns.
    """
    return columns_of_rows([[(run.x0, run.x1) for run in line.runs] for line in body])


def columns_of_rows(rows: Sequence[Sequence[Range]]) -> list[Range]:
    """Return the horizontal ranges of the columns of rows whose cells have these ranges; see `find_columns`."""
    columns = _covered(rows, len(rows) // _STRAYS)
    return _covered([[pair for pair in row if not _crosses(pair, columns)] for row in rows], 0)


def _crosses(run: Range, columns: Sequence[Range]) -> bool:
    """Return whether a run extends over more than one column."""
    return sum(1 for x0, x1 in columns if min(run[1], x1) > max(run[0], x0)) > 1


def _covered(rows: Sequence[Sequence[Range]], strays: int) -> list[Range]:
    """Return the ranges that more than `strays` rows cover."""
    points = sorted({x for row in rows for pair in row for x in pair})
    columns: list[Range] = []
    for left, right in pairwise(points):
        middle = (left + right) / 2
        count = sum(1 for row in rows if any(x0 < middle < x1 for x0, x1 in row))
        if count > strays:
            if columns and columns[-1][1] >= left:
                columns[-1] = (columns[-1][0], right)
            else:
                columns.append((left, right))
    return columns


def column_of(run: TextRun, edges: Sequence[float]) -> int:
    """Return the column with the largest part of a figure; for words the first column with a third of them."""
    shares = [min(run.x1, right) - max(run.x0, left) for left, right in pairwise(edges)]
    best = max(range(len(shares)), key=shares.__getitem__)
    if parse_amount(run_text(run)) is not None:
        return best
    return next(n for n, share in enumerate(shares) if share > (run.x1 - run.x0) / 3 or n == best)


def is_full(start: float, run: TextRun, following: TextRun, width: float) -> bool:
    """Return whether a line of a cell left no room for the first character or number of the next line.

    The line begins at `start` and ends with `run`; `width` is the width of the widest line of the column; in points.
    Word processors keep Chinese words of several characters together, so that a line may leave some room.
    """
    first = following.glyphs[0]
    end = next((n for n, glyph in enumerate(following.glyphs) if not _is_unbroken(glyph.text)), len(following.glyphs))
    word = following.glyphs[end - 1].x1 - first.x0 if end else first.x1 - first.x0
    return run.x1 - start + max(word, _WORD_EMS * run.em) > width - _HALF


def _is_unbroken(character: str) -> bool:
    return character.isascii() and character.isalnum()


def join_broken_figures(runs: Sequence[TextRun]) -> list[list[TextRun]]:
    """Return the runs of one column from top to bottom, the parts of a figure that narrow cells broke together.

    Only figures with two decimals are joined: `595,000.0` and `0`, `148`, `355`, `73.2` and `4`.

    >>> join_broken_figures([])
    []
    """
    groups: list[list[TextRun]] = []
    index = 0
    while index < len(runs):
        end = _end_of_figure(runs, index)
        groups.append(list(runs[index:end]))
        index = end
    return groups


def _end_of_figure(runs: Sequence[TextRun], start: int) -> int:
    """Return the index behind the last part of a figure that begins at `start`; `start + 1` if nothing is broken."""
    text = run_text(runs[start])
    end = start + 1
    while end < len(runs) and _BEGUN.fullmatch(text) and is_numeric(run_text(runs[end])):
        if not 0 < runs[end].base - runs[end - 1].base < _NEAR_EMS * runs[end].em:
            break
        text += run_text(runs[end])
        end += 1
        if _WHOLE.fullmatch(text):
            return end
    return start + 1


def is_whole_figure(runs: Sequence[TextRun]) -> bool:
    """Return whether the parts of a figure, read together, are an amount with two decimals."""
    return _WHOLE.fullmatch("".join(map(run_text, runs))) is not None
