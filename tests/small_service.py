"""A service on a free port, for the tests that speak HTTP."""

import atexit
import json
import socket
import threading
from asyncio.subprocess import Process
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from logging import Logger
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from ontology.tabular.data_package import FileDigest
from server.app import create_app
from server.dataset.download_digests import DownloadDigests
from server.dataset.download_files import DownloadKey
from server.http.connections import make_config
from server.http.dependencies import Pages
from server.processes.fork_server import ForkServer
from server.processes.runner import running_task
from server.processes.task import Task
from server.settings import Settings
from server.uploads.concurrency import UploadLimiter

SECONDS_TO_STOP = 120


class LastingForkServer(ForkServer):
    """A fork server that outlives services: started from a thread that lasts, since it ends with the one it is from."""

    starter = ThreadPoolExecutor(1)
    starting = threading.Lock()

    def command(self, task: Task) -> list[str]:
        """Start it once, whichever service asks first."""
        with self.starting:
            return super().command(task)

    def _start(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(Path(__file__).parent))
            self.starter.submit(super()._start).result()

    def close(self) -> None:
        """Leave it to the next service."""


CHECKING = LastingForkServer("server.checking.preloading", "small_preloading")
"""All services of a test process have files checked from one, which loads words and rules once."""
WITH_PROCESSES = (
    "server.dataset.statistics",
    "server.dataset.download_digests",
    "server.dataset.download_files",
    "server.search.index.index_files",
    "server.store.writer",
)
"""Modules whose processes are forked from it too, so that they load little."""


def running_forked_task(task: Task, log: Logger, **options: Any) -> AbstractAsyncContextManager[Process]:
    """Run a task in a forked process unless it needs the network, which the fork server has left."""
    return running_task(task, log, None if task.limits.network else CHECKING, **options)


for name in WITH_PROCESSES:
    pytest.MonkeyPatch().setattr(f"{name}.running_task", running_forked_task)
atexit.register(ForkServer.close, CHECKING)


def running_service(settings: Settings, pages: Pages | None = None) -> AbstractContextManager[str]:
    """A service on a free port, with pages if they are given; gives its address."""
    return running_application(application(settings, pages))


def application(settings: Settings, pages: Pages | None = None) -> FastAPI:
    """A service that has files checked from the common fork server."""
    app = create_app(settings, pages)
    app.state.uploads = UploadLimiter(CHECKING)
    return app


class NoDigests(DownloadDigests):
    """Sizes and checksums of downloads, of which none is ever known: those of so large a store take long."""

    async def of(self, keys: Iterable[DownloadKey]) -> Mapping[DownloadKey, FileDigest]:  # noqa: ARG002
        return {}


def undigested_application(settings: Settings, pages: Pages | None = None) -> FastAPI:
    """A service that takes no sizes and checksums of downloads."""
    app = application(settings, pages)
    app.state.download_digests = NoDigests(settings, app.state.download_files)
    return app


@contextmanager
def running_application(app: FastAPI) -> Iterator[str]:
    """An application on a free port; gives its address."""
    CHECKING.command(Task(""))  # started here, where no other thread sets the environment
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
