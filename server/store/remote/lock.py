"""The lock of a store in a SPARQL service: one publication at a time, from whatever machine.

Whoever publishes writes a token in the state, and goes on only if it finds no other there. A token of a process of this
machine that has ended is taken away, and so is one that has not been renewed for LEASE.
"""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.errors import StoreLockedError
from server.store.remote.connection import ServiceConnection
from server.store.remote.names import HOLDER
from server.store.remote.state import RemoteState, read_state, say, unsay_value

LEASE = timedelta(minutes=10)


class StoreLock:
    """The token of one publication; get it from `locked`."""

    def __init__(self, connection: ServiceConnection) -> None:
        self.connection = connection
        self.name = f"{socket.gethostname()} {os.getpid()} {_began(os.getpid())} {uuid.uuid4().hex}"
        self.token = ""
        self.renewed = datetime.min.replace(tzinfo=UTC)

    def renew(self) -> None:
        """Write a token that holds for another LEASE, if the last one is old."""
        now = datetime.now(UTC)
        if now - self.renewed < LEASE / 4:
            return
        former, self.token = self.token, f"{(now + LEASE).isoformat(timespec='microseconds')} {self.name}"
        self.renewed = now
        say(self.connection, HOLDER, self.token)
        if former:
            unsay_value(self.connection, HOLDER, former)

    def require(self) -> None:
        """Raise StoreLockedError if the token is no longer the only one."""
        if read_state(self.connection, HOLDER).holders != (self.token,):
            raise StoreLockedError(path=self.connection.addresses.file)

    def release(self) -> None:
        """Take the token away."""
        unsay_value(self.connection, HOLDER, self.token)


@contextmanager
def locked(connection: ServiceConnection) -> Iterator[tuple[StoreLock, RemoteState]]:
    """Keep other publications out; yield the lock and the state. Raises StoreLockedError if there is one already."""
    for token in read_state(connection, HOLDER).holders:
        if _is_held(token):
            raise StoreLockedError(path=connection.addresses.file)
        unsay_value(connection, HOLDER, token)
    lock = StoreLock(connection)
    lock.renew()
    try:
        lock.require()
        yield lock, read_state(connection)
    finally:
        lock.release()


def _is_held(token: str) -> bool:
    """Return whether a token is that of a publication that may still be at work."""
    until, host, process, began, _ = token.split(" ")
    if host == socket.gethostname():
        return _began(int(process)) == began
    return datetime.fromisoformat(until) > datetime.now(UTC)


def _began(process: int) -> str:
    """Return when a process of this machine began, in ticks since the machine did; nothing for one that has ended."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "-"
    return status.rpartition(")")[2].split()[19]
