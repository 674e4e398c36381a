"""Publishing of checked documents and of procurement notices in a store."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import shapes
from converters import DocumentError, conversion_to_snapshot, document_errors
from converters.procurement.notice import Notice
from converters.procurement.notice_rows import notices_to_json
from converters.rdf.notices import UndatedNoticeError, notice_to_graphs
from converters.rdf.publications import NONE_STATED, Publications
from server.reports.turtle_report import reason_triples
from server.store.generation_store import VersionGraphs, open_store
from yusuan.checked_document import Checked
from yusuan.inputs import SHIPPED, Inputs

NOTICE_FAMILIES = ("notice",)
"""The families of rules for procurement notices."""


def publish_checked(documents: Iterable[Checked], store: Path, base: str, inputs: Inputs = SHIPPED) -> Path:
    """Publish documents, vocabulary and rules as one new generation; return its folder.

    The documents are consumed one by one, so that memory does not grow with their number.
    """
    return publish_versions(map(version_graphs, documents), store, base, inputs)


def publish_versions(versions: Iterable[VersionGraphs], store: Path, base: str, inputs: Inputs = SHIPPED) -> Path:
    """Publish versions, vocabulary and rules as one new generation; return its folder. Versions are consumed singly."""
    generations = open_store(store, base)
    return generations.publish(versions, inputs.triples(base), shapes.load_rule_triples(base))


def version_graphs(document: Checked, publications: Publications = NONE_STATED) -> VersionGraphs:
    """Return the graphs in which a checked document is published: data, catalogue, findings, snapshot.

    `publications` say where and when the government published the files. Raise DocumentError if they cannot be made.
    """
    conversion = document.conversion
    with document_errors(conversion.documents[0].source):
        return _version_graphs(document, publications)


def notice_graphs(notice: Notice, file: Path, sha256: str, base: str) -> VersionGraphs:
    """Return the graphs in which a notice is published: data, catalogue, findings, the values as JSON.

    Raise DocumentError for a notice without a date.
    """
    try:
        graphs = notice_to_graphs(notice, base, sha256, file.name)
    except UndatedNoticeError as error:
        raise DocumentError("notice-undated", file=file, title=notice.title) from error
    report = shapes.check(graphs.triples, base=base, families=NOTICE_FAMILIES)
    return VersionGraphs(
        disclosure=graphs.notice,
        version=graphs.version,
        year=graphs.year,
        triples=graphs.triples,
        catalogue=graphs.catalogue,
        findings=tuple(shapes.report_to_triples(report, graphs.version, base)),
        document_json=notices_to_json([notice]).encode(),
    )


def _version_graphs(document: Checked, publications: Publications) -> VersionGraphs:
    conversion = document.conversion
    return VersionGraphs(
        disclosure=conversion.disclosure_iri,
        version=conversion.version_iri,
        year=conversion.content.year,
        triples=conversion.graph,
        catalogue=conversion.catalogue(publications=publications),
        findings=(
            *shapes.report_to_triples(document.report, conversion.version_iri, conversion.iris.base),
            *(reason_triples(document.to_report("zh"), conversion.iris.base) if document.reasons else ()),
        ),
        document_json=conversion_to_snapshot(conversion, document.coverage),
    )
