"""Measure the cost of each example query over a large store: `python -m benchmarks.ask_examples --store FOLDER`.

Queries run on the engine in this process, without the service. "Reads" are blocks read from the database files that
were not in the engine's cache. The first run of a query is not counted.
"""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path

import click
import pyoxigraph as ox

from benchmarks.serve_queries import as_asked_of_the_corpus, build_store, write
from ontology import DEFAULT_BASE
from ontology.example_queries import load_examples
from server.store.generation_store import GenerationStore

READS = re.compile(r"^syscr: (\d+)$", re.MULTILINE)


@click.command()
@click.option("--disclosures", default=100, show_default=True, help="Number of disclosures in the store.")
@click.option("--store", required=True, type=click.Path(path_type=Path), help="Folder in which stores are kept.")
@click.option("--times", default=3, show_default=True, help="Runs of each query after the first.")
@click.option("--only", default="", help="Run only queries whose name contains this text.")
def main(disclosures: int, store: Path, times: int, only: str) -> None:
    """Print seconds of the processor, reads and bytes of the answer of each example."""
    folder = build_store(store / str(disclosures), disclosures)
    database = ox.Store.read_only(str(GenerationStore(folder).current()))
    write(f"{'example':62}{'seconds':>9}{'reads':>10}{'bytes':>10}")
    for example in load_examples():
        if only in example.name:
            asked = [ask(database, as_asked_of_the_corpus(example.query)) for _ in range(times + 1)][1:]
            seconds, reads, size = (statistics.median(column) for column in zip(*asked, strict=True))
            write(f"{example.name:62}{seconds:9.2f}{reads:10.0f}{size:10.0f}")


def ask(database: ox.Store, query: str) -> tuple[float, int, int]:
    """Seconds of the processor, reads, and bytes of the answer as JSON."""
    reads, start = count_reads(), time.process_time()
    solutions = database.query(query, base_iri=DEFAULT_BASE)
    assert isinstance(solutions, ox.QuerySolutions)
    answer = solutions.serialize(format=ox.QueryResultsFormat.JSON)
    assert answer is not None
    return time.process_time() - start, count_reads() - reads, len(answer)


def count_reads() -> int:
    """How often this process has read from a file so far."""
    found = READS.search(Path("/proc/self/io").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1])


if __name__ == "__main__":
    main()
