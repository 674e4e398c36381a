"""`yusuan validate`: check disclosures against the rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ontology.messages import message
from yusuan.commands.options import (
    NOTHING,
    VIOLATIONS,
    base_option,
    codes_option,
    files_argument,
    language_option,
    load_inputs_or_exit,
    register_option,
    together_option,
    verbose_option,
)
from yusuan.commands.progress import check_disclosures

if TYPE_CHECKING:
    from converters import DocumentError


@click.command()
@files_argument
@together_option
@click.option("--format", "form", type=click.Choice(["text", "json", "ttl"]), default="text", show_default=True)
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
@codes_option
@register_option
@base_option
@verbose_option
@language_option
def validate(
    files: tuple[Path, ...],
    together: bool,
    form: str,
    store: Path | None,
    engine: str,
    shapes_files: tuple[Path, ...],
    codes: Path | None,
    registers: tuple[Path, ...],
    base: str,
    verbose: bool,
    language: str,
) -> None:
    """Check disclosures: find the figures that contradict each other, and their places.

    Disclosures of one organisation are also compared with each other, for example a final account with the budget it
    quotes. Exit code 0 if each conforms, 1 if one does not conform or was not fully checked, 2 if a file could not be
    read or contains no known table.
    """
    from shapes.user_shapes import ShapesFileError
    from yusuan.api import Validated, disclosures_of, load_check_options
    from yusuan.commands.output import checked_to_text, report_to_turtle
    from yusuan.cross_disclosure import DisclosureSet, check_together

    failures: list[DocumentError] = []
    inputs = load_inputs_or_exit(codes, registers, language)
    try:
        options = load_check_options(engine, shapes_files)
        checked = check_disclosures(disclosures_of(files, together), base, language, inputs, failures, options)
        documents = check_together(checked, DisclosureSet(base, store, inputs, options))
    except ShapesFileError as error:
        click.echo(message("shapes-unusable", language, file=error.file, reason=error.reason), err=True)
        sys.exit(NOTHING)
    if form == "json":
        click.echo(Validated(tuple(documents), tuple(failures)).to_json())
    elif form == "ttl":
        sys.stdout.buffer.write(report_to_turtle(documents))
    else:
        colour = sys.stdout.isatty()
        for document in documents:
            click.echo(checked_to_text(document, language, colour=colour, verbose=verbose))
    if failures:
        sys.exit(NOTHING)
    if not all(document.has_tables for document in documents):
        sys.exit(NOTHING)
    sys.exit(0 if all(document.conforms for document in documents) else VIOLATIONS)
