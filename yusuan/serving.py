"""A store served: pages and endpoint, until interrupted."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import uvicorn

from ontology.messages import message
from server.app import create_app
from server.errors import StoreMissingError
from server.pages import HtmlPages
from server.settings import settings_from_environment
from server.store import GenerationStore

FAILED, NOTHING = 1, 2
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class AnnouncedServer(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self.announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce."""
        await super().startup(sockets)
        if self.started:
            self.announce()


def serve_store(
    store: Path,
    host: str,
    port: int,
    base: str,
    language: str,
    codes: Path | None = None,
    registers: tuple[Path, ...] = (),
) -> None:
    """Serve the store at `host`:`port` (0: a free port) until interrupted.

    Uploads are checked against the imported editions in the folder `codes` and the registers as well.

    Prints the addresses once they answer. Leaves the process with code 2 if the store is empty or the port is taken,
    with 1 if the service cannot start.
    """
    settings = replace(settings_from_environment(store, os.environ), base=base, codes=codes, registers=registers)
    try:
        GenerationStore(store, base).current()
    except StoreMissingError:
        click.echo(message("store-empty", language, store=store), err=True)
        sys.exit(NOTHING)
    try:
        listener = listen(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        click.echo(message("port-taken", language, port=port), err=True)
        sys.exit(NOTHING)
    with listener:
        address = address_of(host, listener.getsockname()[1])
        config = uvicorn.Config(create_app(settings, HtmlPages()), log_level="warning", ws="none", server_header=False)
        server = AnnouncedServer(
            config,
            lambda: click.echo(message("serving", language, page=f"{address}/", endpoint=f"{address}/sparql")),
        )
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            return
        if not server.started:
            sys.exit(FAILED)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Only one that says it is TCP gets TCP_NODELAY from asyncio; others wait 40 ms in each answer."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def address_of(host: str, port: int) -> str:
    """How a browser on this machine reaches the service."""
    name = EVERYWHERE.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
