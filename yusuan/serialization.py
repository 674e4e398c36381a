"""Conversions as files of RDF, of figures and of facts."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from converters import Conversion, conversion_to_fact_rows, conversion_to_records, records_to_csv
from converters.rdf.graph import write_rdf
from ontology.tabular.published_columns import FACTS
from server.exports.table_files import table_to_bytes
from server.reports.turtle_report import turtle_prefixes

_RDF_FORMATS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
}
OUTPUT_FORMATS = (*_RDF_FORMATS, ".csv")
FACTS_SUFFIX = ".facts"
"""The suffix before the extension of a table of facts: `.facts.csv`."""
FACT_FORMATS = (".csv", ".parquet", ".xlsx")


def conversions_to_bytes(conversions: Sequence[Conversion], suffix: str) -> bytes:
    """Serialise conversions in a format: one of OUTPUT_FORMATS, or for their facts `.facts` and one of FACT_FORMATS.

    Parquet needs PyArrow.
    """
    if suffix.startswith(FACTS_SUFFIX):
        form = suffix.removeprefix(FACTS_SUFFIX + ".")
        return table_to_bytes(FACTS, (row for c in conversions for row in conversion_to_fact_rows(c)), form)
    if suffix == ".csv":
        return records_to_csv(r for c in conversions for r in conversion_to_records(c)).encode()
    quads = [quad for conversion in conversions for quad in conversion.quads()]
    return write_rdf(quads, _RDF_FORMATS[suffix], turtle_prefixes(conversions[0].iris.base))
