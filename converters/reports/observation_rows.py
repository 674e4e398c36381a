"""Observations as flat records: one row an observation, for CSV and data frames."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace

from converters.conversion import Conversion
from converters.model.iris import NARRATIVE, mint_coordinates
from ontology.numbers import decimal_to_text
from ontology.text import spreadsheet_safe

COLUMNS = (
    *("disclosure", "table", "row_code", "row_label", "column"),
    *("organisation", "year", "phase", "flow", "vintage", "fund", "function", "economic", "kind", "project"),
    *("scope", "supplier", "line", "period", "measure"),
    *("amount", "printed", "unit", "precision", "page", "place", "observation", "point", "coordinates"),
)
"""The columns, in order: codes and notations, `total` written out; the last three are IRIs."""


def conversion_to_records(conversion: Conversion) -> Iterator[dict[str, str]]:
    """A record for each observation, in printed order; its keys are COLUMNS, all values strings."""
    iris, vocabulary = conversion.iris, conversion.vocabulary
    numbers = {table.name: table.number for table in conversion.content.tables} | {NARRATIVE: NARRATIVE}
    points = {id(claim): point.key for point in conversion.content.points for claim in point.claims}
    disclosure = conversion.content.disclosure.removeprefix("id/disclosure/")
    for o in conversion.observations:
        point = points.get(id(o))
        notations = {
            d: c.removeprefix("def#") if d == "measure" else vocabulary.notation(c) for d, c in o.coordinates.items()
        }
        yield {
            "disclosure": disclosure,
            "table": numbers[o.table],
            "row_code": o.row_code or "",
            "row_label": o.row_label,
            "column": o.column_label,
            **notations,
            "amount": decimal_to_text(o.amount) if o.amount is not None else "",
            "printed": o.printed,
            "unit": vocabulary.notation(o.unit),
            "precision": decimal_to_text(o.precision),
            "page": str(o.locator.page or ""),
            "place": str(replace(o.locator, page=None)),
            "observation": iris.full(iris.observation(o.table, o.row, o.column, o.ordinal)),
            "point": iris.full(point) if point is not None else "",
            "coordinates": iris.full(mint_coordinates(o.coordinates)),
        }


def records_to_csv(records: Iterable[dict[str, str]]) -> str:
    """The records as CSV (RFC 4180) with a header line; text that could be taken for a formula is made safe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: spreadsheet_safe(text) for name, text in record.items()} for record in records)
    return out.getvalue()
