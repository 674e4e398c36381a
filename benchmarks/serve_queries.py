"""Compare this service with others over HTTP, on the same data: `python -m benchmarks.serve_queries --disclosures 100`.

The other services are the native server (`oxigraph serve-read-only`) on the same database files, and rdflib-endpoint
in memory. Six of the example queries, for the first year and department of the corpus, and one very cheap query are
each sent for some seconds by one client and by four; a client waits for its answer before it sends again. A comment
makes every request different, so that no cache answers it. Then the identical query is repeated and compared with a
constant response of this service. All answers are compared with those of the native server.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import click
import pyoxigraph as ox

import shapes
from benchmarks.corpus import FIRST_DEPARTMENT, FIRST_YEAR, make_corpus, read_original
from ontology import DEFAULT_BASE
from ontology.example_queries import load_examples
from server.store.generation_store import GenerationStore
from yusuan.inputs import SHIPPED

QUESTIONS = (
    "which-figures-does-a-disclosure-print",
    "how-much-goes-to-each-class",
    "how-much-does-everything-under-a-code-get",
    "which-ten-projects-cost-most",
    "how-do-departments-compare",
    "which-figures-speak-of-a-word",
)
HARDLY_ANYTHING = {"three-statements": "SELECT * { ?s ?p ?o } LIMIT 3"}  # what is left is the way there and back
ASKED_OF = {"/2024/budget/108>": f"/{FIRST_YEAR}/budget/{FIRST_DEPARTMENT}>", '"2024"': f'"{FIRST_YEAR}"'}
RESULTS = "application/sparql-results+json"
CLIENTS = (1, 4)
ROUNDS = 3
OPENING_SECONDS = 900.0
ANSWER_SECONDS = 300.0
SCRIPTS = Path(sysconfig.get_path("scripts"))
CONSTANT_ROUTE = "/health"


@dataclass(frozen=True)
class Server:
    """A running endpoint; `path` is where it takes queries."""

    name: str
    port: int
    path: str
    host: str = "127.0.0.1"


@dataclass(frozen=True)
class Load:
    """What a load came to: answers a second, the median wait in seconds, the bytes of one answer."""

    rate: float
    median: float
    size: int


class BenchmarkError(Exception):
    """A server did not start, or gave a wrong answer."""


@click.command()
@click.option("--disclosures", default=100, show_default=True, help="How many disclosures the store holds.")
@click.option(
    "--small", default=10, show_default=True, help="How many rdflib-endpoint is given; it keeps all in memory."
)
@click.option("--seconds", default=6.0, show_default=True, help="How long each load lasts.")
@click.option("--store", type=click.Path(path_type=Path), help="A folder to keep the store in, or to find it again.")
@click.option("--only", default="", help="Ask only queries whose name holds this.")
@click.option("--rdflib/--no-rdflib", default=True, show_default=True, help="Whether to measure rdflib-endpoint.")
def main(disclosures: int, small: int, seconds: float, store: Path | None, only: str, rdflib: bool) -> None:
    """Print the loads of all servers as tables."""
    queries = {name: query for name, query in (example_queries() | HARDLY_ANYTHING).items() if only in name}
    with contextlib.ExitStack() as stack:
        folder = store or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        large = build_store(folder / str(disclosures), disclosures)
        with serve_yusuan(large) as ours, serve_oxigraph(large) as native:
            compare_with_native(ours, native, queries, seconds)
            compare_with_constant(ours, queries, seconds)
        if rdflib:
            few = build_store(folder / str(small), small)
            with serve_yusuan(few) as ours, serve_rdflib(few) as theirs:
                compare_with_rdflib(ours, theirs, queries, seconds, small)


def example_queries() -> dict[str, str]:
    """The examples named in QUESTIONS, what they ask of the example disclosure asked of the corpus instead."""
    examples = {example.name: example.query for example in load_examples()}
    return {name: as_asked_of_the_corpus(examples[name]) for name in QUESTIONS}


def as_asked_of_the_corpus(query: str) -> str:
    """A query of an example, of the first year and department of the corpus instead of the example's."""
    for theirs, ours in ASKED_OF.items():
        query = query.replace(theirs, ours)
    return query


def compare_with_native(ours: Server, native: Server, queries: dict[str, str], seconds: float) -> None:
    """Throughput beside the native server's; answers must be the same."""
    write(f"{'query':44}{'clients':>8}{'bytes':>10}{'native ms':>11}{'native/s':>10}{'yusuan/s':>10}{'ratio':>7}")
    for name, query in queries.items():
        if rows(ask(ours, query)) != rows(ask(native, query)):
            raise BenchmarkError(f"{name}: the servers give different answers")
        for clients in CLIENTS:
            theirs, own = loads([(native, query), (ours, query)], clients, seconds)
            write(
                f"{name:44}{clients:8}{own.size:10}{theirs.median * 1000:11.1f}{theirs.rate:10.1f}{own.rate:10.1f}"
                f"{own.rate / theirs.rate:7.2f}"
            )


def compare_with_constant(ours: Server, queries: dict[str, str], seconds: float) -> None:
    """The same query again and again, beside the service's own constant route."""
    write(f"\n{'repeated query':44}{'clients':>8}{'constant/s':>11}{'repeated/s':>11}{'ratio':>7}")
    for name, query in queries.items():
        for clients in CLIENTS:
            constant = load(Server(ours.name, ours.port, ""), CONSTANT_ROUTE, clients, seconds)
            repeated = load(ours, query, clients, seconds, fresh=False)
            write(f"{name:44}{clients:8}{constant.rate:11.1f}{repeated.rate:11.1f}{repeated.rate / constant.rate:7.2f}")


def compare_with_rdflib(ours: Server, theirs: Server, queries: dict[str, str], seconds: float, small: int) -> None:
    """Throughput beside rdflib-endpoint's, on a small store."""
    write(f"\n{f'{small} disclosures':44}{'clients':>8}{'rdflib/s':>10}{'yusuan/s':>10}{'ratio':>8}")
    for name, query in queries.items():
        slow, own = loads([(theirs, query), (ours, query)], 1, seconds)
        write(f"{name:44}{1:8}{slow.rate:10.3f}{own.rate:10.1f}{own.rate / slow.rate:8.0f}")


def build_store(folder: Path, disclosures: int) -> Path:
    """A store with as many disclosures as that; one that is there already is taken as it is."""
    if not (folder / "current").exists():
        start = time.perf_counter()
        shutil.rmtree(folder, ignore_errors=True)
        corpus = make_corpus(disclosures, read_original())
        GenerationStore(folder).publish(corpus, SHIPPED.triples(DEFAULT_BASE), shapes.load_rule_triples(DEFAULT_BASE))
        write(f"{disclosures} disclosures published in {time.perf_counter() - start:.0f} s")
    return folder


def loads(asked: list[tuple[Server, str]], clients: int, seconds: float) -> list[Load]:
    """Load servers in turn, each with its query, ROUNDS times, so that other work weighs on all alike."""
    rounds = [[load(server, query, clients, seconds / ROUNDS) for server, query in asked] for _ in range(ROUNDS)]
    return [
        Load(
            rate=statistics.mean(part.rate for part in parts),
            median=statistics.median(part.median for part in parts),
            size=parts[0].size,
        )
        for parts in zip(*rounds, strict=True)
    ]


def load(server: Server, query: str, clients: int, seconds: float, *, fresh: bool = True) -> Load:
    """Ask for some seconds; the first answer is not counted. `fresh` makes every request another."""
    ask(server, query)
    waits: list[list[float]] = [[] for _ in range(clients)]
    sizes: list[int] = []
    failures: list[BaseException] = []
    start = time.perf_counter()

    def work(number: int) -> None:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=ANSWER_SECONDS)
        try:
            while (asked := time.perf_counter()) < start + seconds or not waits[number]:
                text = f"{query}\n# {number} {len(waits[number])} {start}" if fresh and server.path else query
                sizes[:] = [len(ask(server, text, connection))]
                waits[number].append(time.perf_counter() - asked)
        except (OSError, http.client.HTTPException, BenchmarkError) as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise BenchmarkError(f"{server.name}: {failures[0]}") from failures[0]
    everything = sorted(wait for waited in waits for wait in waited)
    return Load(len(everything) / (time.perf_counter() - start), everything[len(everything) // 2], sizes[0])


def ask(server: Server, query: str, connection: http.client.HTTPConnection | None = None) -> bytes:
    """One answer; without a path the query is an address on the server."""
    own = connection or http.client.HTTPConnection(server.host, server.port, timeout=ANSWER_SECONDS)
    try:
        if server.path:
            own.request("GET", f"{server.path}?query={quote(query)}", headers={"Accept": RESULTS})
        else:
            own.request("GET", query)
        response = own.getresponse()
        body = response.read()
    finally:
        if connection is None:
            own.close()
    if response.status != 200:
        raise BenchmarkError(f"{server.name} answers {response.status}: {body[:500]!r}")
    return body


def rows(answer: bytes) -> list[str]:
    """The rows of an answer, sorted."""
    return sorted(json.dumps(row, sort_keys=True) for row in json.loads(answer)["results"]["bindings"])


@contextlib.contextmanager
def serve_yusuan(store: Path) -> Iterator[Server]:
    """This service, with as many workers as the machine has processors."""
    workers = str(os.cpu_count() or 1)
    command = [str(SCRIPTS / "yusuan"), "serve", "--store", str(store), "--port", "{port}"]
    with running(
        "yusuan",
        command,
        "/sparql",
        environment={"YUSUAN_WORKERS": workers, "YUSUAN_QUERY_TIMEOUT": f"{ANSWER_SECONDS:.0f}"},
    ) as server:
        yield server


@contextlib.contextmanager
def serve_oxigraph(store: Path) -> Iterator[Server]:
    """The native server, on the database of the store's current generation."""
    database = GenerationStore(store).current()
    command = [str(SCRIPTS / "oxigraph"), "serve-read-only", "--location", str(database), "--bind", "127.0.0.1:{port}"]
    with running("oxigraph", command, "/query") as server:
        yield server


@contextlib.contextmanager
def serve_rdflib(store: Path) -> Iterator[Server]:
    """rdflib-endpoint, given the default graph of the store."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "default.nt"
        database = ox.Store.read_only(str(GenerationStore(store).current()))
        database.dump(str(dump), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        command = [str(SCRIPTS / "rdflib-endpoint"), "serve", str(dump), "--host", "127.0.0.1", "--port", "{port}"]
        with running("rdflib-endpoint", command, "/") as server:
            yield server


@contextlib.contextmanager
def running(name: str, command: list[str], path: str, environment: dict[str, str] | None = None) -> Iterator[Server]:
    """A server process that answers; it ends with the block."""
    server = Server(name, free_port(), path)
    arguments = [part.replace("{port}", str(server.port)) for part in command]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            arguments, env=os.environ | (environment or {}), stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(server, process)
            yield server
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers a query."""
    end = time.monotonic() + OPENING_SECONDS
    while True:
        try:
            ask(server, "ASK {}")
            return
        except (OSError, http.client.HTTPException) as error:
            if process.poll() is not None or time.monotonic() > end:
                raise BenchmarkError(f"{server.name} did not start") from error
            time.sleep(0.2)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def write(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
