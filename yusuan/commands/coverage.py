"""`yusuan coverage`: how much of a disclosure is converted, and which numbers are not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ontology.messages import message
from yusuan.commands.shared.options import (
    NOTHING,
    codes_option,
    files_argument,
    language_option,
    load_inputs_or_exit,
    register_option,
    together_option,
)

if TYPE_CHECKING:
    from converters import Conversion, Coverage, Number
    from converters.reports.coverage import TableCoverage
    from yusuan.inputs import Inputs

_NAME_WIDTH = 3


@click.command()
@files_argument
@together_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@codes_option
@register_option
@language_option
def coverage(
    files: tuple[Path, ...],
    together: bool,
    form: str,
    codes: Path | None,
    registers: tuple[Path, ...],
    language: str,
) -> None:
    """Show how each printed number of a disclosure was converted.

    Each number is one of these: a figure with coordinates, a code or label, text, withheld (personal data), or not
    converted. Numbers that were not converted are listed with their context and page, and so are wordings of the text
    that are not known. For each table: its kind, the
    number of rows and figures, and how many figures are converted and confirmed by sums. Exit code 2 if a file could
    not be read or contains no known table.
    """
    from converters import DocumentError
    from yusuan.api import disclosures_of

    inputs = load_inputs_or_exit(codes, registers, language)
    shown: list[dict[str, Any]] = []
    failed = False
    for paths in disclosures_of(files, together):
        try:
            conversion, found = _cover(paths, inputs)
        except DocumentError as error:
            click.echo(error.text(language), err=True)
            failed = True
            continue
        if form == "json":
            shown.append(_to_json(conversion, found))
        else:
            click.echo("\n".join(_to_lines(conversion, found, language)))
    if form == "json":
        click.echo(json.dumps({"documents": shown}, ensure_ascii=False, indent=2))
    sys.exit(NOTHING if failed else 0)


def _cover(paths: Sequence[Path], inputs: Inputs) -> tuple[Conversion, Coverage]:
    from converters import convert_document
    from converters import coverage as cover
    from converters.model.document import document_errors
    from yusuan.api import read_files

    with document_errors(paths[0]):
        document = read_files(paths)
        conversion = convert_document(document, vocabulary=inputs.vocabulary, register=inputs.register)
        return conversion, cover(document, conversion)


def _to_json(conversion: Conversion, found: Coverage) -> dict[str, Any]:
    from converters.reports.coverage_json import coverage_to_json

    return {
        "files": [document.source.name for document in conversion.documents],
        "organisation": conversion.organisation_name,
        "year": conversion.content.year,
        "phase": conversion.vocabulary.notation(conversion.content.phase),
        **coverage_to_json(found),
    }


def _to_lines(conversion: Conversion, found: Coverage, language: str) -> Iterator[str]:
    """Yield the lines of the text report: title, counts, a line for each table, the numbers not converted."""
    phase = conversion.vocabulary.concepts[conversion.content.phase].label(language)
    files = ", ".join(document.source.name for document in conversion.documents)
    yield f"{conversion.organisation_name}  {conversion.content.year}  {phase}  ({files})"
    counts = {use.name.lower(): count for use, count in found.counts.items()}
    yield message("coverage-counts", language, total=len(found.numbers), **counts)
    if found.recognised:
        yield message("coverage-recognised", language, n=found.recognised)
    for table in found.tables:
        yield "  " + _table_line(table, conversion, language)
    if len(found.tables) > 1:
        yield "  " + message("coverage-all-tables", language, **_shares(found.tables))
    if found.not_converted:
        yield message("coverage-lost", language, n=len(found.not_converted))
        yield from ("  " + _number_line(number, found, language) for number in found.not_converted)
    if found.wordings:
        yield message("coverage-wordings", language, n=len(found.wordings))
        yield from ("  " + wording.text(language) for wording in found.wordings)


def _table_line(table: TableCoverage, conversion: Conversion, language: str) -> str:
    number = table.number.rjust(_NAME_WIDTH)
    if table.kind is None:
        values = {"rows": table.rows, "figures": table.figures}
        return message("coverage-unknown-table", language, number=number, title=table.title, **values)
    kind = conversion.vocabulary.concepts[table.kind].label(language)
    return message("coverage-table", language, number=number, title=table.title, kind=kind, **_shares([table]))


def _shares(tables: Sequence[TableCoverage]) -> dict[str, object]:
    """Return rows, figures, and the shares converted and confirmed, summed over tables."""
    figures = sum(table.figures for table in tables)
    converted, confirmed = sum(t.converted for t in tables), sum(t.confirmed for t in tables)
    return {
        "rows": sum(table.rows for table in tables),
        "figures": figures,
        "converted": converted,
        "share": _percent(converted, figures),
        "confirmed": confirmed,
        "confirmed_share": _percent(confirmed, figures),
    }


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _number_line(number: Number, found: Coverage, language: str) -> str:
    from ontology.locators import locator_to_text

    titles = {table.name: table.number for table in found.tables}
    key = "coverage-lost-text" if number.table is None else "coverage-lost-cell"
    place = locator_to_text(number.locator, language)
    table = titles.get(number.table or "", "")
    return message(key, language, place=place, text=number.text, words=number.words, table=table)
