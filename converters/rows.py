"""Row heads: the codes and names that say what a row of figures is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from converters.amounts import parse_amount
from converters.document import Cell, Grid, Issue, Locator
from converters.filled import Filled
from converters.headers import CODE, HOLDER, ITEM, NAME, TOTAL, Column, choose_meaning, narrow_into
from converters.hierarchy import Hierarchy
from ontology.text import clean_label
from ontology.vocabulary import Block, Vocabulary

PROJECT_CATEGORY = "code/project-category"


@dataclass(slots=True)
class RowHead:
    """What stands at the head of a row: the code and label as printed, and what they place.

    `codes` are printed codes by dimension, resolved to concepts once the organisation is settled, `names` what is
    printed beside them where that is not the label; `holder` is the printed name of the unit that holds the row's
    project.

    Where the row is a record, `line` is its ordinal in the list (`2.1` for the first of the second group), `filled`
    what its cells say, `project` the printed name in its project column, and `under` the row of the goal above it;
    `notes` are issues of single cells that do not hinder the row.
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
    filled: tuple[Filled, ...] = ()
    project: str | None = None
    under: int | None = None
    notes: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a table as printed: the columns that name its rows, the columns with figures, the row heads.

    `unit` is the unit of money printed in a title of the block itself; a `headless` part has no words over its figures.
    """

    block: Block
    columns: tuple[Column, ...]
    heads: tuple[RowHead, ...]
    unit: str | None = None
    headless: bool = False


def read_heads(
    grid: Grid,
    columns: Sequence[Column],
    block: Block,
    fixed: Mapping[str, str],
    vocabulary: Vocabulary,
    hierarchy: Hierarchy,
) -> list[RowHead]:
    """The heads of the data rows of one block of columns, in order; a head that says nothing known has an issue."""
    numbering: list[tuple[str, dict[str, str] | None]] = []
    heads: list[RowHead] = []
    for row in grid.body:
        if _repeats_header(grid, row) or (row == grid.body[0] and _numbers_columns(grid, row)):
            continue
        texts = {role: cell_of_role(grid, row, columns, role) for role in (CODE, NAME, ITEM, HOLDER)}
        head = RowHead(row, code=text_of(texts[CODE]), holder=text_of(texts[HOLDER]))
        label = texts[NAME] or texts[ITEM]
        if head.code and not label and _is_total(head.code, vocabulary):
            head.code, label = None, texts[CODE]
        head.label = text_of(label) or ""
        if head.code:
            place_code(head, texts[CODE], columns, block, vocabulary)
        elif head.label:
            _place_name(head, label, block, fixed, vocabulary, hierarchy, numbering)
        elif row not in (grid.body[0], grid.body[-1]):
            head.issue = Issue("row-without-head", _locator(grid, row))
        heads.append(head)
    _inherit(heads, block, vocabulary)
    return heads


def _repeats_header(grid: Grid, row: int) -> bool:
    """Whether a row prints the header again, as it is done after a page break."""
    cells = [cell for cell in grid.row(row) if cell.text.strip()]
    return bool(cells) and any(
        all(clean_label(grid.text(header, cell.col)) == clean_label(cell.text) for cell in cells)
        for header in grid.header
    )


def _numbers_columns(grid: Grid, row: int) -> bool:
    """Whether a row only counts the columns: 1, 2, 3."""
    texts = [cell.text for cell in grid.row(row) if cell.text.strip()]
    amounts = [parse_amount(text) for text in texts]
    values = [amount.value for amount in amounts if amount is not None]
    return len(values) == len(texts) > 1 and all(b - a == 1 for a, b in pairwise(values))


def _is_total(text: str, vocabulary: Vocabulary) -> bool:
    return any(meaning.role == TOTAL for meaning in vocabulary.meanings.get(clean_label(text), ()))


def cell_of_role(grid: Grid, row: int, columns: Sequence[Column], role: str) -> Cell | None:
    """The first cell of a row in a column with this role that is not empty."""
    cells = (grid.covering.get((row, column.number)) for column in columns if role in column.roles)
    return next((cell for cell in cells if cell is not None and cell.text.strip()), None)


def text_of(cell: Cell | None) -> str | None:
    """The text of a cell, if there is one."""
    return cell.text.strip() if cell else None


def _locator(grid: Grid, row: int) -> Locator:
    return next((cell.locator for cell in grid.row(row)), Locator())


def place_code(
    head: RowHead, cell: Cell | None, columns: Sequence[Column], block: Block, vocabulary: Vocabulary
) -> None:
    """A code belongs to the row dimension whose list holds it, else to the one whose codes look like it.

    A code that only the list of another dimension holds belongs nowhere. The words over the codes narrow the choice
    where they can (科目编码, 单位代码). A code of the table's groups is a category of projects, or it places the row
    nowhere below the total.
    """
    code = clean_label(head.code or "")
    said = {d for column in columns for d in column.code_dimensions}
    dimensions = [d for d in block.row_dimensions if not said or d in said]
    looks_like = {scheme for scheme, pattern in vocabulary.patterns if pattern.fullmatch(code)}
    schemes = {d: vocabulary.dimensions[d].scheme for d in dimensions}
    known = [d for d, scheme in schemes.items() if scheme and vocabulary.knows_code(scheme, code)]
    of_another = any(d.scheme and vocabulary.knows_code(d.scheme, code) for d in vocabulary.dimensions.values())
    listed = {d.name for d in vocabulary.dimensions.values() if d.top is not None}
    shaped = [d for d, scheme in schemes.items() if scheme in looks_like and not (of_another and d in listed)]
    candidates = known or shaped
    if len(candidates) == 1:
        head.codes[candidates[0]] = code
    elif block.group_codes in looks_like and not candidates:
        head.category = code if block.group_codes == PROJECT_CATEGORY else None
    else:
        head.issue = Issue("unknown-code", cell.locator if cell else Locator(), {"code": head.code})


def _place_name(
    head: RowHead,
    cell: Cell | None,
    block: Block,
    fixed: Mapping[str, str],
    vocabulary: Vocabulary,
    hierarchy: Hierarchy,
    numbering: list[tuple[str, dict[str, str] | None]],
) -> None:
    """A name is looked up whole, after its list mark; the mark's rank puts it under the names before it.

    A name that is not known hides what stands under it.
    """
    rank, word = split_list_mark(head.label, vocabulary)
    if _is_total(word, vocabulary):
        return
    while numbering and (rank is None or numbering[-1][0] >= rank):
        numbering.pop()
    meanings = vocabulary.meanings.get(clean_label(word), ())
    meaning = choose_meaning(meanings, block.row_dimensions, fixed, hierarchy) or choose_meaning(
        meanings, (*block.row_dimensions, *block.column_dimensions), fixed, hierarchy
    )
    above = numbering[-1][1] if numbering else {}
    if meaning is None or meaning.role is not None or above is None:
        head.issue = Issue("unknown-row", cell.locator if cell else Locator(), {"word": word})
    else:
        head.places = dict(meaning.places)
        narrow_into(head.places, above, hierarchy)
    if rank is not None:
        numbering.append((rank, None if head.issue else head.places))


def split_list_mark(text: str, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """A printed label as (rank of its list mark or None, the rest without spaces)."""
    cleaned = clean_label(text)
    for key, pattern in vocabulary.list_marks:
        if match := pattern.match(cleaned):
            return key, cleaned[match.end() :]
    return None, cleaned


def _inherit(heads: Iterable[RowHead], block: Block, vocabulary: Vocabulary) -> None:
    """Where codes of several dimensions share a column, a row of an inner one stands under the last of the outer.

    Under an outer code that is not known it stands nowhere.
    """
    order = {name: dimension.order for name, dimension in vocabulary.dimensions.items()}
    nested = sorted(block.row_dimensions, key=order.__getitem__)
    current: dict[str, str] = {}
    category: str | None = None
    hidden: Issue | None = None
    for head in heads:
        if head.issue is not None and head.code and len(nested) > 1:
            hidden = head.issue
        depth = max((nested.index(d) for d in head.codes), default=len(nested) - 1 if head.category else -1)
        if depth < 0:
            current, category = {}, None
            continue
        if depth == 0:
            hidden = None
        elif hidden is not None:
            head.issue = hidden
        current = {d: c for d, c in current.items() if nested.index(d) < depth} | head.codes
        if head.category:
            category = head.category
        elif depth < len(nested) - 1:
            category = None
        head.codes = dict(current)
        if "project" in head.codes:
            head.category = category
