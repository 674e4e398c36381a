"""Code and name columns of a table, found by content instead of headings.

A code stands in one cell, is divided over two or three cells (a blank cell repeats the one above), or precedes its name
in one cell. Names stand in one column, or in one column per level. Of all readings of a table, the one with the most
known pairs of code and name is chosen, then the one with the most codes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from ontology.codelists.tables import Rows, widest
from ontology.text import clean_label

Known = Mapping[str, Collection[str]]
_DEEPEST = 3
_MOST_COLUMNS = 8
_PIECE = re.compile(r"\d{1,2}")
_FLOAT = re.compile(r"(\d+)\.0+")
_MARKS = re.compile(r"(?<=\d)[.\-·](?=\d)")
_SPACES = re.compile(r"[\s'`\u2018\u2019\u200b\ufeff]+")
_GLUED = re.compile(r"([A-Z]?\d*)[\s:.、-]*(\D.*)", re.DOTALL)
# Texts this many times longer than the shortest column are descriptions; texts with little variety are remarks.
_PROSE = 1.7
_FEW_DIFFERENT = 8
_FEW_FAULTS = 20


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """A reading of a table: the columns used, and (row, code, name) for each code, rows counted from 0."""

    columns: frozenset[int]
    found: tuple[tuple[int, str, str], ...]

    @property
    def codes(self) -> frozenset[str]:
        """The codes found."""
        return frozenset(code for _, code, _ in self.found)


def read_columns(rows: Rows, pattern: re.Pattern[str], known: Known) -> list[ColumnReading]:
    """Return the best reading of a table, and further readings where a list continues in other columns.

    A further reading has its own columns and codes, and at least half as many codes. `known` are the names of codes,
    cleaned (see `clean_label`).
    """
    readings = [reading for reading in _all_readings(rows, pattern, known) if reading.found]
    chosen: list[ColumnReading] = []
    for reading in sorted(readings, key=lambda r: _worth(r, known), reverse=True):
        apart = all(reading.columns.isdisjoint(other.columns) for other in chosen)
        new = all(reading.codes.isdisjoint(other.codes) for other in chosen)
        if apart and new and (not chosen or 2 * len(reading.codes) >= len(chosen[0].codes)):
            chosen.append(reading)
    return chosen


def looks_like_code(text: str, pattern: re.Pattern[str]) -> bool:
    """Return whether a cell holds exactly one whole code."""
    return pattern.fullmatch(clean_code(text)) is not None


def clean_code(text: str) -> str:
    """Return a code in normal form: without spaces, dots between its parts, a `.0` from a spreadsheet, or a level.

    `2010101.0`, `201.01.01`, `２０１ ０１ ０１` and a code followed by one ideograph (its level) become one code.
    """
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    number = _FLOAT.fullmatch(plain)
    if number:
        return number[1]
    if len(plain) > 1 and plain[-1].isalpha() and not plain[-1].isascii():
        plain = plain[:-1]
    return _MARKS.sub("", plain)


def _worth(reading: ColumnReading, known: Known) -> tuple[int, int, int, int]:
    """Return the rank of a reading: known pairs, codes, codes below another code, then fewer columns."""
    codes = reading.codes
    nested = sum(1 for code in codes if any(code[:end] in codes for end in range(1, len(code))))
    return _known_pairs(reading.found, known), len(codes), nested, -len(reading.columns)


def _known_pairs(found: Iterable[tuple[int, str, str]], known: Known) -> int:
    return sum(1 for _, code, name in found if clean_label(name) in known.get(code, ()))


def _all_readings(rows: Rows, pattern: re.Pattern[str], known: Known) -> Iterator[ColumnReading]:
    cells = [[clean_code(cell) for cell in row] for row in rows]
    width = widest(rows)
    for column in range(width):
        yield _read_glued(rows, column, pattern)
    fitting = {column: _count_codes(cells, column, pattern) for column in range(width)}
    most = sorted((c for c in fitting if fitting[c]), key=lambda c: -fitting[c])[:_MOST_COLUMNS]
    holding = sorted(most)
    for first, wide in product(range(len(holding)), range(1, _DEEPEST + 1)):
        columns = holding[first : first + wide]
        levels = _codes_by_level(cells, columns, pattern) if len(columns) == wide else None
        if levels is not None:
            yield _name(rows, columns, levels, known)


def _read_glued(rows: Rows, column: int, pattern: re.Pattern[str]) -> ColumnReading:
    found = []
    for number, row in enumerate(rows):
        match = _GLUED.fullmatch(_joined_code(row[column])) if column < len(row) else None
        if match and pattern.fullmatch(match[1]) and is_name(match[2]) and len(match[2]) > 1:
            found.append((number, match[1], tidy_name(match[2])))
    return ColumnReading(frozenset({column}), tuple(found))


def _joined_code(text: str) -> str:
    """Return the text with the parts of a leading code joined: `201.01.01 name` begins with `2010101`."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).strip(" '\t\n\u3000"))


def _count_codes(cells: Rows, column: int, pattern: re.Pattern[str]) -> int:
    """Return the number of cells of a column with a code or part of one."""
    texts = (row[column] for row in cells if column < len(row))
    return sum(1 for text in texts if pattern.fullmatch(text) or _PIECE.fullmatch(text))


@dataclass(frozen=True, slots=True)
class _Level:
    """The codes that end in one code column: in `own` rows no deeper column is filled, `every` row has a code."""

    own: tuple[tuple[int, str], ...]
    every: tuple[tuple[int, str], ...]


def _codes_by_level(cells: Rows, columns: Sequence[int], pattern: re.Pattern[str]) -> list[_Level] | None:
    """Return the codes that end in each column; None if the cell beside a code does not continue it.

    A part of up to two digits continues the code in the column before it; a whole code begins with that code.
    """
    own: list[list[tuple[int, str]]] = [[] for _ in columns]
    every: list[list[tuple[int, str]]] = [[] for _ in columns]
    above = [""] * len(columns)
    faults = rows = 0
    for number, row in enumerate(cells):
        pieces = [row[column] if column < len(row) else "" for column in columns]
        filled = [level for level, piece in enumerate(pieces) if piece]
        if not filled or not all(pattern.fullmatch(pieces[i]) or _PIECE.fullmatch(pieces[i]) for i in filled):
            continue
        rows += 1
        codes = _continued(pieces, above, pattern)
        if codes is None:
            faults += 1
            continue
        above = codes
        for level in filled:
            every[level].append((number, codes[level]))
        own[filled[-1]].append((number, codes[filled[-1]]))
    if _FEW_FAULTS * faults > rows or not all(every):
        return None
    return [_Level(*pair) for pair in zip(map(tuple, own), map(tuple, every), strict=True)]


def _continued(pieces: Sequence[str], above: Sequence[str], pattern: re.Pattern[str]) -> list[str] | None:
    """Return the code that ends in each column of a row, given the codes of the row above; None if there are none."""
    codes: list[str] = []
    fresh = False
    for level, piece in enumerate(pieces):
        before = codes[level - 1] if level else ""
        whole = pattern.fullmatch(piece) and piece.startswith(before) and piece != before
        if not piece:
            codes.append("" if fresh else above[level])
            continue
        code = piece if whole else before + piece.zfill(2) if level and before else ""
        if not pattern.fullmatch(code):
            return None
        codes.append(code)
        fresh = True
    return codes


def _name(rows: Rows, columns: Sequence[int], levels: Sequence[_Level], known: Known) -> ColumnReading:
    """Return the codes with their names, each level from its best column, the deepest level first."""
    texts = [column for column in range(widest(rows)) if column not in columns]
    found: list[tuple[int, str, str]] = []
    used: set[int] = set()
    for level, column in reversed(list(zip(levels, columns, strict=True))):
        free = [text for text in texts if text not in used]
        own = _best_names(rows, level.own, texts, column, known)
        every = _best_names(rows, level.every, free, column, known, consistent=True) if used else None
        best = max((pick for pick in (own, every) if pick is not None), key=lambda pick: pick[0], default=None)
        if best is not None:
            _, text, pairs = best
            used.add(text)
            found += pairs
    return ColumnReading(frozenset({*columns, *used}), tuple(sorted(set(found))))


_Pick = tuple[tuple[int, ...], int, list[tuple[int, str, str]]]


def _best_names(
    rows: Rows,
    codes: Sequence[tuple[int, str]],
    texts: Iterable[int],
    beside: int,
    known: Known,
    *,
    consistent: bool = False,
) -> _Pick | None:
    """Return (rank, column, named codes) of the column among `texts` with the names of the codes.

    The column has a name for most codes; with `consistent`, exactly one name for each code. Columns are ranked by known
    names, then variety, brevity, distinctness, position after the codes, and distance.
    """
    named = {column: _texts_beside(rows, codes, column) for column in texts}
    named = {
        column: found
        for column, found in named.items()
        if 2 * len(found) > len(codes) and not (consistent and not _one_name_each(found))
    }
    shortest = min((_mean_length(found) for found in named.values()), default=0.0)

    def worth(column: int) -> tuple[int, ...]:
        found = named[column]
        different = len({name for _, _, name in found})
        return (
            _known_pairs(set(found), known),
            int(_FEW_DIFFERENT * different >= len(found)),
            int(_mean_length(found) <= _PROSE * shortest),
            len({code for _, code, _ in found}),
            different,
            int(column > beside),
            -abs(column - beside),
        )

    best = max(named, key=worth, default=None)
    return None if best is None else (worth(best), best, named[best])


def _texts_beside(rows: Rows, codes: Sequence[tuple[int, str]], column: int) -> list[tuple[int, str, str]]:
    return [
        (number, code, tidy_name(rows[number][column]))
        for number, code in codes
        if column < len(rows[number]) and is_name(rows[number][column])
    ]


def _mean_length(named: Sequence[tuple[int, str, str]]) -> float:
    return sum(len(name) for _, _, name in named) / len(named)


def _one_name_each(named: Iterable[tuple[int, str, str]]) -> bool:
    names: dict[str, set[str]] = defaultdict(set)
    for _, code, name in named:
        names[code].add(clean_label(name))
    return all(len(of_code) == 1 for of_code in names.values())


def is_name(text: str) -> bool:
    """Return whether a text has a letter that is not Latin."""
    return any(character.isalpha() and not character.isascii() for character in text)


def tidy_name(text: str) -> str:
    """Return a name without spaces and line breaks."""
    return "".join(text.split())
