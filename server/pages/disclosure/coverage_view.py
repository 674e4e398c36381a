"""What became of the numbers of a document, as its snapshot says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TableCoverageView:
    """A table: the class that it was taken for (None if for none), and counts as in `converters.reports.coverage`."""

    anchor: str
    number: str
    title: str
    kind: str | None
    rows: int
    figures: int
    converted: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class UnconvertedNumber:
    """A number that was not converted; without its digits or words where nobody has looked through these."""

    table: str | None
    text: str
    words: str
    page: int | None
    place: str


@dataclass(frozen=True, slots=True)
class CoverageView:
    """What became of the numbers; `counts` by use in the order of `converters.reports.coverage.Use`."""

    counts: Mapping[str, int]
    tables: tuple[TableCoverageView, ...]
    lost: tuple[UnconvertedNumber, ...]

    @property
    def total(self) -> TableCoverageView:
        """All tables together."""
        sums = (sum(getattr(t, name) for t in self.tables) for name in ("rows", "figures", "converted", "confirmed"))
        return TableCoverageView("", "", "", None, *sums)


def snapshot_to_coverage(snapshot: Mapping[str, Any], base: str) -> CoverageView | None:
    """The coverage that a snapshot holds (see `converters.reports.coverage_json`), None if it holds none."""
    found = snapshot.get("coverage")
    if not found:
        return None
    tables = tuple(
        TableCoverageView(
            anchor=table["name"],
            number=table["number"],
            title=table["title"],
            kind=base + table["kind"] if table["kind"] else None,
            rows=table["rows"],
            figures=table["figures"],
            converted=table["converted"],
            confirmed=table["confirmed"],
        )
        for table in found["tables"]
    )
    numbers = {table.anchor: table.number for table in tables}
    lost = tuple(
        UnconvertedNumber(numbers.get(n["table"]), n["text"], n["words"], n["page"], n["place"])
        for n in found["notConverted"]
    )
    return CoverageView(found["counts"], tables, lost)
