"""Distributions in DCAT 3: each download with description, publisher, rights, format, size and checksum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ontology.messages import LANGUAGES, message
from ontology.namespaces import DCAT, DCT, RDF, SPDX, XSD
from ontology.tabular.data_package import FileDigest
from ontology.tabular.published_columns import DATA_TABLES
from server.dataset.download_files import DownloadKey
from server.dataset.downloads import FORMATS, TABLE_FORMATS, TYPES

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
NAMES = {
    "nq": ("N-Quads", "RDF_N_QUADS"),
    "nt": ("N-Triples", "RDF_N_TRIPLES"),
    "ttl": ("Turtle", "RDF_TURTLE"),
    "csv": ("CSV", "CSV"),
    "parquet": ("Parquet", "PARQUET"),
    "xlsx": ("XLSX", "XLSX"),
}
"""The name of each format, and its code among the file types of the Publications Office of the European Union."""


@dataclass(frozen=True, slots=True)
class OfferedDownload:
    """A download that the catalogue names: its content, format, and table, if it is one of a table."""

    key: DownloadKey
    form: str
    table: str = ""

    def path(self, base: str) -> str:
        """Return the path below `/data/`."""
        if self.table:
            return self.key.form
        return f"{self.key.version.removeprefix(base + 'id/') or 'current'}.{self.form}"

    def description(self, language: str) -> str:
        """Return what the file holds."""
        name = NAMES[self.form][0]
        if self.table:
            return message("distribution-table", language, table=DATA_TABLES[self.table].title(language), form=name)
        return message("distribution-version" if self.key.version else "distribution-whole", language, form=name)


def downloads_of_everything() -> Iterator[OfferedDownload]:
    """Yield the downloads of all current data: tables, then graphs and figures."""
    for table in DATA_TABLES:
        yield from (OfferedDownload(DownloadKey(f"{table}.{form}"), form, table) for form in TABLE_FORMATS)
    yield from (OfferedDownload(DownloadKey(form), form) for form in FORMATS)


def downloads_of_version(version: str) -> Iterator[OfferedDownload]:
    """Yield the downloads of a version, given by its IRI."""
    yield from (OfferedDownload(DownloadKey(form, version), form) for form in FORMATS)


@dataclass(frozen=True)
class DistributionWriter:
    """Describes downloads; `service` is the address of the service, `digests` are known sizes and checksums."""

    base: str
    service: str
    digests: Mapping[DownloadKey, FileDigest]
    rights: Sequence[NamedNode | BlankNode | Literal | Triple]

    def triples(self, dataset: NamedNode, download: OfferedDownload, publisher: str) -> Iterator[Triple]:
        """Yield a download as a distribution of a data set; `publisher` is an IRI, empty if unknown."""
        path = download.path(self.base)
        node, address = NamedNode(f"{self.base}data/{path}"), NamedNode(f"{self.service}data/{path}")
        yield Triple(dataset, NamedNode(DCAT + "distribution"), node)
        yield Triple(node, NamedNode(RDF + "type"), NamedNode(DCAT + "Distribution"))
        for language in LANGUAGES:
            said = Literal(download.description(language), language=language)
            yield Triple(node, NamedNode(DCT + "description"), said)
        if publisher:
            yield Triple(node, NamedNode(DCT + "publisher"), NamedNode(publisher))
        for statement in self.rights:
            yield Triple(node, NamedNode(DCT + "rights"), statement)
        yield Triple(node, NamedNode(DCAT + "accessURL"), address)
        yield Triple(node, NamedNode(DCAT + "downloadURL"), address)
        yield Triple(node, NamedNode(DCAT + "mediaType"), NamedNode(MEDIA_TYPES + TYPES[download.form]))
        yield Triple(node, NamedNode(DCT + "format"), NamedNode(FILE_TYPES + NAMES[download.form][1]))
        if download.form == "csv" and download.table:
            described_by = NamedNode(f"{self.service}data/{path}-metadata.json")
            yield Triple(node, NamedNode(DCT + "conformsTo"), described_by)
        if (digest := self.digests.get(download.key)) is not None:
            yield from _digest_triples(node, digest)


def _digest_triples(node: NamedNode, digest: FileDigest) -> Iterator[Triple]:
    checksum = NamedNode(f"{node.value}#checksum")
    size = Literal(str(digest.size), datatype=NamedNode(XSD + "nonNegativeInteger"))
    yield Triple(node, NamedNode(DCAT + "byteSize"), size)
    yield Triple(node, NamedNode(SPDX + "checksum"), checksum)
    yield Triple(checksum, NamedNode(RDF + "type"), NamedNode(SPDX + "Checksum"))
    yield Triple(checksum, NamedNode(SPDX + "algorithm"), NamedNode(SPDX + "checksumAlgorithm_sha256"))
    value = Literal(digest.sha256, datatype=NamedNode(XSD + "hexBinary"))
    yield Triple(checksum, NamedNode(SPDX + "checksumValue"), value)
