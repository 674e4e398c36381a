"""Conversion of stores that earlier releases made."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

import shapes
from converters.entities.disclosure_identity import find_level
from converters.entities.organisations import DEPARTMENT, UNIT
from converters.model.iris import NARRATIVE_LINE, Iris
from converters.rdf.former_model import to_facts
from converters.rdf.unlevelled_facts import with_levels
from ontology import load_vocabulary
from ontology.namespaces import DCT, RDF
from server.store.generation_store import GenerationStore
from server.store.maintenance.upgrade import ConvertedVersion, FormerVersion, upgrade_store
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
    """Convert a version: facts with levels, lines of the text within the version, units apart from departments."""
    vocabulary = load_vocabulary()
    disclosure = former.disclosure.removeprefix(base)
    iris = Iris(base, disclosure, former.version.rpartition("/")[2])
    if any(t.predicate.value == RDF + "type" and t.object == ox.NamedNode(f"{base}def#Fact") for t in former.triples):
        level = UNIT if disclosure.endswith("/unit") else DEPARTMENT
        levelled = with_levels(former.triples, iris, vocabulary, level)
        return ConvertedVersion(
            former.disclosure, levelled.triples, {base + key: base + new for key, new in levelled.moved.items()}
        )
    subjects = {t.subject.value for t in former.catalogue if isinstance(t.subject, ox.NamedNode)}
    lines = {s for s in subjects if NARRATIVE_LINE.fullmatch(s.removeprefix(f"{base}code/line/"))}
    title, about = ox.NamedNode(DCT + "title"), ox.NamedNode(former.disclosure)
    titles = [
        t.object.value
        for t in former.catalogue
        if t.subject == about and t.predicate == title and isinstance(t.object, ox.Literal)
    ]
    level = find_level(titles, vocabulary)
    now = disclosure + ("/unit" if level == UNIT and not disclosure.endswith("/unit") else "")
    converted = to_facts(former.triples, former.catalogue, iris, vocabulary, level, now)
    renamed = {line: base + iris.line(line.removeprefix(base)) for line in sorted(lines)}
    renamed |= {base + key: base + new for key, new in converted.moved.items()}
    return ConvertedVersion(base + now, converted.triples, renamed)
