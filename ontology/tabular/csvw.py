"""Descriptions of tables as metadata of CSV on the Web (W3C CSVW)."""

from __future__ import annotations

from typing import Any

from ontology.messages import LANGUAGES
from ontology.tabular.published_columns import BOOLEAN, DECIMAL, INTEGER, STRING, DataColumn, DataTable

_TYPES: dict[str, Any] = {
    STRING: "string",
    INTEGER: "integer",
    DECIMAL: "decimal",
    BOOLEAN: {"base": "boolean", "format": "true|false"},
}


def table_to_csvw(table: DataTable, url: str) -> dict[str, Any]:
    """Return the metadata of a CSV file of a table at `url`, which may be relative to the metadata."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": [{"@value": table.title(language), "@language": language} for language in LANGUAGES],
        "dc:description": [{"@value": table.description(language), "@language": language} for language in LANGUAGES],
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n", "\n"]},
        "tableSchema": {"columns": [_column(column, table) for column in table.columns], "primaryKey": table.key},
    }


def _column(column: DataColumn, table: DataTable) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": [{"@value": column.description(language), "@language": language} for language in LANGUAGES],
        "datatype": _TYPES[column.type],
        "required": column.name == table.key,
    }
