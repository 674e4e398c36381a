"""Checked documents into a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import shapes
from converters import conversion_to_snapshot
from ontology import load_vocabulary
from server.store import GenerationStore, VersionGraphs
from yusuan.api import Checked


def publish_checked(documents: Sequence[Checked], store: Path, base: str) -> Path:
    """Add the documents to the store as one new generation; returns the folder of the generation."""
    versions = [
        VersionGraphs(
            disclosure=document.conversion.disclosure_iri,
            version=document.conversion.version_iri,
            year=document.conversion.claims.year,
            triples=document.conversion.triples,
            catalogue=document.conversion.catalogue(),
            findings=shapes.report_to_triples(
                document.report, document.conversion.version_iri, document.conversion.iris.base
            ),
            document_json=conversion_to_snapshot(document.conversion),
        )
        for document in documents
    ]
    generations = GenerationStore(store, base)
    generations.publish(versions, load_vocabulary(base).triples, shapes.load_rule_triples(base))
    return generations.current()
