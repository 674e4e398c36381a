"""The server process of `yusuan serve`: settings, socket, uvicorn."""

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
from server.errors import (
    KeyFileError,
    ServiceAddressError,
    StoreBaseError,
    StoreMissingError,
    StoreModelError,
    StoreUnreachableError,
)
from server.http.client_keys import read_keys
from server.http.connections import make_config
from server.http.logs import set_up_logs
from server.pages import HtmlPages
from server.settings import SettingError, Settings, read_settings
from server.store.generation_store import open_store

FAILED, NOTHING = 1, 2
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class AnnouncedServer(uvicorn.Server):
    """A uvicorn server that calls `announce` when it is ready."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self.announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then announce."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # objects that stay alive need not be scanned at each collection
        if self.started:
            self.announce()


def serve(settings: Settings, language: str) -> None:
    """Serve a store until the process is interrupted or terminated.

    Print the addresses when they are ready. Exit with code 2 if the store is empty or the port is taken, with code 1
    if the service cannot start.
    """
    try:
        store = open_store(settings.store, settings.base)
        store.current()
        store.require_base()
        store.require_model()
        if store.flaws:
            click.echo(message("service-flaws", language, flaws=", ".join(store.flaws)), err=True)
    except StoreMissingError:
        click.echo(message("store-empty", language, store=settings.store), err=True)
        sys.exit(NOTHING)
    except (ServiceAddressError, StoreBaseError, StoreModelError, StoreUnreachableError) as error:
        click.echo(error.text(language), err=True)
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
        app = create_app(settings, HtmlPages())

        def announce() -> None:
            click.echo(message("serving", language, page=f"{address}/", endpoint=f"{address}/sparql"))
            app.state.search.known()  # the index and the files of facts are made before anyone asks
            app.state.partition_files.prepare()
            app.state.uploads.prepare()

        server = AnnouncedServer(make_config(app, settings), announce)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # SIGTERM stops the service as Ctrl-C does
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            return
        if not server.started:
            sys.exit(FAILED)


def read_settings_or_exit(file: Path | None, language: str, **given: object) -> Settings:
    """Read settings from a file and the environment; `given` overrides both. Exit with code 2 if they are invalid."""
    try:
        return read_settings(file, os.environ, **given)
    except (OSError, ValueError) as error:
        reason = error.text(language) if isinstance(error, SettingError) else error
        click.echo(message("settings-unusable", language, file=file or "YUSUAN_*", reason=reason), err=True)
        sys.exit(NOTHING)


def read_keys_or_exit(path: Path | None, language: str) -> None:
    """Check that the file of keys can be read. Exit with code 2 and the reason if not."""
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
    """Return a bound socket. The protocol is set explicitly: asyncio sets TCP_NODELAY only on sockets that name TCP."""
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
    """Return the address at which a browser on this machine reaches the service."""
    name = EVERYWHERE.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
