"""A converted document as it was printed, for showing its tables beside its graph."""

from __future__ import annotations

import json

from converters.conversion import Conversion
from converters.model.iris import Iris
from converters.model.observation import Observation
from converters.reports.coverage import Coverage
from converters.reports.coverage_json import coverage_to_json
from converters.reports.unread import find_unread


def conversion_to_snapshot(conversion: Conversion, coverage: Coverage | None = None) -> bytes:
    """UTF-8 JSON of the recognised tables as printed and of what was not taken.

    `{"title", "organisation", "year", "phase", "files", "tables": [{"name", "number", "title", "kind", "unit",
    "form", "headerRows", "rows", "columns", "notes", "cells": [{"row", "column", "rowspan", "colspan", "text", "label",
    "flags", "observation"}]}], "narrative": [{"name", "heading", "text", "place", "figures": [{"start", "end",
    "observations"}]}], "glossary": [{"name", "text", "concept"}], "issues": [{"key", "zh", "en", "place"}],
    "unread": [{"zh", "en", "place", "figures"}],
    "coverage": …}`, the last as in `coverage_to_json` and only where it is given.
    Observations and concepts are keys, IRIs without the base; figures stand in the text of their sentence from `start`
    to before `end`.
    A cell is a label if it holds words for others; among its flags are `withheld` (masked) and the names of repairs.
    Tables that were not recognised are named among the issues and not shown, since nobody has checked them for
    private data.
    """
    iris = conversion.iris
    tables = []
    for table in conversion.claims.tables:
        if table.kind is None:
            continue
        taken = {(o.row, o.column): iris.observation(o.table, o.row, o.column) for o in table.observations}
        tables.append(
            {
                "name": table.name,
                "number": table.number,
                "title": table.title,
                "kind": table.kind,
                "unit": table.unit,
                "form": conversion.vocabulary.table_kinds[table.kind].form_class is not None,
                "headerRows": table.grid.header_rows,
                "rows": table.grid.n_rows,
                "columns": table.grid.n_cols,
                "notes": [
                    {"text": o.printed, "observation": taken[o.row, o.column]}
                    for o in table.observations
                    if o.row > table.grid.n_rows
                ],
                "cells": [
                    {
                        "row": cell.row,
                        "column": cell.col,
                        "rowspan": cell.rowspan,
                        "colspan": cell.colspan,
                        "text": cell.text,
                        "label": (cell.row, cell.col) in table.labels,
                        "flags": sorted(cell.flags),
                        "observation": taken.get((cell.row, cell.col)),
                    }
                    for cell in table.grid.cells
                ],
            }
        )
    issues = [
        {"key": i.key, "zh": i.text("zh"), "en": i.text("en"), "place": str(i.locator)} for i in conversion.issues
    ]
    document = {
        "title": conversion.title,
        "organisation": conversion.organisation_name,
        "year": conversion.claims.year,
        "phase": conversion.claims.phase,
        "files": [document.source.name for document in conversion.documents],
        "tables": tables,
        "narrative": [
            {
                "name": f"s{sentence.number:03d}",
                "heading": sentence.heading,
                "text": sentence.text,
                "place": str(sentence.locator),
                "figures": [
                    {"start": start, "end": end, "observations": [_address(o, iris) for o in claims]}
                    for start, end, claims in sentence.figures
                ],
            }
            for sentence in conversion.claims.narrative.sentences
        ],
        "glossary": [
            {"name": entry.name, "text": entry.text, "concept": entry.concept}
            for entry in conversion.claims.narrative.explanations
        ],
        "issues": issues,
        "unread": [
            {"zh": region.text("zh"), "en": region.text("en"), "place": str(region.locator), "figures": region.figures}
            for region in find_unread(conversion)
        ],
    }
    if coverage is not None:
        document["coverage"] = coverage_to_json(coverage, public=True)
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _address(o: Observation, iris: Iris) -> str:
    return iris.observation(o.table, o.row, o.column, o.ordinal)
