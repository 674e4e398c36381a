"""The example queries, asked over HTTP by a real client, and what two disclosures of one department must not change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from small_notices import read_made
from small_pages import short_triples, short_vocabulary
from small_service import running_service
from SPARQLWrapper import JSON, SPARQLWrapper

from converters.model.iris import SUGGESTIONS_GRAPH
from ontology import DEFAULT_BASE
from ontology.example_queries import load_examples, load_prefixes, with_prologue
from server.settings import Settings
from server.store.generation_store import GenerationStore, VersionGraphs
from shapes import load_rule_triples
from yusuan.api import check_disclosure
from yusuan.inputs import Inputs
from yusuan.linking.contradictions import PrintedTie
from yusuan.linking.linked_store import contradictions_to_triples
from yusuan.linking.sides import NoticeRecord
from yusuan.stores.publishing import notice_graphs, publish_versions, version_graphs

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "qingshan-npc-office-2024-budget.txt"
EXAMPLES = {example.name: example for example in load_examples()}
OFFICE, PROJECT = "青山区人民代表大会常务委员会办公室", "42010724108T000000102"
CLASSES = """
PREFIX : <https://w3id.org/yusuan/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?year ?class ?department (SUM(?amount) AS ?total) {dataset} WHERE {{
  ?table :tableKind <https://w3id.org/yusuan/code/table/expenditure> .
  ?figure :printedIn ?table ; :point ?fact ; :amount ?amount .
  ?fact :function ?c ; :organisation ?o ; :year ?year ; :kind <https://w3id.org/yusuan/code/kind/this-year> .
  ?c a :FunctionalCategory ; skos:prefLabel ?class . ?o skos:prefLabel ?department .
  FILTER(LANG(?class) = "zh" && LANG(?department) = "zh")
}} GROUP BY ?year ?class ?department
"""


def ask(endpoint: str, query: str) -> list[dict[str, str]]:
    client = SPARQLWrapper(endpoint + "/sparql")
    client.setQuery(query)
    client.setReturnFormat(JSON)
    answer: Any = client.queryAndConvert()
    return [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]


def next_years(tmp_path: Path) -> Path:
    """The example as if it were the budget of 2025, its office under another name, one class with more money."""
    text = EXAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "next-year.txt"
    path.write_text(text.replace("2024", "2025").replace("办公室本级", "办公室（本级）"), encoding="utf-8")
    return path


def notice_versions(folder: Path) -> Iterator[VersionGraphs]:
    """The example's tender, its award with more money than was budgeted, and the tender again without its code.

    A last one prints the code, and another office buys.
    """
    tender, award = (
        (ROOT / "examples" / "notices" / f"made-printing-{kind}.txt").read_text(encoding="utf-8")
        for kind in ("tender", "award")
    )
    uncoded = "".join(line for line in tender.splitlines(keepends=True) if "42010724108T" not in line)
    other = tender.replace("YANSHI-2024-001", "YANSHI-2024-003").replace(OFFICE, "武汉市青山区教育局")
    for text in (tender, award.replace("4.68", "5.68"), uncoded.replace("YANSHI-2024-001", "YANSHI-2024-002"), other):
        notice = read_made(folder, text)
        yield notice_graphs(notice, Path("notice.txt"), "0" * 64, DEFAULT_BASE)


@pytest.fixture(scope="module")
def one(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over a store with the example, and notices of which one has no code and one exceeds its line."""
    folder = shutil.copytree(example_store, tmp_path_factory.mktemp("one") / "store")
    versions = list(notice_versions(folder.parent))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Inputs, "triples", short_triples)
        publish_versions(versions, folder, DEFAULT_BASE)
    contradicting = PrintedTie(NoticeRecord(versions[-1].disclosure, 2024), f"{DEFAULT_BASE}id/project/{PROJECT}", ())
    contradictions = contradictions_to_triples([contradicting], DEFAULT_BASE)
    GenerationStore(folder).replace_graph(DEFAULT_BASE + SUGGESTIONS_GRAPH, contradictions)
    with running_service(Settings(folder, workers=1)) as address:
        yield address


@pytest.fixture(scope="module")
def two(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over a store with two years of the department."""
    folder = shutil.copytree(example_store, tmp_path_factory.mktemp("two") / "store")
    graphs, rules = version_graphs(check_disclosure(next_years(folder))), load_rule_triples(DEFAULT_BASE)
    GenerationStore(folder).publish([graphs], short_vocabulary(DEFAULT_BASE), rules)
    with running_service(Settings(folder, workers=1)) as address:
        yield address


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_query_returns_rows_and_says_what_it_asks(name: str, one: str) -> None:
    example = EXAMPLES[name]
    assert all(example.title[language] and example.comment[language] for language in ("zh", "en"))
    assert ask(one, example.query)


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("name", [n for n in EXAMPLES if "language" in [p.name for p in EXAMPLES[n].parameters]])
def test_an_office_without_an_english_name_is_in_the_answer_in_english(name: str, example_store: Path) -> None:
    answers = []
    with GenerationStore(example_store).open() as store:
        for language in ("zh", "en"):
            found = store.query(EXAMPLES[name].fill({"language": language}))
            assert isinstance(found, ox.QuerySolutions)
            answers.append(len(list(found)))
    assert answers[0] == answers[1] > 0


@pytest.mark.parametrize("name", [n for n in EXAMPLES if "?department" in EXAMPLES[n].select.partition("WHERE")[0]])
def test_an_answer_about_offices_tells_years_phases_and_levels_apart(name: str) -> None:
    asked = EXAMPLES[name].select
    head = asked.partition("WHERE")[0]
    assert "?year" in head or "?yuanByYear" in head
    assert "?phaseName" in head or ":phase phase:budget" in asked
    assert "?levelName" in head or "?figure" in head or "?office (MAX(" in asked


def test_there_are_examples_for_every_audience() -> None:
    audiences = [iri.rsplit("/", 1)[-1] for example in EXAMPLES.values() for iri in example.audience]
    assert {name for name in audiences if audiences.count(name) >= 4} == {"researcher", "analyst", "official"}


def test_the_endpoint_tells_of_its_examples_and_prefixes(one: str) -> None:
    rows = ask(
        one,
        """
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT ?example ?prefix ?namespace {
          ?example a sh:SPARQLExecutable ; sh:select ?select ; sh:prefixes/sh:declare ?declared .
          ?declared sh:prefix ?prefix ; sh:namespace ?namespace
        }""",
    )
    assert {row["example"] for row in rows} == {example.iri for example in EXAMPLES.values()}
    assert {row["prefix"]: row["namespace"] for row in rows} == load_prefixes()


def test_a_query_is_given_the_prefixes_that_it_uses() -> None:
    known = {"": "urn:a#", "b": "urn:b#", "c": "urn:c#"}
    query = 'SELECT * { ?s :p b:q . FILTER(?s != <c:x> && "c:y" != ?s) }'
    assert with_prologue(query, known) == f"PREFIX : <urn:a#>\nPREFIX b: <urn:b#>\n\n{query}"


def test_examples_follow_the_base() -> None:
    for example in load_examples("https://example.org/"):
        assert "w3id.org/yusuan" not in example.query
        assert example.iri.startswith("https://example.org/query/")


def test_class_totals_count_every_sum_once(one: str) -> None:
    rows = ask(one, EXAMPLES["how-much-goes-to-each-class"].query)
    totals = {row["classCode"]: row["yuan"] for row in rows}
    assert totals["201"] == "11700557.44"
    assert len(totals) == len(rows) == 25


def test_three_public_expenses_meet_their_economic_codes(one: str) -> None:
    rows = ask(one, EXAMPLES["which-economic-codes-lie-inside-the-three-public-expenses"].query)
    assert {(row["economicCode"], row["economicYuan"], row["scopeYuan"]) for row in rows} == {
        ("30217", "10000", "10000"),
        ("30231", "150000", "150000"),
    }


def test_projects_come_with_their_funds(one: str) -> None:
    rows = ask(one, EXAMPLES["which-funds-pay-for-each-project"].query)
    assert {(row["projectCode"][-3:], row["fundName"], row["yuan"]) for row in rows} == {
        ("100", "一般公共预算", "200000"),
        ("101", "一般公共预算", "105000"),
        ("102", "一般公共预算", "290000"),
    }


def test_a_years_sums_do_not_depend_on_how_many_disclosures_there_are(one: str, two: str) -> None:
    alone, beside = ask(one, CLASSES.format(dataset="")), ask(two, CLASSES.format(dataset=""))
    key = sorted((row["class"], row["total"]) for row in alone)
    assert len(key) == 4
    assert sorted((r["class"], r["total"]) for r in beside if r["year"] == "2024") == key
    assert len({row["department"] for row in beside}) == 1


def test_a_query_from_one_version_sees_it_alone(two: str) -> None:
    versions = ask(two, "SELECT ?v { ?v a <https://w3id.org/yusuan/def#DisclosureVersion> }")
    assert len(versions) == 2
    for row in versions:
        query = (
            f"SELECT DISTINCT ?year FROM <{row['v']}> {{ ?d a <https://w3id.org/yusuan/def#Disclosure> ; ?p ?year }}"
        )
        assert sum(r["year"] in ("2024", "2025") for r in ask(two, query)) == 1


def test_the_docs_list_every_example() -> None:
    listed = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    for example in EXAMPLES.values():
        entry = f"(../ontology/examples/{example.name}.ttl)  \n  {example.title['zh']}  \n  {example.title['en']}\n"
        assert entry in listed


def test_each_example_tells_its_trap() -> None:
    for example in EXAMPLES.values():
        assert "Trap: " in example.comment["en"] or ". Trap" in example.comment["en"], example.name
        assert "注意：" in example.comment["zh"], example.name


def test_a_parameter_has_its_value_of_the_query_and_refuses_what_is_no_value() -> None:
    example = EXAMPLES["how-much-does-everything-under-a-code-get"]
    year, code, language = example.parameters
    assert (year.default, code.default, language.default) == ("2024", "201", "zh")
    assert example.fill({"year": "2024", "class": "201", "language": "zh"}).replace(
        f"<{DEFAULT_BASE}code/function/201>", "function:201"
    ) == example.query.replace('"2024"^^xsd:gYear', '"2024"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    assert "VALUES ?year { UNDEF }" in example.fill({"year": ""})
    for value in ("", "20 1", "201> } #"):
        with pytest.raises(ValueError, match="class"):
            example.fill({"class": value})


def test_a_word_cannot_leave_its_quotes() -> None:
    example = EXAMPLES["which-figures-speak-of-a-word"]
    assert 'CONTAINS(?rowLabel, "a\\" \\\\ } #")' in example.fill({"word": 'a" \\ } #'})
    assert 'CONTAINS(?rowLabel, "?language")' in example.fill({"word": "?language"})
