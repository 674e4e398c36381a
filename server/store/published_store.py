"""The interface through which everything reads a published generation.

Any store that evaluates SPARQL and matches quad patterns can stand behind it; the one at hand is Oxigraph.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

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


def open_generation(folder: Path) -> PublishedStore:
    """Open the database in a folder for reading; raises OSError."""
    return Store.read_only(str(folder))
