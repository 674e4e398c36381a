"""Printed figures as a table of data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ontology.tabular.published_columns import DECIMAL, INTEGER, DataColumn, DataTable, Row, Value, short_key
from server.pages.figures import FigureView

_TYPES = {"year": INTEGER, "amount": DECIMAL, "precision": DECIMAL}
_COLUMNS = (
    *("claim", "fact", "organisation", "organisation_name", "organisation_name_en", "year", "phase", "table"),
    *("row_code", "row_label", "column", "measure", "amount", "printed", "unit", "precision"),
)
FIGURES = DataTable("figures", "claim", tuple(DataColumn(name, _TYPES.get(name, "string")) for name in _COLUMNS))
"""The table of printed figures: one row each, amounts in yuan."""


def office_columns(organisation: str, names: Mapping[tuple[str, str], str], base: str) -> dict[str, Value]:
    """Return the columns that name an organisation, if there is one."""
    return {
        "organisation": short_key(organisation.removeprefix(base)) if organisation else None,
        "organisation_name": names.get((organisation, "zh")),
        "organisation_name_en": names.get((organisation, "en")),
    }


def figures_to_rows(figures: Iterable[FigureView], names: Mapping[tuple[str, str], str], base: str) -> Iterator[Row]:
    """Yield a row for each figure; `names` are names of organisations by IRI and language."""
    for figure in figures:
        yield {
            "claim": figure.iri,
            "fact": figure.point,
            **office_columns(figure.organisation, names, base),
            "year": int(figure.year) if figure.year else None,
            "phase": short_key(figure.phase.removeprefix(base)),
            "table": figure.table_number or None,
            "row_code": figure.row_code or None,
            "row_label": figure.row_label or None,
            "column": figure.column_label or None,
            "measure": figure.measure.rpartition("#")[2],
            "amount": figure.amount,
            "printed": figure.printed,
            "unit": short_key(figure.unit.removeprefix(base)) if figure.unit else None,
            "precision": figure.precision,
        }
