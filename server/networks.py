"""Parsing of IP networks, and membership of addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def parse_networks(written: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks (`10.0.0.0/8`, `::1`); raises ValueError."""
    return tuple(ip_network(text.strip(), strict=False) for text in written if text.strip())


def is_within(address: str, networks: tuple[Network, ...]) -> bool:
    """Return whether an address belongs to one of the networks; what is no address does not."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in network for network in networks if network.version == mapped.version)


def membership(networks: tuple[Network, ...]) -> Callable[[str], bool]:
    """Return whether an address belongs to the networks, as a function that remembers what it was asked last."""
    return lru_cache(maxsize=4096)(partial(is_within, networks=networks))
