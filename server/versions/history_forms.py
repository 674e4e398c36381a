"""Machine-readable forms of histories and comparisons: RDF and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import DCAT, DCT, PROV, RDF, XSD
from server.versions.history import History, Revision, VersionRecord, diff_iri
from server.versions.labels import change_labels, figure_labels, revision_labels, version_labels
from server.versions.version_comparison import KINDS, ComparedFigure, FigureChange

TYPE = NamedNode(RDF + "type")

# ── As RDF ──────────────────────────────────────────────────────────────────────────────────────


def history_triples(history: History, base: str) -> Iterator[Triple]:
    """Yield the history in DCAT and PROV, with the cause of each change."""
    disclosure = NamedNode(history.disclosure)
    yield Triple(disclosure, TYPE, NamedNode(DCAT + "DatasetSeries"))
    for version in history.versions:
        node = NamedNode(version.iri)
        yield Triple(disclosure, NamedNode(DCAT + "hasVersion"), node)
        if version.is_current:
            yield Triple(disclosure, NamedNode(DCAT + "hasCurrentVersion"), node)
        yield Triple(node, TYPE, NamedNode(DCAT + "Dataset"))
        yield Triple(node, NamedNode(DCAT + "version"), Literal(version.digest))
        yield from _made(version, base)
    for older, newer, cause in history.steps:
        yield Triple(NamedNode(newer.iri), NamedNode(DCAT + "previousVersion"), NamedNode(older.iri))
        yield Triple(NamedNode(newer.iri), NamedNode(PROV + "wasRevisionOf"), NamedNode(older.iri))
        yield from _revision(diff_iri(history, older, newer, base), older, newer, cause, base)


def revision_triples(revision: Revision, base: str) -> Iterator[Triple]:
    """Yield a comparison with all differences; the address of a difference is its position in the list."""
    node = NamedNode(revision.iri)
    yield from _revision(revision.iri, revision.older, revision.newer, revision.cause, base)
    for version in (revision.older, revision.newer):
        yield from _made(version, base)
    for number, change in enumerate(revision.comparison.changes, start=1):
        at = NamedNode(f"{revision.iri}#{number}")
        yield Triple(node, NamedNode(base + "def#figureChange"), at)
        yield Triple(at, TYPE, NamedNode(base + "def#FigureChange"))
        yield Triple(at, NamedNode(base + "def#changeKind"), NamedNode(f"{base}code/change/{change.kind}"))
        yield from change_labels(at.value, number, change.figure)
        for relation, figure in (("before", change.before), ("after", change.after)):
            if figure is not None:
                yield Triple(at, NamedNode(f"{base}def#{relation}"), NamedNode(figure.iri))
                yield from _figure(figure, base)
        if change.difference is not None:
            yield Triple(at, NamedNode(base + "def#changedBy"), _decimal_literal(change.difference))


def _revision(iri: str, older: VersionRecord, newer: VersionRecord, cause: str, base: str) -> Iterator[Triple]:
    node = NamedNode(iri)
    yield Triple(node, TYPE, NamedNode(base + "def#Revision"))
    yield Triple(node, NamedNode(base + "def#olderVersion"), NamedNode(older.iri))
    yield Triple(node, NamedNode(base + "def#newerVersion"), NamedNode(newer.iri))
    yield Triple(node, NamedNode(base + "def#revisionCause"), NamedNode(f"{base}code/revision/{cause}"))
    yield from revision_labels(iri, older, newer)


def _made(version: VersionRecord, base: str) -> Iterator[Triple]:
    node = NamedNode(version.iri)
    yield from version_labels(version)
    if version.generated:
        stamp = Literal(version.generated, datatype=NamedNode(XSD + "dateTime"))
        yield Triple(node, NamedNode(PROV + "generatedAtTime"), stamp)
    if version.converter:
        yield Triple(node, NamedNode(base + "def#converter"), Literal(version.converter))
    for file in version.files:
        yield Triple(node, NamedNode(PROV + "wasDerivedFrom"), NamedNode(file.iri))
        if file.name:
            yield Triple(NamedNode(file.iri), NamedNode(DCT + "title"), Literal(file.name))


def _figure(figure: ComparedFigure, base: str) -> Iterator[Triple]:
    node = NamedNode(figure.iri)
    yield from figure_labels(figure)
    texts = {
        "printed": figure.printed,
        "rowCode": figure.row_code,
        "rowLabel": figure.row_label,
        "columnLabel": figure.column_label,
    }
    for name, text in texts.items():
        if text:
            yield Triple(node, NamedNode(f"{base}def#{name}"), Literal(text))
    yield Triple(node, NamedNode(base + "def#coordinates"), NamedNode(figure.coordinates))
    if figure.amount is not None:
        yield Triple(node, NamedNode(figure.measure), _decimal_literal(figure.amount))


def _decimal_literal(number: Decimal) -> Literal:
    return Literal(f"{number:f}", datatype=NamedNode(XSD + "decimal"))


# ── As JSON ─────────────────────────────────────────────────────────────────────────────────────


def history_to_json(history: History, base: str) -> dict[str, Any]:
    """Return the history as JSON; amounts and times are strings."""
    return {
        "disclosure": history.disclosure,
        "versions": [version_to_json(version) for version in history.versions],
        "revisions": [
            {
                "older": older.iri,
                "newer": newer.iri,
                "cause": cause,
                "comparison": diff_iri(history, older, newer, base),
            }
            for older, newer, cause in history.steps
        ],
    }


def revision_to_json(revision: Revision) -> dict[str, Any]:
    """Return the comparison as JSON: counts by kind, then every difference with both figures and their places."""
    comparison = revision.comparison
    return {
        "comparison": revision.iri,
        "older": version_to_json(revision.older),
        "newer": version_to_json(revision.newer),
        "cause": revision.cause,
        "counts": {kind: comparison.count(kind) for kind in KINDS}
        | {"same": comparison.same, "moved": comparison.moved},
        "changes": [change_to_json(change) for change in comparison.changes],
    }


def version_to_json(version: VersionRecord) -> dict[str, Any]:
    """Return a version as JSON."""
    return {
        "version": version.iri,
        "generated": version.generated,
        "converter": version.converter,
        "files": [{"sha256": file.digest, "name": file.name} for file in version.files],
        "current": version.is_current,
    }


def change_to_json(change: FigureChange) -> dict[str, Any]:
    """Return a difference as JSON; a missing figure is null."""
    difference = change.difference
    return {
        "kind": change.kind,
        "before": _figure_to_json(change.before),
        "after": _figure_to_json(change.after),
        "difference": None if difference is None else f"{difference:f}",
    }


def _figure_to_json(figure: ComparedFigure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "figure": figure.iri,
        "place": figure.place,
        "table": figure.table_number or None,
        "page": figure.page or None,
        "rowCode": figure.row_code or None,
        "row": figure.row_label or None,
        "column": figure.column_label or None,
        "printed": figure.printed,
        "measure": figure.measure,
        "amount": None if figure.amount is None else f"{figure.amount:f}",
        "coordinates": figure.coordinates,
    }
