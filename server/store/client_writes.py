"""Writes of clients, and their application to the database of the next generation."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import BinaryIO, Literal, Self

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, parse

from server.errors import MalformedGraphError, NotFoundError, UnanswerableQueryError
from server.processes.wire_protocol import DATA, END, QUESTION, frame, read_frame
from server.serialization.media_types import GRAPH_TYPES
from server.sparql.syntax import malformed_update
from server.store.updates import refuse_calls, with_dataset

Action = Literal["update", "replace", "add", "drop"]


@dataclass(frozen=True)
class Body:
    """RDF in one of the types of `formats.GRAPH_TYPES`."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class Write:
    """An update, or the replacement, enlargement or removal of a graph (None: the default graph).

    `base` resolves relative IRIs. An update is `text` over the graphs that it uses, the others are `bodies`. With
    `generation` it is done only while that one is current.
    """

    action: Action
    base: str
    text: str = ""
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()
    graph: str | None = None
    bodies: tuple[Body, ...] = ()
    generation: str = ""

    def to_frames(self) -> Iterator[bytes]:
        """Yield the write as it travels to the process that does it."""
        types = [body.media_type for body in self.bodies]
        yield frame(QUESTION, json.dumps({**asdict(replace(self, bodies=())), "bodies": types}).encode())
        for body in self.bodies:
            yield frame(DATA, body.content)
        yield frame(END)

    @classmethod
    def read(cls, pipe: BinaryIO) -> Self | None:
        """Return the write that `to_frames` wrote; None if the pipe ends before it does."""
        frames = []
        while (read := read_frame(pipe)) is not None and read[0] != END:
            frames.append(read[1])
        if read is None or not frames:
            return None
        values = json.loads(frames[0])
        values["bodies"] = tuple(map(Body, values["bodies"], frames[1:]))
        return cls(**values)


def apply_write(write: Write, store: Store) -> bool:
    """Apply a write; return whether it created a graph.

    Raises ServiceError when it cannot be done; the store may then be half changed and must be thrown away.
    """
    if write.action == "update":
        _update(write, store)
        return False
    graph = NamedNode(write.graph) if write.graph is not None else DefaultGraph()
    exists = not isinstance(graph, NamedNode) or store.contains_named_graph(graph)
    if write.action == "drop":
        if not exists:
            raise NotFoundError(iri=write.graph)
        store.remove_graph(graph)
        return False
    if write.action == "replace":
        store.clear_graph(graph)
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    for body in write.bodies:
        _add(body, write.base, graph, store)
    return not exists


def _update(write: Write, store: Store) -> None:
    refuse_calls(write.text)
    for update in with_dataset(write.text, write.using_graphs, write.using_named_graphs):
        try:
            store.update(update, base_iri=write.base)
        except SyntaxError as error:
            raise malformed_update(update, write.base, error) from error
        except (RuntimeError, ValueError) as error:
            raise UnanswerableQueryError(detail=str(error)) from error


def _add(body: Body, base: str, graph: NamedNode | DefaultGraph, store: Store) -> None:
    media_type = GRAPH_TYPES[body.media_type]
    try:
        quads = parse(body.content, media_type, base_iri=base, without_named_graphs=True, rename_blank_nodes=True)
        store.bulk_extend(Quad(q.subject, q.predicate, q.object, graph) for q in quads)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        raise MalformedGraphError(line=line, column=column, detail=str(error.msg).strip()) from error
    except ValueError as error:
        raise MalformedGraphError(line=1, column=1, detail=str(error)) from error
