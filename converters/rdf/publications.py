"""Address and date at which a government published a file, as stated by the user."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Publication:
    """The address of a file on the government's site, and the date on which it was published there.

    `made` says that no government published it: it was made up, for a demonstration or a test.

    Raise ValueError for an address that is no URL of the web, or a date that is not written as 2024-02-05.
    """

    source: str | None = None
    issued: str | None = None
    made: bool = False

    def __post_init__(self) -> None:
        if self.source is not None:
            if not self.source.startswith(("http://", "https://")):
                raise ValueError(self.source)
            ox.NamedNode(self.source)
        if self.issued is not None and date.fromisoformat(self.issued).isoformat() != self.issued:
            raise ValueError(self.issued)


@dataclass(frozen=True, slots=True)
class Publications:
    """The publications of files, by path or name; `of_all` is the publication of files not listed."""

    by_file: Mapping[str, Publication] = field(default_factory=dict)
    of_all: Publication = Publication()

    def of(self, file: Path) -> Publication:
        """Return what is stated of a file."""
        return self.by_file.get(str(file)) or self.by_file.get(file.name) or self.of_all


NONE_STATED = Publications()


def parse_publications(lines: Iterable[str]) -> Publications:
    """Return the publications that a CSV with the columns `file`, `source` and `issued` states.

    Raise ValueError with the number of the line if `file` or `source` is missing or a value cannot be used.
    """
    rows = csv.DictReader(lines)
    if rows.fieldnames is None or not {"file", "source"} <= set(rows.fieldnames):
        raise ValueError("1")
    found = {}
    for row in rows:
        try:
            found[row["file"]] = Publication(row["source"] or None, row.get("issued") or None)
        except ValueError as error:
            raise ValueError(str(rows.line_num)) from error
    return Publications(found)
