"""`yusuan codes`: import official code lists and compare lists."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from yusuan.commands.shared.options import NOTHING, language_option

if TYPE_CHECKING:
    from ontology.codelists.comparison import Changes
    from ontology.codelists.edition_files import ImportedEdition, OfficialScheme
    from ontology.codelists.entries import CodeEntries
    from ontology.codelists.tables import CodeTableError, Rows

_SHOWN = 20

file_type = click.Path(path_type=Path, dir_okay=False)
scheme_option = click.option(
    "--scheme",
    "name",
    required=True,
    metavar="NAME",
    help="Which list: function, economic, government-economic, procurement-item or division.",
)
all_option = click.option("--all", "every", is_flag=True, help=f"Show every change, not the first {_SHOWN} of a sort.")


@click.group()
def codes() -> None:
    """Import official code lists and compare lists."""


@codes.command("import")
@click.argument("file", type=file_type)
@scheme_option
@click.option("--edition", "year", required=True, type=click.IntRange(1949, 2999), help="Budget year of the list.")
@click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("codes"),
    envvar="YUSUAN_CODES",
    show_default=True,
    help="Folder of your editions (also: YUSUAN_CODES).",
)
@click.option("--same", multiple=True, metavar="CODE", help="A code that keeps its meaning under another name.")
@click.option("--other", multiple=True, metavar="CODE", help="A code with a new meaning from this edition on.")
@click.option("--whole", is_flag=True, help="The list is complete although most known codes are missing from it.")
@click.option("--yes", is_flag=True, help="Replace an existing edition.")
@click.option("--dry-run", is_flag=True, help="Show the changes and write nothing.")
@all_option
@language_option
def import_(
    file: Path,
    name: str,
    year: int,
    folder: Path,
    same: tuple[str, ...],
    other: tuple[str, ...],
    *,
    whole: bool,
    yes: bool,
    dry_run: bool,
    every: bool,
    language: str,
) -> None:
    """Import an official list (xlsx, csv, docx, pdf) as the complete edition of one budget year.

    Columns of codes and names are detected by their content. The changes against the codes known for that year are
    shown. Where a name does not tell whether a code keeps its meaning, decide with --same and --other; the decisions
    are kept in the edition. The edition is written as a Turtle file; pass its folder to convert, validate and publish
    with --codes. Exit code 2 if nothing was written.
    """
    from ontology.codelists.edition_files import edition_file
    from ontology.codelists.tables import CodeTableError
    from server.store.durable_files import write_durably
    from yusuan.commands.shared.output import say

    try:
        scheme = _scheme(name)
        entries = _read_entries(file, scheme)
        target = edition_file(folder, name, year)
        edition = _to_edition(entries, scheme, year, file.name, target, same, other)
    except CodeTableError as error:
        _fail(error, language)
    except (OSError, SyntaxError) as error:
        _fail(CodeTableError("codes-unreadable", file=folder, reason=error), language)
    say("codes-read", language, n=len(entries.names), file=file, unused=entries.unused_rows)
    _print_unread(entries, language, every)
    _print_changes(edition.changes, language, every)
    if edition.without_parent:
        _print_list(
            "codes-without-parent", {code: entries.names[code] for code in edition.without_parent}, language, every
        )
    before = len(entries.names) - len(edition.changes.added) + len(edition.changes.ended)
    if not whole and 2 * len(edition.changes.ended) > before:
        say("codes-not-whole", language, ended=len(edition.changes.ended), known=before)
        sys.exit(NOTHING)
    if dry_run:
        return
    if target.exists() and target.read_bytes() != edition.turtle:
        from ontology.messages import message

        if not yes and not (sys.stdin.isatty() and click.confirm(message("codes-replace", language, file=target))):
            say("codes-kept", language, file=target)
            sys.exit(NOTHING)
    folder.mkdir(parents=True, exist_ok=True)
    write_durably(target, edition.turtle)
    say("codes-written", language, file=target, folder=folder)


@codes.command()
@click.argument("old", type=file_type)
@click.argument("new", type=file_type)
@scheme_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@all_option
@language_option
def diff(old: Path, new: Path, name: str, form: str, *, every: bool, language: str) -> None:
    """Show the changes from list OLD to list NEW (official files, or imported editions in .ttl)."""
    from ontology.codelists.comparison import compare_lists, generic_words
    from ontology.codelists.edition_files import read_edition_decisions
    from ontology.codelists.tables import CodeTableError

    try:
        scheme = _scheme(name)
        before, now = (_names(path, scheme) for path in (old, new))
        decided = read_edition_decisions(new, scheme) if new.suffix == ".ttl" else {}
    except CodeTableError as error:
        _fail(error, language)
    common = generic_words([*before.values(), *now.values()])
    changes = compare_lists({code: (label,) for code, label in before.items()}, now, common, decided)
    if form == "json":
        click.echo(json.dumps(changes.to_json(), ensure_ascii=False, indent=2))
    else:
        _print_changes(changes, language, every)


def _scheme(name: str) -> OfficialScheme:
    from ontology.codelists.edition_files import official_schemes
    from ontology.codelists.tables import CodeTableError

    schemes = official_schemes()
    if name not in schemes:
        raise CodeTableError("codes-unknown-scheme", name=name, known=", ".join(sorted(schemes)))
    return schemes[name]


def _to_edition(
    entries: CodeEntries,
    scheme: OfficialScheme,
    year: int,
    source: str,
    target: Path,
    same: tuple[str, ...],
    other: tuple[str, ...],
) -> ImportedEdition:
    """Build the edition for `target` from earlier decisions in its folder and from --same and --other."""
    from ontology.codelists.decisions import decide, read_decisions
    from ontology.codelists.edition_files import edition_files, edition_key, import_edition
    from ontology.vocabulary import load_vocabulary

    files = edition_files(target.parent)
    known = load_vocabulary(codes=tuple(path for path in files if path != target))
    before = known.lists.whole(scheme.key)
    decided = read_decisions(files, edition_key(scheme, year), before)
    return import_edition(entries.names, scheme, year, source, known, decide(decided, same, other, before, year))


def _names(path: Path, scheme: OfficialScheme) -> Mapping[str, str]:
    """Read names by code from an official list or an imported edition."""
    from ontology.codelists.edition_files import read_edition_names

    return read_edition_names(path, scheme) if path.suffix == ".ttl" else _read_entries(path, scheme).names


def _read_entries(path: Path, scheme: OfficialScheme) -> CodeEntries:
    from ontology.codelists.entries import find_entries
    from ontology.codelists.tables import read_code_tables

    tables = _read_pdf_tables(path) if path.suffix.lower() == ".pdf" else read_code_tables(path)
    return find_entries(tables, scheme.pattern, scheme.known_names)


def _read_pdf_tables(path: Path) -> list[Rows]:
    """Read the tables of a PDF; a merged cell is repeated in each column it spans."""
    from converters import DocumentError, read_document
    from ontology.codelists.tables import CodeTableError

    try:
        grids = read_document(path).grids
    except DocumentError as error:
        raise CodeTableError("codes-unreadable", file=path, reason=error) from error
    return [
        [
            [cell.text if (cell := grid.covering.get((row, column))) else "" for column in range(1, grid.n_cols + 1)]
            for row in range(1, grid.n_rows + 1)
        ]
        for grid in grids
    ]


def _print_unread(entries: CodeEntries, language: str, every: bool) -> None:
    """Print the rows with a code and no name, by table and row."""
    _print_list("codes-unread", {f"{table}:{row}": text for table, row, text in entries.unread}, language, every)


def _print_changes(changes: Changes, language: str, every: bool) -> None:
    from yusuan.commands.shared.output import say

    say(
        "codes-changes",
        language,
        added=len(changes.added),
        renamed=len(changes.renamed),
        reused=len(changes.reused),
        ended=len(changes.ended),
    )
    for key, pairs in (("codes-renamed", changes.renamed), ("codes-reused", changes.reused)):
        _print_list(key, {code: f"{before} → {now}" for code, (before, now) in pairs.items()}, language, every)
    moved = {before: f"{label} → {now}" for label, (before, now) in changes.moved.items()}
    _print_list("codes-moved", moved, language, every)
    _print_list("codes-ended", changes.ended, language, every)
    _print_list("codes-added", changes.added, language, every)


def _print_list(key: str, lines: Mapping[str, str], language: str, every: bool) -> None:
    from ontology.messages import message
    from yusuan.commands.shared.output import say

    if not lines:
        return
    say(key, language, n=len(lines))
    for code, text in list(lines.items())[: None if every else _SHOWN]:
        click.echo(f"  {code}  {text}")
    if not every and len(lines) > _SHOWN:
        click.echo("  " + message("codes-more", language, n=len(lines) - _SHOWN))


def _fail(error: CodeTableError, language: str) -> NoReturn:
    from ontology.messages import message

    click.echo(message(error.key, language, **error.values), err=True)
    sys.exit(NOTHING)
