"""Maintenance of a store: `yusuan retract`, `backup`, `restore`, `verify`, `upgrade` and `migrate`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from yusuan.commands.shared.options import VIOLATIONS, base_option, folder_option, language_option, store_option


@click.command()
@click.argument("iri", metavar="VERSION_OR_DISCLOSURE")
@store_option
@base_option
@language_option
def retract(iri: str, store: Path, base: str, language: str) -> None:
    """Retract a version, or all versions of a disclosure, from a store.

    Figures, findings and document are removed. The address then answers 410 Gone, with the date of retraction. If the
    version was current, the newest remaining version becomes current. The address may be given in full or from
    `id/disclosure/` on. Backups, and generations that are still being read, are not changed.
    """
    from server.store.generation_store import open_store
    from yusuan.commands.shared.output import say

    address = iri if iri.startswith(base) else base + iri.removeprefix("/")
    for version in open_store(store, base).retract(address, datetime.now(UTC)):
        say("retracted-done", language, version=version)


@click.command()
@store_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@base_option
@language_option
def backup(store: Path, file: Path, base: str, language: str) -> None:
    """Back up a store to a ZIP archive. The store may be in use."""
    from server.store.generation_store import open_store
    from server.store.remote.maintenance import backup_any
    from yusuan.commands.shared.output import say

    summary = backup_any(open_store(store, base), file)
    say("backup-done", language, file=file, quads=summary.quads, documents=summary.documents)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@store_option
@base_option
@language_option
def restore(file: Path, store: Path, base: str, language: str) -> None:
    """Restore a backup: its content becomes the next generation of a new or existing store."""
    from server.store.generation_store import open_store
    from server.store.remote.maintenance import restore_any
    from yusuan.commands.shared.output import say

    restored = open_store(store, base)
    summary = restore_any(restored, file)
    generation = restored.current().name
    say("restore-done", language, quads=summary.quads, documents=summary.documents, generation=generation)


@click.command()
@store_option
@base_option
@language_option
@click.option("--full", is_flag=True, help="Read all statements again, also of files known to be right.")
def verify(store: Path, base: str, language: str, *, full: bool) -> None:
    """Verify the integrity of a store.

    First the files are compared with their digests; the database is read only if all are intact. Then each version
    must have the digest in its address and its document, and the default graph must contain exactly the vocabulary
    and the current versions. Statements are read once: not again, without --full, while the files are those that
    publishing wrote or that were read before. Exit code 1 if a problem is found.
    """
    from server.store.generation_store import open_store
    from server.store.remote.maintenance import verify_any
    from yusuan.commands.shared.output import say

    verified = verify_any(open_store(store, base), full)
    for problem in (*verified.problems, *verified.notes):
        say(problem.key, language, **problem.values)
    if verified.problems:
        say("verify-failed", language, count=len(verified.problems))
        sys.exit(VIOLATIONS)
    sizes = {name: getattr(verified, name) for name in ("generation", "versions", "triples")}
    say("verify-done-files" if verified.triples is None else "verify-done", language, **sizes)


@click.command()
@folder_option
@base_option
@language_option
def upgrade(store: Path, base: str, language: str) -> None:
    """Convert a store that an earlier release made, with its history.

    Facts are found in the published claims; the documents are not read again. Each version gets another address; the
    old one redirects to it. The service may go on while the store is converted; nothing is changed if that fails.
    """
    from yusuan.commands.shared.output import say
    from yusuan.stores.upgrading import upgrade_versions

    moved = upgrade_versions(store, base)
    say("upgrade-done" if moved else "upgrade-not-needed", language, path=store, n=len(moved))


@click.command()
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path, exists=True))
@click.argument("target", metavar="TO", type=click.Path(path_type=Path))
@base_option
@language_option
def migrate(source: Path, target: Path, base: str, language: str) -> None:
    """Copy a store with its history into an empty one.

    Each is a folder, or the settings file of a SPARQL service (docs/stores.md). FROM may be in use and is not changed.
    """
    from server.store.generation_store import open_store
    from server.store.remote.migration import copy_store
    from yusuan.commands.shared.output import say

    written = open_store(target, base)
    moved = copy_store(open_store(source, base), written)
    say("migrate-done", language, **vars(moved), generation=written.current().name)
    if written.flaws:
        say("service-flaws", language, flaws=", ".join(written.flaws))
