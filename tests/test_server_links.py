"""What the service names leads somewhere, and what it says of its queries suffices to ask them."""

import asyncio
import re
from collections.abc import Iterable, Iterator

import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from rdflib import Graph, URIRef
from rdflib.namespace import SH
from small_pages import Published, doc, wait_until_counted

from ontology import DEFAULT_BASE
from ontology.example_queries import load_examples
from server.linked_data.labels import NAMING

TURTLE = {"Accept": "text/turtle"}


def answers(pages: Published) -> dict[str, str]:
    """An address of each kind."""
    return {
        "figure": f"{doc(pages.current.version)}/t03/r8c5",
        "table": f"{doc(pages.current.version)}/t03",
        "version": doc(pages.current.version),
        "office": "/doc/org/420107/108",
        "code": "/code/function/208",
        "terms": "/def",
        "rules": "/rules",
        "prefixes": "/prefixes",
        "void": "/void",
        "catalogue": "/catalogue",
    }


@pytest.fixture(scope="module")
def answered(site_session: httpx2.Client, pages: Published) -> dict[str, set[Triple]]:
    """What the service says at an address of each kind, when everything is counted."""
    wait_until_counted(site_session)
    return {address: said(site_session.get(address, headers=TURTLE)) for address in answers(pages).values()}


def said(response: httpx2.Response) -> set[Triple]:
    assert response.status_code == 200, response.text
    return {quad.triple for quad in parse(response.content, RdfFormat.TURTLE)}


def iris_of(triples: set[Triple]) -> Iterator[str]:
    for triple in triples:
        yield from (term.value for term in triple if isinstance(term, NamedNode))


async def statuses(address: str, paths: list[str]) -> dict[str, int]:
    """What each path answers in the end, a few at a time."""
    async with httpx2.AsyncClient(base_url=address, headers=TURTLE, timeout=60, follow_redirects=True) as client:
        gate = asyncio.Semaphore(4)

        async def status(path: str) -> int:
            async with gate:
                return (await client.head(path)).status_code

        return dict(zip(paths, await asyncio.gather(*map(status, paths)), strict=True))


def of_each_kind(paths: Iterable[str], most: int) -> list[str]:
    """The first paths of each kind; paths that differ in codes, digests and names in one folder are of one kind."""
    kinds: dict[str, list[str]] = {}
    for path in sorted(paths):
        folder, slash, name = path.rpartition("/")
        kind = re.sub("[0-9a-f]*[0-9][0-9a-f]*", "", f"{folder}{slash}{name if folder.count('/') < 1 else ''}")
        kinds.setdefault(kind, []).append(path)
    return [path for same in kinds.values() for path in same[:most]]


@pytest.mark.parametrize(
    ("of_a_kind", "least"), [(1, 30), pytest.param(10_000, 200, marks=pytest.mark.exhaustive)], ids=["sample", "every"]
)
def test_every_address_of_ours_leads_somewhere(
    answered: dict[str, set[Triple]], pages_address: str, of_a_kind: int, least: int
) -> None:
    paths = set()
    for triples in answered.values():
        ours = (iri for iri in iris_of(triples) if iri.startswith(DEFAULT_BASE))
        paths |= {"/" + iri.removeprefix(DEFAULT_BASE).partition("#")[0] for iri in ours}
    found = asyncio.run(statuses(pages_address, of_each_kind(paths, of_a_kind)))
    assert len(found) > least
    assert {path: status for path, status in found.items() if status != 200} == {}


@pytest.mark.parametrize("document", ["def", "rules", "void", "catalogue"])
def test_what_stands_in_a_document_is_described_there(answered: dict[str, set[Triple]], document: str) -> None:
    own = f"{DEFAULT_BASE}{document}#"
    described = {
        triple.subject.value
        for triple in answered[f"/{document}"]
        if isinstance(triple.subject, NamedNode) and triple.predicate.value not in NAMING
    }
    named = (iri for triples in answered.values() for iri in iris_of(triples))
    found = {iri for iri in named if iri.startswith(own) and iri != own}
    assert found
    assert found - described == set()


def test_a_phrase_of_the_rules_is_described(site: httpx2.Client) -> None:
    for path in ("rules/phrase/naming", "rules/phrase/", "def/records"):
        assert NamedNode(DEFAULT_BASE + path) in {t.subject for t in said(site.get(f"/{path}", headers=TURTLE))}
    assert site.get("/rules/phrase/nothing", headers=TURTLE).status_code == 404
    assert site.get("/rules/phrase/naming").headers["location"] == "/rules"
    assert site.get("/rules/phrase/nothing").status_code == 404


@pytest.mark.parametrize("name", [example.name for example in load_examples()])
def test_an_example_with_its_prefixes_is_a_query_that_runs(site: httpx2.Client, name: str) -> None:
    example, query = Graph(), URIRef(f"{DEFAULT_BASE}query/{name}")
    example.parse(data=site.get(f"/query/{name}.ttl").text, format="turtle")
    lines = []
    for declaring in example.objects(query, SH.prefixes):
        declared = Graph()
        declared.parse(data=site.get(str(declaring).replace(DEFAULT_BASE, "/"), headers=TURTLE).text, format="turtle")
        for declaration in declared.objects(declaring, SH.declare):
            prefix, namespace = declared.value(declaration, SH.prefix), declared.value(declaration, SH.namespace)
            lines.append(f"PREFIX {prefix}: <{namespace}>")
    text = "\n".join([*lines, str(example.value(query, SH["select"]))])
    response = site.get("/sparql", params={"query": text}, headers={"Accept": "text/csv"})
    assert response.status_code == 200, response.text
