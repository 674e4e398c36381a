"""Lists of purchases in CSV or a spreadsheet: one row a notice, columns found by their labels or named by the user."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from converters.procurement.labels import find_role
from converters.procurement.notice import AWARD, CONTRACT, INTENTION, TENDER, Notice
from converters.procurement.reading import statements_to_notice
from converters.procurement.reading_order import NoticeTable
from converters.procurement.statements import NoticeStatement
from converters.procurement.titles import NoticeTitle, parse_title
from converters.procurement.values.money import find_unit
from ontology.locators import Locator
from ontology.procurement.notice_words import NoticeWords, load_notice_words
from ontology.text import clean_label

_LEAST_COLUMNS = 3
_HEADER_WITHIN = 10
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The columns of a list: for each role the number of its column, from 0, and its label; and the header's row."""

    columns: Mapping[str, tuple[int, str]]
    header: int


class ColumnUnknownError(Exception):
    """A named column or field does not exist; `name` is what was named."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def csv_to_table(text: str) -> NoticeTable | None:
    """Return the rows of a text with commas, semicolons or tabs between cells; None if it is no such text."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    if first.count(delimiter) + 1 < _LEAST_COLUMNS:
        return None
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(map(str.strip, row))]
    width = max(map(len, rows))
    places = tuple(Locator(line=number) for number in range(1, len(rows) + 1))
    return NoticeTable(tuple((*row, *[""] * (width - len(row))) for row in rows), places)


def guess_columns(table: NoticeTable, corrections: Mapping[str, str] | None = None) -> ColumnMapping | None:
    """Return the columns of a list: the first row with three known labels is its header; None if there is none.

    `corrections` name the column of a field by its label: `{"budget": "金额"}`. Raise ColumnUnknownError for a field or
    a label that does not exist.
    """
    words = load_notice_words()
    corrections = corrections or {}
    for role in corrections:
        if f"code/notice-field/{role}" not in words.concepts:
            raise ColumnUnknownError(role)
    wanted = {clean_label(label) for label in corrections.values()}
    for number, cells in enumerate(table.rows[:_HEADER_WITHIN]):
        columns: dict[str, tuple[int, str]] = {}
        for col, cell in enumerate(cells):
            found = find_role(cell, None, words)
            if found is not None and found not in columns and found not in corrections:
                columns[found] = col, cell
        present = {clean_label(cell): (col, cell) for col, cell in enumerate(cells) if cell.strip()}
        if len(columns) < _LEAST_COLUMNS and not (wanted and wanted <= set(present)):
            continue
        for role, label in corrections.items():
            if clean_label(label) not in present:
                raise ColumnUnknownError(label)
            columns[role] = present[clean_label(label)]
        return ColumnMapping(columns, number)
    return None


def read_list(table: NoticeTable, mapping: ColumnMapping, source: str) -> Iterator[Notice]:
    """Yield a notice for each row below the header that has a title, a project or a number."""
    words = load_notice_words()
    for cells, locator in list(zip(table.rows, table.locators, strict=True))[mapping.header + 1 :]:
        values = {
            role: (label, cells[col].strip()) for role, (col, label) in mapping.columns.items() if cells[col].strip()
        }
        if not values.keys() & {"project", "number", "title", "plan"}:
            continue
        yield _row_to_notice(values, locator, source, words)


def _row_to_notice(values: Mapping[str, tuple[str, str]], locator: Locator, source: str, words: NoticeWords) -> Notice:
    text = values.get("title", values.get("project", ("", "")))[1]
    title = parse_title(text, words)
    printed = clean_label(values.get("notice-type", ("", ""))[1])
    kind = words.kinds.get(printed) or words.interface_kinds.get(printed) or (title.kind if title else _kind_of(values))
    statements = [
        NoticeStatement(role, label, value, None, None, locator, find_unit(label))
        for role, (label, value) in values.items()
        if role not in ("title", "notice-type", "address")
    ]
    address = values.get("address", ("", f"{source}#{locator}"))[1]
    return statements_to_notice(NoticeTitle(text, kind, title.before if title else ""), statements, address)


def _kind_of(values: Mapping[str, object]) -> str:
    """The kind of a row that does not say it: what is known only after a step shows that the step was taken."""
    if values.keys() & {"signing-date", "contract-number", "contract-amount"}:
        return CONTRACT
    if values.keys() & {"supplier", "amount"}:
        return AWARD
    return INTENTION if "expected" in values else TENDER


def mapping_to_lines(mapping: ColumnMapping, language: str) -> Sequence[str]:
    """Return a line for each column: the field and the label of the column."""
    words = load_notice_words()
    return [
        f"{role} ({words.label('notice-field', role, language)}) = {label}"
        for role, (_, label) in sorted(mapping.columns.items(), key=lambda item: item[1][0])
    ]
