"""The document model shared by all readers: text blocks and grids, each with a locator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ontology.locators import Locator, locator_to_text
from ontology.messages import message

JOINED_NUMBER, JOINED_PAGE, SHIFTED, OVERFLOW = "joined-number", "joined-page", "shifted", "overflow"
ALIGNED = "aligned"
"""The flag of a figure placed in its row and column by alignment alone, without ruling lines."""
RECOGNISED = "recognised"
"""The flag of a cell of a scanned page, whose text was read by optical character recognition."""
DOUBTFUL = frozenset({JOINED_NUMBER, JOINED_PAGE, SHIFTED, OVERFLOW, ALIGNED})
"""The flags of cells that were joined or moved while reading, so that a figure may differ from the printed one."""

OTHER_OFFICES = "other-offices"
"""The issue of a file that holds the disclosures of other offices behind the one that is read."""
UNREAD_FORM = "form-unread"
"""The issue of a form whose cells have neither ruling lines nor tags, and are not drawn in order."""
UNREAD_PARTS = ("page-is-picture", "page-damaged", "text-nameless", UNREAD_FORM, OTHER_OFFICES)
"""The issues that tell of parts of a file that were not read."""

_LONGEST_REASON = 200


class DocumentError(Exception):
    """A file that cannot be read or contains nothing recognisable; the message gives file, reason and remedy."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple[Callable[..., DocumentError], tuple[str, dict[str, object]]]:
        return _restore_error, (self.key, self.values)

    def text(self, language: str) -> str:
        """Return the message in `language` ("zh" or "en")."""
        return message(self.key, language, **self.values)


def _restore_error(key: str, values: dict[str, object]) -> DocumentError:
    return DocumentError(key, **values)


@contextmanager
def document_errors(file: Path, *, let_through: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Convert any exception raised while working on a file to DocumentError.

    An error in one file must not stop the work on other files. Exceptions of the types in `let_through` are not about
    the file and stay as they are.
    """
    try:
        yield
    except DocumentError:
        raise
    except let_through:
        raise
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_REASON]
        raise DocumentError("file-breaks-conversion", file=file, reason=reason) from error


@dataclass(frozen=True, slots=True)
class Issue:
    """Content that was not read, or read only after a repair; `key` names a message."""

    key: str
    locator: Locator
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Return the message in `language`, with its place."""
        return message(self.key, language, place=locator_to_text(self.locator, language), **self.values)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A line or paragraph of running text, as printed."""

    text: str
    locator: Locator
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid; row and column count from 1, a merged cell has the position of its top left."""

    row: int
    col: int
    text: str
    locator: Locator
    rowspan: int = 1
    colspan: int = 1
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Grid:
    """A table as printed: the text above it, its cells, and the text that follows it up to the next heading.

    A section of a larger grid keeps the row numbers of the grid, from `first_row` to `n_rows`.
    """

    heading: tuple[TextBlock, ...]
    notes: tuple[TextBlock, ...]
    n_rows: int
    n_cols: int
    header_rows: int
    cells: tuple[Cell, ...]
    parts: int
    method: str
    first_row: int = 1

    @property
    def header(self) -> range:
        """The numbers of the header rows."""
        return range(self.first_row, self.first_row + self.header_rows)

    @property
    def body(self) -> range:
        """The numbers of the rows below the header."""
        return range(self.first_row + self.header_rows, self.n_rows + 1)

    @cached_property
    def covering(self) -> Mapping[tuple[int, int], Cell]:
        """The cell at each (row, column); a merged cell is found at every position it covers."""
        return {
            (row, col): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rowspan)
            for col in range(cell.col, cell.col + cell.colspan)
        }

    @cached_property
    def rows(self) -> Mapping[int, Sequence[Cell]]:
        """The cells that begin in each row, left to right; rows without such cells are absent."""
        rows: dict[int, list[Cell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, []).append(cell)
        return rows

    def row(self, number: int) -> Iterator[Cell]:
        """Return the cells that begin in a row, left to right."""
        return iter(self.rows.get(number, ()))

    def text(self, row: int, col: int) -> str:
        """Return the text at a position, empty if nothing is printed."""
        cell = self.covering.get((row, col))
        return cell.text if cell else ""

    def with_cells(self, changed: Iterable[Cell]) -> Grid:
        """Return the grid with the cells at the positions of `changed` replaced."""
        by_place = {(cell.row, cell.col): cell for cell in (*self.cells, *changed)}
        return replace(self, cells=tuple(by_place.values()))


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. `sha256` is the digest of its bytes, `format` the name of its format.

    `parts` are the files of a disclosure in several files, in order; empty for a single file.
    """

    source: Path
    sha256: str
    format: str
    blocks: tuple[TextBlock, ...]
    grids: tuple[Grid, ...]
    issues: tuple[Issue, ...] = ()
    parts: tuple[Document, ...] = ()

    @property
    def files(self) -> tuple[Document, ...]:
        """The files of the document: its parts, or the document itself."""
        return self.parts or (self,)
