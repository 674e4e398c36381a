"""The coverage of a document as pages show it, read from its snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from converters.reports.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class TableCoverageView:
    """The coverage of a table: its kind, None if unrecognised, and counts as in `converters.reports.coverage`."""

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
    """A number that was not converted. Digits and words are empty where they may hold personal data."""

    table: str | None
    text: str
    words: str
    page: int | None
    place: str


@dataclass(frozen=True, slots=True)
class CoverageView:
    """The coverage of a document; `counts` by use, in the order of `converters.reports.coverage.Use`."""

    counts: Mapping[str, int]
    tables: tuple[TableCoverageView, ...]
    not_converted: tuple[UnconvertedNumber, ...]

    @property
    def total(self) -> TableCoverageView:
        """The sums over all tables."""
        sums = (sum(getattr(t, name) for t in self.tables) for name in ("rows", "figures", "converted", "confirmed"))
        return TableCoverageView("", "", "", None, *sums)


def snapshot_to_coverage(snapshot: Snapshot, base: str) -> CoverageView | None:
    """Return the coverage in a snapshot, None if it has none."""
    found = snapshot.coverage
    if found is None:
        return None
    tables = tuple(
        TableCoverageView(
            anchor=table.name,
            number=table.number,
            title=table.title,
            kind=base + table.kind if table.kind else None,
            rows=table.rows,
            figures=table.figures,
            converted=table.converted,
            confirmed=table.confirmed,
        )
        for table in found.tables
    )
    numbers = {table.anchor: table.number for table in tables}
    not_converted = tuple(
        UnconvertedNumber(numbers.get(n.table or ""), n.text, n.words, n.page, n.place) for n in found.not_converted
    )
    return CoverageView(found.counts, tables, not_converted)
