"""The codes and names of a file, collected from its tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ontology.codelists.columns import ColumnReading, Known, looks_like_code, read_columns
from ontology.codelists.tables import CodeTableError, Rows
from ontology.text import clean_label

_NO_NAMES: Known = {}


@dataclass(frozen=True, slots=True)
class CodeEntries:
    """The codes of a file with their names, in order.

    `unused_rows` counts the rows with text but no entry; `unread` lists those with a whole code in a cell as (number of
    the table, number of the row, text of the row), both counted from 1.
    """

    names: Mapping[str, str]
    unused_rows: int
    unread: tuple[tuple[int, int, str], ...] = ()


def find_entries(tables: Iterable[Rows], pattern: re.Pattern[str], known: Known = _NO_NAMES) -> CodeEntries:
    """Return the codes that match `pattern` and their names, from all tables of a file.

    `known` are the names of codes, cleaned; they help to distinguish names from other text. Raise CodeTableError if
    there are no codes, or if one code has two names.
    """
    names: dict[str, str] = {}
    unused: list[tuple[int, int, list[str]]] = []
    for table, rows in enumerate(tables, start=1):
        readings = read_columns(rows, pattern, known)
        used = {number for reading in readings for number, _, _ in reading.found}
        unused += [
            (table, number + 1, row)
            for number, row in enumerate(rows)
            if number not in used and any(map(str.strip, row))
        ]
        for number, code, name in (entry for reading in readings for entry in _without_padding(reading, pattern)):
            before = names.setdefault(code, name)
            if clean_label(before) != clean_label(name):
                raise CodeTableError("codes-two-names", code=code, one=before, other=name, table=table, row=number + 1)
    if not names:
        raise CodeTableError("codes-none-found", pattern=pattern.pattern)
    return CodeEntries(names, len(unused), tuple(_with_codes(unused, pattern)))


def _with_codes(rows: Iterable[tuple[int, int, list[str]]], pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    for table, number, row in rows:
        if any(looks_like_code(cell, pattern) for cell in row):
            yield table, number, " ".join(" ".join(row).split())


def _without_padding(reading: ColumnReading, pattern: re.Pattern[str]) -> Iterator[tuple[int, str, str]]:
    """Return the entries of a reading; if all codes are equally long, without padding zeros."""
    lengths = {len(code) for code in reading.codes}
    for number, code, name in reading.found:
        bare = code
        while len(lengths) == 1 and bare.endswith("00") and pattern.fullmatch(bare[:-2]):
            bare = bare[:-2]
        yield number, bare, name
