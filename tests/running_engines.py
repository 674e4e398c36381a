"""SPARQL servers on free ports of this machine, each with a settings file for a store: Oxigraph and Virtuoso."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx2
import pytest

PATIENCE = 60.0
VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
StopCompilerWhenXOverRunTime = 1
MaxOptimizeLayouts = 200
MaxSortedTopRows = 1000000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 1000000
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def write_addresses(folder: Path, **values: str) -> Path:
    file = folder / "store.toml"
    file.write_text("\n".join(["[store]", *(f'{name} = "{value}"' for name, value in values.items())]))
    return file


@contextmanager
def running(command: list[str], folder: Path, address: str) -> Iterator[None]:
    """Run a server until the block ends; the test fails if it does not answer in time."""
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process,
    ):
        try:
            deadline = time.monotonic() + PATIENCE
            while True:
                try:
                    httpx2.get(address, params={"query": "ASK {}"})
                    break
                except httpx2.TransportError:
                    assert process.poll() is None, (folder / "server.log").read_text(errors="replace")
                    assert time.monotonic() < deadline, "the server does not answer"
                    time.sleep(0.2)
            yield
        finally:
            process.kill()


@contextmanager
def oxigraph_server(folder: Path) -> Iterator[Path]:
    """An Oxigraph server with nothing in it; gives the settings file."""
    address = f"127.0.0.1:{free_port()}"
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve", "--location", "db", "--bind", address]
    addresses = {"query": "query", "update": "update", "graphs": "store"}
    with running(command, folder, f"http://{address}/query"):
        yield write_addresses(folder, **{name: f"http://{address}/{path}" for name, path in addresses.items()})


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[Path]:
    """A Virtuoso server with nothing in it; gives the settings file."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource)")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=sql, http=http), encoding="utf-8")
    (folder / "password").write_text("dba", encoding="utf-8")
    address = f"http://127.0.0.1:{http}"
    with running([program, "+foreground", "+configfile", "virtuoso.ini"], folder, f"{address}/sparql"):
        yield write_addresses(
            folder,
            query=f"{address}/sparql",
            update=f"{address}/sparql-auth",
            graphs=f"{address}/sparql-graph-crud-auth",
            user="dba",
            password_file="password",
            authentication="digest",
        )


Engine = Callable[[Path], AbstractContextManager[Path]]
engines = pytest.mark.parametrize(
    "engine",
    [
        pytest.param(oxigraph_server, marks=pytest.mark.exhaustive),
        pytest.param(virtuoso_server, marks=pytest.mark.virtuoso),
    ],
    ids=["oxigraph", "virtuoso"],
    scope="module",
)
