"""Compare a store of an earlier release with one of this release.

`python -m benchmarks.compare_stores OLD_STORE OLD_EXAMPLES NEW_STORE`, where OLD_EXAMPLES is the folder
`ontology/examples` of the earlier release. Both stores hold the same disclosures. Examples are asked by name, each in
the words of its release, on the engine in this process, in turn; the median of several runs is printed with its ratio.
A store is compared by its files and by the triples of its versions.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import click
import pyoxigraph as ox

from benchmarks.serve_queries import write
from ontology import DEFAULT_BASE
from ontology.example_queries import load_examples, read_example
from server.store.current_graphs import CurrentGraphs
from server.store.generation_store import GenerationStore
from server.store.maintenance.verification import versions_in

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("old", type=FOLDER)
@click.argument("old_examples", type=FOLDER)
@click.argument("new", type=FOLDER)
@click.option("--times", default=9, show_default=True, help="Runs of each query.")
def main(old: Path, old_examples: Path, new: Path, times: int) -> None:
    """Print triples, bytes and milliseconds of the processor of both stores, and their ratios."""
    folders = [GenerationStore(path).current() for path in (old, new)]
    stores = [ox.Store.read_only(str(folder)) for folder in folders]
    write(f"{'':62}{'before':>12}{'now':>12}{'ratio':>7}")
    tell("triples of the versions", *(triples(store) for store in stores))
    tell("bytes of the store", *(sum(f.stat().st_size for f in folder.iterdir()) for folder in folders))
    for example in load_examples():
        path = old_examples / f"{example.name}.ttl"
        if path.is_file():
            queries = (read_example(path), example.query)
            runs = [[ask(store, query) for store, query in zip(stores, queries, strict=True)] for _ in range(times)]
            tell(example.name, *(statistics.median(column) for column in zip(*runs, strict=True)))


def tell(name: str, before: float, now: float) -> None:
    """Print a line."""
    write(f"{name:62}{before:12.1f}{now:12.1f}{now / before:7.2f}")


def triples(store: ox.Store) -> int:
    """The number of triples of all versions."""
    versions = versions_in(store, CurrentGraphs(store, DEFAULT_BASE))
    return sum(1 for version in versions for _ in store.quads_for_pattern(None, None, None, version))


def ask(store: ox.Store, query: str) -> float:
    """The milliseconds of the processor that a query takes with its results."""
    begun = time.process_time()
    solutions = store.query(query, base_iri=DEFAULT_BASE)
    assert isinstance(solutions, ox.QuerySolutions)
    solutions.serialize(format=ox.QueryResultsFormat.JSON)
    return 1000 * (time.process_time() - begun)


if __name__ == "__main__":
    main()
