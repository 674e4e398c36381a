"""The interface through which everything reads a published generation.

Any store that evaluates SPARQL and matches quad patterns can stand behind it; the one at hand is Oxigraph.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

SERVICE = "service"
"""The file in the folder of a generation whose database is in a SPARQL service."""
GraphName = NamedNode | BlankNode | DefaultGraph
QueryResult = QueryBoolean | QuerySolutions | QueryTriples


class PublishedStore(Protocol):
    """One generation, read only. An object belongs to the thread that opened it."""

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        default_graph: GraphName | list[GraphName] | None = None,
        named_graphs: list[NamedNode | BlankNode] | None = None,
    ) -> QueryResult:
        """Evaluate a query; relative IRIs resolve against `base_iri`, the graphs override FROM and FROM NAMED.

        Raises SyntaxError for text that is not SPARQL, ValueError or RuntimeError for what cannot be evaluated, OSError
        for a store that cannot be read.
        """

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        object: NamedNode | BlankNode | Literal | Triple | None,
        graph_name: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Iterate over the quads that match; None matches everything."""

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """Iterate over the names of all graphs but the default graph."""

    def __len__(self) -> int: ...


@runtime_checkable
class BatchedReads(Protocol):
    """A store in which every read is a request, so that it reads about many subjects at once."""

    def quads_about(self, subjects: Iterable[NamedNode | BlankNode | Triple], predicate: NamedNode) -> Iterator[Quad]:
        """Iterate over the quads of all graphs that have one of the subjects and the predicate."""


@runtime_checkable
class SharedGraphs(Protocol):
    """A store whose default graph can share a named graph, so that its triples are sent once."""

    def share(self, graph: NamedNode, size: int) -> bool:
        """Let the default graph have what a new named graph of so many triples has; return False to decline."""


def is_remote(folder: Path) -> bool:
    """Return whether the database of a generation is in a SPARQL service, so that its readers need the network."""
    return (folder / SERVICE).exists()


def open_generation(folder: Path) -> PublishedStore:
    """Open the database of a generation, in its folder or in a service, for reading; raises OSError."""
    if is_remote(folder):
        from server.store.remote.reading import open_remote  # here, because only services need its library

        return open_remote(folder)
    return Store.read_only(str(folder))
