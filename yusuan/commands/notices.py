"""`yusuan notices`: what procurement notices say, as JSON or CSV."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.commands.shared.options import NOTHING, files_argument, language_option
from yusuan.commands.shared.progress import reported_errors

if TYPE_CHECKING:
    from converters.procurement.notice import Notice


@click.command()
@files_argument
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["json", "csv"]),
    default="json",
    show_default=True,
    help="Form of output.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write instead of printing."
)
@click.option(
    "--source", metavar="URL", help="Address of the notice on its site; by default the one printed in the file."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=LABEL",
    help="Column of a list that holds a field, by its label; repeatable.",
)
@language_option
def notices(
    files: tuple[Path, ...],
    format_name: str,
    output: Path | None,
    source: str | None,
    columns: tuple[str, ...],
    language: str,
) -> None:
    """Show what procurement notices say: numbers, buyer, project, budget, award, suppliers, lots.

    Files are notices as text, web pages, Word files or PDF, answers of procurement sites' data interfaces (JSON), OCDS
    releases and record packages, and lists (CSV, XLSX) with a row for each purchase. What is not printed, or not
    certain, is null; amounts are in yuan. Names and numbers of experts and contacts are not read.

    What could not be read is listed on standard error, field by field. Exit code 2 if a file is no notice; the other
    files are still shown.
    """
    from converters.procurement.notice_rows import notice_issues, notices_to_csv, notices_to_json
    from converters.procurement.sources.files import read_notices
    from converters.procurement.sources.lists import mapping_to_lines
    from ontology.messages import message
    from yusuan.batch.paths import find_files

    corrections = _corrections(columns)
    found: list[Notice] = []
    failed = False
    for path in find_files(files):
        with reported_errors(language) as outcome:
            read = read_notices(path, corrections, source)
        if outcome.error is not None:
            failed = True
            continue
        if read.mapping is not None:
            listed = message("list-separator", language).join(mapping_to_lines(read.mapping, language))
            click.echo(message("notice-columns", language, file=path.name, columns=listed), err=True)
        for notice in read.notices:
            for line in notice_issues(notice, language):
                click.echo(f"{path.name}: {line}", err=True)
        found += read.notices
    text = notices_to_csv(found) if format_name == "csv" else notices_to_json(found)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    sys.exit(NOTHING if failed else 0)


def _corrections(columns: tuple[str, ...]) -> dict[str, str]:
    pairs = [column.partition("=") for column in columns]
    if any(not (field and equals and label) for field, equals, label in pairs):
        raise click.BadParameter("needs FIELD=LABEL", param_hint="--column")
    return {field: label for field, _, label in pairs}
