"""Running over many disclosures from the command line: progress, a line for each file, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from converters.rdf.publications import NONE_STATED, Publications
from ontology.messages import message
from yusuan.commands.shared.options import NOTHING, DisclosureOptions, gather_options

if TYPE_CHECKING:
    from yusuan.batch.executors import Executor
    from yusuan.batch.jobs import JobChecks, Outcome
    from yusuan.batch.run import Batch


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """Where many disclosures are worked on, and the limits of each in seconds and MiB."""

    jobs: int | None
    cluster: str | None
    seconds: float
    memory: int

    @property
    def parallel(self) -> bool:
        """Whether the user asked for processes or a cluster."""
        return self.jobs is not None or self.cluster is not None

    def open_executor(self, language: str) -> Executor:
        """Open the executor that the user chose; if the cluster cannot be reached, print so and exit with code 2."""
        if self.cluster is None:
            from yusuan.batch.executors import ProcessPool

            return ProcessPool(self.jobs or 1)
        from yusuan.batch.cluster import DaskCluster

        try:
            return DaskCluster(self.cluster)
        except (OSError, ValueError) as error:
            click.echo(message("cluster-unreachable", language, address=self.cluster, reason=error), err=True)
            raise click.exceptions.Exit(NOTHING) from error


def batch_options(command: Callable[..., object]) -> Callable[..., object]:
    """Add the options of BatchOptions to a command, which receives them as `many`."""
    options = (
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(min=1),
            default=None,
            help="Work on many files with this number of processes.",
        ),
        click.option(
            "--cluster",
            metavar="ADDRESS",
            default=None,
            help="Work on a Dask cluster: tcp://host:8786 (extra `cluster`).",
        ),
        click.option(
            "--seconds",
            type=click.FloatRange(min=1),
            default=300.0,
            show_default=True,
            help="Longest time for a file of many.",
        ),
        click.option(
            "--memory",
            type=click.IntRange(min=64),
            default=2048,
            show_default=True,
            help="Most memory for a file of many, in MiB.",
        ),
    )
    return gather_options(command, "many", BatchOptions, options)


def open_batch(
    action: str,
    disclosures: DisclosureOptions,
    many: BatchOptions,
    folder: Path | None,
    *,
    suffix: str = "",
    checks: JobChecks | None = None,
    publications: Publications = NONE_STATED,
) -> Batch:
    """Return the run that the options describe, and make its folder; paths are made absolute, for workers elsewhere."""
    from yusuan.batch.jobs import Job, JobChecks
    from yusuan.batch.run import Batch

    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    model = Job(
        files=(),
        action=action,
        suffix=suffix,
        base=disclosures.base,
        codes=str(disclosures.codes.resolve()) if disclosures.codes else None,
        registers=tuple(str(path.resolve()) for path in disclosures.registers),
        seconds=many.seconds,
        memory=many.memory * 2**20,
        stated=(disclosures.year, disclosures.organisation, disclosures.phase),
        checks=checks or JobChecks(),
        publications=publications,
    )
    return Batch(many.open_executor(disclosures.language), model, folder, disclosures.together)


def find_many(paths: Sequence[Path]) -> list[Path]:
    """Return the absolute paths of the files that paths, folders, archives and patterns stand for."""
    from yusuan.batch.paths import find_files

    return [path.resolve() for path in find_files(paths)]


def report_outcomes(outcomes: Iterator[Outcome], total: int, language: str) -> list[Outcome]:
    """Show the outcomes of `total` files as they come; return the final ones, without those of joined halves.

    On a terminal a bar with rate and time left and the files that failed; in a pipe a line for each: files, office,
    year, verdict, separated by tabs.
    """
    show = _show_bar if sys.stderr.isatty() else _show_lines
    final: dict[str, Outcome] = {}
    for outcome in show(outcomes, total, language):
        final |= dict.fromkeys(outcome.files, outcome)
    return list({outcome.files: outcome for outcome in final.values()}.values())


def _show_lines(outcomes: Iterator[Outcome], total: int, language: str) -> Iterator[Outcome]:
    for outcome in outcomes:
        words = [" ".join(outcome.files), outcome.organisation, str(outcome.year or ""), _verdict(outcome, language)]
        click.echo("\t".join(words))
        if outcome.failed:
            click.echo(outcome.messages[language], err=True)
        yield outcome
    click.echo(message("batch-files", language, n=total), err=True)


def _show_bar(outcomes: Iterator[Outcome], total: int, language: str) -> Iterator[Outcome]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn()
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("", total=total, rate="")
        seen: set[str] = set()
        for outcome in outcomes:
            if outcome.failed:
                console.print(outcome.messages[language], markup=False, highlight=False)
            speed = progress.tasks[0].finished_speed or progress.tasks[0].speed
            rate = message("batch-rate", language, rate=f"{speed:.1f}") if speed else ""
            seen.update(outcome.files)
            progress.update(bar, completed=len(seen), rate=rate)
            yield outcome


def _verdict(outcome: Outcome, language: str) -> str:
    return message(f"batch-verdict-{outcome.verdict}", language)
