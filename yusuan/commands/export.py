"""`yusuan export`: published data in other formats."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from yusuan.commands.shared.options import base_option, store_option


@click.group()
def export() -> None:
    """Export published data in other formats."""


@export.command()
@store_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write instead of printing."
)
@base_option
def ocds(store: Path, output: Path | None, base: str) -> None:
    """Write the published procurement notices as a release package of the Open Contracting Data Standard 1.1.

    The planning section of a release names the budget project whose code the notice prints, and the fact of its
    procurement line where the project has one line alone.
    """
    from server.exports.ocds_releases import package
    from server.sparql.query_templates import fill_query
    from yusuan.stores.local_source import LocalSource

    source = LocalSource(store, base)

    def rows(question: str) -> list[dict[str, str]]:
        names, solutions = source.solutions(fill_query(question))
        return [
            {name: term[0] for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in solutions
        ]

    content = package(
        rows("which_notices_are_published"),
        rows("which_awards_are_published"),
        rows("which_procurement_lines_have_the_projects_of_notices"),
        base,
        datetime.now(UTC),
    )
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
