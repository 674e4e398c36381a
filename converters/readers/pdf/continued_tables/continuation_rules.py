"""Decide whether a table on the next page continues the table of the page before.

A part continues a table if the columns agree and nothing stands between them, or only the caption and the header
again, and if the part does not begin with a title or header of its own. See `find_continuation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from converters.model.amounts import parse_amount
from converters.readers.pdf.cell_text import is_numeric
from converters.readers.pdf.cells import FragmentCell, TableFragment, drop_rows, is_figure, texts_by_row, title_rows
from converters.readers.pdf.lines import Line
from converters.readers.pdf.settings import PdfSettings
from converters.recognition.headers import count_header_rows


@dataclass(slots=True)
class FragmentedTable:
    """A table and its fragments in page order.

    `captions` are the lines above the first fragment, `titles` the texts of its full-width top rows.
    """

    parts: list[TableFragment]
    captions: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


def find_continuation(
    table: FragmentedTable, part: TableFragment, above: Sequence[Line], settings: PdfSettings
) -> TableFragment | None:
    """Return the rows that a fragment adds to a table of the previous page; None if the fragment is a table of its own.

    `above` are the lines of text above the fragment. Such lines are accepted only if they repeat the caption of the
    table and the header is repeated below them; a repeated title row likewise requires a repeated header.
    """
    titles = title_rows(part)
    if titles and title_words(part, titles) == table.titles:
        part, titles = drop_rows(part, titles), 0
        if not count_repeated_header_rows(table, part):
            return None
    if not _have_same_columns(table.parts[0], part, settings) or (
        titles and (table.titles or _has_own_header(table, drop_rows(part, titles), settings))
    ):
        return None
    if above:
        caption = "".join(strip_spaces(line.text for line in above))
        again = "".join(table.captions).endswith(caption) and count_repeated_header_rows(table, part)
        return part if again and not _is_duplicate(table, part) else None
    return None if _has_own_header(table, part, settings) and not count_repeated_header_rows(table, part) else part


def title_words(part: TableFragment, count: int) -> tuple[str, ...]:
    """Return the text of each cell in the first `count` rows of a part, without spaces."""
    return tuple(strip_spaces(cell.text for row in part.rows()[:count] for cell in row))


def strip_spaces(texts: Iterable[str]) -> list[str]:
    """Return the texts without white space."""
    return ["".join(text.split()) for text in texts]


def _have_same_columns(one: TableFragment, other: TableFragment, settings: PdfSettings) -> bool:
    """Return whether the columns of two fragments may belong to one table.

    Any of these suffices: equal left and right edges and at least half of the inner edges of the narrower fragment;
    equal inner edges; equal column widths on pages that are shifted sideways; or all edges of the one among those of
    the other from the left edge on, where the rows of one page end early.
    """
    if have_equal_widths(one.xs, other.xs, settings.edge) or begin_alike(one.xs, other.xs, settings.edge):
        return True
    if abs(one.xs[0] - other.xs[0]) > settings.edge or abs(one.xs[-1] - other.xs[-1]) > settings.edge:
        inner, others = one.xs[1:-1], other.xs[1:-1]
        return len(inner) == len(others) > 1 and all(
            abs(x - y) <= settings.edge for x, y in zip(inner, others, strict=True)
        )
    fewer, more = sorted((one.xs[1:-1], other.xs[1:-1]), key=len)
    shared = sum(any(abs(x - y) <= settings.edge for y in more) for x in fewer)
    return 2 * shared >= len(fewer)


def begin_alike(one: Sequence[float], other: Sequence[float], edge: float) -> bool:
    """Return whether the edges of one page are the first of the other's, and those of more than two columns."""
    fewest = min(len(one), len(other))
    return fewest > 3 and all(abs(x - y) <= edge for x, y in zip(one[:fewest], other[:fewest], strict=True))


def have_equal_widths(one: Sequence[float], other: Sequence[float], edge: float) -> bool:
    """Return whether two lists of edges have equal distances, up to `edge` points, and more than two columns."""
    shift = other[0] - one[0]
    return len(one) == len(other) > 3 and all(abs(y - x - shift) <= edge for x, y in zip(one, other, strict=True))


def count_repeated_header_rows(table: FragmentedTable, part: TableFragment) -> int:
    """Return the number of rows at the top of a fragment that repeat the header of the table."""
    first = table.parts[0]
    header = count_header_rows(texts_by_row(first.cells, first.n_rows, first.n_cols))
    if not 0 < header < part.n_rows or header > first.n_rows:
        return 0
    return header if _row_words(first, header) == _row_words(part, header) else 0


def _row_words(part: TableFragment, n_rows: int) -> list[list[str]]:
    return [["".join(cell.text.split()) for cell in row if cell.text] for row in part.rows()[:n_rows]]


def _has_own_header(table: FragmentedTable, part: TableFragment, settings: PdfSettings) -> bool:
    """Return whether a fragment begins with a row of words only, where most rows of the table have figures."""
    rows = [row for known in table.parts for row in known.rows()]
    figures = [any(map(is_figure, row)) for row in rows]
    first = figures.index(True) if any(figures) else len(rows)
    body = figures[first:]
    return (
        0 < first < len(rows)
        and sum(body) >= settings.mostly * len(body)
        and _has_only_words(part.rows()[0], part.n_cols)
        and not any(_has_only_words(row, part.n_cols) for row in rows[first:])
    )


def _has_only_words(row: Sequence[FragmentCell], n_cols: int) -> bool:
    return (
        n_cols > 1
        and sum(cell.colspan for cell in row) == n_cols
        and all(cell.text and not is_numeric(cell.text) for cell in row)
    )


def _is_duplicate(table: FragmentedTable, part: TableFragment) -> bool:
    """Return whether all rows of a fragment with figures are in the table already: the table was printed twice."""
    known = [words for p in table.parts for words in _row_words(p, p.n_rows)]
    figures = [row for row in _row_words(part, part.n_rows) if any(parse_amount(text) for text in row)]
    return bool(figures) and all(row in known for row in figures)
