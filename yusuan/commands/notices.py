"""`yusuan notices`: what procurement notices say, as JSON or CSV."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.commands.shared.options import NOTHING, files_argument, language_option

if TYPE_CHECKING:
    from converters import DocumentError
    from converters.procurement.notice import Notice
    from converters.procurement.sources.files import NoticeFile


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
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=1, help="Read with this number of processes.")
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
    jobs: int,
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
    from converters.procurement.sources.lists import mapping_to_lines
    from ontology.messages import message
    from yusuan.batch.paths import find_files

    found: list[Notice] = []
    failed = False
    work = partial(_read_file, corrections=_corrections(columns), source=source)
    for path, read in _read_files(find_files(files), work, jobs):
        if isinstance(read, Exception):
            failed = True
            click.echo(read.text(language), err=True)
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


def _read_files(
    files: Sequence[Path], work: partial[NoticeFile | DocumentError], jobs: int
) -> Iterator[tuple[Path, NoticeFile | DocumentError]]:
    """Yield what was read of each file, in the order of files, or the reason why it was not."""
    from converters import DocumentError
    from yusuan.batch.executors import ProcessPool, WorkerDiedError

    if jobs == 1 or len(files) == 1:
        yield from ((path, work(path)) for path in files)
        return
    done = {
        path: DocumentError("job-died", file=path.name) if isinstance(read, WorkerDiedError) else read
        for path, read in ProcessPool(jobs).run(work, files)
    }
    yield from ((path, done[path]) for path in files)


def _read_file(path: Path, corrections: Mapping[str, str], source: str | None) -> NoticeFile | DocumentError:
    from converters import DocumentError
    from converters.procurement.sources.files import read_notices

    try:
        return read_notices(path, corrections, source)
    except DocumentError as error:
        return error


def _corrections(columns: tuple[str, ...]) -> dict[str, str]:
    pairs = [column.partition("=") for column in columns]
    if any(not (field and equals and label) for field, equals, label in pairs):
        raise click.BadParameter("needs FIELD=LABEL", param_hint="--column")
    return {field: label for field, _, label in pairs}
