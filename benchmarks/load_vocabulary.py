"""Measure loading the vocabulary, beside rdflib: `python -m benchmarks.load_vocabulary`.

The output gives the number of concepts and triples; the processor time in which a new process loads the vocabulary,
including the long lists and the register; the time in which pyoxigraph and rdflib parse the same Turtle files; and the
ratios.
"""

import subprocess
import sys
import time
from collections.abc import Callable

import pyoxigraph as ox
import rdflib

from ontology.register import REGISTER_FILE
from ontology.shipped import FAR_LISTS, turtle_files
from ontology.vocabulary import load_vocabulary

RUNS = 5
LOAD = f"""
import time
start = time.process_time()
from ontology import load_vocabulary
from ontology.register import load_register
vocabulary = load_vocabulary()
for scheme in {tuple(FAR_LISTS)!r}:
    vocabulary.lists.whole(scheme).by_notation
load_register().organisations, vocabulary.triples
print(time.process_time() - start)
"""


def load() -> float:
    """The seconds in which a fresh interpreter has every look-up."""
    done = subprocess.run([sys.executable, "-c", LOAD], check=True, capture_output=True, text=True)
    return float(done.stdout)


def parse_with_pyoxigraph() -> float:
    """The seconds in which pyoxigraph has all triples in a store."""
    start = time.process_time()
    store = ox.Store()
    for path in (*turtle_files(), REGISTER_FILE):
        store.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    return time.process_time() - start


def parse_with_rdflib() -> float:
    """The seconds in which rdflib has all triples in a graph."""
    start = time.process_time()
    graph = rdflib.Graph()
    for path in (*turtle_files(), REGISTER_FILE):
        graph.parse(path, format="turtle")
    return time.process_time() - start


def fastest(measure: Callable[[], float], runs: int) -> float:
    """The least of some measurements."""
    return min(measure() for _ in range(runs))


def main() -> None:
    """Print the table."""
    vocabulary = load_vocabulary()
    concepts = len(vocabulary.concepts) + sum(
        len(vocabulary.lists.whole(scheme).concepts) - len(vocabulary.lists.near(scheme).concepts)
        for scheme in FAR_LISTS
    )
    sys.stdout.write(f"{concepts:,} concepts, {len(vocabulary.triples):,} triples\n")
    seconds = {
        "all look-ups, fresh process": fastest(load, RUNS),
        "pyoxigraph, triples alone": fastest(parse_with_pyoxigraph, RUNS),
        "rdflib, triples alone": fastest(parse_with_rdflib, 2),
    }
    first = next(iter(seconds.values()))
    for name, value in seconds.items():
        sys.stdout.write(f"{name:<28} {value:6.2f} s  x{value / first:.2f}\n")


if __name__ == "__main__":
    main()
