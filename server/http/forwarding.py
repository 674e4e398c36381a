"""The client address, scheme and host of a request.

Forwarding headers are believed from trusted proxies only. Such a header from any other peer shows that a proxy stands
there which the settings do not name; a trusted proxy may also forward without naming its client. Clients that cannot
be told apart count as one, and none of them has the privileges of a client on this machine. The Host header is believed
if it names this machine or one of the hosts of the settings.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.types import Scope

from server.http.clients import account_of, client_of
from server.networks import LOOPBACK, membership
from server.settings import Settings

FORWARDING = frozenset(
    {b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip", b"forwarded", b"via"}
)
ANY_HOST = "*"
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})
MOST_WARNINGS = 100

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """The address of a client, the account of its requests, and whether it is a process on this machine."""

    address: str
    account: str
    is_local: bool
    is_proxied: bool


class Forwarding:
    """Reads the headers of requests according to the settings, and warns once of each that is not believed."""

    def __init__(self, settings: Settings) -> None:
        self.trusted = settings.trusted_proxies
        self.hosts = tuple(host.lower() for host in settings.hosts)
        self.is_trusted = membership(settings.trusted_proxies)
        self.is_loopback = membership(LOOPBACK)
        self.warned: set[str] = set()

    def identify(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> ClientIdentity:
        """Return who sends a request; sets `client`, `scheme` and the Host header of the scope to what is believed."""
        peer = scope["client"][0] if scope.get("client") else ""
        client, is_proxied = peer, False
        if self.trusted and self.is_trusted(peer):
            forwarded = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
            client = client_of(peer, forwarded, self.trusted)
            if client == peer and not FORWARDING.isdisjoint(name for name, _ in headers) and not is_named(forwarded):
                is_proxied = True
                self._warn(peer, "%s forwards requests without an address in X-Forwarded-For: its clients count as one")
            for name, value in headers:
                if name == b"x-forwarded-proto" and value in (b"http", b"https"):
                    scope["scheme"] = value.decode("ascii")
            scope["client"] = (client, 0)
        elif not FORWARDING.isdisjoint(name for name, _ in headers):
            is_proxied = True
            self._warn(peer, "%s forwards requests but is not among trusted_proxies: all its clients count as one")
        self._set_host(scope, headers)
        is_local = not is_proxied and self.is_loopback(client)
        return ClientIdentity(client, account_of(client), is_local, is_proxied)

    def _set_host(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> None:
        for place, (name, value) in enumerate(headers):
            if name == b"host":
                host = value.decode("latin-1").lower()
                address, port = scope.get("server") or ("127.0.0.1", None)
                if not self._is_allowed(host, address):
                    self._warn(host, "the host name %s is not among the setting hosts: links do not repeat it")
                    fixed = self.hosts[0] if self.hosts else f"{bracketed(address)}:{port}" if port else address
                    scope["headers"] = [*headers[:place], (name, fixed.encode("latin-1")), *headers[place + 1 :]]
                return

    def _is_allowed(self, host: str, address: str) -> bool:
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name in THIS_MACHINE or name == bracketed(address):
            return True
        return host in self.hosts or name in self.hosts or ANY_HOST in self.hosts

    def _warn(self, subject: str, text: str) -> None:
        if subject not in self.warned and len(self.warned) < MOST_WARNINGS:
            self.warned.add(subject)
            log.warning(text, subject)


def is_named(forwarded: list[str]) -> bool:
    """Return whether X-Forwarded-For headers end in an address, which the proxy itself has written."""
    try:
        ip_address(",".join(forwarded).rpartition(",")[2].strip())
    except ValueError:
        return False
    return True


def bracketed(address: str) -> str:
    """Return an IP address as it stands in a URL."""
    return f"[{address}]" if ":" in address else address
