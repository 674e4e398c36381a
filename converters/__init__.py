"""Documents to observations to quads."""

from converters.conversion import Conversion, convert_document, convert_file
from converters.coverage import Coverage, Number, Use, coverage
from converters.document import Document, DocumentError, Issue, Locator
from converters.halves import join_documents
from converters.observations import Observation, Table
from converters.readers import read_document
from converters.records import COLUMNS, conversion_to_records, records_to_csv
from converters.snapshot import conversion_to_snapshot

__all__ = [
    "COLUMNS",
    "Conversion",
    "Coverage",
    "Document",
    "DocumentError",
    "Issue",
    "Locator",
    "Number",
    "Observation",
    "Table",
    "Use",
    "conversion_to_records",
    "conversion_to_snapshot",
    "convert_document",
    "convert_file",
    "coverage",
    "join_documents",
    "read_document",
    "records_to_csv",
]
