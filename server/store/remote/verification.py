"""Verification of any store: one in a SPARQL service is copied to a temporary folder and verified there."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from server.store.generation_store import GenerationStore
from server.store.maintenance.verification import Verified, verify_store
from server.store.published_store import is_remote
from server.store.remote.migration import copy_store


def verify_any(store: GenerationStore, full: bool = True) -> Verified:
    """Verify everything that is served, as `verify_store`; raises StoreMissingError, StoreUnreachableError.

    Of a store in a service all statements are read.
    """
    if not is_remote(store.current()):
        return verify_store(store, full)
    store.require_base()
    with TemporaryDirectory(prefix="yusuan-") as scratch:
        copied = GenerationStore(Path(scratch) / "store", store.base)
        copy_store(store, copied)
        return replace(verify_store(copied), generation=store.current().name)
