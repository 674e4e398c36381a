"""`yusuan convert`: disclosures to RDF, figures or facts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.commands.batch import BatchOptions, batch_options, find_many, open_batch, report_outcomes
from yusuan.commands.shared.file_checking import reported_errors, show_progress
from yusuan.commands.shared.options import (
    NOTHING,
    DisclosureOptions,
    disclosure_options,
    files_argument,
    verbose_option,
)

if TYPE_CHECKING:
    from converters import Conversion
    from yusuan.batch.run import Batch


@click.command()
@files_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write (default: N-Quads to standard output); without a known extension, a folder.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "nq", "nt", "parquet", "trig", "ttl", "xlsx"]),
    default=None,
    help="Format of the files in a folder (default: nq, with --facts csv).",
)
@click.option(
    "--facts",
    is_flag=True,
    help="Write facts, each amount of money once, and not the printed figures: .csv, .parquet or .xlsx.",
)
@batch_options
@disclosure_options
@verbose_option
def convert(
    files: tuple[Path, ...],
    output: Path | None,
    form: str | None,
    facts: bool,
    verbose: bool,
    disclosures: DisclosureOptions,
    many: BatchOptions,
) -> None:
    """Convert disclosures to RDF, to a table of figures or to a table of facts.

    The extension of OUTPUT selects the format: .nq and .trig (a graph for each version and each catalogue), .ttl and
    .nt (one graph), .csv (one row for each printed figure). With --facts it is .csv, .parquet or .xlsx, with one row
    for each amount of money and the marks that say which rows add up. Issues met while reading are listed on standard
    error. Exit code 2 if a file could not be read or contains no known table; the other files are still converted.

    A folder, a ZIP archive or a pattern stands for the files in it. If OUTPUT is a folder, each disclosure is written
    to a file of its own there, with report.csv and a manifest by which the same command goes on where it was stopped.
    """
    from server.store.durable_files import write_durably
    from yusuan.api import convert_disclosure, disclosures_of
    from yusuan.batch.paths import find_files
    from yusuan.serialization import FACT_FORMATS, FACTS_SUFFIX, OUTPUT_FORMATS, conversions_to_bytes

    default, formats, prefix = (".csv", FACT_FORMATS, FACTS_SUFFIX) if facts else (".nq", OUTPUT_FORMATS, "")
    suffix = output.suffix.lower() if output else default
    if output is not None and (output.is_dir() or not suffix):
        suffix = f".{form}" if form else default
        _refuse_unknown(suffix, formats, "--format")
        batch = open_batch("convert", disclosures, many, output, suffix=prefix + suffix)
        sys.exit(_convert_many(files, batch, disclosures.language))
    if many.parallel:
        raise click.BadParameter("-j and --cluster need a folder to write to", param_hint="-o")
    _refuse_unknown(suffix, formats, "-o")
    inputs = disclosures.load_inputs()
    conversions: list[Conversion] = []
    failed = False
    with show_progress(disclosures_of(find_files(files), disclosures.together)) as each:
        for paths in each:
            with reported_errors(disclosures.language) as outcome:
                conversions.append(convert_disclosure(paths, disclosures.base, inputs))
            failed |= outcome.failed
    for conversion in conversions:
        _print_issues(conversion, disclosures.language, verbose=verbose)
    if conversions:
        content = conversions_to_bytes(conversions, prefix + suffix)
        if output is None:
            sys.stdout.buffer.write(content)
        else:
            write_durably(output, content)
    sys.exit(NOTHING if failed else 0)


def _refuse_unknown(suffix: str, formats: Sequence[str], option: str) -> None:
    if suffix not in formats:
        raise click.BadParameter(
            f"unknown extension {suffix or '(none)'}; known: {', '.join(formats)}", param_hint=option
        )


def _convert_many(files: tuple[Path, ...], batch: Batch, language: str) -> int:
    from yusuan.batch.run import run_batch

    found = find_many(files)
    outcomes = report_outcomes(run_batch(batch, found), len(found), language)
    return NOTHING if any(outcome.failed for outcome in outcomes) else 0


def _print_issues(conversion: Conversion, language: str, *, verbose: bool) -> None:
    from yusuan.validation_output import issue_to_text

    for issue in conversion.issues:
        text = issue_to_text(issue, language, verbose=verbose)
        click.echo(f"{conversion.file_of(issue.locator).source.name}: {text}", err=True)
