"""The address of a client, and limits on the rate and the number of its requests."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from ipaddress import ip_address, ip_network

from server.networks import Network, is_within

PREFIX_OF_ONE_CLIENT = 64  # who has one IPv6 address has all with the same first 64 bits
MOST_CLIENTS = 20_000


def client_of(peer: str, forwarded: list[str], trusted: tuple[Network, ...]) -> str:
    """Return the address of a client: that of the peer, or the one that trusted proxies report.

    `forwarded` are the X-Forwarded-For headers. They are read from the end as far as trusted proxies wrote them: what
    precedes an address that is not trusted may be forged.
    """
    if not forwarded or not is_within(peer, trusted):
        return peer
    client = peer
    for address in reversed(",".join(forwarded).split(",")):
        try:
            client = str(ip_address(address.strip()))
        except ValueError:
            break
        if not is_within(client, trusted):
            break
    return client


@lru_cache(maxsize=4096)
def account_of(client: str) -> str:
    """Return the name under which the requests of a client are counted: its IPv4 address or IPv6 /64 network."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    mapped = getattr(address, "ipv4_mapped", None) or address
    if mapped.version == 4:
        return str(mapped)
    return str(ip_network((mapped, PREFIX_OF_ONE_CLIENT), strict=False))


class RateLimiter:
    """A token bucket for each client: at most `burst` tokens, refilled by `rate` each second.

    Only the MOST_CLIENTS most recent clients are remembered; any other starts with a full bucket.
    """

    def __init__(self, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = max(burst, 1.0)
        self.buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, now: float) -> float:
        """Take a token at the time `now`, in seconds; return the seconds to wait if there is none, else 0."""
        account = account_of(client)
        tokens, then = self.buckets.pop(account, (self.burst, now))
        tokens = min(self.burst, tokens + (now - then) * self.rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self.rate
        self.buckets[account] = (tokens if wait else tokens - 1, now)
        if len(self.buckets) > MOST_CLIENTS:
            self.buckets.popitem(last=False)
        return wait


class ShareLimiter:
    """Counts the requests of each client that are at work: `most` at a time."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.running: Counter[str] = Counter()

    @contextmanager
    def place(self, client: str) -> Iterator[bool]:
        """Yield whether the client may have one more request at work; the request counts while the block lasts."""
        account = account_of(client)
        if self.running[account] >= self.most:
            yield False
            return
        self.running[account] += 1
        try:
            yield True
        finally:
            self.running[account] -= 1
            if not self.running[account]:
                del self.running[account]
