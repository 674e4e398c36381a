"""Coverage as JSON, for the user or for publication (without text that may be private)."""

from __future__ import annotations

import re
from typing import Any

from converters.model.document import Issue
from converters.reports.coverage import Coverage, Number, TableCoverage, Use

_CLAIMED = "subject-not-known"
_MAY_BE_PRIVATE = re.compile(r"\d{7,}")


def coverage_to_json(found: Coverage, *, public: bool = False) -> dict[str, Any]:
    """Return `{"counts": {use: n}, "tables": [...], "notConverted": [...], "wordings": [...]}`.

    A table is `{"name", "number", "title", "kind", "rows", "figures", "converted", "confirmed"}`, its kind a key or
    null; a number not converted `{"table", "text", "words", "page", "place"}`; a wording of the text that is not known
    `{"figure", "words", "claimed", "page", "place"}`, where `claimed` tells whether the figure is an observation.

    `recognised` is added if numbers were read from scanned pages: how many.

    For the `public`, the words of tables that nobody recognised and digits as long as a telephone number are left out,
    since they have not been checked for private data, and so are the wordings.
    """
    unchecked = {table.name for table in found.tables if public and table.kind is None}
    return {
        "counts": {use.value: found.counts[use] for use in Use},
        **({"recognised": found.recognised} if found.recognised else {}),
        "tables": [_table(table) for table in found.tables],
        "notConverted": [_number(number, number.table in unchecked) for number in found.not_converted],
        **({} if public else {"wordings": [_wording(wording) for wording in found.wordings]}),
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


def _wording(wording: Issue) -> dict[str, Any]:
    return {
        "figure": wording.values["figure"],
        "words": wording.values["words"],
        "claimed": wording.key == _CLAIMED,
        "page": wording.locator.page,
        "place": str(wording.locator),
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
