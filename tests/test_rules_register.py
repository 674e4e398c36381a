"""The register: an address for each version of the rules and for each rule, as page and as SHACL."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import httpx2
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from ontology.namespaces import DEFAULT_BASE, OWL, PROV, SH, VERSION_IRI
from server.errors import NotFoundError
from server.linked_data.rule_versions import RulesAddress, parse_rules_address, triples_of_rule
from server.pages.data import vocabulary
from server.pages.page_context import PageContext
from server.store.generation_store import GenerationStore
from shapes import load_rule_triples, load_rules
from shapes.rules import RULES, triples_to_rules
from shapes.versions import rules_version

VERSION = rules_version().key
BEFORE = "rules/v/00000000000000ff"


def former_rules() -> tuple[ox.Triple, ...]:
    """The rules as an earlier version, without the last of them."""
    last = load_rules()[-1].iri
    return tuple(
        ox.Triple(t.subject, t.predicate, ox.NamedNode(DEFAULT_BASE + BEFORE))
        if t.predicate.value == VERSION_IRI
        else t
        for t in load_rule_triples()
        if t.subject != ox.NamedNode(last)
    )


def triples_at(site: httpx2.Client, path: str) -> set[ox.Triple]:
    answer = site.get(path, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200, path
    return {quad.triple for quad in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES)}


def identifiers(triples: Iterable[ox.Triple]) -> list[str]:
    return [rule.identifier for rule in triples_to_rules(triples)]


def test_publishing_keeps_each_version_of_the_rules(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path / "store")
    store.publish([], [], former_rules())
    store.publish([], [], load_rule_triples())
    store.publish([], [], load_rule_triples())
    with store.open() as opened:
        graphs = {graph.value for graph in opened.named_graphs() if isinstance(graph, ox.NamedNode)}
        assert {DEFAULT_BASE + key for key in ("rules", BEFORE, VERSION)} <= graphs
        kept = [quad.triple for quad in opened.quads_for_pattern(None, None, None, ox.NamedNode(DEFAULT_BASE + BEFORE))]
    assert len(kept) == len(set(former_rules()))
    assert set(identifiers(kept)) == {rule.identifier for rule in load_rules()[:-1]}


def test_keys_below_the_rules_are_told_apart() -> None:
    assert parse_rules_address("rules/same") == RulesAddress(VERSION, "same")
    assert parse_rules_address(BEFORE) == RulesAddress(BEFORE, "")
    assert parse_rules_address(f"{BEFORE}/same") == RulesAddress(BEFORE, "same")
    for key in ("rules/phrase/cell", "rules/v/", f"{BEFORE}/same/more", "rules/", "rules/nothing", "same"):
        assert parse_rules_address(key) is None


def test_a_rule_stands_by_itself_for_any_engine() -> None:
    shapes = rdflib.Graph()
    triples = triples_of_rule(load_rule_triples(), "same")
    shapes.parse(data=(ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b"").decode(), format="turtle")
    pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)
    assert len(list(shapes.objects(predicate=rdflib.URIRef(SH + "declare")))) > 3
    assert {str(s) for s in shapes.subjects(rdflib.RDF.type, rdflib.URIRef(RULES + "Rule"))} == {RULES + "same"}
    assert triples_of_rule(load_rule_triples(), "nothing") == ()


def test_a_rule_says_since_when_and_gives_an_example() -> None:
    assert {rule.since for rule in load_rules()} == {rules_version().number}
    assert [rule.identifier for rule in load_rules() if rule.example is None] == []


def test_versions_and_rules_have_addresses(site: httpx2.Client) -> None:
    whole = triples_at(site, f"/{VERSION}")
    assert len(set(load_rule_triples())) == len(whole)
    one = triples_at(site, "/rules/same")
    assert one == triples_at(site, f"/{VERSION}/same")
    assert set(triples_of_rule(load_rule_triples(), "same")) <= one
    assert site.get("/rules/same.jsonld").json()
    assert "sh:NodeShape" in site.get("/rules/same.ttl").text
    for path in (
        f"/{BEFORE}",
        f"/{BEFORE}/same",
        f"/{VERSION}/nothing",
        "/rules/nothing",
        "/rules/same.",
        "/rules/v/%7B",
    ):
        for accept in ("text/turtle", "text/html"):
            assert site.get(path, headers={"Accept": accept}).status_code == 404, path


def test_a_graph_that_states_no_number_is_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    async def read_nothing(*_: object) -> tuple[ox.Triple, ...]:
        return ()

    monkeypatch.setattr(vocabulary, "read_rules", read_nothing)
    context = cast("PageContext", SimpleNamespace(base=DEFAULT_BASE, evaluator=None))
    with pytest.raises(NotFoundError):
        asyncio.run(vocabulary.rules_version_page(context, RulesAddress(BEFORE, "")))


def test_the_page_of_a_rule_shows_what_it_is(site: httpx2.Client) -> None:
    rule = next(rule for rule in load_rules() if rule.identifier == "same")
    assert rule.example is not None
    page = site.get("/rules/same", headers={"Accept": "text/html", "Accept-Language": "en"}).text
    for words in (rule.title["en"], rule.since, VERSION, rule.basis["en"]):
        assert words in page
    listed = site.get("/rules", headers={"Accept": "text/html"}).text
    assert f'href="/{VERSION}"' in listed
    assert 'href="/rules/same"' in listed
    assert rule.title["en"] in site.get(f"/{VERSION}", headers={"Accept": "text/html", "Accept-Language": "en"}).text


def test_published_findings_name_the_version_of_the_rules(site: httpx2.Client) -> None:
    query = f"""SELECT DISTINCT ?version ?number WHERE {{
      GRAPH ?findings {{ ?report <{PROV}wasDerivedFrom> ?version . ?report a <{SH}ValidationReport> }}
      GRAPH ?version {{ ?rules <{OWL}versionInfo> ?number }} }}"""
    answer = site.get("/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
    [row] = answer.json()["results"]["bindings"]
    assert row["version"]["value"] == DEFAULT_BASE + VERSION
    assert row["number"]["value"] == rules_version().number


def test_an_unknown_number_is_no_version() -> None:
    assert replace(rules_version(), sha256="0" * 64).key != VERSION
