"""What `python -m benchmarks.serve_queries` asks must be there in the corpus that it makes."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad, QuerySolutions, Store

from benchmarks.corpus import make_corpus, read_original
from benchmarks.serve_queries import example_queries
from ontology import DEFAULT_BASE
from yusuan.inputs import SHIPPED

QUERIES = example_queries()


@pytest.fixture(scope="module")
def corpus() -> Store:
    """A store with the vocabulary and the first disclosure of the corpus."""
    first = next(make_corpus(1, read_original()))
    store = Store()
    store.extend(Quad(*triple) for triple in (*SHIPPED.triples(DEFAULT_BASE), *first.triples, *first.catalogue))
    return store


@pytest.mark.sampled(every=2)
@pytest.mark.parametrize("name", QUERIES)
def test_every_query_finds_rows_in_the_first_disclosure_of_the_corpus(name: str, corpus: Store) -> None:
    answer = corpus.query(QUERIES[name])
    assert isinstance(answer, QuerySolutions)
    assert next(answer, None) is not None
