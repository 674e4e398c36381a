"""`yusuan keys`: the keys of clients that may write to a service."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from yusuan.commands.shared.options import language_option

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
    """Add, list and revoke the keys of clients that may write.

    A service that is started with the file accepts updates from clients that send one of its keys in the header
    `Authorization: Bearer KEY`. The file contains digests only; a key is shown once, when it is added.
    """


@keys.command()
@click.argument("name")
@file_option
@language_option
def add(name: str, file: Path, language: str) -> None:
    """Create a key for NAME and print it to standard output."""
    from ontology.messages import message
    from server.http.client_keys import add_key

    secret = add_key(file, name, datetime.now(UTC).date())
    click.echo(secret)
    click.echo(message("key-added", language, name=name, file=file), err=True)


@keys.command("list")
@file_option
@language_option
def list_(file: Path, language: str) -> None:
    """List the names of all keys with the date on which each was added."""
    from ontology.messages import message
    from server.http.client_keys import read_keys

    keys = read_keys(file)
    for key in keys:
        click.echo(f"{key.made.isoformat()}  {key.name}")
    if not keys:
        click.echo(message("keys-none", language, file=file), err=True)


@keys.command()
@click.argument("name")
@file_option
@language_option
def revoke(name: str, file: Path, language: str) -> None:
    """Revoke the key of NAME. A running service refuses it from the next request on."""
    from server.http.client_keys import revoke_key
    from yusuan.commands.shared.output import say

    revoke_key(file, name)
    say("key-revoked", language, name=name)
