"""`yusuan validate`: check disclosures against the rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ontology.messages import message
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
    VIOLATIONS,
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
from yusuan.commands.progress import check_disclosures

if TYPE_CHECKING:
    from converters import DocumentError

EXTENSIONS = {
    "text": ".txt",
    "json": ".json",
    "ttl": ".ttl",
    "html": ".html",
    "docx": ".docx",
    "xlsx": ".xlsx",
    "csv": ".csv",
    "sarif": ".sarif",
    "junit": ".xml",
}
REPORT_FORMATS = tuple(EXTENSIONS)


@click.command()
@files_argument
@together_option
@click.option(
    "--format",
    "form",
    type=click.Choice(REPORT_FORMATS),
    default=None,
    help="Form of the report; by default that of the extension of OUTPUT, else text.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write (default: standard output); without an extension, a folder.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning"]),
    default="violation",
    show_default=True,
    help="Least severity of a finding for exit code 1.",
)
@click.option(
    "--store", type=click.Path(path_type=Path, file_okay=False), help="Compare with what this store has published."
)
@click.option(
    "--engine",
    type=click.Choice(["set", "pyshacl"]),
    default="set",
    show_default=True,
    help="Engine of the rules; pyshacl is the slower reference.",
)
@click.option(
    "--shapes",
    "shapes_files",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="SHACL shapes of your own, run on the converted graph by pySHACL; repeatable.",
)
@stated_options
@jobs_option
@cluster_option
@seconds_option
@memory_option
@codes_option
@register_option
@base_option
@verbose_option
@language_option
def validate(
    files: tuple[Path, ...],
    together: bool,
    form: str | None,
    output: Path | None,
    fail_on: str,
    store: Path | None,
    engine: str,
    shapes_files: tuple[Path, ...],
    year: int | None,
    organisation: str | None,
    phase: str | None,
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
    """Check disclosures: find the figures that contradict each other, and their places.

    Disclosures of one organisation are also compared with each other, for example a final account with the budget it
    quotes. Exit code 0 if each conforms, 1 if one does not conform or was not fully checked (or has a warning, with
    --fail-on warning), 2 if a file could not be read or contains no known table.

    A folder, a ZIP archive or a pattern stands for the files in it. With -j, --cluster or a folder as OUTPUT each
    disclosure is checked by itself, with a line for each, a JSON report in the folder and report.csv; the same command
    goes on where it was stopped.
    """
    from server.store.durable_files import write_durably
    from shapes.user_shapes import ShapesFileError
    from yusuan.api import Validated, disclosures_of, load_check_options
    from yusuan.batch.jobs import FAILED
    from yusuan.batch.paths import find_files
    from yusuan.batch.run import Batch, run_batch
    from yusuan.checked import VERDICTS
    from yusuan.commands.output import validated_to_bytes
    from yusuan.cross_disclosure import DisclosureSet, check_together

    is_folder = output is not None and (output.is_dir() or not output.suffix)
    if is_folder or jobs is not None or cluster is not None:
        if output is not None and not is_folder:
            raise click.BadParameter("-j and --cluster need a folder to write to", param_hint="-o")
        model = make_job("validate", ".json", base, codes, registers, seconds, memory, (year, organisation, phase))
        found = [path.resolve() for path in find_files(files)]
        if output is not None:
            output.mkdir(parents=True, exist_ok=True)
        batch = Batch(open_executor(jobs, cluster, language), model, output)
        verdicts = report_outcomes(run_batch(batch, found), len(found), language)
        sys.exit(NOTHING if FAILED in verdicts else 0 if verdicts <= {VERDICTS[True]} else VIOLATIONS)
    chosen = form or next(
        (name for name in REPORT_FORMATS if output and output.name.endswith(EXTENSIONS[name])), "text"
    )
    failures: list[DocumentError] = []
    inputs = load_inputs_or_exit(codes, registers, language, year, organisation, phase)
    try:
        options = load_check_options(engine, shapes_files)
        disclosures = disclosures_of(find_files(files), together)
        checked = check_disclosures(disclosures, base, language, inputs, failures, options)
        documents = check_together(checked, DisclosureSet(base, store, inputs, options))
    except ShapesFileError as error:
        click.echo(message("shapes-unusable", language, file=error.file, reason=error.reason), err=True)
        sys.exit(NOTHING)
    validated = Validated(tuple(documents), tuple(failures))
    colour = output is None and sys.stdout.isatty()
    content = validated_to_bytes(validated, chosen, language, fail_on=fail_on, colour=colour, verbose=verbose)
    if output is not None:
        write_durably(output, content)
    elif chosen == "text":
        click.echo(content.decode(), nl=False)
    else:
        sys.stdout.buffer.write(content)
    if failures:
        sys.exit(NOTHING)
    if not all(document.has_tables for document in documents):
        sys.exit(NOTHING)
    sys.exit(VIOLATIONS if validated.fails_on(fail_on) else 0)
