"""Documents to observations to quads."""

from converters.conversion import Conversion, convert_document, convert_file
from converters.document import Document, DocumentError, Issue, Locator
from converters.observations import Observation, Table
from converters.readers import read_document
from converters.records import COLUMNS, conversion_to_records, records_to_csv
from converters.snapshot import conversion_to_snapshot

__all__ = [
    "COLUMNS",
    "Conversion",
    "Document",
    "DocumentError",
    "Issue",
    "Locator",
    "Observation",
    "Table",
    "conversion_to_records",
    "conversion_to_snapshot",
    "convert_document",
    "convert_file",
    "read_document",
    "records_to_csv",
]
