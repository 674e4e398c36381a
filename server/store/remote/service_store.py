"""A store in a SPARQL service, with the interface of one in a folder.

A folder on this machine has what is derived from the store, and a pointer to the generation that is served, as the
folder of a store has; its generations hold no database but the file `service`, which names the settings file. So the
readers of generations need not know where the database is.
"""

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

from pyoxigraph import Store

from ontology.namespaces import DEFAULT_BASE
from server.errors import StoreLockedError
from server.store.durable_files import UNFINISHED, write_durably
from server.store.generation_store import GenerationStore
from server.store.published_store import SERVICE, PublishedStore
from server.store.remote.addresses import read_addresses
from server.store.remote.connection import ServiceConnection
from server.store.remote.editing import EditedGeneration
from server.store.remote.lock import locked
from server.store.remote.names import BASE, GENERATION, IDENTITY
from server.store.remote.publication import prepare, read_document, settle, switch
from server.store.remote.queries.self_test import find_flaws, write_test_data
from server.store.remote.reading import RemoteGeneration, open_remote
from server.store.remote.state import RemoteState, read_state, say

ATTEMPTS, PAUSE = 20, 0.1


class ServiceStore(GenerationStore):
    """A store in the service of which a settings file gives the addresses; the IRIs begin with `base`."""

    is_remote = True

    def __init__(self, path: Path, base: str = DEFAULT_BASE) -> None:
        self.addresses = read_addresses(path)
        super().__init__(self.addresses.folder, base)
        self._documents: dict[str, bytes] = {}

    def refresh(self) -> None:
        """Learn which generation is served now; raises StoreUnreachableError."""
        with ServiceConnection(self.addresses) as connection:
            state = read_state(connection, GENERATION, IDENTITY, BASE)
            if self._is_known(state):
                self.flaws = self._known_flaws()
                return
            self.flaws = find_flaws(connection)
        for attempt in reversed(range(ATTEMPTS)):
            try:
                with self.generations.publishing():
                    self._point_to(state)
                return
            except StoreLockedError:  # another process of this machine learns the same, or publishes
                if not attempt and not self.generations.pointer.exists():
                    raise
                time.sleep(PAUSE)

    def require_model(self) -> None:
        """Do nothing: no release wrote another model into services."""

    @contextlib.contextmanager
    def open(self) -> Iterator[PublishedStore]:
        """Open the current generation for reading; the connection is closed when the block ends."""
        self.require_base()
        with self.read() as folder, contextlib.closing(open_remote(folder)) as generation:
            yield generation

    def document_path(self, version: str) -> Path:
        """Return where the document of a version (its IRI) is kept; one that is only in the service is fetched."""
        path = super().document_path(version)
        if not path.exists() and self.generations.pointer.exists():
            with self.generations.read() as folder, contextlib.closing(open_remote(folder)) as generation:
                content = read_document(generation, version)
            if content is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_durably(path, content)
        return path

    def retract(self, iri: str, moment: datetime) -> list[str]:
        """Take a version, or all versions of a disclosure, out of the store, and out of both copies of its data."""
        retracted = super().retract(iri, moment)
        with ServiceConnection(self.addresses) as connection, locked(connection) as (_, state):
            self._settle(connection, state)
        return retracted

    def write(
        self,
        edit: Callable[[Store, Path], bool],
        before_the_end: Callable[[], None] = lambda: None,
        from_nothing: bool = False,
        attested: bool = False,  # noqa: ARG002 # as in GenerationStore; a service has no files to attest
    ) -> Path:
        """Make one more generation, as `GenerationStore.write` does; `edit` is given an `EditedGeneration`.

        No generation is attested, since its files are the service's.

        Raises StoreUnreachableError, StoreLockedError, StoreNotWrittenError, UpdateUnsupportedError.
        """
        self._documents.clear()
        with (
            self.generations.publishing(),
            ServiceConnection(self.addresses) as connection,
            locked(connection) as (lock, state),
            tempfile.TemporaryDirectory(prefix="yusuan-", ignore_cleanup_errors=True) as scratch,
        ):
            if not state.generation:
                write_test_data(connection)
            self.flaws = find_flaws(connection)
            if not self._is_known(state):
                self._point_to(state)
            self.require_base()
            self._settle(connection, state)
            unfinished = self.generations.unfinished()
            unfinished.mkdir(parents=True)
            edited = EditedGeneration(self.addresses, state.generation, Path(scratch) / "changes")
            try:
                if from_nothing:
                    edited.clear_everything()
                if not edit(cast("Store", edited), unfinished) and state.generation:
                    return self.current()
                served = state.generation + 1
                leaves = prepare(connection, edited, self._documents, served, lock.renew)
                lock.require()
                before_the_end()
                if not state.identity:
                    say(connection, IDENTITY, self.generations.identity())
                    say(connection, BASE, self.base)
                switch(connection, served, leaves)
                self.generations.remember_base(self.base)
                (unfinished / SERVICE).write_text(self._service(served), encoding="utf-8")
                return self.generations.finish(unfinished)
            finally:
                edited.close()
                shutil.rmtree(unfinished, ignore_errors=True)

    def _settle(self, connection: ServiceConnection, state: RemoteState) -> None:
        served = RemoteGeneration(self.addresses, state.generation)
        with contextlib.closing(served):
            settle(connection, state, served.places().values())

    def keep_document(self, version: str, content: bytes) -> Iterator[Path]:
        """Keep a document here, and for the service until the generation is written."""
        self._documents[version] = content
        return super().keep_document(version, content)

    def _known_flaws(self) -> list[str]:
        if not self.generations.pointer.exists():
            return []
        with self.generations.read() as folder:
            content = json.loads((folder / SERVICE).read_text(encoding="utf-8"))
        return list(content.get("flaws", ()))

    def _is_known(self, state: RemoteState) -> bool:
        generations = self.generations
        if not state.generation:
            return not generations.pointer.exists()
        is_pointed_to = generations.pointer.exists() and generations.current().name == str(state.generation)
        return is_pointed_to and generations.identity() == state.identity

    def _point_to(self, state: RemoteState) -> None:
        """Have the pointer on this machine name the generation that the service serves."""
        generations = self.generations
        if not state.generation:
            generations.pointer.unlink(missing_ok=True)
            return
        if generations.identity() != state.identity:
            for name in ("documents", "gen"):
                shutil.rmtree(self.path / name, ignore_errors=True)
            generations.folder.mkdir(parents=True)
            write_durably(generations.identity_file, f"{state.identity}\n".encode("ascii"))
            write_durably(generations.base_file, f"{state.base}\n".encode())
        folder = generations.folder / str(state.generation)
        if not folder.exists():
            unfinished = folder.with_name(f"{folder.name}{UNFINISHED}")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            (unfinished / SERVICE).write_text(self._service(state.generation), encoding="utf-8")
            unfinished.rename(folder)
        write_durably(generations.pointer, f"{folder.name}\n".encode("ascii"))
        generations.remove_unused()

    def _service(self, generation: int) -> str:
        return json.dumps({"settings": str(self.addresses.file), "generation": generation, "flaws": self.flaws})
