"""Tables of codes to editions: which columns hold code and name, what is new, and the edition as Turtle.

Columns are found by what is in them, not by their headings. A code stands whole in one cell, or divided over two or
three (类, 款, 项; then a cell left blank means: as above), or before its name in one cell with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ontology.code_lists import CodeList
from ontology.code_tables import CodeTableError, Rows, widest
from ontology.concepts import Concept
from ontology.editions import attested
from ontology.text import clean_label

_PIECE = re.compile(r"\d{1,3}")
_GLUED = re.compile(r"([A-Z]?\d*)[\s:.、-]*(\D.*)", re.DOTALL)
_DEEPEST = 3
_GENERIC = 50
_OPEN = 9999


@dataclass(frozen=True, slots=True)
class Entries:
    """The codes of a file with their names in order, and how many rows with text gave none."""

    names: Mapping[str, str]
    unused_rows: int


def find_entries(tables: Iterable[Rows], pattern: re.Pattern[str]) -> Entries:
    """The codes that match `pattern` and their names, from all tables of a file.

    CodeTableError if there are none, or if one code has two names.
    """
    names: dict[str, str] = {}
    unused = 0
    for rows in tables:
        readings = _best_readings(rows, pattern)
        used = {number for reading in readings for number, _, _ in reading.found}
        unused += sum(1 for number, row in enumerate(rows) if number not in used and any(map(str.strip, row)))
        for _, code, name in (entry for reading in readings for entry in reading.found):
            known = names.setdefault(code, name)
            if clean_label(known) != clean_label(name):
                raise CodeTableError("codes-two-names", code=code, one=known, other=name)
    if not names:
        raise CodeTableError("codes-none-found", pattern=pattern.pattern)
    return Entries(names, unused)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way of reading a table: the first and last column used, and (row, code, name) for each code."""

    first: int
    last: int
    found: tuple[tuple[int, str, str], ...]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(code for _, code, _ in self.found)


def _best_readings(rows: Rows, pattern: re.Pattern[str]) -> list[_Reading]:
    """The reading that gives the most codes and, where a list runs on beside itself, those of the other columns.

    A further reading has columns and codes of its own, and at least half as many codes.
    """
    width = widest(rows)
    readings = [_read_glued(rows, column, pattern) for column in range(width)]
    for first in range(width):
        readings += (_read_apart(rows, range(first, first + wide), pattern) for wide in range(1, _DEEPEST + 1))
    chosen: list[_Reading] = []
    for reading in sorted(readings, key=lambda r: -len(r.codes)):
        apart = all(reading.first > other.last or reading.last < other.first for other in chosen)
        new = all(reading.codes.isdisjoint(other.codes) for other in chosen)
        if reading.codes and apart and new and (not chosen or 2 * len(reading.codes) >= len(chosen[0].codes)):
            chosen.append(reading)
    return chosen


def _read_glued(rows: Rows, column: int, pattern: re.Pattern[str]) -> _Reading:
    found = []
    for number, row in enumerate(rows):
        match = _GLUED.fullmatch(row[column].strip()) if column < len(row) else None
        if match and pattern.fullmatch(match[1]) and _is_name(match[2]):
            found.append((number, match[1], _name(match[2])))
    return _Reading(column, column, tuple(found))


def _read_apart(rows: Rows, columns: range, pattern: re.Pattern[str]) -> _Reading:
    """The codes in `columns`, with names from the first column after them that has a name for most."""
    codes = dict(_codes(rows, columns, pattern))
    beside = [
        sum(1 for number in codes if column < len(rows[number]) and _is_name(rows[number][column]))
        for column in range(columns.stop, widest(rows))
    ]
    column = next((columns.stop + i for i, filled in enumerate(beside) if 2 * filled > len(codes)), None)
    if column is None:
        return _Reading(columns.start, columns.stop, ())
    named = [(number, code, rows[number][column : column + 1]) for number, code in codes.items()]
    found = tuple((number, code, _name(cell[0])) for number, code, cell in named if cell and _is_name(cell[0]))
    return _Reading(columns.start, column, found)


def _codes(rows: Rows, columns: range, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The code of each row. A piece of up to two digits continues the code in the column before it."""
    above = dict.fromkeys(columns, "")
    for number, row in enumerate(rows):
        pieces = [(column, clean_label(row[column]) if column < len(row) else "") for column in columns]
        filled = [(column, piece) for column, piece in pieces if piece]
        if not filled or not all(pattern.fullmatch(piece) or _PIECE.fullmatch(piece) for _, piece in filled):
            continue
        for column, piece in filled:
            whole = len(piece) > 2 and pattern.fullmatch(piece)
            above[column] = piece if whole or column == columns.start else above[column - 1] + piece.zfill(2)
            for deeper in range(column + 1, columns.stop):
                above[deeper] = ""
        code = above[filled[-1][0]]
        if pattern.fullmatch(code):
            yield number, code


def _is_name(text: str) -> bool:
    return any(character.isalpha() and not character.isascii() for character in text)


def _name(text: str) -> str:
    return "".join(text.split())


# ── What an edition changes ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Changes:
    """What sets a list of codes apart from an earlier one.

    `added` and `ended` are code to name; `renamed` and `reused` code to (name before, name now): a renamed code means
    the same, a reused one something else; `moved` is name to (code before, code now).
    """

    added: Mapping[str, str]
    ended: Mapping[str, str]
    renamed: Mapping[str, tuple[str, str]]
    reused: Mapping[str, tuple[str, str]]
    moved: Mapping[str, tuple[str, str]]

    def to_json(self) -> dict[str, dict[str, object]]:
        """The changes for scripts; pairs are lists of before and now."""
        return {
            "added": dict(self.added),
            "ended": dict(self.ended),
            "renamed": {code: list(names) for code, names in self.renamed.items()},
            "reused": {code: list(names) for code, names in self.reused.items()},
            "moved": {name: list(codes) for name, codes in self.moved.items()},
        }


def compare_lists(
    before: Mapping[str, Sequence[str]], now: Mapping[str, str], common: frozenset[str] = frozenset()
) -> Changes:
    """The changes from `before` (code to its names, the one in force first) to `now` (code to name).

    A changed name that shares a word with a former one, other than `common` words, is a new name of the same meaning.
    A name that left one code and is found at another, and only there, has moved with its meaning.
    """
    gone = {code: names[0] for code, names in before.items() if code not in now}
    new = {code: name for code, name in now.items() if code not in before}
    changed = [
        code for code, name in now.items() if code in before and clean_label(name) not in map(clean_label, before[code])
    ]
    akin = {code for code in changed if any(share_a_word(old, now[code], common) for old in before[code])}
    pairs = {code: (before[code][0], now[code]) for code in changed}
    return Changes(
        added=new,
        ended=gone,
        renamed={code: names for code, names in pairs.items() if code in akin},
        reused={code: names for code, names in pairs.items() if code not in akin},
        moved=dict(_moves(gone, new)),
    )


def _moves(gone: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    left, come = (_by_name(codes) for codes in (gone, new))
    for name, codes in left.items():
        if len(codes) == 1 and len(come.get(name, ())) == 1:
            yield gone[codes[0]], (codes[0], come[name][0])


def _by_name(codes: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, name in codes.items():
        found.setdefault(clean_label(name), []).append(code)
    return found


def share_a_word(one: str, other: str, common: frozenset[str] = frozenset()) -> bool:
    """Whether two names have two neighbouring characters in common, the least that a Chinese word has.

    Words of `common` do not count (see `generic_words`).
    """
    return bool((_words(one) & _words(other)) - common)


def generic_words(names: Iterable[str]) -> frozenset[str]:
    """The words that say little in a list, since more than one in fifty of its names have them (支出, 管理, 其他)."""
    listed = [_words(name) for name in names]
    counts = Counter(word for words in listed for word in words)
    return frozenset(word for word, times in counts.items() if _GENERIC * times > max(len(listed), _GENERIC))


def _words(name: str) -> set[str]:
    return {a + b for a, b in pairwise(clean_label(name)) if a.isalpha() and b.isalpha()}


def names_in_force(codes: CodeList, year: int) -> dict[str, tuple[str, ...]]:
    """Code to names of what the editions of `year` hold; of every concept, where a list has no editions."""
    return {
        concept.notation: concept.labels
        for concept in codes.concepts.values()
        if concept.labels
        and concept.may_hold_in(year)
        and (not codes.editions or attested(codes.editions, concept.key, year))
    }


def same_meaning(codes: CodeList, code: str, name: str, year: int, common: frozenset[str]) -> Concept | None:
    """The concept that a code with this name means in an imported edition, None if it is a new meaning.

    One that already goes by the name; else the newest one of the code that may hold in `year` and shares a word.
    """
    meanings = [c for c in codes.by_notation.get(code, ()) if c.may_hold_in(year)]
    named = [c for c in meanings if clean_label(name) in map(clean_label, c.labels)]
    akin = [c for c in meanings if any(share_a_word(label, name, common) for label in c.labels)]
    return max(named or akin, key=lambda c: _newest(codes, c), default=None)


def _newest(codes: CodeList, concept: Concept) -> int:
    """The last year for which an edition has the concept; an edition that is still open comes after all others."""
    last = [e.last or _OPEN for e in codes.editions if concept.key in e.members]
    return max(last, default=0)
