"""`yusuan convert`: disclosures to RDF or CSV."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.batch.command_line import (
    cluster_option,
    jobs_option,
    make_job,
    memory_option,
    open_executor,
    report_outcomes,
    seconds_option,
)
from yusuan.commands.options import (
    NOTHING,
    base_option,
    codes_option,
    files_argument,
    language_option,
    load_inputs_or_exit,
    register_option,
    stated_options,
    together_option,
    verbose_option,
)
from yusuan.commands.progress import reported_errors, show_progress

if TYPE_CHECKING:
    from converters import Conversion
    from yusuan.batch.executors import Executor
    from yusuan.batch.jobs import Job


@click.command()
@files_argument
@together_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write (default: N-Quads to standard output); without a known extension, a folder.",
)
@stated_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "nq", "nt", "trig", "ttl"]),
    default="nq",
    show_default=True,
    help="Format of the files in a folder.",
)
@jobs_option
@cluster_option
@seconds_option
@memory_option
@codes_option
@register_option
@base_option
@verbose_option
@language_option
def convert(
    files: tuple[Path, ...],
    together: bool,
    output: Path | None,
    year: int | None,
    organisation: str | None,
    phase: str | None,
    form: str,
    jobs: int | None,
    cluster: str | None,
    seconds: float,
    memory: int,
    codes: Path | None,
    registers: tuple[Path, ...],
    base: str,
    verbose: bool,
    language: str,
) -> None:
    """Convert disclosures to RDF or CSV.

    The extension of OUTPUT selects the format: .nq and .trig (a graph for each version and each catalogue), .ttl and
    .nt (one graph), .csv (one row for each printed figure). Issues met while reading are listed on standard error.
    Exit code 2 if a file could not be read or contains no known table; the other files are still converted.

    A folder, a ZIP archive or a pattern stands for the files in it. If OUTPUT is a folder, each disclosure is written
    to a file of its own there, with report.csv and a manifest by which the same command goes on where it was stopped.
    """
    from server.store.durable_files import write_durably
    from yusuan.api import convert_disclosure, disclosures_of
    from yusuan.batch.paths import find_files
    from yusuan.serialization import OUTPUT_FORMATS, conversions_to_bytes

    suffix = output.suffix.lower() if output else ".nq"
    if output is not None and (output.is_dir() or not suffix) and not together:
        model = make_job("convert", f".{form}", base, codes, registers, seconds, memory, (year, organisation, phase))
        sys.exit(_convert_many(files, output, model, open_executor(jobs, cluster, language), language))
    if jobs is not None or cluster is not None:
        raise click.BadParameter("-j and --cluster need a folder to write to", param_hint="-o")
    if suffix not in OUTPUT_FORMATS:
        raise click.BadParameter(
            f"unknown extension {suffix or '(none)'}; known: {', '.join(OUTPUT_FORMATS)}", param_hint="-o"
        )
    inputs = load_inputs_or_exit(codes, registers, language, year, organisation, phase)
    conversions: list[Conversion] = []
    failed = False
    with show_progress(disclosures_of(find_files(files), together)) as disclosures:
        for paths in disclosures:
            with reported_errors(language) as outcome:
                conversions.append(convert_disclosure(paths, base, inputs))
            failed |= outcome.failed
    for conversion in conversions:
        _print_issues(conversion, language, verbose=verbose)
    if conversions:
        content = conversions_to_bytes(conversions, suffix)
        if output is None:
            sys.stdout.buffer.write(content)
        else:
            write_durably(output, content)
    sys.exit(NOTHING if failed else 0)


def _convert_many(files: tuple[Path, ...], folder: Path, model: Job, executor: Executor, language: str) -> int:
    from yusuan.batch.jobs import FAILED
    from yusuan.batch.paths import find_files
    from yusuan.batch.run import Batch, run_batch

    folder.mkdir(parents=True, exist_ok=True)
    found = [path.resolve() for path in find_files(files)]
    verdicts = report_outcomes(run_batch(Batch(executor, model, folder), found), len(found), language)
    return NOTHING if FAILED in verdicts else 0


def _print_issues(conversion: Conversion, language: str, *, verbose: bool) -> None:
    from yusuan.commands.output import issue_to_text

    for issue in conversion.issues:
        text = issue_to_text(issue, language, verbose=verbose)
        click.echo(f"{conversion.file_of(issue.locator).source.name}: {text}", err=True)
