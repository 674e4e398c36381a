"""Runs over many small disclosures, without processes."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from click.testing import CliRunner, Result
from small_disclosures import BUREAU, tabbed, table

from yusuan.batch.executors import WorkerDiedError
from yusuan.commands.main import main

T = TypeVar("T")
R = TypeVar("R")
TABLE = table(3, "支出总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 5\n208 | 社会保障和就业支出 | 7")
TEXT = f"{BUREAU}2024年部门预算\n\n三、部门支出预算安排情况\n\n2024年支出预算12元。"


def disclosure(office: str) -> bytes:
    return tabbed(TABLE.replace(BUREAU, office)).encode()


class InProcess:
    """An executor without processes, whose tasks cannot die."""

    def __init__(self, _: int = 1) -> None:
        pass

    def run(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[T, R | WorkerDiedError]]:
        return ((task, work(task)) for task in tasks)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def rows(report: Path) -> dict[str, dict[str, str]]:
    with report.open(encoding="utf-8-sig", newline="") as file:
        return {Path(row["files"]).name: row for row in csv.DictReader(file)}
