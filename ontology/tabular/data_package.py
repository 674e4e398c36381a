"""Descriptions of tables as a Frictionless data package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ontology.messages import message
from ontology.tabular.published_columns import BOOLEAN, CLAIMS, DATA_TABLES, DECIMAL, FACTS, DataColumn, DataTable


@dataclass(frozen=True, slots=True)
class FileDigest:
    """The size of a file in bytes, and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


def tables_to_data_package(files: Mapping[str, FileDigest], language: str = "en") -> dict[str, Any]:
    """Return the data package of the CSV files of tables; `files` are their digests by the name of the table."""
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": "yusuan",
        "title": message("data-package", language),
        "description": message("data-package-row", language) + " " + message("data-package-rights", language),
        "resources": [_resource(DATA_TABLES[name], digest, language) for name, digest in files.items()],
    }


def _resource(table: DataTable, digest: FileDigest, language: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column, table, language) for column in table.columns],
        "primaryKey": [table.key],
        "missingValues": [""],
    }
    if table == CLAIMS:
        reference = {"resource": FACTS.name, "fields": [FACTS.key]}
        schema["foreignKeys"] = [{"fields": [FACTS.key], "reference": reference}]
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "title": table.title(language),
        "description": table.description(language),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": digest.size,
        "hash": f"sha256:{digest.sha256}",
        "schema": schema,
    }


def _field(column: DataColumn, table: DataTable, language: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": "number" if column.type == DECIMAL else column.type,
        "description": column.description(language),
    }
    if column.type == BOOLEAN:
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.name == table.key:
        field["constraints"] = {"required": True, "unique": True}
    return field
