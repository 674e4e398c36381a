"""Forwarding headers and host names are believed only where the settings say so."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from small_service import running_service
from small_store import publish_small

from server.networks import LOOPBACK
from server.settings import Settings

CONSTRUCT = "CONSTRUCT { ?s a ?o } { ?s a ?o } LIMIT 1"
FORWARDED = {"X-Forwarded-For": "198.51.100.7"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_small(tmp_path_factory.mktemp("forwarding") / "store").path


@contextmanager
def client_of(settings: Settings) -> Iterator[httpx2.Client]:
    with running_service(settings) as address, httpx2.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def open_service(store: Path) -> Iterator[httpx2.Client]:
    """A service without trusted proxies and hosts."""
    with client_of(Settings(store, workers=1, burst=50)) as client:
        yield client


@pytest.fixture(scope="module")
def proxied_service(store: Path) -> Iterator[httpx2.Client]:
    """A service behind a trusted proxy on this machine."""
    with client_of(Settings(store, workers=1, trusted_proxies=LOOPBACK)) as client:
        yield client


# ── A proxy that the settings do not name ───────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Proto"])
def test_clients_of_an_unknown_proxy_may_not_read_the_metrics(open_service: httpx2.Client, name: str) -> None:
    assert open_service.get("/metrics").status_code == 200
    assert open_service.get("/metrics", headers={name: "127.0.0.1"}).status_code == 404


def test_clients_of_an_unknown_proxy_share_one_rate_and_the_log_names_it(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with client_of(Settings(store, workers=1, burst=50)) as client, caplog.at_level(logging.WARNING):
        answers = [client.get("/context.jsonld", headers=FORWARDED).status_code for _ in range(100)]
        assert answers.count(429) > 20
        assert client.get("/health", headers=FORWARDED).status_code == 200
        assert {client.get("/context.jsonld").status_code for _ in range(100)} == {200}
    warned = [record.getMessage() for record in caplog.records if "trusted_proxies" in record.getMessage()]
    assert len(warned) == 1
    assert "127.0.0.1" in warned[0]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "127.0.0.1"}, 200),
        ({"X-Forwarded-For": "198.51.100.7"}, 404),
        ({"X-Forwarded-For": "127.0.0.1, 198.51.100.7"}, 404),
        ({"X-Forwarded-For": "unknown"}, 404),
        ({"X-Forwarded-For": "127.0.0.1, unknown"}, 404),
        ({"X-Forwarded-For": ""}, 404),
        ({"X-Real-IP": "127.0.0.1"}, 404),
        ({"Forwarded": "for=127.0.0.1"}, 404),
        ({"X-Forwarded-Proto": "https"}, 404),
    ],
)
def test_whom_a_trusted_proxy_does_not_name_is_not_of_this_machine(
    proxied_service: httpx2.Client, headers: dict[str, str], status: int
) -> None:
    assert proxied_service.get("/metrics", headers=headers).status_code == status


# ── Host names ──────────────────────────────────────────────────────────────────────────────────


def context_of(client: httpx2.Client, **headers: str) -> str:
    parameters = {"query": CONSTRUCT, "format": "json-ld"}
    return str(client.get("/sparql", params=parameters, headers=headers).json()["@context"])


def test_a_made_up_host_is_not_repeated(open_service: httpx2.Client) -> None:
    own = str(open_service.base_url).rstrip("/")
    assert context_of(open_service) == f"{own}/context.jsonld"
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example"):
        assert context_of(open_service, Host=host) == f"{own}/context.jsonld"
        for path in ("/sitemap.xml", "/robots.txt", "/catalogue", "/void", "/.well-known/void"):
            response = open_service.get(path, headers={"Host": host, "Accept": "text/turtle"})
            assert "evil" not in response.text + str(response.headers), path


def test_names_of_this_machine_are_repeated(open_service: httpx2.Client) -> None:
    assert context_of(open_service, Host="localhost:9000") == "http://localhost:9000/context.jsonld"


def test_hosts_of_the_settings_are_repeated_and_the_first_stands_for_others(store: Path) -> None:
    settings = Settings(store, workers=1, hosts=("data.example.org", "other.example.org"), trusted_proxies=LOOPBACK)
    secure = {"X-Forwarded-Proto": "https", **FORWARDED}
    with client_of(settings) as client:
        assert context_of(client, Host="other.example.org", **secure) == "https://other.example.org/context.jsonld"
        assert context_of(client, Host="evil.example", **secure) == "https://data.example.org/context.jsonld"
        forged = {"X-Forwarded-Host": "evil.example", **secure}
        assert context_of(client, Host="data.example.org", **forged) == "https://data.example.org/context.jsonld"


def test_any_host_is_repeated_if_the_settings_allow_it(store: Path) -> None:
    with client_of(Settings(store, workers=1, hosts=("*",))) as client:
        assert context_of(client, Host="any.example") == "http://any.example/context.jsonld"
