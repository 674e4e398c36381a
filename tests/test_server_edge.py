"""What happens to every request: limits, headers, numbers, counts, logs; and connections that misbehave."""

import json
import logging
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sleeping_worker import RUNAWAY
from small_edge import connect, get, read_all, wait_for_metric
from small_service import running_service

from server.http.logs import FIELDS, REQUESTS, JsonFormatter
from server.networks import parse_networks
from server.settings import Settings

# ── Every answer ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/health", "/sparql?query=ASK%7B%7D", "/sparql?query=ASK", "/nowhere", "/broken"])
def test_every_answer_protects_whoever_shows_it_and_has_a_number(strict_client: httpx2.Client, path: str) -> None:
    first, second = strict_client.get(path), strict_client.get(path)
    assert first.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in first.headers["content-security-policy"]
    assert first.headers["referrer-policy"] == "same-origin"
    assert first.headers["access-control-allow-origin"] == "*"
    assert {"ETag", "Link"} <= set(first.headers["access-control-expose-headers"].split(", "))
    assert "server" not in first.headers
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_a_mistake_of_ours_is_told_without_its_inside(strict_client: httpx2.Client) -> None:
    response = strict_client.get("/broken", headers={"Accept-Language": "en"})
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.headers["x-request-id"] in response.text


def test_every_address_says_its_methods(strict_client: httpx2.Client) -> None:
    response = strict_client.options("/health")
    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert strict_client.options("/nowhere").status_code == 404


# ── Too much ────────────────────────────────────────────────────────────────────────────────────


def test_a_long_address_a_long_header_and_a_long_body(strict_client: httpx2.Client) -> None:
    long = "ASK {} #" + 3_000 * "x"
    refused = strict_client.get("/sparql", params={"query": long})
    assert refused.status_code == 414
    assert strict_client.post("/sparql", data={"query": long}).status_code == 200
    assert strict_client.get("/health", headers={"X": 5_000 * "x"}).status_code == 431
    body = {"query": "ASK {} #" + 20_000 * "x"}
    assert strict_client.post("/sparql", data=body).status_code == 413
    headers = {"Content-Type": "application/sparql-query"}
    chunks = (b"#" + 1_000 * b"x" for _ in range(50))
    assert strict_client.post("/sparql", content=chunks, headers=headers).status_code == 413


@pytest.mark.parametrize(
    ("beginning", "status"),
    [
        (b"GET /" + 9_000 * b"x", b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + 9_000 * b"x", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + 900 * b"X: xxxx\r\n", b"431"),
    ],
)
def test_headers_that_do_not_end_are_cut_short(strict_address: str, beginning: bytes, status: bytes) -> None:
    with connect(strict_address) as connection:
        connection.sendall(beginning)
        assert read_all(connection).startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize("beginning", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_headers_that_do_not_come_end_the_connection(strict_address: str, beginning: bytes) -> None:
    with connect(strict_address) as connection:
        started = time.monotonic()
        connection.sendall(beginning)
        assert read_all(connection).startswith(b"HTTP/1.1 408")
        assert 0.5 < time.monotonic() - started < 10


def test_the_next_request_of_a_connection_must_come_in_time_as_well(strict_address: str) -> None:
    with connect(strict_address) as connection:
        connection.sendall(get("ASK {}"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET / HT")
        assert read_all(connection).startswith(b"HTTP/1.1 408")


def test_a_body_that_does_not_come_is_not_waited_for(strict_address: str) -> None:
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 90\r\n\r\nASK"
    )
    with connect(strict_address) as connection:
        connection.sendall(head + b"ASK")
        assert connection.recv(65536).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    ("request_line", "hosts", "status"),
    [
        ("GET /sparql HTTP/1.1", ["Host: x"], b"200"),
        ("GET /sparql HTTP/1.1", ["Host: [::1]:8000"], b"200"),
        ("GET /sparql HTTP/1.1", ["Host: budget.example:80"], b"200"),
        ("GET /sparql HTTP/1.0", [], b"200"),
        ("GET /sparql HTTP/1.1", [], b"400"),
        ("GET /sparql HTTP/1.1", ["Host: x", "Host: y"], b"400"),
        ("GET /sparql HTTP/1.1", ['Host: x"><script>'], b"400"),
        ("GET /sparql HTTP/1.1", ["Host: x y"], b"400"),
        ("GET /sparql HTTP/1.1", ["Host: x/y"], b"400"),
        ("GET /sparql HTTP/1.1", ["Host:"], b"400"),
    ],
)
def test_a_request_names_its_host(strict_address: str, request_line: str, hosts: list[str], status: bytes) -> None:
    with connect(strict_address) as connection:
        connection.sendall("\r\n".join([request_line, *hosts, "Connection: close", "", ""]).encode())
        assert read_all(connection).split(b" ", 2)[1] == status


def test_a_body_in_a_coding_that_nobody_undoes_is_refused(strict_address: str) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
    body = b"6\r\nASK {}\r\n0\r\n\r\n"
    for coding, status in ((b"chunked", b"200"), (b"Chunked", b"200"), (b"gzip, chunked", b"501")):
        with connect(strict_address) as connection:
            connection.sendall(head + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + body)
            assert read_all(connection).split(b" ", 2)[1] == status


def test_the_service_as_a_whole_says_its_methods(strict_address: str) -> None:
    with connect(strict_address) as connection:
        connection.sendall(b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = read_all(connection)
    assert received.startswith(b"HTTP/1.1 204")
    assert b"allow: DELETE, GET" in received


def test_what_is_no_http_is_refused(strict_address: str) -> None:
    with connect(strict_address) as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert read_all(connection).startswith(b"HTTP/1.1 400")


def test_an_address_with_raw_chinese_is_refused_with_what_to_do(strict_address: str) -> None:
    with connect(strict_address) as connection:
        connection.sendall("GET /search?q=培训 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = read_all(connection).decode()
    assert answer.startswith("HTTP/1.1 400")
    assert "%E5%9F%B9%E8%AE%AD" in answer
    assert "--data-urlencode" in answer.splitlines()[-1]


@pytest.mark.parametrize("method", [b"BREW", b"get", b"X-1"])
def test_a_method_that_nobody_knows_is_not_implemented(strict_address: str, method: bytes) -> None:
    with connect(strict_address) as connection:
        connection.sendall(method + b" / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 501")
    for header in (b"x-request-id: ", b"x-content-type-options: nosniff", b"access-control-allow-origin: *", b"date: "):
        assert header in answer


def test_a_client_that_asks_too_often_is_told_when_to_come_back(strict_store: Path) -> None:
    settings = Settings(
        strict_store, workers=1, rate=0.5, burst=3, trusted_proxies=parse_networks(["127.0.0.1"]), stop_timeout=1
    )
    with running_service(settings) as address, httpx2.Client(base_url=address) as client:
        one, other = {"X-Forwarded-For": "198.51.100.1"}, {"X-Forwarded-For": "198.51.100.2"}
        answers = [client.get("/sparql?query=ASK%7B%7D", headers=one) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 1 <= int(answers[3].headers["retry-after"]) <= 2
        assert answers[3].headers["access-control-allow-origin"] == "*"
        assert client.get("/sparql?query=ASK%7B%7D", headers=other).status_code == 200
        assert client.get("/health", headers=one).status_code == 200


@pytest.mark.usefixtures("sleeping_workers")
def test_one_client_does_not_take_all_places(strict_store: Path) -> None:
    proxy = parse_networks(["127.0.0.1"])
    with running_service(Settings(strict_store, workers=2, at_once=1, trusted_proxies=proxy)) as address:
        with connect(address) as running:
            running.sendall(get(RUNAWAY, "X-Forwarded-For: 198.51.100.1"))
            wait_for_metric(address, "yusuan_http_requests_in_progress 2")  # this one, and that for the metrics
            ask = f"{address}/sparql?query=ASK%7B%7D"
            refused = httpx2.get(ask, headers={"X-Forwarded-For": "198.51.100.1"})
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
            other = httpx2.get(ask, headers={"X-Forwarded-For": "198.51.100.2"})
            assert other.status_code == 200
        wait_for_metric(address, "yusuan_http_requests_in_progress 1")
        again = httpx2.get(ask, headers={"X-Forwarded-For": "198.51.100.1"})
        assert again.status_code == 200


def test_one_client_does_not_take_all_connections(strict_store: Path) -> None:
    with running_service(Settings(strict_store, workers=1, connections=30, at_once=5)) as address:
        with connect(address), connect(address), connect(address), connect(address) as fourth:
            assert read_all(fourth).startswith(b"HTTP/1.1 429")
        assert httpx2.get(f"{address}/health").status_code == 200


@pytest.mark.parametrize("limits", [{}, {"at_once": 5, "trusted_proxies": parse_networks(["127.0.0.1"])}])
def test_this_machine_and_trusted_proxies_may_have_all_connections(strict_store: Path, limits: dict[str, Any]) -> None:
    settings = Settings(strict_store, workers=1, connections=10, **limits)
    with running_service(settings) as address, connect(address), connect(address), connect(address):
        assert httpx2.get(f"{address}/health").status_code == 200


@pytest.mark.usefixtures("sleeping_workers")
def test_a_full_queue_is_said_with_when_to_come_back(strict_store: Path) -> None:
    with running_service(Settings(strict_store, workers=1, queue_length=1, short_time=60)) as address:
        with connect(address) as running, connect(address) as waiting:
            for connection in (running, waiting):
                connection.sendall(get(RUNAWAY))
            wait_for_metric(address, 'yusuan_queries_waiting{lane="short"} 1')
            response = httpx2.get(f"{address}/sparql", params={"query": "ASK {}"})
            assert (response.status_code, response.headers["retry-after"]) == (503, "5")
            assert httpx2.get(f"{address}/health").status_code == 200
            assert httpx2.get(f"{address}/ready").status_code == 200
        assert httpx2.get(f"{address}/sparql", params={"query": "ASK {}"}).status_code == 200
        assert httpx2.get(f"{address}/ready").status_code == 200


def test_strict_transport_is_asked_for_behind_a_proxy_that_speaks_it(strict_store: Path) -> None:
    with running_service(Settings(strict_store, workers=1, trusted_proxies=parse_networks(["127.0.0.1"]))) as address:
        secure = httpx2.get(f"{address}/sparql", headers={"X-Forwarded-Proto": "https", "Accept": "text/turtle"})
        plain = httpx2.get(f"{address}/sparql", headers={"Accept": "text/turtle"})
    assert "strict-transport-security" in secure.headers
    assert "strict-transport-security" not in plain.headers
    assert address.replace("http:", "https:") in secure.text


# ── What the service tells about itself ─────────────────────────────────────────────────────────


def test_the_metrics_are_counted(strict_client: httpx2.Client) -> None:
    strict_client.get("/sparql?query=ASK%7B%7D")
    strict_client.get("/made-up/address")
    response = strict_client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    samples = dict(line.rsplit(" ", 1) for line in response.text.splitlines() if not line.startswith("#"))
    assert float(samples['yusuan_http_requests_total{route="/sparql",method="GET",status="200"}']) >= 1
    assert float(samples['yusuan_http_requests_total{route="other",method="GET",status="404"}']) >= 1
    assert "made-up" not in response.text
    buckets = [
        float(value)
        for name, value in samples.items()
        if name.startswith("yusuan_http_request_duration_seconds_bucket")
    ]
    assert buckets
    route = 'route="/sparql"'
    counted = float(samples[f"yusuan_http_request_duration_seconds_count{{{route}}}"])
    assert samples[f'yusuan_http_request_duration_seconds_bucket{{{route},le="+Inf"}}'] == f"{counted:g}"
    for name in (
        'yusuan_queries_waiting{lane="short"}',
        'yusuan_workers{state="idle"}',
        "yusuan_store_generation",
        "yusuan_cache_size_bytes",
    ):
        assert float(samples[name]) >= 0
    assert float(samples["process_resident_memory_bytes"]) > 1_000_000


def test_the_metrics_are_not_for_everybody(strict_store: Path) -> None:
    with running_service(Settings(strict_store, workers=1, metrics_for=parse_networks(["192.0.2.0/24"]))) as address:
        assert httpx2.get(f"{address}/metrics").status_code == 404


@pytest.mark.parametrize("log_queries", [False, True])
def test_the_log_of_requests_holds_queries_only_when_it_should(
    strict_store: Path, caplog: pytest.LogCaptureFixture, log_queries: bool
) -> None:
    caplog.set_level(logging.INFO, REQUESTS)
    with running_service(Settings(strict_store, workers=1, log_queries=log_queries)) as address:
        response = httpx2.get(f"{address}/sparql", params={"query": "ASK { ?private ?b ?c }"})
    [record] = [record for record in caplog.records if record.name == REQUESTS]
    line = json.loads(JsonFormatter().format(record))
    assert getattr(record, FIELDS)["status"] == 200
    assert line["request"] == response.headers["x-request-id"]
    assert (line["method"], line["client"], line["bytes"]) == ("GET", "127.0.0.1", len(response.content))
    assert line["milliseconds"] > 0
    assert ("private" in json.dumps(line)) == log_queries
    assert line["path"].startswith("/sparql")


def test_a_traceback_is_one_line_of_the_log() -> None:
    try:
        raise ZeroDivisionError("two\nlines")
    except ZeroDivisionError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "it %s", ("broke",), info)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert json.loads(text)["event"] == "it broke"
    assert "ZeroDivisionError" in json.loads(text)["traceback"]
