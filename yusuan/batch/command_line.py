"""Running over many disclosures from the command line: progress, a line for each file, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ontology.messages import message

if TYPE_CHECKING:
    from yusuan.batch.executors import Executor
    from yusuan.batch.jobs import Job, Outcome

_UNREACHABLE = 2
jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    help="Work on many files with this number of processes.",
)
cluster_option = click.option(
    "--cluster", metavar="ADDRESS", default=None, help="Work on a Dask cluster: tcp://host:8786 (extra `cluster`)."
)
seconds_option = click.option(
    "--seconds", type=click.FloatRange(min=1), default=300.0, show_default=True, help="Longest time for a file."
)
memory_option = click.option(
    "--memory", type=click.IntRange(min=64), default=2048, show_default=True, help="Most memory for a file, in MiB."
)


def open_executor(jobs: int | None, cluster: str | None, language: str) -> Executor:
    """The executor that the user chose; if the cluster cannot be reached, print so and exit with code 2."""
    if cluster is None:
        from yusuan.batch.executors import ProcessPool

        return ProcessPool(jobs or 1)
    from yusuan.batch.cluster import DaskCluster

    try:
        return DaskCluster(cluster)
    except (OSError, ValueError) as error:
        click.echo(message("cluster-unreachable", language, address=cluster, reason=error), err=True)
        raise click.exceptions.Exit(_UNREACHABLE) from error


def make_job(
    action: str,
    suffix: str,
    base: str,
    codes: Path | None,
    registers: Sequence[Path],
    seconds: float,
    memory: int,
    stated: tuple[int | None, str | None, str | None],
) -> Job:
    """The job from which that of each disclosure is made; paths are made absolute, for workers elsewhere."""
    from yusuan.batch.jobs import Job

    return Job(
        files=(),
        action=action,
        suffix=suffix,
        base=base,
        codes=str(codes.resolve()) if codes else None,
        registers=tuple(str(path.resolve()) for path in registers),
        seconds=seconds,
        memory=memory * 2**20,
        stated=stated,
    )


def report_outcomes(outcomes: Iterator[Outcome], total: int, language: str) -> set[str]:
    """Show outcomes as they come; returns their verdicts.

    On a terminal a bar with rate and time left and the files that failed; in a pipe a line for each: files, office,
    year, verdict, separated by tabs.
    """
    show = _show_bar if sys.stderr.isatty() else _show_lines
    return set(show(outcomes, total, language))


def _show_lines(outcomes: Iterator[Outcome], total: int, language: str) -> Iterator[str]:
    for outcome in outcomes:
        words = [" ".join(outcome.files), outcome.organisation, str(outcome.year or ""), _verdict(outcome, language)]
        click.echo("\t".join(words))
        if outcome.failed:
            click.echo(outcome.messages[language], err=True)
        yield outcome.verdict
    click.echo(message("batch-files", language, n=total), err=True)


def _show_bar(outcomes: Iterator[Outcome], total: int, language: str) -> Iterator[str]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn()
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("", total=total, rate="")
        for outcome in outcomes:
            if outcome.failed:
                console.print(outcome.messages[language], markup=False, highlight=False)
            speed = progress.tasks[0].finished_speed or progress.tasks[0].speed
            rate = message("batch-rate", language, rate=f"{speed:.1f}") if speed else ""
            progress.update(bar, advance=1 if len(outcome.files) == 1 else 0, rate=rate)
            yield outcome.verdict


def _verdict(outcome: Outcome, language: str) -> str:
    return message(f"batch-verdict-{outcome.verdict}", language)
