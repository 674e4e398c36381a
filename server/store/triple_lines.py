"""Graphs as sets of N-Triples lines: what is compared, gathered and loaded when a store is written.

A line is one triple without its line break; equal triples have equal lines once the store has had them. Lines are many
times cheaper to make, compare and load than terms are. Blank nodes are named by what is said of them.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from ontology.statements import write_ntriples

Lines = set[bytes]
END = b" .\n"
BLANK = b"_:"
"""Lines without these bytes have no blank nodes; lines with them may have some."""
FEW = 10_000
"""Up to so many triples are inserted; more are bulk-loaded, which is faster but makes new files."""


def as_lines(triples: Iterable[Triple]) -> Lines:
    """Return the triples as lines."""
    text = write_ntriples(triples)
    if BLANK in text:
        dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in lines_to_triples([text]))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        text = serialize((quad.triple for quad in dataset), format=RdfFormat.N_TRIPLES) or b""
    return Lines(text.splitlines())


def as_stored(lines: Lines) -> Lines:
    """Return the lines as a store gives them back: numbers in canonical form."""
    store = Store()
    insert(store, lines, DefaultGraph())
    return read_lines(store, DefaultGraph())


def read_lines(store: Store, graph: NamedNode | DefaultGraph) -> Lines:
    """Return what a graph says."""
    return Lines((store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b"").splitlines())


def insert(store: Store, lines: Lines, graph: NamedNode | DefaultGraph) -> None:
    """Add the lines to a graph."""
    text = lines_to_text(lines)
    if BLANK in text:  # loading would rename them
        store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in lines_to_triples(lines))
    elif len(lines) > FEW:
        store.bulk_load(text, RdfFormat.N_TRIPLES, to_graph=graph)
    elif lines:
        store.load(text, RdfFormat.N_TRIPLES, to_graph=graph)


def remove(store: Store, lines: Lines, graph: NamedNode | DefaultGraph) -> None:
    """Take the lines out of a graph."""
    for triple in lines_to_triples(lines):
        store.remove(Quad(triple.subject, triple.predicate, triple.object, graph))


def lines_to_text(lines: Iterable[bytes], graph: NamedNode | None = None) -> bytes:
    """N-Triples, or N-Quads of a named graph."""
    text = b"\n".join([*lines, b""])
    # Line breaks in literals are escaped, so that only a triple can end in END.
    return text if graph is None else text.replace(END, f" {graph}".encode() + END)


def lines_to_triples(lines: Iterable[bytes]) -> Iterator[Triple]:
    """Return the triples that the lines write."""
    return (quad.triple for quad in parse(lines_to_text(lines), RdfFormat.N_TRIPLES))


def lines_with(lines: Lines, predicate: NamedNode) -> Lines:
    """Those with this predicate."""
    written = str(predicate).encode()
    return {line for line in lines if written in line and line.split(b" ", 2)[1] == written}


def lines_of(lines: Lines, thing: NamedNode) -> Lines:
    """Those whose subject is the thing or lies below its address."""
    beginnings = (f"{thing} ".encode(), f"<{thing.value}/".encode())
    return {line for line in lines if line.startswith(beginnings)}
