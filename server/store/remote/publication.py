"""The publication of a generation in a SPARQL service: new graphs, and one triple that says they are served.

1. The copy of the current data that is not served takes over what the last publication changed: `settle`.
2. The new graphs are written, then what changes in the current data and the registry, in that copy: `prepare`.
3. The state names the new generation: `switch`. Until then nothing that a reader meets has changed.

What a publication that died has written is removed by the next one, in `settle`.
"""

import base64
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Triple, serialize

from server.errors import StoreNotWrittenError
from server.store.remote.connection import ServiceConnection
from server.store.remote.editing import EditedGeneration
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
    SPARE,
    STORED_AS,
    WRITING,
    change_of,
    copy_of,
    stored_name,
)
from server.store.remote.reading import RemoteGeneration
from server.store.remote.state import RemoteState, count, say, unsay

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
        for graph in set(state.makes) - set(places):
            drop(connection, graph)
        for what in COPIED:
            drop(connection, copy_of(what, served + 1))
            source, target = copy_of(what, served), copy_of(what, served + 1)
            copied = (f"GRAPH <{graph}> {{ ?s ?p ?o }}" for graph in (target, source))
            connection.update("INSERT {{ {} }} WHERE {{ {} }}".format(*copied))
    else:
        for graph in state.leaves:
            drop(connection, graph)
        if state.spare < served:
            apply_changes(connection, served + 1)
    for what in COPIED:
        for change in (ADDED, REMOVED):
            drop(connection, change_of(what, change))
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
    say(connection, MAKES, *placed.values(), *(version + DOCUMENTS for version in documents))
    for graph in new:
        triples = (quad.triple for quad in edited.changes.quads_for_pattern(None, None, None, graph))
        write_graph(connection, placed[graph.value], triples)
        renew()
    for version, content in documents.items():
        text = base64.b64encode(zlib.compress(content)).decode("ascii")
        write_graph(connection, version + DOCUMENTS, [Triple(NamedNode(version), NamedNode(DOCUMENT), Literal(text))])
    left = {name: before[name] for name in (*placed, *gone) if name in before}
    write_graph(connection, change_of(REGISTRY, REMOVED), _rows(left))
    write_graph(connection, change_of(REGISTRY, ADDED), _rows(placed))
    added = (quad.triple for quad in edited.changes.quads_for_pattern(None, None, None, DefaultGraph()))
    write_graph(connection, change_of(CURRENT, REMOVED), edited.removed)
    write_graph(connection, change_of(CURRENT, ADDED), added)
    apply_changes(connection, generation)
    return [*left.values(), *(name + DOCUMENTS for name in gone)]


def switch(connection: ServiceConnection, generation: int, leaves: list[str]) -> None:
    """Have a prepared generation served; `leaves` are the graphs that are dropped later."""
    say(connection, LEAVES, *leaves)
    unsay(connection, CHANGED)
    say(connection, CHANGED, datetime.now(UTC).isoformat(timespec="seconds"))
    say(connection, GENERATION, generation)


def apply_changes(connection: ServiceConnection, generation: int) -> None:
    """Apply the prepared changes to the copies that a generation uses. Applying them again changes nothing."""
    for what in COPIED:
        copy = f"GRAPH <{copy_of(what, generation)}> {{ ?s ?p ?o }}"
        for change, verb in ((REMOVED, "DELETE"), (ADDED, "INSERT")):
            changed = f"GRAPH <{change_of(what, change)}> {{ ?s ?p ?o }}"
            connection.update(f"{verb} {{ {copy} }} WHERE {{ {changed} }}")


def write_graph(connection: ServiceConnection, graph: str, triples: Iterable[Triple]) -> None:
    """Replace a graph of the service; raises StoreNotWrittenError if it then holds another number of triples."""
    total, rest = 0, iter(triples)
    drop(connection, graph)
    while chunk := list(islice(rest, AT_ONCE)):
        connection.extend_graph(graph, serialize(chunk, format=RdfFormat.N_TRIPLES) or b"")
        total += len(chunk)
    written = count(connection, graph)
    if written != total:
        raise StoreNotWrittenError(path=connection.addresses.graphs, reason=f"{graph}: {written} / {total}")


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
