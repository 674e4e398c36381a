"""Ask ten questions of public finance by SPARQL and by DuckDB: `python -m benchmarks.ask_facts --store FOLDER`.

The store holds made disclosures; its facts are written as Parquet (`yusuan facts`). Each question is a query of
`examples/questions/` and its like in SQL in `benchmarks/questions/`, about the first year of the corpus. SPARQL runs on
the engine in this process, DuckDB on one thread. Both must give the same answer. The first run of each is not counted.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import click
import duckdb
import pyoxigraph as ox

from benchmarks.corpus import FIRST_YEAR
from benchmarks.serve_queries import build_store, write
from ontology import DEFAULT_BASE
from ontology.tabular.published_columns import short_key
from server.store.generation_store import GenerationStore
from yusuan.fact_files import write_fact_partitions

SQL = Path(__file__).parent / "questions"
SPARQL = Path(__file__).parent.parent / "examples" / "questions"
Answer = Counter[tuple[str, ...]]


@click.command()
@click.option("--disclosures", default=200, show_default=True, help="Number of disclosures in the store.")
@click.option("--store", required=True, type=click.Path(path_type=Path), help="Folder in which stores are kept.")
@click.option("--times", default=3, show_default=True, help="Runs of each question after the first.")
def main(disclosures: int, store: Path, times: int) -> None:
    """Print the seconds of the processor that each question takes, and the ratio."""
    folder, files = build_store(store / str(disclosures), disclosures), store / f"{disclosures}-facts"
    start = time.process_time()
    facts = write_fact_partitions(folder, files, DEFAULT_BASE)
    size = sum(file.stat().st_size for file in files.rglob("*.parquet"))
    write(f"{facts} facts in {size / 1e6:.1f} MB of Parquet, written in {time.process_time() - start:.0f} s")
    database = ox.Store.read_only(str(GenerationStore(folder).current()))
    with duckdb.connect(config={"threads": 1}) as tables:
        parts = files / "**" / "*.parquet"
        kinds = "hive_partitioning = true, hive_types = {'year': INTEGER, 'division': VARCHAR}"
        tables.execute(f"CREATE VIEW facts AS SELECT * FROM read_parquet('{parts}', {kinds})")
        write(f"{'question':30}{'rows':>7}{'SPARQL, s':>11}{'DuckDB, s':>11}{'ratio':>8}")
        for file in sorted(SQL.glob("*.sql")):
            sparql, sql = (
                (folder / f"{file.stem}.{ending}").read_text(encoding="utf-8").replace("2024", str(FIRST_YEAR))
                for folder, ending in ((SPARQL, "rq"), (SQL, "sql"))
            )
            asked, of_graph = measured(lambda query=sparql: Counter(rows_of_graph(database, query)), times)
            queried, of_tables = measured(lambda query=sql: Counter(rows_of_tables(tables, query)), times)
            if of_graph != of_tables:
                raise click.ClickException(f"{file.stem}: {of_graph - of_tables} is not {of_tables - of_graph}")
            write(f"{file.stem:30}{of_graph.total():7}{asked:11.3f}{queried:11.3f}{asked / queried:8.1f}")


def measured(ask: Callable[[], Answer], times: int) -> tuple[float, Answer]:
    """The median seconds of the processor, and the answer."""
    seconds = []
    for _ in range(times + 1):
        start = time.process_time()
        answer = ask()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds[1:]), answer


def rows_of_graph(database: ox.Store, query: str) -> Iterator[tuple[str, ...]]:
    """The rows of a SPARQL query, IRIs as keys."""
    solutions = database.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    for row in solutions:
        yield tuple(text(term.value if isinstance(term, ox.Literal) else key(term)) for term in row)


def rows_of_tables(tables: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[str, ...]]:
    """The rows of an SQL query."""
    for row in tables.execute(query).fetchall():
        yield tuple(text(value) for value in row)


def key(term: object) -> str:
    """The key of an IRI as the table of facts has it."""
    assert isinstance(term, ox.NamedNode)
    return short_key(term.value.removeprefix(DEFAULT_BASE))


def text(value: object) -> str:
    """A value as text, numbers to six digits behind the point."""
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return str(value)
    return f"{number:.6f}" if number.is_finite() else str(value)


if __name__ == "__main__":
    main()
