"""Tables and regions of a document that print figures and were not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from converters.conversion import Conversion
from converters.model.amounts import parse_amount
from converters.model.document import UNREAD_PARTS, Document, Issue, TextBlock
from converters.model.observation import Table
from converters.outline.lone_titles import find_lone_titles
from converters.recognition.captions import declares_empty
from converters.recognition.personal_data import WITHHELD
from ontology.locators import Locator
from ontology.text import narrow
from ontology.vocabulary import Vocabulary

_DIGIT = re.compile(r"\d")
_PRINTED_SUM = re.compile(r"[-+(]?(?:\d{1,3}(?:,\d{3})+|\d{3,}|\d+\.\d+)(?:\.\d+)?\)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SENTENCE_MARKS = frozenset("，。；：;")
_EMPTY_REACH = 8
_LEAST_IN_LINE, _LEAST_IN_REGION = 2, 4
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class UnreadRegion:
    """A table or region whose figures were not checked: why, where, and how many figures, None where not known."""

    issue: Issue
    figures: int | None

    @property
    def locator(self) -> Locator:
        """The place of the region."""
        return self.issue.locator

    def text(self, language: str) -> str:
        """Return the sentence that tells of the region."""
        return self.issue.text(language)


def find_unread(conversion: Conversion) -> tuple[UnreadRegion, ...]:
    """Return the tables and regions of a converted document with figures that were not read, in printed order.

    These are tables whose title is not known, figures of known tables that have no coordinates or no number that can
    be read, pages without text, titles of tables under which no table was found, and lines of figures outside tables.
    """
    regions = [region for table in conversion.content.tables for region in _of_table(table)]
    for document in conversion.documents:
        regions += (UnreadRegion(issue, None) for issue in document.issues if issue.key in UNREAD_PARTS)
        regions += _titles_without_table(document, conversion)
        regions += _lines_of_figures(document)
    return tuple(regions)


def _of_table(table: Table) -> Iterator[UnreadRegion]:
    unread = _unread_figures(table)
    if not unread:
        return
    key = "unread-figures" if table.kind is not None else "unread-table" if table.title else "untitled-table"
    place = table.title_locator if table.kind is None and table.title_locator != Locator() else unread[0]
    values = {"title": _name(table)[:_SHOWN], "number": table.number, "count": len(unread)}
    yield UnreadRegion(Issue(key, place, values), len(unread))


def _name(table: Table) -> str:
    """Return the title of a table, the texts of its first row if it has none."""
    return "".join(table.title.split()) or " ".join(
        "".join(cell.text.split()) for cell in table.grid.row(1) if cell.text.strip()
    )


def _unread_figures(table: Table) -> list[Locator]:
    claimed = {(o.row, o.column) for o in table.observations} | {(w.row, w.column) for w in table.worded}
    claimed |= table.labels | table.texts | {(e.row, e.column) for e in table.beyond if not _amount(e.printed)}
    counted = {col for col in range(1, table.grid.n_cols + 1) if _counts(table, col)}
    unreadable = {(o.row, o.column) for o in table.gaps if _DIGIT.search(o.printed)}
    return [
        cell.locator
        for cell in table.grid.cells
        if (cell.row, cell.col) in unreadable
        or (
            cell.row not in table.grid.header
            and cell.col not in counted
            and (cell.row, cell.col) not in claimed
            and WITHHELD not in cell.flags
            and parse_amount(cell.text)
            and not (cell.col == 1 and cell.text.strip().isdigit())  # a code
        )
    ]


def _amount(text: str) -> Decimal:
    amount = parse_amount(text)
    return amount.value if amount else Decimal(0)


def _counts(table: Table, column: int) -> bool:
    """Whether a column only counts the rows: 1, 2, 3."""
    amounts = [parse_amount(table.grid.text(row, column)) for row in table.grid.body]
    values = [amount.value for amount in amounts if amount is not None]
    return len(values) > 1 and values[0] == 1 and all(after - before == 1 for before, after in pairwise(values))


def _titles_without_table(document: Document, conversion: Conversion) -> Iterator[UnreadRegion]:
    """Yield the lines that are the title of a table, with a unit below, where no table of the kind was read."""
    vocabulary = conversion.vocabulary
    kinds = {table.kind for table in conversion.content.tables}
    headings = {block.locator for table in conversion.content.tables for block in table.grid.heading}
    for index in find_lone_titles(document, kinds, headings, vocabulary):
        block = document.blocks[index]
        if not _declares_empty(document.blocks[index : index + _EMPTY_REACH], vocabulary):
            title = "".join(block.text.split())[:_SHOWN]
            yield UnreadRegion(Issue("unread-title", block.locator, {"title": title}), None)


def _declares_empty(blocks: Sequence[TextBlock], vocabulary: Vocabulary) -> bool:
    return any(declares_empty(block.text, vocabulary) for block in blocks)


def _lines_of_figures(document: Document) -> Iterator[UnreadRegion]:
    """Yield the runs of lines that print several figures side by side outside any table."""
    run: list[TextBlock] = []
    count = 0
    for block in (*document.blocks, None):
        found = 0 if block is None else _figures_side_by_side(block.text)
        if block is not None and found >= _LEAST_IN_LINE:
            run.append(block)
            count += found
        elif run and (block is None or len(block.text) > _SHOWN):
            if count >= _LEAST_IN_REGION:
                values = {"text": " ".join(run[0].text.split())[:_SHOWN], "count": count}
                yield UnreadRegion(Issue("unread-lines", run[0].locator, values), count)
            run, count = [], 0


def _figures_side_by_side(text: str) -> int:
    """Return how many of the words of a line are figures, 0 in a sentence and where most words are none."""
    words = narrow(text).split()
    if _SENTENCE_MARKS.intersection(text):
        return 0
    words = words[1:] if words and words[0].isdigit() else words  # a code
    figures = sum(1 for word in words if _PRINTED_SUM.fullmatch(word) and not _YEAR.fullmatch(word))
    return figures if 2 * figures >= len(words) else 0
