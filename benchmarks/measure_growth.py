"""Measure how a store grows: `python -m benchmarks.measure_growth --store FOLDER --disclosures 100`.

The vocabulary is published, then made disclosures in one generation, then one more; the store is verified, its facts
are written as Parquet and renewed, comparisons are asked by SPARQL and from Parquet. Then the facts are copied for
other divisions, up to `--facts-of` disclosures, and the questions of `benchmarks/questions/` are asked of all by DuckDB
on one thread. `--without-facts` leaves out all that is about facts. Times are of the processor, with those of the
threads of the engine; making the disclosures is not counted. A store that is there already is taken as it is, without
the times of publishing it.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import click
import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyoxigraph import QuerySolutions, Store

import shapes
from benchmarks import corpus
from benchmarks.corpus import DEPARTMENTS, FIRST_YEAR, make_corpus, read_original
from benchmarks.serve_queries import write
from ontology import DEFAULT_BASE
from server.charts.pivot import PivotEntry
from server.facts.partition_files import FactPartitions
from server.facts.partitions import FILE, PartitionsRecord, generation_to_record, write_partitions
from server.facts.selection import select_facts
from server.pages.compare.request_parameters import CompareQuestion, parse_question
from server.pages.compare.slices import (
    comparison_to_queries,
    comparison_to_slices,
    facts_to_entries,
    rows_to_facts,
    slice_to_filter,
)
from server.sparql.query_templates import fill_query, nodes
from server.store.generation_store import GenerationStore, VersionGraphs
from server.store.maintenance.verification import verify_store
from yusuan.inputs import SHIPPED

QUESTIONS = Path(__file__).parent / "questions"
COMPARED = ("rows=organisation&columns=year", "rows=function&columns=year", "rows=function&columns=kind")
DIVISION = "420107"
FIRST_COPY = 500000
TIMES = 3

T = TypeVar("T")


@click.command()
@click.option("--store", required=True, type=click.Path(path_type=Path), help="Folder in which stores are kept.")
@click.option("--disclosures", default=100, show_default=True, help="Number of disclosures in the store.")
@click.option("--facts-of", default=0, show_default=True, help="Number of disclosures of which there are facts.")
@click.option("--without-facts", is_flag=True, help="Only publish, verify and tell the sizes.")
def main(store: Path, disclosures: int, facts_of: int, without_facts: bool) -> None:
    """Print sizes, and the seconds of the processor that each step takes."""
    folder, parts = GenerationStore(store / str(disclosures)), store / f"{disclosures}-parts"
    if not folder.generations.pointer.exists():
        measured("publish the vocabulary and the rules", lambda: publish(folder, iter(())))
        measure_sizes(folder)
        publish_corpus(folder, disclosures)
    measure_sizes(folder)
    if without_facts:
        publish_one_more(folder)
        verify(folder)
        return
    shutil.rmtree(parts, ignore_errors=True)
    first = write_facts(folder, parts / "1", None)
    publish_one_more(folder)
    second = write_facts(folder, parts / "2", first.folder)
    verify(folder)
    opened = Store.read_only(str(folder.current()))
    for address in COMPARED:
        compare(opened, second, address)
    if facts_of:
        copied = store / f"{facts_of}-facts"
        if not copied.exists():
            copy_facts(first.folder, copied, facts_of // disclosures)
        ask_duckdb(copied)
        compare_copied(opened, copied)


def publish_corpus(store: GenerationStore, number: int) -> None:
    """Publish made disclosures as one generation."""
    making = 0.0

    def timed() -> Iterator[VersionGraphs]:
        nonlocal making
        made = make_corpus(number, read_original())
        for _ in range(number):
            start = time.thread_time()
            version = next(made)
            making += time.thread_time() - start
            yield version

    start, clock = time.process_time(), time.perf_counter()
    publish(store, timed())
    seconds, clock = time.process_time() - start - making, time.perf_counter() - clock - making
    write(f"publish {number} disclosures: {seconds:.1f} s, {seconds / number:.2f} s each; {clock:.1f} s by the clock")


def publish_one_more(store: GenerationStore) -> None:
    """Publish the disclosure of an office of its own."""
    corpus.FIRST_DEPARTMENT += DEPARTMENTS  # those of the corpus are in the store
    versions = [*make_corpus(1, read_original())]
    measured("publish one more", lambda: publish(store, iter(versions)))


def publish(store: GenerationStore, versions: Iterator[VersionGraphs]) -> None:
    """Publish versions as `yusuan publish` does."""
    store.publish(versions, SHIPPED.triples(DEFAULT_BASE), shapes.load_rule_triples(DEFAULT_BASE))


def verify(store: GenerationStore) -> None:
    """Verify a store, without reading its statements again."""
    measured("verify the store, statements not read again", lambda: verify_store(store, full=False))


def measure_sizes(store: GenerationStore) -> None:
    """Print the statements and the bytes of a store."""
    opened = Store.read_only(str(store.current()))
    [current] = [int(row["n"]) for row in rows_of(opened, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")]
    database, documents = size_of(store.current()), size_of(store.path / "documents")
    write(
        f"statements: {current:,} current, {len(opened):,} in all; bytes: {database:,} and {documents:,} of documents"
    )


def write_facts(store: GenerationStore, folder: Path, previous: Path | None) -> FactPartitions:
    """Write the facts of a store as Parquet, with those that have not changed from a folder."""
    opened = Store.read_only(str(store.current()))
    record = generation_to_record(opened, store.current(), DEFAULT_BASE)
    what = "write the facts" if previous is None else "renew the facts after one more"
    number = measured(what, lambda: write_partitions(opened, record, folder, previous))
    write(f"facts: {number:,}, {size_of(folder):,} bytes of Parquet")
    return FactPartitions(folder, record)


def compare(store: Store, partitions: FactPartitions, address: str) -> None:
    """Ask a comparison by SPARQL and from Parquet."""
    question = asked(address)
    by_sparql = measured(f"{address} by SPARQL", lambda: entries_by_sparql(store, question), TIMES)
    by_parquet = measured(f"{address} from Parquet", lambda: entries_from_parquet(store, partitions, question), TIMES)
    if sorted(map(repr, by_sparql)) != sorted(map(repr, by_parquet)):
        raise click.ClickException(f"{address}: the answers differ")
    write(f"{address}: {len(by_sparql)} facts added")


def entries_by_sparql(store: Store, question: CompareQuestion) -> list[PivotEntry]:
    """Return what a comparison adds, as the engine finds it."""
    queries = comparison_to_queries(question, DEFAULT_BASE)
    found = [rows_to_facts([*map(dict, rows_of(store, query))]) for query in (queries.parts, queries.wholes) if query]
    return facts_to_entries(found[0], found[1] if len(found) > 1 else [], question, DEFAULT_BASE)[0]


def entries_from_parquet(store: Store, partitions: FactPartitions, question: CompareQuestion) -> list[PivotEntry]:
    """Return what a comparison adds, as the files have it."""
    slices = comparison_to_slices(question)
    codes = {}
    for axis, limit in {item for each in slices for item in each.limits.items()}:
        if limit is not None:
            start = f"{DEFAULT_BASE}code/{axis}/"
            concepts = [start + limit[0]]
            for _ in range(limit[1]):
                query = fill_query("what_stands_directly_below_these", things=nodes(concepts))
                concepts = [row["concept"] for row in rows_of(store, query)]
            codes[axis, limit[0], limit[1]] = [concept.removeprefix(start) for concept in concepts]
    found = [select_facts(partitions, slice_to_filter(question, each, codes)) for each in slices]
    return facts_to_entries(found[0], found[1] if len(found) > 1 else [], question, DEFAULT_BASE)[0]


def rows_of(store: Store, query: str) -> Iterator[dict[str, str]]:
    """Return the rows of a query, the values as text."""
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    for row in solutions:
        yield {variable.value: row[variable].value for variable in solutions.variables if row[variable] is not None}  # type: ignore[union-attr] # no triples


def copy_facts(folder: Path, copied: Path, times: int) -> None:
    """Copy facts for as many other divisions."""
    for part in sorted(folder.rglob(FILE)):
        table = pq.ParquetFile(part).read()
        for number in range(times):
            division = str(FIRST_COPY + number)
            columns = [
                pc.replace_substring(table[name], DIVISION, division)
                if name in ("disclosure", "organisation", "project")
                else table[name]
                for name in table.column_names
            ]
            file = copied / part.parent.parent.name / f"division={division}" / FILE
            file.parent.mkdir(parents=True)
            pq.write_table(pa.table(columns, table.column_names), file, compression="zstd")


def ask_duckdb(folder: Path) -> None:
    """Ask the questions of all facts."""
    with duckdb.connect(config={"threads": 1}) as tables:
        kinds = "hive_partitioning = true, hive_types = {'year': INTEGER, 'division': VARCHAR}"
        tables.execute(f"CREATE VIEW facts AS SELECT * FROM read_parquet('{folder / '**' / '*.parquet'}', {kinds})")
        [(number, disclosures)] = tables.execute(
            "SELECT COUNT(*), COUNT(DISTINCT disclosure) FROM facts WHERE NOT quoted"
        ).fetchall()
        write(f"copied: {number:,} facts of {disclosures:,} disclosures, {size_of(folder):,} bytes")
        for file in sorted(QUESTIONS.glob("*.sql")):
            query = file.read_text(encoding="utf-8").replace("2024", str(FIRST_YEAR))
            rows = measured(f"{file.stem} by DuckDB", lambda query=query: tables.execute(query).fetchall(), TIMES)
            write(f"{file.stem}: {len(rows)} rows")


def compare_copied(store: Store, folder: Path) -> None:
    """Ask the comparisons of all facts; the codes are those of a store."""
    disclosures = ds.dataset(folder, partitioning="hive").to_table(["disclosure"])["disclosure"].unique().to_pylist()
    versions = {name: (f"{DEFAULT_BASE}id/disclosure/{name}/v/0", "") for name in disclosures}
    partitions = FactPartitions(folder, PartitionsRecord(DEFAULT_BASE, "", versions))
    for address in COMPARED:
        entries = measured(
            f"{address} from Parquet",
            lambda address=address: entries_from_parquet(store, partitions, asked(address)),
            1,
        )
        write(f"{address}: {len(entries)} facts added")


def asked(address: str) -> CompareQuestion:
    """Return the comparison that an address asks, in the first year of the corpus."""
    given = [(name, value) for name, _, value in (part.partition("=") for part in address.split("&"))]
    return parse_question([*given, ("year", str(FIRST_YEAR))])


def measured(what: str, do: Callable[[], T], times: int = 0) -> T:
    """Do something and print the seconds of the processor; of several times the median of those after the first."""
    seconds = []
    for _ in range(times + 1):
        start = time.process_time()
        result = do()
        seconds.append(time.process_time() - start)
    write(f"{what}: {statistics.median(seconds[1:] or seconds):.3f} s")
    return result


def size_of(folder: Path) -> int:
    """The bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
