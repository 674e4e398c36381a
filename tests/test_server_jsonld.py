"""JSON-LD: in our words, and saying the same as the triples."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from small_store import BASE, VOCABULARY, small_version

from ontology.namespaces import DCT, QB, RDF, RDFS, SKOS, XSD
from server.serialization.jsonld import graph_to_bytes, load_context

CONTEXT = "http://127.0.0.1/context.jsonld"
DEF = f"{BASE}def#"


def written(triples: list[Triple], base: str = BASE) -> dict[str, object]:
    document = json.loads(graph_to_bytes(triples, RdfFormat.JSON_LD, {}, base, CONTEXT))
    assert isinstance(document, dict)
    assert document["@context"] == CONTEXT
    return document


def read(document: dict[str, object], base: str = BASE) -> set[Triple]:
    """What another reader understands, with the context in the place of its address."""
    own = {**document, **json.loads(load_context(base).to_json())}
    return {quad.triple for quad in parse(json.dumps(own), RdfFormat.JSON_LD)}


def test_our_terms_go_by_their_names() -> None:
    figure = NamedNode(f"{BASE}id/figure")
    triples = [
        Triple(figure, NamedNode(RDF + "type"), NamedNode(QB + "Observation")),
        Triple(figure, NamedNode(RDF + "type"), NamedNode(DEF + "Table")),
        Triple(figure, NamedNode(DEF + "amount"), Literal("1.50", datatype=NamedNode(XSD + "decimal"))),
        Triple(figure, NamedNode(DEF + "point"), NamedNode(f"{BASE}id/point/1")),
        Triple(figure, NamedNode(SKOS + "prefLabel"), Literal("数", language="zh")),
        Triple(figure, NamedNode("http://example.org/x"), Literal("x")),
    ]
    document = written(triples)
    assert document["@graph"] == [
        {
            "@id": f"{BASE}id/figure",
            "@type": ["qb:Observation", "Table"],
            "amount": "1.50",
            "point": f"{BASE}id/point/1",
            "skos:prefLabel": {"@value": "数", "@language": "zh"},
            "http://example.org/x": "x",
        }
    ]
    assert read(document) == set(triples)


def test_a_version_says_the_same_in_json_ld() -> None:
    version = small_version("108", 2024, "1.00", "人大办")
    triples = [*version.triples, *version.catalogue, *version.findings, *VOCABULARY]
    assert read(written(triples)) == set(triples)


@pytest.mark.parametrize("base", ["https://example.org/", "http://127.0.0.1:8000/"])
def test_the_context_names_the_terms_of_any_base(base: str) -> None:
    triple = Triple(NamedNode(base), NamedNode(f"{base}def#disclosure"), NamedNode(f"{base}id/x"))
    assert written([triple], base)["@graph"] == [{"@id": base, "disclosure": f"{base}id/x"}]
    assert read(written([triple], base), base) == {triple}


IRIS = st.sampled_from(
    [f"{BASE}id/x", DEF + "amount", DEF + "disclosure", DEF + "year", RDFS + "label", DCT, "urn:a:b"]
)
NODES = st.one_of(IRIS.map(NamedNode), st.sampled_from(["a", "b"]).map(BlankNode))
DATATYPES = st.sampled_from([XSD + name for name in ("string", "decimal", "gYear", "integer", "boolean", "anyURI")])
LITERALS = st.one_of(
    st.builds(lambda text, of: Literal(text, datatype=NamedNode(of)), st.sampled_from(["1", "x", "\n\"'"]), DATATYPES),
    st.builds(lambda text: Literal(text, language="zh"), st.text('预算 "\\\n', max_size=4)),
)
STATEMENTS = st.builds(Triple, NODES, st.one_of(IRIS, st.just(RDF + "type")).map(NamedNode), st.one_of(NODES, LITERALS))


@given(st.lists(STATEMENTS, max_size=8))
def test_whatever_is_written_reads_the_same(triples: list[Triple]) -> None:
    understood = read(written(triples))
    if not any(isinstance(term, BlankNode) for triple in triples for term in triple):
        assert understood == set(triples)
    assert len(understood) == len(set(triples))


def test_what_json_ld_cannot_say_is_refused() -> None:
    inner = Triple(NamedNode(BASE), NamedNode(BASE), NamedNode(BASE))
    with pytest.raises(ValueError, match="JSON-LD cannot say"):
        written([Triple(NamedNode(BASE), NamedNode(BASE), inner)])
