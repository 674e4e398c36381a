"""Conversion of stores that earlier releases made."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

import shapes
from converters.entities.disclosure_identity import find_level
from converters.entities.organisations import UNIT
from converters.model.iris import NARRATIVE_LINE, Iris
from converters.rdf.former_model import moved_points, to_facts
from ontology import load_vocabulary
from ontology.namespaces import DCT
from server.store.generation_store import GenerationStore
from server.store.upgrade import ConvertedVersion, FormerVersion, upgrade_store
from yusuan.inputs import SHIPPED, Inputs


def upgrade_versions(store: Path, base: str, inputs: Inputs = SHIPPED) -> dict[str, str]:
    """Convert all versions of a store to facts; return the new address of each old one, nothing if it has facts.

    Raise ServiceError if the store cannot be read or written, FormerModelError if it holds a figure that no release
    wrote.
    """

    def convert(former: FormerVersion) -> ConvertedVersion:
        return convert_version(former, base)

    generations = GenerationStore(store, base)
    return upgrade_store(generations, convert, inputs.triples(base), shapes.load_rule_triples(base))


def convert_version(former: FormerVersion, base: str) -> ConvertedVersion:
    """Convert a version: facts, lines of the text within the version, units apart from their departments."""
    vocabulary = load_vocabulary()
    disclosure = former.disclosure.removeprefix(base)
    iris = Iris(base, disclosure, former.version.rpartition("/")[2])
    triples = to_facts(former.triples, former.catalogue, iris, vocabulary)
    subjects = {t.subject.value for t in former.catalogue if isinstance(t.subject, ox.NamedNode)}
    lines = {s for s in subjects if NARRATIVE_LINE.fullmatch(s.removeprefix(f"{base}code/line/"))}
    title, about = ox.NamedNode(DCT + "title"), ox.NamedNode(former.disclosure)
    titles = [
        t.object.value
        for t in former.catalogue
        if t.subject == about and t.predicate == title and isinstance(t.object, ox.Literal)
    ]
    is_unit = find_level(titles, vocabulary) == UNIT and not disclosure.endswith("/unit")
    renamed = {line: base + iris.line(line.removeprefix(base)) for line in sorted(lines)}
    if is_unit:
        points = moved_points(former.triples, former.catalogue, iris, vocabulary, f"{disclosure}/unit")
        renamed |= {base + before: base + after for before, after in points.items()}
    return ConvertedVersion(former.disclosure + ("/unit" if is_unit else ""), tuple(triples), renamed)
