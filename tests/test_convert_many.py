"""The measurement of many files fails when files do, instead of giving times of nothing."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from benchmarks.convert_many import measure
from yusuan.batch.executors import WorkerDiedError

T = TypeVar("T")
R = TypeVar("R")


class Dying:
    """An executor whose workers all die."""

    def run(self, _: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[T, R | WorkerDiedError]]:
        return ((task, WorkerDiedError()) for task in tasks)


def test_files_that_fail_are_no_measurement(tmp_path: Path) -> None:
    files = [tmp_path / "office-0000.txt", tmp_path / "office-0001.txt"]
    with pytest.raises(SystemExit, match="2 of 2 files failed"):
        measure("none", Dying(), files, tmp_path / "out")
