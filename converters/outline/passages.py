"""Lines and cells whose words rules compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from converters.model.observation import Table
from converters.outline.denials import Denial
from converters.outline.printed_days import find_impossible_day
from converters.outline.slips import NO_SLIPS, Slips
from converters.outline.wording import Wording, find_details
from converters.recognition.personal_data import IDENTITY_NUMBER
from converters.recognition.table_recognition import RecognisedTable
from ontology.locators import Locator

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class PrintedPassage:
    """A line or a cell whose words rules compare.

    `table` is the name of the table that it stands in or below, None in running text; `note` is set for the note that
    says that a table is empty. `characters` is the length of what stands below a heading, or of the line itself.
    `none_of` is what the line says there is none of; `section_fund` is the fund that the heading above the line names
    where the line denies another. `slips` are mistakes of writing, `skipped` is the number left out
    before a heading. `misplaced_levels` are names of classes with the mark of another level. `missing` marks a line of
    the table of contents that is printed nowhere after it. `approved` and `published` are the days of the events that
    the line tells of. `personal` is set where the number of an identity card is printed, which is masked in `text`.
    `attached` are the words that say of a document without tables that these are in another file.
    """

    number: int
    text: str
    locator: Locator
    table: str | None = None
    note: bool = False
    topics: tuple[str, ...] = ()
    characters: int | None = None
    year: int | None = None
    funds: tuple[str, ...] = ()
    none_of: tuple[Denial, ...] = ()
    section_fund: str | None = None
    slips: Slips = NO_SLIPS
    skipped: str | None = None
    remnants: tuple[str, ...] = ()
    repeated: str | None = None
    misplaced_levels: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    missing: bool = False
    impossible_day: str | None = None
    approved: date | None = None
    published: date | None = None
    personal: bool = False
    attached: str | None = None


def cell_passages(
    recognised: Sequence[RecognisedTable], tables: Sequence[Table], wording: Wording
) -> Iterator[PrintedPassage]:
    """Yield the cells of recognised tables that rules of words compare.

    They print a day that does not exist, the number of an identity card, or a detail that a requirement asks for.
    """
    for found, table in zip(recognised, tables, strict=True):
        if found.kind is None:
            continue
        for cell in found.grid.cells:
            day = find_impossible_day(cell.text, wording)
            personal = IDENTITY_NUMBER in cell.flags
            details = find_details(cell.text, wording)
            if day or personal or details:
                text = quote(cell.text)
                length = len(text) if details else None
                yield PrintedPassage(
                    0,
                    text,
                    cell.locator,
                    table.name,
                    topics=details,
                    characters=length,
                    impossible_day=day,
                    personal=personal,
                )


def quote(text: str) -> str:
    """Return a line for quoting: on one line, shortened if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"
