"""The catalogue of a version, apart from its graph, and how both are written together."""

from datetime import UTC, datetime

import pyoxigraph as ox
import pytest
from small_disclosures import example

from converters.rdf.graph import write_rdf
from ontology.namespaces import DCAT, DEF, DEFAULT_BASE, ORG, PROV, QB, SKOS


def node(key: str) -> ox.NamedNode:
    return ox.NamedNode(DEFAULT_BASE + key)


def test_the_version_graph_holds_no_catalogue() -> None:
    used = {triple.predicate.value for triple in example().triples}
    assert not any(predicate.startswith((PROV, DCAT, SKOS, ORG)) for predicate in used)


def test_the_catalogue_names_file_organisations_and_projects() -> None:
    catalogue = set(example().catalogue(datetime(2024, 2, 5, tzinfo=UTC)))
    file = node(f"id/file/{example().documents[0].sha256}")
    unit = node("id/org/420107/108001")
    assert ox.Triple(ox.NamedNode(example().version_iri), ox.NamedNode(PROV + "wasDerivedFrom"), file) in catalogue
    assert ox.Triple(unit, ox.NamedNode(ORG + "subOrganizationOf"), node("id/org/420107/108")) in catalogue
    assert (
        ox.Triple(
            node("id/project/42010724108T000000101"),
            ox.NamedNode(SKOS + "prefLabel"),
            ox.Literal("工作性其他-人大代表履职能力提升", language="zh"),
        )
        in catalogue
    )


def test_a_code_that_no_list_holds_is_described_as_printed() -> None:
    catalogue = set(example().catalogue(datetime(2024, 2, 5, tzinfo=UTC)))
    code = node("code/function/2101103")
    assert ox.Triple(code, ox.NamedNode(DEF + "evidence"), node("code/evidence/as-printed")) in catalogue
    assert ox.Triple(code, ox.NamedNode(SKOS + "broader"), node("code/function/21011")) in catalogue
    assert ox.Triple(code, ox.NamedNode(SKOS + "inScheme"), node("code/function")) in catalogue


def test_version_and_catalogue_are_two_graphs() -> None:
    graphs = {quad.graph_name.value for quad in example().quads() if isinstance(quad.graph_name, ox.NamedNode)}
    assert graphs == {example().version_iri, example().version_iri + "/catalogue"}


@pytest.mark.parametrize("format", [ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG])
def test_quads_are_written_and_read_back(format: ox.RdfFormat) -> None:
    quads = example().quads(datetime(2024, 2, 5, tzinfo=UTC))
    assert set(ox.parse(write_rdf(quads, format, {"qb": QB}), format=format)) == set(quads)


@pytest.mark.parametrize("format", [ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE])
def test_formats_without_graphs_hold_the_union(format: ox.RdfFormat) -> None:
    quads = example().quads(datetime(2024, 2, 5, tzinfo=UTC))
    read = {quad.triple for quad in ox.parse(write_rdf(quads, format, {"qb": QB}), format=format)}
    assert read == {quad.triple for quad in quads}
