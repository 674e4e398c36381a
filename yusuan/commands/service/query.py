"""`yusuan query`: query a store from the shell."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from yusuan.commands.shared.options import NOTHING, base_option, language_option, store_option


@click.command()
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
    """Query a store in SPARQL. QUERY is the query itself, or @FILE to read it from a file."""
    from converters.model.document import DocumentError
    from yusuan.stores.store_query import answer, read_query

    try:
        content = answer(store, read_query(sparql), form, base)
    except DocumentError as error:
        click.echo(error.text(language), err=True)
        sys.exit(NOTHING)
    sys.stdout.buffer.write(content)
