"""`yusuan convert`: disclosures to RDF or CSV."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.commands.batch import BatchOptions, batch_options, find_many, open_batch, report_outcomes
from yusuan.commands.options import NOTHING, DisclosureOptions, disclosure_options, files_argument, verbose_option
from yusuan.commands.progress import reported_errors, show_progress

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
    type=click.Choice(["csv", "nq", "nt", "trig", "ttl"]),
    default="nq",
    show_default=True,
    help="Format of the files in a folder.",
)
@batch_options
@disclosure_options
@verbose_option
def convert(
    files: tuple[Path, ...],
    output: Path | None,
    form: str,
    verbose: bool,
    disclosures: DisclosureOptions,
    many: BatchOptions,
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
    if output is not None and (output.is_dir() or not suffix):
        batch = open_batch("convert", disclosures, many, output, suffix=f".{form}")
        sys.exit(_convert_many(files, batch, disclosures.language))
    if many.parallel:
        raise click.BadParameter("-j and --cluster need a folder to write to", param_hint="-o")
    if suffix not in OUTPUT_FORMATS:
        raise click.BadParameter(
            f"unknown extension {suffix or '(none)'}; known: {', '.join(OUTPUT_FORMATS)}", param_hint="-o"
        )
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
        content = conversions_to_bytes(conversions, suffix)
        if output is None:
            sys.stdout.buffer.write(content)
        else:
            write_durably(output, content)
    sys.exit(NOTHING if failed else 0)


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
