"""Parts of tables: columns and row headers."""

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
    """The header of a row: printed code and label, and the coordinates that they set (`places`).

    `codes` are printed codes by dimension, resolved to concepts once the organisation is known; `names` are the names
    printed beside them, if they differ from the label; `category` is the code of a category of projects; `holder` is
    the printed name of the unit that runs the project. `code_cell` and `name_cell` are the cells of code and label.
    `of_which` is set for a part in a list that need not be complete.

    If the row is a record, `line` is its ordinal in the list (`2.1` is the first line of the second group), `filled`
    its filled attributes, `project` the printed name in its project column, and `under` the row of the goal above. In a
    table of projects without codes `project` is the name of the row, and `group` that of the group of projects above.
    `issue` excludes the row from the observations; `notes` are issues of single cells, which do not.
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
    group: str | None = None
    under: int | None = None
    notes: list[Issue] = field(default_factory=list)
    code_cell: Cell | None = None
    name_cell: Cell | None = None
    of_which: bool = False


@dataclass(frozen=True, slots=True)
class TablePart:
    """A block of a table as printed: columns and row headers.

    `unit` is the unit of money printed in a title of the block; a `headless` part has no column headers.
    """

    block: TableBlock
    columns: tuple[Column, ...]
    row_headers: tuple[RowHeader, ...]
    unit: str | None = None
    headless: bool = False


def cell_of_role(grid: Grid, row: int, columns: Sequence[Column], role: str) -> Cell | None:
    """Return the first cell of a row that is not empty in a column with this role."""
    cells = (grid.covering.get((row, column.number)) for column in columns if role in column.roles)
    return next((cell for cell in cells if cell is not None and cell.text.strip()), None)


def text_of(cell: Cell | None) -> str | None:
    """Return the text of a cell, None without cell."""
    return cell.text.strip() if cell else None


def name_of(cell: Cell | None) -> str | None:
    """Return the name in a cell with wrapped lines joined, None without cell."""
    return join_name(cell.text) if cell else None
