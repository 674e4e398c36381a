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
@prefix dct: <http://purl.org/dc/terms/> .
@prefix evidence: <https://w3id.org/yusuan/code/evidence/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
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
    "class-without-english": (
        """code:a a :FunctionalClass ; skos:notation "1" ; skos:prefLabel "甲"@zh .
        code:b a :EconomicClass ; skos:notation "2" ; skos:prefLabel "乙"@zh , "two"@en .
        code:c a :ProcurementItem ; skos:notation "3" ; skos:prefLabel "丙"@zh .""",
        [CODE + "a"],
    ),
    "code-not-translated": (
        """code:a a :FunctionalClass ; skos:notation "1" ; skos:prefLabel "甲"@zh , "one"@en .
        code:b a :EconomicClass ; skos:notation "2" ; skos:prefLabel "乙"@zh ; :translated "en"^^xsd:language .
        code:c a :EconomicClass ; skos:notation "3" ; skos:prefLabel "three"@en ; :translated "en"^^xsd:language .
        code:d a :ProcurementItem ; skos:notation "4" ; skos:prefLabel "丁"@zh .""",
        [CODE + "a", CODE + "b"],
    ),
    "code-outside-editions": (
        """code:a a :EconomicClass ; skos:notation "1" . code:b a :EconomicClass ; skos:notation "2" .
        code:t a :EconomicClass ; skos:notation "total" . code:e skos:member code:b .""",
        [CODE + "a"],
    ),
    "code-under-another": (
        """code:t skos:notation "total" . code:a a :EconomicClass ; skos:notation "301" ; skos:broader code:t .
        code:b a :EconomicClass ; skos:notation "30101" ; skos:broader code:a .
        code:c a :EconomicClass ; skos:notation "30201" ; skos:broader code:a .""",
        [CODE + "c"],
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
        code:f skos:inScheme code:flat . code:h a :HeaderPhrase ; skos:inScheme code:flat .""",
        [CODE + "b", CODE + "f"],
    ),
    "concept-undeclared": (
        "code:a a skos:Concept ; skos:broader code:b .",
        [CODE + "b"],
    ),
    "concept-without-definition": (
        """code:a skos:inScheme code:x ; skos:definition "解释"@zh .
        code:p a :HeaderPhrase ; skos:inScheme code:x . code:d a :Division ; skos:inScheme code:x .
        code:i a :ProcurementItem ; skos:inScheme code:x . code:o skos:inScheme code:x .
        code:s skos:inScheme code:x ; :evidence evidence:observed .
        code:e :validUntil "2009"^^xsd:gYear ; skos:member code:o , code:s .""",
        [CODE + "a", CODE + "s"],
    ),
    "concept-without-label": (
        """code:a skos:inScheme code:x ; skos:prefLabel "甲"@zh .
        code:d a :Division ; skos:inScheme code:x ; skos:prefLabel "青山区"@zh .
        code:o a :FunctionalItem ; skos:inScheme code:x ; skos:prefLabel "丙"@zh . code:p skos:inScheme code:x .
        code:g a :FunctionalGroup ; skos:inScheme code:x ; skos:prefLabel "丁"@zh .
        code:e :validUntil "2009"^^xsd:gYear ; skos:member code:g , code:o , code:p .""",
        [CODE + "a", CODE + "g", CODE + "p"],
    ),
    "concept-without-own-notation": (
        """code:a skos:inScheme code:x . code:b skos:inScheme code:x ; skos:notation "1" .
        code:c skos:inScheme code:x ; skos:notation "1" . code:d skos:inScheme code:x ; skos:notation "2" .
        code:f skos:inScheme code:x ; skos:notation "3" . code:g skos:inScheme code:x ; skos:notation "3" .
        code:h skos:inScheme code:x ; skos:notation "4" . code:i skos:inScheme code:x ; skos:notation "4" .
        code:old a :Edition ; skos:member code:f , code:h , code:i . code:new a :Edition ; skos:member code:g .""",
        [CODE + "a", CODE + "b", CODE + "c", CODE + "h", CODE + "i"],
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
    "edition-across-schemes": (
        """code:a skos:inScheme code:x . code:b skos:inScheme code:y . code:c skos:inScheme code:y .
        code:one a :Edition ; :editionOf code:x ; skos:member code:a , code:b .
        code:two a :Edition ; :editionOf code:y ; skos:member code:b , code:c . code:three a :Edition .""",
        [CODE + "one", CODE + "three"],
    ),
    "exact-match-clash": (
        """code:a skos:exactMatch code:b . code:b skos:exactMatch code:c ; skos:relatedMatch code:a .
        code:d skos:exactMatch code:e . code:f skos:broadMatch code:a .""",
        [CODE + "a", CODE + "b"],
    ),
    "label-without-language": (
        'code:a skos:altLabel "甲" . code:b skos:altLabel "乙"@zh .',
        [CODE + "a"],
    ),
    "label-with-spaces": (
        """code:a skos:inScheme code:x ; skos:prefLabel "甲 "@zh . code:b skos:inScheme code:x ; skos:altLabel " b"@en .
        code:c skos:inScheme code:x ; skos:hiddenLabel ""@zh .
        code:d skos:inScheme code:x ; skos:prefLabel "a b"@en .""",
        [CODE + "a", CODE + "b", CODE + "c"],
    ),
    "printed-name-astray": (
        """code:c skos:prefLabel "甲"@zh ; skos:altLabel "乙"@zh ; skosxl:prefLabel code:one ;
            skosxl:altLabel code:two , code:three , code:four , code:five .
        code:one a skosxl:Label ; skosxl:literalForm "甲"@zh . code:two a skosxl:Label ; skosxl:literalForm "乙"@zh .
        code:three a skosxl:Label ; skosxl:literalForm "丙"@zh . code:four a skosxl:Label .
        code:five a skosxl:Label ; skosxl:literalForm "乙"@zh , "丁"@zh .
        code:six a skosxl:Label ; skosxl:literalForm "甲"@zh .""",
        [CODE + "five", CODE + "four", CODE + "six", CODE + "three"],
    ),
    "related-and-broader": (
        """code:a skos:broader code:b ; skos:related code:c , code:e . code:b skos:broader code:c .
        code:d skos:broader code:c .""",
        [CODE + "a", CODE + "c"],
    ),
    "replaced-and-in-force": (
        """code:a a skos:Concept ; dct:isReplacedBy code:b . code:c a skos:Concept ; dct:isReplacedBy code:b .
        code:old a :Edition ; :validUntil "2017"^^xsd:gYear ; skos:member code:a , code:c .
        code:new a :Edition ; skos:member code:b , code:c .""",
        [CODE + "c"],
    ),
    "resource-without-source": (
        ":A a owl:Class . :b a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/yusuan/def> .",
        [DEF + "A"],
    ),
    "scheme-without-title": (
        """code:a a skos:ConceptScheme ; dct:title "甲"@zh , "a"@en ; dct:license code:l .
        code:b a skos:ConceptScheme ; dct:title "乙"@zh , "b"@en .
        code:c a skos:ConceptScheme ; dct:title "丙"@zh ; dct:license code:l .""",
        [CODE + "b", CODE + "c"],
    ),
    "sorts-exclude-each-other": (
        """:Fund rdfs:subClassOf skos:Concept . code:a a :Fund , skos:ConceptScheme . code:b a :Fund , skos:Concept .
        code:c a skosxl:Label , skos:Collection .""",
        [CODE + "a", CODE + "c"],
    ),
    "split-or-merger-of-one": (
        """code:a :splitInto code:b ; dct:isReplacedBy code:b . code:c :splitInto code:d , code:e .
        code:f :splitInto code:g , code:h ; dct:isReplacedBy code:g , code:h .
        code:i :mergedInto code:k ; dct:isReplacedBy code:k . code:l :mergedInto code:m ; dct:isReplacedBy code:m .
        code:n :mergedInto code:m ; dct:isReplacedBy code:m .""",
        [CODE + "a", CODE + "c", CODE + "i"],
    ),
    "term-defined-twice": (
        """:a rdfs:isDefinedBy <https://w3id.org/yusuan/def> ; rdfs:label "甲"@zh , "乙"@zh .
        :b rdfs:isDefinedBy <https://w3id.org/yusuan/def> ; rdfs:label "甲"@zh , "one"@en ;
            skos:definition "a"@en , "b"@en .""",
        [DEF + "a", DEF + "b"],
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
    "years-reversed": (
        """code:a :validFrom "2018"^^xsd:gYear ; :validUntil "2017"^^xsd:gYear .
        code:b :validFrom "2017"^^xsd:gYear ; :validUntil "2017"^^xsd:gYear .
        code:c :seenFrom "2024"^^xsd:gYear ; :seenUntil "2017"^^xsd:gYear .""",
        [CODE + "a", CODE + "c"],
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
    kinds = [
        "http://www.w3.org/2002/07/owl#Ontology",
        "http://www.w3.org/2004/02/skos/core#ConceptScheme",
        "http://www.w3.org/ns/dcat#Dataset",
        "http://www.w3.org/ns/shacl#SPARQLExecutable",
    ]
    type_ = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert any(list(graph.quads_for_pattern(None, type_, ox.NamedNode(kind))) for kind in kinds)


def test_pyoxigraph_reads_the_whole_vocabulary_at_once(vocabulary: ox.Store) -> None:
    assert len(vocabulary) == len({triple for path in TURTLE for triple in ox.parse(path=path)})
