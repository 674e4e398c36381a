"""The vocabulary keeps its own house in order: one question a file, none with an answer."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

import ontology

FOLDER = Path(ontology.__file__).parent
TURTLE = sorted(FOLDER.rglob("*.ttl"))
QUERIES = sorted((FOLDER / "hygiene").glob("*.rq"))
DEF = "https://w3id.org/yusuan/def#"
CODE = "https://w3id.org/yusuan/code/"
PREFIXES = """
@prefix : <https://w3id.org/yusuan/def#> .
@prefix code: <https://w3id.org/yusuan/code/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""

# What each question is there to find: a snippet with a fault, and the resources that must be named.
FAULTS = {
    "blank-node": ("code:a rdfs:seeAlso [] .", [CODE + "a"]),
    "broader-across-schemes": (
        "code:a skos:inScheme code:x ; skos:broader code:b . code:b skos:inScheme code:y .",
        [CODE + "a"],
    ),
    "broader-cycle": (
        "code:a skos:broader code:b . code:b skos:broader code:a . code:c skos:broader code:a .",
        [CODE + "a", CODE + "b"],
    ),
    "code-without-evidence": (
        'code:a a :FunctionalClass ; skos:notation "999" . code:t a :FunctionalClass ; skos:notation "total" .',
        [CODE + "a"],
    ),
    "component-outside-structure": (
        """:structure qb:component :nComponent , :oComponent .
        :nComponent qb:dimension :n ; qb:order 1 . :oComponent qb:dimension :o .
        :m a qb:MeasureProperty . :n a qb:DimensionProperty . :o a qb:DimensionProperty .""",
        [DEF + "m", DEF + "o"],
    ),
    "concept-labelled-twice": (
        'code:a skos:prefLabel "教育"@zh , "教育支出"@zh . code:b skos:prefLabel "教育"@zh , "education"@en .',
        [CODE + "a"],
    ),
    "concept-labels-overlap": (
        """code:a skos:prefLabel "甲"@zh ; skos:altLabel "甲"@zh .
        code:b skos:prefLabel "乙"@zh ; skos:hiddenLabel "乙"@zh .
        code:c skos:altLabel "丙"@zh ; skos:hiddenLabel "丙"@zh .
        code:d skos:prefLabel "丁"@zh ; skos:altLabel "戊"@zh .""",
        [CODE + "a", CODE + "b", CODE + "c"],
    ),
    "concept-outside-tree": (
        """code:x skos:hasTopConcept code:t . code:t skos:inScheme code:x ; skos:topConceptOf code:x .
        code:a skos:inScheme code:x ; skos:broader code:t . code:b skos:inScheme code:x .
        code:f skos:inScheme code:flat .""",
        [CODE + "b"],
    ),
    "concept-undeclared": (
        "code:a a skos:Concept ; skos:broader code:b .",
        [CODE + "b"],
    ),
    "concept-without-definition": (
        """code:a skos:inScheme code:x ; skos:definition "解释"@zh .
        code:p a :HeaderPhrase ; skos:inScheme code:x . code:d a :Division ; skos:inScheme code:x .""",
        [CODE + "a"],
    ),
    "concept-without-label": (
        """code:a skos:inScheme code:x ; skos:prefLabel "甲"@zh .
        code:d a :Division ; skos:inScheme code:x ; skos:prefLabel "青山区"@zh .""",
        [CODE + "a"],
    ),
    "concept-without-own-notation": (
        """code:a skos:inScheme code:x . code:b skos:inScheme code:x ; skos:notation "1" .
        code:c skos:inScheme code:x ; skos:notation "1" . code:d skos:inScheme code:x ; skos:notation "2" .""",
        [CODE + "a", CODE + "b", CODE + "c"],
    ),
    "concept-without-scheme": (
        """:Fund rdfs:subClassOf skos:Concept . code:x a skos:ConceptScheme .
        code:a a :Fund . code:b a skos:Concept ; skos:inScheme code:y . code:c a :Fund ; skos:inScheme code:x .""",
        [CODE + "a", CODE + "b"],
    ),
    "definition-uses-term": (
        """code:a skos:prefLabel "教育"@zh ; skos:definition "用于教育的开支。"@zh .
        code:b skos:prefLabel "rent"@en ; skos:definition "The rent of rooms."@en .
        code:c skos:prefLabel "rent"@en ; skos:definition "The current price of rooms."@en .""",
        [CODE + "a", CODE + "b"],
    ),
    "label-without-language": (
        'code:a skos:altLabel "甲" . code:b skos:altLabel "乙"@zh .',
        [CODE + "a"],
    ),
    "resource-without-source": (
        ":A a owl:Class . :b a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/yusuan/def> .",
        [DEF + "A"],
    ),
    "term-undeclared": (
        ":A a owl:Class . code:a :b :A ; rdfs:seeAlso :C .",
        [DEF + "C", DEF + "b"],
    ),
    "term-without-definition": (
        ':A a owl:Class ; skos:definition "解释"@zh .',
        [DEF + "A"],
    ),
    "term-without-label": (
        ':A a owl:Class ; rdfs:label "甲"@zh . :c a qb:ComponentSpecification .',
        [DEF + "A"],
    ),
    "top-concept-one-sided": (
        """code:x skos:hasTopConcept code:b , code:c . code:a skos:topConceptOf code:x .
        code:c skos:topConceptOf code:x ; skos:broader code:d .
        code:x skos:hasTopConcept code:e . code:e skos:topConceptOf code:x .""",
        [CODE + "a", CODE + "b", CODE + "c"],
    ),
}


def store_of(*turtle: bytes) -> ox.Store:
    """A store with these documents in its default graph."""
    store = ox.Store()
    for document in turtle:
        store.load(document, format=ox.RdfFormat.TURTLE)
    return store


def answers(store: ox.Store, query: Path) -> list[list[str]]:
    """The rows of a query, as N-Triples terms."""
    solutions = store.query(query.read_text(encoding="utf-8"))
    assert isinstance(solutions, ox.QuerySolutions)
    return [[str(term) for term in solution] for solution in solutions]


@pytest.fixture(scope="module")
def vocabulary() -> ox.Store:
    return store_of(*(path.read_bytes() for path in TURTLE))


def test_every_hygiene_question_has_its_fault() -> None:
    assert [query.stem for query in QUERIES] == sorted(FAULTS)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_nothing_in_the_vocabulary_answers(vocabulary: ox.Store, query: Path) -> None:
    assert answers(vocabulary, query) == []


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_the_fault_is_found(query: Path) -> None:
    turtle, named = FAULTS[query.stem]
    rows = answers(store_of((PREFIXES + turtle).encode()), query)
    assert sorted({row[0] for row in rows}) == [f"<{iri}>" for iri in named]


@pytest.mark.parametrize("path", TURTLE, ids=lambda path: str(path.relative_to(FOLDER)))
def test_prefixes_are_sorted_used_and_declared_once(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^@prefix ([\w-]*): <[^>]+> \.$", text, re.MULTILINE)
    bare = re.sub(r'"(?:\\.|[^"\\])*"|<[^>]*>', "", text)
    names = re.sub(r"#.*|^@prefix.*", "", bare, flags=re.MULTILINE)
    used = set(re.findall(r"(?<![\w-])([\w-]*):(?=[^\W_])", names))
    assert declared == sorted(set(declared))
    assert used == set(declared)


@pytest.mark.parametrize("path", TURTLE, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_file_says_what_it_is(path: Path) -> None:
    graph = store_of(path.read_bytes())
    kinds = ["http://www.w3.org/2002/07/owl#Ontology", "http://www.w3.org/2004/02/skos/core#ConceptScheme"]
    type_ = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert any(list(graph.quads_for_pattern(None, type_, ox.NamedNode(kind))) for kind in kinds)


def test_pyoxigraph_reads_the_whole_vocabulary_at_once(vocabulary: ox.Store) -> None:
    assert len(vocabulary) == len({triple for path in TURTLE for triple in ox.parse(path=path)})
