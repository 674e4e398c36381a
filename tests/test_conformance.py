"""The W3C's tests of the SPARQL 1.1 Protocol, the Graph Store Protocol and the Service Description."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx2
import pyoxigraph as ox
import pytest
from conformance import Case, play, read_cases
from small_service import running_service

from ontology.namespaces import RDF
from server.http.client_keys import add_key
from server.settings import Settings
from server.store.generation_store import GenerationStore

pytestmark = pytest.mark.material

MANIFESTS = Path(__file__).parents[2] / "shared" / "conformance" / "sparql11"
PREFIXES = {"/sparql/": "/sparql", "/gsp": "/graphs"}
SD = "http://www.w3.org/ns/sparql-service-description#"
# What the vocabulary says of the properties that describe a service: their subjects and objects are of these classes.
SCHEMA = {
    "endpoint": ("Service", None),
    "supportedLanguage": ("Service", None),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "feature": ("Service", None),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", None),
    "propertyFeature": ("Service", None),
    "defaultEntailmentRegime": ("Service", None),
    "defaultSupportedEntailmentProfile": ("Service", None),
    "availableGraphs": ("Service", "GraphCollection"),
    "defaultDataset": ("Service", "Dataset"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("Dataset", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
    "entailmentRegime": ("NamedGraph", None),
    "supportedEntailmentProfile": ("NamedGraph", None),
}
SUBCLASSES = {"Dataset": "GraphCollection"}


def cases(folder: str) -> list[Case]:
    manifest = MANIFESTS / folder / "manifest.ttl"
    return list(read_cases(manifest)) if manifest.exists() else []


def parameters(folder: str) -> list[object]:
    return [pytest.param(case, id=case.name) for case in cases(folder)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, material: Path) -> Iterator[httpx2.Client]:
    """A writable instance with nothing in it, and a client that has a key."""
    assert material.is_dir()
    folder = tmp_path_factory.mktemp("conformance")
    GenerationStore(folder / "store").publish([], [], [])
    secret = add_key(folder / "keys", "tests", date(2024, 1, 1))
    headers = {"Authorization": f"Bearer {secret}"}
    with (
        running_service(Settings(folder / "store", workers=1, keys=folder / "keys")) as address,
        httpx2.Client(base_url=address, headers=headers, timeout=60) as client,
    ):
        yield client


@pytest.fixture
def empty(service: httpx2.Client) -> httpx2.Client:
    """The same, emptied."""
    assert service.post("/sparql", data={"update": "DROP ALL"}).status_code == 204
    return service


@pytest.mark.parametrize("case", [*parameters("protocol"), *parameters("graph-store-protocol")])
def test_protocol(case: Case, empty: httpx2.Client) -> None:
    for graph, path in case.graphs.items():
        headers = {"Content-Type": "application/n-triples"}
        response = empty.put("/graphs", params={"graph": graph}, headers=headers, content=path.read_bytes())
        assert response.status_code == 201
    play(case, empty, PREFIXES)


@pytest.mark.parametrize("case", parameters("service-description"))
def test_service_description(case: Case, service: httpx2.Client) -> None:
    """The manifest says what is wanted by name only."""
    response = service.get("/sparql", headers={"Accept": "text/turtle"})
    triples = [quad.triple for quad in ox.parse(response.content, ox.RdfFormat.TURTLE)]
    endpoint = ox.NamedNode(f"{str(service.base_url).rstrip('/')}/sparql")
    match case.name:
        case "returns-rdf":
            assert triples
        case "has-endpoint-triple":
            assert [t.object for t in triples if t.predicate.value == SD + "endpoint"] == [endpoint]
        case "conforms-to-schema":
            hold_to_schema(triples)
        case unknown:
            raise AssertionError(f"no check for {unknown}")


def hold_to_schema(triples: list[ox.Triple]) -> None:
    described = [t for t in triples if t.predicate.value.startswith(SD)]
    assert described
    for triple in described:
        subject_class, object_class = SCHEMA[triple.predicate.value.removeprefix(SD)]
        assert has_class(triples, triple.subject, subject_class)
        assert not isinstance(triple.object, ox.Literal)
        assert object_class is None or has_class(triples, triple.object, object_class)


def has_class(triples: list[ox.Triple], thing: object, name: str) -> bool:
    classes = {
        t.object.value.removeprefix(SD)
        for t in triples
        if t.subject == thing and t.predicate.value == RDF + "type" and isinstance(t.object, ox.NamedNode)
    }
    return name in classes | {SUBCLASSES[c] for c in classes if c in SUBCLASSES}


def test_the_manifests_are_read_whole(material: Path) -> None:
    assert material.is_dir()
    assert len(cases("protocol")) == 34
    assert len(cases("graph-store-protocol")) == 14
    assert len(cases("service-description")) == 3
    assert all(case.exchanges for case in cases("protocol") + cases("graph-store-protocol"))
