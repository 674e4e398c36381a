"""The care of a store: `yusuan retract`, `backup`, `restore` and `verify`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from yusuan.commands.options import VIOLATIONS, base_option, language_option, store_option


@click.command()
@click.argument("iri", metavar="VERSION_OR_DISCLOSURE")
@store_option
@base_option
@language_option
def retract(iri: str, store: Path, base: str, language: str) -> None:
    """Take a version, or a whole disclosure, out of a store.

    Its figures, findings and document are removed; its address answers 410 Gone, and a graph of the catalogue says
    since when. If it was the current version, the newest that is left becomes current. The address may be given in full
    or from `id/disclosure/` on. Generations that are still being read, and backups, keep what they have.
    """
    from server.store.generation_store import GenerationStore
    from yusuan.commands.output import say

    address = iri if iri.startswith(base) else base + iri.removeprefix("/")
    for version in GenerationStore(store, base).retract(address, datetime.now(UTC)):
        say("retracted-done", language, version=version)


@click.command()
@store_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@base_option
@language_option
def backup(store: Path, file: Path, base: str, language: str) -> None:
    """Back a store up into one FILE (a ZIP archive), while it is being served."""
    from server.store.backups import write_backup
    from server.store.generation_store import GenerationStore
    from yusuan.commands.output import say

    summary = write_backup(GenerationStore(store, base), file)
    say("backup-done", language, file=file, quads=summary.quads, documents=summary.documents)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@store_option
@base_option
@language_option
def restore(file: Path, store: Path, base: str, language: str) -> None:
    """Make what a backup FILE holds the content of a store, new or there already, in one step."""
    from server.store.backups import restore_backup
    from server.store.generation_store import GenerationStore
    from yusuan.commands.output import say

    generations = GenerationStore(store, base)
    summary = restore_backup(generations, file)
    generation = generations.current().name
    say("restore-done", language, quads=summary.quads, documents=summary.documents, generation=generation)


@click.command()
@store_option
@base_option
@language_option
def verify(store: Path, base: str, language: str) -> None:
    """Look whether a store is whole.

    Its files must be as they were written; only then is the database read. Each version must have the digest that its
    address says and its document, and the default graph must hold the vocabulary and the current versions and nothing
    else. Exit code 1 if it is not so.
    """
    from server.store.generation_store import GenerationStore
    from server.store.verification import verify_store
    from yusuan.commands.output import say

    verified = verify_store(GenerationStore(store, base))
    for problem in (*verified.problems, *verified.notes):
        say(problem.key, language, **problem.values)
    if verified.problems:
        say("verify-failed", language, count=len(verified.problems))
        sys.exit(VIOLATIONS)
    say("verify-done", language, **{name: getattr(verified, name) for name in ("generation", "versions", "triples")})
