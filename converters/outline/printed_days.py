"""Days that a line prints: those that no calendar has, and those on which a budget was approved or published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from converters.outline.wording import Wording
from ontology.text import narrow

_CLAUSE = re.compile(r"[,，;；。\n]")


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """A day as printed; `day` is None if no calendar has it, `clause` is the part of the line that names it."""

    printed: str
    day: date | None
    clause: str


def find_days(text: str, wording: Wording) -> Iterator[PrintedDay]:
    """Yield the days that a text prints with year, month and day (`2024年2月30日`, `2024-02-30`)."""
    for clause in _CLAUSE.split(narrow(text)):
        for match in wording.days.finditer(clause):
            year, month, day = (next(g for g in (match[i], match[i + 3]) if g) for i in (1, 2, 3))
            if int(month) and int(day):  # a zero is what a line break leaves of a number
                yield PrintedDay(match[0].strip(), _calendar_day(int(year), int(month), int(day)), clause)


def find_impossible_day(text: str, wording: Wording) -> str | None:
    """Return the first day in a text that no calendar has, as printed; None if there is none."""
    return next((printed.printed for printed in find_days(text, wording) if printed.day is None), None)


def find_event(text: str, words: tuple[str, ...], wording: Wording) -> date | None:
    """Return the only day in a clause with one of some words (批复, 公开); None if there is none or several."""
    days = {p.day for p in find_days(text, wording) if p.day is not None and any(w in p.clause for w in words)}
    return days.pop() if len(days) == 1 else None


def find_approval(text: str, wording: Wording) -> date | None:
    """Return the only day of approval in a text that speaks of a budget; offices and projects are approved, too."""
    return find_event(text, wording.approved, wording) if any(word in text for word in wording.phases) else None


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
