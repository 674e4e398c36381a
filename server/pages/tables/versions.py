"""The versions of a disclosure, their differences and their coverage as tables of data."""

from __future__ import annotations

from collections.abc import Iterator

from ontology.tabular.published_columns import DECIMAL, INTEGER, DataColumn, DataTable, Row
from server.pages.disclosure.coverage_view import CoverageView
from server.versions.history import History, Revision

_COUNTS = ("rows", "figures", "converted", "confirmed")
HISTORY = DataTable(
    "versions", "version", tuple(map(DataColumn, ("version", "generated", "converter", "cause", "file")))
)
DIFFERENCES = DataTable(
    "differences",
    "claim",
    (
        *map(DataColumn, ("change", "before", "claim", "table", "row_code", "row_label", "column")),
        *map(DataColumn, ("printed_before", "printed")),
        DataColumn("difference", DECIMAL),
    ),
)
COVERAGE = DataTable(
    "coverage",
    "table",
    (*map(DataColumn, ("table", "title", "recognised_as")), *(DataColumn(name, INTEGER) for name in _COUNTS)),
)


def history_to_rows(history: History) -> Iterator[Row]:
    """Yield a row for each version, the newest first, with the cause of the change before it."""
    causes = {newer.iri: cause for _, newer, cause in history.steps}
    for version in reversed(history.versions):
        yield {
            "version": version.iri,
            "generated": version.generated or None,
            "converter": version.converter or None,
            "cause": causes.get(version.iri),
            "file": "; ".join(file.name for file in version.files) or None,
        }


def revision_to_rows(revision: Revision) -> Iterator[Row]:
    """Yield a row for each figure that differs between two versions, in the order of the document."""
    for change in revision.comparison.changes:
        figure = change.figure
        yield {
            "change": change.kind,
            "before": change.before.iri if change.before else None,
            "claim": change.after.iri if change.after else None,
            "table": figure.table_number or None,
            "row_code": figure.row_code or None,
            "row_label": figure.row_label or None,
            "column": figure.column_label or None,
            "printed_before": change.before.printed if change.before else None,
            "printed": change.after.printed if change.after else None,
            "difference": change.difference,
        }


def coverage_to_rows(coverage: CoverageView, base: str) -> Iterator[Row]:
    """Yield a row for each table of a document with the number of its figures and how many of them were converted."""
    for table in coverage.tables:
        yield {
            "table": table.number,
            "title": table.title,
            "recognised_as": table.kind.removeprefix(base) if table.kind else None,
            **{name: getattr(table, name) for name in _COUNTS},
        }
