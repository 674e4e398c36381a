"""Check every code list with skosify: `python -m benchmarks.check_skos [NAME…]`.

Each concept scheme is checked as it is published. The output lists the number of concepts and the problems that
skosify reports: cycles, conflicting relations and labels, missing or duplicate labels, spaces, unconnected concepts.
Exit code 1 if there is a problem.
"""

import logging
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
import rdflib
import skosify

from ontology import load_vocabulary
from ontology.namespaces import DEFAULT_BASE, RDF, SKOS

IN_SCHEME = ox.NamedNode(SKOS + "inScheme")
TYPE = ox.NamedNode(RDF + "type")


class Complaints(logging.Handler):
    """A log handler that keeps messages of level warning and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.kept.append(record.getMessage())


def schemes(triples: Iterable[ox.Triple]) -> Iterator[tuple[str, int, bytes]]:
    """Of each scheme its name, how many concepts it has, and what is said of it and of them as N-Triples."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    members: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
    for quad in store.quads_for_pattern(None, TYPE, ox.NamedNode(SKOS + "ConceptScheme")):
        members[quad.subject]  # a scheme may be empty
    for quad in store.quads_for_pattern(None, IN_SCHEME, None):
        members[quad.object].append(quad.subject)
    for scheme, concepts in sorted(members.items(), key=lambda item: item[0].value):
        said = (quad.triple for subject in (scheme, *concepts) for quad in store.quads_for_pattern(subject, None, None))
        name = scheme.value.removeprefix(DEFAULT_BASE + "code/")
        yield name, len(concepts), ox.serialize(said, format=ox.RdfFormat.N_TRIPLES) or b""


def complaints(content: bytes) -> list[str]:
    """What skosify says of a scheme."""
    graph = rdflib.Graph().parse(data=content, format="nt")
    handler = Complaints()
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        skosify.skosify(graph)
    finally:
        root.removeHandler(handler)
    return handler.kept


def main() -> None:
    """Check the schemes named as arguments, or all."""
    asked = set(sys.argv[1:])
    found = 0
    for name, size, content in schemes(load_vocabulary().triples):
        if asked and name not in asked:
            continue
        said = complaints(content)
        found += len(said)
        lines = [f"{name:<24} {size:>6,} concepts  {len(said)} complaints", *(f"  {complaint}" for complaint in said)]
        sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
