"""The command line: convert, validate, publish, serve, query."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ontology import DEFAULT_BASE
from ontology.messages import message
from server.errors import ServiceError
from yusuan.commands.codes import codes as codes_group
from yusuan.commands.coverage import coverage as coverage_command
from yusuan.commands.keys import keys as keys_group
from yusuan.commands.missing_modules import missing_module_to_text
from yusuan.commands.options import (
    LANGUAGE,
    NOTHING,
    VIOLATIONS,
    base_option,
    codes_option,
    files_argument,
    find_known_or_stop,
    language_option,
    register_option,
    store_option,
    terminal_language,
    together_option,
)
from yusuan.commands.organisations import organisations as organisations_group
from yusuan.commands.store import backup, restore, retract, verify
from yusuan.commands.templates import templates as templates_command

if TYPE_CHECKING:
    from converters import Conversion, DocumentError
    from yusuan.checked import Checked
    from yusuan.inputs import Inputs


class Commands(click.Group):
    """The commands; what a store, the service or the installation refuses is told in the user's language, code 2."""

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(context)
        except ServiceError as error:
            click.echo(error.text(self._language(context)), err=True)
        except ModuleNotFoundError as error:
            text = missing_module_to_text(error.name or "", context.invoked_subcommand or "", self._language(context))
            if text is None:
                raise
            click.echo(text, err=True)
        except OSError as error:
            if error.filename is None:
                raise
            file = str(error.filename).removesuffix(".new")
            click.echo(message("cannot-write", self._language(context), file=file, reason=error.strerror), err=True)
        return context.exit(NOTHING)

    def _language(self, context: click.Context) -> str:
        return context.meta.get(LANGUAGE) or terminal_language(context, None, None)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="yusuan", prog_name="yusuan")
def main() -> None:
    """Budgets and final accounts of Chinese government departments as linked data.

    \b
    yusuan validate budget.txt              which figure contradicts which other
    yusuan convert budget.txt -o out.csv    every printed figure with its coordinates
    yusuan coverage budget.txt              what became of every number, and what was not converted
    yusuan publish budget.txt --store data  check and add to a store
    yusuan serve --store data               pages and a SPARQL endpoint
    yusuan query --store data 'SELECT ...'  ask the store from the shell
    yusuan verify --store data              see whether a store is whole
    yusuan codes import list.xlsx ...       bring in an official code list
    yusuan organisations review *.txt       see which names were taken for one office
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # files and pipes, where Windows would write its code page


@main.command()
@files_argument
@together_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write (default: N-Quads to standard output).",
)
@codes_option
@register_option
@base_option
@language_option
def convert(
    files: tuple[Path, ...],
    together: bool,
    output: Path | None,
    codes: Path | None,
    registers: tuple[Path, ...],
    base: str,
    language: str,
) -> None:
    """Turn disclosures into RDF or CSV.

    The ending of OUTPUT says which: .nq and .trig keep a graph for each version and its catalogue, .ttl and .nt hold
    all in one, .csv has a row for each printed figure. What was not converted is listed on standard error. Exit code
    2 if a file could not be read or holds no known table; the others are converted all the same.
    """
    from server.store.durable_files import write_durably
    from yusuan.api import convert_known, disclosures_of
    from yusuan.commands.output import OUTPUT_FORMATS, conversions_to_bytes

    suffix = output.suffix.lower() if output else ".nq"
    if suffix not in OUTPUT_FORMATS:
        raise click.BadParameter(
            f"unknown ending {suffix or '(none)'}; known: {', '.join(OUTPUT_FORMATS)}", param_hint="-o"
        )
    known = find_known_or_stop(codes, registers, language)
    conversions: list[Conversion] = []
    failed = False
    with _progress(disclosures_of(files, together)) as disclosures:
        for paths in disclosures:
            with _reported(language) as outcome:
                conversions.append(convert_known(paths, base, known))
            failed |= outcome.failed
    for conversion in conversions:
        _print_issues(conversion, language)
    if conversions:
        content = conversions_to_bytes(conversions, suffix)
        if output is None:
            sys.stdout.buffer.write(content)
        else:
            write_durably(output, content)
    sys.exit(NOTHING if failed else 0)


@main.command()
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
    from yusuan.cross_disclosure import DisclosureSet, check_beside

    failures: list[DocumentError] = []
    known = find_known_or_stop(codes, registers, language)
    checked = _check(disclosures_of(files, together), base, language, known, failures)
    documents = check_beside(checked, DisclosureSet(base, store, known))
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


@main.command()
@files_argument
@together_option
@store_option
@codes_option
@register_option
@base_option
@language_option
def publish(
    files: tuple[Path, ...],
    together: bool,
    store: Path,
    codes: Path | None,
    registers: tuple[Path, ...],
    base: str,
    language: str,
) -> None:
    """Convert, check and add disclosures to a store, all in one step that readers see whole or not at all.

    Findings do not stop it: they are published beside the figures. What a disclosure quotes is compared with what was
    published before it. Exit code 2 if a file gave nothing; the others are published all the same.
    """
    from yusuan.api import disclosures_of
    from yusuan.commands.output import say
    from yusuan.cross_disclosure import DisclosureSet, check_in_turn
    from yusuan.publishing import publish_checked

    known = find_known_or_stop(codes, registers, language)
    failures: list[DocumentError] = []
    published: list[str] = []

    def noted(documents: Iterator[Checked]) -> Iterator[Checked]:
        for document in documents:
            published.append(document.conversion.disclosure_iri)
            yield document

    checked = _check(disclosures_of(files, together), base, language, known, failures)
    documents = noted(check_in_turn(checked, DisclosureSet(base, store, known)))
    first = next(documents, None)
    if first is not None:
        generation = publish_checked(chain([first], documents), store, base, known)
        for disclosure in published:
            say("published", language, disclosure=disclosure, generation=generation.name)
    sys.exit(NOTHING if failures else 0)


@main.command()
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="YUSUAN_SETTINGS",
    help="A file of settings in TOML, see docs/deploying.md (also: YUSUAN_SETTINGS).",
)
@click.option("--store", type=click.Path(path_type=Path, file_okay=False), help="Folder of the store.")
@click.option("--port", type=click.IntRange(0, 65535), help="By default 8000; 0 takes a free port.")
@click.option("--host", help="By default 127.0.0.1; 0.0.0.0 lets other machines in.")
@click.option("--base", help=f"What all addresses begin with; by default {DEFAULT_BASE}.")
@codes_option
@register_option
@language_option
def serve(
    file: Path | None,
    store: Path | None,
    port: int | None,
    host: str | None,
    base: str | None,
    codes: Path | None,
    registers: tuple[Path, ...],
    language: str,
) -> None:
    """Serve the pages and the SPARQL endpoint of a store until interrupted.

    What is not said here comes from the environment (YUSUAN_STORE, YUSUAN_PORT ...), else from the settings file. The
    page that checks files asks the lists and registers given with --codes and --register as well.
    """
    from yusuan.commands import serve as serving

    given = {"store": store, "port": port, "host": host, "base": base, "codes": codes, "registers": registers or None}
    settings = serving.settings_or_stop(file, language, **given)
    serving.read_keys_or_stop(settings.keys, language)
    find_known_or_stop(settings.codes, settings.registers, language)
    serving.serve(settings, language)


@main.command()
@store_option
@click.argument("sparql", metavar="QUERY")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "tsv", "json", "xml", "ttl", "nt"]),
    default=None,
    help="By default csv for SELECT and ASK, ttl for CONSTRUCT and DESCRIBE.",
)
@base_option
@language_option
def query(store: Path, sparql: str, form: str | None, base: str, language: str) -> None:
    """Ask a store a SPARQL query; QUERY is the query, or @FILE to read it from a file."""
    from converters.model.document import DocumentError
    from yusuan.commands.query import answer, read_query

    try:
        content = answer(store, read_query(sparql), form, base)
    except DocumentError as error:
        click.echo(error.text(language), err=True)
        sys.exit(NOTHING)
    sys.stdout.buffer.write(content)


main.add_command(codes_group)
main.add_command(coverage_command)
main.add_command(keys_group)
main.add_command(organisations_group)
main.add_command(templates_command)
for command in (retract, backup, restore, verify):
    main.add_command(command)


class _Outcome:
    """Whether the work inside `_reported` failed, and how."""

    failed = False
    error: DocumentError | None = None


@contextmanager
def _reported(language: str) -> Iterator[_Outcome]:
    """Print a document's error in the user's language and go on."""
    from converters import DocumentError

    outcome = _Outcome()
    try:
        yield outcome
    except DocumentError as error:
        outcome.failed, outcome.error = True, error
        click.echo(error.text(language), err=True)


@contextmanager
def _progress(disclosures: Sequence[Sequence[Path]]) -> Iterator[Iterator[Sequence[Path]]]:
    """A progress bar on a terminal when there are several disclosures, nothing in a pipe."""
    hidden = len(disclosures) < 2 or not sys.stderr.isatty()
    with click.progressbar(disclosures, file=sys.stderr, hidden=hidden, item_show_func=_file_names) as bar:
        yield iter(bar)


def _file_names(paths: Sequence[Path] | None) -> str:
    return " ".join(path.name for path in paths or ())


def _check(
    disclosures: Sequence[Sequence[Path]], base: str, language: str, known: Inputs, failures: list[DocumentError]
) -> Iterator[Checked]:
    """The disclosures, checked one by one; the error of each that gave nothing is printed and added to the failures."""
    from yusuan.api import check_file
    from yusuan.commands.output import note_half, warn_of_halves

    halves: dict[str, dict[str, str]] = {}
    with _progress(disclosures) as files:
        for paths in files:
            with _reported(language) as outcome:
                checked = check_file(paths, base, known)
            if outcome.error is None:
                note_half(checked.conversion, halves)
                yield checked
            else:
                failures.append(outcome.error)
    warn_of_halves(halves, language)


def _print_issues(conversion: Conversion, language: str) -> None:
    for issue in conversion.issues:
        click.echo(f"{conversion.file_of(issue.locator).source.name}: {issue.text(language)}", err=True)
