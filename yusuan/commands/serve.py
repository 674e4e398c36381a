"""A store served: pages and endpoint, until interrupted."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import click
import uvicorn

from ontology.messages import message
from server.app import create_app
from server.errors import KeyFileError, StoreMissingError
from server.http.connections import make_config
from server.http.logs import set_up_logs
from server.http.write_keys import read_keys
from server.pages import HtmlPages
from server.settings import SettingError, Settings, read_settings
from server.store.generation_store import GenerationStore

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
        gc.collect()
        gc.freeze()  # what is there now stays, and need not be looked through again and again
        if self.started:
            self.announce()


def serve(settings: Settings, language: str) -> None:
    """Serve the store of the settings at their address until interrupted or told to stop.

    Prints the addresses once they answer. Leaves the process with code 2 if the store is empty or the port is taken,
    with 1 if the service cannot start.
    """
    try:
        GenerationStore(settings.store, settings.base).current()
    except StoreMissingError:
        click.echo(message("store-empty", language, store=settings.store), err=True)
        sys.exit(NOTHING)
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        click.echo(message("port-taken", language, port=settings.port), err=True)
        sys.exit(NOTHING)
    set_up_logs(settings.log)
    with listener:
        address = address_of(settings.host, listener.getsockname()[1])
        server = AnnouncedServer(
            make_config(create_app(settings, HtmlPages()), settings),
            lambda: click.echo(message("serving", language, page=f"{address}/", endpoint=f"{address}/sparql")),
        )
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways to stop end alike
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            return
        if not server.started:
            sys.exit(FAILED)


def settings_or_stop(file: Path | None, language: str, **given: object) -> Settings:
    """The settings of a file and the environment, overridden by what is given; if they will not do, why and code 2."""
    try:
        return read_settings(file, os.environ, **given)
    except (OSError, ValueError) as error:
        reason = error.text(language) if isinstance(error, SettingError) else error
        click.echo(message("settings-unusable", language, file=file or "YUSUAN_*", reason=reason), err=True)
        sys.exit(NOTHING)


def read_keys_or_stop(path: Path | None, language: str) -> None:
    """Read the keys once, to see that they can be; if not, why and code 2."""
    if path is None:
        return
    try:
        if not path.is_file():
            raise SettingError("setting-keys", name="keys", value=path)
        read_keys(path)
    except (SettingError, KeyFileError) as error:
        click.echo(message("settings-unusable", language, file=path, reason=error.text(language)), err=True)
        sys.exit(NOTHING)


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
