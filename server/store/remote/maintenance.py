"""Maintenance of any store: one in a SPARQL service is maintained by way of a copy in a temporary folder.

The copy takes as much space as the store.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from server.store.generation_store import GenerationStore
from server.store.maintenance.backups import Summary, restore_backup, write_backup
from server.store.maintenance.verification import Verified, verify_store
from server.store.remote.migration import copy_store


def verify_any(store: GenerationStore, full: bool = True) -> Verified:
    """Verify everything that is served, as `verify_store`; raises StoreMissingError, StoreUnreachableError.

    Of a store in a service all statements are read.
    """
    if not store.is_remote:
        return verify_store(store, full)
    with _copied(store) as copy:
        return replace(verify_store(copy), generation=store.current().name)


def backup_any(store: GenerationStore, path: Path) -> Summary:
    """Back the current generation up into a file, as `write_backup`.

    Raises what that raises, and StoreUnreachableError.
    """
    if not store.is_remote:
        return write_backup(store, path)
    with _copied(store) as copy:
        return write_backup(copy, path)


def restore_any(store: GenerationStore, path: Path) -> Summary:
    """Make what a backup holds the next generation, in place of everything, as `restore_backup`.

    Raises what `ServiceStore.write` raises; then the service holds what it held before.
    """
    if not store.is_remote:
        return restore_backup(store, path)
    with TemporaryDirectory(prefix="yusuan-") as scratch:
        restored = GenerationStore(Path(scratch) / "store", store.base)
        summary = restore_backup(restored, path)
        copy_store(restored, store, in_place_of_everything=True)
    return summary


@contextlib.contextmanager
def _copied(store: GenerationStore) -> Iterator[GenerationStore]:
    """A copy of what is served, in a folder that is removed when the block ends."""
    store.current()
    store.require_base()
    with TemporaryDirectory(prefix="yusuan-") as scratch:
        copy = GenerationStore(Path(scratch) / "store", store.base)
        copy_store(store, copy)
        yield copy
