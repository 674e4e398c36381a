"""Run a mixed load against one service: `python -m benchmarks.mixed_load --minutes 10`.

The load consists of ordinary clients, runaway queries, clients that disconnect, a slow reader, publications and
hostile clients (`benchmarks.attacks`), each with an address reported by a trusted proxy. No answer may be wrong, no
truncated answer may look complete, ordinary clients may be refused only by 503, and the memory of the service must not
grow. The tests run half a minute of this load.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_plus

import click
from pyoxigraph import Literal, NamedNode, Triple

from benchmarks.attacks import ATTACKS, ENDLESS, RUNAWAY
from benchmarks.load_scene import HARMLESS, LEAVING, MIXED, MUCH, SLOW, Outcome, Scene, ask, note
from ontology.namespaces import DEFAULT_BASE, RDF, XSD
from server.errors import StoreLockedError
from server.store.generation_store import GenerationStore, VersionGraphs

FIGURES = 120
TRIPLES = "?a0 ?b0 ?c0 . ?a1 ?b1 ?c1"
SUM = f"SELECT (SUM(?a) AS ?n) (COUNT(?a) AS ?m) {{ ?o <{DEFAULT_BASE}def#amount> ?a }}"
SQUARE = f"SELECT ?a0 ?a1 {{ {TRIPLES} }}"
SETTINGS = {
    "YUSUAN_WORKERS": "2",
    "YUSUAN_QUERY_TIMEOUT": "5",
    "YUSUAN_QUEUE_LENGTH": "16",
    "YUSUAN_RATE": "0",
    "YUSUAN_TRUSTED_PROXIES": "127.0.0.1",
    "YUSUAN_ANSWER_CACHE": "8",
}
SPARES = 1
SECONDS_TO_END = 120


def version(number: int) -> VersionGraphs:
    """The version of one disclosure whose figures add up to `number` times their count."""
    disclosure = f"{DEFAULT_BASE}id/disclosure/420107/2024/budget/108"
    address = f"{disclosure}/v/{number:016x}"

    def said(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
        return Triple(NamedNode(subject), NamedNode(predicate), value)

    def term(name: str) -> str:
        return f"{DEFAULT_BASE}def#{name}"

    triples = [
        said(address, RDF + "type", NamedNode(term("DisclosureVersion"))),
        said(address, term("disclosure"), NamedNode(disclosure)),
        said(disclosure, RDF + "type", NamedNode(term("Disclosure"))),
        said(disclosure, term("year"), Literal("2024", datatype=NamedNode(XSD + "gYear"))),
        *(said(f"{address}/t01/r{row}c1", term("amount"), Literal(number)) for row in range(FIGURES)),
    ]
    return VersionGraphs(disclosure, address, 2024, triples, (), (), b"{}")


# ── Who takes part ──────────────────────────────────────────────────────────────────────────────


def ask_honestly(scene: Scene, chance: random.Random) -> None:
    """The sum must be that of a generation which was current during the question."""
    first = scene.outcome.published
    fresh = f" #{chance.random()}" if chance.random() < 0.7 else ""
    started = time.monotonic()
    status, body = ask(scene, SUM + fresh, "csv", compressed=chance.random() < 0.5)
    scene.outcome.waits.append(time.monotonic() - started)
    last = scene.outcome.published + 1  # the next one may be current before its publisher knows
    if status == 200:
        total, count = (int(part) for part in body.split()[1].split(b","))
        if count != FIGURES or total % FIGURES or not first <= total // FIGURES <= last:
            scene.outcome.wrong.append(f"sum {total} of {count} between {first} and {last}")
    note(scene, "honest", status, body)


def ask_for_much(scene: Scene, chance: random.Random) -> None:
    """All pairs of triples: as many rows as a square, in a document that can be read; the deadline may pass."""
    try:
        status, body = ask(scene, SQUARE, "json", client=MUCH, compressed=chance.random() < 0.5)
    except HARMLESS:
        scene.outcome.counts["much: broke off"] += 1
        return
    if status == 200:
        rows = len(json.loads(body)["results"]["bindings"])
        if rows != round(rows**0.5) ** 2 or rows < FIGURES**2:
            scene.outcome.wrong.append(f"{rows} rows, which is no square")
    note(scene, "much", status, body)


def run_away(scene: Scene, chance: random.Random) -> None:
    """A query without an end must be refused, or its answer must break off."""
    query = chance.choice((ENDLESS, RUNAWAY))
    try:
        status, body = ask(scene, query, chance.choice(("csv", "json")), client=MIXED, compressed=chance.random() < 0.5)
    except HARMLESS:
        scene.outcome.counts["runaway: broke off"] += 1
        return
    if status == 200:
        scene.outcome.wrong.append(f"{len(body)} bytes of a runaway query looked whole")
    note(scene, "runaway", status, body)


def hang_up(scene: Scene, chance: random.Random) -> None:
    """Ask, and be gone."""
    with socket.create_connection(("127.0.0.1", scene.port), timeout=30) as connection:
        query = chance.choice((ENDLESS, RUNAWAY, SQUARE, SUM))
        connection.sendall(
            f"GET /sparql?query={quote_plus(query)} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {LEAVING}\r\n\r\n".encode()
        )
        time.sleep(chance.random() * 0.3)
    scene.outcome.counts["hung up"] += 1
    time.sleep(0.1)


def read_slowly(scene: Scene, chance: random.Random) -> None:
    """Take a large answer in sips; it must be whole all the same, or the connection break."""
    connection = http.client.HTTPConnection("127.0.0.1", scene.port, timeout=30)
    try:
        connection.request(
            "GET",
            f"/sparql?query={quote_plus(SQUARE + f' #{chance.random()}')}&format=json",
            headers={"X-Forwarded-For": SLOW},
        )
        response = connection.getresponse()
        body = bytearray()
        while sip := response.read(65536):
            body += sip
            time.sleep(0.02)
        if response.status == 200:
            json.loads(body)
        note(scene, "slow", response.status, bytes(body))
    except HARMLESS:
        scene.outcome.counts["slow: broke off"] += 1
    finally:
        connection.close()


def publish(scene: Scene, _: random.Random) -> None:
    """Publish the next version."""
    try:
        GenerationStore(scene.store).publish([version(scene.outcome.published + 1)], (), ())
        scene.outcome.published += 1
    except StoreLockedError:
        scene.outcome.counts["locked"] += 1
    time.sleep(0.5)


CAST: tuple[tuple[int, Callable[[Scene, random.Random], None]], ...] = (
    *((3, ask_honestly), (1, ask_for_much), (1, run_away), (1, hang_up), (1, read_slowly), (1, publish)),
)


def act(scene: Scene, part: Callable[[Scene, random.Random], None], seed: int) -> None:
    """Play a part to the end; an exception is wrong, too."""
    chance = random.Random(seed)
    while scene.goes_on():
        try:
            part(scene, chance)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must be told
            scene.outcome.wrong.append(f"{part.__name__}: {error!r}")


# ── The stage ───────────────────────────────────────────────────────────────────────────────────


def run_load(seconds: float) -> Outcome:
    """All at once for so many seconds."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "store", outcome) as (process, port):
        scene = Scene(port, Path(folder) / "store", time.monotonic() + seconds, outcome)
        parts = [part for number, part in (*CAST, *ATTACKS) for _ in range(number)]
        threads = [
            threading.Thread(target=act, args=(scene, part, seed), daemon=True) for seed, part in enumerate(parts)
        ]
        for thread in threads:
            thread.start()
        while scene.goes_on():
            outcome.memory.append(memory_of(process.pid))
            time.sleep(0.5)
        patience = time.monotonic() + SECONDS_TO_END
        for thread in threads:
            thread.join(max(0.0, patience - time.monotonic()))
        if waiting := sum(thread.is_alive() for thread in threads):
            outcome.wrong.append(f"{waiting} clients still wait for an answer")
        look_at_the_end(scene, process)
    return outcome


def look_at_the_end(scene: Scene, process: subprocess.Popen[str]) -> None:
    """Afterwards a question is answered, and neither workers nor generations have been left behind."""
    workers = int(SETTINGS["YUSUAN_WORKERS"])
    patience = time.monotonic() + 30
    while not workers <= (children := children_of(process.pid)) <= workers + SPARES and time.monotonic() < patience:
        time.sleep(0.5)
    if not workers <= children <= workers + SPARES:
        scene.outcome.wrong.append(f"{children} workers in the end")
    status, body = ask(scene, SUM, "csv")
    if (status, body.split()[-1]) != (200, f"{scene.outcome.published * FIGURES},{FIGURES}".encode()):
        scene.outcome.wrong.append(f"in the end: {status} {body[:200]!r}")
    publish(scene, random.Random(0))
    generations = sorted(path.name for path in (scene.store / "gen").iterdir())
    if len(generations) > 1 + workers + SPARES + 1:
        scene.outcome.wrong.append(f"generations left behind: {generations}")


@contextmanager
def serving(store: Path, outcome: Outcome) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The service over a first generation, and its port."""
    GenerationStore(store).publish([version(1)], (), ())
    outcome.published = 1
    command = [sys.executable, "-c", "from yusuan.commands.main import main; main()", "serve", "--store", str(store)]
    with subprocess.Popen(
        [*command, "--port", "0", "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **SETTINGS},
    ) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process, int(process.stdout.readline().rsplit(":", 1)[1].split("/")[0])
        finally:
            process.terminate()


def memory_of(process: int) -> int:
    """The bytes that a process takes up."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def children_of(process: int) -> int:
    """How many processes a process has started that are there."""
    return sum(parent_of(stat) == process for stat in Path("/proc").glob("[0-9]*/stat"))


def parent_of(stat: Path) -> int:
    """The parent of a process by its file in /proc; 0 for one that is gone."""
    try:
        return int(stat.read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


@click.command()
@click.option("--minutes", default=10.0, show_default=True, help="How long.")
def main(minutes: float) -> None:
    """Print what happened; exit code 1 if anything was wrong."""
    outcome = run_load(minutes * 60)
    for what, number in sorted(outcome.counts.items()):
        click.echo(f"{what:24}{number:10}")
    click.echo(f"{'published':24}{outcome.published:10}")
    click.echo(f"honest clients waited {outcome.wait(0.5):.2f} s (median), {outcome.wait(0.95):.2f} s (95 of 100)")
    click.echo(f"memory of the web process {outcome.memory[0] >> 20} .. {max(outcome.memory) >> 20} MiB, ", nl=False)
    click.echo(f"growth {outcome.growth():+.1%}")
    for text in outcome.wrong:
        click.echo(f"WRONG: {text}", err=True)
    sys.exit(1 if outcome.wrong else 0)


if __name__ == "__main__":
    main()
