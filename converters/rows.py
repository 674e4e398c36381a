"""Row heads: the codes and names that say what a row of figures is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from converters.amounts import parse_amount
from converters.document import Cell, Grid, Issue, Locator
from converters.filled import Filled
from converters.headers import CODE, CODE_PARTS, HOLDER, ITEM, NAME, TOTAL, Column, choose_meaning, narrow_into
from converters.hierarchy import Hierarchy
from ontology.text import clean_label
from ontology.vocabulary import Block, Vocabulary

PROJECT_CATEGORY = "code/project-category"
_PART_DIGITS = 2


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


@dataclass(slots=True)
class _Outline:
    """The names above a row: those open by the rank of their marks, and what the last unmarked one places.

    A numbering that starts again stands under the unmarked name before it.
    """

    open: list[tuple[str, dict[str, str] | None]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    unmarked: dict[str, str] | None = field(default_factory=dict)

    def above(self, rank: str | None, mark: str) -> dict[str, str] | None:
        """What stands above a name with this mark; None if that is not known."""
        while self.open and (rank is None or self.open[-1][0] >= rank):
            self.open.pop()
        if self.open:
            return self.open[-1][1]
        return self.unmarked if rank is not None and mark in self.marks else {}

    def add(self, rank: str | None, mark: str, places: dict[str, str] | None) -> None:
        """A name that stands at this mark, and what it places; None if it is not known."""
        if rank is None:
            self.unmarked = places
        else:
            self.open.append((rank, places))
            self.marks.add(mark)


def read_heads(
    grid: Grid,
    columns: Sequence[Column],
    block: Block,
    fixed: Mapping[str, str],
    vocabulary: Vocabulary,
    hierarchy: Hierarchy,
) -> list[RowHead]:
    """The heads of the data rows of one block of columns, in order; a head that says nothing known has an issue."""
    outline = _Outline()
    heads: list[RowHead] = []
    names = _name_columns(columns)
    parts: tuple[str, ...] = ()
    group: RowHead | None = None
    for row in grid.body:
        if _repeats_header(grid, row) or (row == grid.body[0] and _numbers_columns(grid, row)):
            continue
        texts = {role: cell_of_role(grid, row, columns, role) for role in (CODE, NAME, ITEM, HOLDER)}
        head = RowHead(row, code=text_of(texts[CODE]), holder=text_of(texts[HOLDER]))
        label = texts[NAME] or texts[ITEM]
        if head.code and (label is texts[CODE] or (not label and _is_total(head.code, vocabulary))):
            head.code, label = None, texts[CODE]
        elif head.code and any(CODE_PARTS[0] in column.roles for column in columns):
            parts = _code_parts(grid, row, columns, parts, vocabulary)
            head.code = "".join(parts) or None
        head.label = text_of(label) or ""
        if head.code:
            place_code(head, texts[CODE], columns, block, vocabulary)
        elif len(names) > 1:
            cells = [grid.covering.get((row, number)) for number in names]
            group = _place_nested(head, group, cells, block, fixed, vocabulary, hierarchy)
        elif head.label:
            _place_name(head, label, block, fixed, vocabulary, hierarchy, outline)
        elif row not in (grid.body[0], grid.body[-1]):
            head.issue = Issue("row-without-head", _locator(grid, row))
        heads.append(head)
    _inherit(heads, block, vocabulary)
    return heads


def _name_columns(columns: Sequence[Column]) -> list[int]:
    """The columns with names of rows, where no codes stand beside them."""
    if any(CODE in column.roles for column in columns):
        return []
    return [column.number for column in columns if column.roles & {NAME, ITEM}]


def _code_parts(
    grid: Grid, row: int, columns: Sequence[Column], before: tuple[str, ...], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """The parts of a code that is split over columns; an empty one before a filled one is that of the row before.

    Parts after the first have two digits. A column may also print the whole code up to its part.
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


def _place_nested(
    head: RowHead,
    group: RowHead | None,
    cells: Sequence[Cell | None],
    block: Block,
    fixed: Mapping[str, str],
    vocabulary: Vocabulary,
    hierarchy: Hierarchy,
) -> RowHead | None:
    """Names in two columns: the first names a group, the second what of it stands in the row, or its subtotal.

    Returns the group that the rows below belong to.
    """
    first, *rest = [cell if cell is not None and cell.text.strip() else None for cell in cells]
    inner = next((cell for cell in reversed(rest) if cell is not None and cell is not first), None)
    if first is not None and (inner is None or group is None or text_of(first) != group.label):
        group = RowHead(head.row, label=text_of(first) or "")
        _place_name(group, first, block, fixed, vocabulary, hierarchy, _Outline())
    if inner is None:
        if first is not None and group is not None:
            head.label, head.places, head.issue = group.label, dict(group.places), group.issue
        return group
    head.label = text_of(inner) or ""
    if group is not None and _is_total(head.label, vocabulary):
        head.label = f"{group.label} {head.label}"
        head.places, head.issue = dict(group.places), group.issue
        return group
    _place_name(head, inner, block, fixed, vocabulary, hierarchy, _Outline())
    if group is not None and head.issue is None:
        conflicts = narrow_into(head.places, group.places, hierarchy)
        if group.issue is not None or conflicts:
            head.issue = group.issue or Issue("unknown-row", inner.locator, {"word": head.label})
    return group


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
    outline: _Outline,
) -> None:
    """A name is looked up whole, after its list mark; the mark's rank puts it under the names before it.

    A name that is not known hides what stands under it.
    """
    rank, word = split_list_mark(head.label, vocabulary)
    meanings = vocabulary.meanings.get(clean_label(word), ())
    if _is_total(word, vocabulary):
        total = choose_meaning((m for m in meanings if m.role is None), block.row_dimensions, fixed, hierarchy)
        head.places = dict(total.places) if total is not None else {}
        return
    mark = clean_label(head.label).removesuffix(word)
    meaning = choose_meaning(meanings, block.row_dimensions, fixed, hierarchy) or choose_meaning(
        meanings, (*block.row_dimensions, *block.column_dimensions), fixed, hierarchy
    )
    above = outline.above(rank, mark)
    if meaning is None or meaning.role is not None or above is None:
        head.issue = Issue("unknown-row", cell.locator if cell else Locator(), {"word": word})
    else:
        head.places = dict(meaning.places)
        narrow_into(head.places, above, hierarchy)
    outline.add(rank, mark, None if head.issue else head.places)


def split_list_mark(text: str, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """A printed label as (rank of its list mark or None, the rest without spaces)."""
    cleaned = clean_label(text)
    for key, pattern in vocabulary.list_marks:
        if match := pattern.match(cleaned):
            return key, cleaned[match.end() :]
    return None, cleaned


def _inherit(heads: Iterable[RowHead], block: Block, vocabulary: Vocabulary) -> None:
    """Where codes of several dimensions share a column, a row of an inner one stands under the last of the outer.

    Under an outer code that is not known it stands nowhere. A table whose first code is an inner one has no outer ones.
    """
    order = {name: dimension.order for name, dimension in vocabulary.dimensions.items()}
    nested = sorted(block.row_dimensions, key=order.__getitem__)
    heads = list(heads)
    nests = len(nested) > 1 and not _begins_within(heads, nested)
    current: dict[str, str] = {}
    category: str | None = None
    hidden: Issue | None = None
    for head in heads:
        if head.issue is not None and head.code and nests:
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


def _begins_within(heads: Iterable[RowHead], nested: Sequence[str]) -> bool:
    """Whether the first row with a code is one of the innermost dimension."""
    first = next((head for head in heads if head.code and (head.codes or head.category or head.issue)), None)
    return first is not None and nested[-1] in first.codes
