"""What became of the numbers of a document, as JSON: for a user's own eyes, or for everybody's."""

from __future__ import annotations

import re
from typing import Any

from converters.reports.coverage import Coverage, Number, TableCoverage, Use

_MAY_BE_PRIVATE = re.compile(r"\d{7,}")


def coverage_to_json(found: Coverage, *, public: bool = False) -> dict[str, Any]:
    """`{"counts": {use: n}, "tables": [...], "notConverted": [{"table", "text", "words", "page", "place"}]}`.

    A table is `{"name", "number", "title", "kind", "rows", "figures", "converted", "confirmed"}`, its kind a key or
    null. For the `public` the words of tables that nobody recognised are left out, and digits as long as a telephone
    number: they have not been looked through for private data.
    """
    unchecked = {table.name for table in found.tables if public and table.kind is None}
    return {
        "counts": {use.value: found.counts[use] for use in Use},
        "tables": [_table(table) for table in found.tables],
        "notConverted": [_number(number, number.table in unchecked) for number in found.not_converted],
    }


def _table(table: TableCoverage) -> dict[str, Any]:
    return {
        "name": table.name,
        "number": table.number,
        "title": table.title,
        "kind": table.kind,
        "rows": table.rows,
        "figures": table.figures,
        "converted": table.converted,
        "confirmed": table.confirmed,
    }


def _number(number: Number, unchecked: bool) -> dict[str, Any]:
    hidden = unchecked and _MAY_BE_PRIVATE.search(number.text)
    return {
        "table": number.table,
        "text": "" if hidden else number.text,
        "words": "" if unchecked else number.words,
        "page": number.locator.page,
        "place": str(number.locator),
    }
