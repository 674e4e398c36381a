"""Answers that break off, and clients that take them slowly."""

import json
import socket
import time
import zlib
from pathlib import Path

import httpx2
import pytest
from small_edge import ENDLESS, MANY, connect, get, read_all, wait_for_metric
from small_service import running_service

from server.settings import Settings


def test_a_part_does_not_look_whole_in_chunks(strict_address: str) -> None:
    with connect(strict_address) as connection:
        connection.sendall(get(ENDLESS))
        received = read_all(connection)
    assert b"transfer-encoding: chunked" in received
    assert not received.endswith(b"0\r\n\r\n")


def test_a_part_does_not_look_whole_when_compressed(strict_address: str) -> None:
    with connect(strict_address) as connection:
        connection.sendall(get(ENDLESS, "Accept-Encoding: gzip"))
        received = read_all(connection)
    head, _, chunked = received.partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head
    assert not received.endswith(b"0\r\n\r\n")
    unpacked, body = zlib.decompressobj(wbits=31), bytearray()
    while (size := int(chunked.partition(b"\r\n")[0] or b"0", 16)) and len(chunked) > size:
        start = chunked.index(b"\r\n") + 2
        body += unpacked.decompress(chunked[start : start + size])
        chunked = chunked[start + size + 2 :]
    assert body.startswith(b'{"head"')
    assert not unpacked.eof


def test_http_1_0_gets_all_or_an_error(strict_address: str) -> None:
    with connect(strict_address) as connection:
        connection.sendall(get(MANY, version="1.0"))
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert b"chunked" not in head
    assert f"content-length: {len(body)}\r\n".encode() in head + b"\r\n"
    assert json.loads(body)["results"]["bindings"]
    with connect(strict_address) as connection:
        connection.sendall(get(ENDLESS, version="1.0"))
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert head.split(b" ", 2)[1] in (b"503", b"505")
    assert b"bindings" not in body


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_http_1_0_gets_a_download_with_its_length(strict_address: str, encoding: str) -> None:
    with connect(strict_address) as connection:
        connection.sendall(f"GET /data/current.nt HTTP/1.0\r\nAccept-Encoding: {encoding}\r\n\r\n".encode())
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head
    assert f"content-length: {len(body)}\r\n".encode() in head + b"\r\n"
    assert body.startswith(b"<")


def test_a_client_that_takes_nothing_loses_its_connection_and_keeps_no_worker(strict_address: str) -> None:
    with connect(strict_address) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(get(ENDLESS))
        wait_for_metric(strict_address, "yusuan_http_requests_in_progress 2")  # this one, and that for the metrics
        wait_for_metric(strict_address, "yusuan_http_requests_in_progress 1")
        assert httpx2.get(f"{strict_address}/sparql", params={"query": "ASK {}"}).status_code == 200
        assert "yusuan_answer_buffer_bytes 0" in httpx2.get(f"{strict_address}/metrics").text.splitlines()


def test_a_client_that_takes_its_answer_slowly_but_steadily_gets_all_that_there_is_time_for(strict_store: Path) -> None:
    settings = Settings(strict_store, workers=1, query_timeout=20, send_timeout=2)  # 128 KiB a second at least
    with running_service(settings) as address, connect(address) as connection:
        connection.sendall(get(ENDLESS))
        received, started = 0, time.monotonic()
        while received < 3 * 2**20:
            received += len(chunk := connection.recv(16 * 1024))
            assert chunk, f"it broke off after {received} bytes"
            time.sleep(max(0.0, started + received / 2**19 - time.monotonic()))


def test_pipelined_requests_are_answered_in_order(strict_address: str) -> None:
    with connect(strict_address) as connection:
        connection.sendall(get("SELECT (1 AS ?x) {}") + get("SELECT (2 AS ?x) {}", "Connection: close"))
        received = read_all(connection)
    assert received.count(b"HTTP/1.1 200") == 2
    assert received.index(b'"value":"1"') < received.index(b'"value":"2"')
