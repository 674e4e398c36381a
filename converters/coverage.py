"""What became of every number of a document: nothing that is printed is lost without being named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from converters.conversion import Conversion
from converters.document import Block, Document, Grid, Locator
from converters.observations import Table
from converters.withholding import WITHHELD
from ontology.text import narrow

_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
_SHOWN = 12
_CONTACT_ISSUE = "contact-withheld"


class Use(StrEnum):
    """What a printed number became."""

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


@dataclass(frozen=True)
class Coverage:
    """Every number of a document, in printed order: first those of its tables, then those of its running text."""

    numbers: tuple[Number, ...]

    @cached_property
    def counts(self) -> Mapping[Use, int]:
        """How many numbers became what, zeros included."""
        counted = Counter(number.use for number in self.numbers)
        return {use: counted[use] for use in Use}

    @property
    def not_converted(self) -> tuple[Number, ...]:
        """The numbers that are nothing else; withheld ones are not among them."""
        return tuple(number for number in self.numbers if number.use is Use.NOT_CONVERTED)


def coverage(document: Document, conversion: Conversion) -> Coverage:
    """What became of the numbers of a document that gave a conversion.

    A number is an observation, a code or label (of a table, a title, a year), text that is published as such, withheld,
    or not converted. In running text a number that is followed by a unit and is no observation is not converted.
    Numbers that are withheld come without their digits.
    """
    found: list[Number] = []
    for grid, table in zip(document.grids, conversion.claims.tables, strict=True):
        found += _of_table(grid, table)
    headings = {block.locator for grid in document.grids for block in grid.heading}
    for block in document.blocks:
        found += _of_block(block, block.locator in headings, conversion)
    return Coverage(tuple(found))


def _numbers(text: str) -> Iterator[re.Match[str]]:
    return _NUMBER.finditer(narrow(text))


def _words(text: str, match: re.Match[str]) -> str:
    """The words around a number, on one line."""
    return " ".join(text[max(0, match.start() - _SHOWN) : match.end() + _SHOWN].split())


def _of_table(grid: Grid, table: Table) -> Iterator[Number]:
    uses = _cell_uses(table)
    for cell in grid.cells:
        use = uses.get(cell.locator, Use.NOT_CONVERTED)
        for match in _numbers(cell.text):
            yield _number(cell.text, match, use, cell.locator, table.name)


def _cell_uses(table: Table) -> Mapping[Locator, Use]:
    """What the cells of a table were taken for, by their places; the strongest use last."""
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


def _of_block(block: Block, is_heading: bool, conversion: Conversion) -> Iterator[Number]:
    """The numbers of a line of text: those that an observation prints there, and what the others are."""
    claimed = _claimed(block.locator, conversion)
    private = any(i.key == _CONTACT_ISSUE and i.locator == block.locator for i in conversion.issues)
    masked = _masked_text(block, conversion)
    for match in _numbers(block.text):
        if claimed[match[0]]:
            claimed[match[0]] -= 1
            use = Use.OBSERVATION
        elif private or match[0] not in masked:
            use = Use.WITHHELD
        elif is_heading:
            use = Use.LABEL
        elif _has_unit(block.text[match.end() :], conversion) and not _is_explained(block, conversion):
            use = Use.NOT_CONVERTED
        else:
            use = Use.TEXT
        yield _number(block.text, match, use, block.locator, None)


def _claimed(place: Locator, conversion: Conversion) -> Counter[str]:
    """The digits of the figures that observations print at a place of the running text, and how often."""
    printed = {(o.table, o.row, o.ordinal): o.printed for o in conversion.observations if o.locator == place}
    return Counter(match[0] for text in printed.values() for match in _numbers(text))


def _masked_text(block: Block, conversion: Conversion) -> str:
    blocks: Iterable[Block] = (other for document in conversion.documents for other in document.blocks)
    return narrow(next((other.text for other in blocks if other.locator == block.locator), block.text))


def _has_unit(rest: str, conversion: Conversion) -> bool:
    following = "".join(rest[:_SHOWN].split())
    return any(following.startswith(unit) for unit in conversion.vocabulary.units)


def _is_explained(block: Block, conversion: Conversion) -> bool:
    """Whether the line is part of an explanation, whose text is published whole."""
    line = "".join(block.text.split())
    entries = conversion.claims.narrative.explanations
    return any(line.find("".join(entry.text.split())[:_SHOWN]) >= 0 for entry in entries)
