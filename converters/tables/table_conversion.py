"""Convert recognised tables: an observation for every readable figure, records, and issues for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

from converters.entities.disclosure_context import DisclosureContext
from converters.entities.projects import tie_project
from converters.model.amounts import is_blank
from converters.model.document import Cell, Grid, Issue, TextBlock
from converters.model.line_breaks import JOINED
from converters.model.observation import Contradiction, Entry, Observation, Table
from converters.recognition.captions import declares_empty, has_cue
from converters.recognition.headers import ORDINAL, header_path
from converters.recognition.row_headers import numbers_columns
from converters.recognition.row_names import counts_things, split_list_mark
from converters.recognition.table_parts import TablePart
from converters.recognition.table_recognition import RecognisedTable
from converters.tables.blank_totals import find_blank_totals
from converters.tables.cells import TableContext, Unit, known_unit, needs_unit, read_cells
from converters.tables.coordinates import place_cell, settle_named_units
from converters.tables.form_records import form_records, place_form, settle_period
from converters.tables.table_records import line_records, row_header_entries, wrapped_cells
from ontology.locators import Locator
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_NOTES = 5
_HIGHEST_RANKS = ("/0", "/1")
_CLAUSE_ENDS = frozenset(",。;:!?")
_SPENT = {"flow": "code/flow/expenditure"}

__all__ = ["DisclosureContext", "convert_table", "convert_tables", "place_cell"]


def convert_tables(
    recognised: Sequence[RecognisedTable], context: DisclosureContext
) -> tuple[list[Table], list[Issue]]:
    """Convert all tables of a document.

    A table is named after its number (`t05`); further tables of the same number get a suffix (`t05-2`). A table of
    unknown kind is kept without observations and reported as an issue.
    """
    tables: list[Table] = []
    issues: list[Issue] = []
    for order, found in enumerate(recognised, start=1):
        number = _number(found, order, tables)
        name = f"t{int(number):02d}"
        copies = sum(1 for table in tables if table.name == name or table.name.startswith(name + "-"))
        table, table_issues = convert_table(found, name + (f"-{copies + 1}" if copies else ""), number, context)
        tables.append(table)
        issues += table_issues
        if found.kind is None:
            place = next((cell.locator for cell in found.grid.cells), Locator())
            issues.append(Issue("unknown-table", place, {"title": found.caption.title, "rows": found.grid.n_rows}))
    return tables, issues


def _number(found: RecognisedTable, order: int, before: Sequence[Table]) -> str:
    """The printed number of a table, else its position; an unnumbered form repeats the number of a form before it."""
    goes_on = found.form is not None and found.kind is not None and bool(before) and before[-1].kind == found.kind.key
    if goes_on and found.caption.number is None:
        return before[-1].number
    return found.caption.number or str(order)


def convert_table(
    recognised: RecognisedTable, name: str, number: str, context: DisclosureContext
) -> tuple[Table, list[Issue]]:
    """Convert a table; return it with observations and records, and the issues of content that was not read."""
    caption, kind, form = recognised.caption, recognised.kind, recognised.form
    issues = [*recognised.issues, *_unknown_projects(recognised.parts, context)]
    unit = _unit(recognised, context, issues)
    parts = settle_period(form, context) if form else recognised.parts
    for part in parts:
        settle_named_units(part.row_headers, context)
    places = place_form(form, context) if form else {}
    table_context = TableContext(recognised.grid, name, unit, {**caption.places, **places})
    measured = [part for part in parts if unit is not None or not needs_unit(part, context.vocabulary)]
    read = [read_cells(part, table_context, context) for part in measured]
    observations = [o for part in read for o in part.observations]
    counted = frozenset(_counts(parts, recognised.grid, context.vocabulary))
    beyond = _beyond_header(recognised)
    issues += [issue for part in read for issue in part.issues]
    issues += (Issue("cell-beyond-header", c.locator, {"text": c.text, "title": caption.title}) for c in beyond)
    figures = observations or any(part.unplaced for part in read)
    declared = _empty_sentence(recognised, context) if kind else None
    if declared is not None and any(o.amount for o in observations):
        issues.append(Issue("filled-though-empty", declared.locator, {"title": caption.title, "text": declared.text}))
    empty = declared if not figures else None
    shown = _shown(recognised, context) if empty is not None else None
    if empty is not None and unit is not None and shown is not None:
        observations.append(_declared_zero(empty, shown, name, unit[0], context))
    grid, wraps = _flag_wraps(recognised)
    claimed = {o.record for o in observations}
    rows = [
        record
        for part in parts
        for record in line_records(part, grid, 1 if form else None, context)
        if record.row in claimed or form is None or not part.block.row_dimensions
    ]
    forms = list(form_records(form, kind, places, context)) if form and kind else []
    table = Table(
        name=name,
        number=number,
        title=caption.title,
        kind=kind.key if kind else None,
        unit=_table_unit(unit, recognised, context),
        declared_empty=empty is not None,
        dashed=not figures and any(_has_dashed_row(part, grid) for part in parts),
        labelled_columns=_labelled(grid, recognised),
        printed_columns=max(_widest(grid), _labelled(grid, recognised)),
        contradiction=_contradiction(recognised),
        observations=tuple(o for o in observations if o.amount is not None),
        gaps=tuple(o for o in observations if o.amount is None),
        grid=grid,
        title_locator=caption.block.locator if caption.block else Locator(),
        records=(*forms, *rows),
        worded=tuple(worded for part in read for worded in part.worded),
        row_headers=tuple(dict.fromkeys(entry for part in parts for entry in row_header_entries(part, context))),
        beyond=tuple(Entry(c.row, c.col, None, c.text.strip(), None, "", None, c.locator) for c in beyond),
        labels=form.labels if form else _labels(recognised, context.vocabulary),
        texts=frozenset(_filled_places(recognised)) | counted,
        unplaced=frozenset(place for part in read for place in part.unplaced) - counted,
        withholds=_find_note(recognised, "withheld-items", context) is not None,
        blanks=tuple(
            blank
            for part, figures in zip(measured, read, strict=True)
            if form is None
            for blank in find_blank_totals(part, table_context, figures.observations, context)
        ),
    )
    return table, issues + wraps


def _table_unit(unit: Unit | None, recognised: RecognisedTable, context: DisclosureContext) -> str | None:
    """The unit of the table, else the unit of the first part with a unit."""
    own = [found for part in recognised.parts if (found := known_unit(part.unit, context.vocabulary))]
    return unit[0] if unit else own[0][0] if own else None


def _labelled(grid: Grid, recognised: RecognisedTable) -> int:
    """The number of columns with a header or continued names; all columns if there is no header."""
    numbers = range(1, grid.n_cols + 1)
    return len({n for n in numbers if header_path(grid, n)} | _named(recognised)) if grid.header_rows else grid.n_cols


def _named(recognised: RecognisedTable) -> set[int]:
    return {column.number for part in recognised.parts for column in part.columns if column.path}


def _unknown_projects(parts: Sequence[TablePart], context: DisclosureContext) -> list[Issue]:
    """An issue for each name in a project column that matches no project, if the document lists projects."""
    cells = {
        row_header.project: cell.locator
        for part in parts
        for row_header in reversed(part.row_headers)
        for filled in row_header.filled
        for cell in filled.cells
        if row_header.project is not None and filled.name == row_header.project and cell.row == row_header.row
    }
    return [
        Issue("unknown-project", place, {"name": name})
        for name, place in reversed(cells.items())
        if context.projects and tie_project(name, context.projects, context.vocabulary) is None
    ]


def _widest(grid: Grid) -> int:
    return max((cell.col for cell in grid.cells if cell.row > grid.header_rows and cell.text), default=0)


def _flag_wraps(recognised: RecognisedTable) -> tuple[Grid, list[Issue]]:
    """The grid with a flag on cells with joined lines, and an issue with their number."""
    places = set(wrapped_cells([row_header for part in recognised.parts for row_header in part.row_headers]))
    if not places:
        return recognised.grid, []
    cells = [cell for cell in recognised.grid.cells if (cell.row, cell.col) in places]
    flagged = recognised.grid.with_cells(replace(cell, flags=cell.flags | {JOINED}) for cell in cells)
    values = {"title": recognised.caption.title, "count": len(cells)}
    return flagged, [Issue("wraps-joined", cells[0].locator, values)]


def _labels(recognised: RecognisedTable, vocabulary: Vocabulary) -> frozenset[tuple[int, int]]:
    """The positions of header cells and row labels; of an unknown table, of columns that number rows."""
    grid = recognised.grid
    keys = {column.number for part in recognised.parts for column in part.columns if column.is_key}
    if recognised.kind is None:
        keys = {n for n in range(1, grid.n_cols + 1) if _counts_rows(grid, n, vocabulary)}
        return frozenset((cell.row, cell.col) for cell in grid.cells if cell.col in keys)
    rows = {*grid.header, *(row for row in grid.body[:1] if numbers_columns(grid, row, vocabulary))}
    return frozenset((cell.row, cell.col) for cell in grid.cells if cell.row in rows or cell.col in keys)


def _counts_rows(grid: Grid, column: int, vocabulary: Vocabulary) -> bool:
    """Whether the header of a column labels ordinals."""
    words = [clean_label(cell.text) for cell in header_path(grid, column)]
    return {meaning.role for word in words for meaning in vocabulary.meanings.get(word, ())} == {ORDINAL}


def _filled_places(recognised: RecognisedTable) -> Iterator[tuple[int, int]]:
    """The positions of cells that fill attributes of records."""
    filled = [f for part in recognised.parts for row_header in part.row_headers for f in row_header.filled]
    if recognised.form is not None:
        filled += [*recognised.form.fields, *(goal.filled for goal in recognised.form.goals)]
    return ((cell.row, cell.col) for f in filled for cell in f.cells)


def _counts(parts: Sequence[TablePart], grid: Grid, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """The positions of the cells of rows that count things, such as delegations and guests, in a table of money.

    Rows with deeper list marks below a row that counts things divide it.
    """
    for part in parts:
        numbers = {column.number for column in part.columns}
        counting: str | None = None
        for row_header in part.row_headers:
            rank, _ = split_list_mark(row_header.label, vocabulary)
            counting = counting if rank and counting and rank > counting else None
            if row_header.issue is not None and (counting or counts_things(row_header.label, vocabulary)):
                counting = counting or rank
                yield from ((cell.row, cell.col) for cell in grid.row(row_header.row) if cell.col in numbers)


def _unit(recognised: RecognisedTable, context: DisclosureContext, issues: list[Issue]) -> Unit | None:
    """The unit of money of the table; an issue is added if a part needs a unit and none is known."""
    caption = recognised.caption
    unit = known_unit(caption.unit, context.vocabulary) if recognised.kind else None
    if unit is None and any(needs_unit(part, context.vocabulary) for part in recognised.parts):
        place = caption.block.locator if caption.block else Locator()
        issues.append(Issue("unknown-unit", place, {"title": caption.title, "word": clean_label(caption.unit or "")}))
    return unit


def _contradiction(recognised: RecognisedTable) -> Contradiction | None:
    cell = recognised.contradicting
    if cell is None:
        return None
    header_kind = recognised.header_kind
    return Contradiction("".join(cell.text.split()), cell.locator, header_kind.key if header_kind else None)


def _beyond_header(recognised: RecognisedTable) -> list[Cell]:
    """The figures in columns without a header."""
    if recognised.kind is None or recognised.form is not None:
        return []
    grid = recognised.grid
    bare = {column for column in range(1, grid.n_cols + 1) if not header_path(grid, column)} - _named(recognised)
    return [c for c in grid.cells if c.col in bare and c.row > grid.header_rows and not is_blank(c.text)]


def _empty_sentence(recognised: RecognisedTable, context: DisclosureContext) -> Cell | None:
    """The sentence that declares the table empty, in a note (as a cell below the grid) or alone in a row."""
    block = _find_note(recognised, "empty-table", context)
    if block is not None:
        return Cell(recognised.grid.n_rows + 1, 1, block.text, block.locator)
    rows = range(recognised.grid.first_row + 1, recognised.grid.n_rows + 1)
    worded = ([cell for cell in recognised.grid.row(row) if cell.text.strip()] for row in rows)
    alone = (cells[0] for cells in worded if len(cells) == 1)
    return next((cell for cell in alone if declares_empty(cell.text, context.vocabulary)), None)


def _find_note(recognised: RecognisedTable, cue: str, context: DisclosureContext) -> TextBlock | None:
    """The first of the notes right below the table with a word of a cue.

    What stands further down, or below the heading of a part or section, is running text.
    """
    near = takewhile(lambda block: not _begins_section(block.text, context.vocabulary), recognised.grid.notes[:_NOTES])
    return next((block for block in near if has_cue(block.text, cue, context.vocabulary)), None)


def _begins_section(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a line is the heading of a part or of a section of the highest rank (第三部分, 二、)."""
    line = clean_label(text)
    marked = any(key.endswith(_HIGHEST_RANKS) and pattern.match(line) for key, pattern in vocabulary.list_marks)
    return marked and not _CLAUSE_ENDS & set(line) and not declares_empty(line, vocabulary)


def _shown(recognised: RecognisedTable, context: DisclosureContext) -> dict[str, str] | None:
    """The coordinates of the total of a table; None if its columns are scopes without a common whole below the top."""
    fixed = dict(recognised.kind.fixes) | dict(recognised.caption.places) if recognised.kind else {}
    if not any("scope" in part.block.column_dimensions for part in recognised.parts) or "scope" in fixed:
        return fixed
    columns = (column for part in recognised.parts for column in part.columns if not column.is_key)
    scopes = [column.places["scope"] for column in columns if "scope" in column.places]
    whole = context.hierarchy.lowest_common_ancestor(scopes)
    return None if whole is None or whole == context.tops()["scope"] else fixed | {"scope": whole}


def _has_dashed_row(part: TablePart, grid: Grid) -> bool:
    """Whether a row of a part has a dash in each of its columns of figures."""
    columns = [column.number for column in part.columns if not column.is_key]
    rows = ([grid.covering.get((row.row, number)) for number in columns] for row in part.row_headers)
    return bool(columns) and any(
        all(cell and cell.text.strip() and is_blank(cell.text) for cell in row) for row in rows
    )


def _declared_zero(
    sentence: Cell, shown: Mapping[str, str], name: str, unit: str, context: DisclosureContext
) -> Observation:
    """The exact zero claimed by a table declared empty, for its total; if it shows both flows, for expenditure."""
    coordinates, _ = place_cell({}, {}, _SPENT | dict(shown), context)
    return Observation(
        table=name,
        row=sentence.row,
        column=sentence.col,
        coordinates=coordinates,
        amount=Decimal(0),
        precision=Decimal(0),
        printed=sentence.text,
        unit=unit,
        row_code=None,
        row_label="",
        column_label="",
        locator=sentence.locator,
    )
