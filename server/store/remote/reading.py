"""One generation of a store in a SPARQL service, read only."""

import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from server.errors import StoreChangedError
from server.sparql.syntax import resolve_names
from server.sparql.tokens import dataset_clause
from server.store.published_store import SERVICE, GraphName, QueryResult
from server.store.remote.addresses import ServiceAddresses, read_addresses
from server.store.remote.connection import N_TRIPLES, AnswerBody, ServiceConnection
from server.store.remote.names import CURRENT, GENERATION, NOWHERE, REGISTRY, SETTLED, STORED_AS, copy_of
from server.store.remote.queries.rewriting import StoredDataset, rewrite_query
from server.store.remote.queries.workarounds import work_around
from server.store.remote.state import read_state

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Subject = NamedNode | BlankNode | Triple
Term = NamedNode | BlankNode | Literal | Triple
Pattern = tuple[Subject | None, NamedNode | None, Term | None]
BOOLEAN = re.compile(rb'(#boolean"\s*,\s*"value"\s*:\s*")([01])"')
"""A truth value as Virtuoso writes it in JSON, for which others write true and false."""
NODE = re.compile(rb'("bnode"\s*,\s*"value"\s*:\s*")nodeID://')
"""A blank node as Virtuoso writes it in JSON; what it puts before the label is not allowed there."""
CHUNK = 2**16
SUBJECTS = 200
"""Subjects that are asked about in one request."""
TRUTH = {b"0": b"false", b"1": b"true"}


class RemoteGeneration:
    """A `PublishedStore` over a SPARQL service. Whatever is asked is answered from one generation, or raises.

    Raises StoreChangedError if the graphs of the generation were given up before the answer was complete,
    StoreUnreachableError if the service does not answer. `flaws` are those that `self_test` found in the service.
    """

    def __init__(self, addresses: ServiceAddresses, generation: int, flaws: Collection[str] = ()) -> None:
        self.connection = ServiceConnection(addresses)
        self.flaws = flaws
        self.generation = generation
        self.current = copy_of(CURRENT, generation)
        self.registry = copy_of(REGISTRY, generation)

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        default_graph: GraphName | list[GraphName] | None = None,
        named_graphs: list[NamedNode | BlankNode] | None = None,
    ) -> QueryResult:
        """Evaluate a query as `PublishedStore.query` does, with at most one default graph."""
        base = base_iri or ""
        parsed = Store().query(query, base_iri=base_iri)
        default, named = _dataset(query, base, default_graph, named_graphs)
        if len(default) > 1:
            return self._merged(default, named or []).query(query, base_iri=base_iri, named_graphs=_nodes(named or []))
        variables = [v.value for v in parsed.variables] if isinstance(parsed, QuerySolutions) else []
        text = self.translate(query, base, variables, default, named)
        if isinstance(parsed, QueryBoolean):
            return self._ask(text)
        if isinstance(parsed, QuerySolutions):
            return self._rows(text)
        graph_of_answer = Store()
        body = self._whole(self.connection.query(text, N_TRIPLES))
        graph_of_answer.bulk_extend(
            Quad(q.subject, q.predicate, q.object) for q in parse(_file(body), RdfFormat.N_TRIPLES)
        )
        return graph_of_answer.query("CONSTRUCT WHERE { ?s ?p ?o }")

    def translate(
        self,
        query: str,
        base: str,
        variables: Sequence[str],
        default: Sequence[str] = (),
        named: Sequence[str] | None = None,
    ) -> str:
        """Return the query that the service is sent: of the graphs that this generation has.

        `variables` are those of the answer; `default` is at most one graph, `named` are the named graphs, None for all.
        """
        graph = self.current if not default and named is None else NOWHERE
        if default:
            graph = self.locate(default[0]) or NOWHERE
        dataset = StoredDataset(graph, self.registry, self.locate, named)
        return rewrite_query(work_around(query, self.flaws), base, dataset, variables)

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Term | None,
        graph_name: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Iterate over the quads that match; None matches everything."""
        pattern = (subject, predicate, object)
        if isinstance(graph_name, NamedNode):
            yield from self.named_quads(pattern, graph_name)
            return
        yield from self.default_quads(pattern)
        if graph_name is None:
            yield from self._quads(pattern, "?h", self._lookup, None)

    def quads_about(self, subjects: Iterable[Subject], predicate: NamedNode) -> Iterator[Quad]:
        """Iterate over the quads of all graphs that have one of the subjects and the predicate, by few requests."""
        named = sorted({str(subject) for subject in subjects if isinstance(subject, NamedNode)})
        pattern = (None, predicate, None)
        for begin in range(0, len(named), SUBJECTS):
            only = f" FILTER (?s IN ({', '.join(named[begin : begin + SUBJECTS])}))"
            yield from self._quads(pattern, f"<{self.current}>", "", DefaultGraph(), only)
            yield from self._quads(pattern, "?h", self._lookup, None, only)

    def default_quads(self, pattern: Pattern) -> Iterator[Quad]:
        """Iterate over the quads of the default graph that match."""
        return self._quads(pattern, f"<{self.current}>", "", DefaultGraph())

    def named_quads(self, pattern: Pattern, graph: NamedNode) -> Iterator[Quad]:
        """Iterate over the quads of a named graph that match."""
        place = self.locate(graph.value)
        return iter(()) if place is None else self._quads(pattern, f"<{place}>", "", graph)

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """Iterate over the names of all graphs but the default graph."""
        for row in self._rows(f"SELECT ?g {{ GRAPH <{self.registry}> {{ ?g <{STORED_AS}> ?h }} }}"):
            yield cast("NamedNode", row["g"])

    def contains_named_graph(self, graph: NamedNode) -> bool:
        """Return whether there is a graph of this name."""
        return self.locate(graph.value) is not None

    def __contains__(self, quad: Quad) -> bool:
        return any(True for _ in self.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name))

    def __len__(self) -> int:
        current = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{self.current}> {{ ?s ?p ?o }} }}"
        named = (
            f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{self.registry}> {{ ?g <{STORED_AS}> ?h }} GRAPH ?h {{ ?s ?p ?o }} }}"
        )
        return sum(int(cast("Literal", row["n"]).value) for text in (current, named) for row in self._rows(text))

    def locate(self, graph: str) -> str | None:
        """Return the graph of the service in which a named graph is stored; None if there is none."""
        query = f"SELECT ?h {{ GRAPH <{self.registry}> {{ {NamedNode(graph)} <{STORED_AS}> ?h }} }}"
        return next((cast("NamedNode", row["h"]).value for row in self._rows(query)), None)

    def places(self) -> dict[str, str]:
        """Return where each named graph is stored."""
        rows = self._rows(f"SELECT ?g ?h {{ GRAPH <{self.registry}> {{ ?g <{STORED_AS}> ?h }} }}")
        return {cast("NamedNode", row["g"]).value: cast("NamedNode", row["h"]).value for row in rows}

    def texts(self, query: str) -> Iterator[str]:
        """Return the literals that a query of the service itself selects."""
        return (cast("Literal", row[0]).value for row in self._rows(query))

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    @property
    def _lookup(self) -> str:
        """The pattern by which ?g is stored as ?h."""
        return f"GRAPH <{self.registry}> {{ ?g <{STORED_AS}> ?h }}"

    def _quads(
        self, pattern: Pattern, place: str, lookup: str, graph: GraphName | None, only: str = ""
    ) -> Iterator[Quad]:
        """Iterate over the matching quads of the graph at a place, those that the filter `only` lets pass.

        Without a name of the graph, `lookup` finds ?g.
        """
        given = dict(zip(("s", "p", "o"), pattern, strict=True))
        written = " ".join(f"?{name}" if term is None else str(term) for name, term in given.items())
        asked = f"{lookup} GRAPH {place} {{ {written} }}{only}"
        selected = [name for name, term in given.items() if term is None] + (["g"] if graph is None else [])
        if not selected:
            if self._ask(f"ASK {{ {asked} }}"):
                yield _quad(given, graph)
            return
        for row in self._rows(f"SELECT {' '.join(f'?{name}' for name in selected)} {{ {asked} }}"):
            found = {**given, **{name: row[name] for name in selected}}
            yield _quad(found, found.get("g") if graph is None else graph)

    def _rows(self, query: str) -> QuerySolutions:
        return cast("QuerySolutions", self._results(query))

    def _ask(self, query: str) -> QueryBoolean:
        """Return the answer to an ASK. Virtuoso writes no boolean for false, but a table without rows."""
        found = self._results(query)
        if isinstance(found, QueryBoolean):
            return found
        answer = json.dumps({"head": {}, "boolean": any(True for _ in found)})
        return cast("QueryBoolean", parse_query_results(answer, QueryResultsFormat.JSON))

    def _results(self, query: str) -> QueryBoolean | QuerySolutions:
        body = self._whole(self.connection.query(query))
        found = parse_query_results(_file(body), QueryResultsFormat.JSON)
        assert isinstance(found, QueryBoolean | QuerySolutions)
        return found

    def _whole(self, body: AnswerBody) -> "CheckedBody":
        return CheckedBody(body, self._require_kept)

    def _require_kept(self) -> None:
        """Raise StoreChangedError if what this generation has was given up."""
        state = read_state(self.connection, GENERATION, SETTLED)
        if state.settled > self.generation or state.generation < self.generation:
            raise StoreChangedError(generation=self.generation)

    def _merged(self, default: list[str], named: Iterable[str]) -> Store:
        """Return a store in memory with several graphs merged to one, in which each triple stands once."""
        merged = Store()
        for graph in default:
            quads = self.quads_for_pattern(None, None, None, NamedNode(graph))
            merged.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in quads)
        for graph in named:
            merged.bulk_extend(self.quads_for_pattern(None, None, None, NamedNode(graph)))
        return merged


def open_remote(folder: Path) -> RemoteGeneration:
    """Open a generation whose database is in a service."""
    content = json.loads((folder / SERVICE).read_text(encoding="utf-8"))
    return RemoteGeneration(read_addresses(Path(content["settings"])), content["generation"], content.get("flaws", ()))


class CheckedBody(io.RawIOBase):
    """An answer on its way; `at_end` is called before its last bytes are passed on, and may raise."""

    def __init__(self, body: AnswerBody, at_end: Callable[[], None]) -> None:
        self.body = body
        self.at_end = at_end
        self.passing = b""
        self.held = b""
        self.line = b""
        self.has_ended = False

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a part of the buffer."""
        while not self.passing and (self.held or not self.has_ended):
            self.passing, self.held = self.held, b"" if self.has_ended else self._next()
        view = memoryview(buffer).cast("B")
        size = min(len(view), len(self.passing))
        view[:size], self.passing = self.passing[:size], self.passing[size:]
        return size

    def _next(self) -> bytes:
        """Return the next bytes; those of Virtuoso, which writes one row a line, in whole lines."""
        read = self.body.read(CHUNK) or b""
        text = self.line + read
        if not read:
            self.at_end()
            self.has_ended = True
            self.body.close()
        end = len(text) if not read else text.rfind(b"\n") + 1 or len(text)
        self.line = text[end:]
        return NODE.sub(rb"\1", BOOLEAN.sub(_truth, text[:end]))


def _quad(terms: Mapping[str, object], graph: object) -> Quad:
    subject, predicate = cast("Subject", terms["s"]), cast("NamedNode", terms["p"])
    return Quad(subject, predicate, cast("Term", terms["o"]), cast("GraphName", graph))


def _truth(match: re.Match[bytes]) -> bytes:
    return match[1] + TRUTH[match[2]] + b'"'


def _file(body: CheckedBody) -> "io.BufferedReader":
    return io.BufferedReader(body, 2**16)


def _dataset(
    query: str, base: str, default: GraphName | list[GraphName] | None, named: list[NamedNode | BlankNode] | None
) -> tuple[list[str], list[str] | None]:
    """Return the default graphs (none: the current data) and the named graphs (None: all)."""
    if default is not None or named is not None:
        graphs = default if isinstance(default, list) else [default] if default is not None else []
        if graphs or named:
            return [g.value for g in graphs if isinstance(g, NamedNode)], [g.value for g in named or []]
    prologue, from_, from_named = dataset_clause(query)
    if not from_ and not from_named:
        return [], None
    return resolve_names(prologue, from_, base), resolve_names(prologue, from_named, base)


def _nodes(graphs: Iterable[str]) -> list[NamedNode | BlankNode]:
    return [NamedNode(graph) for graph in graphs]
