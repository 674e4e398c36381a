"""Converters: a document is read, its tables and text become observations, and these are written as RDF."""

from converters.conversion import Conversion
from converters.entities.disclosure_context import StatedFacts
from converters.model.document import Document, DocumentError, Issue, document_errors
from converters.model.observation import Observation, Table
from converters.multi_file import join_documents
from converters.pipeline import convert_document, convert_file
from converters.readers import read_document
from converters.reports.coverage import Coverage, Number, Use, coverage
from converters.reports.fact_rows import conversion_to_fact_rows
from converters.reports.observation_rows import COLUMNS, conversion_to_records, records_to_csv
from converters.reports.snapshot import conversion_to_snapshot
from converters.reports.unread import UnreadRegion, find_unread
from ontology.locators import Locator

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
    "StatedFacts",
    "Table",
    "UnreadRegion",
    "Use",
    "conversion_to_fact_rows",
    "conversion_to_records",
    "conversion_to_snapshot",
    "convert_document",
    "convert_file",
    "coverage",
    "document_errors",
    "find_unread",
    "join_documents",
    "read_document",
    "records_to_csv",
]
