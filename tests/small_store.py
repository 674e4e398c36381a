"""A small store for the tests of the server: three disclosures of two departments and a few codes."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from uuid import uuid4

from pyoxigraph import RdfFormat, Triple, parse

from ontology.namespaces import DEFAULT_BASE, ORG, QB, RDF, RDFS, SKOS, XSD
from server.store.generation_store import GenerationStore, VersionGraphs

BASE = DEFAULT_BASE
FIRST, SECOND = "1111111111111111", "2222222222222222"
PREFIXES = f"""
PREFIX : <{BASE}def#>
PREFIX id: <{BASE}id/>
PREFIX org: <{ORG}>
PREFIX qb: <{QB}>
PREFIX rdf: <{RDF}>
PREFIX rdfs: <{RDFS}>
PREFIX skos: <{SKOS}>
PREFIX xsd: <{XSD}>
"""
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }"
DEPARTMENT = f"{BASE}code/organisation-level/department"
AMOUNTS = {"2024": "100.50", "2025": "200.00"}


def triples(turtle: str) -> tuple[Triple, ...]:
    return tuple(quad.triple for quad in parse(PREFIXES + turtle, RdfFormat.TURTLE, base_iri=BASE))


VOCABULARY = triples("""
    <def> rdfs:label "Terms"@en .
    :amount a qb:MeasureProperty ; rdfs:label "amount"@en ; rdfs:isDefinedBy <def> .
    <code/function/201> a skos:Concept ; skos:notation "201" ;
        skos:prefLabel "一般公共服务支出"@zh , "General public services"@en .
    <code/function/208> a skos:Concept ; skos:notation "208" ; skos:prefLabel "社会保障和就业支出"@zh .
""")
RULES = triples("""
    <rules#same> rdfs:label "SAME"@en ; rdfs:seeAlso [ rdfs:label "a node without a name" ] .
""")


def disclosure_iri(department: str, year: int) -> str:
    return f"{BASE}id/disclosure/420107/{year}/budget/{department}"


def version_iri(department: str, year: int, digest: str = FIRST) -> str:
    return f"{disclosure_iri(department, year)}/v/{digest}"


def small_version(
    department: str, year: int, amount: str, label: str, digest: str = FIRST, finding: str = "found"
) -> VersionGraphs:
    """A version with one table of two figures, `amount` for class 201 and twice that for class 208."""
    disclosure, version = disclosure_iri(department, year), version_iri(department, year, digest)
    graph = f"""
        <{version}> a :DisclosureVersion ; :disclosure <{disclosure}> .
        <{disclosure}> a :Disclosure ; :year "{year}"^^xsd:gYear ; :organisation id:org\\/{department} .
        <{version}/t01> a :Table ; :disclosure <{disclosure}> .
        id:coordinates\\/a a :Coordinates ; :series id:series\\/s .
        id:series\\/s a :Series .
        id:point\\/{department}-{year} a :Fact ; :level <{DEPARTMENT}> ;
            :claim <{version}/t01/r1c2> .
    """
    for row, (function, factor) in enumerate({"201": "1", "208": "2"}.items(), start=1):
        graph += f"""
        <{version}/t01/r{row}c2> a :Claim ; :printedIn <{version}/t01> ;
            :organisation id:org\\/{department} ; :year "{year}"^^xsd:gYear ;
            :function <{BASE}code/function/{function}> ;
            :amount {float(amount) * int(factor):.2f} ; :printed "{amount}" ;
            :coordinates id:coordinates\\/a ; :point id:point\\/{department}-{year} .
        """
    return VersionGraphs(
        disclosure=disclosure,
        version=version,
        year=year,
        triples=triples(graph),
        catalogue=triples(f"""
            id:org\\/{department} a org:Organization ; skos:prefLabel "{label}"@zh .
            <{BASE}code/function/208> skos:prefLabel "社保"@zh .
        """),
        findings=triples(f'<{version}/findings/1> rdfs:label "{finding}"@en .'),
        document_json=b'{"tables": []}',
    )


def publish_into(path: Path) -> GenerationStore:
    """Publish department 108 in 2024 and 2025 and department 109 in 2024 in a store, whatever is there."""
    store = GenerationStore(path)
    versions = [
        small_version("108", 2024, AMOUNTS["2024"], "人大办"),
        small_version("108", 2025, AMOUNTS["2025"], "人大常委会办公室"),
        small_version("109", 2024, "7.00", "政协办"),
    ]
    store.publish(versions, VOCABULARY, RULES)
    return store


@cache
def published_once() -> Path:
    """The small store, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="yusuan-small-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return publish_into(folder / "store").path


def publish_small(path: Path) -> GenerationStore:
    """Make a new store with the three disclosures: a copy with an identity of its own."""
    store = GenerationStore(shutil.copytree(published_once(), path, dirs_exist_ok=True))
    store.generations.identity_file.write_text(f"{uuid4().hex}\n", encoding="ascii")
    return store
