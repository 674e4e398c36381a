"""Checked documents into a store."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import shapes
from converters import conversion_to_snapshot
from server.store.generation_store import GenerationStore, VersionGraphs
from yusuan.checked import Checked
from yusuan.inputs import SHIPPED, Inputs


def publish_checked(documents: Iterable[Checked], store: Path, base: str, known: Inputs = SHIPPED) -> Path:
    """Add the documents, and what was known before them, to the store as one new generation; returns its folder.

    The documents are taken one by one, and none is kept.
    """
    generations = GenerationStore(store, base)
    return generations.publish(map(version_graphs, documents), known.triples(base), shapes.load_rule_triples(base))


def version_graphs(document: Checked) -> VersionGraphs:
    """What a checked document says, and what was found in it, as it is published."""
    conversion = document.conversion
    return VersionGraphs(
        disclosure=conversion.disclosure_iri,
        version=conversion.version_iri,
        year=conversion.claims.year,
        triples=conversion.triples,
        catalogue=conversion.catalogue(),
        findings=shapes.report_to_triples(document.report, conversion.version_iri, conversion.iris.base),
        document_json=conversion_to_snapshot(conversion, document.coverage),
    )
