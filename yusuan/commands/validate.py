"""`yusuan validate`: check disclosures against the rules."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ontology.messages import message
from yusuan.commands.batch import BatchOptions, batch_options, find_many, open_batch, report_outcomes
from yusuan.commands.shared.file_checking import check_disclosures
from yusuan.commands.shared.options import (
    NOTHING,
    VIOLATIONS,
    DisclosureOptions,
    disclosure_options,
    files_argument,
    verbose_option,
)

if TYPE_CHECKING:
    from converters import DocumentError
    from yusuan.batch.jobs import JobChecks, Outcome
    from yusuan.batch.run import Batch

EXTENSIONS = {
    "text": ".txt",
    "json": ".json",
    "earl": ".earl.ttl",
    "ttl": ".ttl",
    "html": ".html",
    "docx": ".docx",
    "xlsx": ".xlsx",
    "pdf": ".pdf",
    "csv": ".csv",
    "sarif": ".sarif",
    "junit": ".xml",
}
REPORT_FORMATS = tuple(EXTENSIONS)


def _known_suffix(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    if path is not None:
        from server.reports.receipt import RECEIPT_FORMATS

        if path.suffix not in RECEIPT_FORMATS:
            raise click.BadParameter(f"the name of a receipt ends in {', '.join(RECEIPT_FORMATS)}")
    return path


@click.command()
@files_argument
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
    "--earlier",
    metavar="REPORT",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Earlier report in JSON: tells what is mended, still there and new; its reasons are kept.",
)
@click.option(
    "--waivers",
    metavar="REPORT",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Report in CSV or JSON with reasons: findings with a reason are accepted and do not count for the exit code.",
)
@click.option(
    "--receipt",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_known_suffix,
    help="Also write a receipt in Turtle (.ttl) or JSON-LD (.jsonld): digests of all inputs, rules, engine, counts.",
)
@click.option(
    "--server", metavar="URL", help="Check the files as one disclosure on this service, and fetch its report."
)
@click.option("--store", type=click.Path(path_type=Path), help="Compare with what this store has published.")
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
@batch_options
@disclosure_options
@verbose_option
def validate(
    files: tuple[Path, ...],
    form: str | None,
    output: Path | None,
    fail_on: str,
    earlier: Path | None,
    waivers: Path | None,
    receipt: Path | None,
    server: str | None,
    store: Path | None,
    engine: str,
    shapes_files: tuple[Path, ...],
    verbose: bool,
    disclosures: DisclosureOptions,
    many: BatchOptions,
) -> None:
    """Check disclosures: find the figures that contradict each other, and their places.

    Disclosures of one organisation are also compared with each other, for example a final account with the budget it
    quotes. Exit code 0 if each conforms, 1 if one does not conform or was not fully checked (or has a warning, with
    --fail-on warning), 2 if a file could not be read or contains no known table.

    A folder, a ZIP archive or a pattern stands for the files in it. With -j, --cluster or a folder as OUTPUT each
    disclosure is checked by itself (and against the store), with a line for each; the folder receives a report of each
    in the form of --format (by default JSON) and report.csv, and the same command goes on where it was stopped.
    """
    from server.reports.receipt import receipt_to_bytes
    from server.store.durable_files import write_durably
    from shapes.user_shapes import ShapesFileError
    from yusuan.api import Validated, disclosures_of, load_check_options
    from yusuan.batch.paths import find_files
    from yusuan.cross_disclosure import DisclosureSet, check_together
    from yusuan.validation.earlier_reports import ReportFileError, compare_documents, waivers_to_text
    from yusuan.validation.receipts import build_receipt
    from yusuan.validation_output import validated_to_bytes

    language, base = disclosures.language, disclosures.base
    is_folder = output is not None and (output.is_dir() or not output.suffix)
    _require_one_report(receipt, output, is_one=server is None and not is_folder and not many.parallel)
    if server is not None:
        parts = {"file": files, "shapes": shapes_files, "earlier": (earlier,), "waivers": (waivers,)}
        given = {name: tuple(path for path in paths if path is not None) for name, paths in parts.items()}
        sys.exit(_validate_remotely(server, given, form or form_of(output), output, fail_on, language))
    failures: list[DocumentError] = []
    try:
        options = load_check_options(engine, shapes_files)
        if is_folder or many.parallel:
            checks = _checks_of_many(
                form, output, is_folder=is_folder, compared=earlier is not None or waivers is not None
            )
            checks = replace(
                checks,
                engine=engine,
                shapes=tuple(str(path.resolve()) for path in shapes_files),
                store=None if store is None else str(store.resolve()),
                language=language,
                fail_on=fail_on,
                verbose=verbose,
            )
            suffix = EXTENSIONS.get(checks.form, "")
            batch = open_batch("validate", disclosures, many, output, suffix=suffix, checks=checks)
            sys.exit(_validate_many(files, batch, fail_on, language))
        chosen = form or form_of(output)
        inputs = disclosures.load_inputs()
        each = disclosures_of(find_files(files), disclosures.together)
        checked = check_disclosures(each, base, language, inputs, failures, options)
        others = DisclosureSet(base, store, inputs, options)
        documents = check_together(checked, others)
        documents = compare_documents(documents, earlier, waivers, language)
        click.echo(waivers_to_text(documents, language) if waivers else "", nl=waivers is not None, err=True)
        validated = Validated(tuple(documents), tuple(failures))
        colour = output is None and sys.stdout.isatty()
        content = validated_to_bytes(validated, chosen, language, fail_on=fail_on, colour=colour, verbose=verbose)
        if receipt is not None:
            reports = {"earlier": earlier, "waivers": waivers}
            made = build_receipt(
                documents, len(failures), inputs, options, datetime.now(UTC), **reports, compared=others.compared
            )
            write_durably(receipt, receipt_to_bytes(made, receipt.suffix, base))
    except ReportFileError as error:
        click.echo(error.text, err=True)
        sys.exit(NOTHING)
    except ShapesFileError as error:
        click.echo(message("shapes-unusable", language, file=error.file, reason=error.reason), err=True)
        sys.exit(NOTHING)
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


def form_of(output: Path | None) -> str:
    """Return the form of a report by the extension of its file, text if that says nothing."""
    return next((name for name in REPORT_FORMATS if output and output.name.endswith(EXTENSIONS[name])), "text")


def _require_one_report(receipt: Path | None, output: Path | None, *, is_one: bool) -> None:
    """Raise BadParameter for a receipt of anything but one report made here, or in the file of the report."""
    if receipt is not None and not is_one:
        raise click.BadParameter("a receipt belongs to one report made here", param_hint="--receipt")
    if receipt is not None and output is not None and receipt.resolve() == output.resolve():
        raise click.BadParameter("a receipt needs another file than the report", param_hint="--receipt")


def _validate_remotely(
    server: str,
    files: Mapping[str, Sequence[Path]],
    form: str,
    output: Path | None,
    fail_on: str,
    language: str,
) -> int:
    """Write the report of a service on files, and return the exit code."""
    from server.store.durable_files import write_durably
    from yusuan.validation.remote import RemoteValidationError, report_fails, report_to_text, validate_remotely

    try:
        report, content = validate_remotely(server, files, "json" if form == "text" else form, language)
    except (OSError, RemoteValidationError) as error:
        click.echo(error, err=True)
        return NOTHING
    if form == "text":
        content = report_to_text(report, language).encode()
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        write_durably(output, content)
    return VIOLATIONS if report_fails(report, fail_on) else 0


def _checks_of_many(form: str | None, output: Path | None, *, is_folder: bool, compared: bool) -> JobChecks:
    """Return the checks of many disclosures in the form of their reports. Raise BadParameter for what needs one."""
    from yusuan.batch.jobs import JobChecks

    if output is not None and not is_folder:
        raise click.BadParameter("-j and --cluster need a folder to write to", param_hint="-o")
    if form is not None and output is None:
        raise click.BadParameter("many reports need a folder to be written to (-o)", param_hint="--format")
    if compared:
        raise click.BadParameter("earlier reports and reasons belong to one report", param_hint="--earlier/--waivers")
    return JobChecks(form=form or ("" if output is None else "json"))


def _validate_many(files: tuple[Path, ...], batch: Batch, fail_on: str, language: str) -> int:
    from yusuan.batch.run import run_batch

    found = find_many(files)
    return exit_code(report_outcomes(run_batch(batch, found), len(found), language), fail_on)


def exit_code(outcomes: Sequence[Outcome], fail_on: str) -> int:
    """Return the exit code for the outcomes of checking many disclosures, as for one."""
    from yusuan.checked_document import VERDICTS

    if any(outcome.failed or not outcome.kinds for outcome in outcomes):
        return NOTHING
    warned = fail_on == "warning" and any(outcome.warnings for outcome in outcomes)
    return VIOLATIONS if warned or any(outcome.verdict != VERDICTS[True] for outcome in outcomes) else 0
