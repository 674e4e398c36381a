"""The integrity constraints of RDF Data Cube, asked of what a store holds: `cube-constraints/ic-NN-*.rq` find nothing.

The constraints are those of https://www.w3.org/TR/vocab-data-cube/#wf-rules. IC-12 compares every pair of observations
and is checked in Python. They hold for normalised cubes: what is attached to a data set holds for each of its
observations. The data have no slices, no measure dimension and no hierarchical code lists, so that some
queries find nothing by themselves; each query is shown to find what it looks for.
"""

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from small_disclosures import example

from ontology import load_vocabulary
from ontology.namespaces import QB

FOLDER = Path(__file__).parent / "cube-constraints"
QUERIES = sorted(FOLDER.glob("*.rq"))
BROKEN = """
@prefix : <urn:x#> . @prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
:s a qb:DataStructureDefinition ; qb:component [ qb:dimension :d ; qb:componentRequired false ] , [ qb:measure :m ] ,
  [ qb:attribute :a ; qb:componentRequired true ] ; qb:sliceKey :key .
:bare a qb:DataStructureDefinition .
:typed a qb:DataStructureDefinition ; qb:component [ qb:dimension qb:measureType ] ,
  [ qb:measure :m ] , [ qb:measure :n ] .
:d a qb:DimensionProperty ; qb:codeList :list . :e a qb:DimensionProperty ; rdfs:range skos:Concept .
:h qb:codeList :tree . :tree a qb:HierarchicalCodeList ; qb:hierarchyRoot :root ; qb:parentChildProperty :down .
:i qb:codeList :bush . :bush a qb:HierarchicalCodeList ; qb:hierarchyRoot :root ;
  qb:parentChildProperty [ rdf:first :up ] .
:list a skos:ConceptScheme . :m a qb:MeasureProperty ; rdfs:range xsd:decimal . :n a qb:MeasureProperty .
:set a qb:DataSet ; qb:structure :s ; qb:slice [ qb:observation :stray ] .
:twice a qb:DataSet ; qb:structure :s , :bare .
:stray a qb:Observation . :one a qb:Observation ; qb:dataSet :set ; :d :unlisted ; :m "word" ; :h :leaf ; :i :leaf .
:two a qb:Observation ; qb:dataSet :set . :tset a qb:DataSet ; qb:structure :typed .
:three a qb:Observation ; qb:dataSet :tset ; qb:measureType :m ; :n 1 .
:key a qb:SliceKey ; qb:componentProperty :unknown . :lost a qb:SliceKey . :slice a qb:Slice .
:cut a qb:Slice ; qb:sliceStructure :key .
"""
NORMALISE = """
PREFIX qb: <http://purl.org/linked-data/cube#>
INSERT { ?observation ?property ?value } WHERE {
  ?component qb:componentAttachment qb:DataSet ; qb:dimension|qb:measure|qb:attribute ?property .
  ?set qb:structure/qb:component ?component ; ?property ?value .
  ?observation qb:dataSet ?set .
}"""
"""The second phase of normalisation: attachments are pushed down (https://www.w3.org/TR/vocab-data-cube/#normalize)."""


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """What a store with the example holds in its default graph."""
    held = ox.Store()
    triples = (*example().triples, *example().catalogue(), *load_vocabulary().triples)
    held.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    held.update(NORMALISE)
    return held


def found(store: ox.Store, path: Path) -> list[str]:
    solutions = store.query(path.read_text(encoding="utf-8"))
    assert isinstance(solutions, ox.QuerySolutions)
    return [str(list(row)) for row in solutions]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_constraint_of_data_cubes_holds(path: Path, store: ox.Store) -> None:
    assert found(store, path) == []


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_constraint_finds_what_breaks_it(path: Path) -> None:
    broken = ox.Store()
    broken.load(BROKEN.encode(), format=ox.RdfFormat.TURTLE)
    assert found(broken, path)


def test_no_two_observations_of_a_data_set_have_the_same_dimensions(store: ox.Store) -> None:
    dimensions = {
        (quad.subject, component.object)
        for quad in store.quads_for_pattern(None, ox.NamedNode(QB + "component"), None)
        if isinstance(quad.object, ox.NamedNode)
        for component in store.quads_for_pattern(quad.object, ox.NamedNode(QB + "dimension"), None)
    }
    places = Counter[tuple[object, ...]]()
    for data_set in store.quads_for_pattern(None, ox.NamedNode(QB + "structure"), None):
        names = sorted((d for structure, d in dimensions if structure == data_set.object), key=str)
        for quad in store.quads_for_pattern(None, ox.NamedNode(QB + "dataSet"), data_set.subject):
            assert isinstance(quad.subject, ox.NamedNode)
            values = [o.object for d in names for o in store.quads_for_pattern(quad.subject, d, None)]  # type: ignore[arg-type]
            places[(data_set.subject, *values)] += 1
    assert max(places.values()) == 1
    assert len(places) == len(example().facts)
