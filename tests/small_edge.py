"""A service with strict limits, and raw connections to it."""

import socket
import time
from pathlib import Path
from urllib.parse import quote_plus

import httpx2
from fastapi import FastAPI

from server.app import create_app
from server.settings import Settings

ENDLESS = "SELECT * { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def strict_settings(store: Path) -> Settings:
    return Settings(
        store,
        workers=1,
        query_timeout=2,
        address_length=2_000,
        header_length=4_000,
        query_length=10_000,
        receive_timeout=1,
        send_timeout=0.5,
        stop_timeout=1,
    )


def broken_app(settings: Settings) -> FastAPI:
    app = create_app(settings)

    @app.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError("a secret")

    return app


def connect(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def read_all(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    received = bytearray()
    while chunk := connection.recv(65536):
        received += chunk
    return bytes(received)


def get(query: str, *headers: str, version: str = "1.1") -> bytes:
    lines = [f"GET /sparql?query={quote_plus(query)} HTTP/{version}", "Host: x", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def wait_for_metric(address: str, line: str) -> None:
    """Wait until the metrics of a service hold a line; fails when that takes too long."""
    for _ in range(300):
        text = httpx2.get(f"{address}/metrics", timeout=20).text
        if line in text.splitlines():
            return
        time.sleep(0.05)
    raise AssertionError(text)
