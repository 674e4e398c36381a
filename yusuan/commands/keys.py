"""`yusuan keys`: who may write to the service."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from yusuan.commands.options import language_option

file_option = click.option(
    "--file",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="YUSUAN_KEYS",
    help="The file of keys (also: YUSUAN_KEYS).",
)


@click.group()
def keys() -> None:
    """Keys with which clients may write: add, list, revoke.

    A service that is given the file accepts updates from whoever sends one of its keys, as
    `Authorization: Bearer KEY`. The file holds digests; a key itself is shown once.
    """


@keys.command()
@click.argument("name")
@file_option
@language_option
def add(name: str, file: Path, language: str) -> None:
    """Make a key for NAME and print it, alone, on standard output."""
    from ontology.messages import message
    from server.http.write_keys import add_key

    secret = add_key(file, name, datetime.now(UTC).date())
    click.echo(secret)
    click.echo(message("key-added", language, name=name, file=file), err=True)


@keys.command("list")
@file_option
@language_option
def list_(file: Path, language: str) -> None:
    """Who has a key, and since when."""
    from ontology.messages import message
    from server.http.write_keys import read_keys

    found = read_keys(file)
    for key in found:
        click.echo(f"{key.made.isoformat()}  {key.name}")
    if not found:
        click.echo(message("keys-none", language, file=file), err=True)


@keys.command()
@click.argument("name")
@file_option
@language_option
def revoke(name: str, file: Path, language: str) -> None:
    """Make the key of NAME worthless; a running service refuses it from its next request on."""
    from server.http.write_keys import revoke_key
    from yusuan.commands.output import say

    revoke_key(file, name)
    say("key-revoked", language, name=name)
