"""Compare this service, over a store in a SPARQL service, with that SPARQL service asked directly.

`python -m benchmarks.serve_remote SETTINGS --disclosures 100`, where SETTINGS names an empty SPARQL service, or one in
which this command has published before. The queries are those of `benchmarks.serve_queries`. Asked directly, the SPARQL
service gets the very text that this service sends to it. With `--store FOLDER`, the folder in which
`benchmarks.serve_queries` keeps its stores, this service over a folder is measured beside both. All are loaded in turn,
by one client and by four, or as `--clients` says, each request being different. All answers must have as many rows.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click
import pyoxigraph as ox

import shapes
from benchmarks.corpus import make_corpus, read_original
from benchmarks.serve_queries import (
    CLIENTS,
    HARDLY_ANYTHING,
    BenchmarkError,
    Server,
    ask,
    build_store,
    example_queries,
    loads,
    rows,
    serve_yusuan,
    write,
)
from ontology import DEFAULT_BASE
from server.store.generation_store import open_store
from server.store.remote.addresses import read_addresses
from server.store.remote.reading import RemoteGeneration, open_remote
from yusuan.inputs import SHIPPED

Translation = Callable[[str], str]


@click.command()
@click.argument("settings", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--disclosures", default=100, show_default=True, help="How many disclosures are published if none is.")
@click.option("--seconds", default=6.0, show_default=True, help="How long each load lasts.")
@click.option("--only", default="", help="Ask only queries whose name holds this.")
@click.option("--clients", multiple=True, default=CLIENTS, show_default=True, help="How many ask at once; repeatable.")
@click.option("--store", type=click.Path(path_type=Path), help="A folder with the same store, to measure it too.")
def main(
    settings: Path, disclosures: int, seconds: float, only: str, clients: tuple[int, ...], store: Path | None
) -> None:
    """Print the loads of all servers as a table."""
    queries = {name: query for name, query in (example_queries() | HARDLY_ANYTHING).items() if only in name}
    publish_if_empty(settings, disclosures)
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(serve_yusuan(settings))
        generation = stack.enter_context(contextlib.closing(open_remote(open_store(settings, DEFAULT_BASE).current())))
        folders = (
            [stack.enter_context(serve_yusuan(build_store(store / str(disclosures), disclosures)))] if store else []
        )
        write(f"{'query':44}{'clients':>8}{'direct ms':>11}{'yusuan ms':>11}{'ratio':>7}{'folder ms':>11}{'ratio':>7}")
        for name, query in queries.items():
            compare(name, query, translation(generation), (direct(settings), ours, *folders), clients, seconds)


def compare(
    name: str, query: str, translate: Translation, servers: tuple[Server, ...], clients: tuple[int, ...], seconds: float
) -> None:
    """Print the time of an answer at each server, the first of which is asked directly, and its ratio to that one."""
    asked = [translate(query), *([query] * (len(servers) - 1))]
    answers = [rows(ask(server, text)) for server, text in zip(servers, asked, strict=True)]
    for server, answer in zip(servers[1:], answers[1:], strict=True):
        if len(answer) != len(answers[0]):
            raise BenchmarkError(f"{name}: {server.name} gives {len(answer)} rows, not {len(answers[0])}")
    for number in clients:
        medians = [found.median * 1000 for found in loads(list(zip(servers, asked, strict=True)), number, seconds)]
        ratios = "".join(f"{median:11.1f}{median / medians[0]:7.2f}" for median in medians[1:])
        write(f"{name:44}{number:8}{medians[0]:11.1f}{ratios}")


def direct(settings: Path) -> Server:
    """The SPARQL service itself; raises BenchmarkError for one that is not reached by plain HTTP."""
    address = urlsplit(read_addresses(settings).query)
    if address.scheme != "http" or not address.hostname:
        raise BenchmarkError(f"{settings}: only plain HTTP is measured")
    return Server("direct", address.port or 80, address.path, address.hostname)


def translation(generation: RemoteGeneration) -> Translation:
    """How a SELECT query is put to the SPARQL service."""

    def translate(query: str) -> str:
        parsed = ox.Store().query(query, base_iri=DEFAULT_BASE)
        assert isinstance(parsed, ox.QuerySolutions)
        return generation.translate(query, DEFAULT_BASE, [variable.value for variable in parsed.variables])

    return translate


def publish_if_empty(settings: Path, disclosures: int) -> None:
    """Publish made disclosures, unless the SPARQL service holds a store already."""
    store = open_store(settings, DEFAULT_BASE)
    if store.generations.pointer.exists():
        return
    start = time.perf_counter()
    corpus = make_corpus(disclosures, read_original())
    store.publish(corpus, SHIPPED.triples(DEFAULT_BASE), shapes.load_rule_triples(DEFAULT_BASE))
    write(f"{disclosures} disclosures published in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
