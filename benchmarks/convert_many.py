"""Measure converting many files: `python -m benchmarks.convert_many 500`.

Makes files of several formats, each of another office with other figures, and converts them with one process, with
two, and on a Dask cluster of two workers (extra `cluster`) of which one is killed half way. The outputs must be the
same, byte for byte. Memory is the peak of the largest child process; it must not grow with the number of files.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from benchmarks.corpus import EXAMPLE
from benchmarks.renderings.__main__ import WRITERS
from benchmarks.renderings.pieces import read_pieces
from converters.readers import read_content
from ontology import DEFAULT_BASE
from yusuan.batch.executors import Executor, ProcessPool, WorkerDiedError
from yusuan.batch.jobs import CONVERT, Job
from yusuan.batch.run import Batch, run_batch

FILES = 500
FORMATS = ("txt", "xlsx", "docx", "html")
OFFICE, LAST_TABLE = "人民代表大会常务委员会办公室", 5
T = TypeVar("T")
R = TypeVar("R")


class KillingCluster:
    """Two workers on this machine; the first is killed when half of the tasks have ended."""

    def __init__(self) -> None:
        from distributed import LocalCluster

        from yusuan.batch.cluster import DaskCluster

        self.cluster = LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
        )
        self.executor = DaskCluster(self.cluster.scheduler_address)

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[T, R | WorkerDiedError]]:
        """See `yusuan.batch.executors.Executor.run`."""
        for number, ended in enumerate(self.executor.run(work, tasks), start=1):
            if number == max(1, len(tasks) // 2):
                os.kill(next(iter(self.executor.client.run(os.getpid).values())), signal.SIGKILL)
            yield ended

    def close(self) -> None:
        """End the workers."""
        self.executor.client.close()
        self.cluster.close()


def make_files(folder: Path, count: int) -> list[Path]:
    """Write the first tables of the example as disclosures of other offices, with all amounts multiplied."""
    text = EXAMPLE.read_text(encoding="utf-8")
    text = text[: text.index(f"\n表 {LAST_TABLE + 1}.")]
    files = []
    for number in range(count):
        own = text.replace(OFFICE, f"第{number + 1}办公室")
        lines = ("\t".join(_times(field, 1 + number) for field in line.split("\t")) for line in own.split("\n"))
        content, ending = "\n".join(lines).encode(), FORMATS[number % len(FORMATS)]
        if ending in WRITERS:
            write, layouts = WRITERS[ending]
            content = write(read_pieces(read_content(Path("made.txt"), content)), layouts[0])
        files.append(folder / f"office-{number:04}.{ending}")
        files[-1].write_bytes(content)
    return files


def _times(field: str, factor: int) -> str:
    plain = field.strip()
    whole, point, cents = plain.partition(".")
    return f"{Decimal(plain) * factor}" if point and whole.isdigit() and len(cents) == 2 and cents.isdigit() else field


def measure(name: str, executor: Executor, files: Sequence[Path], folder: Path) -> str:
    """Convert the files; print the time and the memory, and return a digest of all outputs.

    Raise SystemExit if a file gives no output.
    """
    folder.mkdir()
    model = Job((), CONVERT, ".csv", DEFAULT_BASE)
    start = perf_counter()
    failed = sum(outcome.failed for outcome in run_batch(Batch(executor, model, folder), files))
    seconds = perf_counter() - start
    digest = hashlib.sha256()
    outputs = sorted(folder.glob("office-*.csv"))
    for output in outputs:
        digest.update(output.name.encode() + output.read_bytes())
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stdout.write(
        f"{name:24}{seconds:8.1f} s  {len(files) / seconds:6.2f} files/s  {failed} failed  {len(outputs)} outputs "
        f"{digest.hexdigest()[:12]}  largest process {memory:.0f} MB\n"
    )
    sys.stdout.flush()
    if failed or len(outputs) != len(files):
        raise SystemExit(f"{name}: {failed} of {len(files)} files failed, with {len(outputs)} outputs.")
    return digest.hexdigest()


def main() -> None:
    """Convert the same files in each way."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    place = Path(tempfile.mkdtemp(prefix="convert-many-"))
    try:
        (place / "in").mkdir()
        files = make_files(place / "in", count)
        digests = {
            measure("one process", ProcessPool(1), files, place / "one"),
            measure("two processes", ProcessPool(2), files, place / "two"),
        }
        cluster = KillingCluster()
        try:
            digests.add(measure("two workers, one killed", cluster, files, place / "cluster"))
        finally:
            cluster.close()
    finally:
        shutil.rmtree(place)
    if len(digests) != 1:
        raise SystemExit("The outputs differ.")


if __name__ == "__main__":
    main()
