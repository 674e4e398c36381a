"""Who a client is, and how much it may ask."""

import pytest

from server.http.clients import MOST_CLIENTS, RateLimiter, client_of
from server.networks import is_within, parse_networks

TRUSTED = parse_networks(["10.0.0.0/8", "::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),  # nobody whom we trust says so
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),  # what the client made up itself
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7, x"], "10.0.0.1"),
        ("::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
    ],
)
def test_the_client_is_whom_trusted_proxies_name(peer: str, forwarded: list[str], client: str) -> None:
    assert client_of(peer, forwarded, TRUSTED) == client


def test_networks_are_read() -> None:
    assert is_within("10.1.2.3", TRUSTED)
    assert not is_within("11.1.2.3", TRUSTED)
    assert not is_within("testclient", TRUSTED)
    with pytest.raises(ValueError, match="nonsense"):
        parse_networks(["nonsense"])


def test_a_bucket_empties_and_fills_again() -> None:
    limiter = RateLimiter(rate=2, burst=3)
    assert [limiter.take("192.0.2.1", 0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert limiter.take("192.0.2.2", 0) == 0
    assert limiter.take("192.0.2.1", 0.25) == pytest.approx(0.25)
    assert limiter.take("192.0.2.1", 0.5) == 0
    assert limiter.take("192.0.2.1", 0.5) > 0
    assert [limiter.take("192.0.2.1", 100) > 0 for _ in range(4)] == [False, False, False, True]


def test_neighbours_of_one_ipv6_network_are_one_client() -> None:
    limiter = RateLimiter(rate=1, burst=1)
    assert limiter.take("2001:db8::1", 0) == 0
    assert limiter.take("2001:db8::2", 0) > 0
    assert limiter.take("2001:db8:0:1::2", 0) == 0


def test_no_number_of_clients_fills_the_memory() -> None:
    limiter = RateLimiter(rate=1, burst=1)
    for number in range(MOST_CLIENTS + 100):
        limiter.take(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0)
    assert len(limiter.buckets) == MOST_CLIENTS
