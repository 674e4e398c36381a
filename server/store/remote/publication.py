"""The publication of a generation in a SPARQL service: new graphs, and one triple that says they are served.

1. The copy of the current data that is not served takes over what the last publication changed: `settle`.
2. The new graphs are written, then what changes in the current data and the registry, in that copy: `prepare`. The
   service itself adds those graphs of which the current data get all.
3. The state names the new generation: `switch`. Until then nothing that a reader meets has changed.

What a publication that died has written is removed by the next one, in `settle`.
"""

import base64
import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Triple, serialize

from server.errors import StoreNotWrittenError
from server.store.remote.connection import ServiceConnection
from server.store.remote.editing import PORTION, EditedGeneration
from server.store.remote.names import (
    ADDED,
    CHANGED,
    CURRENT,
    DOCUMENT,
    GENERATION,
    LEAVES,
    MAKES,
    REGISTRY,
    REMOVED,
    SETTLED,
    SHARES,
    SPARE,
    STORED_AS,
    WRITING,
    change_of,
    copy_of,
    stored_name,
)
from server.store.remote.reading import RemoteGeneration
from server.store.remote.state import RemoteState, count, holds_something, say, unsay

AT_ONCE = 20_000
"""Triples that are sent in one request."""
DOCUMENTS = "/document"
COPIED = (CURRENT, REGISTRY)


def settle(connection: ServiceConnection, state: RemoteState, places: Iterable[str]) -> None:
    """Bring both copies to the served generation and drop graphs that it does not use.

    Only the holder of the lock may call this.

    `places` are the graphs in which the named graphs of the served generation are stored.
    """
    served = state.generation
    say(connection, SETTLED, served)
    if state.writing > served:
        undo_changes(connection, served + 1, state.shares)
        for graph in set(state.makes) - set(places):
            drop(connection, graph)
    else:
        for graph in state.leaves:
            drop(connection, graph)
        if state.spare < served:
            apply_changes(connection, served + 1, state.shares)
    unsay(connection, SHARES)  # first: without the removals that follow them they cannot be applied again
    for what in COPIED:
        for change in (REMOVED, ADDED):  # in this order, what is left of both can still be applied again
            for graph in reversed([*portions(connection, what, change)]):
                drop(connection, graph)
    say(connection, SPARE, served)
    for property_ in (LEAVES, MAKES, WRITING):
        unsay(connection, property_)
    for property_ in (GENERATION, SETTLED, SPARE):
        unsay(connection, property_, keep=served)


def prepare(
    connection: ServiceConnection,
    edited: EditedGeneration,
    documents: Mapping[str, bytes],
    generation: int,
    renew: Callable[[], None],
) -> list[str]:
    """Write what a generation changes where no reader meets it; return the graphs that are not needed after the switch.

    `documents` are those of new versions; `renew`, called often, keeps the lock. Raises StoreNotWrittenError if the
    service does not hold what it was sent.
    """
    before = edited.places()
    new = [graph for graph in edited.changes.named_graphs() if isinstance(graph, NamedNode)]
    placed = {graph.value: stored_name(graph.value, generation, graph.value in before) for graph in new}
    gone = {graph.value for graph in edited.touched} - placed.keys()
    say(connection, WRITING, generation)
    shared = [placed[graph.value] for graph in edited.shared]
    say(connection, MAKES, *placed.values(), *(version + DOCUMENTS for version in documents))
    say(connection, SHARES, *shared)
    for graph in new:
        text = edited.changes.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
        write_graph(connection, placed[graph.value], text)
        renew()
    for version, content in documents.items():
        compressed = Literal(base64.b64encode(zlib.compress(content)).decode("ascii"))
        statement = f"<{version}> <{DOCUMENT}> {compressed} .\n"
        write_graph(connection, version + DOCUMENTS, statement.encode())
    left = {name: before[name] for name in (*placed, *gone) if name in before}
    added = (quad.triple for quad in edited.changes.quads_for_pattern(None, None, None, DefaultGraph()))
    write_change(connection, REGISTRY, REMOVED, _rows(left), renew)
    write_change(connection, REGISTRY, ADDED, _rows(placed), renew)
    write_change(connection, CURRENT, REMOVED, edited.removed, renew)
    write_change(connection, CURRENT, ADDED, added, renew)
    apply_changes(connection, generation, shared, renew)
    return [*left.values(), *(name + DOCUMENTS for name in gone)]


def switch(connection: ServiceConnection, generation: int, leaves: list[str]) -> None:
    """Have a prepared generation served; `leaves` are the graphs that are dropped later."""
    say(connection, LEAVES, *leaves)
    unsay(connection, CHANGED)
    say(connection, CHANGED, datetime.now(UTC).isoformat(timespec="seconds"))
    say(connection, GENERATION, generation)


def write_change(
    connection: ServiceConnection, what: str, change: str, triples: Iterable[Triple], renew: Callable[[], None]
) -> None:
    """Write the portions of a change, in the order in which `portions` finds them."""
    rest = iter(triples)
    for portion in itertools.count():
        if not (written := list(islice(rest, PORTION))):
            return
        text = serialize(written, format=RdfFormat.N_TRIPLES) or b""
        write_graph(connection, change_of(what, change, portion), text)
        renew()


def portions(connection: ServiceConnection, what: str, change: str) -> Iterator[str]:
    """Iterate over the graphs of a change, up to the first that holds nothing."""
    graphs = (change_of(what, change, portion) for portion in itertools.count())
    return itertools.takewhile(lambda graph: holds_something(connection, graph), graphs)


def apply_changes(
    connection: ServiceConnection,
    generation: int,
    shared: Iterable[str],
    renew: Callable[[], None] = lambda: None,
) -> None:
    """Apply the prepared changes to the copies that a generation uses. Applying them again changes nothing.

    The current data first get what the graphs `shared` have; what is removed may be among that.
    """
    for graph in shared:
        connection.update(f"ADD <{graph}> TO <{copy_of(CURRENT, generation)}>")
        renew()
    for what in COPIED:
        copy = copy_of(what, generation)
        for graph in portions(connection, what, REMOVED):
            connection.update(f"DELETE {{ GRAPH <{copy}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
            renew()
        for graph in portions(connection, what, ADDED):
            connection.update(f"ADD <{graph}> TO <{copy}>")  # INSERT takes Virtuoso several times as long
            renew()


def undo_changes(connection: ServiceConnection, generation: int, shared: Iterable[str]) -> None:
    """Take changes that were applied wholly, in part, or not at all back out of the copies of a generation to be.

    Each triple of a change then stands in the copy if it stands in that of the generation before. Doing so again
    changes nothing.
    """
    for what in COPIED:
        copy, before = (f"GRAPH <{copy_of(what, number)}> {{ ?s ?p ?o }}" for number in (generation, generation - 1))
        changes = itertools.chain.from_iterable(portions(connection, what, change) for change in (ADDED, REMOVED))
        for graph in itertools.chain(shared if what == CURRENT else (), changes):
            changed = f"GRAPH <{graph}> {{ ?s ?p ?o }}"
            connection.update(f"DELETE {{ {copy} }} WHERE {{ {changed} }}")
            connection.update(f"INSERT {{ {copy} }} WHERE {{ {changed} {before} }}")


def write_graph(connection: ServiceConnection, graph: str, text: bytes) -> None:
    """Replace a graph of the service by N-Triples, each in a line.

    Raises StoreNotWrittenError if the graph then holds another number of triples.
    """
    lines = text.splitlines(keepends=True)
    drop(connection, graph)
    for begin in range(0, len(lines), AT_ONCE):
        connection.extend_graph(graph, b"".join(lines[begin : begin + AT_ONCE]))
    written = count(connection, graph)
    if written != len(lines):
        raise StoreNotWrittenError(path=connection.addresses.graphs, reason=f"{graph}: {written} / {len(lines)}")


def drop(connection: ServiceConnection, graph: str) -> None:
    """Remove a graph of the service, if there is one."""
    connection.update(f"DROP SILENT GRAPH <{graph}>")


def read_document(generation: RemoteGeneration, version: str) -> bytes | None:
    """Return the document of a version; None if the service has none."""
    query = f"SELECT ?text {{ GRAPH <{version}{DOCUMENTS}> {{ <{version}> <{DOCUMENT}> ?text }} }}"
    return next((zlib.decompress(base64.b64decode(text)) for text in generation.texts(query)), None)


def _rows(places: Mapping[str, str]) -> Iterator[Triple]:
    for graph, place in places.items():
        yield Triple(NamedNode(graph), NamedNode(STORED_AS), NamedNode(place))
