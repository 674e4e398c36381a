"""Whatever an answer names, the answer says what it is called."""

import httpx2
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from small_pages import Published, doc

from ontology import DEFAULT_BASE
from server.execution.cache import CachingEvaluator
from server.execution.evaluator import Answer, Question
from server.linked_data.labels import NAMING

TURTLE = {"Accept": "text/turtle"}
ADDRESSES = (
    "{version}",
    "{version}/t03",
    "{version}/t03/r8c5",
    "{version}/t03/r8c5/sum/column",
    "{superseded}/t03/r8c5",
    "{version}/n",
    "{version}/findings",
    "/doc/org/420107/108",
    "/doc/point/{point}",
    "/doc/coordinates/{coordinates}",
    "/code/function/208",
    "/code/function",
    "/def",
    "/def/records",
    "/rules",
    "/rules/phrase/naming",
    "/prefixes",
    "/query/which-ten-projects-cost-most",
    "/void",
    "/catalogue",
)


def said(site: httpx2.Client, address: str, pages: Published) -> set[Triple]:
    figure = f"{pages.current.version}/t03/r8c5"
    places = {
        t.predicate.value.partition("#")[2]: t.object.value.rsplit("/", 1)[-1]
        for t in pages.current.triples
        if t.subject == NamedNode(figure) and isinstance(t.object, NamedNode)
    }
    path = address.format(
        version=doc(pages.current.version),
        superseded=doc(pages.misprinted.version),
        point=places["point"],
        coordinates=places["coordinates"],
    )
    response = site.get(path, headers=TURTLE)
    assert response.status_code == 200, response.text
    return {quad.triple for quad in parse(response.content, RdfFormat.TURTLE)}


def called(triples: set[Triple], iri: str) -> set[str]:
    return {
        f"{t.object.value}@{t.object.language}"
        for t in triples
        if t.subject == NamedNode(iri) and t.predicate.value in NAMING and isinstance(t.object, Literal)
    }


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_label_stands_beside_every_address_of_ours(
    counted_site: httpx2.Client, pages: Published, address: str
) -> None:
    triples = said(counted_site, address, pages)
    named = {t.subject for t in triples if t.predicate.value in NAMING}
    iris = {term for triple in triples for term in triple if isinstance(term, NamedNode)}
    assert {iri.value for iri in iris - named if iri.value.startswith(DEFAULT_BASE)} == set()


def test_figures_sums_and_points_are_called_by_their_words(site: httpx2.Client, pages: Published) -> None:
    figure = f"{pages.current.version}/t03/r8c5"
    triples = said(site, "{version}/t03/r8c5", pages)
    words = " ".join(words_of(triples, figure, name) for name in ("rowLabel", "columnLabel", "printed"))
    assert called(triples, figure) == {f"{words}（t03/r8c5）@zh", f"{words} (t03/r8c5)@en"}
    assert called(triples, f"{figure}/sum/column") == {f"合计：{words}（t03/r8c5）@zh", f"sum: {words} (t03/r8c5)@en"}
    [point] = {getattr(t.object, "value", "") for t in triples if t.predicate.value.endswith("def#point")}
    assert called(triples, point) == {f"点：{words}（t03/r8c5）@zh", f"point: {words} (t03/r8c5)@en"}


def words_of(triples: set[Triple], figure: str, name: str) -> str:
    [words] = {
        t.object.value
        for t in triples
        if t.subject == NamedNode(figure)
        and t.predicate.value == f"{DEFAULT_BASE}def#{name}"
        and isinstance(t.object, Literal)
    }
    return words


def test_a_description_and_its_pages_have_labels(site: httpx2.Client, pages: Published) -> None:
    triples = said(site, "/doc/org/420107/108", pages)
    address = f"{str(site.base_url).rstrip('/')}/doc/org/420107/108"
    assert called(triples, f"{address}?page=2") == {"第 2 页@zh", "page 2@en"}
    office = called(triples, f"{DEFAULT_BASE}id/org/420107/108")
    assert {label.removeprefix("关于") for label in called(triples, address) if label.endswith("@zh")} <= office
    assert called(triples, address)


def test_the_text_of_a_disclosure_is_called_by_its_class(site: httpx2.Client, pages: Published) -> None:
    triples = said(site, "{version}/n/s028.1", pages)
    assert called(triples, f"{pages.current.version}/n") == {"文字说明 n@zh", "narrative n@en"}


def test_what_void_counts_is_called_as_the_vocabulary_calls_it(counted_site: httpx2.Client, pages: Published) -> None:
    triples = said(counted_site, "/void", pages)
    assert called(triples, f"{DEFAULT_BASE}def#Sum") == {"求和@zh", "sum@en"}


def test_to_describe_a_part_of_a_version_its_graphs_are_not_copied_into_one(
    site: httpx2.Client, pages: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query over several default graphs has them copied first, which takes longer the more a version holds."""
    asked: list[Question] = []
    evaluate = CachingEvaluator.evaluate

    async def noted(evaluator: CachingEvaluator, question: Question, client: str = "") -> Answer:
        asked.append(question)
        return await evaluate(evaluator, question, client)

    monkeypatch.setattr(CachingEvaluator, "evaluate", noted)
    for address in ("{superseded}/t03/r8c5", "{superseded}/n/s025", "{superseded}/findings"):
        assert said(site, address, pages)
    assert len(asked) > 3
    assert {len(question.default_graphs) for question in asked} <= {0, 1}
