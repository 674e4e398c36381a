"""Read lists: each row is a record, with attributes by column header and an ordinal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from converters.model.document import Cell, Grid, Issue
from converters.model.document_context import DocumentContext
from converters.model.hierarchy import Hierarchy
from converters.recognition.attribute_values import FilledAttribute, fill, listed
from converters.recognition.headers import CODE, NAME, TOTAL, Column, choose_meaning, narrow_into
from converters.recognition.personal_data import WITHHELD
from converters.recognition.row_codes import place_code
from converters.recognition.row_names import split_list_mark
from converters.recognition.table_parts import RowHeader, cell_of_role, name_of, text_of
from ontology.attributes import Attribute
from ontology.locators import Locator
from ontology.text import clean_label
from ontology.vocabulary import Meaning, TableBlock, Vocabulary

_LETTER_BEHIND = re.compile(r"(?<=[^\x00-\x7f])[A-Z]$")
_LINES = "code/line"
_PROJECT_WORDS = ("kind", "economic")


def read_lines(
    grid: Grid,
    columns: Sequence[Column],
    block: TableBlock,
    context: DocumentContext,
    first: int = 1,
) -> list[RowHeader]:
    """Read the row headers of a list; a row that fills an attribute is a record with an ordinal, other rows are totals.

    Ordinals count from `first`. A row belongs to the group of a row above that begins further left and has none of the
    same columns filled; it inherits the coordinates of the group.
    """
    row_headers: list[RowHeader] = []
    filled_columns: list[frozenset[int]] = []
    printed: list[dict[int, str]] = []
    above: dict[str, FilledAttribute] = {}
    for row in grid.body:
        cells = list(_attribute_cells(grid, row, columns))
        is_total = any(_is_total(text, context.vocabulary) for text in _key_texts(grid, row, columns))
        filled = {} if is_total else {c.number: fill(a, (cell,), context.vocabulary) for c, a, cell in cells}
        filled = {number: _by_its_list(f, filled.values(), block, context.vocabulary) for number, f in filled.items()}
        own = {c.number: clean_label(cell.text) for c, _, cell in cells if c.number in filled and cell.row == row}
        printed.append({n: text for n, text in own.items() if n not in _repeats_of_group(own, printed)})
        filled_columns.append(frozenset(printed[-1]))
        if filled:
            filled |= _repeated(filled, above)
            above = {f.attribute.key: f for f in filled.values() if f.attribute.spans_rows}
        row_headers.append(_row_header(grid, row, columns, tuple(filled[n] for n in sorted(filled)), block, context))
    for row_header, group, ordinal in zip(row_headers, *_number_lines(filled_columns, first), strict=True):
        if ordinal is not None:
            row_header.line = ordinal
            _join_group(row_header, row_headers[group] if group is not None else None, context.hierarchy)
            row_header.places["line"] = mint_line(ordinal, context)
    return row_headers


def mint_line(ordinal: str, context: DocumentContext) -> str:
    """Return the key of an ordinal and add it to the hierarchy: `2.1` under `2`, `2` under all lines."""
    key, group = f"{_LINES}/{ordinal}", ordinal.rpartition(".")[0]
    context.hierarchy.add(key, f"{_LINES}/{group}" if group else context.vocabulary.dimensions["line"].top)
    return key


def _attribute_cells(grid: Grid, row: int, columns: Sequence[Column]) -> Iterator[tuple[Column, Attribute, Cell]]:
    for column in columns:
        cell = grid.covering.get((row, column.number))
        if column.attribute is not None and cell is not None and cell.text.strip() and WITHHELD not in cell.flags:
            yield column, column.attribute, cell


def _key_texts(grid: Grid, row: int, columns: Sequence[Column]) -> Iterator[str]:
    """The texts that name a row: those of its key columns, and those to the left of the list."""
    left = range(1, min((column.number for column in columns), default=1))
    return (grid.text(row, number) for number in (*left, *(c.number for c in columns if c.is_key)))


def _is_total(text: str, vocabulary: Vocabulary) -> bool:
    return any(m.role == TOTAL for m in vocabulary.meanings.get(clean_label(text), ()))


def _by_its_list(
    filled: FilledAttribute, row: Iterable[FilledAttribute], block: TableBlock, vocabulary: Vocabulary
) -> FilledAttribute:
    """Reassign a value to the only other unfilled attribute with the value in its code list, if there is one."""
    scheme = filled.attribute.scheme
    if scheme is None or filled.code is not None or listed(scheme, filled.name, vocabulary) is not None:
        return filled
    used = {f.attribute.key for f in row if f is not filled}
    others = {a.key: a for a in block.attributes.values() if a.scheme is not None and a.key not in used}
    fitting = [a for a in others.values() if a.scheme and listed(a.scheme, filled.name, vocabulary) is not None]
    return replace(filled, attribute=fitting[0]) if len(fitting) == 1 else filled


def _repeats_of_group(own: dict[int, str], before: Sequence[dict[int, str]]) -> frozenset[int]:
    """Return the columns in which a row repeats the row of its group, as after a page break; none if it does not."""
    for texts in reversed(before):
        if not texts:
            break
        if min(texts) <= min(own, default=0):
            again = texts.keys() < own.keys() and all(own[n] == text for n, text in texts.items())
            return frozenset(texts) if again and min(texts) == min(own) else frozenset()
    return frozenset()


def _repeated(filled: dict[int, FilledAttribute], above: dict[str, FilledAttribute]) -> dict[int, FilledAttribute]:
    """Return the attributes that continue from the row above and are not filled again, keyed by negative numbers."""
    own = {f.attribute.key for f in filled.values()}
    return {index - len(above): f for index, f in enumerate(above.values()) if f.attribute.key not in own}


def _row_header(
    grid: Grid,
    row: int,
    columns: Sequence[Column],
    filled: tuple[FilledAttribute, ...],
    block: TableBlock,
    context: DocumentContext,
) -> RowHeader:
    """The header of one row: its organisation, and the coordinates from its filled cells."""
    code, name = cell_of_role(grid, row, columns, CODE), cell_of_role(grid, row, columns, NAME)
    row_header = RowHeader(
        row, code=text_of(code), label=name_of(name) or "", filled=filled, code_cell=code, name_cell=name
    )
    if row_header.code:
        place_code(row_header, code, columns, block, context.vocabulary)
        row_header.names = dict.fromkeys(row_header.codes, row_header.label)
    elif name is not None and not _is_total(name.text, context.vocabulary):
        row_header.holder = row_header.label
    elif not filled and name is None and row not in (grid.body[0], grid.body[-1]):
        row_header.issue = Issue("row-without-head", next((cell.locator for cell in grid.row(row)), Locator()))
    for cells in filled:
        _place(row_header, cells, block, context)
    if filled:
        named = (f for key in block.named_by for f in filled if f.attribute.key == key)
        naming = next(named, filled[0])
        row_header.code, row_header.label = naming.code, naming.name or naming.code or ""
    return row_header


def _place(row_header: RowHeader, filled: FilledAttribute, block: TableBlock, context: DocumentContext) -> None:
    """Add the coordinates of a filled cell to its row header, by code, else by words, in place."""
    dimension = filled.attribute.dimension
    if dimension is None:
        return
    if filled.code is not None:
        row_header.codes[dimension] = filled.code
        row_header.names[dimension] = filled.name
        return
    if dimension == "organisation":
        row_header.holder = filled.name
        return
    words = _meanings(filled.name, context.vocabulary)
    dimensions = _PROJECT_WORDS if dimension == "project" else (dimension,)
    meaning = choose_meaning((m for m in words if m.role is None), dimensions, {}, context.hierarchy)
    if meaning is not None:
        fitting = {d: c for d, c in meaning.places.items() if context.hierarchy.comparable(block.fixes.get(d, c), c)}
        narrow_into(row_header.places, fitting, context.hierarchy)
    elif dimension == "project":
        row_header.project = filled.name
    elif filled.attribute.range is None and row_header.issue is None:
        values = {"column": _column_word(filled, context.vocabulary), "word": filled.name}
        row_header.notes.append(Issue("unknown-value", filled.cells[0].locator, values))


def _meanings(name: str, vocabulary: Vocabulary) -> tuple[Meaning, ...]:
    """The meanings of a name without its list mark and a letter at its end: `一、货物 A`."""
    word = split_list_mark(name, vocabulary)[1]
    return vocabulary.meanings.get(word) or vocabulary.meanings.get(_LETTER_BEHIND.sub("", word), ())


def _column_word(filled: FilledAttribute, vocabulary: Vocabulary) -> str:
    """The first name of the dimension of a column."""
    name = filled.attribute.dimension
    return next((word for word, dimension in vocabulary.dimension_words.items() if dimension == name), name or "")


def _number_lines(filled: Sequence[frozenset[int]], first: int) -> tuple[list[int | None], list[str | None]]:
    """(index of the row of the group, ordinal) of each row, by its filled columns; None for rows without."""
    groups: list[int | None] = []
    ordinals: list[str | None] = []
    open_: list[int] = []
    counts: dict[str, int] = {"": first - 1}
    for index, columns in enumerate(filled):
        if not columns:
            groups.append(None)
            ordinals.append(None)
            open_ = []
            continue
        while open_ and not _holds(filled[open_[-1]], columns):
            open_.pop()
        group = open_[-1] if open_ else None
        prefix = ordinals[group] if group is not None else None
        count = counts.get(prefix or "", 0) + 1
        counts[prefix or ""] = count
        groups.append(group)
        ordinals.append(f"{prefix}.{count}" if prefix else str(count))
        open_.append(index)
    return groups, ordinals


def _holds(group: frozenset[int], row: frozenset[int]) -> bool:
    return min(group) < min(row) and group.isdisjoint(row)


def _join_group(row_header: RowHeader, group: RowHeader | None, hierarchy: Hierarchy) -> None:
    """Copy the coordinates of a group to a row that does not set them itself, in place."""
    if group is None:
        return
    shared = {d: c for d, c in group.places.items() if d != "line" and d not in row_header.codes}
    narrow_into(shared, row_header.places, hierarchy)
    row_header.places = shared
    for dimension, code in group.codes.items():
        if dimension not in row_header.places or dimension == "organisation":
            row_header.codes.setdefault(dimension, code)
            row_header.names.setdefault(dimension, group.names.get(dimension, ""))
    row_header.project = row_header.project or group.project
    row_header.holder = row_header.holder or group.holder
