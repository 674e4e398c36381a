"""Codes in row headers: split over columns, beside those of units, assigned to dimensions, nested in each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from converters.model.document import Cell, Grid, Issue
from converters.recognition.headers import CODE, CODE_PARTS, NAME, Column
from converters.recognition.table_parts import RowHeader, cell_of_role, name_of
from ontology.locators import Locator
from ontology.text import clean_label
from ontology.vocabulary import TableBlock, Vocabulary

_ORGANISATION = "organisation"
_PROJECT_CATEGORY = "code/project-category"
_PART_DIGITS = 2
_GLUED = re.compile(r"(?P<open>[\[(【])?(\d{3,})(?(open)[\])】])([^\d.,%].*)")
_BRACKETED = re.compile(r"[\[(【](\d{3,})[\])】]")
_SHORTEST = 3


def code_parts(
    grid: Grid, row: int, columns: Sequence[Column], before: tuple[str, ...], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Return the parts of a code that is split over columns.

    An empty part before a filled one repeats the part of the row `before`. Parts after the first are padded to two
    digits. A column may also print the whole code up to its part.
    """
    found: list[str] = []
    texts = []
    for role in CODE_PARTS:
        cell = cell_of_role(grid, row, [column for column in columns if role in column.roles], role)
        text = clean_label(cell.text) if cell is not None else ""
        texts.append("" if any(m.role in CODE_PARTS for m in vocabulary.meanings.get(text, ())) else text)
    while texts and not texts[-1]:
        texts.pop()
    for index, text in enumerate(texts):
        begun = "".join(found)
        if not text:
            found.append(before[index] if index < len(before) else "")
        elif index and text.startswith(begun) and len(text) > len(begun) >= len(CODE_PARTS):
            found.append(text[len(begun) :])
        else:
            found.append(text.zfill(_PART_DIGITS) if index else text)
    return tuple(found)


def split_glued_code(text: str, block: TableBlock, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Split a code from the name after it (`201一般公共服务支出`, `[201]一般公共服务支出`); None if there is none.

    The code is one of the lists, or has the form of such codes and lies below one of the lists.
    """
    match = _GLUED.fullmatch(clean_label(text))
    schemes = [scheme for d in block.row_dimensions if (scheme := vocabulary.dimensions[d].scheme)]
    if match is None or not any(_is_code(match[2], scheme, vocabulary) for scheme in schemes):
        return None
    return match[2], match[3]


def without_brackets(code: str) -> str:
    """Return a code without the brackets around it: `[201]` is 201."""
    match = _BRACKETED.fullmatch(clean_label(code))
    return match[1] if match else code


def _is_code(text: str, scheme: str, vocabulary: Vocabulary) -> bool:
    """Whether a text is a code of a list, or a code of its form below one of the list."""
    form = dict(vocabulary.patterns).get(scheme)
    above = (text[:length] for length in range(_SHORTEST, len(text)))
    return vocabulary.knows_code(scheme, text) or (
        form is not None and form.fullmatch(text) is not None and any(vocabulary.knows_code(scheme, c) for c in above)
    )


def place_code(
    row_header: RowHeader, cell: Cell | None, columns: Sequence[Column], block: TableBlock, vocabulary: Vocabulary
) -> None:
    """Assign the code of a row header to a row dimension, in place; an ambiguous or unknown code becomes an issue.

    The dimension is the one with the code in its list, else the one with codes of the same form. A code that is only in
    the list of another dimension is not assigned. Column headers (科目编码, 单位代码) narrow the choice. A group code
    of the table is a category of projects; other group codes leave the row at the total.
    """
    code = clean_label(row_header.code or "")
    labelled = {d for column in columns for d in column.code_dimensions}
    dimensions = [d for d in block.row_dimensions if not labelled or d in labelled]
    looks_like = {scheme for scheme, pattern in vocabulary.patterns if pattern.fullmatch(code)}
    schemes = {d: vocabulary.dimensions[d].scheme for d in dimensions}
    listing = [d for d, scheme in schemes.items() if scheme and vocabulary.knows_code(scheme, code)]
    of_another = any(d.scheme and vocabulary.knows_code(d.scheme, code) for d in vocabulary.dimensions.values())
    listed = {d.name for d in vocabulary.dimensions.values() if d.top is not None}
    shaped = [d for d, scheme in schemes.items() if scheme in looks_like and not (of_another and d in listed)]
    candidates = listing or shaped
    if len(candidates) == 1:
        row_header.codes[candidates[0]] = code
    elif block.group_codes in looks_like and not candidates:
        row_header.category = code if block.group_codes == _PROJECT_CATEGORY else None
    else:
        row_header.issue = Issue("unknown-code", cell.locator if cell else Locator(), {"code": row_header.code})


def inherit(row_headers: Iterable[RowHeader], block: TableBlock, vocabulary: Vocabulary) -> None:
    """Copy outer codes to the inner rows below, where codes of several dimensions share a column, in place.

    Rows below an unknown outer code get the issue of the outer row. Nothing is copied if the first code of the table
    belongs to the innermost dimension.
    """
    order = {name: dimension.order for name, dimension in vocabulary.dimensions.items()}
    nested = sorted(block.row_dimensions, key=order.__getitem__)
    row_headers = list(row_headers)
    nests = len(nested) > 1 and not _begins_within(row_headers, nested)
    current: dict[str, str] = {}
    category: str | None = None
    hidden: Issue | None = None
    for row_header in row_headers:
        if row_header.issue is not None and row_header.code and nests:
            hidden = row_header.issue
        depth = max((nested.index(d) for d in row_header.codes), default=len(nested) - 1 if row_header.category else -1)
        if depth < 0:
            current, category = {}, None
            continue
        if depth == 0:
            hidden = None
        elif hidden is not None:
            row_header.issue = hidden
        current = {d: c for d, c in current.items() if nested.index(d) < depth} | row_header.codes
        if row_header.category:
            category = row_header.category
        elif depth < len(nested) - 1:
            category = None
        row_header.codes = dict(current)
        if "project" in row_header.codes:
            row_header.category = category


def _begins_within(row_headers: Iterable[RowHeader], nested: Sequence[str]) -> bool:
    """Whether the first code belongs to the innermost dimension."""
    first = next(
        (
            row_header
            for row_header in row_headers
            if row_header.code and (row_header.codes or row_header.category or row_header.issue)
        ),
        None,
    )
    return first is not None and nested[-1] in first.codes


@dataclass(frozen=True, slots=True)
class UnitColumns:
    """The columns with codes and names of units and of classes, of a table whose rows may have both.

    A row with a code of a class is the class within the unit; without one it is the unit itself.
    """

    of_units: tuple[Column, ...]
    of_classes: tuple[Column, ...]

    def of_row(self, grid: Grid, row: int) -> Sequence[Column]:
        """Return the columns that identify a row."""
        if cell_of_role(grid, row, self.of_classes, CODE) is not None:
            return self.of_classes
        named = cell_of_role(grid, row, self.of_units, CODE) or cell_of_role(grid, row, self.of_units, NAME)
        return self.of_units if named is not None else self.of_classes


def name_units(row_headers: Iterable[RowHeader], units: UnitColumns | None, grid: Grid, vocabulary: Vocabulary) -> None:
    """Add the unit printed in a row to the class that identifies the row, in place."""
    form = dict(vocabulary.patterns)[f"code/{_ORGANISATION}"]
    if units is None:
        return
    for row_header in row_headers:
        cell = cell_of_role(grid, row_header.row, units.of_units, CODE)
        code = clean_label(cell.text) if cell is not None else ""
        if row_header.codes and _ORGANISATION not in row_header.codes and form.fullmatch(code):
            row_header.codes[_ORGANISATION] = code
            name = name_of(cell_of_role(grid, row_header.row, units.of_units, NAME))
            if name:
                row_header.names[_ORGANISATION] = name


def find_unit_columns(columns: Sequence[Column], block: TableBlock) -> UnitColumns | None:
    """Return the columns of units and of classes, None if a table has not both.

    Names stand in the order of the codes. A single column of names has those of both.
    """
    coded = [column for column in columns if CODE in column.roles and column.code_dimensions]
    units = [column for column in coded if column.code_dimensions == {_ORGANISATION}]
    classes = [column for column in coded if _ORGANISATION not in column.code_dimensions]
    if not units or not classes or _ORGANISATION not in block.row_dimensions:
        return None
    names = [column for column in columns if NAME in column.roles and CODE not in column.roles]
    first_units = units[0].number < classes[0].number
    of_units, of_classes = (names[:1], names[1:]) if first_units else (names[1:], names[:1])
    if len(names) == 1:
        of_units = of_classes = names
    return UnitColumns((*units, *of_units), (*classes, *of_classes))
