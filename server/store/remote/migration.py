"""Moving a store: everything that one holds becomes the next generation of another, in a folder or a service."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse, serialize

from server.errors import StoreNotEmptyError
from server.store.current_graphs import CATALOGUE
from server.store.generation_store import GenerationStore
from server.store.published_store import PublishedStore
from server.store.triple_lines import BLANK

AT_ONCE = 200_000
"""Triples that are held in memory."""


@dataclass(frozen=True)
class Moved:
    """The number of graphs, triples and documents that a migration copied."""

    graphs: int
    triples: int
    documents: int


def copy_store(source: GenerationStore, target: GenerationStore, in_place_of_everything: bool = False) -> Moved:
    """Copy the current generation of a store, with all versions, retractions and documents, into another one.

    Raises StoreNotEmptyError if something was published in the target, unless the copy comes `in_place_of_everything`,
    and what `GenerationStore.write` raises.
    """
    if target.generations.pointer.exists() and not in_place_of_everything:
        raise StoreNotEmptyError(path=target.path)
    graphs, triples, documents = 0, 0, 0

    def edit(store: Store, _: Path) -> bool:
        nonlocal graphs, triples, documents
        with source.open() as opened:
            names = [graph for graph in opened.named_graphs() if isinstance(graph, NamedNode)]
            everything: list[NamedNode | DefaultGraph] = [DefaultGraph(), *names]
            for graph in everything:
                graphs += 1
                triples += copy_graph(opened, store, graph)
            catalogued = {name.value.removesuffix(CATALOGUE) for name in names if name.value.endswith(CATALOGUE)}
            for version in sorted(catalogued):
                document = source.document_path(version)
                if document.is_file():
                    documents += len([*target.keep_document(version, document.read_bytes())])
        store.optimize()
        return True

    target.write(edit, from_nothing=in_place_of_everything)
    return Moved(graphs, triples, documents)


def copy_graph(source: PublishedStore, target: Store, graph: NamedNode | DefaultGraph) -> int:
    """Copy a graph; return how many triples it has."""
    if isinstance(graph, NamedNode):
        target.add_graph(graph)
    total, quads = 0, source.quads_for_pattern(None, None, None, graph)
    while chunk := list(islice(quads, AT_ONCE)):
        total += len(chunk)
        _add(chunk, target, graph)
    return total


def _add(quads: Iterable[Quad], target: Store, graph: NamedNode | DefaultGraph) -> None:
    text = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""
    if BLANK in text:  # loading would rename them
        target.extend(Quad(q.subject, q.predicate, q.object, graph) for q in parse(text, RdfFormat.N_TRIPLES))
    else:
        target.bulk_load(text, RdfFormat.N_TRIPLES, to_graph=graph)
