"""Read the cells of a part of a table: an observation for each readable figure, an issue for any other content."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from converters.entities.disclosure_context import DisclosureContext
from converters.model.amounts import is_blank, parse_amount
from converters.model.document import DOUBTFUL, JOINED_PAGE, Cell, Grid, Issue
from converters.model.figures import Figure, parse_figure
from converters.model.observation import COLUMN, ROW, Observation, WordedLevel
from converters.model.precision import column_precision
from converters.recognition.headers import Column
from converters.recognition.personal_data import WITHHELD
from converters.recognition.table_parts import RowHeader, TablePart
from converters.tables.coordinates import missing_dimension, place_cell, resolve_row_header
from ontology.locators import Locator
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_YUAN, _ITEM, _UNIT_TEXT = "code/unit/yuan", "code/unit/item", "def#unitText"
Unit = tuple[str, Decimal]
"""A unit of money: its key, and how many yuan it is."""
_Printed = tuple[RowHeader, Mapping[str, str], Cell]


@dataclass(frozen=True, slots=True)
class TableContext:
    """The table of a part: grid, name, unit of money if any, and coordinates shared by all cells."""

    grid: Grid
    name: str
    unit: Unit | None
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PartObservations:
    """The result of reading a part: observations (without amount for unreadable cells), levels in words, issues.

    `unplaced` are the positions of figures in unknown rows or columns.
    """

    observations: tuple[Observation, ...]
    worded: tuple[WordedLevel, ...]
    issues: tuple[Issue, ...]
    unplaced: frozenset[tuple[int, int]]


def read_cells(part: TablePart, table_context: TableContext, context: DisclosureContext) -> PartObservations:
    """Read the cells of a part of a table, column by column, since precision is a property of a column.

    A cell that spans several rows belongs to the first of them.
    """
    row_headers = [(row_header, resolve_row_header(row_header, context)) for row_header in part.row_headers]
    _tell_apart(row_headers, part, table_context.grid)
    found: list[Observation | WordedLevel | Issue] = []
    skipped: Counter[int] = Counter()
    unplaced: set[tuple[int, int]] = set()
    keys = {column.number for column in part.columns if column.is_key}
    for column in part.columns:
        if column.is_key or not (column.path or part.headless):
            continue
        cells = (
            (row_header, places, table_context.grid.covering.get((row_header.row, column.number)))
            for row_header, places in row_headers
        )
        own = [(h, p, c) for h, p, c in cells if c is not None and c.col not in keys]
        once = {(c.row, c.col): (h, p, c) for h, p, c in reversed(own)}.values()
        is_worded = column.measure in context.vocabulary.worded_classes  # a dash says that no level applies
        printed = [
            (h, p, c)
            for h, p, c in reversed(once)
            if (c.text.strip() if is_worded else not is_blank(c.text)) and WITHHELD not in c.flags
        ]
        unplaced.update(
            (c.row, c.col) for h, _, c in printed if (column.unplaced or h.issue) and parse_amount(c.text) is not None
        )
        if printed and column.unplaced:
            word = column.unplaced[0]
            found.append(Issue("unknown-header", word.locator, {"word": word.text.strip(), "count": len(printed)}))
        elif printed:
            skipped.update(row_header.row for row_header, _, _ in printed if row_header.issue is not None)
            found += _read_column(column, part, printed, table_context, context, unplaced)
    for row_header in part.row_headers:
        if row_header.issue is not None and skipped[row_header.row]:
            found.append(
                replace(row_header.issue, values={**row_header.issue.values, "count": skipped[row_header.row]})
            )
    observations, spanning = _of_one_column([item for item in found if isinstance(item, Observation)])
    found += spanning.values()
    unplaced |= spanning.keys()
    return PartObservations(
        tuple(observations),
        tuple(item for item in found if isinstance(item, WordedLevel)),
        tuple(item for item in found if isinstance(item, Issue)),
        frozenset(unplaced),
    )


def _of_one_column(read: Sequence[Observation]) -> tuple[list[Observation], dict[tuple[int, int], Issue]]:
    """Return the figures of cells below a single column, and an issue for each cell below columns of other meaning."""
    by_cell: dict[tuple[int, int], list[Observation]] = defaultdict(list)
    for observation in read:
        by_cell[observation.row, observation.column].append(observation)
    kept: list[Observation] = []
    issues: dict[tuple[int, int], Issue] = {}
    for cell, same in by_cell.items():
        if all(other.coordinates == same[0].coordinates for other in same):
            kept.append(same[0])
        else:
            columns = tuple(dict.fromkeys(other.column_label for other in same))
            issues[cell] = Issue("figure-over-columns", same[0].locator, {"text": same[0].printed, "columns": columns})
    return kept, issues


def _tell_apart(row_headers: Sequence[tuple[RowHeader, Mapping[str, str]]], part: TablePart, grid: Grid) -> None:
    """Add an issue to the rows that have the same code, or the same name, but other figures, in place.

    A column that is not read, or rows above them that are not understood, would tell such rows apart.
    """
    alike: dict[tuple[str, frozenset[tuple[str, str]]], list[RowHeader]] = defaultdict(list)
    for row_header, places in row_headers:
        if row_header.issue is None and row_header.line is None:
            alike[row_header.code or clean_label(row_header.label), frozenset(places.items())].append(row_header)
    figures = [column.number for column in part.columns if not column.is_key]
    for (name, _), same in alike.items():
        if not name or len({tuple(grid.text(h.row, number).strip() for number in figures) for h in same}) < 2:
            continue
        for row_header in same:
            place = next((cell.locator for cell in grid.row(row_header.row)), Locator())
            row_header.issue = Issue("row-repeated", place, {"word": row_header.label or name})


def needs_unit(part: TablePart, vocabulary: Vocabulary) -> bool:
    """Return whether a part has sums of money without a unit in its title or column headers."""
    placed = any(row_header.issue is None for row_header in part.row_headers) or not part.row_headers
    return (
        placed
        and part.unit is None
        and any(
            column.unit is None and vocabulary.base_units.get(column.measure, _YUAN) == _YUAN
            for column in part.columns
            if column.holds_figures or part.headless
        )
    )


def known_unit(printed: str | None, vocabulary: Vocabulary) -> Unit | None:
    """Return a printed unit of money as (key, factor to yuan), None if it is not known."""
    found = vocabulary.units.get(clean_label(printed or ""))
    return (found[0], Decimal(found[1])) if found else None


def _read_column(
    column: Column,
    part: TablePart,
    printed: Sequence[_Printed],
    table_context: TableContext,
    context: DisclosureContext,
    unplaced: set[tuple[int, int]],
) -> Iterable[Observation | WordedLevel | Issue]:
    """Yield the results for the printed cells of a column; add figures without known coordinates to `unplaced`."""
    vocabulary = context.vocabulary
    is_compared = column.measure.removeprefix("def#") in vocabulary.comparable_measures
    money = known_unit(column.unit or part.unit, vocabulary) or table_context.unit
    figures = [_read(cell.text, column, row_header, money, vocabulary) for row_header, _, cell in printed]
    precision = column_precision(filter(None, figures), vocabulary.indivisible)
    for (row_header, row, cell), figure in zip(printed, figures, strict=True):
        if row_header.issue is not None:
            continue
        coordinates, conflict = place_cell(column.places, row, {**part.block.fixes, **table_context.places}, context)
        missing = missing_dimension(coordinates, vocabulary)
        if missing is not None:
            values = {"dimension": missing, "row": row_header.label, "column": column.label, "text": cell.text}
            yield Issue("coordinates-incomplete", cell.locator, values)
            unplaced.add((cell.row, cell.col))
            continue
        if conflict:
            unplaced.add((cell.row, cell.col))
            yield Issue("words-contradict", cell.locator, {"row": row_header.label, "column": column.label})
            continue
        worded = vocabulary.worded_classes.get(column.measure)
        if figure is None and worded is not None:
            year = coordinates["year"]
            yield WordedLevel(cell.row, cell.col, row_header.row, worded, year, cell.text.strip(), cell.locator)
            continue
        if figure is None:
            values = {"text": cell.text, "row": row_header.label, "column": column.label}
            yield Issue("unreadable-amount", cell.locator, values)
        unit = (figure and figure.unit) or (money[0] if money else vocabulary.base_units.get(column.measure, _YUAN))
        factor = money[1] if money and vocabulary.base_units.get(column.measure, _YUAN) == _YUAN else Decimal(1)
        yield Observation(
            table=table_context.name,
            row=cell.row,
            column=cell.col,
            coordinates=coordinates,
            amount=figure.value * factor if figure else None,
            precision=precision.of(figure, unit) * factor,
            printed=cell.text,
            unit=unit,
            row_code=row_header.code,
            row_label=row_header.label,
            column_label=column.label,
            locator=cell.locator,
            record=row_header.row if row_header.line is not None else None,
            operator=figure.operator if figure else None,
            unit_text=_unit_word(figure, vocabulary),
            doubt=_doubt(cell, table_context.grid) if is_compared else None,
            of_which=frozenset({ROW} if column.of_which else ()) | ({COLUMN} if row_header.of_which else set()),
            uncertain=column.uncertain,
            bounded=not part.block.may_exceed_wholes,
        )


def _read(
    text: str, column: Column, row_header: RowHeader, money: Unit | None, vocabulary: Vocabulary
) -> Figure | None:
    """The figure in a cell: a sum of money, or a figure in its own unit, the unit of its row or of its measure."""
    base = vocabulary.base_units.get(column.measure, _YUAN)
    if base == _YUAN:
        amount = parse_amount(text)
        return Figure(amount.value, amount.decimals, money[0]) if amount and money else None
    figure = parse_figure(text, vocabulary)
    if figure is None or figure.unit is not None:
        return figure
    if base != _ITEM:
        return replace(figure, unit=base)
    counted = next((f.name for f in row_header.filled if f.attribute.key == _UNIT_TEXT), "")
    return replace(figure, unit=vocabulary.units.get(clean_label(counted), (base,))[0])


def _doubt(cell: Cell, grid: Grid) -> str | None:
    """The flag of a repair to a cell, or of a page break joined in the words before it in the row."""
    before = (other for other in grid.row(cell.row) if other.col < cell.col and parse_amount(other.text) is None)
    flags = frozenset(cell.flags.union(*(other.flags & {JOINED_PAGE} for other in before)))
    return min(flags & DOUBTFUL, default=None)


def _unit_word(figure: Figure | None, vocabulary: Vocabulary) -> str | None:
    """The printed word for a unit, unless it is the name of the unit itself."""
    if figure is None or figure.unit is None or figure.unit_text is None:
        return None
    return figure.unit_text if vocabulary.concepts[figure.unit].label("zh") != figure.unit_text else None
