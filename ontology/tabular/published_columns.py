"""Facts, claims and findings as tables: their columns, types and keys, the same in every format.

The words of tables and columns are the messages `data-table-NAME` and `data-column-NAME`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ontology.messages import load_messages, message

Value = str | bool | int | Decimal | None
"""A value of a row; None where there is nothing to say."""
Row = Mapping[str, Value]

STRING, BOOLEAN, INTEGER, DECIMAL = "string", "boolean", "integer", "decimal"
CURRENCY = "CNY"
"""The currency of all amounts of money, by ISO 4217."""
# fmt: off
DIMENSIONS = (
    "flow", "vintage", "fund", "function", "economic", "kind", "project", "scope", "supplier", "line", "period",
)
# fmt: on
"""The dimensions that have four columns each in the table of facts: key, name in Chinese and in English, depth."""
_SUFFIXES = ("_depth", "_name_en", "_name")


@dataclass(frozen=True, slots=True)
class DataColumn:
    """A column and the type of its values: `string`, `boolean`, `integer` or `decimal`."""

    name: str
    type: str = STRING

    def description(self, language: str) -> str:
        """Return what the values mean, in `zh` or `en`."""
        if ("data-column-" + self.name, language) in load_messages():
            return message("data-column-" + self.name, language)
        suffix = next(s for s in _SUFFIXES if self.name.endswith(s))
        key = "data-column-any" + suffix.replace("_", "-")
        return message(key, language, of=self.name.removesuffix(suffix))


@dataclass(frozen=True)
class DataTable:
    """A table of data; `key` is the column that identifies a row."""

    name: str
    key: str
    columns: tuple[DataColumn, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def title(self, language: str) -> str:
        """Return the title of the table, in `zh` or `en`."""
        return message(f"data-table-{self.name}", language)

    def description(self, language: str) -> str:
        """Return what a row is, in `zh` or `en`."""
        return message(f"data-table-{self.name}-row", language)


def _columns(names: Sequence[str]) -> tuple[DataColumn, ...]:
    return tuple(DataColumn(name, _TYPES.get(name, STRING)) for name in names)


_TYPES = {
    **dict.fromkeys(("own", "quoted", "adds", "agree"), BOOLEAN),
    **dict.fromkeys(("year", "claims", "page", *(f"{name}_depth" for name in DIMENSIONS)), INTEGER),
    **dict.fromkeys(("amount", "precision", "difference"), DECIMAL),
}

FACTS = DataTable(
    "facts",
    "fact",
    _columns(
        (
            *("fact", "disclosure", "division", "organisation", "organisation_name", "organisation_name_en"),
            *("level", "own", "year", "phase", "quoted", "basis", "breakdown", "adds", "fund_only", "source"),
            *(f"{name}{suffix}" for name in DIMENSIONS for suffix in ("", "_name", "_name_en", "_depth")),
            *("measure", "amount", "currency", "precision", "claims", "agree", "page", "place", "file"),
        )
    ),
)
"""Facts: each amount of money once. Amounts and their precision are in yuan."""

CLAIMS = DataTable(
    "claims",
    "claim",
    _columns(
        (
            *("claim", "fact", "disclosure", "division", "organisation", "table", "row_code", "row_label", "column"),
            *("year", "phase", *DIMENSIONS, "measure", "amount", "printed", "unit", "precision"),
            *("page", "place", "file"),
        )
    ),
)
"""Claims: each printed figure, with its own coordinates."""

FINDINGS = DataTable(
    "findings",
    "finding",
    _columns(
        (
            *("finding", "disclosure", "division", "organisation", "year", "phase", "rule", "severity", "message_zh"),
            *("message_en", "difference", "focus", "follows"),
        )
    ),
)
"""Findings: each result of a rule, in the order of the report."""

DATA_TABLES = {table.name: table for table in (FACTS, CLAIMS, FINDINGS)}
DESCRIPTIONS = (*(f"{name}.csv-metadata.json" for name in DATA_TABLES), "datapackage.json", "croissant.json")
"""The files that describe the tables for machines: CSVW, Frictionless, Croissant."""


def short_key(key: str) -> str:
    """Return what tells a concept or an organisation from others of its dimension.

    >>> short_key("code/function/2010101"), short_key("id/org/420107/108")
    ('2010101', '420107/108')
    """
    return key.split("/", 2)[-1]
