"""The stages of a check, which the checking process announces before its result."""

import json
import sys
from dataclasses import dataclass
from typing import Any

from converters.reports.json_codec import from_json, to_json

READING, PLACING, CHECKING, DRAWING, WRITING = STAGES = ("reading", "placing", "checking", "drawing", "writing")
"""In their order: the file is read, figures are placed, rules are checked, pages are drawn, the result is written."""
MOST_FIRST, LONGEST_FIRST = 5, 600


@dataclass(frozen=True, slots=True)
class FirstFinding:
    """A finding that is announced before the result."""

    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """A stage that begins, with the first findings to correct once the rules are checked, and the number of all."""

    stage: str
    findings: tuple[FirstFinding, ...] = ()
    count: int = 0

    def to_data(self) -> Any:
        """Return the announcement as JSON data."""
        return to_json(self)


def parse_announcement(line: str) -> Announcement:
    """Return the announcement in a line; raises ValueError for anything else."""
    return from_json(Announcement, json.loads(line))


def announce(announcement: Announcement) -> None:
    """Write an announcement as a line to standard output; the result follows the line of the last stage."""
    sys.stdout.buffer.write(f"{json.dumps(announcement.to_data())}\n".encode())
    sys.stdout.buffer.flush()


def keep_silent(announcement: Announcement) -> None:
    """Announce nothing, for a caller that expects the result alone."""
