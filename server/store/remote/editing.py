"""The next generation of a store in a SPARQL service while it is made: what changes is gathered on this machine."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NoReturn

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple

from server.errors import UpdateUnsupportedError
from server.store.published_store import GraphName
from server.store.remote.addresses import ServiceAddresses
from server.store.remote.reading import Pattern, RemoteGeneration, Subject, Term
from server.store.triple_lines import as_lines, lines_to_text

DEFAULT = DefaultGraph()
PORTION = 100_000
"""Triples that one update adds or removes. Virtuoso gives up a transaction whose log grows beyond 50 MB."""


class EditedGeneration(RemoteGeneration):
    """A generation and the changes to it, read together, with the methods of a database that is written.

    `changes` has the named graphs that are new or changed, whole, and what is added to the default graph, which also
    has what the new graphs `shared` have; `removed` are the triples taken out of it. `touched` are named graphs that
    are changed or gone.
    """

    def __init__(self, addresses: ServiceAddresses, generation: int, folder: Path) -> None:
        super().__init__(addresses, generation)
        self.changes = Store(str(folder))
        self.removed = set[Triple]()
        self.touched = set[NamedNode]()
        self.shared = set[NamedNode]()

    def is_local(self, graph: NamedNode) -> bool:
        """Return whether what a named graph holds now is known here."""
        return graph in self.touched or self.changes.contains_named_graph(graph)

    # ── Reading ─────────────────────────────────────────────────────────────────────────────────

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Term | None,
        graph_name: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Iterate over the quads that match, with the changes."""
        pattern = (subject, predicate, object)
        if isinstance(graph_name, NamedNode):
            is_local = self.is_local(graph_name)
            yield from (self.changes.quads_for_pattern if is_local else super().quads_for_pattern)(*pattern, graph_name)
            return
        yield from self._gathered(pattern, graph_name)
        yield from self._unchanged(super().quads_for_pattern(*pattern, graph_name))

    def quads_about(self, subjects: Iterable[Subject], predicate: NamedNode) -> Iterator[Quad]:
        """Iterate over the quads of all graphs that have one of the subjects and the predicate, with the changes."""
        wanted = set(subjects)
        for subject in wanted:
            yield from self._gathered((subject, predicate, None), None)
        yield from self._unchanged(super().quads_about(wanted, predicate))

    def _gathered(self, pattern: Pattern, graph_name: GraphName | None) -> Iterator[Quad]:
        """Iterate over the quads of the changes that match, in the default graph or in all graphs."""
        shared = set[Triple]()
        for quad in self.changes.quads_for_pattern(*pattern, None if self.shared else graph_name):
            if graph_name is None or quad.graph_name == DEFAULT:
                yield quad
            if quad.graph_name in self.shared and quad.triple not in self.removed:
                shared.add(quad.triple)
        for triple in shared:
            if (quad := Quad(triple.subject, triple.predicate, triple.object, DEFAULT)) not in self.changes:
                yield quad

    def _unchanged(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Iterate over the quads of the service that the changes neither replace nor repeat."""
        for quad in quads:
            graph = quad.graph_name
            if isinstance(graph, NamedNode):
                if not self.is_local(graph):
                    yield quad
            elif quad.triple not in self.removed and not self._is_added(quad.triple):
                yield quad

    def _is_added(self, triple: Triple) -> bool:
        """Return whether the changes add a triple to the default graph, or repeat it."""
        quads = self.changes.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(quad.graph_name == DEFAULT or quad.graph_name in self.shared for quad in quads)

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """Iterate over the names of all graphs but the default graph."""
        yield from self.changes.named_graphs()
        for graph in super().named_graphs():
            if isinstance(graph, NamedNode) and not self.is_local(graph):
                yield graph

    def contains_named_graph(self, graph: NamedNode) -> bool:
        """Return whether there is a graph of this name."""
        return self.changes.contains_named_graph(graph) if self.is_local(graph) else super().contains_named_graph(graph)

    def dump(
        self, output: IO[bytes] | None = None, format: RdfFormat | None = None, *, from_graph: GraphName | None = None
    ) -> bytes | None:
        """Return, or write, a graph as N-Triples, the only format; blank nodes have the names of `as_lines`."""
        assert format == RdfFormat.N_TRIPLES
        triples = (quad.triple for quad in self.quads_for_pattern(None, None, None, from_graph or DEFAULT))
        text = lines_to_text(as_lines(triples))
        if output is None:
            return text
        output.write(text)
        return None

    # ── Sharing ─────────────────────────────────────────────────────────────────────────────────

    def share(self, graph: NamedNode, size: int) -> bool:
        """Let the default graph have what a new named graph has.

        Return False, and do nothing, if the graph is too large to be added by one update, or if triples were taken out
        of the default graph before, which may be among its own.
        """
        if size > PORTION or self.removed:
            return False
        self.shared.add(graph)
        return True

    def _copy_shared(self, graph: NamedNode) -> None:
        """Give the default graph triples of its own for those that it shares with a named graph that will change."""
        if graph in self.shared:
            self.shared.remove(graph)
            quads = [*self.changes.quads_for_pattern(None, None, None, graph)]
            kept = (quad for quad in quads if quad.triple not in self.removed)
            self.changes.extend(Quad(quad.subject, quad.predicate, quad.object, DEFAULT) for quad in kept)

    # ── Writing ─────────────────────────────────────────────────────────────────────────────────

    def add(self, quad: Quad) -> None:
        """Add a quad."""
        self.extend([quad])

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add quads."""
        for quad in quads:
            self._touch(quad.graph_name)
            self.changes.add(quad)

    def bulk_extend(self, quads: Iterable[Quad]) -> None:
        """Add quads."""
        self.extend(quads)

    def load(self, text: bytes, format: RdfFormat, *, to_graph: GraphName | None = None) -> None:
        """Add N-Triples to a graph."""
        self._touch(to_graph)
        self.changes.load(text, format, to_graph=to_graph)

    def bulk_load(
        self, text: bytes, format: RdfFormat, *, to_graph: GraphName | None = None, lenient: bool = False
    ) -> None:
        """Add N-Triples to a graph, or N-Quads of graphs that are not there yet."""
        self._touch(to_graph)
        self.changes.bulk_load(text, format, to_graph=to_graph, lenient=lenient)

    def remove(self, quad: Quad) -> None:
        """Remove a quad."""
        self._touch(quad.graph_name)
        self.changes.remove(quad)
        if isinstance(quad.graph_name, DefaultGraph):
            self.removed.add(quad.triple)

    def add_graph(self, graph: NamedNode) -> None:
        """Make sure that there is a graph of this name."""
        self._touch(graph)
        self.changes.add_graph(graph)

    def remove_graph(self, graph: NamedNode | DefaultGraph) -> None:
        """Remove a graph."""
        if isinstance(graph, NamedNode):
            self._copy_shared(graph)
            self.touched.add(graph)
            self.changes.remove_graph(graph)
        else:
            self.clear_graph(graph)

    def clear_graph(self, graph: NamedNode | DefaultGraph) -> None:
        """Remove what a graph holds."""
        if isinstance(graph, NamedNode):
            self._copy_shared(graph)
            self.touched.add(graph)
        else:
            self.removed |= {quad.triple for quad in self.default_quads((None, None, None))}
            self.shared.clear()
        self.changes.clear_graph(graph)

    def clear_everything(self) -> None:
        """Remove all graphs."""
        for graph in [*self.named_graphs()]:
            if isinstance(graph, NamedNode):
                self.remove_graph(graph)
        self.clear_graph(DEFAULT)

    def optimize(self) -> None:
        """Do nothing: the service sees to its files."""

    def flush(self) -> None:
        """Do nothing: what is gathered here is of use to this process only."""

    def update(self, _: str, **__: object) -> NoReturn:
        """Raise UpdateUnsupportedError."""
        raise UpdateUnsupportedError

    def close(self) -> None:
        """Close the connection and the database of changes."""
        super().close()
        self.changes = Store()

    def _require_kept(self) -> None:
        """Do nothing: who publishes holds the lock, and nothing is taken away from it."""

    def _touch(self, graph: GraphName | None) -> None:
        """Have the whole of a named graph here before it is changed."""
        if isinstance(graph, NamedNode):
            self._copy_shared(graph)
        if isinstance(graph, NamedNode) and not self.is_local(graph):
            pattern: Pattern = (None, None, None)
            self.changes.extend(self.named_quads(pattern, graph))
            self.touched.add(graph)
