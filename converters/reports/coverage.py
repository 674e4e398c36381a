"""Coverage: the use of every number that a document prints, those that were not converted included."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from converters.conversion import Conversion
from converters.model.amounts import parse_amount
from converters.model.document import Cell, Document, Grid, Issue, TextBlock
from converters.model.observation import Table
from converters.recognition.headers import header_path
from converters.recognition.personal_data import WITHHELD
from ontology.locators import Locator
from ontology.text import narrow

_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
_SHOWN = 12
_CONTACT_ISSUE = "contact-withheld"


class Use(StrEnum):
    """The uses of a printed number."""

    OBSERVATION = "observation"
    LABEL = "label"
    TEXT = "text"
    WITHHELD = "withheld"
    NOT_CONVERTED = "not-converted"


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: its digits, the words around it, its place, the name of its table (None in running text)."""

    text: str
    words: str
    use: Use
    locator: Locator
    table: str | None


@dataclass(frozen=True, slots=True)
class TableCoverage:
    """How much of a table is converted, counted in cells that hold a number and are neither header nor code.

    `kind` is None where the title is not known; `rows` are those below the header; `confirmed` are the cells whose
    figure is in a sum that holds.
    """

    name: str
    number: str
    title: str
    kind: str | None
    rows: int
    figures: int
    converted: int
    confirmed: int


@dataclass(frozen=True)
class Coverage:
    """Every number of a document, in printed order: first those of its tables, then those of its running text."""

    numbers: tuple[Number, ...]
    tables: tuple[TableCoverage, ...] = ()
    wordings: tuple[Issue, ...] = ()

    @cached_property
    def counts(self) -> Mapping[Use, int]:
        """How many numbers became what, zeros included."""
        counted = Counter(number.use for number in self.numbers)
        return {use: counted[use] for use in Use}

    @property
    def recognised(self) -> int:
        """How many numbers were read from scanned pages."""
        return sum(1 for number in self.numbers if number.locator.recognised)

    @property
    def not_converted(self) -> tuple[Number, ...]:
        """The numbers that are nothing else; withheld ones are not among them."""
        return tuple(number for number in self.numbers if number.use is Use.NOT_CONVERTED)


def coverage(document: Document, conversion: Conversion) -> Coverage:
    """Return the coverage of a document that was converted.

    A number is an observation, a code or label (of a table, a title, a year), text that is published as such, withheld,
    or not converted. In running text a number that is followed by a unit and is no observation is not converted.
    Numbers that are withheld come without their digits.
    """
    found: list[Number] = []
    tables = conversion.content.tables
    for grid, table in zip(document.grids[: len(tables)], tables, strict=True):
        found += _of_table(grid, table)
    for grid in document.grids[len(tables) :]:  # those of other offices
        found += _of_unread(grid)
    headings = {block.locator for grid in document.grids for block in grid.heading}
    text = _Text(conversion)
    for block in document.blocks:
        found += _of_block(block, block.locator in headings, text)
    return Coverage(tuple(found), cover_tables(conversion), conversion.content.narrative.wordings)


def cover_tables(conversion: Conversion) -> tuple[TableCoverage, ...]:
    """Return the coverage of each table, in printed order."""
    confirmed = {(o.table, o.row, o.column) for s in conversion.content.sums if s.holds for o in (s.total, *s.parts)}
    return tuple(_cover(table, confirmed) for table in conversion.content.tables)


def _cover(table: Table, confirmed: Set[tuple[str, int, int]]) -> TableCoverage:
    claimed = {(o.row, o.column) for o in table.observations}
    figures = [
        (cell.row, cell.col)
        for cell in table.grid.cells
        if cell.row not in table.grid.header
        and (cell.row, cell.col) not in table.labels | table.texts
        and parse_amount(cell.text)
    ]
    return TableCoverage(
        name=table.name,
        number=table.number,
        title=table.title,
        kind=table.kind,
        rows=len(table.grid.body),
        figures=len(figures),
        converted=sum(1 for place in figures if place in claimed),
        confirmed=sum(1 for row, column in figures if (table.name, row, column) in confirmed),
    )


def _numbers(text: str) -> Iterator[re.Match[str]]:
    return _NUMBER.finditer(narrow(text))


def _words(text: str, match: re.Match[str]) -> str:
    """The words around a number, on one line."""
    return " ".join(text[max(0, match.start() - _SHOWN) : match.end() + _SHOWN].split())


def _of_unread(grid: Grid) -> Iterator[Number]:
    for cell in grid.cells:
        for match in _numbers(cell.text):
            yield _number(cell.text, match, Use.NOT_CONVERTED, cell.locator, None)


def _of_table(grid: Grid, table: Table) -> Iterator[Number]:
    uses = _cell_uses(table)
    for cell in grid.cells:
        use = uses.get(cell.locator, Use.NOT_CONVERTED)
        for match in _numbers(cell.text):
            number = _number(cell.text, match, use, cell.locator, table.name)
            yield replace(number, words=_beside(cell, table.grid)) if number.words == number.text != "" else number


def _beside(cell: Cell, grid: Grid) -> str:
    """A number that fills its cell, after the words of its row and over its column; none are shown that are masked."""
    row = [other for other in grid.row(cell.row) if other.col < cell.col and parse_amount(other.text) is None]
    named = [other for other in (*row[-1:], *header_path(grid, cell.col)[-1:]) if cell.row not in grid.header]
    words = ["".join(other.text.split())[: 2 * _SHOWN] for other in named if WITHHELD not in other.flags]
    return " · ".join(filter(None, (*words, cell.text.strip())))


def _cell_uses(table: Table) -> Mapping[Locator, Use]:
    """Return the uses of the cells of a table, by place; the strongest use last."""
    uses: dict[Locator, Use] = {}
    for places, use in ((table.texts, Use.TEXT), (table.labels, Use.LABEL)):
        uses |= {cell.locator: use for cell in table.grid.cells if (cell.row, cell.col) in places}
    uses |= {worded.locator: Use.TEXT for worded in table.worded}
    uses |= {observation.locator: Use.OBSERVATION for observation in table.observations}
    return uses | {cell.locator: Use.WITHHELD for cell in table.grid.cells if WITHHELD in cell.flags}


def _number(text: str, match: re.Match[str], use: Use, place: Locator, table: str | None) -> Number:
    if use is Use.WITHHELD:
        return Number("", "", use, place, table)
    return Number(match[0], _words(text, match), use, place, table)


class _Text:
    """Return the uses of the numbers of running text, by place."""

    def __init__(self, conversion: Conversion) -> None:
        self.units = conversion.vocabulary.units
        self.private = {i.locator for i in conversion.issues if i.key == _CONTACT_ISSUE}
        self.explained = ["".join(e.text.split())[:_SHOWN] for e in conversion.content.narrative.explanations]
        self._masked = {b.locator: narrow(b.text) for file in conversion.documents for b in file.blocks}
        printed = {(o.locator, o.table, o.row, o.ordinal): o.printed for o in conversion.observations}
        self._claimed: dict[Locator, Counter[str]] = defaultdict(Counter)
        for (place, *_), text in printed.items():
            self._claimed[place].update(match[0] for match in _numbers(text))

    def claimed(self, place: Locator) -> Counter[str]:
        """The digits of the figures that observations print at a place, and how often."""
        return Counter(self._claimed[place]) if place in self._claimed else Counter()

    def masked(self, block: TextBlock) -> str:
        """The text of a block without what is withheld."""
        return self._masked.get(block.locator, block.text)


def _of_block(block: TextBlock, is_heading: bool, text: _Text) -> Iterator[Number]:
    """The numbers of a line of text: those that an observation prints there, and what the others are."""
    claimed = text.claimed(block.locator)
    masked = text.masked(block)
    for match in _numbers(block.text):
        if claimed[match[0]]:
            claimed[match[0]] -= 1
            use = Use.OBSERVATION
        elif block.locator in text.private or match[0] not in masked:
            use = Use.WITHHELD
        elif is_heading:
            use = Use.LABEL
        elif _has_unit(block.text[match.end() :], text) and not _is_explained(block, text):
            use = Use.NOT_CONVERTED
        else:
            use = Use.TEXT
        number = _number(block.text, match, use, block.locator, None)
        yield number if masked == narrow(block.text) else replace(number, words=number.text)


def _has_unit(rest: str, text: _Text) -> bool:
    following = "".join(rest[:_SHOWN].split())
    return any(following.startswith(unit) for unit in text.units)


def _is_explained(block: TextBlock, text: _Text) -> bool:
    """Whether the line is part of an explanation, whose text is published whole."""
    line = "".join(block.text.split())
    return any(entry in line for entry in text.explained)
