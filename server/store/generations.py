"""Generations on disk: whole databases in numbered folders, and a file `current` that names the one to read.

current      the number of the generation that is served, replaced durably
gen/7        a database; never written again once it has its number
gen/7/sha256sums the digests of its files, see `server.store.digests`
gen/7/counts what `server.dataset.counts` keeps with it
gen/7.new    a database that is being written; of no use to anybody after a crash
lock         held by whoever publishes
base         what the IRIs of the store begin with
identity     a random name of the store, so that generation 7 of two stores is not confused
"""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from server.errors import StoreLockedError, StoreMissingError
from server.store.digests import attest, write_digests
from server.store.durable_files import UNFINISHED, sync, write_durably
from server.store.remote.addresses import folder_of


class Generations:
    """The generations of a store folder, which need not exist yet, or those of a service, as far as known here."""

    def __init__(self, path: Path) -> None:
        self.path = path = folder_of(path)
        self.folder = path / "gen"
        self.pointer = path / "current"
        self.identity_file = path / "identity"
        self.base_file = path / "base"

    def current(self) -> Path:
        """Return the generation that is served; raises StoreMissingError before the first publication."""
        try:
            return self.folder / self.pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise StoreMissingError(path=self.path) from error

    def identity(self) -> str:
        """Return what distinguishes this store from every other; empty before the first publication."""
        try:
            return self.identity_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return ""

    def base(self) -> str:
        """Return the base of the IRIs in this store; empty before the first publication, and for an earlier release."""
        try:
            return self.base_file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def remember_base(self, base: str) -> None:
        """Write down the base of the IRIs in this store, once."""
        if not self.base_file.exists():
            write_durably(self.base_file, f"{base}\n".encode())

    @contextmanager
    def read(self) -> Iterator[Path]:
        """Yield the current generation, kept from removal until the block ends."""
        folder, hold = self.hold_current()
        try:
            yield folder
        finally:
            os.close(hold)

    def hold_current(self) -> tuple[Path, int]:
        """Return the current generation and a file descriptor that keeps it from removal until it is closed."""
        while True:
            folder = self.current()
            try:
                hold = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            except FileNotFoundError:
                if folder == self.current():
                    raise StoreMissingError(path=folder) from None
                continue
            with suppress(BlockingIOError):
                fcntl.flock(hold, fcntl.LOCK_SH | fcntl.LOCK_NB)
                if folder.exists():
                    return folder, hold
            os.close(hold)

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Keep other publishers out; raises StoreLockedError if there is one already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreLockedError(path=self.path) from error
            if not self.identity_file.exists():
                write_durably(self.identity_file, f"{uuid.uuid4().hex}\n".encode("ascii"))
            yield
        finally:
            os.close(lock)

    def is_publishing(self) -> bool:
        """Return whether somebody publishes at this moment."""
        try:
            lock = os.open(self.path / "lock", os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def unfinished(self) -> Path:
        """Return where the next generation is to be written; what interrupted publications left is removed."""
        self.remove_unused()
        current = int(self.current().name) if self.pointer.exists() else 0
        return self.folder / f"{current + 1}{UNFINISHED}"

    def finish(self, unfinished: Path, attested: bool = False) -> Path:
        """Make a written generation the current one, durably, and remove those that nobody reads any more.

        Its database must be closed. With `attested` its content is attested.
        """
        write_digests(unfinished, self.current() if self.pointer.exists() else None)
        if attested:
            attest(unfinished)
        for folder in (unfinished, *(path for path in unfinished.rglob("*") if path.is_file())):
            sync(folder)
        finished = unfinished.with_suffix("")
        unfinished.rename(finished)
        sync(self.folder)
        write_durably(self.pointer, f"{finished.name}\n".encode("ascii"))
        self.remove_unused()
        return finished

    def remove_unused(self) -> None:
        """Remove every generation that is neither current nor held by a reader; only for a publisher."""
        current = self.current() if self.pointer.exists() else None
        for folder in sorted(self.folder.iterdir(), reverse=True):
            if folder == current:
                continue
            hold = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            with suppress(BlockingIOError):
                fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
                doomed = folder.with_suffix(UNFINISHED)
                folder.rename(doomed)
                shutil.rmtree(doomed, ignore_errors=True)
            os.close(hold)
