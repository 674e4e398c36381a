"""A service on a free port, for the tests that speak HTTP."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx2
import uvicorn
from fastapi import FastAPI

from server.app import create_app
from server.http.connections import make_config
from server.http.dependencies import Pages
from server.settings import Settings

SECONDS_TO_STOP = 120


def running_service(settings: Settings, pages: Pages | None = None) -> AbstractContextManager[str]:
    """A service on a free port, with pages if they are given; gives its address."""
    return running_application(create_app(settings, pages))


@contextmanager
def running_application(app: FastAPI) -> Iterator[str]:
    """An application on a free port; gives its address."""
    # A socket that says it is TCP gets TCP_NODELAY from asyncio; one that does not waits 40 ms in each answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(make_config(app, app.state.settings))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            while not server.started:
                thread.join(0.01)
                assert thread.is_alive(), "the service did not start"
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(SECONDS_TO_STOP)
            assert not thread.is_alive(), "the service did not stop"


def rdf_text(response: httpx2.Response, client: httpx2.Client) -> str:
    """The body of a response; JSON-LD with its context in the place of the context's address."""
    if response.headers["content-type"] != "application/ld+json":
        return response.text
    document = response.json()
    return json.dumps(document | client.get(document["@context"]).json())
