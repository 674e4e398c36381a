"""Measure publishing many disclosures, beside a bulk load of the same quads: `python -m benchmarks.publish_many`.

`python -m benchmarks.publish_many 1000` generates a thousand disclosures with the structure of the example, publishes
them in one generation, and loads the same quads with the engine's bulk loader. The time of generating them is not
counted. Memory is the peak of the process, after each tenth and at the end.
"""

import io
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter, process_time

import pyoxigraph as ox

import shapes
from benchmarks.corpus import make_corpus, read_original
from ontology import DEFAULT_BASE, load_vocabulary
from server.store.generation_store import GenerationStore, VersionGraphs
from server.store.triple_lines import as_lines, lines_to_text

DISCLOSURES = 100


class Timed:
    """An iterator that generates disclosures on demand and records the time this takes and the memory used."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.seconds = self.busy = 0.0
        self.megabytes: list[float] = []

    def __iter__(self) -> Iterator[VersionGraphs]:
        corpus = make_corpus(self.n, read_original())
        for number in range(self.n):
            start, busy = perf_counter(), process_time()
            version = next(corpus)
            self.seconds += perf_counter() - start
            self.busy += process_time() - busy
            if number % max(1, self.n // 10) == 0:
                self.megabytes.append(peak_megabytes())
            yield version


class Chunks(io.RawIOBase):
    """A file whose content is made as it is read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = iter(chunks)
        self.rest = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        if not self.rest:
            self.rest = next(self.chunks, b"")
        size = len(self.rest) if size < 0 else size
        read, self.rest = self.rest[:size], self.rest[size:]
        return read


def peak_megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def publish(folder: Path, versions: Iterable[VersionGraphs]) -> None:
    """As `yusuan publish` does it."""
    store = GenerationStore(folder)
    store.publish(versions, load_vocabulary(DEFAULT_BASE).triples, shapes.load_rule_triples(DEFAULT_BASE))


def load(folder: Path, versions: Iterable[VersionGraphs]) -> None:
    """The same quads, with nothing compared, chosen or kept."""

    def chunks() -> Iterator[bytes]:
        for version in versions:
            stated, catalogued = as_lines(version.triples), as_lines(version.catalogue)
            yield lines_to_text(stated, ox.NamedNode(version.version))
            yield lines_to_text(catalogued, ox.NamedNode(f"{version.version}/catalogue"))
            yield lines_to_text(as_lines(version.findings), ox.NamedNode(f"{version.version}/findings"))
            yield lines_to_text(stated | catalogued)

    store = ox.Store(str(folder))
    store.bulk_load(Chunks(chunks()), ox.RdfFormat.N_QUADS)
    store.flush()


def measure(way: str, n: int) -> None:
    """Do it one way in a fresh folder; print the seconds and the memory."""
    versions = Timed(n)
    folder = Path(tempfile.mkdtemp(prefix="publish-many-"))
    try:
        start, busy = perf_counter(), process_time()
        {"publish": publish, "load": load}[way](folder / "store", versions)
        seconds = perf_counter() - start - versions.seconds
        cpu = process_time() - busy - versions.busy
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    finally:
        shutil.rmtree(folder)
    memory = " ".join(f"{megabytes:.0f}" for megabytes in (*versions.megabytes, peak_megabytes()))
    sys.stdout.write(
        f"{way:8}{seconds:8.1f} s ({cpu:.1f} s of computing)  {size:7.0f} MB on disk  memory in MB: {memory}\n"
    )


def main() -> None:
    """Measure both ways, each in a process of its own."""
    if len(sys.argv) > 2:
        measure(sys.argv[2], int(sys.argv[1]))
        return
    n = sys.argv[1] if len(sys.argv) > 1 else str(DISCLOSURES)
    for way in ("publish", "load"):
        subprocess.run([sys.executable, "-m", "benchmarks.publish_many", n, way], check=True)


if __name__ == "__main__":
    main()
