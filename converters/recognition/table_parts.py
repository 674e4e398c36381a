"""Row heads: the codes and names that say what a row of figures is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from converters.model.document import Cell, Grid, Issue
from converters.model.line_breaks import join_name
from converters.recognition.attribute_values import FilledAttribute
from converters.recognition.headers import Column
from ontology.vocabulary import TableBlock


@dataclass(slots=True)
class RowHeader:
    """What stands at the head of a row: the code and label as printed, and what they place.

    `codes` are printed codes by dimension, resolved to concepts once the organisation is settled, `names` what is
    printed beside them where that is not the label; `holder` is the printed name of the unit that holds the row's
    project.

    Where the row is a record, `line` is its ordinal in the list (`2.1` for the first of the second group), `filled`
    what its cells say, `project` the printed name in its project column, and `under` the row of the goal above it;
    `notes` are issues of single cells that do not hinder the row. `code_cell` and `name_cell` print code and label.
    """

    row: int
    code: str | None = None
    label: str = ""
    places: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    category: str | None = None
    holder: str | None = None
    issue: Issue | None = None
    names: dict[str, str] = field(default_factory=dict)
    line: str | None = None
    filled: tuple[FilledAttribute, ...] = ()
    project: str | None = None
    under: int | None = None
    notes: list[Issue] = field(default_factory=list)
    code_cell: Cell | None = None
    name_cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class TablePart:
    """A block of a table as printed: the columns that name its rows, the columns with figures, the row heads.

    `unit` is the unit of money printed in a title of the block itself; a `headless` part has no words over its figures.
    """

    block: TableBlock
    columns: tuple[Column, ...]
    row_headers: tuple[RowHeader, ...]
    unit: str | None = None
    headless: bool = False


def cell_of_role(grid: Grid, row: int, columns: Sequence[Column], role: str) -> Cell | None:
    """The first cell of a row in a column with this role that is not empty."""
    cells = (grid.covering.get((row, column.number)) for column in columns if role in column.roles)
    return next((cell for cell in cells if cell is not None and cell.text.strip()), None)


def text_of(cell: Cell | None) -> str | None:
    """The text of a cell, if there is one."""
    return cell.text.strip() if cell else None


def name_of(cell: Cell | None) -> str | None:
    """The name in a cell, if there is one, with the breaks closed that wrapping left in it."""
    return join_name(cell.text) if cell else None
