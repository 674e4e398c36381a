"""The fields of a form: captions with the values beside or below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from converters.model.document import Cell, Grid, Issue, TextBlock
from converters.recognition.attribute_values import FilledAttribute, fill
from converters.recognition.label_parts import split_unit
from converters.recognition.personal_data import WITHHELD, is_contact
from converters.recognition.row_names import split_list_mark
from ontology.attributes import Attribute
from ontology.vocabulary import TableKind, Vocabulary

_NUMBERED = re.compile(r"(\D+)(\d{1,2})")
_BRACKETS = re.compile(r"\([^()]*\)$")
_COLON = re.compile("[:\uff1a]")
_DOTS = frozenset(".\u2026\u00b7\u2022")
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Goal:
    """A numbered field of a form, which becomes a record identified by its row."""

    row: int
    ordinal: int
    filled: FilledAttribute


@dataclass(frozen=True, slots=True)
class FieldCaption:
    """A caption: its attribute and number; without attribute, the caption of a contact, which is not read."""

    attribute: Attribute | None
    ordinal: int | None = None


def is_dots(text: str) -> bool:
    """Return whether a cell is empty or contains only dots."""
    return set("".join(text.split())) <= _DOTS


def find_caption(text: str, kind: TableKind, vocabulary: Vocabulary) -> FieldCaption | None:
    """Return the field captioned by a text, None if the text is no caption of the form.

    A number after the caption counts values (`年度目标 1:`); brackets after the caption, and a list mark before it, are
    ignored.
    """
    label = split_unit(text, vocabulary)[0]
    for written in (label, _BRACKETS.sub("", label), split_list_mark(label, vocabulary)[1]):
        if written in kind.attributes:
            return FieldCaption(kind.attributes[written])
    match = _NUMBERED.fullmatch(label)
    attribute = kind.attributes.get(match[1]) if match else None
    if match is None or attribute is None or attribute.numbered_class is None:
        return None
    return FieldCaption(attribute, int(match[2]))


def read_fields(
    grid: Grid, kind: TableKind, vocabulary: Vocabulary
) -> tuple[list[FilledAttribute], list[Goal], list[Issue]]:
    """Read the fields in a section: a value is to the right of its caption, else below.

    A cell without a caption, alone in its row, continues a value in the cell above. Return the fields, the numbered
    goals, and issues for cells that are neither caption nor value.
    """
    fields: list[FilledAttribute] = []
    goals: list[Goal] = []
    issues: list[Issue] = []
    used: set[Cell] = set()
    for row in grid.body:
        cells = [cell for cell in grid.row(row) if not is_dots(cell.text) and cell not in used]
        for index, cell in enumerate(cells):
            caption = find_caption(cell.text, kind, vocabulary) or _contact(cell, vocabulary)
            inline = _split_inline(cell, kind, vocabulary)
            if cell in used:
                continue
            if caption is not None:
                values = _values(grid, cell, caption, cells[index + 1 :], kind, vocabulary)
                used.update(values)
                _keep(caption, row, [v for v in values if WITHHELD not in v.flags], vocabulary, fields, goals)
            elif inline is not None:
                fields.append(fill(inline[0], (inline[1],), vocabulary))
            elif not _has_no_value(cell, vocabulary) and not _continue(cell, cells, fields, vocabulary):
                issues.append(Issue("unknown-field", cell.locator, {"text": cell.text[:_SHOWN]}))
    return fields, goals, issues


def read_heading(lines: Sequence[TextBlock], kind: TableKind, vocabulary: Vocabulary) -> list[FilledAttribute]:
    """Read the fields in the lines above a form: `填报日期：2024年2月5日`. Their cells have row 0, outside the grid."""
    fields = []
    for line in lines:
        found = _split_inline(Cell(0, 1, line.text, line.locator), kind, vocabulary)
        if found is not None:
            fields.append(fill(found[0], (found[1],), vocabulary))
    return fields


def _contact(cell: Cell, vocabulary: Vocabulary) -> FieldCaption | None:
    return FieldCaption(None) if is_contact(cell.text, vocabulary) else None


def _split_inline(cell: Cell, kind: TableKind, vocabulary: Vocabulary) -> tuple[Attribute, Cell] | None:
    """A caption, a colon and a value in one cell."""
    caption, colon, value = _partition(cell.text)
    found = find_caption(caption, kind, vocabulary) if colon and value.strip() else None
    if found is None or found.attribute is None:
        return None
    return found.attribute, replace(cell, text=value.strip())


def _partition(text: str) -> tuple[str, str, str]:
    match = _COLON.search(text)
    return (text[: match.start()], match[0], text[match.end() :]) if match else (text, "", "")


def _values(
    grid: Grid, cell: Cell, caption: FieldCaption, right: Sequence[Cell], kind: TableKind, vocabulary: Vocabulary
) -> list[Cell]:
    """The cell to the right of a caption, else below; a span of dates may fill several cells up to the next caption."""
    values = list(takewhile(lambda other: not _is_captioned(other, kind, vocabulary), right))
    if values:
        spans = caption.attribute is not None and caption.attribute.first_date is not None
        return values if spans else values[:1]
    below = grid.covering.get((cell.row + cell.rowspan, cell.col))
    if below is None or below.row not in grid.body or is_dots(below.text) or _is_captioned(below, kind, vocabulary):
        return []
    return [below]


def _is_captioned(cell: Cell, kind: TableKind, vocabulary: Vocabulary) -> bool:
    return find_caption(cell.text, kind, vocabulary) is not None or is_contact(cell.text, vocabulary)


def _keep(
    caption: FieldCaption,
    row: int,
    values: Sequence[Cell],
    vocabulary: Vocabulary,
    fields: list[FilledAttribute],
    goals: list[Goal],
) -> None:
    if caption.attribute is None or not values:
        return
    filled = fill(caption.attribute, values, vocabulary)
    if caption.ordinal is None:
        fields.append(filled)
    else:
        goals.append(Goal(row, caption.ordinal, filled))


def _has_no_value(cell: Cell, vocabulary: Vocabulary) -> bool:
    """Whether a cell is a heading over other cells, or is withheld."""
    return WITHHELD in cell.flags or split_unit(cell.text, vocabulary)[0] in vocabulary.meanings


def _continue(cell: Cell, row: Sequence[Cell], fields: list[FilledAttribute], vocabulary: Vocabulary) -> bool:
    """Append a cell to the last field if the value of the field is right above; return whether it was appended."""
    last = fields[-1] if fields else None
    if last is None or len(row) > 1 or last.cells[-1].col != cell.col or last.cells[-1].row != cell.row - 1:
        return False
    fields[-1] = fill(last.attribute, (*last.cells, cell), vocabulary)
    return True
