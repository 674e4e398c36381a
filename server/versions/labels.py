"""Labels of versions, comparisons and figures in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from server.execution.evaluator import Evaluator
from server.linked_data.labels import labelled, labels_beside
from server.versions.history import VersionRecord
from server.versions.version_comparison import ComparedFigure


def version_labels(version: VersionRecord) -> Iterator[Triple]:
    """Return the labels of a version: its digest and date."""
    return labelled(version.iri, "label-version", digest=version.digest, day=version.generated.partition("T")[0])


def revision_labels(iri: str, older: VersionRecord, newer: VersionRecord) -> Iterator[Triple]:
    """Return the labels of a comparison: its two versions."""
    return labelled(iri, "label-revision", older=older.digest, newer=newer.digest)


def change_labels(iri: str, number: int, figure: ComparedFigure) -> Iterator[Triple]:
    """Return the labels of a difference: its number and the place of the figure."""
    return labelled(iri, "label-change", number=number, place=figure.place)


def figure_labels(figure: ComparedFigure) -> Iterator[Triple]:
    """Return the labels of a figure: its place and the words beside and above it."""
    return labelled(figure.iri, "label-figure", place=figure.place, row=figure.row_label, column=figure.column_label)


async def labels_of_others(
    evaluator: Evaluator, base: str, triples: Iterable[Triple], versions: Iterable[VersionRecord]
) -> list[Triple]:
    """Return the labels of the resources in the triples that are not parts of versions: disclosure, codes, terms."""
    versions = tuple(versions)
    own = (*(f"{version.iri}/" for version in versions), f"{base}diff/", f"{base}id/coordinates/")
    iris = {term.value for triple in triples for term in triple if isinstance(term, NamedNode)}
    others = {iri for iri in iris if not iri.startswith(own)}
    catalogues = tuple(NamedNode(f"{version.iri}/catalogue") for version in versions)
    return await labels_beside(evaluator, base, others, catalogues)
