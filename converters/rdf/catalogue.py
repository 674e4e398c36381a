"""The catalogue of a version: source file, converter, and the names of the resources in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version as package_version

import pyoxigraph as ox

from converters.entities.named_entities import Entity
from converters.entities.organisation_matching import UNKNOWN_DIVISION
from converters.model.document import Document
from converters.model.iris import Iris, mint_checksum, mint_division, mint_file, mint_level, mint_software
from converters.rdf.graph import GraphContent
from converters.rdf.publications import NONE_STATED, Publications
from converters.rdf.records import value_term
from ontology.namespaces import DCAT, DCT, DEFAULT_BASE, ORG, PROV, RDF, RDFS, SKOS, SPDX, XSD

_A = ox.NamedNode(RDF + "type")
_INTEGER = ox.NamedNode(XSD + "integer")
_AS_PRINTED = "code/evidence/as-printed"


def catalogue_triples(
    content: GraphContent,
    iris: Iris,
    documents: Sequence[Document],
    entities: Sequence[Entity],
    generated: datetime,
    title: str,
    publications: Publications = NONE_STATED,
) -> list[ox.Triple]:
    """DCAT and PROV of one version and the names of what it mentions; times and files stand here alone."""
    return list(
        dict.fromkeys(
            (
                *_write(content, iris, documents, entities, generated, title),
                *_provenance(iris, documents, publications),
            )
        )
    )


def _write(
    content: GraphContent,
    iris: Iris,
    documents: Sequence[Document],
    entities: Sequence[Entity],
    generated: datetime,
    title: str,
) -> Iterator[ox.Triple]:
    def node(key: str) -> ox.NamedNode:
        return ox.NamedNode(iris.full(key))

    disclosure, version = node(content.disclosure), node(iris.version_key)
    yield ox.Triple(disclosure, _A, ox.NamedNode(DCAT + "Dataset"))
    yield ox.Triple(disclosure, ox.NamedNode(DCT + "title"), ox.Literal(title, language="zh"))
    yield ox.Triple(disclosure, ox.NamedNode(DCT + "publisher"), node(content.organisation))
    yield ox.Triple(disclosure, ox.NamedNode(DCAT + "hasCurrentVersion"), version)
    yield ox.Triple(version, _A, ox.NamedNode(PROV + "Entity"))
    yield ox.Triple(version, ox.NamedNode(DCT + "isVersionOf"), disclosure)
    stamp = generated.isoformat(timespec="seconds")
    yield ox.Triple(
        version,
        ox.NamedNode(PROV + "generatedAtTime"),
        ox.Literal(stamp, datatype=ox.NamedNode(XSD + "dateTime")),
    )
    yield ox.Triple(version, node("def#converter"), ox.Literal(f"yusuan {package_version('yusuan')}"))
    for number, document in enumerate(documents, start=1):
        file = node(mint_file(document.sha256))
        yield ox.Triple(version, ox.NamedNode(PROV + "wasDerivedFrom"), file)
        if len(documents) > 1:
            derivation = node(iris.file(number))
            yield ox.Triple(version, ox.NamedNode(PROV + "qualifiedDerivation"), derivation)
            yield ox.Triple(derivation, _A, ox.NamedNode(PROV + "Derivation"))
            yield ox.Triple(derivation, ox.NamedNode(PROV + "entity"), file)
            yield ox.Triple(derivation, node("def#fileNumber"), ox.Literal(str(number), datatype=_INTEGER))
        yield ox.Triple(file, _A, ox.NamedNode(PROV + "Entity"))
        yield ox.Triple(file, ox.NamedNode(DCT + "title"), ox.Literal(document.source.name))
    for entity in entities:
        yield from _describe(entity, iris)


def _provenance(iris: Iris, documents: Sequence[Document], publications: Publications) -> Iterator[ox.Triple]:
    """The conversion as an activity, and of each file its checksum, its address and its date at the government."""
    version = ox.NamedNode(iris.full(iris.version_key))
    activity = ox.NamedNode(iris.full(iris.conversion))
    name = f"yusuan {package_version('yusuan')}"
    agent = ox.NamedNode(iris.full(mint_software(name)))
    yield ox.Triple(version, ox.NamedNode(PROV + "wasGeneratedBy"), activity)
    yield ox.Triple(activity, _A, ox.NamedNode(PROV + "Activity"))
    yield ox.Triple(activity, ox.NamedNode(PROV + "wasAssociatedWith"), agent)
    yield ox.Triple(agent, _A, ox.NamedNode(PROV + "SoftwareAgent"))
    yield ox.Triple(agent, ox.NamedNode(RDFS + "label"), ox.Literal(name))
    for document in documents:
        file = ox.NamedNode(iris.full(mint_file(document.sha256)))
        checksum = ox.NamedNode(iris.full(mint_checksum(document.sha256)))
        yield ox.Triple(activity, ox.NamedNode(PROV + "used"), file)
        yield ox.Triple(file, ox.NamedNode(SPDX + "checksum"), checksum)
        yield ox.Triple(checksum, _A, ox.NamedNode(SPDX + "Checksum"))
        algorithm = ox.NamedNode(SPDX + "checksumAlgorithm_sha256")
        yield ox.Triple(checksum, ox.NamedNode(SPDX + "algorithm"), algorithm)
        value = ox.Literal(document.sha256, datatype=ox.NamedNode(XSD + "hexBinary"))
        yield ox.Triple(checksum, ox.NamedNode(SPDX + "checksumValue"), value)
        stated = publications.of(document.source)
        if stated.made:
            made = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))
            yield ox.Triple(ox.NamedNode(iris.full(iris.disclosure)), ox.NamedNode(iris.full("def#made")), made)
        if stated.source is not None:
            source = ox.NamedNode(stated.source)
            yield ox.Triple(version, ox.NamedNode(DCT + "source"), source)
            yield ox.Triple(file, ox.NamedNode(DCT + "source"), source)
        if stated.issued is not None:
            issued = ox.Literal(stated.issued, datatype=ox.NamedNode(XSD + "date"))
            yield ox.Triple(file, ox.NamedNode(DCT + "issued"), issued)


def _describe(entity: Entity, iris: Iris) -> Iterator[ox.Triple]:
    subject = ox.NamedNode(iris.full(entity.key))
    kind = entity.kind.removeprefix(DEFAULT_BASE)
    yield ox.Triple(subject, _A, ox.NamedNode(kind if kind == entity.kind else iris.full(kind)))
    if entity.kind.endswith(("#Project", "#ProjectCategory")):
        yield ox.Triple(subject, _A, ox.NamedNode(SKOS + "Concept"))
        yield ox.Triple(subject, ox.NamedNode(SKOS + "inScheme"), ox.NamedNode(iris.full("code/project")))
    if entity.notation is not None:
        yield ox.Triple(subject, ox.NamedNode(SKOS + "notation"), ox.Literal(entity.notation))
    if entity.name:
        yield ox.Triple(subject, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(entity.name, language="zh"))
    if entity.parent is not None:
        relation = ORG + "subOrganizationOf" if entity.kind.startswith(ORG) else SKOS + "broader"
        yield ox.Triple(subject, ox.NamedNode(relation), ox.NamedNode(iris.full(entity.parent)))
    for key, value in entity.values:
        yield ox.Triple(subject, ox.NamedNode(iris.full(key)), value_term(value, iris))
    if entity.level is not None:
        level = ox.NamedNode(iris.full(mint_level(entity.level)))
        yield ox.Triple(subject, ox.NamedNode(ORG + "classification"), level)
    if entity.division is not None and entity.division != UNKNOWN_DIVISION:
        division = ox.NamedNode(iris.full(mint_division(entity.division)))
        yield ox.Triple(subject, ox.NamedNode(DCT + "spatial"), division)
    if entity.unlisted:
        yield ox.Triple(subject, _A, ox.NamedNode(SKOS + "Concept"))
        scheme = entity.key.rsplit("/", 1)[0]
        yield ox.Triple(subject, ox.NamedNode(SKOS + "inScheme"), ox.NamedNode(iris.full(scheme)))
        yield ox.Triple(subject, ox.NamedNode(iris.full("def#evidence")), ox.NamedNode(iris.full(_AS_PRINTED)))
