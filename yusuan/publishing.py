"""Checked documents into a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import shapes
from converters import conversion_to_snapshot
from server.store import GenerationStore, VersionGraphs
from yusuan.api import Checked
from yusuan.known import SHIPPED, Known


def publish_checked(documents: Sequence[Checked], store: Path, base: str, known: Known = SHIPPED) -> Path:
    """Add the documents, and what was known before them, to the store as one new generation; returns its folder."""
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
    generations.publish(versions, known.triples(base), shapes.load_rule_triples(base))
    return generations.current()
