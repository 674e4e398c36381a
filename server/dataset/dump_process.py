"""The task of a process that writes a download from one generation of a store to standard output.

A separate process occupies neither a worker nor the web process. Memory use is constant: statements are streamed,
figures one version at a time.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

from ontology.example_queries import load_prefixes
from ontology.tabular.croissant import tables_to_croissant
from ontology.tabular.csvw import table_to_csvw
from ontology.tabular.data_package import FileDigest, tables_to_data_package
from ontology.tabular.published_columns import DATA_TABLES, DECIMAL, INTEGER, STRING, DataColumn, DataTable, Value
from server.dataset.published_rows import data_rows, select_from
from server.exports.hashing_output import HashingOutput
from server.exports.parquet_table import write_parquet_table
from server.exports.table_files import TABLE_WRITERS
from server.sparql.query_templates import fill_query
from server.sparql.syntax import selected_variables
from server.store.current_graphs import CATALOGUE, FINDINGS
from server.store.published_store import PublishedStore, open_generation

DumpWriter = Callable[[PublishedStore, str, str | None, BinaryIO], None]
"""Writes a download: of a version, or of all current data for None, whose IRIs begin with a base."""

DATA_PACKAGE, CROISSANT = "datapackage.json", "croissant.json"
_FIGURE_TYPES = {"amount": DECIMAL, "precision": DECIMAL, "year": INTEGER}
_READERS: dict[str, Callable[[str], Value]] = {STRING: str, DECIMAL: Decimal, INTEGER: int}


def run(folder: str, base: str, form: str, version: str) -> None:
    """Write a download in `form` to standard output: the version with that IRI, or all current data if empty."""
    WRITERS[form](open_generation(Path(folder)), base, version or None, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def write_quads(store: PublishedStore, base: str, version: str | None, output: BinaryIO) -> None:
    """Write the named graphs of a version with its findings, or all graphs of the current data, as N-Quads."""
    if version is not None:
        graphs = [version, version + CATALOGUE, version + FINDINGS]
    else:
        current = (graph for iri in current_versions(store, base) for graph in (iri, iri + CATALOGUE))
        graphs = [base + "def", *current]
    serialize(quads_of(store, graphs), output, RdfFormat.N_QUADS)


def write_triples(form: RdfFormat) -> DumpWriter:
    """Return a writer of the graph of a version, or of the default graph, each statement once."""

    def write(store: PublishedStore, base: str, version: str | None, output: BinaryIO) -> None:
        graph = DefaultGraph() if version is None else NamedNode(version)
        triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
        serialize(triples, output, form, prefixes=dict(load_prefixes(base)) if form == RdfFormat.TURTLE else None)

    return write


def write_csv(store: PublishedStore, base: str, version: str | None, output: BinaryIO) -> None:
    """Write a row for each figure under one header."""
    output.write(f"{','.join(figure_columns(base))}\r\n".encode())
    for table in figure_tables(store, base, version):
        output.write(table.partition(b"\n")[2])


def write_parquet(store: PublishedStore, base: str, version: str | None, output: BinaryIO) -> None:
    """Write a row for each figure as Parquet, amounts as exact decimals."""
    columns = [DataColumn(name, _FIGURE_TYPES.get(name, STRING)) for name in figure_columns(base)]
    write_parquet_table(columns, figure_rows(store, base, version), output)


def current_versions(store: PublishedStore, base: str) -> list[str]:
    """Return the current versions."""
    solutions = store.query(fill_query("which_versions_are_current"), base_iri=base)
    assert isinstance(solutions, QuerySolutions)
    return [row["version"].value for row in solutions if isinstance(row["version"], NamedNode)]


def figure_tables(store: PublishedStore, base: str, version: str | None) -> Iterator[bytes]:
    """Yield the figures of one version, or of each current version, as CSV with a header."""
    query = fill_query("which_figures_does_a_version_print")
    for iri in [version] if version else current_versions(store, base):
        solutions = store.query(query, base_iri=base, default_graph=[NamedNode(iri)])
        assert isinstance(solutions, QuerySolutions)
        yield solutions.serialize(format=QueryResultsFormat.CSV) or b""


def figure_columns(base: str) -> list[str]:
    """Return the columns of the figures, even if there are no figures."""
    return selected_variables(fill_query("which_figures_does_a_version_print"), base)


def figure_rows(store: PublishedStore, base: str, version: str | None) -> Iterator[dict[str, Value]]:
    """Yield the figures of `figure_tables` as typed rows."""
    for table in figure_tables(store, base, version):
        for row in csv.DictReader(io.StringIO(table.decode(), newline="")):
            yield {
                name: _READERS[_FIGURE_TYPES.get(name, STRING)](text) if text else None for name, text in row.items()
            }


def quads_of(store: PublishedStore, graphs: Iterable[str]) -> Iterator[Quad]:
    """Yield the quads of named graphs, graph by graph."""
    for graph in graphs:
        yield from store.quads_for_pattern(None, None, None, NamedNode(graph))


def write_data_table(table: DataTable, form: str) -> DumpWriter:
    """Return a writer of facts, claims or findings in a format of `TABLE_WRITERS`."""

    def write(store: PublishedStore, base: str, version: str | None, output: BinaryIO) -> None:
        select = select_from(store, base)
        versions = [version] if version else current_versions(store, base)
        rows = (row for iri in versions for row in data_rows(table, select, base, iri))
        TABLE_WRITERS[form](table, rows, output)

    return write


def write_csvw(table: DataTable) -> DumpWriter:
    """Return a writer of the description of a table in CSVW."""

    def write(_store: PublishedStore, _base: str, _version: str | None, output: BinaryIO) -> None:
        _write_json(table_to_csvw(table, f"{table.name}.csv"), output)

    return write


def write_data_package(store: PublishedStore, base: str, version: str | None, output: BinaryIO) -> None:
    """Write the description of the tables as a Frictionless data package."""
    write_description(DATA_PACKAGE, csv_digests(store, base, version), output)


def write_croissant(store: PublishedStore, base: str, version: str | None, output: BinaryIO) -> None:
    """Write the description of the tables in Croissant."""
    write_description(CROISSANT, csv_digests(store, base, version), output)


def write_description(name: str, digests: Mapping[str, FileDigest], output: BinaryIO) -> None:
    """Write `DATA_PACKAGE` or `CROISSANT` for CSV files with these sizes and checksums, by the name of the table."""
    describe = {DATA_PACKAGE: tables_to_data_package, CROISSANT: tables_to_croissant}[name]
    _write_json(describe(digests), output)


def csv_digests(store: PublishedStore, base: str, version: str | None) -> dict[str, FileDigest]:
    """Return the sizes and checksums of the CSV files of the tables."""
    return {name: file_digest(f"{name}.csv", store, base, version) for name in DATA_TABLES}


def file_digest(form: str, store: PublishedStore, base: str, version: str | None) -> FileDigest:
    """Return the size and checksum of a download."""
    output = HashingOutput()
    with io.BufferedWriter(output) as buffered:
        WRITERS[form](store, base, version, buffered)
        buffered.flush()
        return output.digest()


def _write_json(content: object, output: BinaryIO) -> None:
    output.write(json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")


WRITERS: dict[str, DumpWriter] = {
    "nq": write_quads,
    "nt": write_triples(RdfFormat.N_TRIPLES),
    "ttl": write_triples(RdfFormat.TURTLE),
    "csv": write_csv,
    "parquet": write_parquet,
    **{f"{name}.{form}": write_data_table(DATA_TABLES[name], form) for name in DATA_TABLES for form in TABLE_WRITERS},
    **{f"{name}.csv-metadata.json": write_csvw(table) for name, table in DATA_TABLES.items()},
    DATA_PACKAGE: write_data_package,
    CROISSANT: write_croissant,
}
