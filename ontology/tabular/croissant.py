"""Descriptions of tables in Croissant 1.0, the metadata of data sets for machine learning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ontology.messages import message
from ontology.tabular.data_package import FileDigest
from ontology.tabular.published_columns import BOOLEAN, DATA_TABLES, DECIMAL, INTEGER, STRING, DataColumn, DataTable

CROISSANT = "http://mlcommons.org/croissant/"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": CROISSANT,
    "sc": "https://schema.org/",
    "dct": "http://purl.org/dc/terms/",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "key": "cr:key",
    "recordSet": "cr:recordSet",
    "source": "cr:source",
}
_TYPES = {STRING: "sc:Text", INTEGER: "sc:Integer", DECIMAL: "sc:Number", BOOLEAN: "sc:Boolean"}


def tables_to_croissant(files: Mapping[str, FileDigest], language: str = "en") -> dict[str, Any]:
    """Return the description of the CSV files of tables; `files` are their digests by the name of the table."""
    tables = {DATA_TABLES[name]: digest for name, digest in files.items()}
    return {
        "@context": _CONTEXT | {"@language": language},
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT + "1.0",
        "name": "yusuan",
        "alternateName": message("data-package", language),
        "description": message("data-package-row", language),
        "copyrightNotice": message("data-package-rights", language),
        "distribution": [_file(table, digest, language) for table, digest in tables.items()],
        "recordSet": [_record_set(table, language) for table in tables],
    }


def _file(table: DataTable, digest: FileDigest, language: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{table.name}.csv",
        "name": f"{table.name}.csv",
        "description": table.title(language),
        "contentUrl": f"{table.name}.csv",
        "contentSize": f"{digest.size} B",
        "encodingFormat": "text/csv",
        "sha256": digest.sha256,
    }


def _record_set(table: DataTable, language: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description(language),
        "key": {"@id": f"{table.name}/{table.key}"},
        "field": [_field(column, table, language) for column in table.columns],
    }


def _field(column: DataColumn, table: DataTable, language: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description(language),
        "dataType": _TYPES[column.type],
        "source": {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": column.name}},
    }
