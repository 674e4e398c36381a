"""A client that hangs up, whenever it does, is no error of the service."""

import logging
import socket
import struct
import time
from datetime import date
from pathlib import Path
from urllib.parse import quote_plus

import httpx2
import pytest
from small_edge import wait_for_metric
from small_service import running_service
from small_store import RUNAWAY, publish_small

from server.http.client_keys import add_key
from server.pages import HtmlPages
from server.settings import Settings

ENDLESS = RUNAWAY.replace("(COUNT(*) AS ?n)", "*")
FORM = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'


def requests(key: str) -> list[bytes]:
    """Requests that are not over, or whose answers are long in coming or in being read."""
    get = [f"/sparql?query={quote_plus(query)}" for query in (RUNAWAY, ENDLESS)]
    get += [f"/query?query={quote_plus(RUNAWAY)}", "/", "/catalogue", "/data/current.nq", "/data/current.csv", "/void"]
    posts = [
        ("/check", f"multipart/form-data; boundary=x\r\nContent-Length: {len(FORM) + 100}", FORM),
        ("/check", f"multipart/form-data; boundary=x\r\nContent-Length: {len(FORM) + 8}", f"{FORM}\r\n--x--\r\n"),
        ("/sparql", "application/sparql-query\r\nContent-Length: 100", "ASK"),
        ("/sparql", "application/sparql-update\r\nContent-Length: 100", "CLEAR"),
        ("/graphs?default", "text/turtle\r\nContent-Length: 1000", "<http://x/a>"),
    ]
    host = f"Host: localhost\r\nAccept: */*\r\nAuthorization: Bearer {key}\r\n"
    return [f"GET {path} HTTP/1.1\r\n{host}\r\n".encode() for path in get] + [
        f"POST {path} HTTP/1.1\r\n{host}Content-Type: {rest}\r\n\r\n{body}".encode() for path, rest, body in posts
    ]


@pytest.mark.parametrize(
    ("seconds", "ways"),
    [(0.0, 1), *(pytest.param(seconds, 2, marks=pytest.mark.exhaustive) for seconds in (0.0, 0.2))],
)
def test_no_traceback_is_logged_for_a_client_that_hangs_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, seconds: float, ways: int
) -> None:
    """Every request is broken off in one of two ways, in turn, or in both."""
    store = publish_small(tmp_path / "store")
    key = add_key(tmp_path / "keys", "tests", date(2026, 1, 1))
    settings = Settings(store.path, workers=1, keys=tmp_path / "keys", query_timeout=5)
    with running_service(settings, HtmlPages()) as address:
        host, port = address.removeprefix("http://").split(":")
        for number, request in enumerate(requests(key)):
            for way in range(number, number + ways):
                connection = socket.create_connection((host, int(port)), timeout=60)
                if way % 2:  # abruptly
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.sendall(request)
                time.sleep(seconds)
                connection.close()
        assert httpx2.get(f"{address}/sparql", params={"query": "ASK {}"}, timeout=30).status_code == 200
        wait_for_metric(address, "yusuan_http_requests_in_progress 1")  # a service that stops cancels what goes on
    wrong = [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]
    assert [f"{record.name}: {record.getMessage()}" for record in wrong] == []
