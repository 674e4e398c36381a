"""Publishing into a store: generations, the default graph, crashes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store
from small_store import (
    BASE,
    FIRST,
    PREFIXES,
    RULES,
    SECOND,
    VOCABULARY,
    disclosure_iri,
    publish_small,
    small_version,
    triples,
    version_iri,
)

from server.errors import StoreLockedError, StoreMissingError, StoreNotWrittenError
from server.store.current_graphs import PREF_LABEL, CurrentGraphs
from server.store.generation_store import GenerationStore, VersionGraphs


def rows(store: GenerationStore | Path, query: str) -> list[tuple[str, ...]]:
    path = store.current() if isinstance(store, GenerationStore) else store
    solutions = Store.read_only(str(path)).query(PREFIXES + query)
    assert isinstance(solutions, QuerySolutions)
    return sorted(tuple(term.value for term in row if hasattr(term, "value")) for row in solutions)


def default_graph(store: GenerationStore) -> set[str]:
    opened = Store.read_only(str(store.current()))
    return {str(quad.triple) for quad in opened.quads_for_pattern(None, None, None, DefaultGraph())}


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return publish_small(tmp_path / "store")


def test_nothing_is_served_before_the_first_publication(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError, match="Nothing has been published"):
        GenerationStore(tmp_path).current()


def test_the_pointer_names_the_generation(store: GenerationStore) -> None:
    assert (store.path / "current").read_text() == "1\n"
    assert store.current() == store.path / "gen" / "1"


def test_named_graphs_are_the_versions_their_catalogues_and_findings_terms_and_rules(
    store: GenerationStore,
) -> None:
    version = version_iri("109", 2024)
    graphs = {row[0] for row in rows(store, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
    assert {version, f"{version}/catalogue", f"{version}/findings", f"{BASE}def", f"{BASE}rules"} <= graphs
    assert len(graphs) == 3 * 3 + 2


def test_documents_are_kept_as_printed(store: GenerationStore) -> None:
    path = store.document_path(version_iri("109", 2024))
    assert path == store.path / "documents" / f"{FIRST}.json"
    assert path.read_bytes() == b'{"tables": []}'


def test_findings_and_rules_are_not_in_the_default_graph(store: GenerationStore) -> None:
    assert rows(store, 'SELECT ?s { ?s rdfs:label "found"@en }') == []
    assert rows(store, 'SELECT ?s { ?s rdfs:label "SAME"@en }') == []


def test_publishing_the_same_again_changes_nothing(store: GenerationStore) -> None:
    version = small_version("108", 2024, "100.50", "人大办")
    assert store.publish([version], VOCABULARY, RULES).name == "1"
    assert [folder.name for folder in (store.path / "gen").iterdir()] == ["1"]


def test_publishing_the_same_with_other_findings_replaces_the_findings(store: GenerationStore) -> None:
    before = default_graph(store)
    version = small_version("108", 2024, "100.50", "人大办", finding="another")
    store.publish([version], VOCABULARY, RULES)
    assert store.current().name == "2"
    assert default_graph(store) == before
    graph = f"{version.version}/findings"
    assert rows(store, f"SELECT ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}") == [("another",)]


def test_a_superseded_version_leaves_the_default_graph_and_stays_a_named_one(store: GenerationStore) -> None:
    store.publish([small_version("108", 2024, "111.00", "人大办", SECOND)], VOCABULARY, RULES)
    amounts = "SELECT ?a { ?o :year '2024'^^xsd:gYear ; :organisation id:org\\/108 ; :amount ?a }"
    assert rows(store, amounts) == [("111",), ("222",)]
    old = version_iri("108", 2024, FIRST)
    assert rows(store, f"SELECT ?a {{ GRAPH <{old}> {{ ?o :amount ?a }} }}") == [("100.5",), ("201",)]
    current = f"SELECT ?v {{ ?v a :DisclosureVersion ; :disclosure <{disclosure_iri('108', 2024)}> }}"
    assert rows(store, current) == [(version_iri("108", 2024, SECOND),)]


def test_what_another_disclosure_also_says_survives_supersession(store: GenerationStore) -> None:
    bare = small_version("109", 2024, "7.00", "政协办", SECOND)
    kept = [t for t in bare.triples if "coordinates" not in str(t) and "series" not in str(t)]
    store.publish([type(bare)(**{**vars(bare), "triples": kept})], VOCABULARY, RULES)
    assert rows(store, "SELECT ?s { ?c a :Coordinates ; :series ?s }") == [(f"{BASE}id/series/s",)]


def test_what_nobody_says_any_more_goes(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path)
    version = small_version("109", 2024, "7.00", "政协办")
    store.publish([version], VOCABULARY, RULES)
    bare = small_version("109", 2024, "7.00", "政协办", SECOND)
    kept = [t for t in bare.triples if "coordinates" not in str(t) and "series" not in str(t)]
    store.publish([type(bare)(**{**vars(bare), "triples": kept})], VOCABULARY, RULES)
    assert rows(store, "SELECT ?s { ?c :series ?s }") == []


def test_a_version_that_comes_back_is_current_again(store: GenerationStore) -> None:
    before = default_graph(store)
    store.publish([small_version("108", 2024, "111.00", "人大办", SECOND)], VOCABULARY, RULES)
    store.publish([small_version("108", 2024, "100.50", "人大办", FIRST)], VOCABULARY, RULES)
    assert default_graph(store) == before


def test_a_thing_has_the_label_of_the_newest_disclosure(store: GenerationStore) -> None:
    label = "SELECT ?l { id:org\\/108 skos:prefLabel ?l }"
    assert rows(store, label) == [("人大常委会办公室",)]
    store.publish([small_version("108", 2025, "1", "人大机关", SECOND)], VOCABULARY, RULES)
    assert rows(store, label) == [("人大机关",)]
    store.publish([small_version("108", 2024, "1", "旧名", SECOND)], VOCABULARY, RULES)
    assert rows(store, label) == [("人大机关",)]


def test_the_vocabularys_label_wins(store: GenerationStore) -> None:
    label = "SELECT ?l { <code/function/208> skos:prefLabel ?l }".replace("<", f"<{BASE}")
    assert rows(store, label) == [("社会保障和就业支出",)]
    silent = [t for t in VOCABULARY if "208" not in str(t)]
    store.publish([], silent, RULES)
    assert rows(store, label) == [("社保",)]


def test_two_disclosures_of_a_department_do_not_change_each_others_sums(tmp_path: Path) -> None:
    sums = """SELECT ?year ?class ?department (SUM(?amount) AS ?sum) {
        ?o :year ?year ; :organisation ?org ; :function ?function ; :amount ?amount .
        ?function skos:prefLabel ?class . ?org skos:prefLabel ?department
        FILTER(LANG(?class) = "zh" && ?year = "2024"^^xsd:gYear)
    } GROUP BY ?year ?class ?department"""
    alone = GenerationStore(tmp_path / "alone")
    alone.publish([small_version("108", 2024, "100.50", "人大办")], VOCABULARY, RULES)
    both = GenerationStore(tmp_path / "both")
    both.publish([small_version("108", 2024, "100.50", "人大办")], VOCABULARY, RULES)
    both.publish([small_version("108", 2025, "200.00", "人大办")], VOCABULARY, RULES)
    assert len(rows(alone, sums)) == 2
    assert rows(both, sums) == rows(alone, sums)


VERSION = st.tuples(
    st.sampled_from(["108", "109"]),
    st.sampled_from([2024, 2025]),
    st.sampled_from([FIRST, SECOND, "3" * 16]),
    st.sampled_from(["甲", "乙"]),
    st.booleans(),
)


@given(st.lists(VERSION, max_size=8))
def test_the_default_graph_is_what_the_current_versions_say(
    published: list[tuple[str, int, str, str, bool]],
) -> None:
    memory = Store()
    graphs = CurrentGraphs(memory, BASE)
    graphs.replace_vocabulary(VOCABULARY)
    current = {}
    for department, year, digest, label, at_once in published:
        version = small_version(department, year, digest[0], label, digest)
        graphs.replace_version(
            NamedNode(version.disclosure),
            year,
            NamedNode(version.version),
            version.triples,
            version.catalogue,
            version.findings,
        )
        current[version.disclosure] = version.version
        if at_once:
            graphs.finish()
    graphs.finish()
    names = [f"{BASE}def", *current.values(), *(f"{version}/catalogue" for version in current.values())]
    expected = {
        quad.triple
        for name in names
        for quad in memory.quads_for_pattern(None, None, None, NamedNode(name))
        if quad.predicate != PREF_LABEL
    }
    actual = [quad.triple for quad in memory.quads_for_pattern(None, None, None, DefaultGraph())]
    assert {triple for triple in actual if triple.predicate != PREF_LABEL} == expected
    labelled = [(t.subject, t.object.language) for t in actual if t.predicate == PREF_LABEL]  # type: ignore[union-attr]
    assert len(labelled) == len(set(labelled)) == 3 + len({row[0] for row in published})


def test_a_version_that_does_not_declare_itself_is_refused_and_nothing_changes(store: GenerationStore) -> None:
    version = small_version("108", 2026, "1.00", "人大办")
    wrong = type(version)(**{**vars(version), "year": 2027})
    with pytest.raises(ValueError, match="not declared"):
        store.publish([wrong], VOCABULARY, RULES)
    assert store.current().name == "1"
    assert [folder.name for folder in (store.path / "gen").iterdir()] == ["1"]


def test_blank_nodes_of_the_rules_do_not_make_them_new(store: GenerationStore) -> None:
    again = triples('<rules#same> rdfs:label "SAME"@en ; rdfs:seeAlso [ rdfs:label "a node without a name" ] .')
    assert store.publish([], VOCABULARY, again).name == "1"


def test_a_vocabulary_that_has_not_changed_is_not_compared(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CurrentGraphs, "replace_vocabulary", None)
    store.publish([small_version("109", 2024, "8.00", "政协办", SECOND)], reversed(VOCABULARY), RULES)
    store.publish([small_version("109", 2024, "9.00", "政协办", FIRST)], VOCABULARY, RULES)
    monkeypatch.undo()
    store.publish([], VOCABULARY[1:], RULES)
    assert str(VOCABULARY[0]) not in default_graph(store)


def test_versions_of_one_disclosure_in_one_publication_follow_each_other(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path)
    versions = [small_version("108", 2024, f"{n}.00", f"第{n}版", str(n) * 16) for n in (1, 2, 3)]
    store.publish(versions, VOCABULARY, RULES)
    assert rows(store, "SELECT ?a { ?o :amount ?a }") == [("3",), ("6",)]
    assert rows(store, "SELECT ?l { id:org\\/108 skos:prefLabel ?l }") == [("第3版",)]
    assert len(rows(store, "SELECT DISTINCT ?g { GRAPH ?g { ?s :amount ?a } }")) == 3


def test_what_is_published_is_the_same_however_it_is_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = [small_version(str(100 + n), 2024, f"{n}.50", f"单位{n}") for n in range(5)]
    together, apart = GenerationStore(tmp_path / "together"), GenerationStore(tmp_path / "apart")
    together.publish(versions, VOCABULARY, RULES)
    monkeypatch.setattr("server.store.batches.SIZE", 1)
    monkeypatch.setattr("server.store.triple_lines.FEW", 1)
    for version in versions:
        apart.publish([version], VOCABULARY, RULES)
    assert set(Store.read_only(str(together.current()))) == set(Store.read_only(str(apart.current())))


def test_versions_are_taken_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.store.batches.SIZE", 1)
    loaded: list[int] = []

    def versions() -> Iterator[VersionGraphs]:
        for number in range(5):
            loaded.append(number)
            yield small_version(str(100 + number), 2024, "1.00", "单位")
            assert loaded == list(range(number + 1))

    GenerationStore(tmp_path).publish(versions(), VOCABULARY, RULES)
    assert loaded == [0, 1, 2, 3, 4]


def test_versions_that_cannot_be_made_leave_the_store_as_it_is_while_others_are_being_loaded(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.store.batches.SIZE", 1)

    def versions() -> Iterator[VersionGraphs]:
        for number in range(4):
            yield small_version(str(300 + number), 2024, "1.00", "单位")
        raise RuntimeError("no more")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="no more"):
            store.publish(versions(), VOCABULARY, RULES)
    assert [folder.name for folder in (store.path / "gen").iterdir()] == ["1"]
    store.publish(list(versions_of_a_year()), VOCABULARY, RULES)
    assert store.current().name == "2"


def versions_of_a_year() -> Iterator[VersionGraphs]:
    for number in range(4):
        yield small_version(str(300 + number), 2024, "1.00", "单位")


def test_one_publisher_at_a_time(store: GenerationStore) -> None:
    with store.generations.publishing(), pytest.raises(StoreLockedError, match="Another process"):
        store.publish([], VOCABULARY, RULES)


def test_a_generation_that_is_read_is_removed_only_afterwards(store: GenerationStore) -> None:
    def generations() -> list[str]:
        return sorted(folder.name for folder in (store.path / "gen").iterdir())

    with store.read() as held:
        store.publish([small_version("109", 2024, "8.00", "政协办", SECOND)], VOCABULARY, RULES)
        assert generations() == ["1", "2"]
        assert len(Store.read_only(str(held))) > 0
    store.publish([small_version("109", 2024, "9.00", "政协办", "3" * 16)], VOCABULARY, RULES)
    assert generations() == ["3"]


def test_what_an_interrupted_publication_left_is_removed(store: GenerationStore) -> None:
    for name in ("2", "2.new", "3"):
        (store.path / "gen" / name).mkdir()
        (store.path / "gen" / name / "000001.sst").write_bytes(b"half")
    store.publish([small_version("109", 2024, "8.00", "政协办", SECOND)], VOCABULARY, RULES)
    assert [folder.name for folder in (store.path / "gen").iterdir()] == ["2"]


def test_a_full_disk_leaves_the_old_generation_serving(store: GenerationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path), len(content))

    before = default_graph(store)
    monkeypatch.setattr("server.store.generations.write_durably", fail)
    with pytest.raises(StoreNotWrittenError, match="No space left"):
        store.publish([small_version("109", 2024, "8.00", "政协办", FIRST)], [], RULES)
    assert default_graph(store) == before


def test_a_reader_that_meets_a_removal_reads_the_next_generation(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = store.current()
    store.publish([small_version("109", 2024, "8.00", "政协办", SECOND)], VOCABULARY, RULES)
    answers: list[Callable[[], Path]] = [lambda: stale, lambda: store.path / "gen" / "2"]
    monkeypatch.setattr(store.generations, "current", lambda: answers.pop(0)() if answers else stale.parent / "2")
    with store.read() as folder:
        assert folder.name == "2"


def test_quads_are_in_the_store_once(store: GenerationStore) -> None:
    opened = Store.read_only(str(store.current()))
    shared = Quad(NamedNode(f"{BASE}id/series/s"), NamedNode(PREF_LABEL.value), NamedNode(BASE), DefaultGraph())
    assert shared not in opened
    assert rows(store, "SELECT ?s { ?s a :Series }") == [(f"{BASE}id/series/s",)]
