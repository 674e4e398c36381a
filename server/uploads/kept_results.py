"""Results of checks that their users asked to keep, each at an address that nobody can guess, until it expires."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import re
import secrets
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from server.settings import Settings
from server.store.durable_files import write_durably

DAY = 24 * 60 * 60
TOKEN_BYTES = 24
MOST_KEPT_OF_CLIENT = 20
SHARES = 4
"""A client may fill one of so many parts of the space."""
_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


class KeptResults:
    """The results that are kept; they are files whose names do not tell their addresses.

    A client has a share: beyond MOST_KEPT_OF_CLIENT results, or a quarter of the space, its own oldest give way, so
    that it does not displace those of others. Who kept what is remembered in memory only, while the service runs.
    """

    def __init__(self, settings: Settings) -> None:
        self.seconds = settings.kept_days * DAY
        self.space = settings.kept_space
        self.wanted = settings.kept_results
        self.own: tempfile.TemporaryDirectory[str] | None = None
        self.of_client: dict[str, list[tuple[Path, int]]] = {}

    def keep(self, content: bytes, client: str = "") -> str:
        """Keep a result and return the token of its address; `client` is empty for one without a limit.

        Raise OSError if the result is too large or cannot be written.
        """
        packed = gzip.compress(content, compresslevel=5)
        if len(packed) > self.space:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._make_room(len(packed))
        token = secrets.token_urlsafe(TOKEN_BYTES)
        write_durably(self._path(token), packed)
        self._path(token).chmod(0o600)
        if client:
            self._hold_to_share(client, self._path(token), len(packed))
        return token

    def find(self, token: str) -> bytes | None:
        """Return the result of a token; None if it is unknown or has expired."""
        if not _TOKEN.fullmatch(token):
            return None
        path = self._path(token)
        try:
            if path.stat().st_mtime + self.seconds < time.time():
                path.unlink(missing_ok=True)
                return None
            return gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            return None

    def expires(self, token: str) -> float | None:
        """Return the time at which a result expires, in seconds since 1970; None if it is unknown."""
        with suppress(FileNotFoundError):
            return self._path(token).stat().st_mtime + self.seconds
        return None

    def remove(self, token: str) -> bool:
        """Remove a result and return whether it was there."""
        if not _TOKEN.fullmatch(token) or not self._path(token).is_file():
            return False
        self._path(token).unlink(missing_ok=True)
        return True

    def close(self) -> None:
        """Remove the results that are kept for the life of the service only."""
        if self.own is not None:
            self.own.cleanup()
            self.own = None

    def _path(self, token: str) -> Path:
        return self._folder() / f"{hashlib.sha256(token.encode()).hexdigest()}.json.gz"

    def _folder(self) -> Path:
        if self.wanted is not None:
            self.wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self.wanted
        if self.own is None:
            self.own = tempfile.TemporaryDirectory(prefix="yusuan-kept-")
        return Path(self.own.name)

    def _hold_to_share(self, client: str, path: Path, size: int) -> None:
        """Note a result of a client and remove its oldest until its share suffices."""
        self.of_client = {
            name: there for name, kept in self.of_client.items() if (there := [k for k in kept if k[0].is_file()])
        }
        kept = self.of_client.setdefault(client, [])
        kept.append((path, size))
        while len(kept) > 1 and (len(kept) > MOST_KEPT_OF_CLIENT or sum(s for _, s in kept) > self.space // SHARES):
            kept.pop(0)[0].unlink(missing_ok=True)

    def _make_room(self, size: int) -> None:
        """Remove what has expired, then the oldest results until `size` bytes fit."""
        known = []
        for path in self._folder().glob("*.json.gz"):
            with suppress(FileNotFoundError):
                state = path.stat()
                known.append((state.st_mtime, state.st_size, path))
        used = sum(length for _, length, _ in known)
        for written, length, path in sorted(known):
            if written + self.seconds >= time.time() and used + size <= self.space:
                break
            path.unlink(missing_ok=True)
            used -= length
