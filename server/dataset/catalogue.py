"""The catalogue in DCAT 3: every disclosure as a data set, with its versions and downloads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import DCAT, DCT, FOAF, PROV, RDF, XSD
from ontology.tabular.data_package import FileDigest
from server.dataset.distributions import DistributionWriter, downloads_of_everything, downloads_of_version
from server.dataset.download_digests import DigestsOf
from server.dataset.download_files import DownloadKey
from server.dataset.void import described, service_address
from server.errors import NotFoundError
from server.execution.evaluator import Evaluator, select
from server.http.dependencies import EvaluatorOf, PagesOf, SettingsOf
from server.linked_data.descriptions import Description, view_of
from server.linked_data.labels import Texts, labelled, labels_beside, labels_of, texts_of
from server.linked_data.resources import (
    TABLE_SUFFIXES,
    choose_type,
    graph_response,
    link_header,
    page_number,
    suffix_of,
)
from server.serialization.media_types import HTML
from server.sparql.query_templates import fill_query, nodes
from server.versions.history import SourceFile, VersionRecord, records_of

PAGE = 50
TYPE = NamedNode(RDF + "type")

router = APIRouter(tags=["Catalogue"])


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A disclosure in the catalogue: its IRI, office with its names, phase and versions, the current version last."""

    disclosure: str
    current: str
    title: str
    organisation: str
    year: str
    phase: str
    versions: Sequence[VersionRecord]
    names: Texts


@router.get("/catalogue")
@router.head("/catalogue")
@router.api_route("/catalogue.{suffix}", methods=["GET", "HEAD"], include_in_schema=False)
async def catalogue(
    request: Request, settings: SettingsOf, evaluator: EvaluatorOf, pages: PagesOf, digests: DigestsOf
) -> Response:
    """The catalogue, fifty disclosures per page."""
    suffix = suffix_of(request, with_tables=pages is not None)
    if pages and suffix in TABLE_SUFFIXES:
        return await pages.table(request, settings.base + "catalogue", suffix)
    media_type = choose_type(request, pages, suffix)
    if pages and media_type == HTML:
        return await pages.resource(request, settings.base + "catalogue")
    page, service = page_number(request), service_address(request)
    entries, has_more = await load_entries(evaluator, settings.base, page)
    description = Description((), page, has_more)
    address, iri = f"{service}catalogue", f"{settings.base}catalogue"
    known = await digests.of(offered_keys(entries))
    triples = [*catalogue_triples(entries, settings.base, service, known), *view_of(description, iri, address)]
    triples += await labels_of(evaluator, settings.base, triples)
    headers = {"Link": link_header(description, iri, address)}
    return graph_response(request, triples, media_type, settings.base, headers)


async def load_entries(evaluator: Evaluator, base: str, page: int) -> tuple[list[CatalogueEntry], bool]:
    """Return a page (from 1) of disclosures, and whether another follows. Raise NotFoundError past the last page."""
    query = fill_query("which_disclosures_are_catalogued", limit=PAGE + 1, offset=(page - 1) * PAGE)
    found = await select(evaluator, query, base)
    if page > 1 and not found:
        raise NotFoundError(iri=f"{base}catalogue?page={page}")
    rows = {row["disclosure"].value: {k: t.value for k, t in row.items()} for row in found[:PAGE]}
    versions: dict[str, list[Mapping[str, str]]] = {iri: [] for iri in rows}
    if rows:
        query = fill_query("which_versions_have_these_disclosures", disclosures=nodes(rows))
        for row in await select(evaluator, query, base):
            versions[row["disclosure"].value].append({name: term.value for name, term in row.items()})
    offices = {row["organisation"] for row in rows.values() if "organisation" in row}
    names = texts_of(await labels_beside(evaluator, base, offices, ()))
    entries = [
        CatalogueEntry(
            disclosure=iri,
            current=row["current"],
            title=row.get("title", ""),
            organisation=row.get("organisation", ""),
            year=row.get("year", ""),
            phase=row.get("phase", ""),
            versions=records_of(versions[iri], {row["current"]}),
            names=names.get(row.get("organisation", ""), {}),
        )
        for iri, row in rows.items()
    ]
    return entries, len(found) > PAGE


def offered_keys(entries: Iterable[CatalogueEntry]) -> Iterator[DownloadKey]:
    """Yield the downloads of the catalogue: of all current data first, then of the versions of disclosures."""
    yield from (download.key for download in downloads_of_everything())
    for entry in entries:
        for version in entry.versions:
            yield from (download.key for download in downloads_of_version(version.iri))


def catalogue_triples(
    entries: Sequence[CatalogueEntry], base: str, service: str, digests: Mapping[DownloadKey, FileDigest]
) -> Iterator[Triple]:
    """Yield the catalogue, its service and these data sets, with the digests of downloads that are known.

    `service` is the address of the service with a trailing slash.
    """
    catalogue, endpoint = NamedNode(base + "catalogue"), NamedNode(base + "catalogue#sparql")
    about = NamedNode(base + "void#dataset")
    yield Triple(catalogue, TYPE, NamedNode(DCAT + "Catalog"))
    for triple in described(service, base):
        if triple.subject == about and triple.predicate.value in (DCT + "description", DCT + "rights"):
            yield Triple(catalogue, triple.predicate, triple.object)
        elif triple.subject in (about, catalogue) and triple.predicate.value == DCT + "title":
            yield triple
    yield Triple(catalogue, NamedNode(FOAF + "homepage"), NamedNode(service))
    yield Triple(catalogue, NamedNode(DCAT + "service"), endpoint)
    yield Triple(endpoint, TYPE, NamedNode(DCAT + "DataService"))
    yield Triple(endpoint, NamedNode(DCT + "title"), Literal("SPARQL"))
    yield Triple(endpoint, NamedNode(DCT + "conformsTo"), NamedNode("https://www.w3.org/TR/sparql11-protocol/"))
    yield Triple(endpoint, NamedNode(DCAT + "endpointURL"), NamedNode(f"{service}sparql"))
    yield Triple(endpoint, NamedNode(DCAT + "endpointDescription"), NamedNode(f"{service}void"))
    yield Triple(catalogue, NamedNode(DCAT + "dataset"), about)
    yield Triple(about, TYPE, NamedNode(DCAT + "Dataset"))
    rights = [t.object for t in described(service, base) if t.subject == about and t.predicate.value == DCT + "rights"]
    describe = DistributionWriter(base, service, digests, rights)
    yield Triple(about, NamedNode(DCT + "publisher"), NamedNode(service))
    yield Triple(NamedNode(service), TYPE, NamedNode(FOAF + "Agent"))
    yield from labelled(service, "catalogue-publisher")
    for download in downloads_of_everything():
        yield from describe.triples(about, download, service)
    for entry in entries:
        yield Triple(catalogue, NamedNode(DCAT + "dataset"), NamedNode(entry.disclosure))
        yield Triple(endpoint, NamedNode(DCAT + "servesDataset"), NamedNode(entry.disclosure))
        yield from dataset_triples(entry, base, service, describe)
        yield from series_triples(entry, base)


def series_triples(entry: CatalogueEntry, base: str) -> Iterator[Triple]:
    """Yield the series of the disclosures of an office, and the place of a disclosure in it."""
    if not entry.organisation:
        return
    code = entry.organisation.removeprefix(f"{base}id/org/")
    series = NamedNode(f"{base}catalogue#series-{code.replace('/', '-')}")
    yield Triple(NamedNode(entry.disclosure), NamedNode(DCAT + "inSeries"), series)
    yield Triple(series, TYPE, NamedNode(DCAT + "DatasetSeries"))
    yield Triple(series, NamedNode(DCT + "publisher"), NamedNode(entry.organisation))
    yield from labelled(series.value, "catalogue-series", entry.names or {"": code})


def dataset_triples(entry: CatalogueEntry, base: str, service: str, describe: DistributionWriter) -> Iterator[Triple]:
    """Yield a disclosure as a data set with its versions."""
    dataset = NamedNode(entry.disclosure)
    path = entry.disclosure.removeprefix(base + "id/")
    yield Triple(dataset, TYPE, NamedNode(DCAT + "Dataset"))
    if entry.title:
        yield Triple(dataset, NamedNode(DCT + "title"), Literal(entry.title, language="zh"))
    if entry.organisation:
        yield Triple(dataset, NamedNode(DCT + "publisher"), NamedNode(entry.organisation))
        if (division := division_of(entry.organisation, base)) is not None:
            yield Triple(dataset, NamedNode(DCT + "spatial"), NamedNode(division))
    if entry.year:
        period = NamedNode(f"{base}catalogue#year-{entry.year}")
        yield Triple(dataset, NamedNode(DCT + "temporal"), period)
        yield Triple(period, TYPE, NamedNode(DCT + "PeriodOfTime"))
        yield from labelled(period.value, "label-year", year=entry.year)
        yield Triple(period, NamedNode(DCAT + "startDate"), _date(f"{entry.year}-01-01"))
        yield Triple(period, NamedNode(DCAT + "endDate"), _date(f"{entry.year}-12-31"))
    if entry.phase:
        yield Triple(dataset, NamedNode(DCAT + "theme"), NamedNode(entry.phase))
    yield Triple(dataset, NamedNode(DCT + "language"), Literal("zh", datatype=NamedNode(XSD + "language")))
    yield Triple(dataset, NamedNode(DCAT + "landingPage"), NamedNode(f"{service}history/{path}"))
    yield Triple(dataset, NamedNode(DCAT + "hasCurrentVersion"), NamedNode(entry.current))
    yield from version_triples(entry, describe)


def version_triples(entry: CatalogueEntry, describe: DistributionWriter) -> Iterator[Triple]:
    """Yield the versions of a disclosure with their sources and downloads."""
    dataset = NamedNode(entry.disclosure)
    older: VersionRecord | None = None
    for version in entry.versions:
        node = NamedNode(version.iri)
        yield Triple(dataset, NamedNode(DCAT + "hasVersion"), node)
        yield Triple(node, TYPE, NamedNode(DCAT + "Dataset"))
        yield Triple(node, NamedNode(DCAT + "version"), Literal(version.digest))
        if version.generated:
            stamp = Literal(version.generated, datatype=NamedNode(XSD + "dateTime"))
            yield Triple(node, NamedNode(DCT + "issued"), stamp)
        if older is not None:
            yield Triple(node, NamedNode(DCAT + "previousVersion"), NamedNode(older.iri))
        for file in version.files:
            yield from _source(node, file)
        for download in downloads_of_version(version.iri):
            yield from describe.triples(node, download, entry.organisation)
        older = version


def division_of(organisation: str, base: str) -> str | None:
    """Return the administrative division in the IRI of an organisation."""
    parts = organisation.removeprefix(base + "id/org/").split("/")
    return f"{base}code/division/{parts[0]}" if len(parts) == 2 and parts[0].isdecimal() else None


def _source(version: NamedNode, file: SourceFile) -> Iterator[Triple]:
    yield Triple(version, NamedNode(PROV + "wasDerivedFrom"), NamedNode(file.iri))
    if file.name:
        yield Triple(NamedNode(file.iri), NamedNode(DCT + "title"), Literal(file.name))


def _date(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "date"))
