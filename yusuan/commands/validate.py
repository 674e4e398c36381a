"""`yusuan validate`: check disclosures against the rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

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
@codes_option
@register_option
@base_option
@language_option
def validate(
    files: tuple[Path, ...],
    together: bool,
    form: str,
    store: Path | None,
    codes: Path | None,
    registers: tuple[Path, ...],
    base: str,
    language: str,
) -> None:
    """Check disclosures: which figure contradicts which other, and where.

    Several disclosures of one office are compared with each other too: a final account with the budget that it quotes.
    Exit code 0 if there is nothing above a warning, 1 if there are violations, 2 if a file could not be read or holds
    no known table.
    """
    from yusuan.api import Validated, disclosures_of
    from yusuan.commands.output import checked_to_text, report_to_turtle
    from yusuan.cross_disclosure import DisclosureSet, check_together

    failures: list[DocumentError] = []
    inputs = load_inputs_or_exit(codes, registers, language)
    checked = check_disclosures(disclosures_of(files, together), base, language, inputs, failures)
    documents = check_together(checked, DisclosureSet(base, store, inputs))
    if form == "json":
        click.echo(Validated(tuple(documents), tuple(failures)).to_json())
    elif form == "ttl":
        sys.stdout.buffer.write(report_to_turtle(documents))
    else:
        colour = sys.stdout.isatty()
        for document in documents:
            click.echo(checked_to_text(document, language, colour))
    if failures:
        sys.exit(NOTHING)
    sys.exit(0 if all(document.report.conforms for document in documents) else VIOLATIONS)
